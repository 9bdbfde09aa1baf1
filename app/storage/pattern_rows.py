"""Reads incidents as patterns want them: when each was registered and what it has in common."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.domain.patterns import WEEKDAYS, Group, Sighting, signatures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    import apsw

KIND = "pattern"
"""The catalogue keeps what was dismissed, by the key of its group."""

_SELECT = """SELECT i.uid, i.number, i.registered_at, i.ci, i.service, i.category, i.location,
    i.requester, i.title, d.description FROM incident i JOIN incident_detail d ON d.id = i.id
    WHERE i.registered_at >= ? AND i.registered_at < ? AND i.deleted = 0
    AND i.merged_into IS NULL ORDER BY i.registered_at, i.uid"""
_NAMED = ("ci", "service", "category", "location")


def read(
    connection: apsw.Connection, from_ms: int, to_ms: int, zone: ZoneInfo
) -> Iterator[Sighting]:
    """Yield the incidents that were registered in a span, the oldest first.

    Incidents merged into another one are left out: the survivor stands for them.

    Args:
        connection: the thread's.
        from_ms: the first instant of the span, milliseconds since 1970 UTC.
        to_ms: its end, not itself in it.
        zone: in which weekday and hour are told.
    """
    items: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind IN ('ci','service','category','location')"
    )
    names: dict[bytes, str] = dict(items)
    departments = _departments(connection)
    hours: dict[int, tuple[Group, Group]] = {}
    rows: Any = connection.execute(_SELECT, (from_ms, to_ms))
    for uid, number, at_ms, *named, requester, title, description in rows:
        groups = [
            Group(kind, names[item])
            for kind, item in zip(_NAMED, named, strict=True)
            if item in names
        ]
        if requester in departments:
            groups.append(departments[requester])
        groups += [Group("signature", one) for one in signatures(f"{title}\n{description}")]
        hour = at_ms // 900_000  # no zone changes its offset within a quarter of an hour
        if hour not in hours:
            hours[hour] = _time_groups(at_ms, zone)
        yield Sighting(uid, number, at_ms, (*groups, *hours[hour]))


def _departments(connection: apsw.Connection) -> dict[bytes, Group]:
    rows: Any = connection.execute("SELECT uid, data FROM catalogue_item WHERE kind = 'person'")
    found = ((uid, json.loads(data).get("department")) for uid, data in rows)
    return {uid: Group("department", name) for uid, name in found if name}


def _time_groups(at_ms: int, zone: ZoneInfo) -> tuple[Group, Group]:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    return Group("weekday", WEEKDAYS[at.weekday()]), Group("hour", f"{at.hour:02d}")
