"""Pieces of a real journal, as a hub would hand them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.journal_entry import GENESIS, Change
from app.domain.publication import Publication, groups

if TYPE_CHECKING:
    from app.storage.store import Store


def pieces(store: Store, station: bytes | None = None, after: int = 0) -> list[Publication]:
    """Return the rows of a station, one unsigned piece for each transaction."""
    of = station or store.station
    rows = store.connection.execute(
        "SELECT * FROM change WHERE station = ? ORDER BY sseq", (of,)
    ).fetchall()
    previous, found = GENESIS, []
    for group in groups([Change._make(row) for row in rows]):
        found.append(Publication(of, previous, group, {}, b"", b""))
        previous = group[-1].hash
    return [piece for piece in found if piece.first > after]
