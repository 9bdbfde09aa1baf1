"""Reads what an export tells beside the incident itself: outages and the names of custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw


class RecordedOutage(NamedTuple):
    """A recorded outage; instants in milliseconds, `to_ms` is None while it lasts."""

    service: str
    from_ms: int
    to_ms: int | None
    planned: bool


def outages_of(connection: apsw.Connection, uid: bytes) -> list[RecordedOutage]:
    """Return the outages that an incident recorded, in their order."""
    rows: Any = connection.execute(
        "SELECT coalesce(s.name, ''), o.from_at, o.to_at, o.planned FROM outage o "
        "LEFT JOIN catalogue_item s ON s.uid = o.service WHERE o.deleted = 0 AND o.incident = "
        "(SELECT id FROM incident WHERE uid = ?) ORDER BY o.from_at, o.uid",
        (uid,),
    )
    return [RecordedOutage(name, start, end, bool(planned)) for name, start, end, planned in rows]


def articles_of(connection: apsw.Connection, uid: bytes) -> list[str]:
    """Return the names of the articles that an incident uses."""
    rows: Any = connection.execute(
        "SELECT a.name FROM incident_link l JOIN catalogue_item a ON a.uid = l.target "
        "WHERE l.kind = 'article' AND a.deleted = 0 AND l.incident = "
        "(SELECT id FROM incident WHERE uid = ?) ORDER BY a.folded",
        (uid,),
    )
    return [name for (name,) in rows]


def ids(connection: apsw.Connection, where: str, values: Mapping[str, Any]) -> list[bytes]:
    """Return the incidents of a compiled filter in the order of their registration."""
    rows: Any = connection.execute(
        f"SELECT i.uid FROM incident i WHERE {where} ORDER BY i.registered_at, i.id", values
    )
    return [uid for (uid,) in rows]


def custom_names(connection: apsw.Connection, where: str, values: Mapping[str, Any]) -> list[str]:
    """Return the custom fields that the incidents of a compiled filter have."""
    rows: Any = connection.execute(
        "SELECT DISTINCT v.field FROM custom_value v JOIN incident i ON i.id = v.incident "
        f"WHERE {where} ORDER BY v.field",
        values,
    )
    return [name for (name,) in rows]
