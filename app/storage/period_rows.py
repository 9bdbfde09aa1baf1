"""Reads incidents as the list of a period report names them: plain tuples by plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.period_figures import ListedIncident

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

_SELECT = """SELECT i.uid, i.number, i.title, i.priority, i.team, i.assignee, i.registered_at
    FROM incident i JOIN incident_detail d ON d.id = i.id WHERE """


def read(
    connection: apsw.Connection, where: str, values: Mapping[str, Any]
) -> list[ListedIncident]:
    """Return the incidents of a compiled filter; those merged into another one are left out."""
    items: Any = connection.execute(
        "SELECT uid, name FROM catalogue_item WHERE kind IN ('team', 'person')"
    )
    names: dict[bytes, str] = dict(items)
    rows: Any = connection.execute(f"{_SELECT} ({where}) AND i.merged_into IS NULL", values)
    return [
        ListedIncident(
            *(uid, number, title or "", priority, names.get(team, ""), names.get(assignee, "")),
            registered_ms=registered,
        )
        for uid, number, title, priority, team, assignee, registered in rows
    ]
