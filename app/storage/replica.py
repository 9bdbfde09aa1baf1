"""A whole replica for a new station to start from: made without secrets, taken only when proven.

It holds what the team shares and nothing of the workstation that made it. Taking one over replaces
the content of the database in one step, as a copy does, with the own rows and local facts put in
before; other connections then simply read the new content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from app.domain.errors import StoreError
from app.domain.journal_entry import GENESIS, Change
from app.domain.publication import Publication
from app.storage import backup, not_understood, remote
from app.storage.database import known_store_errors
from app.storage.store import CATALOGUE_VERSION, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OF_THE_MAKER = (
    "local",
    "draft",
    "quarantine",
    "health",
    "station_key",
    "outbox",
    "mail_quarantine",
)
"""Tables that belong to the workstation that makes a replica."""
_FAR = 1_000_000
"""Added to the count of catalogue changes, so that every cache of the rules is read again."""


def make(store: Store, target: Path) -> int:
    """Write a replica to a file; return the newest clock reading in it.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    raw = target.with_name(f"{target.name}.raw")
    try:
        backup.copy_database(store.connection, raw)
        with known_store_errors(target):
            connection = apsw.Connection(str(raw))
            try:
                for table in _OF_THE_MAKER:
                    connection.execute(f"DELETE FROM {table}")
                connection.execute("UPDATE incident SET unread = 0 WHERE unread != 0")
                newest: Any = connection.execute("SELECT coalesce(max(hlc), 1) FROM change").get
                # Deleted rows stay in free pages: only a new file is surely without them.
                connection.execute("VACUUM INTO ?", (str(target),))
            finally:
                connection.close()
    finally:
        raw.unlink(missing_ok=True)
    return int(newest)


def rows(store: Store) -> int:
    """Return how many rows the journal has."""
    found: Any = store.connection.execute("SELECT coalesce(sum(sseq), 0) FROM vv").get
    return int(found)


def may_start_anew(store: Store) -> bool:
    """Tell whether this profile has no incident yet, so that a replica can take its place."""
    found: Any = store.connection.execute("SELECT 1 FROM change WHERE kind = 'incident'").get
    return found is None


def take_over(store: Store, file: Path) -> None:
    """Replace the content of the database by a replica, keeping own rows and local facts.

    Before it is read, the file and every hash chain are checked (sync.md, hub folder). That its
    tables and indexes follow from the journal is proven afterwards (`proving`), beside the work.

    Raises:
        StoreError: the file is damaged, foreign or of another schema; nothing was changed.
    """
    backup.prove(file, indexes=False)
    _compare_schema(store, file)
    prepared = Store(file, store.clock, store.zone)
    try:
        _bring_own(store, prepared)
        prepared.connection.pragma("journal_mode", "delete")
    finally:
        prepared.close_thread()
    with store.known_errors():
        source = apsw.Connection(str(file))
        try:
            with store.connection.backup("main", source, "main") as running:
                running.step(-1)
        finally:
            source.close()
        store.connection.pragma("journal_mode", "wal")


def _compare_schema(store: Store, file: Path) -> None:
    sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
    with known_store_errors(file):
        other = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            other.pragma("trusted_schema", "off")
            theirs = [_plain(text) for (text,) in other.execute(sql)]
        finally:
            other.close()
    ours = [_plain(text) for (text,) in store.connection.execute(sql)]
    if theirs != ours:
        raise StoreError(
            f"{file.name} has other tables than this program. Nothing was taken from it.",
            code="foreign",
        )


def _plain(sql: str) -> str:
    """Return a statement without quotes and spaces, which renaming a table changes."""
    return "".join(sql.replace('"', "").split())


def _bring_own(store: Store, prepared: Store) -> None:
    kept: list[Any] = store.connection.execute("SELECT * FROM local").fetchall()
    with prepared.known_errors(), prepared.database.atomic("IMMEDIATE"):
        prepared.connection.execute("DELETE FROM local")
        prepared.connection.executemany("INSERT INTO local VALUES (?,?)", kept)
        for table in ("draft", "station_key", "health", "outbox", "mail_quarantine"):
            everything: list[Any] = store.connection.execute(f"SELECT * FROM {table}").fetchall()
            if everything:
                marks = ",".join("?" * len(everything[0]))
                prepared.connection.executemany(
                    f"INSERT OR IGNORE INTO {table} VALUES ({marks})", everything
                )
    stations: list[Any] = store.connection.execute("SELECT station FROM vv").fetchall()
    for (station,) in stations:
        for piece in _pieces(store, station):
            remote.apply(prepared, piece)
    not_understood.take(prepared)  # its maker may have known less
    with prepared.known_errors(), prepared.database.atomic("IMMEDIATE"):
        version = int(prepared.local(CATALOGUE_VERSION, 0))
        prepared.set_local(CATALOGUE_VERSION, version + _FAR)
        prepared.connection.execute("UPDATE incident SET unread = 0 WHERE unread != 0")
        prepared.connection.execute("DELETE FROM segment_seen WHERE signature = x''")


def _pieces(store: Store, station: bytes) -> Iterator[Publication]:
    found: list[Any] = store.connection.execute(
        "SELECT * FROM change WHERE station = ? ORDER BY sseq", (station,)
    ).fetchall()
    changes = [Change._make(row) for row in found]
    if changes:
        redacted: dict[int, bytes] = dict(
            store.connection.execute(
                "SELECT sseq, digest FROM redaction WHERE station = ?", (station,)
            )
        )
        yield Publication(station, GENESIS, tuple(changes), redacted, b"", b"")
