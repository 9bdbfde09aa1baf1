"""Reads what a dashboard needs: the incidents of two periods, by indexes, never the whole store.

`WINDOW` keeps every incident that is open, or that anything was told of since `:window`. Each of
its parts reads one index and gives ids: an OR of the same terms would be walked row by row, because
SQLite takes a range whose limit it does not know for a large part of the table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.dashboard_groups import Load, Waits
from app.domain.metric_values import MetricRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

_IDS: Final = """SELECT id FROM incident WHERE is_open = 1 AND deleted = 0
    UNION ALL SELECT id FROM incident INDEXED BY incident_registered WHERE registered_at >= :window
    UNION ALL SELECT id FROM incident INDEXED BY incident_updated WHERE updated_at >= :window
    UNION ALL SELECT id FROM incident INDEXED BY incident_closed WHERE closed_at >= :window
    UNION ALL SELECT id FROM incident INDEXED BY incident_status
    WHERE status = 'resolved' AND deleted = 0 AND resolved_at >= :window
    UNION ALL SELECT id FROM incident INDEXED BY incident_status
    WHERE status = 'cancelled' AND deleted = 0 AND cancelled_at >= :window"""
WINDOW: Final = f"i.id IN ({_IDS})"
OLD: Final = (
    "(i.is_open = 1 AND i.registered_at < :window AND i.reopen_count = 0 "
    "AND i.satisfaction IS NULL)"
)
"""Open all the time of both periods: many, and metrics only ask whether they are overdue."""
_LATE: Final = (
    "i.is_open = 1 AND (i.breached = 1 OR (i.paused = 0 AND i.due_at > 0 AND i.due_at < :now))"
)
"""What the filter `is:open is:breached` holds."""
_RESOLVED: Final = (
    "i.status IN ('resolved', 'closed') AND i.resolved_at >= :from AND i.resolved_at < :to"
)


def resolved_up_to(connection: apsw.Connection, limit: int) -> int:
    """Count resolved incidents, but no more than `limit`."""
    found: int = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM incident i WHERE i.deleted = 0 "
        "AND i.status IN ('resolved', 'closed') AND i.resolved_at IS NOT NULL "
        "AND i.merged_into IS NULL LIMIT ?)",
        (limit,),
    ).get
    return found


class Beside(NamedTuple):
    """What one pass over the open incidents and those resolved in the period gives."""

    old: list[MetricRow]
    """The open ones of `OLD`, with what metrics ask of them and nothing else."""
    waits: list[Waits]
    loads: list[Load]
    late: frozenset[bytes]


def beside(connection: apsw.Connection, where: str, values: Mapping[str, Any]) -> Beside:
    """Return where incidents stood, whose they are, and which open ones are past due at `:now`.

    Waits are those of incidents last resolved in [:from, :to); loads those of open ones too.
    """
    items: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind IN ('person', 'team')"
    )
    names: dict[bytes | None, str] = dict(items)
    rows: Any = connection.execute(
        f"""SELECT i.uid, i.assignee, i.team, i.is_open, {_LATE}, {OLD},
        CASE WHEN {_RESOLVED} THEN (SELECT periods FROM incident_detail WHERE id = i.id) END,
        i.registered_at, i.status, i.priority, coalesce(i.response_target_s, 0),
        i.response_due_at, coalesce(min(i.acknowledged_at, i.first_response_at),
        i.acknowledged_at, i.first_response_at, 0), coalesce(i.target_s, 0), i.due_at
        FROM incident i WHERE i.merged_into IS NULL
        AND (i.is_open = 1 OR ({_RESOLVED})) AND ({where})""",
        values,
    )
    old, waits, loads, late = [], [], [], []
    for uid, person, team, is_open, is_late, is_old, periods, *asked in rows:
        loads.append(Load(uid, names.get(person, ""), bool(is_open)))
        if is_late:
            late.append(uid)
        if is_old:
            registered, status, priority, response_target, response_due, stopped, *more = asked
            target, due = more
            old.append(
                MetricRow(
                    uid,
                    registered,
                    status,
                    priority,
                    response_target_s=response_target,
                    response_due_ms=response_due,
                    response_stopped_ms=stopped,
                    resolution_target_s=target,
                    resolution_due_ms=due,
                )
            )
        elif periods is not None:
            stood = [(status, reason or "", at) for status, reason, at in json.loads(periods)]
            waits.append(Waits(uid, names.get(team, ""), stood))
    return Beside(old, waits, loads, frozenset(late))


def majors(
    connection: apsw.Connection, where: str, values: Mapping[str, Any]
) -> list[tuple[bytes, int, str]]:
    """Return the major incidents declared in [:from, :to): which, when, and their titles."""
    rows: Any = connection.execute(
        f"""SELECT i.uid, d.major_declared_at, i.title FROM incident i
        JOIN incident_detail d ON d.id = i.id WHERE i.major = 1 AND i.merged_into IS NULL
        AND d.major_declared_at >= :from AND d.major_declared_at < :to AND ({where})""",
        values,
    )
    return list(rows)


def outage_where(where: str) -> str:
    """Return a condition narrowed to what may have been down since `:window`."""
    return f"({where}) AND i.id IN ({_IDS} UNION ALL SELECT incident FROM outage)"


def arrivals_by_week(connection: apsw.Connection, until_ms: int) -> list[int]:
    """Count what was registered in each whole week before an instant, the oldest week first."""
    rows: Any = connection.execute(
        "SELECT (:until - 1 - i.registered_at) / 604800000, count(*), min(i.registered_at) "
        "FROM incident i WHERE i.deleted = 0 AND i.merged_into IS NULL "
        "AND i.registered_at < :until GROUP BY 1",
        {"until": until_ms},
    )
    counts: dict[int, int] = {}
    first = until_ms
    for week, count, earliest in rows:
        counts[week] = count
        first = min(first, earliest)
    whole = (until_ms - first) // 604_800_000  # the week in which history begins is not whole
    return [counts.get(week, 0) for week in range(whole - 1, -1, -1)]
