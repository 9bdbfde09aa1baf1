"""Reads the fields of an incident that people must choose between, with who wrote each value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain import timeline
from app.domain.incident_json import instant_json
from app.storage import contested
from app.storage.fields import FIELDS, INSTANT, REFERENCE

if TYPE_CHECKING:
    import apsw


def conflicts_of(connection: apsw.Connection, uid: bytes) -> list[dict[str, Any]]:
    """Return each field in conflict with its values in the words of cli.md, newest first."""
    found = []
    for field in contested_fields(connection, uid):
        current = contested.candidates(connection, uid, field)
        newest = sorted(current, key=lambda one: (one.hlc, one.station), reverse=True)
        values = []
        for one in newest:
            author, at = _written(connection, one.station, one.sseq)
            value = None if one.value is None else json.loads(one.value)
            values.append(
                {
                    "value": _worded(connection, field, value),
                    "author": author,
                    "at": at,
                    "station": one.station.hex()[-6:],  # as in the timeline
                }
            )
        found.append({"field": field, "values": values})
    return found


def contested_fields(connection: apsw.Connection, uid: bytes) -> list[str]:
    """Return the fields of an incident that people must choose between values of."""
    marked: Any = connection.execute("SELECT conflict FROM incident WHERE uid = ?", (uid,)).get
    if not marked:
        return []
    return contested.conflicts(connection, uid)


def _written(connection: apsw.Connection, station: bytes, sseq: int) -> tuple[str, str | None]:
    author, at = connection.execute(
        "SELECT author, at FROM change WHERE station = ? AND sseq = ?", (station, sseq)
    ).get
    return _name(connection, author) if author else "", instant_json(timeline.instant(at))


def _worded(connection: apsw.Connection, field: str, value: Any) -> Any:
    place = FIELDS.get(field)
    if place is None or value is None:
        return value
    if place.kind == REFERENCE:
        return _name(connection, bytes.fromhex(value))
    return instant_json(timeline.instant(value)) if place.kind == INSTANT else value


def _name(connection: apsw.Connection, uid: bytes) -> str:
    name: Any = connection.execute("SELECT name FROM catalogue_item WHERE uid = ?", (uid,)).get
    return name or uid.hex()
