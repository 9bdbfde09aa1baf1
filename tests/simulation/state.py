"""What two replicas must agree on: everything that follows from the journal, named by ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import apsw

_OF_THIS_COMPUTER = {
    "id", "unread", "target_s", "due_at", "warn_at", "counted_s", "paused_s", "paused", "stopped",
    "breached", "met", "response_target_s", "response_due_at", "response_met", "response_breached",
}  # fmt: skip
"""Row numbers and marks are local; running clocks move with the time at which they are read."""

_SIDE_TABLES = (
    "incident_tag",
    "incident_link",
    "custom_value",
    "checklist_tick",
    "number_alias",
    "attachment",
    "outage",
)
_WHOLE_TABLES = (
    "change",
    "head",
    "superseded",
    "redact_asked",
    "vv",
    "catalogue_item",
    "catalogue_alias",
    "import_key",
    "number_claim",
    "station",
    "station_approval",
)


def state_of(connection: apsw.Connection) -> dict[str, list[Any]]:
    """Return the shared state of a replica, table by table."""
    state = {table: _rows(connection, f"SELECT * FROM {table}") for table in _WHOLE_TABLES}
    info: Any = connection.execute("PRAGMA table_info(incident)")
    columns = ", ".join(row[1] for row in info if row[1] not in _OF_THIS_COMPUTER)
    state["incident"] = _rows(connection, f"SELECT {columns} FROM incident")
    state["incident_detail"] = _by_uid(connection, "incident_detail", "id")
    for table in _SIDE_TABLES:
        state[table] = _by_uid(connection, table, "incident")
    state["number_block"] = _rows(connection, "SELECT first, last, station FROM number_block")
    return state


def _by_uid(connection: apsw.Connection, table: str, key: str) -> list[Any]:
    info: Any = connection.execute(f"PRAGMA table_info({table})")
    columns = ", ".join(f"t.{row[1]}" for row in info if row[1] != key)
    return _rows(
        connection, f"SELECT i.uid, {columns} FROM {table} t JOIN incident i ON i.id = t.{key}"
    )


def _rows(connection: apsw.Connection, sql: str) -> list[Any]:
    return sorted(connection.execute(sql).fetchall(), key=repr)


def difference(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> str:
    """Return the first table in which two states differ, with the rows; "" when they are equal."""
    for table, rows in one.items():
        if rows != other[table]:
            left = [row for row in rows if row not in other[table]][:3]
            right = [row for row in other[table] if row not in rows][:3]
            return f"{table}: {left} / {right}"
    return ""
