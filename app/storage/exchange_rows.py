"""What this workstation alone knows of the exchange: what it has seen, refused and has to say.

Nothing here is journalled. Small tables, plain SQL; any thread with a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import apsw

    from app.domain.publication import Publication

HELD_BACK_MS = 10 * 60 * 1000
"""So long a damaged piece may wait for its repair before people are told (sync.md, faults)."""

LATEST_ONLY = frozenset({"clock"})
"""Kinds of notes that say how something is now: by how much a clock is wrong."""


class Seen(NamedTuple):
    """A piece that was published or taken: its span, and the signature over its last hash."""

    first: int
    last: int
    key: bytes
    signature: bytes


class Quarantined(NamedTuple):
    """Something on the hub that was not taken: whose, where, why, which rows, since when (ms)."""

    station: bytes
    place: str
    reason: str
    first: int | None
    last: int | None
    at: int


class Note(NamedTuple):
    """A health note: a fault of the table of sync.md that people are told of."""

    kind: str
    station: bytes
    text: str
    at: int


def vector(connection: apsw.Connection) -> dict[bytes, tuple[int, bytes]]:
    """Return how far each station's rows are known, with the hash of the last."""
    rows: Any = connection.execute("SELECT station, sseq, hash FROM vv")
    return {station: (sseq, hash_) for station, sseq, hash_ in rows}


def hash_at(connection: apsw.Connection, station: bytes, sseq: int) -> bytes | None:
    """Return the chain hash of a row that is here."""
    found: bytes | None = connection.execute(
        "SELECT hash FROM change WHERE station = ? AND sseq = ?", (station, sseq)
    ).get
    return found


def pin_key(connection: apsw.Connection, station: bytes, key: bytes) -> bytes:
    """Return the key that a station's pieces must carry: `key` when none is known yet."""
    connection.execute("INSERT OR IGNORE INTO station_key VALUES (?,?)", (station, key))
    return pinned_key(connection, station) or key


def pinned_key(connection: apsw.Connection, station: bytes) -> bytes | None:
    """Return the key that a station's pieces were signed with so far."""
    found: bytes | None = connection.execute(
        "SELECT key FROM station_key WHERE station = ?", (station,)
    ).get
    return found


def note_seen(connection: apsw.Connection, piece: Publication) -> None:
    """Keep the signature of a piece, so that it can be published again after a loss."""
    connection.execute(
        "INSERT OR REPLACE INTO segment_seen VALUES (?,?,?,?,?)",
        (piece.station, piece.last, piece.first, piece.key, piece.signature),
    )


def seen(connection: apsw.Connection, station: bytes) -> list[Seen]:
    """Return the pieces of a station that were published or taken, in order."""
    rows: Any = connection.execute(
        "SELECT first, last, key, signature FROM segment_seen WHERE station = ? ORDER BY first",
        (station,),
    )
    return [Seen(*row) for row in rows]


def signed_up_to(connection: apsw.Connection, station: bytes) -> Seen | None:
    """Return the last piece of a station that was published or taken."""
    return max(seen(connection, station), key=lambda one: one.last, default=None)


def put_quarantine(connection: apsw.Connection, one: Quarantined) -> None:
    """Note what was not taken; what is noted already keeps the instant when it was found."""
    connection.execute("INSERT OR IGNORE INTO quarantine VALUES (?,?,?,?,?,?)", one)


def lift_quarantine(connection: apsw.Connection, station: bytes, last: int) -> None:
    """Forget damaged places whose rows have come by another way, and the note of the last."""
    connection.execute(
        "DELETE FROM quarantine WHERE station = ? AND last IS NOT NULL AND last <= ?",
        (station, last),
    )
    left: Any = connection.execute("SELECT 1 FROM quarantine WHERE station = ?", (station,)).get
    if left is None:
        unsay(connection, "damaged", station)


def quarantined(connection: apsw.Connection) -> list[Quarantined]:
    """Return what is held back, oldest first."""
    rows: Any = connection.execute("SELECT * FROM quarantine ORDER BY at, station, place")
    return [Quarantined(*row) for row in rows]


def say(connection: apsw.Connection, note: Note) -> None:
    """Note a fault for people; the same one again changes nothing.

    Of a kind that says how something is, only the latest note of a station is kept.
    """
    if note.kind in LATEST_ONLY:
        connection.execute(
            "DELETE FROM health WHERE kind = ? AND station = ? AND text <> ?",
            (note.kind, note.station, note.text),
        )
    connection.execute("INSERT OR IGNORE INTO health VALUES (?,?,?,?)", note)


def unsay(connection: apsw.Connection, kind: str, station: bytes) -> None:
    """Take a note back whose cause is gone."""
    connection.execute("DELETE FROM health WHERE kind = ? AND station = ?", (kind, station))


def forget(connection: apsw.Connection, kind: str, text: str) -> bool:
    """Take a note away that people have read; tell whether it was there."""
    connection.execute("DELETE FROM health WHERE kind = ? AND text = ?", (kind, text))
    return connection.changes() > 0


def notes(connection: apsw.Connection) -> list[Note]:
    """Return the health notes, oldest first."""
    rows: Any = connection.execute("SELECT * FROM health ORDER BY at, kind, station, text")
    return [Note(*row) for row in rows]


def own_since(connection: apsw.Connection, station: bytes, last: int) -> int:
    """Return how many actions of a station stand after a row: what waits to be sent."""
    found: Any = connection.execute(
        "SELECT count(DISTINCT tx_first) FROM change WHERE station = ? AND sseq > ?",
        (station, last),
    ).get
    return int(found)
