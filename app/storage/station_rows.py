"""The stations of a team as the journal tells of them: names, keys, and who was admitted.

A station says of itself what it is called and which key it signs with; an administrator's station
admits that key where the team asked for it (sync.md, hub folder).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import apsw

    from app.domain.journal_entry import Change

KIND = "station"
SELF, APPROVED = "self", "approved"
"""Fields of a station's entity: what it says of itself, and which key was admitted."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Station(NamedTuple):
    """A workstation of the team."""

    id: bytes
    name: str
    key: bytes
    approved: bool


def code_of(station: bytes) -> str:
    """Return the four signs that stand for a station in numbers given out without a hub."""
    value = int.from_bytes(station[-3:])
    return "".join(_ALPHABET[value >> shift & 31] for shift in (15, 10, 5, 0))


def apply(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    """Bring the tables up to rows of the journal."""
    for change, value in batch:
        key = _key(value)
        if key is None:
            continue
        if change.field == SELF and change.entity == change.station:
            connection.execute(
                "INSERT OR REPLACE INTO station VALUES (?,?,?,?)",
                (change.entity, str(value.get("name", "")), code_of(change.entity), key),
            )
        elif change.field == APPROVED:
            connection.execute(
                "INSERT OR REPLACE INTO station_approval VALUES (?,?,?)",
                (change.entity, change.station, key),
            )


def _key(value: Any) -> bytes | None:
    try:
        return bytes.fromhex(value["key"])
    except (KeyError, TypeError, ValueError):
        return None


def stations(connection: apsw.Connection, founder: bytes) -> dict[bytes, Station]:
    """Return the stations that are known; `founder` is the first administrator's."""
    rows: list[Any] = connection.execute("SELECT uid, name, key FROM station").fetchall()
    return {
        uid: Station(
            uid, name, key, uid == founder or admitted_key(connection, founder, uid) == key
        )
        for uid, name, key in rows
    }


def name_of(connection: apsw.Connection, station: bytes) -> str:
    """Return what a station calls itself; "" while that is not known."""
    return str(connection.execute("SELECT name FROM station WHERE uid = ?", (station,)).get or "")


def admitted_key(connection: apsw.Connection, founder: bytes, station: bytes) -> bytes | None:
    """Return the key that the administrator's station has admitted for a station."""
    key: bytes | None = connection.execute(
        "SELECT key FROM station_approval WHERE station = ? AND by = ?", (station, founder)
    ).get
    return key


def enrolled_key(connection: apsw.Connection, station: bytes) -> bytes | None:
    """Return the key that a station named in its own journal; None before that row is known."""
    key: bytes | None = connection.execute("SELECT key FROM station WHERE uid = ?", (station,)).get
    return key
