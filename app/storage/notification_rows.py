"""What may be worth a notification: rows of others above a mark, and clocks that were crossed.

Which of it is told is decided in `domain.notification`; what was told is kept here, for this
workstation alone. Any thread with a connection.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from app.domain import hybrid_clock
from app.domain.incident import EntityId
from app.domain.notification import News, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    import apsw

    from app.storage.store import Store

STATE, SHELF = "notify.state", "notify.shelf"
"""Local facts: what was looked at and told, and the list of what was told (JSON)."""
_MOST: Final = 500
"""So many rows or clocks are looked at in one go; of more, the newest."""
_MOST_READ: Final = 100
"""So many incidents are read whole in one go."""

_NEWS = f"""SELECT c.kind, c.op, c.field, c.value, c.author, c.hlc, i.uid, i.number, i.title,
    i.is_open, i.assignee, i.major, i.requester, p.name
    FROM change c JOIN incident i ON i.uid = c.root
    LEFT JOIN catalogue_item p ON p.uid = c.author
    WHERE c.station = :station AND c.sseq > :after AND c.sseq <= :upto AND c.author != :me
    AND i.deleted = 0 AND c.value IS NOT NULL AND (
        c.kind = 'incident' AND (
            c.op = 'set' AND (c.field = 'assignee' AND c.value = :me_text
                OR c.field = 'major' AND c.value = 'true')
            OR c.op = 'create' AND (i.assignee = :me OR i.major = 1))
        OR c.kind = 'note' AND c.op = 'create' AND i.assignee = :me)
    ORDER BY c.sseq DESC LIMIT {_MOST}"""

_MINE = "(assignee = :me OR assignee IS NULL AND (:team IS NULL OR team IS NULL OR team = :team))"
_OPEN = f"is_open = 1 AND deleted = 0 AND {_MINE}"
_RESOLUTION = f"""SELECT uid FROM incident WHERE paused = 0 AND stopped = 0 AND {_OPEN}
    AND due_at > :last AND (due_at < :now OR warn_at > :last AND warn_at <= :now)
    ORDER BY due_at DESC LIMIT {_MOST_READ}"""
_RESPONSE = f"""SELECT uid, priority, registered_at FROM incident
    WHERE status IN ('new', 'assigned') AND {_OPEN}
    AND acknowledged_at IS NULL AND first_response_at IS NULL AND response_due_at > :last
    ORDER BY response_due_at LIMIT {_MOST}"""
_TOUCHED = f"""SELECT uid FROM incident WHERE uid IN (
        SELECT root FROM change WHERE station = :station AND sseq > :after AND sseq <= :upto
        AND kind = 'incident')
    AND {_OPEN} AND (warn_at > 0 AND warn_at <= :now AND paused = 0 AND stopped = 0
        OR response_due_at BETWEEN 1 AND :now AND acknowledged_at IS NULL
        AND first_response_at IS NULL)
    ORDER BY updated_at DESC LIMIT {_MOST_READ}"""


def vector(connection: apsw.Connection) -> dict[str, int]:
    """Return how far each station's rows are known, by its id in hex."""
    rows: Any = connection.execute("SELECT station, sseq FROM vv")
    return {station.hex(): sseq for station, sseq in rows}


def news(
    connection: apsw.Connection, station: str, after: int, upto: int, me: bytes
) -> Iterator[News]:
    """Yield rows of a station, written by others than `me`, that may be worth telling."""
    values = {
        "station": bytes.fromhex(station),
        "after": after,
        "upto": upto,
        "me": me,
        "me_text": f'"{me.hex()}"',
    }
    rows: Any = connection.execute(_NEWS, values).fetchall()
    for kind, op, field, value, author, hlc, uid, number, title, *facts, name in reversed(rows):
        is_open, assignee, major, requester = facts
        about = Subject(
            uid.hex(), number, title, bool(is_open), _hex(assignee), bool(major), _hex(requester)
        )
        at_ms = hybrid_clock.wall_ms(hlc)
        yield News(kind, op, field, json.loads(value), _hex(author), name or "", at_ms, about)


def crossed(
    connection: apsw.Connection, me: bytes, team: bytes | None, last_ms: int, now_ms: int
) -> set[EntityId]:
    """Return my incidents, and nobody's, whose resolution clock was crossed meanwhile."""
    values = {"me": me, "team": team, "last": last_ms, "now": now_ms}
    return {EntityId(uid) for (uid,) in connection.execute(_RESOLUTION, values)}


def unanswered(
    connection: apsw.Connection, me: bytes, team: bytes | None, last_ms: int
) -> list[tuple[EntityId, str, int]]:
    """Return those whose response clock runs: id, priority, and when it was registered (ms)."""
    values = {"me": me, "team": team, "last": last_ms}
    rows: Any = connection.execute(_RESPONSE, values)
    return [(EntityId(uid), priority, registered) for uid, priority, registered in rows]


def touched(
    connection: apsw.Connection,
    me: bytes,
    team: bytes | None,
    now_ms: int,
    *,
    station: str,
    after: int,
    upto: int,
) -> set[EntityId]:
    """Return those of them that somebody changed: a clock may have got another target."""
    values = {
        "station": bytes.fromhex(station),
        "after": after,
        "upto": upto,
        "me": me,
        "team": team,
        "now": now_ms,
    }
    return {EntityId(uid) for (uid,) in connection.execute(_TOUCHED, values)}


def titles(connection: apsw.Connection, uids: set[str]) -> dict[str, str]:
    """Return the titles of those of these incidents (ids in hex) that are there."""
    found: dict[str, str] = {}
    for uid in uids:
        title: Any = connection.execute(
            "SELECT title FROM incident WHERE uid = ? AND deleted = 0", (bytes.fromhex(uid),)
        ).get
        if title is not None:
            found[uid] = str(title)
    return found


def read(store: Store, key: str) -> Any:
    """Return what is kept under a key; None when nothing is, or nothing that can be read."""
    try:
        return json.loads(store.local(key, "null"))
    except ValueError:
        return None


def write(store: Store, key: str, value: Any) -> None:
    """Keep a plain value under a key, inside a transaction."""
    store.set_local(key, json.dumps(value))


def _hex(uid: bytes | None) -> str:
    return "" if uid is None else uid.hex()
