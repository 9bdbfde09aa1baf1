"""The last payload of each tool that was taken, to teach a format with. This database only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import apsw

_MOST_KEPT = 100
_KEPT_MS = 7 * 86_400_000


class Received(NamedTuple):
    """One payload: the tool that it was read as, where it came from, when (ms), and its bytes."""

    source: str
    origin: str
    at: int
    body: bytes


def last_at(connection: apsw.Connection, source: str, origin: str) -> int:
    """Return when a payload of a tool was last kept (ms), 0 for never."""
    found: Any = connection.execute(
        "SELECT at FROM alert_received WHERE source = ? AND origin = ?", (source, origin)
    ).get
    return int(found or 0)


def put(connection: apsw.Connection, one: Received) -> None:
    """Keep a payload in place of the last one of its tool; forget what is old or too many."""
    connection.execute("INSERT OR REPLACE INTO alert_received VALUES (?,?,?,?)", one)
    connection.execute(
        "DELETE FROM alert_received WHERE at < ? OR at < (SELECT min(at) FROM (SELECT at FROM "
        "alert_received ORDER BY at DESC LIMIT ?))",
        (one.at - _KEPT_MS, _MOST_KEPT),
    )


def every(connection: apsw.Connection) -> list[Received]:
    """Return what is kept, the newest first."""
    rows: Any = connection.execute(
        "SELECT source, origin, at, body FROM alert_received ORDER BY at DESC, source, origin"
    )
    return [Received(source, origin, at, bytes(body)) for source, origin, at, body in rows]
