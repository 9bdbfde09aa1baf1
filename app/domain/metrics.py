"""Measure the desk: every metric of domain.md over plain rows, each with its own definition.

An incident belongs to the period in which it was registered (MTTD, MTTA, counts) or last resolved
(MTTR, first contact, reopening, SLA); the backlog is taken at the end (cli.md). A period that is
past gives the same figures whenever it is asked for: what was open and overdue at its end counts as
breached, even if it was resolved since.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from app.domain import availability
from app.domain.metric_values import (
    Counts,
    Distribution,
    Figure,
    Metric,
    MetricRow,
    Outage,
    Period,
    distribution,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.domain.calendar import Calendar

DAY_MS: Final = 86_400_000
REOPENED_SOON_MS: Final = 7 * DAY_MS
BUCKETS: Final = (("<1", 1), ("1-7", 7), ("7-30", 30), ("30-90", 90), (">90", None))
"""Ages of the backlog in days: each bucket up to its number, which belongs to the next one."""

DEFINITIONS: Final = {
    "mttd": "Mean time to detect: mean(detected - occurred) of incidents registered in the "
    "period; without both instants: left out.",
    "mtta": "Mean time to acknowledge: mean(acknowledged - registered) of incidents registered in "
    "the period; never acknowledged: left out and counted beside.",
    "mttr": "Time to resolve: mean(last resolved - registered) of incidents last resolved in the "
    "period, elapsed time; closed without an instant of resolution: left out.",
    "mttr_business": "Time to resolve in business time: open hours of the SLA calendar between "
    "registered and last resolved, without pauses and reopened gaps; unknown: left out.",
    **availability.DEFINITIONS,
    "fcr": "First-contact resolution: resolved without ever waiting, never reassigned and not "
    "reopened within 7 days / incidents last resolved in the period.",
    "reopen_rate": "Distinct incidents reopened / incidents last resolved in the period; "
    "reopenings beside.",
    "sla_response": "Response met / (met + breached) of incidents last resolved in the period, and "
    "breached by those that were open and overdue at its end; no target: left out.",
    "sla_resolution": "Resolution met / (met + breached) of incidents last resolved in the period, "
    "and breached by those that were open and overdue at its end; no target: left out.",
    "backlog": "Incidents registered by the end of the period and not closed or cancelled by then.",
    "backlog_age": "Age of the backlog: end of the period - registered, with how many are how many "
    "days old.",
    "csat": "Answers of 4 or 5 / answers given in the period; surveys sent and response rate "
    "beside.",
    "counts": "Incidents registered in the period.",
    "time_split": "Where the time of incidents last resolved in the period went, elapsed time.",
}

KEYS: Final = (
    *("mttd", "mtta", "mttr", "mttr_business", "mtrs", "mtbf", "availability", "fcr"),
    *("reopen_rate", "sla_response", "sla_resolution", "backlog", "backlog_age", "csat", "counts"),
)
"""Every metric, in the order of cli.md."""


def measure(
    rows: Sequence[MetricRow],
    period: Period,
    outages: Sequence[Outage] = (),
    agreed: Mapping[str, Calendar] | None = None,
) -> dict[str, Metric]:
    """Return every metric by its key (`KEYS`).

    Args:
        rows: the incidents, filtered as the question wants it.
        period: the stretch that they are measured for.
        outages: what was down (availability, MTRS, MTBF).
        agreed: the services with their agreed hours; those of the outages are added.
    """
    found: dict[str, Metric] = {key: one(rows, period) for key, one in _OF_ROWS.items()}
    starts = [row.registered_ms for row in rows] + [outage.from_ms for outage in outages]
    from_ms = min(starts, default=period.end_ms) if period.from_ms is None else period.from_ms
    counts = found["counts"]
    found |= availability.measure_services(
        outages, agreed or {}, from_ms, period.end_ms, any_incident=counts.has_data
    )
    return {key: found[key] for key in KEYS}


def to_json(metrics: Mapping[str, Metric]) -> dict[str, dict[str, Any]]:
    """Return metrics as the command line prints them (cli.md)."""
    return {key: metric.to_json() for key, metric in metrics.items()}


def incidents_behind(
    key: str, rows: Iterable[MetricRow], period: Period, part: str = ""
) -> list[bytes]:
    """List the ids of the incidents that a metric counts; `part` narrows it ("met", "breached").

    Raises KeyError for a metric that is not made of incidents.
    """
    one = _OF_ROWS[key]
    found = []
    for row in rows:
        metric = one((row,), period)
        if part:
            counted = not isinstance(metric, Counts) and bool(metric.more.get(part))
        else:
            counted = metric.n > 0
        if counted:
            found.append(row.id)
    return found


def mttd(rows: Sequence[MetricRow], period: Period) -> Distribution:
    """Measure from occurred to detected."""
    low, high = period.low, period.high
    durations = []
    excluded = 0
    for row in rows:
        if low <= row.registered_ms < high:
            if row.occurred_ms and row.detected_ms:
                durations.append(row.detected_ms - row.occurred_ms)
            else:
                excluded += 1
    return distribution(DEFINITIONS["mttd"], durations, excluded)


def mtta(rows: Sequence[MetricRow], period: Period) -> Distribution:
    """Measure from registered to acknowledged."""
    low, high = period.low, period.high
    durations = []
    excluded = 0
    for row in rows:
        if low <= row.registered_ms < high:
            if row.acknowledged_ms:
                durations.append(row.acknowledged_ms - row.registered_ms)
            else:
                excluded += 1
    return distribution(DEFINITIONS["mtta"], durations, excluded)


def mttr(rows: Sequence[MetricRow], period: Period) -> Distribution:
    """Measure from registered to last resolved, elapsed."""
    low, high = period.low, period.high
    durations = []
    excluded = 0
    for row in rows:
        if row.resolved_ms:
            if low <= row.resolved_ms < high:
                durations.append(row.resolved_ms - row.registered_ms)
        elif row.closed_ms and low <= row.closed_ms < high:
            excluded += 1
    return distribution(DEFINITIONS["mttr"], durations, excluded)


def mttr_business(rows: Sequence[MetricRow], period: Period) -> Distribution:
    """Measure the business time from registered to last resolved."""
    low, high = period.low, period.high
    durations = []
    excluded = 0
    for row in rows:
        done = row.resolved_ms or row.closed_ms
        if done and low <= done < high:
            if not row.resolved_ms or row.counted_s is None:
                excluded += 1
            elif row.resolved_ms < row.registered_ms:
                durations.append(row.resolved_ms - row.registered_ms)
            else:
                durations.append(row.counted_s * 1000)
    return distribution(DEFINITIONS["mttr_business"], durations, excluded)


def first_contact_resolution(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Measure how many were resolved on first contact."""
    low, high = period.low, period.high
    resolved = at_once = 0
    for row in rows:
        if row.resolved_ms and low <= row.resolved_ms < high:
            resolved += 1
            if row.first_contact and not row.reassignment_count and not _reopened_soon(row):
                at_once += 1
    return share(DEFINITIONS["fcr"], at_once, resolved, more={"first_contact": at_once})


def reopen_rate(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Measure how many of the resolved ones came back."""
    low, high = period.low, period.high
    resolved = reopened = events = 0
    for row in rows:
        last = row.last_resolved_ms or row.resolved_ms or row.first_resolved_ms
        if last and low <= last < high:
            resolved += 1
            if row.reopen_count:
                reopened += 1
                events += row.reopen_count
    return share(
        DEFINITIONS["reopen_rate"],
        reopened,
        resolved,
        more={"reopened": reopened, "events": events},
    )


def sla_response(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Measure how many were answered in time."""
    clocks = [
        (
            row.resolved_ms or row.closed_ms,
            row.response_target_s,
            row.response_due_ms,
            row.response_stopped_ms,
            row.response_breached,
        )
        for row in rows
        if not row.cancelled_ms
    ]
    return _attainment("sla_response", clocks, period)


def sla_resolution(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Measure how many were resolved in time."""
    clocks = [
        (
            row.resolved_ms or row.closed_ms,
            row.resolution_target_s,
            row.resolution_due_ms,
            0,
            row.resolution_breached,
        )
        for row in rows
        if not row.cancelled_ms
    ]
    return _attainment("sla_resolution", clocks, period)


def backlog(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Count what was not closed at the end of the period."""
    if not rows:
        return Figure(DEFINITIONS["backlog"])
    n = len(_backlog_ages(rows, period.end_ms))
    return Figure(DEFINITIONS["backlog"], n, n)


def backlog_age(rows: Sequence[MetricRow], period: Period) -> Distribution:
    """Measure how old the backlog is."""
    ages = _backlog_ages(rows, period.end_ms)
    ages.sort()
    counts: dict[str, int] = {}
    before = 0
    for label, days in BUCKETS:
        upto = len(ages) if days is None else bisect_left(ages, days * DAY_MS)
        counts[label] = upto - before
        before = upto
    return distribution(DEFINITIONS["backlog_age"], ages, more={"buckets": counts})


def satisfaction(rows: Sequence[MetricRow], period: Period) -> Figure:
    """Measure how content the requesters are (CSAT)."""
    low, high = period.low, period.high
    sent = answered_sent = answers = content = 0
    for row in rows:
        if row.survey_sent_ms and low <= row.survey_sent_ms < high:
            sent += 1
            answered_sent += bool(row.satisfaction)
        if row.satisfaction:
            at = row.survey_answered_ms or row.resolved_ms or row.registered_ms
            if low <= at < high:
                answers += 1
                content += row.satisfaction >= 4
    rate = answered_sent / sent if sent else None
    return share(
        DEFINITIONS["csat"],
        content,
        answers,
        more={"sent": sent, "answers": answers, "response_rate": rate},
    )


def counts(rows: Sequence[MetricRow], period: Period) -> Counts:
    """Count by priority, status, channel, category and team; what has none is "none"."""
    low, high = period.low, period.high
    mine = [row for row in rows if low <= row.registered_ms < high]
    return Counts(
        DEFINITIONS["counts"],
        len(mine),
        {
            "by_priority": _tally([row.priority for row in mine]),
            "by_status": _tally([row.status for row in mine]),
            "by_channel": _tally([row.channel for row in mine]),
            "by_category": _tally([row.category for row in mine]),
            "by_team": _tally([row.team for row in mine]),
        },
    )


def time_split(rows: Sequence[MetricRow], period: Period) -> dict[str, Distribution]:
    """Measure where the time goes: between the stages, and in Pending by reason.

    Keys are "to_acknowledged", "to_restored", "to_resolved", "to_closed" (each from the stage
    before it that the incident has) and "pending_caller" and so on.
    """
    low, high = period.low, period.high
    stages: dict[str, list[int]] = {
        "to_acknowledged": [],
        "to_restored": [],
        "to_resolved": [],
        "to_closed": [],
    }
    pending: dict[str, list[int]] = {}
    for row in rows:
        if not row.resolved_ms or not low <= row.resolved_ms < high:
            continue
        before = row.registered_ms
        for key, at in zip(
            stages,
            (row.acknowledged_ms, row.restored_ms, row.resolved_ms, row.closed_ms),
            strict=True,
        ):
            if at:
                stages[key].append(at - before)
                before = at
        for reason, seconds in row.pending_s:
            pending.setdefault(f"pending_{reason}", []).append(seconds * 1000)
    text = DEFINITIONS["time_split"]
    return {key: distribution(text, durations) for key, durations in {**stages, **pending}.items()}


def _attainment(key: str, clocks: list[tuple[int, int, int, int, bool]], period: Period) -> Figure:
    """Return met / (met + breached) of (done, target, due, stopped, breached) of incidents."""
    low, high, end = period.low, period.high, period.end_ms
    met = late = excluded = 0
    for done, target, due, stopped, breached in clocks:
        if done and done < high:
            if done < low:
                continue
            if not target:
                excluded += 1
            elif breached:
                late += 1
            else:
                met += 1
        elif target and due and low <= due < end and not 0 < stopped <= due:
            late += 1
    more = {"met": met, "breached": late}
    return share(DEFINITIONS[key], met, met + late, excluded, more=more)


def _reopened_soon(row: MetricRow) -> bool:
    """Tell whether it came back within 7 days; if the instants are unknown, it counts as soon."""
    if not row.reopen_count and not row.reopened_ms:
        return False
    if not row.reopened_ms or not row.first_resolved_ms:
        return True
    return row.reopened_ms[0] - row.first_resolved_ms <= REOPENED_SOON_MS


def _backlog_ages(rows: Sequence[MetricRow], at: int) -> list[int]:
    """List the ages (ms) of what was registered by an instant and not closed by it."""
    return [
        at - row.registered_ms
        for row in rows
        if row.registered_ms <= at
        and (not row.closed_ms or row.closed_ms > at)
        and (not row.cancelled_ms or row.cancelled_ms > at)
    ]


def _tally(values: list[str]) -> dict[str, int]:
    """Count values, the most frequent first."""
    return {value or "none": n for value, n in Counter(values).most_common()}


_OF_ROWS: Final[Mapping[str, Callable[[Sequence[MetricRow], Period], Metric]]] = {
    "mttd": mttd,
    "mtta": mtta,
    "mttr": mttr,
    "mttr_business": mttr_business,
    "fcr": first_contact_resolution,
    "reopen_rate": reopen_rate,
    "sla_response": sla_response,
    "sla_resolution": sla_resolution,
    "backlog": backlog,
    "backlog_age": backlog_age,
    "csat": satisfaction,
    "counts": counts,
}
