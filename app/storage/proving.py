"""Compares what a database shows with what follows from its journal, on a copy of its own.

A replica that a station starts from is somebody's file: its journal is proven by chains and
signatures before it is taken, but its tables could say anything. To compare them all takes as long
as a rebuild, so it is done once, after joining, beside the work: a sample would miss the one row
that somebody forged. Nothing is locked meanwhile.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import apsw

from app.storage import backup, exchange_rows, rebuild, station_rows
from app.storage.database import known_store_errors
from app.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.storage.exchange_rows import Seen

_LOCAL = frozenset({
    "id", "unread", "target_s", "due_at", "warn_at", "counted_s", "paused_s", "paused", "stopped",
    "breached", "met", "response_target_s", "response_due_at", "response_met", "response_breached",
})  # fmt: skip
"""Row numbers and marks are local; running clocks move with the time at which they are read."""
_WHOLE = (
    "head", "superseded", "vv", "redact_asked", "catalogue_item", "catalogue_alias", "import_key",
    "number_claim", "station", "station_approval", "mail_message",
)  # fmt: skip
_OF_INCIDENTS = {
    "incident_detail": "id", "incident_tag": "incident", "incident_link": "incident",
    "custom_value": "incident", "checklist_tick": "incident", "number_alias": "incident",
    "attachment": "incident", "outage": "incident",
}  # fmt: skip

INDEXES = "indexes"


class End(NamedTuple):
    """How far a station's journal goes in a file, what was signed of it, and the key it names."""

    station: bytes
    last: int
    hash: bytes
    signed: Seen | None
    key: bytes | None


def ends(file: Path) -> list[End]:
    """Return where each journal in a replica ends.

    Raises:
        StoreError: the file is no database of ours.
    """
    with known_store_errors(file):
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.pragma("trusted_schema", "off")
            return [
                End(
                    station,
                    last,
                    hash_,
                    exchange_rows.signed_up_to(connection, station),
                    station_rows.enrolled_key(connection, station),
                )
                for station, (last, hash_) in exchange_rows.vector(connection).items()
            ]
        finally:
            connection.close()


def wrong_tables(store: Store, folder: Path) -> list[str]:
    """Return the tables that do not follow from the journal, and the indexes as `INDEXES`.

    Raises:
        StoreError: there is no space for a copy in `folder`.
    """
    copy = folder / ".proving.sqlite"
    _remove(copy)
    try:
        backup.copy_database(store.connection, copy)
        rebuilt = Store(copy, store.clock, store.zone)
        try:
            wrong = _mend_indexes(rebuilt.connection)
            shown = digests(rebuilt.connection)
            with rebuilt.known_errors(), rebuilt.database.atomic("IMMEDIATE"):
                rebuild.replay(rebuilt.connection)
            follows = digests(rebuilt.connection)
        finally:
            rebuilt.close_thread()
    finally:
        _remove(copy)
    return wrong + [table for table, digest in shown.items() if follows[table] != digest]


def build_anew(store: Store) -> None:
    """Make all that the journal does not hold anew: indexes, derived tables, clocks, search.

    Raises:
        StoreError: there is no space for it; nothing was changed.
    """
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        store.connection.execute("REINDEX")
        rebuild.rebuild(store)


def _mend_indexes(connection: apsw.Connection) -> list[str]:
    """Make indexes anew that do not hold what their tables do; tell whether there were any.

    What is compared and built afterwards is read by them.
    """
    sound: Any = connection.execute("PRAGMA integrity_check").get
    if sound == "ok":
        return []
    connection.execute("REINDEX")
    return [INDEXES]


def digests(connection: apsw.Connection) -> dict[str, bytes]:
    """Return a digest of each table that follows from the journal, whatever its row numbers."""
    return {table: _digest(connection, sql) for table, sql in _statements(connection)}


def _statements(connection: apsw.Connection) -> Iterator[tuple[str, str]]:
    for table in _WHOLE:
        yield table, f"SELECT * FROM {table} ORDER BY {_columns(connection, table)}"
    columns = _columns(connection, "incident", leave=_LOCAL)
    yield "incident", f"SELECT {columns} FROM incident ORDER BY uid"
    yield "number_block", "SELECT first, last, station FROM number_block ORDER BY first, station"
    for table, key in _OF_INCIDENTS.items():
        names = _columns(connection, table, leave=frozenset({key}), prefix="t.")
        yield (
            table,
            f"SELECT i.uid, {names} FROM {table} t JOIN incident i ON i.id = t.{key} "
            f"ORDER BY i.uid, {names}",
        )


def _columns(
    connection: apsw.Connection,
    table: str,
    *,
    leave: frozenset[str] = frozenset(),
    prefix: str = "",
) -> str:
    info: Any = connection.execute(f"PRAGMA table_info({table})")
    return ", ".join(f"{prefix}{row[1]}" for row in info if row[1] not in leave)


def _digest(connection: apsw.Connection, sql: str) -> bytes:
    found = sha256()
    for row in connection.execute(sql):
        found.update(repr(row).encode("utf-8", "surrogatepass"))
    return found.digest()


def _remove(copy: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
