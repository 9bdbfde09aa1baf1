"""Reads what a team must not lose sight of: open major incidents and follow-up actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain import timeline
from app.domain.incident import EntityId
from app.domain.journal_entry import Change
from app.domain.major_incident import OpenAction, OpenRoom

if TYPE_CHECKING:
    import apsw

_ROOMS = """SELECT i.uid, i.number, i.title, d.major_declared_at, d.next_update_at,
    d.incident_manager, d.communications_lead
    FROM incident i INDEXED BY incident_major JOIN incident_detail d ON d.id = i.id
    WHERE i.major = 1 AND i.deleted = 0 AND i.status NOT IN ('closed', 'cancelled')
    AND d.stood_down_at IS NULL ORDER BY d.major_declared_at, i.uid"""
_FOLLOW_UPS = """SELECT i.uid, i.number, i.title FROM incident i WHERE i.deleted = 0 AND i.uid IN
    (SELECT DISTINCT root FROM change WHERE kind = 'follow_up') ORDER BY i.uid"""
_ROWS = "SELECT * FROM said WHERE root = ? AND kind = 'follow_up' ORDER BY hlc, station, sseq"


def open_rooms(connection: apsw.Connection) -> list[OpenRoom]:
    """Return the major incidents that nobody has stood down, the first declared first."""
    rows: Any = connection.execute(_ROOMS)
    return [
        OpenRoom(
            EntityId(uid),
            number,
            title,
            _instant(declared),
            _instant(following),
            frozenset(EntityId(one) for one in people if one is not None),
        )
        for uid, number, title, declared, following, *people in rows
    ]


def follow_ups(connection: apsw.Connection) -> list[OpenAction]:
    """Return every follow-up action of incidents that are there, done ones too."""
    found = []
    incidents: Any = connection.execute(_FOLLOW_UPS).fetchall()
    for uid, number, title in incidents:
        rows: Any = connection.execute(_ROWS, (uid,))
        changes = [Change._make(row) for row in rows]
        found += [
            OpenAction(
                one.id, EntityId(uid), number, title, one.action, one.owner, one.due_at, one.done
            )
            for one in timeline.follow_ups_of(changes)
        ]
    return found


def _instant(ms: int | None) -> Any:
    return None if ms is None else timeline.instant(ms)
