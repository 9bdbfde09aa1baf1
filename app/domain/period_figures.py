"""What a period report counts: the metrics of a period, cut by step of time, priority and team.

Every number is one that `metrics` gives for the same rows, so that the report and the command line
never differ. Standard library only; instants are milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from app.domain.metric_values import Distribution, Figure, Metric, MetricRow, Period

TARGET: Final = 0.95
"""The share of incidents that should meet their SLA target."""
UNASSIGNED: Final = "Nobody"
_PAUSE_EVERY = 1_000
_DAYS_AT_MOST, _WEEKS_AT_MOST, _MONTHS_AT_MOST = 31, 182, 1_100


class ListedIncident(NamedTuple):
    """One incident as the list at the end of the report names it; texts are "" for none."""

    id: bytes
    number: str
    title: str
    priority: str
    team: str
    assignee: str
    registered_ms: int
    resolved_ms: int = 0
    """When it was last resolved in the period or before, 0 when it was not."""
    state: str = ""
    """At the end of the period: "resolved", "cancelled" or "open"."""
    sla: str = ""
    """"met" or "breached" in the period by `metrics.sla_resolution`, "" for neither."""


class Step(NamedTuple):
    """A day, week, month or year of the trend, with what came in and what was resolved in it."""

    starts: date
    opened: int
    resolved: int


class Load(NamedTuple):
    """What a team or a person had: opened and resolved in the period, open at its end."""

    name: str
    opened: int
    resolved: int
    backlog: int
    time_to_resolve: Distribution


class Attainment(NamedTuple):
    """How many incidents of a priority met both SLA targets."""

    priority: str
    resolution: Figure
    response: Figure


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """All that is counted for one period."""

    period: Period
    step: str
    """What a step of the trend is: "day", "week", "month" or "year"."""
    metrics: Mapping[str, Metric]
    trend: tuple[Step, ...]
    attainment: tuple[Attainment, ...]
    split: Mapping[str, Distribution]
    split_by_team: tuple[tuple[str, Mapping[str, Distribution]], ...]
    teams: tuple[Load, ...]
    people: tuple[Load, ...]
    answers: tuple[int, ...]
    """How many answers of 1, 2, 3, 4 and 5 were given in the period."""
    heat: tuple[tuple[int, ...], ...]
    """Incidents registered in the period by weekday (Monday first) and hour."""
    listed: tuple[ListedIncident, ...]


def period_figures(
    rows: Sequence[MetricRow],
    listed: Iterable[ListedIncident],
    found: Mapping[str, Metric],
    period: Period,
    zone: ZoneInfo,
    pause: Callable[[], object] = lambda: None,
) -> PeriodFigures:
    """Count a period.

    Args:
        rows: the incidents of the filter, whenever they were registered.
        listed: the same ones as a list names them.
        found: what `metrics.measure` gave for the rows and the period.
        period: both ends are given.
        zone: in which days, weekdays and hours are told.
        pause: called now and then; what it raises stops the counting.
    """
    named = {one.id: one for one in listed}
    teams = _grouped(rows, lambda row: row.team)
    people = _grouped(rows, lambda row: named[row.id].assignee if row.id in named else "")
    kind, starts = steps(period, zone)
    pause()
    mine = [row for row in rows if _belongs(row, period)]
    return PeriodFigures(
        period=period,
        step=kind,
        metrics=found,
        trend=_trend(rows, period, starts, zone),
        attainment=tuple(
            Attainment(
                name, metrics.sla_resolution(some, period), metrics.sla_response(some, period)
            )
            for name, some in sorted(_grouped(rows, lambda row: row.priority).items())
        ),
        split=metrics.time_split(rows, period),
        split_by_team=tuple(
            (name or UNASSIGNED, metrics.time_split(some, period))
            for name, some in sorted(teams.items())
        ),
        teams=_loads(teams, period, pause),
        people=_loads(people, period, pause),
        answers=_answers(rows, period),
        heat=_heat(rows, period, zone),
        listed=_listed(mine, named, period, pause),
    )


def steps(period: Period, zone: ZoneInfo) -> tuple[str, list[date]]:
    """Return what a step of the trend is, and the first day of each, for at most 37 of them."""
    first, last = _day(period.low, zone), _day(max(period.high - 1, period.low), zone)
    days = (last - first).days + 1
    if days <= _DAYS_AT_MOST:
        return "day", [first + timedelta(days=n) for n in range(days)]
    if days <= _WEEKS_AT_MOST:
        monday = first - timedelta(days=first.weekday())
        return "week", [monday + timedelta(days=n) for n in range(0, (last - monday).days + 1, 7)]
    if days <= _MONTHS_AT_MOST:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return "month", [date(n // 12, n % 12 + 1, 1) for n in months]
    return "year", [date(year, 1, 1) for year in range(first.year, last.year + 1)]


def _day(at_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).date()


def _belongs(row: MetricRow, period: Period) -> bool:
    """Tell whether an incident was registered or last resolved in the period."""
    low, high = period.low, period.high
    return low <= row.registered_ms < high or low <= row.resolved_ms < high


def _listed(
    rows: Sequence[MetricRow],
    named: Mapping[bytes, ListedIncident],
    period: Period,
    pause: Callable[[], object],
) -> tuple[ListedIncident, ...]:
    found = []
    for at, row in enumerate(rows):
        if not at % _PAUSE_EVERY:
            pause()
        if row.id in named:
            found.append(_at_the_end(named[row.id], row, period))
    found.sort(key=lambda one: (one.registered_ms, one.number))
    return tuple(found)


def _at_the_end(one: ListedIncident, row: MetricRow, period: Period) -> ListedIncident:
    """Fill in how an incident stood at the end: a past period looks the same for ever."""
    resolved = row.resolved_ms if row.resolved_ms < period.high else 0
    cancelled = 0 < row.cancelled_ms < period.high
    more = metrics.sla_resolution((row,), period).more
    return one._replace(
        resolved_ms=resolved,
        state="resolved" if resolved else "cancelled" if cancelled else "open",
        sla=next((key for key in ("met", "breached") if more.get(key)), ""),
    )


def _trend(
    rows: Sequence[MetricRow], period: Period, starts: list[date], zone: ZoneInfo
) -> tuple[Step, ...]:
    edges = [round(datetime.combine(day, time(), zone).timestamp() * 1000) for day in starts]
    ends = [*edges[1:], period.high]
    opened = sorted(row.registered_ms for row in rows)
    resolved = sorted(row.resolved_ms for row in rows)
    found = []
    for day, opens, closes in zip(starts, edges, ends, strict=True):
        low, high = max(opens, period.low), min(closes, period.high)
        found.append(Step(day, _between(opened, low, high), _between(resolved, low, high)))
    return tuple(found)


def _between(ordered: list[int], low: int, high: int) -> int:
    return bisect_left(ordered, high) - bisect_left(ordered, low)


def _grouped(
    rows: Sequence[MetricRow], name: Callable[[MetricRow], str]
) -> dict[str, list[MetricRow]]:
    groups: dict[str, list[MetricRow]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return groups


def _loads(
    groups: Mapping[str, list[MetricRow]], period: Period, pause: Callable[[], object]
) -> tuple[Load, ...]:
    """Return who had anything in the period, the one with the most first."""
    found = []
    for name, rows in groups.items():
        pause()
        solved = metrics.reopen_rate(rows, period)
        took = metrics.mttr(rows, period)
        load = Load(
            name or UNASSIGNED,
            metrics.counts(rows, period).n,
            sum(period.low <= row.resolved_ms < period.high for row in rows),
            metrics.backlog(rows, period).n,
            took,
        )
        if load.opened or load.resolved or load.backlog or solved.n:
            found.append(load)
    return tuple(sorted(found, key=lambda one: (-one.opened, -one.resolved, one.name)))


def _answers(rows: Sequence[MetricRow], period: Period) -> tuple[int, ...]:
    """Count the answers of each value that the CSAT of the period counts."""
    given = [0] * 5
    for row in rows:
        if 1 <= row.satisfaction <= 5 and metrics.satisfaction((row,), period).n:
            given[row.satisfaction - 1] += 1
    return tuple(given)


def _heat(rows: Sequence[MetricRow], period: Period, zone: ZoneInfo) -> tuple[tuple[int, ...], ...]:
    counts = [[0] * 24 for _ in range(7)]
    places: dict[int, tuple[int, int]] = {}
    for row in rows:
        if period.low <= row.registered_ms < period.high:
            quarter = row.registered_ms // 900_000
            if quarter not in places:  # no zone changes its offset within a quarter of an hour
                at = datetime.fromtimestamp(quarter * 900, UTC).astimezone(zone)
                places[quarter] = (at.weekday(), at.hour)
            weekday, hour = places[quarter]
            counts[weekday][hour] += 1
    return tuple(tuple(hours) for hours in counts)
