"""Copies a database while it is in use, proves the copy, and makes one the start of a new profile.

A copy is one whole file (no write-ahead log beside it). One that is taken into use gets a station
of its own: two databases that write as the same station would break the journal (sync.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import apsw

from app.domain.errors import StoreError
from app.storage import audit, schema
from app.storage.database import known_store_errors

if TYPE_CHECKING:
    from pathlib import Path

HEADER = b"SQLite format 3\0"


class CopyFacts(NamedTuple):
    """What a proven copy holds."""

    schema: int
    entries: int
    incidents: int
    heads: dict[str, str]


def copy_database(connection: apsw.Connection, target: Path) -> None:
    """Write the database as it is at this instant to a new file.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    with known_store_errors(target):
        copy = apsw.Connection(str(target))
        try:
            with copy.backup("main", connection, "main") as running:
                running.step(-1)
            copy.pragma("journal_mode", "delete")
        finally:
            copy.close()


def prove(path: Path, *, indexes: bool = True) -> CopyFacts:
    """Read a copy from end to end: the file is sound, it is ours, and every hash chain holds.

    Without `indexes` they are not compared with their tables, which is nearly half of the work.

    Raises:
        StoreError: it is damaged, foreign, or of a newer program; the file is left as it is.
    """
    with known_store_errors(path):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.pragma("trusted_schema", "off")
            version = schema.schema_of(connection, path)
            check = "integrity_check" if indexes else "quick_check"
            sound: Any = connection.execute(f"PRAGMA {check}").get
            if sound != "ok":
                raise StoreError(
                    f"{path.name} is damaged ({sound}). Nothing was changed; use another copy.",
                    code="corrupt",
                )
            chains = audit.verify_chains(connection)
            if chains.first_bad is not None:
                raise StoreError(
                    f"{path.name}: entry {chains.first_bad.sseq} of the journal does not hold "
                    f"({chains.first_bad.reason}). Nothing was changed; use another copy.",
                    code="corrupt",
                )
            incidents: Any = connection.execute(
                "SELECT count(*) FROM incident WHERE deleted = 0"
            ).get
        finally:
            connection.close()
    return CopyFacts(version, chains.entries, incidents, chains.heads)


def become_new_station(path: Path) -> None:
    """Forget in a copy which station wrote it; the one that opens it gets an id of its own."""
    with known_store_errors(path):
        connection = apsw.Connection(str(path))
        try:
            connection.execute("DELETE FROM local WHERE key = 'station'")
        finally:
            connection.close()
