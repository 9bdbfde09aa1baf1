"""Counts which incidents name an item of the catalogue, and finds the values of a team's field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.storage.fields import IS_FLAG

if TYPE_CHECKING:
    import apsw

    from app.domain.incident import EntityId

_COLUMNS: Final = {
    "person": ("requester", "assignee"),
    "team": ("team",),
    "category": ("category",),
    "service": ("service",),
    "ci": ("ci",),
    "location": ("location",),
}
"""Columns of an incident that name an item of a kind."""


def incidents_by_item(connection: apsw.Connection, kind: str) -> dict[bytes, int]:
    """Return how many incidents name each item of a kind, by its id; none are left out."""
    counts: dict[bytes, int] = {}
    before: list[str] = []
    for column in _COLUMNS.get(kind, ()):
        again = "".join(f" AND {column} IS NOT {other}" for other in before)
        before.append(column)
        rows: Any = connection.execute(
            f"SELECT {column}, count(*) FROM incident WHERE {column} IS NOT NULL "
            f"AND deleted = 0{again} GROUP BY {column}"
        )
        for uid, count in rows:
            counts[uid] = counts.get(uid, 0) + count
    return counts


def incidents_by_code(connection: apsw.Connection, kind: str) -> dict[str, int]:
    """Return how many incidents have each closure code of a kind."""
    rows: Any = connection.execute(
        f"SELECT {kind}, count(*) FROM incident WHERE {kind} IS NOT NULL AND deleted = 0 "
        f"GROUP BY {kind}"
    )
    return dict(rows)


def incidents_by_field(connection: apsw.Connection) -> dict[str, int]:
    """Return how many incidents have a value in each field of the team, by its name."""
    rows: Any = connection.execute(
        "SELECT v.field, count(*) FROM custom_value v JOIN incident i ON i.id = v.incident "
        "WHERE i.deleted = 0 GROUP BY v.field"
    )
    return dict(rows)


def values_of_field(connection: apsw.Connection, field: str) -> list[tuple[EntityId, Any]]:
    """Return each incident that has a value in a field of the team, with the value."""
    rows: Any = connection.execute(
        f"SELECT i.uid, v.value, v.number, {IS_FLAG.format('v')} FROM custom_value v "
        "JOIN incident i ON i.id = v.incident WHERE v.field = ? ORDER BY i.id",
        (field,),
    )
    found: list[tuple[EntityId, Any]] = []
    for uid, text, number, is_flag in rows:
        value = text if number is None else int(number) if number == int(number) else number
        found.append((uid, text == "True" if is_flag else value))
    return found
