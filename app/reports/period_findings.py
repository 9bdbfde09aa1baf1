"""The sections of a period report: what was found in a sentence, a chart, and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.period_figures import TARGET
from app.reports import period_work as work
from app.reports import wording
from app.reports.period_parts import (
    Bar,
    BarChart,
    HeatMap,
    LineChart,
    NumberTable,
    Part,
    Series,
)
from app.reports.period_wording import counted, per_cent, per_cent_of, small_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from app.domain.metric_values import Figure
    from app.domain.period_figures import PeriodFigures

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FEWEST_HOURS = 12
_MOST_GROUPS, _MOST_ROWS = 10, 20
_KINDS = {"ci": "Equipment"}
_ARITHMETIC = (
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


def parts(
    figures: PeriodFigures, recurring: Sequence[RecurringGroup], zone: ZoneInfo
) -> tuple[Part, ...]:
    """Return the sections in their order."""
    del zone
    return (
        _trend(figures),
        _attainment(figures),
        work.bottlenecks(figures),
        _patterns(recurring),
        work.workload(figures),
        work.satisfaction(figures),
        work.backlog(figures),
        _heat(figures),
    )


def _trend(figures: PeriodFigures) -> Part:
    opened = sum(step.opened for step in figures.trend)
    resolved = sum(step.resolved for step in figures.trend)
    if not opened and not resolved:
        return Part("Opened and resolved", "No data: nothing was opened or resolved")
    if opened > resolved:
        more = f"{opened - resolved:,} more came in than went out"
    elif resolved > opened:
        more = f"{resolved - opened:,} more went out than came in"
    else:
        more = "resolving kept pace"
    finding = f"{counted(opened, 'incident')} opened and {resolved:,} resolved: {more}"
    labels = tuple(_step_label(step.starts, figures.step) for step in figures.trend)
    busiest = max(figures.trend, key=lambda step: step.opened)
    chart = LineChart(
        labels,
        (
            Series("Opened", tuple(step.opened for step in figures.trend)),
            Series("Resolved", tuple(step.resolved for step in figures.trend)),
        ),
        f"Line chart by {figures.step}. {finding}. The busiest {figures.step} began on "
        f"{_date(busiest.starts)} with {busiest.opened:,} opened. The table below has all numbers.",
    )
    rows = [
        (_date(step.starts), f"{step.opened:,}", f"{step.resolved:,}") for step in figures.trend
    ]
    rows.append(("All", f"{opened:,}", f"{resolved:,}"))
    table = NumberTable(
        (
            "Day" if figures.step == "day" else f"{figures.step.capitalize()} from",
            "Opened",
            "Resolved",
        ),
        tuple(rows),
        (0.0, 0.4, 0.7),
        frozenset({1, 2}),
    )
    return Part("Opened and resolved", finding, chart, (table,))


def _step_label(day: date, step: str) -> str:
    if step == "month":
        return _MONTHS[day.month - 1] if day.month > 1 else f"Jan {day.year}"
    return str(day.year) if step == "year" else f"{day.day} {_MONTHS[day.month - 1]}"


def _date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _attainment(figures: PeriodFigures) -> Part:
    title = "SLA attainment"
    known = [one for one in figures.attainment if one.resolution.value is not None]
    sla: Any = figures.metrics["sla_resolution"]
    if not known:
        return Part(title, "No data: no incident with an SLA target ended or fell due")
    late = [one.priority for one in known if (one.resolution.value or 0) < TARGET]
    target = per_cent_of(TARGET)
    if not late:
        finding = f"Every priority met the {target} target"
    elif len(late) == len(known):
        finding = f"No priority met the {target} target"
    else:
        met, all_known = small_number(len(known) - len(late)), small_number(len(known))
        names = " and ".join([", ".join(late[:-1]), late[-1]] if late[1:] else late)
        finding = (
            f"{met.capitalize()} of {all_known} priorities met the {target} target; {names} did not"
        )
    bars = tuple(
        Bar(
            f"{one.priority} {wording.PRIORITY_WORDS.get(one.priority, '')}".strip(),
            one.resolution.value or 0,
            per_cent(one.resolution),
            missed=one.priority in late,
        )
        for one in known
    )
    told = "; ".join(f"{bar.name} {bar.words}{', missed' if bar.missed else ''}" for bar in bars)
    chart = BarChart(
        bars,
        f"Bar chart of incidents resolved in time, with a line at the target of {target}. {told}.",
        TARGET,
        f"target {target}",
    )
    rows = [
        (
            f"{one.priority} {wording.PRIORITY_WORDS.get(one.priority, '')}".strip() or "none",
            *_met(one.resolution),
            *_met(one.response),
        )
        for one in figures.attainment
    ]
    response: Any = figures.metrics["sla_response"]
    rows.append(("All", *_met(sla), *_met(response)))
    table = NumberTable(
        (
            *("Priority", "Resolution met", "Missed", "Attainment"),
            *("Response met", "Missed", "Attainment"),
        ),
        tuple(rows),
        (0.0, 0.2, 0.36, 0.46, 0.6, 0.75, 0.86),
        frozenset(range(1, 7)),
    )
    note = f"{sla.definition} Left out: {sla.excluded:,}."
    return Part(title, finding, chart, (table,), (note,))


def _met(figure: Figure) -> tuple[str, str, str]:
    more = figure.more
    return f"{more.get('met', 0):,}", f"{more.get('breached', 0):,}", per_cent(figure)


def _patterns(recurring: Sequence[RecurringGroup]) -> Part:
    title = "Recurring patterns"
    flagged = [one for one in recurring if one.flagged]
    if not flagged:
        return Part(
            title, "Nothing recurred more often than chance in the last seven days of the period"
        )
    many = small_number(len(flagged)).capitalize()
    finding = (
        f"{many} group{'s' if len(flagged) > 1 else ''} recurred more often than chance in the "
        "last seven days of the period"
    )
    shown = flagged[:_MOST_GROUPS]
    most = max(one.seen for one in shown)
    bars = tuple(
        Bar(_group(one.group), one.seen / most, f"{one.seen:,}, usual {one.usual_rate:.2f}")
        for one in shown
    )
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(bars, f"Bar chart of the incidents of seven days by group. {told}.")
    table = NumberTable(
        ("Group", "In 7 days", "12 weeks before", "Usual per week", "P"),
        tuple(
            (
                _group(one.group),
                f"{one.seen:,}",
                f"{one.before:,}",
                f"{one.usual_rate:.2f}",
                f"{one.p:.2g}",
            )
            for one in flagged[:_MOST_ROWS]
        ),
        (0.0, 0.44, 0.56, 0.73, 0.89),
        frozenset(range(1, 5)),
    )
    notes = tuple(
        f"{_group(one.group)}: {one.arithmetic}. {', '.join(one.numbers[:_MOST_GROUPS])}"
        f"{f' and {len(one.numbers) - _MOST_GROUPS:,} more' if one.numbers[_MOST_GROUPS:] else ''}."
        for one in shown
    )
    left = len(flagged) - _MOST_ROWS
    more = (f"{counted(left, 'more group')} in the attached record.",) if left > 0 else ()
    return Part(title, finding, chart, (table,), (*more, _ARITHMETIC, *notes))


def _group(key: str) -> str:
    """Return "service:Printing" as "Service: Printing"."""
    kind, _, value = key.partition(":")
    return f"{_KINDS.get(kind, kind.capitalize())}: {value}"


def _heat(figures: PeriodFigures) -> Part:
    title = "Weekday and hour"
    whole = sum(map(sum, figures.heat))
    if not whole:
        return Part(title, "No data: nothing was registered")
    weekday, hour = _busiest(figures.heat)
    two = figures.heat[weekday][hour] + figures.heat[weekday][hour + 1]
    share = per_cent_of(two / whole)
    finding = f"{_DAYS[weekday]} {hour:02}:00 to {hour + 2:02}:00 carries {share} of the week"
    used = [at for at in range(24) if any(day[at] for day in figures.heat)]
    first, last = used[0], used[-1]
    while last - first + 1 < _FEWEST_HOURS:
        first, last = (first - 1, last) if first and last >= 18 else (first, last + 1)
        if last > 23:
            first, last = first - 1, 23
    hours = range(first, last + 1)
    chart = HeatMap(
        tuple(f"{at:02}" for at in hours),
        tuple(name[:3] for name in _DAYS),
        tuple(tuple(day[at] for at in hours) for day in figures.heat),
        f"Heat map of incidents registered by weekday and hour. {finding}. The table below has "
        "all numbers.",
    )
    rows = [
        (f"{at:02}:00", *(f"{day[at]:,}" for day in figures.heat), f"{_column(figures.heat, at):,}")
        for at in hours
    ]
    rows.append(("All", *(f"{sum(day):,}" for day in figures.heat), f"{whole:,}"))
    table = NumberTable(
        ("Hour", *(name[:3] for name in _DAYS), "All"),
        tuple(rows),
        tuple(index / 9 for index in range(9)),
        frozenset(range(1, 9)),
    )
    return Part(title, finding, chart, (table,))


def _column(heat: Sequence[Sequence[int]], hour: int) -> int:
    return sum(day[hour] for day in heat)


def _busiest(heat: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return weekday and first hour of the busiest two hours of the week."""
    return max(
        ((day, hour) for day in range(7) for hour in range(23)),
        key=lambda at: (heat[at[0]][at[1]] + heat[at[0]][at[1] + 1], -at[0], -at[1]),
    )
