"""Brings a database file to the schema of this program, or refuses it with a sentence.

Each migration runs in one transaction with `PRAGMA user_version`, after a copy of the file was put
beside it; a file of a newer program is never touched (house.md, habits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import apsw

from app.storage import schema, search
from app.storage.migrations import (
    m0001_journal_and_incidents,
    m0002_import_keys,
    m0003_drafts,
    m0004_query_plans,
    m0005_search_queue,
    m0006_sharing,
    m0007_redaction,
    m0008_not_understood,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.storage.database import Database


class Migration(NamedTuple):
    """One step of the schema: its version, its name and what it does."""

    version: int
    name: str
    run: Callable[[apsw.Connection], None]


def _first(connection: apsw.Connection) -> None:
    for statement in m0001_journal_and_incidents.STATEMENTS:
        connection.execute(statement)
    search.create_index(connection)


def _second(connection: apsw.Connection) -> None:
    for statement in m0002_import_keys.STATEMENTS:
        connection.execute(statement)


def _third(connection: apsw.Connection) -> None:
    for statement in m0003_drafts.STATEMENTS:
        connection.execute(statement)


def _fourth(connection: apsw.Connection) -> None:
    for statement in m0004_query_plans.STATEMENTS:
        connection.execute(statement)
    search.merge_seldom(connection)


def _fifth(connection: apsw.Connection) -> None:
    for statement in m0005_search_queue.STATEMENTS:
        connection.execute(statement)


def _sixth(connection: apsw.Connection) -> None:
    for statement in m0006_sharing.STATEMENTS:
        connection.execute(statement)


def _seventh(connection: apsw.Connection) -> None:
    for statement in m0007_redaction.STATEMENTS:
        connection.execute(statement)


def _eighth(connection: apsw.Connection) -> None:
    for statement in m0008_not_understood.STATEMENTS:
        connection.execute(statement)


MIGRATIONS = (
    Migration(1, "journal and incidents", _first),
    Migration(2, "import keys", _second),
    Migration(3, "drafts", _third),
    Migration(4, "query plans", _fourth),
    Migration(5, "search queue", _fifth),
    Migration(6, "sharing", _sixth),
    Migration(7, "redaction", _seventh),
    Migration(8, "not understood", _eighth),
)


def bring_up_to_date(database: Database, path: Path) -> None:
    """Migrate the file at `path`; raises StoreError when it is newer or not ours."""
    connection = database.connection()
    version = schema.schema_of(connection, path)
    if version == schema.NEWEST:
        return
    if version:
        _copy_beside(connection, path, version)
    with database.atomic("IMMEDIATE"):  # all of them: nobody finds a file that is half made
        # Another process may have been faster.
        version = int(connection.pragma("user_version"))
        for migration in MIGRATIONS:
            if migration.version > version:
                migration.run(connection)
                connection.pragma("application_id", schema.APPLICATION_ID)
                connection.pragma("user_version", migration.version)


def _copy_beside(connection: apsw.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.stem}.before-schema-{schema.NEWEST}.from-{version}{path.suffix}")
    target = apsw.Connection(str(copy))
    try:
        with target.backup("main", connection, "main") as backup:
            backup.step(-1)
    finally:
        target.close()
