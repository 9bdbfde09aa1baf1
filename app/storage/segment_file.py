"""Journal rows as one small SQLite file that is written once: what stands on a shared folder.

Built and read in memory: bytes come and go, so that no half-written file is ever opened. Nothing in
a file is trusted: schema and types are compared with ours before a row is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from app.domain.journal_entry import Change
from app.domain.publication import Publication

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLICATION_ID = 0x1DE5_0002
FORMAT = 1
_SMALL_PAGE, _LARGE_PAGE = 512, 4096
_LARGE_FROM = 200
"""From so many rows on, large pages take less space."""

_TYPES: tuple[tuple[str, type], ...] = (
    ("station", bytes), ("sseq", int), ("hlc", int), ("at", int), ("zone", str),
    ("tx_first", int), ("tx_n", int), ("action", bytes), ("kind", str), ("entity", bytes),
    ("root", bytes), ("op", str), ("field", str), ("value", str), ("salt", bytes),
    ("prevs", bytes), ("author", bytes), ("undo_of", bytes), ("schema", int), ("hash", bytes),
)  # fmt: skip
_NAMES = {bytes: "BLOB", int: "INTEGER", str: "TEXT"}
_SCHEMA = (
    "CREATE TABLE change ("
    + ", ".join(
        f"{name} {_NAMES[kind]}{'' if name in {'value', 'salt'} else ' NOT NULL'}"
        for name, kind in _TYPES
    )
    + ", digest BLOB, PRIMARY KEY (sseq)) WITHOUT ROWID",
    "CREATE TABLE segment (station BLOB NOT NULL, previous BLOB NOT NULL, key BLOB NOT NULL, "
    "signature BLOB NOT NULL)",
)


class SegmentError(Exception):
    """A file does not hold what a segment holds; the text says why."""


def write(piece: Publication) -> bytes:
    """Return the file of a piece; the same piece gives the same bytes."""
    connection = apsw.Connection(":memory:")
    try:
        large = len(piece.changes) >= _LARGE_FROM
        connection.pragma("page_size", _LARGE_PAGE if large else _SMALL_PAGE)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", FORMAT)
        with connection:
            for statement in _SCHEMA:
                connection.execute(statement)
            marks = ",".join("?" * (len(_TYPES) + 1))
            connection.executemany(
                f"INSERT INTO change VALUES ({marks})",
                [(*change, piece.redacted.get(change.sseq)) for change in piece.changes],
            )
            connection.execute(
                "INSERT INTO segment VALUES (?,?,?,?)",
                (piece.station, piece.previous, piece.key, piece.signature),
            )
        return connection.serialize("main")
    finally:
        connection.close()


def read(content: bytes) -> Publication:
    """Return the piece in a file.

    Raises:
        SegmentError: it is damaged, or holds anything else than a segment's two tables.
    """
    connection = apsw.Connection(":memory:")
    try:
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.deserialize("main", content)
        connection.pragma("trusted_schema", "off")
        return _read(connection)
    except apsw.Error as error:
        raise SegmentError(f"it is damaged ({error})") from error
    finally:
        connection.close()


def _read(connection: apsw.Connection) -> Publication:
    schema: list[Any] = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    if [sql for (sql,) in schema] != list(_SCHEMA):
        raise SegmentError("its tables are not those of a segment")
    marks = (connection.pragma("application_id"), connection.pragma("user_version"))
    if marks != (APPLICATION_ID, FORMAT):
        raise SegmentError("it is no segment of this version")
    sound: Any = connection.execute("PRAGMA quick_check").get
    if sound != "ok":
        raise SegmentError(f"it is damaged ({sound})")
    facts: list[Any] = connection.execute("SELECT * FROM segment").fetchall()
    if len(facts) != 1 or not all(isinstance(fact, bytes) for fact in facts[0]):
        raise SegmentError("it does not say whose it is")
    station, previous, key, signature = facts[0]
    changes, redacted = [], {}
    rows: Iterable[Any] = connection.execute("SELECT * FROM change ORDER BY sseq")
    for *columns, digest in rows:
        change = Change._make(columns)
        _check_types(change)
        if digest is not None:
            if not isinstance(digest, bytes):
                raise SegmentError(f"entry {change.sseq} has a digest of the wrong type")
            redacted[change.sseq] = digest
        changes.append(change)
    if not changes:
        raise SegmentError("it holds no entry")
    return Publication(station, previous, tuple(changes), redacted, key, signature)


def _check_types(change: Change) -> None:
    for (name, kind), value in zip(_TYPES, change, strict=True):
        if value is None and name in {"value", "salt"}:
            continue
        if type(value) is not kind:
            raise SegmentError(f"entry {change.sseq} has a {name} of the wrong type")
    ids = (change.station, change.entity, change.root, change.action)
    if any(len(part) != 16 for part in ids) or len(change.prevs) % 24 or len(change.hash) != 32:
        raise SegmentError(f"entry {change.sseq} has an id of the wrong length")
