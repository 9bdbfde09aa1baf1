"""Completion at the cursor: what is offered, and what the line is afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold
from app.domain.quick_log_completion import choices, complete, completion_at
from app.domain.quick_log_names import Candidate, NameKind
from app.domain.quick_log_tokens import RawToken, TokenKind, quoted, scan

if TYPE_CHECKING:
    from collections.abc import Sequence


class FakeNames:
    people = ("Nina Berg", "Nils", "Ana Ruiz")

    def find(self, kind: NameKind, folded_prefix: str, limit: int) -> Sequence[Candidate]:
        if kind is not NameKind.PERSON:
            return ()
        found = [n for n in self.people if re.search(rf"\b{re.escape(folded_prefix)}", fold(n))]
        return [Candidate(name) for name in found][:limit]


@pytest.mark.parametrize(
    ("marked", "kind", "prefix", "value"),
    [
        ("printer down @|", "who", "", ""),
        ("printer down @n|", "who", "n", "n"),
        ("@ni|na is down", "who", "ni", "nina"),
        ("down #hardware/p| loc:x", "cat", "hardware/p", "hardware/p"),
        ("!|", "prio", "", ""),
        ("!hi| down", "prio", "hi", "hi"),
        ("+v|", "tag", "v", "v"),
        ("who:|", "who", "", ""),
        ("down VIA:e|", "via", "e", "e"),
        ('@"Nina B|', "who", "Nina B", '"Nina B'),
        ('@"Nina B|erg" down', "who", "Nina B", '"Nina Berg"'),
        ("at:yesterday 16:|30 down", "at", "yesterday 16:", "yesterday 16:30"),
        ("@12|", "who", "12", "12"),
    ],
)
def test_the_value_at_the_cursor_is_found(marked: str, kind: str, prefix: str, value: str) -> None:
    cursor = marked.index("|")
    line = marked.replace("|", "")
    at = completion_at(line, cursor)
    assert at is not None
    assert (at.kind, at.prefix, line[at.start : at.end]) == (kind, prefix, value)


@pytest.mark.parametrize(
    "marked",
    [
        "printer| down",
        "|@nina",
        "@nina |down",
        "call +49| now",
        "joe@x|.org",
        "http://x|",
        r"\@ni|na",
        "C#|",
        "wh|o:nina",
        "",
    ],
)
def test_plain_text_completes_nothing(marked: str) -> None:
    cursor = max(marked.find("|"), 0)
    assert completion_at(marked.replace("|", ""), cursor) is None


def test_a_choice_is_put_into_the_line_with_a_space_behind() -> None:
    at = completion_at("printer @n", 10)
    assert at is not None
    assert complete("printer @n", at, "Nina Berg") == ('printer @"Nina Berg" ', 21)
    at = completion_at("@n is down", 2)
    assert at is not None
    assert complete("@n is down", at, "Nils") == ("@Nils is down", 6)
    at = completion_at("@n, help", 2)
    assert at is not None
    assert complete("@n, help", at, "Nils")[0] == "@Nils, help"


def test_offers_follow_the_kind() -> None:
    def offered(line: str) -> list[str]:
        at = completion_at(line, len(line))
        assert at is not None
        return [one.name for one in choices(at, FakeNames())]

    assert offered("@ni") == ["Nina Berg", "Nils"]
    assert offered('@"nina b') == ["Nina Berg"]
    assert offered("!") == ["critical", "high", "moderate", "low"]
    assert offered("!p2") == ["high"]
    assert offered("via:w") == ["walk_in"]
    assert offered("status:") == ["new", "assigned", "in_progress"]
    assert offered("due:t") == ["today 17:00", "tomorrow 9:00"]


@given(st.text(min_size=1).filter(lambda text: text.split() == [text] or " " in text))
def test_a_quoted_value_is_read_back_as_it_was(value: str) -> None:
    line = f"x @{quoted(value)} y"
    (token,) = (one for one in scan(line) if isinstance(one, RawToken))
    assert (token.kind, token.text) == (TokenKind.WHO, value)
    assert line[token.end :] == " y"


@given(st.text(alphabet='@!#+:"“ abdueto1', max_size=12), st.integers(0, 12))
def test_completion_never_fails_and_stays_inside_the_line(line: str, cursor: int) -> None:
    at = completion_at(line, min(cursor, len(line)))
    if at is not None:
        assert 0 <= at.start <= at.end <= len(line)
        done, place = complete(line, at, "Nina Berg")
        assert "Nina Berg" in done
        assert place <= len(done)
