"""The filter language: what a line asks for, and that any text is a filter."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.filter_language import MOST_VALUES, parse, quote, term, with_term
from app.domain.filter_syntax import (
    Choice,
    Duration,
    Interval,
    Moment,
    Period,
    RelativePeriod,
    SortKey,
    Word,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.filter_syntax import Value

HOUR, DAY = 3600, 86400


def values(text: str) -> tuple[Value, ...]:
    (only,) = parse(text).terms
    assert not parse(text).problems
    return only.values


def test_the_line_of_the_design_page_is_read_whole() -> None:
    text = "status:open priority:p1,p2 assignee:me sla:<1h text"
    read = parse(text)
    assert [(one.key, one.values) for one in read.terms] == [
        ("status", (Choice("open"),)),
        ("priority", (Choice("P1"), Choice("P2"))),
        ("assignee", (Choice("me"),)),
        ("sla", (Interval(None, Duration(HOUR), high_out=True),)),
        ("", (Word("text"),)),
    ]
    assert [text[one.start : one.end] for one in read.terms] == text.split()
    assert text[read.terms[1].start : read.terms[1].key_end] == "priority:"
    assert read.problems == ()
    assert read.words == ("text",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STATUS:Open", (Choice("open"),)),
        ("status:in-progress", (Choice("in_progress"),)),
        ('status:"in progress"', (Choice("in_progress"),)),
        ("status:pend", (Choice("pending"),)),
        ("prio:critical,4", (Choice("P1"), Choice("P4"))),
        ("priority:<=p2", (Choice("P1"), Choice("P2"))),
        ("priority:>p2", (Choice("P3"), Choice("P4"))),
        ("priority:p2..p3", (Choice("P2"), Choice("P3"))),
        ("priority:p3..", (Choice("P3"), Choice("P4"))),
        ("channel:walk-in", (Choice("walk_in"),)),
        ("impact:1", (Interval(1.0, 1.0),)),
        ("urgency:high", (Interval(1.0, 1.0),)),
        ("severity:>=2", (Interval(2.0, None),)),
        ("severity:1..2", (Interval(1.0, 2.0),)),
        ("age:>2d", (Interval(Duration(2 * DAY), None, low_out=True),)),
        ("age:1d..1w", (Interval(Duration(DAY), Duration(7 * DAY)),)),
        ("sla:≤1h30m", (Interval(None, Duration(HOUR * 3 // 2)),)),
        ("sla:<-1h", (Interval(None, Duration(-HOUR), high_out=True),)),
        ("sla:0..4h", (Interval(Duration(0), Duration(4 * HOUR)),)),
        ("sla:breached", (Choice("breached"),)),
        ("closed:<7d", (Interval(None, Duration(7 * DAY), high_out=True),)),
        ("due:none", (Choice("none"),)),
        ("assignee:none,ana", (Choice("none"), Word("ana"))),
        ('assignee:"none"', (Word("none", exact=True),)),
        ("category:me", (Word("me"),)),
        ('team:"Second ""A"" line"', (Word('Second "A" line', exact=True),)),
        ('team:"Second li', (Word("Second li", exact=True),)),
        ("team:“Second line”", (Word("Second line", exact=True),)),
        ('"paper jam"', (Word("paper jam", exact=True),)),
        ("printer,scanner", (Word("printer"), Word("scanner"))),
        ("1,000.00", (Word("1,000.00"),)),
        ('24"', (Word('24"'),)),
        ("number:INC-2047", (Word("INC-2047"),)),
        ("custom.cost:>9.5", (Interval(9.5, None, low_out=True),)),
        ("custom.cost:5", (Word("5"),)),
        ("tag:vpn,none", (Word("vpn"), Choice("none"))),
    ],
)
def test_values_are_read_by_their_key(text: str, expected: tuple[Value, ...]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2026-10-01..2026-10-31", Period(date(2026, 10, 1), date(2026, 10, 1)), "2026-10-31"),
        ("2026-10", Period(date(2026, 10, 1), date(2026, 10, 31)), ""),
        ("2026-12", Period(date(2026, 12, 1), date(2026, 12, 31)), ""),
        ("2024", Period(date(2024, 1, 1), date(2024, 12, 31)), ""),
        ("today", RelativePeriod("day", 0), ""),
        ("last-month", RelativePeriod("month", -1), ""),
        ('"this week"', RelativePeriod("week", 0), ""),
        ("2026-10-01T14:30", Moment(datetime(2026, 10, 1, 14, 30)), ""),
        ("2026-10-01T14:30:05", Moment(datetime(2026, 10, 1, 14, 30, 5), 1), ""),
    ],
)
def test_dates_are_days_months_years_and_moments(text: str, low: object, high: str) -> None:
    (interval,) = values(f"registered:{text}")
    assert isinstance(interval, Interval)
    last = Period(date.fromisoformat(high), date.fromisoformat(high)) if high else low
    assert (interval.low, interval.high) == (low, last)


@pytest.mark.parametrize(
    "text", ["-status:closed", "not:status:closed", "NOT:status:closed", "-not:-status:closed"]
)
def test_a_minus_or_not_turns_a_term_round(text: str) -> None:
    (only,) = parse(text).terms
    assert (only.key, only.negated, only.values) == ("status", True, (Choice("closed"),))


def test_negation_of_words_and_lone_signs() -> None:
    read = parse('-vpn not:"paper jam" --x - not:')
    assert [(one.values[0], one.negated) for one in read.terms] == [
        (Word("vpn"), True),
        (Word("paper jam", exact=True), True),
        (Word("--x"), False),
        (Word("-"), False),
        (Word("not:"), False),
    ]
    assert read.words == ("--x", "-", "not:")


def test_the_flags_of_the_design_page_are_known() -> None:
    flags = "open unread breached paused major mine conflict draft"
    more = "closed resolved unassigned pending"
    for flag in f"{flags} {more}".split():
        assert values(f"is:{flag}") == (Choice(flag),)
    for thing in ("file", "problem", "article", "similar"):
        assert values(f"has:{thing}") == (Choice(thing),)
    assert values("in:notes,files") == (Choice("notes"), Choice("files"))
    assert parse("is:draft").asks("is", "draft")
    assert not parse("-is:draft").asks("is", "draft")


def test_order_and_groups_are_told_apart_from_conditions() -> None:
    read = parse("sort:priority,-age group:status vpn")
    assert read.sort_keys == (SortKey("priority"), SortKey("age", descending=True))
    assert (read.sort, read.group) == ("priority,-age", "status")
    assert parse("-sort:age").sort == "-age"
    assert parse("group:none").group == ""
    assert parse("vpn").group is None
    assert not parse("sort:sla group:team in:notes status:").restricts
    assert read.restricts


def test_an_unknown_key_is_text_with_a_reason() -> None:
    read = parse("vpn colour:red")
    assert read.terms[1].key == ""
    assert read.words == ("vpn", "colour:red")
    (problem,) = read.problems
    assert "vpn colour:red"[problem.start : problem.end] == "colour:"
    assert problem.text == 'There is no key "colour"; "colour:red" is searched as text.'


@pytest.mark.parametrize(
    "text", ["http://x.org/a:b", r"C:\temp", "10:30", "a:b", "printer:", "error: 5", "tcp:8080"]
)
def test_colons_of_everyday_text_are_no_slips(text: str) -> None:
    read = parse(text)
    assert read.problems == ()
    assert " ".join(read.words) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("status:opne", "is no value of status"),
        ("priority:p9", "is no value of priority"),
        ("priority:<p1", "No priority is <p1"),
        ("priority:<soon", "is no priority"),
        ("impact:big", "is no value of impact"),
        ("age:>soon", "is no value of age"),
        ("registered:2026-02-30", "is no value of registered"),
        ("registered:<9999-01-01", "is no value of registered"),
        ("registered:2026-10-01..7d", "mixes a date with a duration"),
        ("registered:..", "needs a value beside it"),
        ("id:xyz", "is no id"),
        ("sort:s", "go on typing"),
        ("group:colour", "is no value of group"),
        ("custom.cost:<cheap", "write a number or a date"),
    ],
)
def test_a_value_that_cannot_be_read_restricts_nothing_and_says_why(text: str, reason: str) -> None:
    read = parse(text)
    assert not read.restricts
    assert reason in read.problems[0].text
    assert text[read.problems[0].start : read.problems[0].end] == text.split(":", 1)[1]


def test_one_slip_among_good_values_leaves_the_others() -> None:
    read = parse("status:new,opne,closed")
    assert read.terms[0].values == (Choice("new"), Choice("closed"))
    assert len(read.problems) == 1


def test_a_key_without_a_value_is_still_being_typed() -> None:
    read = parse("status: assignee:, sla:< vpn")
    assert [one.key for one in read.terms] == ["status", "assignee", "sla", ""]
    assert not any(one.values for one in read.terms[:3])
    assert not read.problems


def test_fields_of_the_team_may_have_any_name() -> None:
    read = parse('custom.Asset_no:7 custom."Cost ""net""":>5')
    assert [one.field for one in read.terms] == ["Asset_no", 'Cost "net"']


def test_keys_and_codes_are_taken_in_the_users_language_too() -> None:
    words = {"zustand": "status", "offen": "open", "heute": "today"}
    read = parse("Zustand:offen registered:heute status:open", words)
    assert read.terms[0].values == read.terms[2].values == (Choice("open"),)
    assert read.terms[1].values == (Interval(RelativePeriod("day", 0), RelativePeriod("day", 0)),)


def test_a_term_is_built_so_that_it_means_just_that() -> None:
    assert term("assignee", "Ana Ruiz", "none") == 'assignee:"Ana Ruiz",none'
    assert term("priority", "p1", negated=True) == "-priority:p1"
    (built,) = parse(term("custom.Asset no", 'a "b"')).terms
    assert (built.field, built.values) == ("Asset no", (Word('a "b"', exact=True),))


def test_a_term_takes_the_place_of_one_with_the_same_key() -> None:
    assert with_term("vpn status:new is:open", "status:closed") == "vpn is:open status:closed"
    assert with_term("", "is:open") == "is:open"
    assert with_term("STATUS:new", "-status:new") == "-status:new"


@given(st.text(min_size=1))
def test_a_quoted_value_is_read_back_as_it_was(value: str) -> None:
    for key in ("", "assignee:", "-tag:"):
        (only,) = parse(f"{key}{quote(value)}").terms
        assert only.values == (Word(value, exact=True),)


@given(st.text(min_size=1))
def test_names_in_built_terms_survive(value: str) -> None:
    expected: Value = Word(value, exact=True)
    if value in ("none", "any", "me"):
        expected = Choice(value)
    (only,) = parse(term("assignee", value)).terms
    assert only.values == (expected,)


def _check(text: str) -> None:
    read = parse(text)
    place = 0
    for one in read.terms:
        assert place <= one.start < one.end <= len(text)
        assert not text[place : one.start].strip()
        place = one.end
    for problem in read.problems:
        assert 0 <= problem.start <= problem.end <= len(text)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*'-:,"<>=. “”', "not:", "status:", "sla:", "registered:", "custom.", "sort:", "..",
             "open", "p1", "1h", "2026-10-01", "in:files", "is:", "id:"]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(PIECES)
def test_any_text_is_a_filter_with_places(text: str) -> None:
    _check(text)


def test_naughty_strings_are_filters(real_data: Path) -> None:
    for text in json.loads((real_data / "naughty_inputs/blns_part.json").read_text("utf-8")):
        _check(text)


def test_a_page_of_text_is_cut_with_a_reason() -> None:
    read = parse("a " * 5000)
    assert sum(len(one.values) for one in read.terms) == MOST_VALUES
    assert "first 300 values" in read.problems[-1].text
