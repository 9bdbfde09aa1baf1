"""Read the values of the filter language: codes, numbers, durations and dates.

A value that cannot be read gives a problem and restricts nothing, so that a slip never empties the
list (ux.md section 6).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.filter_syntax import (
    Choice,
    Duration,
    Interval,
    Moment,
    Operand,
    Period,
    RawValue,
    RelativePeriod,
    Value,
    Word,
)
from app.domain.folding import fold
from app.domain.incident import Channel, Status
from app.domain.lifecycle import CODE_FIELDS
from app.domain.priority import PRIORITIES, PRIORITY_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "status": {
        "open": "open",
        **{str(one): str(one) for one in Status},
        "in-progress": "in_progress",
        "in progress": "in_progress",
        "progress": "in_progress",
        "canceled": "cancelled",
        "finished": "finished",
        "any": "any",
        "all": "any",
    },
    "priority": {
        **{code.casefold(): code for code in PRIORITIES},
        **{code[1:]: code for code in PRIORITIES},
        **{name.casefold(): code for code, name in PRIORITY_NAMES.items()},
        "medium": "P3",
    },
    "channel": {
        **{str(one): str(one) for one in Channel},
        "walk-in": "walk_in",
        "e-mail": "email",
        "mail": "email",
    },
    "is": {
        word: word
        for word in (
            *("open", "unread", "breached", "paused", "major", "mine", "conflict", "draft"),
            *("closed", "resolved", "unassigned", "pending", "new", "assigned", "in_progress"),
            *("cancelled", "finished"),
        )
    },
    "has": {word: word for word in ("file", "problem", "article", "similar")},
    "in": {word: word for word in ("notes", "files")},
    "sort": {
        **{
            word: word
            for word in (
                *("sla", "age", "priority", "number", "title", "status", "registered", "updated"),
                *("due", "closed", "assignee", "requester", "team", "category", "service"),
                *("location", "impact", "urgency", "severity", "channel"),
            )
        },
        "summary": "title",
    },
    "group": {
        **{word: word for word in ("sla", "status", "priority", "assignee", "team", "category")},
        "none": "",
    },
}
KEYS: Final[Mapping[str, str]] = {
    "status": "open, new, pending, ...",
    "priority": "p1, p2, <=p2",
    "assignee": "a name, me or none",
    "requester": "a name",
    "team": "a name or none",
    "category": "hardware, with all below it",
    "sla": "time left: <1h, breached, paused",
    "age": "time since registered: >2d",
    "is": "open, unread, breached, mine, ...",
    "has": "file, problem, article, similar",
    "tag": "a tag",
    "service": "a name",
    "ci": "a name",
    "location": "a name",
    "channel": "phone, email, ...",
    "impact": "1, 2 or 3",
    "urgency": "1, 2 or 3",
    "severity": "1, 2 or 3",
    "registered": "today, 2026-10-01..2026-10-31, <7d",
    "updated": "today, <1h",
    "due": "today, <4h",
    "resolved": "this-week, <7d",
    "closed": "last-month, <7d",
    "occurred": "yesterday",
    "outcome": "fixed, workaround, ... or none",
    "fix_type": "bug_fix, training, ... or none",
    "cause_class": "hardware, human, ... or none",
    "title": "words of the summary alone",
    "number": "INC-2047 or 2047",
    "id": "the 32 digits",
    "figure": 'one of the dashboard: "28d sla P1"',
    "in": "notes or files: where words are searched",
    "sort": "sla, -age, ...",
    "group": "status, assignee, ..., none",
    "custom": "a field of the team: custom.name:value",
}
"""The keys in the order in which they are offered, with what they take."""

NAMES: Final = frozenset({"assignee", "requester", "team", "category", "service", "ci", "location"})
PEOPLE: Final = frozenset({"assignee", "requester"})
CODES: Final = frozenset(CODE_FIELDS)
"""Keys whose values are the closure codes of the team."""
INSTANTS: Final = frozenset({"registered", "updated", "due", "resolved", "closed", "occurred"})
NUMBERS: Final = frozenset({"impact", "urgency", "severity"})

_LEVELS: Final = {"h": 1, "high": 1, "m": 2, "medium": 2, "l": 3, "low": 3}
_SLA_WORDS: Final = ("breached", "paused", "none")
_DURATION = re.compile(
    r"(-?)(?=\d)(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,8})m(?:in)?)?\Z"
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?\Z")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[t ](\d{1,2}):(\d{2})(?::(\d{2}))?\Z")
_PERIODS: Final = {
    "today": RelativePeriod("day", 0),
    "yesterday": RelativePeriod("day", -1),
    "tomorrow": RelativePeriod("day", 1),
    **{
        name: RelativePeriod(unit, offset)
        for unit in ("week", "month", "year")
        for offset, names in (
            (0, (unit, f"this-{unit}", f"this {unit}", f"this{unit}")),
            (-1, (f"last-{unit}", f"last {unit}", f"last{unit}")),
            (1, (f"next-{unit}", f"next {unit}", f"next{unit}")),
        )
        for name in names
    },
}
_YEARS: Final = range(1970, 2200)


class UnreadableValueError(ValueError):
    """A value that its key does not take; the message is one sentence for people."""


def read_value(key: str, raw: RawValue, word: Callable[[str], str] = fold) -> list[Value]:
    """Return the values that a raw one stands for, more than one for a beginning of codes.

    `word` turns what was typed into a folded English word. Raises UnreadableValueError.
    """
    folded = word(raw.text)
    if key in NUMBERS:
        return _number(key, raw, folded)
    if key in INSTANTS:
        if folded == "none" and not raw.operator:
            return [Choice("none")]
        return [_interval(key, raw, folded, _instant_operand)]
    if key in ("sla", "age"):
        if key == "sla" and not raw.operator and folded in _SLA_WORDS:
            return [Choice(folded)]
        return [_interval(key, raw, folded, _duration)]
    if key == "priority" and (raw.operator or ".." in folded):
        return list(_priorities(raw, folded))
    if key in CHOICES:
        return list(_choices(key, raw, folded))
    if key == "custom":
        return [_custom(raw, folded)]
    if key in NAMES and not raw.quoted and folded in ("none", "any", "me"):
        if folded != "me" or key in PEOPLE:
            return [Choice(folded)]
    elif (key == "tag" or key in CODES) and not raw.quoted and folded in ("none", "any"):
        return [Choice(folded)]
    if key == "id" and not re.fullmatch(r"[0-9a-f-]{1,36}", folded):
        raise UnreadableValueError(f'"{raw.text}" is no id: an id has 32 hexadecimal digits.')
    return [Word(raw.text, raw.quoted)]


def _choices(key: str, raw: RawValue, folded: str) -> list[Choice]:
    known = CHOICES[key]
    exact = known.get(folded)
    if folded and exact is not None:
        return [Choice(exact)]
    begun = dict.fromkeys(code for name, code in known.items() if name.startswith(folded))
    if not begun or raw.quoted:
        offered = ", ".join(dict.fromkeys(known.values()))
        raise UnreadableValueError(f'"{raw.text}" is no value of {key}: use {offered}.')
    if key in ("sort", "group") and len(begun) > 1:
        raise UnreadableValueError(f'"{raw.text}" can be {" or ".join(begun)}: go on typing.')
    return [Choice(code) for code in begun]


def _priorities(raw: RawValue, folded: str) -> list[Choice]:
    """Expand `p1..p3` and `<=p2`; P1 is the lowest number, as it is written."""
    known = CHOICES["priority"]

    def place(text: str) -> int:
        code = known.get(text)
        if code is None:
            raise UnreadableValueError(f'"{text}" is no priority: use p1, p2, p3 or p4.')
        return PRIORITIES.index(code)

    first, last = 0, len(PRIORITIES) - 1
    if raw.operator:
        limit = place(folded)
        match raw.operator:
            case "<":
                last = limit - 1
            case "<=":
                last = limit
            case ">":
                first = limit + 1
            case _:
                first = limit
    else:
        low, high = folded.split("..", 1)
        first = place(low) if low else first
        last = place(high) if high else last
    found = [Choice(code) for code in PRIORITIES[first : last + 1]]
    if not found:
        raise UnreadableValueError(f"No priority is {raw.operator}{raw.text}: use p1 to p4.")
    return found


def _number(key: str, raw: RawValue, folded: str) -> list[Value]:
    if key == "severity" and folded == "none" and not raw.operator:
        return [Choice("none")]
    return [_interval(key, raw, folded, _level)]


def _custom(raw: RawValue, folded: str) -> Value:
    """Compare numbers and dates, find anything else as text."""
    if raw.operator or (".." in folded and not raw.quoted):
        try:
            return _interval("custom", raw, folded, _custom_operand)
        except UnreadableValueError:
            if raw.operator:
                raise
    if not raw.quoted and folded in ("none", "any"):
        return Choice(folded)
    return Word(raw.text, raw.quoted)


def _interval(
    key: str, raw: RawValue, folded: str, read: Callable[[str], Operand | None]
) -> Interval:
    def operand(text: str) -> Operand:
        found = read(text)
        if found is None:
            raise UnreadableValueError(f'"{text}" is no value of {key}: {_EXAMPLES[key]}.')
        return found

    if raw.operator:
        limit = operand(folded)
        if raw.operator.startswith("<"):
            return Interval(None, limit, high_out=raw.operator == "<")
        return Interval(limit, None, low_out=raw.operator == ">")
    if ".." not in folded:
        one = operand(folded)
        if isinstance(one, Duration):
            return Interval(None, one)
        return Interval(one, one)
    low_text, high_text = folded.split("..", 1)
    low = operand(low_text) if low_text else None
    high = operand(high_text) if high_text else None
    if low is None and high is None:
        raise UnreadableValueError(f".. needs a value beside it: {_EXAMPLES[key]}.")
    if isinstance(low, Duration) is not isinstance(high, Duration) and None not in (low, high):
        raise UnreadableValueError(f'"{raw.text}" mixes a date with a duration; use two dates.')
    return Interval(low, high)


def _level(text: str) -> float | None:
    if text in _LEVELS:
        return float(_LEVELS[text])
    return float(text) if re.fullmatch(r"\d{1,3}", text) and text.isascii() else None


def _duration(text: str) -> Duration | None:
    if text in ("0", "-0"):
        return Duration(0)
    found = _DURATION.match(text) if text.isascii() else None
    if found is None:
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[1:])
    seconds = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60
    return Duration(-seconds if found[1] else seconds)


def _instant_operand(text: str) -> Operand | None:
    if text in _PERIODS:
        return _PERIODS[text]
    if (found := _MOMENT.match(text)) is not None and text.isascii():
        try:
            numbers = [int(part or 0) for part in found.groups()]
            local = datetime(*numbers)  # type: ignore[arg-type]
        except ValueError:
            return None
        in_range = local.year in _YEARS
        return Moment(local, 1 if found[6] else 60) if in_range else None
    return _period(text) or _duration(text)


def _custom_operand(text: str) -> Operand | None:
    if _NUMBER.match(text) and text.isascii():
        return float(text)
    return _period(text)


def _period(text: str) -> Period | None:
    """Read a day, a month or a year: `2026-10-31`, `2026-10`, `2026`."""
    found = _DATE.match(text) if text.isascii() else None
    if found is None or int(found[1]) not in _YEARS:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if found[3]:
        return Period(first, first)
    following = date(year + 1, 1, 1) if not found[2] or month == 12 else date(year, month + 1, 1)
    return Period(first, following - timedelta(days=1))


_EXAMPLES: Final = {
    **dict.fromkeys(INSTANTS, "write 2026-10-31, 2026-10-01..2026-10-31, today or <7d"),
    **dict.fromkeys(NUMBERS, "write 1, 2 or 3, <=2 or 1..2"),
    "sla": "write <1h, 0..4h, breached, paused or none",
    "age": "write >2d or 1d..7d",
    "custom": "write a number or a date",
}
