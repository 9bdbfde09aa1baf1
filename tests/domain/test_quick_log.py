"""The quick-log line: what is a token, what it means, and that nothing typed is lost."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import Channel, Status
from app.domain.incident_record import IncidentDraft
from app.domain.priority import PriorityMatrix
from app.domain.quick_log import QuickLog, parse
from app.domain.quick_log_names import Candidate, NameKind
from app.domain.quick_log_tokens import TokenKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LONDON, NOW = ZoneInfo("Europe/London"), datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


class FakeNames:
    """Hold a few names and find them as the store does: by the beginning of a word or alias."""

    names: ClassVar = {
        NameKind.PERSON: [
            Candidate("Nina Berg", "HQ", aliases=("nina.berg", "nina@x.org", "+44171")),
            *(Candidate("Ana Ruiz", "HQ"), Candidate("Jo Berg", "Lyon"), Candidate("Jo Ash", "HQ")),
            *map(Candidate, ("Joanna Zander", "José María", "Wendy's")),
        ],
        NameKind.CATEGORY: [*map(Candidate, ("hardware/printer", "hardware", "network/vpn"))],
        NameKind.LOCATION: [Candidate("HQ"), Candidate("Lyon")],
        NameKind.TEAM: [Candidate("Network")],
        NameKind.TAG: [Candidate("VPN-client"), Candidate("Toner")],
    }

    def find(self, kind: NameKind, folded_prefix: str, limit: int) -> Sequence[Candidate]:
        found = []
        for one in self.names.get(kind, []):
            keys = [fold(one.name), *re.split(r"[ /]", fold(one.name)), *map(fold, one.aliases)]
            if any(key.startswith(folded_prefix) for key in keys):
                found.append(one)
        return found[:limit]


def read(line: str, **more: Any) -> QuickLog:
    return parse(line, **{"now": NOW, "zone": LONDON, "names": FakeNames(), **more})


def values(log: QuickLog) -> dict[str, Any]:
    return {str(one.kind): one.value for one in log.tokens if not one.problem}


def test_the_line_of_the_design_page_is_read_whole() -> None:
    log = read("printer down @nina !high #hardware/printer loc:HQ")
    assert log.summary == "printer down"
    assert values(log) == {
        "who": "Nina Berg",
        "prio": (2, 1),
        "cat": "hardware/printer",
        "loc": "HQ",
    }
    assert [chip.text for chip in log.preview] == [
        "Nina Berg",
        "P2 High (medium x high)",
        "hardware/printer",
        "HQ",
    ]


def test_word_forms_say_the_same_as_signs() -> None:
    signs = read("down @nina !high #printer +vpn")
    words = read("down who:nina PRIO:High cat:printer tag:vpn")
    assert values(words) == values(signs)
    assert words.summary == signs.summary == "down"


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("@nina printer down", "printer down"),
        ("printer @nina down", "printer down"),
        ("printer down @nina", "printer down"),
        ("printer of @ana, no toner", "printer of, no toner"),
        ("@ana: printer down", "printer down"),
        ("@ana's printer is down", "printer is down"),
        ("@ana’s printer is down", "printer is down"),
        ("is it @ana?", "is it?"),
        ("It broke. @ana. Help!", "It broke. Help!"),
        ("broken (see @ana)", "broken (see)"),
        ("  two  spaces   stay @ana  ", "two  spaces   stay"),
        ("one\r\ntwo\u2028three @ana", "one two three"),
        ("...help @ana", "...help"),
        ("@wendy's till is stuck", "till is stuck"),
    ],
)
def test_the_summary_has_no_gaps_where_tokens_stood(line: str, summary: str) -> None:
    log = read(line)
    assert log.summary == summary
    assert not log.problems


@pytest.mark.parametrize(
    "line",
    [
        "mail from joe@x.org bounces",
        "C# and C++ and F# builds fail",
        "printer #2 in room #204 jams",
        "it smokes!",
        "help !!",
        "is 1 != 2 !",
        "meet @ 10:30",
        "meet @10:30",
        "call +49 170 1234567 back",
        "call +1-202-555-0143",
        "http://x.org/a#b?c=@d opens nothing",
        "see https://x.org:8080/~joe/!top",
        r"C:\path\to\file is gone",
        "D:/data is full since 10:30",
        r"\\server\share\@dir offline",
        "re: printer, status: pending, due: tomorrow, to: be done",
        "error 0x80070005: access denied",
        "ratio 3:1, at:",
        'shows "disk #vpn full, ask @ana" all day',
        "shows “error !high” all day",
        "a + b = c",
        '24" screen and 27" screen',
        "ci://foo at:/x",
        "temp +5 to -5",
        "#!/bin/sh says not found",
        "a@b @_x @-y #_ #- +- +_ ! # @ +",
        "key:value foo:bar",
        "!? !! !!! !) !important!yes",
        "mac aa:bb:cc:dd",
        "(@ana said so)",
    ],
)
def test_natural_sentences_hold_no_tokens(line: str) -> None:
    log = read(line)
    assert log.tokens == ()
    assert log.summary == line
    assert log.problem == ""


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        (r"\@nina is text", "@nina is text"),
        (r"say \!high and \#printer", "say !high and #printer"),
        (r"\+vpn \at:10:30", "+vpn at:10:30"),
        (r"\@", "@"),
        (r"a\@b C:\#x \n \foo:bar", r"a\@b C:\#x \n \foo:bar"),
    ],
)
def test_a_backslash_keeps_the_sign_as_text(line: str, summary: str) -> None:
    log = read(line)
    assert (log.summary, log.tokens) == (summary, ())


@pytest.mark.parametrize(
    ("typed", "cell", "shown"),
    [
        ("!1", (1, 1), "P1 Critical (high x high)"),
        ("!p2", (2, 1), "P2 High (medium x high)"),
        ("!moderate", (2, 2), "P3 Moderate (medium x medium)"),
        ("!LOW", (3, 3), "P4 Low (low x low)"),
        ("!mh", (2, 1), "P2 High (medium x high)"),
        ("!hl", (1, 3), "P3 Moderate (high x low)"),
        ("prio:critical", (1, 1), "P1 Critical (high x high)"),
        ("!high,", (2, 1), "P2 High (medium x high)"),
    ],
)
def test_a_priority_is_a_cell_and_no_override(
    typed: str, cell: tuple[int, int], shown: str
) -> None:
    log = read(f"down {typed}")
    assert log.value(TokenKind.PRIORITY) == cell
    assert log.preview[0].text == shown
    draft = log.to_draft()
    assert (draft.impact, draft.urgency, draft.priority) == (*cell, "")


def test_a_priority_follows_an_edited_matrix() -> None:
    matrix = PriorityMatrix((("P1", "P1", "P2"), ("P2", "P2", "P2"), ("P2", "P2", "P2")))
    assert read("x !1", matrix=matrix).value(TokenKind.PRIORITY) == (1, 1)
    refused = read("x !low", matrix=matrix)
    assert refused.summary == "x !low"
    assert "P4" in refused.problems[0].problem


def test_what_is_not_understood_stays_in_the_summary_with_a_reason() -> None:
    line = "down !urgent via:pigeon status:pending at:25:99 #nosuch team:ghosts"
    log = read(line)
    assert log.summary == line
    assert log.problem == ""
    assert [one.raw for one in log.problems] == line.split()[1:]
    assert all(line[one.start : one.end] == one.raw for one in log.problems)
    assert all(one.problem.endswith(".") for one in log.problems)


def test_an_unknown_person_is_new_and_marked() -> None:
    log = read("down @zoe")
    assert log.value(TokenKind.WHO) == "zoe"
    assert log.preview[0].is_new
    assert log.preview[0].text == "zoe (new)"
    assert log.to_draft().requester == "zoe"


def test_an_ambiguous_person_is_never_guessed() -> None:
    log = read("down @jo")
    (token,) = log.problems
    assert log.summary == "down @jo"
    assert [one.name for one in token.candidates] == [
        "Jo Berg",
        "Jo Ash",
        "Joanna Zander",
        "José María",
    ]
    assert token.problem == '"jo" can be several people: Jo Berg (Lyon), Jo Ash (HQ); choose one.'
    assert log.to_draft().requester == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("@ni", "Nina Berg"),
        ("@nina.berg", "Nina Berg"),
        ("@jo.ash", "Jo Ash"),
        ("@jo_ash", "Jo Ash"),
        ("@joa", "Joanna Zander"),
        ("@jose", "José María"),
        ("@MARÍA", "José María"),
        ('@"nina  BERG"', "Nina Berg"),
        ("@“Nina Berg”", "Nina Berg"),
        ("@nina@x.org", "Nina Berg"),
        ('@"Ni"', "Ni"),
        ('@"A ""B"" C"', 'A "B" C'),
        ("who:+44171", "Nina Berg"),
        ("to:me", "Me Myself"),
    ],
)
def test_a_name_is_found_by_what_people_type(typed: str, name: str) -> None:
    log = read(f"down {typed}", me="Me Myself")
    assert [one.value for one in log.tokens] == [name]
    assert log.summary == "down"


def test_a_category_that_was_typed_in_full_wins_over_its_children() -> None:
    assert read("x #hardware").value(TokenKind.CATEGORY) == "hardware"
    assert read("x #printer").value(TokenKind.CATEGORY) == "hardware/printer"


def test_any_name_is_new_while_there_are_none() -> None:
    log = parse("printer down @nina #hardware/printer loc:HQ team:Net", now=NOW, zone=LONDON)
    assert log.summary == "printer down"
    assert all(one.is_new for one in log.tokens)
    assert log.to_draft().category == "hardware/printer"


def test_tags_are_free_and_keep_the_spelling_they_have() -> None:
    log = read("x +toner +vpn +TONER +tag:")
    assert log.tags == ("Toner", "vpn", "tag")
    assert log.to_draft(IncidentDraft(tags=("old",))).tags == ("old", "Toner", "vpn", "tag")


def test_a_second_value_stays_text_and_the_first_one_stands() -> None:
    log = read("@ana and @nina !1 !1 cannot print")
    assert log.value(TokenKind.WHO) == "Ana Ruiz"
    assert log.summary == "and @nina cannot print"
    assert log.problems[0].problem == "The requester is already Ana Ruiz; write it once."


def test_a_status_needs_someone_to_work_on_it() -> None:
    assert read("x status:assigned").summary == "x status:assigned"
    assert read("x status:assigned to:ana").value(TokenKind.STATUS) == Status.ASSIGNED
    assert read('x status:"in progress" team:net').to_draft().status == Status.IN_PROGRESS
    assert "log it first" in read("x status:closed").problems[0].problem


def test_the_channel_takes_the_words_of_the_domain() -> None:
    for typed, channel in (("mail", "email"), ("E-Mail", "email"), ("Walk-in", "walk_in")):
        assert read(f"x via:{typed}").to_draft().channel == Channel(channel)


def test_times_go_into_the_draft_and_need_no_quotes() -> None:
    log = read("down at:yesterday 16:30 due:tomorrow 9:00 in the hall")
    assert log.summary == "down in the hall"
    draft = log.to_draft()
    assert draft.occurred_at == datetime(2026, 3, 8, 16, 30, tzinfo=UTC)
    assert draft.follow_up_at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert read("down at:9:15 yesterday evening").summary == "down evening"
    assert read("due:2h 3 users wait").summary == "3 users wait"
    assert read("due:tomorrow 3 users wait").summary == "3 users wait"
    assert read('x at:"yesterday 16:30"').summary == "x"


def test_a_local_time_that_does_not_exist_or_comes_twice_is_asked() -> None:
    late = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    gap = read("x at:2026-03-29 01:30", now=late).problems[0]
    assert gap.readings == ("2026-03-29 00:30", "2026-03-29 02:30")
    assert "does not exist in Europe/London" in gap.problem
    twice = read("x at:2026-10-25 01:30", now=late)
    assert twice.summary == "x at:2026-10-25 01:30"
    assert twice.problems[0].readings == ("2026-10-25 01:30+01:00", "2026-10-25 01:30+00:00")
    for reading, hour in zip(twice.problems[0].readings, (0, 1), strict=True):
        chosen = read(f"x at:{reading}", now=late)
        assert chosen.value(TokenKind.AT) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_keys_and_values_are_taken_in_the_users_language_and_in_english() -> None:
    words = {"wer": "who", "hoch": "high", "morgen": "tomorrow", "prioritat": "prio", "ich": "me"}
    log = read("kaputt wer:nina Priorität:hoch due:morgen to:ich", words=words, me="Ana Ruiz")
    assert log.summary == "kaputt"
    assert log.to_draft().requester == "Nina Berg"
    assert read("kaputt who:nina !high", words=words).summary == "kaputt"


@pytest.mark.parametrize("line", ["", "   ", "@nina !2", "@nina, !2.", "+vpn ...", "\t\n"])
def test_a_line_without_a_summary_says_what_is_missing(line: str) -> None:
    log = read(line)
    assert log.problem.startswith("Say in a few words what is wrong")
    with pytest.raises(InvalidInputError, match="what is wrong"):
        log.to_draft()


def test_a_quotation_mark_that_is_still_open_keeps_its_text() -> None:
    log = read('down @"Nina Be')
    assert log.summary == 'down @"Nina Be'
    assert log.problems[0].problem == "The quotation mark is not closed."


def test_a_draft_keeps_what_the_line_does_not_say() -> None:
    given_draft = IncidentDraft(title="old", location="Lyon", impact=1)
    draft = read("new title @ana").to_draft(given_draft)
    assert (draft.title, draft.location, draft.impact) == ("new title", "Lyon", 1)
    assert given_draft.title == "old"


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _assert_nothing_is_lost(line: str) -> None:
    log = read(line)
    assert all(line[one.start : one.end] == one.raw for one in log.tokens)
    place, rest = 0, log.summary
    understood = [one for one in log.tokens if not one.problem]
    for one in understood:
        assert one.start >= place
        place = one.end
    if not understood and "\\" not in line:
        assert _unspaced(rest) == _unspaced(line)
    removed = "".join(one.raw for one in understood)
    for letter in filter(str.isalnum, set(line)):
        kept = log.summary if not log.problem else ""
        owner_s = line.count(letter) if letter == "s" and re.search("['’]s", line) else 0
        assert kept.count(letter) + removed.count(letter) + owner_s >= line.count(letter)


def test_naughty_strings_are_read_and_kept(real_data: Path) -> None:
    strings = json.loads((real_data / "naughty_inputs/blns_part.json").read_text("utf-8"))
    assert len(strings) > 100
    for text in strings:
        _assert_nothing_is_lost(text)
        _assert_nothing_is_lost(f"@ana {text} !high")
        log = read(f"screen shows {text}")
        assert log.problem == ""
        assert log.summary.startswith("screen shows")


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*"@!#+:\\\"“„”'’ .,;", "at:", "who:", "due:", "high", "nina", " ", "'s", "10:30", "h"]
        ),
        st.text(max_size=4),
    ),
    max_size=14,
).map("".join)


@given(PIECES)
def test_any_text_is_read_without_loss(line: str) -> None:
    _assert_nothing_is_lost(line)


@given(PIECES)
def test_a_line_with_a_word_before_its_tokens_is_never_refused(line: str) -> None:
    log = read(f"broken {line}")
    assert log.problem == ""
    assert log.to_draft().title.startswith("broken")
