"""Reads what can still be read of a damaged database: local facts and the own journal.

Nothing is believed that does not hold: of the rows only those whose hash chain verifies are taken,
whole transactions from the first one on.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import apsw

from app.domain.journal_entry import GENESIS, Change
from app.domain.publication import Publication, fault_of, groups
from app.storage.database import known_store_errors

if TYPE_CHECKING:
    from pathlib import Path


class Salvaged(NamedTuple):
    """Local facts by key, the station's rows as one piece (None: none), and how many it had."""

    local: dict[str, Any]
    piece: Publication | None
    wrote: int


def is_sound(path: Path) -> bool:
    """Tell whether a database holds together."""
    try:
        with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
            return bool(connection.execute("PRAGMA integrity_check").get == "ok")
    except apsw.Error:
        return False


def read(path: Path) -> Salvaged:
    """Read a damaged database without changing it.

    Raises:
        StoreError: not even the local facts can be read.
    """
    with (
        known_store_errors(path),
        closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as connection,
    ):
        connection.pragma("trusted_schema", "off")
        rows: Any = connection.execute("SELECT key, value FROM local")
        local = dict(rows)
        station = bytes(local["station"]) if "station" in local else b""
        changes = _changes(connection, station)
        wrote = len(changes)
        with suppress(apsw.Error):
            known: Any = connection.execute("SELECT sseq FROM vv WHERE station = ?", (station,)).get
            wrote = max(wrote, known or 0)
        redacted: dict[int, bytes] = {}
        with suppress(apsw.Error):
            redacted = dict(
                connection.execute(
                    "SELECT sseq, digest FROM redaction WHERE station = ?", (station,)
                )
            )
    return Salvaged(local, _piece(station, changes, redacted), wrote)


def _changes(connection: apsw.Connection, station: bytes) -> list[Change]:
    found: list[Change] = []
    with suppress(apsw.Error):
        rows: Any = connection.execute(
            "SELECT * FROM change WHERE station = ? ORDER BY sseq", (station,)
        )
        found.extend(Change._make(row) for row in rows)
    return found


def _piece(station: bytes, changes: list[Change], redacted: dict[int, bytes]) -> Publication | None:
    """Return the longest beginning of the rows that holds."""
    good: list[Change] = []
    previous = GENESIS
    for group in groups(changes):
        piece = Publication(station, previous, group, redacted, b"", b"")
        if group[0].sseq != len(good) + 1 or fault_of(piece):
            break
        good += group
        previous = group[-1].hash
    return Publication(station, GENESIS, tuple(good), redacted, b"", b"") if good else None
