"""The section of a period report about what recurs: which groups, how often, by chance or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.patterns import USUAL_WEEKS, WINDOW_DAYS
from app.reports import wording
from app.reports.language import Message
from app.reports.period_parts import Bar, BarChart, NumberTable, Part
from app.reports.period_wording import capitalised, small_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language

_MOST_GROUPS, _MOST_ROWS = 10, 20
_GROUPS = {
    "ci": Message("Equipment: {name}", "group"),
    "service": Message("Service: {name}", "group"),
    "category": Message("Category: {name}", "group"),
    "location": Message("Location: {name}", "group"),
    "department": Message("Department: {name}", "group"),
    "signature": Message("Signature: {name}", "group"),
    "weekday": Message("Weekday: {name}", "group"),
    "hour": Message("Hour: {name}", "group"),
}
_WEEKDAYS = {day.text: day for day in wording.WEEKDAYS}
_ARITHMETIC = Message(
    "Usual is the count of the twelve weeks before the seven days, divided by twelve. P is the "
    "probability that so many come by chance at that rate (the tail of a Poisson distribution); a "
    "group of three or more with P below 0.01 is told here. All incidents count, with any filter."
)


class RecurringGroup(NamedTuple):
    """A recurring group as the report tells it."""

    group: str
    seen: int
    before: int
    usual_rate: float
    p: float
    flagged: bool
    arithmetic: str
    numbers: tuple[str, ...]


def patterns(words: Language, recurring: Sequence[RecurringGroup]) -> Part:
    """Tell what recurred more often than chance in the seven days before the period ended."""
    title = words.text("Recurring patterns")
    flagged = [one for one in recurring if one.flagged]
    if not flagged:
        nothing = words.text(
            "Nothing recurred more often than chance in the seven days before the period ended"
        )
        return Part(title, nothing)
    finding = words.counted(
        "{many} group recurred more often than chance in the seven days before the period ended",
        "{many} groups recurred more often than chance in the seven days before the period ended",
        len(flagged),
        many=capitalised(small_number(words, len(flagged))),
    )
    shown = flagged[:_MOST_GROUPS]
    most = max(one.seen for one in shown)
    bars = tuple(
        Bar(
            _group(words, one.group),
            one.seen / most,
            words.text(
                "{number}, usual {usual}",
                number=words.number(one.seen),
                usual=words.number(one.usual_rate, 2),
            ),
        )
        for one in shown
    )
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(
        bars,
        words.text("Bar chart of the incidents of seven days by group. {facts}.", facts=told),
    )
    left = len(flagged) - _MOST_ROWS
    more: tuple[str, ...] = ()
    if left > 0:
        more = (
            words.counted(
                "{n} more group in the attached record.",
                "{n} more groups in the attached record.",
                left,
            ),
        )
    notes = tuple(_pattern_note(words, one) for one in shown)
    table = _pattern_table(words, flagged[:_MOST_ROWS])
    return Part(title, finding, chart, (table,), (*more, words.of(_ARITHMETIC), *notes))


def _pattern_table(words: Language, groups: Sequence[RecurringGroup]) -> NumberTable:
    return NumberTable(
        (
            words.text("Group"),
            words.text("In 7 days"),
            words.text("12 weeks before"),
            words.text("Usual per week"),
            "P",
        ),
        tuple(
            (
                _group(words, one.group),
                words.number(one.seen),
                words.number(one.before),
                words.number(one.usual_rate, 2),
                words.significant(one.p),
            )
            for one in groups
        ),
        (0.0, 0.44, 0.56, 0.73, 0.89),
        frozenset(range(1, 5)),
    )


def _pattern_note(words: Language, one: RecurringGroup) -> str:
    """Say how the verdict on a group was reached, and by which incidents."""
    arithmetic = words.text(
        "{seen} in the last {days} days; {before} in the {weeks} weeks before, so {usual} per "
        "week are usual; P(X >= {seen}) = {p}",
        seen=one.seen,
        days=WINDOW_DAYS,
        before=one.before,
        weeks=USUAL_WEEKS,
        usual=words.number(one.usual_rate, 2),
        p=words.significant(one.p),
    )
    numbers = ", ".join(one.numbers[:_MOST_GROUPS])
    if one.numbers[_MOST_GROUPS:]:
        more = words.number(len(one.numbers) - _MOST_GROUPS)
        numbers = words.text("{numbers} and {more} more", numbers=numbers, more=more)
    return f"{_group(words, one.group)}: {arithmetic}. {numbers}."


def _group(words: Language, key: str) -> str:
    """Return "service:Printing" as "Service: Printing"."""
    kind, _, name = key.partition(":")
    if kind == "weekday" and name in _WEEKDAYS:
        name = words.of(_WEEKDAYS[name])
    known = _GROUPS.get(kind)
    return f"{kind.capitalize()}: {name}" if known is None else words.of(known, name=name)
