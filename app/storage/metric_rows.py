"""Reads incidents as metrics want them: plain tuples by plain SQL, derived parts by one pass.

Reopenings and time in Pending are read out of the status periods that are kept beside each row.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.metric_values import MetricRow, Outage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import apsw

_SELECT = """SELECT i.uid, i.registered_at, i.status, i.priority, i.channel, i.category, i.team,
    i.occurred_at, i.detected_at, i.acknowledged_at, i.first_response_at, i.restored_at,
    i.first_resolved_at, i.resolved_at, i.closed_at, i.cancelled_at, i.reopen_count,
    i.reassignment_count, i.response_target_s, i.response_due_at, i.response_breached, i.target_s,
    i.due_at, i.breached, i.stopped, i.counted_s, i.satisfaction, d.survey_sent_at,
    d.survey_answered_at, d.periods
    FROM incident i JOIN incident_detail d ON d.id = i.id WHERE """
_ANSWERED = """SELECT i.uid, (SELECT max(c.at) FROM change c WHERE c.root = i.uid
    AND c.kind = 'incident' AND c.field = 'satisfaction' AND c.value IS NOT NULL)
    FROM incident i JOIN incident_detail d ON d.id = i.id
    WHERE i.satisfaction IS NOT NULL AND """
"""When an answer was given of which the incident does not say it: by the journal."""

_PAUSE_EVERY = 500
_FINISHED = frozenset({"resolved", "closed"})
_ENDED = frozenset({"resolved", "closed", "cancelled"})
_NOTHING: tuple[tuple[int, ...], tuple[tuple[str, int], ...], int, int, bool] = (
    (),
    (),
    0,
    0,
    False,
)


def read(
    connection: apsw.Connection,
    where: str,
    values: Mapping[str, Any],
    now_ms: int,
    pause: Callable[[], object] | None = None,
) -> list[MetricRow]:
    """Return the incidents of a compiled filter; what is still pending is pending up to `now_ms`.

    Incidents merged into another one are left out: the survivor stands for them. `pause` is called
    every few rows; what it raises stops the reading.
    """
    found_names: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind IN ('category', 'team')"
    )
    names: dict[bytes, str] = dict(found_names)
    found_answers: Any = connection.execute(f"{_ANSWERED} ({where})", values)
    answers: dict[bytes, int | None] = dict(found_answers)
    rows: Any = connection.execute(f"{_SELECT} ({where}) AND i.merged_into IS NULL", values)
    if pause is None:
        return [_row(row, names, answers, now_ms) for row in rows]
    found: list[MetricRow] = []
    for row in rows:
        if not len(found) % _PAUSE_EVERY:
            pause()
        found.append(_row(row, names, answers, now_ms))
    return found


def _row(
    row: tuple[Any, ...], names: dict[bytes, str], answers: dict[bytes, int | None], now_ms: int
) -> MetricRow:
    (
        uid,
        registered,
        status,
        priority,
        channel,
        category,
        team,
        occurred,
        detected,
        acknowledged,
        answered,
        restored,
        first_resolved,
        resolved,
        closed,
        cancelled,
        reopen_count,
        reassignment_count,
        response_target,
        response_due,
        response_breached,
        target,
        due,
        breached,
        stopped,
        counted,
        answer,
        survey_sent,
        survey_answered,
        periods,
    ) = row
    # Most that are open never waited and never ended: their periods tell nothing here.
    told = "pending" in periods or "resolved" in periods or "closed" in periods
    walked = _walk(json.loads(periods), now_ms) if told else _NOTHING
    stops = [at for at in (acknowledged, answered) if at]
    return MetricRow(
        id=uid,
        registered_ms=registered,
        status=status,
        priority=priority,
        channel=channel,
        category=names.get(category, ""),
        team=names.get(team, ""),
        occurred_ms=occurred or 0,
        detected_ms=detected or 0,
        acknowledged_ms=acknowledged or 0,
        restored_ms=restored or 0,
        first_resolved_ms=first_resolved or walked[2] or resolved or 0,
        resolved_ms=(resolved or 0) if status in _FINISHED else 0,
        last_resolved_ms=resolved or walked[3],
        closed_ms=(closed or 0) if status == "closed" else 0,
        cancelled_ms=(cancelled or 0) if status == "cancelled" else 0,
        reopen_count=reopen_count,
        reopened_ms=walked[0],
        reassignment_count=reassignment_count,
        first_contact=bool(resolved) and not walked[4],
        response_target_s=response_target or 0,
        response_due_ms=response_due,
        response_stopped_ms=min(stops) if stops else 0,
        response_breached=bool(response_breached),
        resolution_target_s=target or 0,
        resolution_due_ms=due,
        resolution_breached=bool(breached),
        counted_s=counted if stopped and resolved else None,
        survey_sent_ms=survey_sent or 0,
        survey_answered_ms=survey_answered or answers.get(uid) or 0,
        satisfaction=answer or 0,
        pending_s=walked[1],
    )


def _walk(
    periods: list[list[Any]], now_ms: int
) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...], int, int, bool]:
    """Return (reopenings, seconds pending by reason, first and last resolved, waited before)."""
    if len(periods) == 1 and periods[0][0] != "pending":
        return (), (), 0, 0, False
    reopened: list[int] = []
    pending: dict[str, int] = {}
    first = last = 0
    waited = False
    before = ""
    ends = [entered for _, _, entered in periods[1:]]
    for (status, reason, entered), left in zip(periods, [*ends, now_ms], strict=True):
        if status == "resolved":
            first, last = first or entered, entered
        elif status == "pending":
            waited = waited or not first
            name = reason or "caller"
            pending[name] = pending.get(name, 0) + max(left - entered, 0) // 1000
        if before in _FINISHED and status not in _ENDED:
            reopened.append(entered)
        before = status
    return tuple(reopened), tuple(pending.items()), first, last, waited


def outages(connection: apsw.Connection, where: str, values: Mapping[str, Any]) -> list[Outage]:
    """Return what was down: recorded outages, and incidents flagged as one that have none.

    Such an incident counts from occurred (else registered) to service restored, else resolved.
    """
    found_names: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind = 'service'"
    )
    names: dict[bytes, str] = dict(found_names)
    recorded: Any = connection.execute(
        "SELECT o.service, i.service, o.from_at, o.to_at, o.planned, i.uid FROM outage o "
        f"JOIN incident i ON i.id = o.incident WHERE o.deleted = 0 AND ({where})",
        values,
    )
    found = [
        Outage(names.get(one or other, ""), start, end or 0, bool(planned), uid)
        for one, other, start, end, planned, uid in recorded
    ]
    flagged: Any = connection.execute(
        "SELECT i.service, coalesce(i.occurred_at, i.registered_at), "
        "coalesce(i.restored_at, i.resolved_at, i.closed_at, 0), i.uid FROM incident i "
        "WHERE i.outage = 1 AND i.cancelled_at IS NULL AND NOT EXISTS "
        f"(SELECT 1 FROM outage o WHERE o.incident = i.id AND o.deleted = 0) AND ({where})",
        values,
    )
    return found + [
        Outage(names.get(one, ""), start, end, id=uid) for one, start, end, uid in flagged
    ]


def services(connection: apsw.Connection) -> list[tuple[str, str]]:
    """Return every service with the name of the calendar of its agreed hours ("" for none)."""
    rows: Any = connection.execute(
        "SELECT name, coalesce(json_extract(data, '$.calendar'), '') FROM catalogue_item "
        "WHERE kind = 'service' AND deleted = 0 ORDER BY folded"
    )
    return [(name, calendar) for name, calendar in rows]
