"""The sections of a period report: what was found in a sentence, a chart, and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.period_figures import TARGET
from app.reports import period_sentences as sentences
from app.reports import period_work as work
from app.reports import wording
from app.reports.language import Message
from app.reports.period_parts import (
    Bar,
    BarChart,
    HeatMap,
    LineChart,
    NumberTable,
    Part,
    Series,
)
from app.reports.period_patterns import patterns
from app.reports.period_wording import (
    DEFINITIONS,
    per_cent,
    per_cent_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.domain.metric_values import Figure
    from app.domain.period_figures import PeriodFigures
    from app.reports.language import Language
    from app.reports.period_patterns import RecurringGroup

_FEWEST_HOURS = 12
_LINE_CHARTS = {
    "day": Message(
        "Line chart by day. {finding}. The busiest day began on {day} with {n} opened. "
        "The table below has all numbers."
    ),
    "week": Message(
        "Line chart by week. {finding}. The busiest week began on {day} with {n} opened. "
        "The table below has all numbers."
    ),
    "month": Message(
        "Line chart by month. {finding}. The busiest month began on {day} with {n} opened. "
        "The table below has all numbers."
    ),
    "year": Message(
        "Line chart by year. {finding}. The busiest year began on {day} with {n} opened. "
        "The table below has all numbers."
    ),
}
_STEP_HEADS = {
    "day": Message("Day"),
    "week": Message("Week from"),
    "month": Message("Month from"),
    "year": Message("Year from"),
}


def parts(
    figures: PeriodFigures, words: Language, recurring: Sequence[RecurringGroup]
) -> tuple[Part, ...]:
    """Return the sections in their order."""
    return (
        _trend(figures, words),
        _attainment(figures, words),
        work.bottlenecks(figures, words),
        patterns(words, recurring),
        work.workload(figures, words),
        work.satisfaction(figures, words),
        work.backlog(figures, words),
        _heat(figures, words),
    )


def _trend(figures: PeriodFigures, words: Language) -> Part:
    title = words.text("Opened and resolved")
    opened = sum(step.opened for step in figures.trend)
    resolved = sum(step.resolved for step in figures.trend)
    if not opened and not resolved:
        return Part(title, words.text("No data: nothing was opened or resolved"))
    finding = _trend_finding(words, opened, resolved)
    labels = tuple(_step_label(words, step.starts, figures.step) for step in figures.trend)
    heads = (words.text("Opened"), words.text("Resolved"))
    chart = LineChart(
        labels,
        (
            Series(heads[0], tuple(step.opened for step in figures.trend)),
            Series(heads[1], tuple(step.resolved for step in figures.trend)),
        ),
        _trend_described(figures, words, finding),
    )
    rows = [
        (
            wording.plain_day(words, step.starts),
            words.number(step.opened),
            words.number(step.resolved),
        )
        for step in figures.trend
    ]
    rows.append((words.text("All"), words.number(opened), words.number(resolved)))
    table = NumberTable(
        (words.of(_STEP_HEADS[figures.step]), *heads),
        tuple(rows),
        (0.0, 0.4, 0.7),
        frozenset({1, 2}),
    )
    return Part(title, finding, chart, (table,))


def _trend_described(figures: PeriodFigures, words: Language, finding: str) -> str:
    """Return the chart in words; it names the busiest step only where one alone is the busiest."""
    most = max(step.opened for step in figures.trend)
    busiest = [step for step in figures.trend if step.opened == most]
    if len(busiest) > 1 or not most:
        return words.text(
            "Line chart. {finding}. The table below has all numbers.", finding=finding
        )
    return words.of(
        _LINE_CHARTS[figures.step],
        finding=finding,
        day=wording.plain_day(words, busiest[0].starts),
        n=words.number(most),
    )


def _trend_finding(words: Language, opened: int, resolved: int) -> str:
    if opened > resolved:
        more = words.counted(
            "{n} more came in than went out", "{n} more came in than went out", opened - resolved
        )
    elif resolved > opened:
        more = words.counted(
            "{n} more went out than came in", "{n} more went out than came in", resolved - opened
        )
    else:
        more = words.text("resolving kept pace")
    return words.counted(
        "{n} incident opened and {resolved} resolved: {more}",
        "{n} incidents opened and {resolved} resolved: {more}",
        opened,
        resolved=words.number(resolved),
        more=more,
    )


def _step_label(words: Language, day: date, step: str) -> str:
    if step == "year":
        return str(day.year)
    if step == "month":
        return wording.month_of_year(words, day)
    return wording.day_of_month(words, day)


def _attainment(figures: PeriodFigures, words: Language) -> Part:
    title = words.text("SLA attainment")
    known = [one for one in figures.attainment if one.resolution.value is not None]
    sla: Any = figures.metrics["sla_resolution"]
    if not known:
        nothing = words.text("No data: no incident with an SLA target ended or fell due")
        return Part(title, nothing)
    late = [one.priority for one in known if (one.resolution.value or 0) < TARGET]
    target = per_cent_of(words, TARGET)
    bars = tuple(
        Bar(
            wording.priority(words, one.priority),
            one.resolution.value or 0,
            per_cent(words, one.resolution),
            missed=one.priority in late,
        )
        for one in known
    )
    told = "; ".join(
        words.text("{name} {share}, missed", name=bar.name, share=bar.words)
        if bar.missed
        else f"{bar.name} {bar.words}"
        for bar in bars
    )
    chart = BarChart(
        bars,
        words.text(
            "Bar chart of incidents resolved in time, with a line at the target of {target}. "
            "{facts}.",
            target=target,
            facts=told,
        ),
        TARGET,
        words.text("target {amount}", amount=target),
    )
    rows = [
        (
            wording.priority(words, one.priority) or words.text("none"),
            *_met(words, one.resolution),
            *_met(words, one.response),
        )
        for one in figures.attainment
    ]
    response: Any = figures.metrics["sla_response"]
    rows.append((words.text("All"), *_met(words, sla), *_met(words, response)))
    missed, share = words.text("Missed"), words.text("Attainment")
    table = NumberTable(
        (
            *(words.text("Priority"), words.text("Resolution met"), missed, share),
            *(words.text("Response met"), missed, share),
        ),
        tuple(rows),
        (0.0, 0.2, 0.36, 0.46, 0.6, 0.75, 0.86),
        frozenset(range(1, 7)),
    )
    left = words.text("Left out: {number}.", number=words.number(sla.excluded))
    note = f"{words.of(DEFINITIONS['sla_resolution'])} {left}"
    return Part(
        title,
        sentences.attained(words, [one.priority for one in known], late, target),
        chart,
        (table,),
        (note,),
    )


def _met(words: Language, figure: Figure) -> tuple[str, str, str]:
    more = figure.more
    met, breached = more.get("met", 0), more.get("breached", 0)
    return words.number(met), words.number(breached), per_cent(words, figure)


def _heat(figures: PeriodFigures, words: Language) -> Part:
    title = words.text("Weekday and hour")
    whole = sum(map(sum, figures.heat))
    if not whole:
        return Part(title, words.text("No data: nothing was registered"))
    finding = sentences.busiest_hours(words, figures.heat)
    used = [at for at in range(24) if any(day[at] for day in figures.heat)]
    first, last = used[0], used[-1]
    while last - first + 1 < _FEWEST_HOURS:
        first, last = (first - 1, last) if first and last >= 18 else (first, last + 1)
        if last > 23:
            first, last = first - 1, 23
    hours = range(first, last + 1)
    days = tuple(words.of(day) for day in wording.SHORT_WEEKDAYS)
    everything = words.text("All")
    chart = HeatMap(
        tuple(f"{at:02}" for at in hours),
        days,
        tuple(tuple(day[at] for at in hours) for day in figures.heat),
        words.text(
            "Heat map of incidents registered by weekday and hour. {finding}. The table below has "
            "all numbers.",
            finding=finding,
        ),
    )
    rows = [
        (
            f"{at:02}:00",
            *(words.number(day[at]) for day in figures.heat),
            words.number(_column(figures.heat, at)),
        )
        for at in hours
    ]
    sums = (words.number(sum(day)) for day in figures.heat)
    rows.append((everything, *sums, words.number(whole)))
    table = NumberTable(
        (words.text("Hour"), *days, everything),
        tuple(rows),
        tuple(index / 9 for index in range(9)),
        frozenset(range(1, 9)),
    )
    return Part(title, finding, chart, (table,))


def _column(heat: Sequence[Sequence[int]], hour: int) -> int:
    return sum(day[hour] for day in heat)
