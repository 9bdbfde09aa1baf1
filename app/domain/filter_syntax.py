"""What a line of the filter language is made of: its terms, values and places (ux.md section 6).

Plain values only: the screen colours by the places, storage compiles the terms to SQL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime


class Word(NamedTuple):
    """Text to look for: `exact` (it stood in quotes) takes no beginning for the whole."""

    text: str
    exact: bool = False


class Choice(NamedTuple):
    """One of a fixed set of codes, "none", "me" and "any" among them."""

    code: str


class Duration(NamedTuple):
    """A stretch of elapsed time in seconds; a day is 24 hours."""

    seconds: int


class Period(NamedTuple):
    """Local days from `first` to `last`, both included."""

    first: date
    last: date


class RelativePeriod(NamedTuple):
    """Days counted from today: `unit` is day, week, month or year, `offset` 0 the present one."""

    unit: str
    offset: int


class Moment(NamedTuple):
    """A local time, exact to `seconds` (60 when it was typed without seconds)."""

    local: datetime
    seconds: int = 60


Operand: TypeAlias = "float | Duration | Period | RelativePeriod | Moment"


class Interval(NamedTuple):
    """What lies between two operands; None leaves a side open, `..._out` leaves the limit out."""

    low: Operand | None
    high: Operand | None
    low_out: bool = False
    high_out: bool = False


Value: TypeAlias = "Word | Choice | Interval"


class Problem(NamedTuple):
    """Why `text[start:end]` is underlined."""

    start: int
    end: int
    text: str


class Term(NamedTuple):
    """One condition: any of its values, or not. `key` is "" for free words, which are all needed.

    `field` is the name behind `custom.`. A term without values restricts nothing: its value is
    still being typed, or is a problem.
    """

    start: int
    end: int
    key: str
    values: tuple[Value, ...]
    negated: bool = False
    field: str = ""
    key_end: int = 0
    """Where the key and its colon end, for colouring."""


class SortKey(NamedTuple):
    """A column to sort by."""

    column: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.column}" if self.descending else self.column


class Filter(NamedTuple):
    """A line of the filter language that was read; it is never refused."""

    text: str
    terms: tuple[Term, ...] = ()
    sort_keys: tuple[SortKey, ...] = ()
    group: str | None = None
    """The column to group by, "" for one flat list, None when the line does not say."""
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Return the free words and phrases to mark in what was found."""
        return tuple(
            value.text
            for term in self.terms
            if not term.key and not term.negated
            for value in term.values
            if isinstance(value, Word)
        )

    @property
    def sort(self) -> str:
        """Return the order as a ListQuery takes it ("priority,-age"), "" when none is given."""
        return ",".join(map(str, self.sort_keys))

    @property
    def restricts(self) -> bool:
        """Tell whether any term leaves incidents out."""
        return any(term.values and term.key not in ("sort", "group", "in") for term in self.terms)

    def asks(self, key: str, code: str) -> bool:
        """Tell whether the line asks for a choice, such as ("is", "draft"), and not against it."""
        return any(
            term.key == key and not term.negated and Choice(code) in term.values
            for term in self.terms
        )


class RawValue(NamedTuple):
    """A value as it stands in the line, its operator apart, quotes taken off."""

    start: int
    end: int
    text: str
    operator: str = ""
    quoted: bool = False


class RawTerm(NamedTuple):
    """A term as it stands in the line; `key` is as typed and "" for free words."""

    start: int
    end: int
    key: str
    values: tuple[RawValue, ...]
    negated: bool
    value_start: int


_NEGATION = re.compile(r"-(?=[^\s-])|not:(?=\S)", re.IGNORECASE)
_KEY = re.compile(r'(custom\.(?:"(?:[^"]|"")+"|[^\s:",]+)|[^\W\d_][\w-]*):', re.IGNORECASE)
_OPERATOR = re.compile(r"<=|>=|≤|≥|<|>|=")
_SIMPLER: Final = {"≤": "<=", "≥": ">=", "=": ""}
_QUOTED = re.compile(r'"((?:[^"]|"")*)(?:"|\Z)|[“„]([^”“„]*)(?:[”“]|\Z|(?=„))')
_BARE = re.compile(r"(?:[^\s,]|(?<=\d),(?=\d))+")
_LISTED = re.compile(r"[^\s,]+")


def raw_terms(text: str) -> Iterator[RawTerm]:
    """Yield the terms of a line in order; blanks between them mean "and"."""
    place, length = 0, len(text)
    while place < length:
        if text[place].isspace():
            place += 1
            continue
        start, negated = place, False
        while (negation := _NEGATION.match(text, place)) is not None:
            negated = not negated
            place = negation.end()
        key = _KEY.match(text, place)
        if key is not None:
            place = key.end()
        value_start = place
        values, place = _raw_values(text, place, with_operators=key is not None)
        yield RawTerm(start, place, key[1] if key else "", values, negated, value_start)


def _raw_values(text: str, place: int, *, with_operators: bool) -> tuple[tuple[RawValue, ...], int]:
    """Read values between commas up to the next blank."""
    values: list[RawValue] = []
    bare = _LISTED if with_operators else _BARE
    while place < len(text) and not text[place].isspace():
        if text[place] == ",":
            place += 1
            continue
        start, operator = place, ""
        if with_operators and (found := _OPERATOR.match(text, place)) is not None:
            operator, place = _SIMPLER.get(found[0], found[0]), found.end()
        if (quoted := _QUOTED.match(text, place)) is not None:
            place = quoted.end()
            inner = quoted[2] if quoted[1] is None else quoted[1].replace('""', '"')
            values.append(RawValue(start, place, inner, operator, quoted=True))
        elif (plain := bare.match(text, place)) is not None:
            place = plain.end()
            values.append(RawValue(start, place, plain[0], operator))
        else:
            values.append(RawValue(start, place, "", operator))
        if text[place : place + 1] != ",":
            break
    return tuple(values), place
