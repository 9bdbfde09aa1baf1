"""Build the cards of the dashboard out of plain rows, with the metrics of domain.md.

Each figure carries the incidents that it counts. Instants are milliseconds since 1970 UTC; what
depends on a zone (days, weekdays, hours) is handed in. Source: ux.md 2.7.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from app.domain import dashboard_events, metrics
from app.domain.dashboard_values import DURATION, SHARE, Card, Mark, Span, card
from app.domain.metric_values import Distribution, Figure, MetricRow, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SLICES: Final = 8
"""Points of a trend."""
WEEK_MS: Final = 7 * 86_400_000
TARGETS: Final[Mapping[str, float]] = {"P1": 0.95, "P2": 0.90, "P3": 0.85, "P4": 0.80}
"""Which share of each priority a desk wants inside SLA: the mark on the bar."""
_NEVER: Final = 1 << 62
_OPEN: Final = frozenset({"new", "assigned", "in_progress", "pending"})

DEFINITIONS: Final[Mapping[str, str]] = {
    "open": "Incidents that are neither resolved, closed nor cancelled. Before: seven days ago, by "
    "when each was last resolved.",
    "overdue": "Open incidents whose resolution is past due. Before: open and past due seven days "
    "ago, by the due times of today.",
    "flow": "Opened: registered in the bin. Resolved: last resolved in the bin. "
    + dashboard_events.DEFINITION,
}


class OpenOnes:
    """How many were open at an instant, and past due: each counts from one instant to another."""

    def __init__(self, rows: Iterable[MetricRow]) -> None:
        self._opened: list[int] = []
        self._ended: list[int] = []
        self._due: list[int] = []
        self._late_ended: list[int] = []
        for row in rows:
            opened, due, end = row.registered_ms, row.resolution_due_ms, _NEVER
            if row.resolved_ms or row.closed_ms or row.cancelled_ms:
                ends = [at for at in (row.resolved_ms, row.closed_ms, row.cancelled_ms) if at]
                end = max(min(ends), opened)
            self._opened.append(opened)
            self._ended.append(end)
            if due > 0:
                late = max(opened, due + 1)
                self._due.append(late)
                self._late_ended.append(max(end, late))
        for each in (self._opened, self._ended, self._due, self._late_ended):
            each.sort()

    def at(self, at_ms: int) -> int:
        """Count what was registered by then and neither resolved, closed nor cancelled."""
        return bisect_right(self._opened, at_ms) - bisect_right(self._ended, at_ms)

    def overdue_at(self, at_ms: int) -> int:
        """Count those of them whose resolution was past due."""
        return bisect_right(self._due, at_ms) - bisect_right(self._late_ended, at_ms)


def figures(
    rows: Sequence[MetricRow],
    span: Span,
    breached: frozenset[bytes],
    old: Sequence[MetricRow] = (),
) -> Card:
    """Return the five figures at the top; `breached` are those past due now.

    `old` are more rows, open and untouched since before both periods: only the first two figures
    count them.
    """
    now, week_ago = span.to_ms, span.to_ms - WEEK_MS
    edges, open_ones = _edges(span), OpenOnes([*rows, *old])
    open_now = [row for row in (*rows, *old) if row.status in _OPEN]
    late = [row for row in open_now if row.id in breached]
    registered = _between(rows, span.before_ms, now, lambda row: row.registered_ms)
    answered = [row for row in registered if row.registered_ms >= span.from_ms and _answered(row)]
    resolved = _between(rows, span.before_ms, now, lambda row: row.resolved_ms)
    done = [
        row
        for row in resolved
        if row.resolved_ms >= span.from_ms and row.resolved_ms >= row.registered_ms
    ]
    ever = _between(rows, span.before_ms, now, _last_resolved)
    reopened = metrics.reopen_rate(ever, span.period)
    return card(
        "figures",
        "",
        [
            Mark(
                "open",
                "Open now",
                len(open_now),
                len(open_now),
                _ids(open_now),
                before=open_ones.at(week_ago),
                trend=tuple(map(open_ones.at, edges[1:])),
                definition=DEFINITIONS["open"],
            ),
            Mark(
                "past SLA",
                "Past SLA",
                len(late),
                len(late),
                _ids(late),
                before=open_ones.overdue_at(week_ago),
                trend=tuple(map(open_ones.overdue_at, edges[1:])),
                definition=DEFINITIONS["overdue"],
            ),
            _mean("acknowledged", "Acknowledged, mean", metrics.mtta, registered, span, answered),
            _mean("resolve", "Time to resolve, mean", metrics.mttr, resolved, span, done),
            Mark(
                "reopened",
                "Reopened",
                reopened.value,
                reopened.n,
                _ids(row for row in ever if _last_resolved(row) >= span.from_ms),
                SHARE,
                before=metrics.reopen_rate(ever, span.period_before).value,
                part=reopened.more.get("reopened"),
                trend=tuple(
                    metrics.reopen_rate(ever, Period(low, high, now)).value
                    for low, high in pairwise(edges)
                ),
                definition=reopened.definition,
            ),
        ],
        len(rows) + len(old),
    )


def flow(
    rows: Sequence[MetricRow], span: Span, events: Iterable[dashboard_events.Event] = ()
) -> Card:
    """Return how many were opened and resolved in each bin, and the events of the period last."""
    opened: dict[int, list[bytes]] = defaultdict(list)
    resolved: dict[int, list[bytes]] = defaultdict(list)
    starts = [start for _, start, _ in span.bins]
    for row in rows:
        for at, found in ((row.registered_ms, opened), (row.resolved_ms, resolved)):
            if span.from_ms <= at < span.to_ms:
                found[bisect_right(starts, at) - 1].append(row.id)
    marks = [
        Mark(f"{word} {day}", day, len(found[place]), len(found[place]), tuple(found[place]))
        for word, found in (("opened", opened), ("resolved", resolved))
        for place, (day, _, _) in enumerate(span.bins)
    ]
    counted = sum(mark.n for mark in marks)
    return card("flow", DEFINITIONS["flow"], [*marks, *dashboard_events.marks(events)], counted)


def inside_sla(rows: Sequence[MetricRow], span: Span) -> Card:
    """Return the share that was resolved in time, for each priority that has incidents."""
    by_priority: dict[str, list[MetricRow]] = defaultdict(list)
    for row in rows:
        by_priority[row.priority or "none"].append(row)
    marks = []
    for priority in sorted({*TARGETS, *by_priority}):
        mine = by_priority[priority]
        figure = metrics.sla_resolution(mine, span.period)
        if priority in TARGETS or figure.n:
            counted = _ids(row for row in mine if _has_target_judged(row, span))
            marks.append(
                Mark(
                    f"sla {priority}",
                    priority,
                    figure.value,
                    figure.n,
                    counted,
                    SHARE,
                    before=metrics.sla_resolution(mine, span.period_before).value,
                    target=TARGETS.get(priority),
                    part=figure.more.get("met"),
                )
            )
    return card("sla", metrics.DEFINITIONS["sla_resolution"], marks)


def quality(rows: Sequence[MetricRow], span: Span) -> Card:
    """Return first contact, answers in time, and how content the requesters are."""
    resolved = _between(rows, span.before_ms, span.to_ms, lambda row: row.resolved_ms)
    in_period = [row for row in resolved if row.resolved_ms >= span.from_ms]
    answers = [row for row in rows if row.satisfaction]
    low, high = span.from_ms, span.to_ms
    answered = [row for row in answers if low <= _answered_at(row) < high]
    fcr = metrics.first_contact_resolution(resolved, span.period)
    response = metrics.sla_response(rows, span.period)
    csat = metrics.satisfaction(rows, span.period)
    judged = [row for row in rows if _is_response_judged(row, span)]
    return card(
        "quality",
        "",
        [
            _share("first contact", "First-contact resolution", fcr, "first_contact", in_period),
            _share("response", "First response inside SLA", response, "met", judged),
            _share("csat", "Content requesters (CSAT)", csat, "", answered),
        ],
        fcr.n + response.n + csat.n,
    )


def _mean(
    key: str,
    label: str,
    measure: Callable[[Sequence[MetricRow], Period], Distribution],
    rows: Sequence[MetricRow],
    span: Span,
    behind: Iterable[MetricRow],
) -> Mark:
    now = measure(rows, span.period)
    before = measure(rows, span.period_before)
    edges = _edges(span)
    parts = [measure(rows, Period(low, high, span.to_ms)) for low, high in pairwise(edges)]
    return Mark(
        key,
        label,
        now.mean if now.n else None,
        now.n,
        _ids(behind),
        DURATION,
        before=before.mean if before.n else None,
        trend=tuple(part.mean if part.n else None for part in parts),
        definition=now.definition,
    )


def _share(
    key: str, label: str, figure: Figure, part: str, behind: Iterable[MetricRow] = ()
) -> Mark:
    counted = figure.more.get(part) if part else None
    return Mark(
        key,
        label,
        figure.value,
        figure.n,
        _ids(behind),
        SHARE,
        part=counted,
        definition=figure.definition,
    )


def _ids(rows: Iterable[MetricRow]) -> tuple[bytes, ...]:
    return tuple(row.id for row in rows)


def _between(
    rows: Iterable[MetricRow], low: int, high: int, instant: Callable[[MetricRow], int]
) -> list[MetricRow]:
    return [row for row in rows if low <= instant(row) < high]


def _answered(row: MetricRow) -> bool:
    """Tell whether an acknowledgement counts: it has one, and not before it was registered."""
    return bool(row.acknowledged_ms) and row.acknowledged_ms >= row.registered_ms


def _answered_at(row: MetricRow) -> int:
    return row.survey_answered_ms or row.resolved_ms or row.registered_ms


def _last_resolved(row: MetricRow) -> int:
    return row.last_resolved_ms or row.resolved_ms or row.first_resolved_ms


def _has_target_judged(row: MetricRow, span: Span) -> bool:
    """Tell whether the SLA figure of the period counts an incident (metrics, sla_resolution)."""
    if row.cancelled_ms or not row.resolution_target_s:
        return False
    done = row.resolved_ms or row.closed_ms
    if done and done < span.to_ms:
        return done >= span.from_ms
    return row.resolution_due_ms > 0 and span.from_ms <= row.resolution_due_ms < span.to_ms


def _is_response_judged(row: MetricRow, span: Span) -> bool:
    """Tell whether the response figure of the period counts an incident (sla_response)."""
    if row.cancelled_ms or not row.response_target_s:
        return False
    done, due = row.resolved_ms or row.closed_ms, row.response_due_ms
    if done and done < span.to_ms:
        return done >= span.from_ms
    in_time = 0 < row.response_stopped_ms <= due
    return due > 0 and span.from_ms <= due < span.to_ms and not in_time


def _edges(span: Span) -> list[int]:
    """Return the limits of the eight parts of the period."""
    length = span.to_ms - span.from_ms
    return [span.from_ms + length * part // SLICES for part in range(SLICES + 1)]
