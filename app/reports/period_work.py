"""Sections of a period report about the work: where it waits, who has it, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.metrics import BUCKETS
from app.reports import wording
from app.reports.period_parts import Bar, BarChart, NumberTable, Part
from app.reports.period_wording import NO_DATA, counted, per_cent, per_cent_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.metric_values import Distribution
    from app.domain.period_figures import Load, PeriodFigures

_STAGES = {
    "to_acknowledged": "Registered to acknowledged",
    "to_restored": "Acknowledged to restored",
    "to_resolved": "Restored to resolved",
    "to_closed": "Resolved to closed",
}
_WAITS = {
    "to_acknowledged": "before anybody took them up",
    "to_restored": "between acknowledgement and restoration",
    "to_resolved": "between restoration and resolution",
}
_MOST_BARS = 12


def _total(one: Distribution) -> float:
    """Return the seconds of all cases together."""
    return one.mean * one.n


def bottlenecks(figures: PeriodFigures) -> Part:
    """Tell between which stages the time of resolved incidents passed."""
    title = "Where incidents wait"
    stages = {key: figures.split[key] for key in _STAGES}
    before = {key: one for key, one in stages.items() if key != "to_closed"}
    whole = sum(_total(one) for one in before.values())
    if not whole:
        some = any(one.n for one in before.values())
        nothing = "Incidents were resolved at once" if some else "No data: nothing was resolved"
        return Part(title, nothing)
    longest = max(before, key=lambda key: _total(stages[key]))
    share = _total(stages[longest]) / whole
    finding = f"{per_cent_of(share)} of the time to resolve passed {_WAITS[longest]}"
    pending = {key: one for key, one in figures.split.items() if key.startswith("pending_")}
    bars = tuple(
        Bar(
            _STAGES[key],
            _total(one) / whole,
            f"{per_cent_of(_total(one) / whole)}  {_hours(_total(one))}" if one.n else NO_DATA,
        )
        for key, one in before.items()
    ) + tuple(
        Bar(
            f"Pending: {_reason(key)}",
            _total(one) / whole,
            f"{per_cent_of(_total(one) / whole)}  {_hours(_total(one))}",
        )
        for key, one in pending.items()
    )
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(
        bars,
        f"Bar chart of the time of resolved incidents up to their resolution. {told}. Time in "
        "Pending lies within the stages.",
    )
    names = {**_STAGES, **{key: f"Pending: {_reason(key)}" for key in pending}}
    split = NumberTable(
        ("Stage", "Incidents", "Mean", "Median", "P90", "Together"),
        tuple((names[key], *_durations(figures.split[key])) for key in (*_STAGES, *pending)),
        (0.0, 0.36, 0.49, 0.62, 0.75, 0.88),
        frozenset(range(1, 6)),
    )
    teams = NumberTable(
        ("Team (mean)", "To acknowledged", "To restored", "To resolved", "To closed", "Pending"),
        tuple(
            (
                name,
                *(_mean(by[key]) for key in _STAGES),
                _pending(by),
            )
            for name, by in figures.split_by_team
            if any(one.n for one in by.values())
        ),
        (0.0, 0.26, 0.42, 0.56, 0.7, 0.85),
        frozenset(range(1, 6)),
    )
    note = (
        f"{stages['to_resolved'].definition} A stage begins at the one before it that the "
        "incident has; time in Pending lies within the stages."
    )
    return Part(title, finding, chart, (split, teams), (note,))


def _reason(key: str) -> str:
    return wording.code_words(key.removeprefix("pending_"))


def _pending(by: Mapping[str, Distribution]) -> str:
    found = [one for key, one in by.items() if key.startswith("pending_")]
    total, n = sum(_total(one) for one in found), max((one.n for one in found), default=0)
    return f"{_hours(total)} in all" if n else "–"


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.0f} h" if seconds >= 36_000 else wording.duration(seconds)


def _mean(one: Distribution) -> str:
    return wording.duration(one.mean) if one.n else NO_DATA


def _durations(one: Distribution) -> tuple[str, ...]:
    if not one.n:
        return ("0", NO_DATA, NO_DATA, NO_DATA, NO_DATA)
    shown = tuple(wording.duration(value) for value in (one.mean, one.median, one.p90))
    return (f"{one.n:,}", *shown, _hours(_total(one)))


def workload(figures: PeriodFigures) -> Part:
    """Tell who had how many incidents."""
    title = "Workload"
    teams = figures.teams
    if not teams:
        return Part(title, "No data: there were no incidents")
    opened = sum(one.opened for one in teams)
    first = teams[0]
    if opened:
        finding = f"{first.name} had {per_cent_of(first.opened / opened)} of the incidents opened"
    else:
        finding = f"Nothing was opened; {first.name} resolved {first.resolved:,}"
    most = max((one.opened for one in teams), default=0) or 1
    shown = teams[:_MOST_BARS]
    bars = tuple(Bar(one.name, one.opened / most, f"{one.opened:,} opened") for one in shown)
    told = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    chart = BarChart(bars, f"Bar chart of incidents opened by team. {told}.")
    return Part(
        title,
        finding,
        chart,
        (_loads("Team", teams), _loads("Person", figures.people)),
        ("Open: registered by the end of the period and neither closed nor cancelled by then.",),
    )


def _loads(kind: str, loads: Sequence[Load]) -> NumberTable:
    return NumberTable(
        (kind, "Opened", "Resolved", "Open at the end", "Mean time to resolve"),
        tuple(
            (
                one.name,
                f"{one.opened:,}",
                f"{one.resolved:,}",
                f"{one.backlog:,}",
                _mean(one.time_to_resolve),
            )
            for one in loads
        ),
        (0.0, 0.38, 0.51, 0.63, 0.79),
        frozenset(range(1, 5)),
    )


def satisfaction(figures: PeriodFigures) -> Part:
    """Tell how satisfied the requesters were."""
    title = "Satisfaction"
    content: Any = figures.metrics["csat"]
    if content.value is None:
        return Part(title, "No data: nobody answered how satisfied they were")
    finding = f"{per_cent(content)} of {counted(content.n, 'answer')} were 4 or 5"
    most = max(figures.answers) or 1
    bars = tuple(
        Bar(f"Answer {value}", n / most, f"{n:,}")
        for value, n in reversed(list(enumerate(figures.answers, 1)))
    )
    chart = BarChart(
        bars,
        f"Bar chart of the answers. {'; '.join(f'{bar.name}: {bar.words}' for bar in bars)}.",
    )
    rows = tuple((bar.name, bar.words) for bar in bars)
    rate = content.more.get("response_rate")
    note = (
        f"{content.definition} Surveys sent: {content.more.get('sent', 0):,}; response rate: "
        f"{NO_DATA if rate is None else per_cent_of(rate)}."
    )
    table = NumberTable(("Answer", "Given"), rows, (0.0, 0.4), frozenset({1}))
    return Part(title, finding, chart, (table,), (note,))


def backlog(figures: PeriodFigures) -> Part:
    """Tell how old the open incidents were at the end."""
    title = "Age of the backlog"
    ages: Any = figures.metrics["backlog_age"]
    if not ages.n:
        return Part(title, "No data: nothing was open at the end of the period")
    buckets: dict[str, int] = dict(ages.more.get("buckets", {}))
    names = [label for label, _ in BUCKETS]
    oldest = next(label for label in reversed(names) if buckets.get(label))
    finding = (
        f"{counted(ages.n, 'incident was', 'incidents were')} open at the end, "
        f"{buckets[oldest]:,} of them {_age(oldest)} old"
    )
    most = max(buckets.values()) or 1
    bars = tuple(
        Bar(_age(label).capitalize(), buckets.get(label, 0) / most, f"{buckets.get(label, 0):,}")
        for label in names
    )
    told = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    chart = BarChart(bars, f"Bar chart of open incidents by age. {told}.")
    table = NumberTable(
        ("Age", "Open"),
        tuple((bar.name, bar.words) for bar in bars),
        (0.0, 0.4),
        frozenset({1}),
    )
    note = f"{ages.definition} Median: {_days(ages.median)}; mean: {_days(ages.mean)}."
    return Part(title, finding, chart, (table,), (note,))


def _age(label: str) -> str:
    if label.startswith("<"):
        return "less than a day"
    if label.startswith(">"):
        return f"more than {label[1:]} days"
    low, _, high = label.partition("-")
    return f"{low} to {high} days"


def _days(seconds: float) -> str:
    return f"{seconds / 86_400:,.1f} days"
