"""Takes a database back to an earlier schema, so that the way up from there can be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from app.storage import schema
from app.storage.migrations_runner import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = """SELECT name FROM main.sqlite_schema WHERE type = 'table'
    AND sql NOT LIKE 'CREATE VIRTUAL%'"""


def take_back(file: Path, version: int) -> None:
    """Put a file with the tables of that schema, filled from those of today, in its place."""
    older = file.with_name("older.sqlite")
    connection = apsw.Connection(str(older))
    for migration in MIGRATIONS[:version]:
        migration.run(connection)
    connection.execute("ATTACH ? AS now", (str(file),))
    tables: Any = connection.execute(_TABLES).fetchall()
    for (table,) in tables:
        today = _columns(connection, "now", table)
        shared = ", ".join(f'"{name}"' for name in _columns(connection, "main", table) & today)
        connection.execute(
            f'INSERT OR REPLACE INTO main."{table}" ({shared}) SELECT {shared} FROM now."{table}"'
        )
    connection.execute("DETACH now")
    connection.pragma("application_id", schema.APPLICATION_ID)
    connection.pragma("user_version", version)
    connection.close()
    older.replace(file)


def _columns(connection: apsw.Connection, database: str, table: str) -> set[str]:
    rows: Any = connection.execute(f"PRAGMA {database}.table_info('{table}')")
    return {row[1] for row in rows}
