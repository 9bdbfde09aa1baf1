"""Reads what suggestions are learnt from: the texts of past incidents and where they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import apsw


class Past(NamedTuple):
    """One past incident: its text, and the names of its category and team ("" without one)."""

    text: str
    category: str
    team: str


_SELECT = """SELECT i.title || char(10) || substr(d.description, 1, 400),
    coalesce((SELECT name FROM catalogue_item WHERE uid = i.category), ''),
    coalesce((SELECT name FROM catalogue_item WHERE uid = i.team), '')
    FROM incident i JOIN incident_detail d ON d.id = i.id
    WHERE i.deleted = 0 AND i.merged_into IS NULL AND (i.category NOT NULL OR i.team NOT NULL)
    ORDER BY i.id DESC LIMIT ?"""


def newest(connection: apsw.Connection, limit: int) -> Iterator[Past]:
    """Yield the newest incidents that have a category or a team."""
    rows: Any = connection.execute(_SELECT, (limit,))
    for row in rows:
        yield Past(*row)
