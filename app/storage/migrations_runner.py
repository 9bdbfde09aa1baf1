"""Brings a database file to the schema of this program, or refuses it with a sentence.

Each migration runs in one transaction with `PRAGMA user_version`, after a copy of the file was put
beside it; a file of a newer program is never touched (house.md, habits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import apsw

from app.domain.errors import StoreError
from app.storage import search
from app.storage.migrations import (
    m0001_journal_and_incidents,
    m0002_import_keys,
    m0003_drafts,
    m0004_query_plans,
    m0005_search_queue,
    m0006_sharing,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playhouse.apsw_ext import APSWDatabase

APPLICATION_ID = 0x1DE5_0001
"""Stands in the file's header, so that a foreign SQLite file is never taken for ours."""


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


MIGRATIONS = (
    Migration(1, "journal and incidents", _first),
    Migration(2, "import keys", _second),
    Migration(3, "drafts", _third),
    Migration(4, "query plans", _fourth),
    Migration(5, "search queue", _fifth),
    Migration(6, "sharing", _sixth),
)
NEWEST = MIGRATIONS[-1].version


def bring_up_to_date(database: APSWDatabase, path: Path) -> None:
    """Migrate the file at `path`; raises StoreError when it is newer or not ours."""
    connection: apsw.Connection = database.connection()
    version = schema_of(connection, path)
    if version == NEWEST:
        return
    if version:
        _copy_beside(connection, path, version)
    for migration in MIGRATIONS:
        if migration.version > version:
            with database.atomic("IMMEDIATE"):
                # Another process may have been faster.
                if int(connection.pragma("user_version")) < migration.version:
                    migration.run(connection)
                    connection.pragma("application_id", APPLICATION_ID)
                    connection.pragma("user_version", migration.version)


def schema_of(connection: apsw.Connection, path: Path) -> int:
    """Return the schema of a database; raises StoreError when it is newer or not ours."""
    version = int(connection.pragma("user_version"))
    if version > NEWEST:
        raise StoreError(
            f"{path.name} was written by a newer Incident Desk (schema {version}, this program "
            f"knows {NEWEST}). Nothing was changed; update the program to open it.",
            code="newer",
        )
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    ours = int(connection.pragma("application_id")) == APPLICATION_ID
    if tables and not ours:
        raise StoreError(
            f"{path.name} is a database of another program. Nothing was changed; "
            "choose another folder for Incident Desk.",
            code="foreign",
        )
    return version


def _copy_beside(connection: apsw.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.stem}.before-schema-{NEWEST}.from-{version}{path.suffix}")
    target = apsw.Connection(str(copy))
    try:
        with target.backup("main", connection, "main") as backup:
            backup.step(-1)
    finally:
        target.close()
