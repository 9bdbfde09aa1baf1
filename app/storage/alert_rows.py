"""What this workstation knows of each alert: its incident, how often it came, whether it lasts.

Which incident an alert has is told by the journal (the incident's `external_id`), so that two
workstations agree; counts are rows of this database only: a repeat is no change of a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.incident import EntityId

if TYPE_CHECKING:
    import apsw

FIRING, RESOLVED, SUPPRESSED = "firing", "resolved", "suppressed"
STORM_KEY = "storm"
"""The key of the row that stands for the storm of the moment; no tool's key looks like it."""
_MOST_KEPT = 10_000
"""Payloads in quarantine; the oldest give way."""


class AlertRow(NamedTuple):
    """One alert. Instants are milliseconds since 1970; `flaps` counts its returns."""

    key: str
    uid: bytes | None
    title: str
    state: str
    times: int
    first_at: int
    last_at: int
    opened_at: int
    flaps: int
    flapped_at: int


class Standing(NamedTuple):
    """Where an alert's incident stands."""

    uid: EntityId
    number: str
    status: str


class Quarantined(NamedTuple):
    """A payload that nobody could read, whole."""

    at: int
    source: str
    reason: str
    body: bytes


class Payload(NamedTuple):
    """What is in quarantine, with the number of its row."""

    id: int
    at: int
    source: str
    reason: str
    body: bytes


def find(connection: apsw.Connection, key: str) -> AlertRow | None:
    """Return what is known of an alert."""
    row: Any = connection.execute("SELECT * FROM alert WHERE key = ?", (key,)).fetchone()
    return None if row is None else AlertRow(*row)


def put(connection: apsw.Connection, row: AlertRow) -> None:
    """Keep what is known of an alert."""
    connection.execute("INSERT OR REPLACE INTO alert VALUES (?,?,?,?,?,?,?,?,?,?)", row)


def standing(connection: apsw.Connection, uid: bytes | None) -> Standing | None:
    """Return where an incident stands, or the one that it was merged into; None when it is gone."""
    for _ in range(20):  # a chain of merges ends; a ring of them would not
        if uid is None:
            return None
        row: Any = connection.execute(
            "SELECT uid, number, status, merged_into, deleted FROM incident WHERE uid = ?", (uid,)
        ).fetchone()
        if row is None or row[4]:
            return None
        if row[3] is None:
            return Standing(EntityId(bytes(row[0])), str(row[1]), str(row[2]))
        uid = bytes(row[3])
    return None


def open_incidents(connection: apsw.Connection, key: str) -> list[Standing]:
    """Return the open incidents of an alert, the oldest first: two when two stations opened one."""
    rows: Any = connection.execute(
        "SELECT uid, number, status FROM incident WHERE external_id = ? AND deleted = 0 "
        "AND merged_into IS NULL AND status NOT IN ('resolved', 'closed', 'cancelled') "
        "ORDER BY registered_at, uid",
        (key,),
    )
    return [
        Standing(EntityId(bytes(uid)), str(number), str(status)) for uid, number, status in rows
    ]


def opened_since(connection: apsw.Connection, since_ms: int) -> list[bytes]:
    """Return the incidents that alerts have opened from an instant on."""
    rows: Any = connection.execute(
        "SELECT DISTINCT uid FROM alert WHERE opened_at >= ? AND uid IS NOT NULL AND key <> ?",
        (since_ms, STORM_KEY),
    )
    return [bytes(uid) for (uid,) in rows]


def firing_of(connection: apsw.Connection, uid: bytes) -> int:
    """Count the alerts of an incident that last."""
    found: Any = connection.execute(
        "SELECT count(*) FROM alert WHERE uid = ? AND state = ? AND key <> ?",
        (uid, FIRING, STORM_KEY),
    ).get
    return int(found)


def told_by_others(connection: apsw.Connection, uid: bytes, author: bytes) -> bool:
    """Tell whether anybody but the author has written to an incident."""
    found: Any = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM change WHERE root = ? AND author <> ?)", (uid, author)
    ).get
    return bool(found)


def calm(connection: apsw.Connection, before_ms: int) -> list[AlertRow]:
    """Return alerts that came back often, are well now, and have been quiet since an instant."""
    rows: Any = connection.execute(
        "SELECT a.* FROM alert a JOIN incident i ON i.uid = a.uid "
        "WHERE a.state = ? AND a.flaps > 0 AND a.flapped_at < ? AND i.deleted = 0 "
        "AND i.status NOT IN ('resolved', 'closed', 'cancelled')",
        (RESOLVED, before_ms),
    )
    return [AlertRow(*row) for row in rows]


def total(connection: apsw.Connection) -> int:
    """Return how many alerts have been counted in all."""
    found: Any = connection.execute(
        "SELECT coalesce(sum(times), 0) FROM alert WHERE key <> ?", (STORM_KEY,)
    ).get
    return int(found)


def quarantine(connection: apsw.Connection, kept: Quarantined) -> None:
    """Keep a payload that nobody could read, with the reason."""
    connection.execute(
        "INSERT INTO alert_quarantine (at, source, reason, body) VALUES (?,?,?,?)", kept
    )
    connection.execute(
        "DELETE FROM alert_quarantine WHERE id <= (SELECT max(id) FROM alert_quarantine) - ?",
        (_MOST_KEPT,),
    )


def quarantined(connection: apsw.Connection) -> list[Quarantined]:
    """Return what is in quarantine, the newest first."""
    rows: Any = connection.execute(
        "SELECT at, source, reason, body FROM alert_quarantine ORDER BY id DESC"
    )
    return [Quarantined(at, source, reason, bytes(body)) for at, source, reason, body in rows]


def payloads(connection: apsw.Connection, most: int) -> list[Payload]:
    """Return what is in quarantine without the bodies, the newest first."""
    rows: Any = connection.execute(
        "SELECT id, at, source, reason FROM alert_quarantine ORDER BY id DESC LIMIT ?", (most,)
    )
    return [Payload(row_id, at, source, reason, b"") for row_id, at, source, reason in rows]


def count_payloads(connection: apsw.Connection) -> int:
    """Return how many payloads are in quarantine."""
    found: Any = connection.execute("SELECT count(*) FROM alert_quarantine").get
    return int(found)


def payload(connection: apsw.Connection, row_id: int) -> Payload | None:
    """Return one payload of the quarantine; None when it is gone."""
    row: Any = connection.execute(
        "SELECT id, at, source, reason, body FROM alert_quarantine WHERE id = ?", (row_id,)
    ).fetchone()
    if row is None:
        return None
    found_id, at, source, reason, body = row
    return Payload(found_id, at, source, reason, bytes(body))


def drop_payload(connection: apsw.Connection, row_id: int) -> None:
    """Remove a payload from quarantine."""
    connection.execute("DELETE FROM alert_quarantine WHERE id = ?", (row_id,))


def put_payload(connection: apsw.Connection, kept: Payload) -> None:
    """Put a payload back where it was; under a new number when its own is taken."""
    taken = payload(connection, kept.id) is not None
    connection.execute(
        "INSERT INTO alert_quarantine (id, at, source, reason, body) VALUES (?,?,?,?,?)",
        (None if taken else kept.id, *kept[1:]),
    )


def prune(connection: apsw.Connection, before_ms: int) -> tuple[int, int]:
    """Forget what is older than an instant: payloads in quarantine, and alerts that ended.

    An alert that lasts, or whose incident is open, is kept however old it is. Returns how many
    payloads and alerts went.
    """
    connection.execute("DELETE FROM alert_quarantine WHERE at < ?", (before_ms,))
    payloads = connection.changes()
    connection.execute(
        "DELETE FROM alert WHERE last_at < ? AND state <> ? AND key <> ? AND NOT EXISTS ("
        "SELECT 1 FROM incident i WHERE i.uid = alert.uid AND i.deleted = 0 AND "
        "i.status NOT IN ('resolved', 'closed', 'cancelled'))",
        (before_ms, FIRING, STORM_KEY),
    )
    return payloads, connection.changes()
