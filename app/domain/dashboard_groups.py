"""Group the incidents of a dashboard: by state, hour, category, person, team and service.

The other half of `dashboard`, by the same rules. Source: ux.md 2.7.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain import availability, metrics
from app.domain.dashboard_values import DURATION, SHARE, Card, Mark, Span, card
from app.domain.metric_values import Figure, MetricRow, Outage
from app.domain.sla_time import counted_between_ms, merge_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.domain.calendar import Calendar

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STATES: Final[Mapping[str, str]] = {
    "new": "New",
    "assigned": "Assigned",
    "in_progress": "In progress",
    "pending": "Pending",
}

DEFINITIONS: Final[Mapping[str, str]] = {
    "waits": "Median elapsed time in each state, over the incidents last resolved in the period "
    "that were in it; Assigned by team.",
    "arrivals": "Incidents registered in the period, by the weekday and hour of this computer.",
    "categories": "Incidents registered in the period by category; change on the same length of "
    "time before.",
    "workload": "Open incidents by the person assigned; beside it, those resolved in the period.",
    "teams": "Median elapsed time from registered to last resolved, by team.",
    "services": "(Agreed service time - downtime) / agreed service time of each service; planned "
    "maintenance is out of both and told beside.",
}


class Waits(NamedTuple):
    """Where one incident stood: (status, pending reason, entered) in order."""

    id: bytes
    team: str
    periods: Sequence[tuple[str, str, int]]


class Load(NamedTuple):
    """Whose an incident is: `person` is "" for nobody's."""

    id: bytes
    person: str
    is_open: bool


def waits(found: Iterable[Waits]) -> Card:
    """Return the median time in each state, and in Assigned for each team, the longest first."""
    spent: dict[str, dict[bytes, int]] = defaultdict(dict)
    n = 0
    for one in found:
        n += 1
        ends = [entered for _, _, entered in one.periods[1:]]
        for (status, reason, entered), left in zip(one.periods, ends, strict=False):
            if status not in STATES:
                continue
            label = STATES[status]
            if status == "pending":
                label = f"{label}: {(reason or 'caller').replace('_', ' ')}"
            elif status == "assigned" and one.team:
                label = f"{label}: {one.team}"
            mine = spent[label]
            mine[one.id] = mine.get(one.id, 0) + max(left - entered, 0)
    marks = [
        Mark(
            f"waits {label}",
            label,
            round(statistics.median(times.values()) / 1000, 3),
            len(times),
            tuple(times),
            DURATION,
        )
        for label, times in spent.items()
    ]
    marks.sort(key=lambda mark: (-(mark.value or 0), mark.label))
    return card("waits", DEFINITIONS["waits"], marks, n)


def arrivals(
    rows: Sequence[MetricRow], span: Span, hour_of: Callable[[int], tuple[int, int]]
) -> Card:
    """Return how many came in each hour of the week; `hour_of` gives weekday (0 Monday) and hour.

    All 168 hours are there, in order, those without incidents too.
    """
    found: dict[tuple[int, int], list[bytes]] = defaultdict(list)
    for row in rows:
        if span.from_ms <= row.registered_ms < span.to_ms:
            found[hour_of(row.registered_ms)].append(row.id)
    marks = [
        Mark(
            f"arrived {WEEKDAYS[day]} {hour:02}",
            f"{WEEKDAYS[day]} {hour:02}:00",
            len(found[day, hour]),
            len(found[day, hour]),
            tuple(found[day, hour]),
        )
        for day in range(7)
        for hour in range(24)
    ]
    return card("arrivals", DEFINITIONS["arrivals"], marks)


def categories(rows: Sequence[MetricRow], span: Span) -> Card:
    """Return how many came in each category, the most frequent first, with those before."""
    now: dict[str, list[bytes]] = defaultdict(list)
    before: Counter[str] = Counter()
    for row in rows:
        name = row.category or "none"
        if span.from_ms <= row.registered_ms < span.to_ms:
            now[name].append(row.id)
        elif span.before_ms <= row.registered_ms < span.from_ms:
            before[name] += 1
    marks = [
        Mark(f"category {name}", name, len(ids), len(ids), tuple(ids), before=before[name])
        for name, ids in sorted(now.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    return card("categories", DEFINITIONS["categories"], marks)


def workload(loads: Iterable[Load]) -> Card:
    """Return how many each person has open, the most first, and resolved in the period."""
    open_: dict[str, list[bytes]] = defaultdict(list)
    done: Counter[str] = Counter()
    for one in loads:
        if one.is_open:
            open_[one.person or "none"].append(one.id)
        else:
            done[one.person or "none"] += 1
    marks = [
        Mark(
            f"workload {name}",
            name,
            len(open_[name]),
            len(open_[name]),
            tuple(open_[name]),
            more=(("resolved", done[name]),),
        )
        for name in sorted({*open_, *done}, key=lambda name: (-len(open_[name]), -done[name], name))
    ]
    return card("workload", DEFINITIONS["workload"], marks)


def teams(rows: Sequence[MetricRow], span: Span) -> Card:
    """Return the median time to resolve of each team, the longest first."""
    found: dict[str, list[MetricRow]] = defaultdict(list)
    for row in rows:
        in_period = span.from_ms <= row.resolved_ms < span.to_ms
        if in_period and row.resolved_ms >= row.registered_ms:
            found[row.team or "none"].append(row)
    marks = []
    for name, mine in found.items():
        took = metrics.mttr(mine, span.period)
        marks.append(
            Mark(f"team {name}", name, took.median, took.n, tuple(row.id for row in mine), DURATION)
        )
    marks.sort(key=lambda mark: (-(mark.value or 0), mark.label))
    return card("teams", DEFINITIONS["teams"], marks)


def services(outages: Sequence[Outage], agreed: Mapping[str, Calendar], span: Span) -> Card:
    """Return the availability of each service, the least available first."""
    by_service: dict[str, list[Outage]] = {name: [] for name in agreed}
    for outage in outages:
        if outage.from_ms < span.to_ms and (not outage.to_ms or outage.to_ms > span.from_ms):
            by_service.setdefault(outage.service, []).append(outage)
    marks = []
    for name, mine in by_service.items():
        calendar = agreed.get(name, availability.AROUND_THE_CLOCK)
        found = availability.measure_services(
            mine, {name: calendar}, span.from_ms, span.to_ms, any_incident=bool(mine)
        )["availability"]
        planned = merge_spans(
            (max(one.from_ms, span.from_ms), min(one.to_ms or span.to_ms, span.to_ms))
            for one in mine
            if one.planned
        )
        kept = sum(counted_between_ms(calendar, start, end or span.to_ms) for start, end in planned)
        down = found.more.get("downtime_s", 0.0) if isinstance(found, Figure) else 0.0
        marks.append(
            Mark(
                f"service {name}",
                name or "none",
                found.value if isinstance(found, Figure) else None,
                found.n if isinstance(found, Figure) else 0,
                tuple(dict.fromkeys(one.id for one in mine if one.id)),
                SHARE,
                more=(("downtime", down), ("planned", kept / 1000)),
            )
        )
    marks.sort(key=lambda mark: (1.0 if mark.value is None else mark.value, mark.label))
    return card("services", DEFINITIONS["services"], marks)
