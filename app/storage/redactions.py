"""Blanks values for good where a `redact` row of the journal asks for it (sync.md, local tables).

The row that is blanked keeps its place in the chain: its digest stays. What may still be read there
stands in the `redact` row, so that every station reads the same, in whatever order rows come; the
view `said` puts it in the place of the value. Inside the transaction of the caller.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.journal_entry import Change, Version, value_digest
from app.storage import (
    catalogue_rows,
    child_rows,
    contested,
    incident_rows,
    late_rows,
    search_queue,
)
from app.storage.attachments import is_digest
from app.storage.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import apsw

    from app.storage.materialise import Derive

REDACT = "redact"
KIND = "redaction"
SCRUB = "redact.scrub"
"""Set while free pages, the search index or the log may still hold what was blanked."""
NEVER = frozenset({"station", "number_block", "station_lease"})
"""Kinds whose rows cannot be blanked: without them nobody knows keys and numbers."""
_KEPT_FIELDS = frozenset({"number", "merged_into", "deleted", "external_id"})


class Ask(NamedTuple):
    """One `redact` row: which row it blanks, in which item, and what may be read there then."""

    target: Version
    by: Version
    hlc: int
    root: bytes
    instead: str | None
    sha256: str | None


def applied(
    connection: apsw.Connection, changes: Sequence[Change]
) -> tuple[list[Change], set[bytes]]:
    """Blank what these rows ask for, and what was asked for of these rows.

    Return the rows as they are to be read now, and the items to be brought up to that afterwards.
    """
    asks = [ask for change in changes if (ask := _ask_of(connection, change)) is not None]
    _note(connection, asks)
    if not asks and not _is_any_asked(connection):
        return list(changes), set()
    wanted = {ask.target for ask in asks}
    for change in changes:
        asked: Any = connection.execute(
            "SELECT 1 FROM redact_asked WHERE station = ? AND sseq = ? AND root = ?",
            (*change.version, change.root),
        ).get
        if asked is not None:
            wanted.add(change.version)
    for version in wanted:
        _blank(connection, version)
    # A row that asked for something may itself have been blanked: it asks for the same as before.
    roots = {ask.root for ask in asks}
    read = [_as_said(connection, c) if c.version in wanted or c.value is None else c
            for c in changes]  # fmt: skip
    return read, roots | {c.root for c in changes if c.version in wanted}


def collect(connection: apsw.Connection) -> None:
    """Note again what all `redact` rows of the journal ask for, before a rebuild reads it."""
    connection.execute("DELETE FROM redact_asked")
    known = -1
    while known != (count := _count(connection)):  # what one asks for may be said by another
        known = count
        rows: Any = connection.execute("SELECT * FROM said WHERE op = 'redact'").fetchall()
        changes = [Change._make(row) for row in rows]
        _note(connection, [a for c in changes if (a := _ask_of(connection, c)) is not None])


def asked(connection: apsw.Connection) -> dict[bytes, dict[int, tuple[int, frozenset[bytes]]]]:
    """Return the rows that are to be blanked everywhere, by station and sequence.

    Of each stand the clock reading when it was first asked for, and the items that it is asked of:
    a row of another item, under a number that was used twice, is not meant.
    """
    found: dict[bytes, dict[int, tuple[int, frozenset[bytes]]]] = {}
    for station, sseq, hlc, root in connection.execute(
        "SELECT station, sseq, hlc, root FROM redact_asked ORDER BY hlc DESC"
    ):
        rows = found.setdefault(station, {})
        _, roots = rows.get(sseq, (hlc, frozenset()))
        rows[sseq] = (hlc, roots | {root})
    return found


def unasked(connection: apsw.Connection) -> dict[bytes, int]:
    """Return how many rows of each station are blank although no row asks for it."""
    rows: Any = connection.execute(
        "SELECT r.station, count(*) FROM redaction r WHERE NOT EXISTS (SELECT 1 FROM "
        "redact_asked a WHERE a.station = r.station AND a.sseq = r.sseq) GROUP BY r.station"
    )
    return dict(rows)


def files(connection: apsw.Connection) -> set[str]:
    """Return the digests of the files that nobody is to keep."""
    rows: Any = connection.execute(
        "SELECT DISTINCT sha256 FROM redact_asked WHERE sha256 IS NOT NULL"
    )
    return {sha256 for (sha256,) in rows}


def _count(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM redact_asked").get)


def _is_any_asked(connection: apsw.Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM redact_asked)").get)


def _ask_of(connection: apsw.Connection, change: Change) -> Ask | None:
    if change.op != REDACT:
        return None
    value = change.value if change.value is not None else _as_said(connection, change).value
    if value is None:
        return None
    try:
        told = json.loads(value)
        station, sseq = bytes.fromhex(told["station"]), int(told["sseq"])
        instead, sha256 = told.get("instead"), told.get("sha256")
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not isinstance(sha256, str) or not is_digest(sha256):
        sha256 = None
    text = None if instead is None else json.dumps(
        instead, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )  # fmt: skip
    target = Version(station, sseq)
    return Ask(target, change.version, change.hlc, change.root, text, sha256)


def _note(connection: apsw.Connection, asks: Iterable[Ask]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO redact_asked VALUES (?,?,?,?,?,?,?,?)",
        [(*a.target, *a.by, a.hlc, a.root, a.instead, a.sha256) for a in asks],
    )


def _blank(connection: apsw.Connection, version: Version) -> None:
    """Blank the value of a row that is here, if a row of the same item asks for it."""
    row: Any = connection.execute(
        "SELECT c.kind, c.op, c.value, c.salt, c.action FROM change c WHERE c.station = ?1 "
        "AND c.sseq = ?2 AND EXISTS (SELECT 1 FROM redact_asked a WHERE a.station = ?1 "
        "AND a.sseq = ?2 AND a.root = c.root)",
        version,
    ).get
    if row is None or row[0] in NEVER:
        return
    _, op, value, salt, action = row
    if value is not None and salt is not None:
        connection.execute(
            "INSERT OR IGNORE INTO redaction VALUES (?,?,?)", (*version, value_digest(salt, value))
        )
        connection.execute(
            "UPDATE change SET value = NULL, salt = NULL WHERE station = ? AND sseq = ?", version
        )
        connection.execute("UPDATE action SET title = 'Redacted' WHERE id = ?", (action,))
        connection.execute(
            "INSERT INTO local VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
            (SCRUB,),
        )
    if op == REDACT:
        again = connection.execute("SELECT * FROM said WHERE station = ? AND sseq = ?", version).get
        asks = _ask_of(connection, Change._make(again))
        _note(connection, [] if asks is None else [asks])


def _as_said(connection: apsw.Connection, change: Change) -> Change:
    found: Any = connection.execute(
        "SELECT value FROM said WHERE station = ? AND sseq = ?", change.version
    ).get
    return change._replace(value=found, salt=None)


def refresh(
    connection: apsw.Connection, roots: Iterable[bytes], *, derive: Derive | None = None
) -> None:
    """Bring incidents and catalogue items up to what their rows say now."""
    for root in roots:
        row: Any = connection.execute(
            "SELECT c.* FROM head h CROSS JOIN said c ON c.station = h.station AND c.sseq = h.sseq "
            "WHERE h.entity = ? AND h.field = '*' AND c.value IS NOT NULL "
            "ORDER BY c.hlc, c.station LIMIT 1",
            (root,),
        ).get
        if row is None:
            continue
        create = Change._make(row)
        value = json.loads(create.value or "{}")
        if create.kind in catalogue_rows.KINDS:
            catalogue_rows.settle(connection, [(create, value)])
        elif create.kind == "incident" and isinstance(value, dict):
            rowid: Any = connection.execute("SELECT id FROM incident WHERE uid = ?", (root,)).get
            if rowid is None:  # it came blanked, before the row that says what is left of it
                late_rows.insert(connection, [(create, value)], derive=derive)
            else:
                _refresh_incident(connection, rowid, create, value)


def _refresh_incident(
    connection: apsw.Connection, rowid: int, create: Change, value: dict[str, Any]
) -> None:
    uid = create.entity
    later = set(contested.fields_of(connection, uid))
    work: list[tuple[Change, Any]] = []

    def say(field: str, op: str, told: Any) -> None:
        work.append((create._replace(field=field, op=op), told))

    for field in FIELDS:
        if field in value and field not in later | _KEPT_FIELDS:
            say(field, "set", value[field])
    for name, told in value.get("custom", {}).items():
        if f"custom.{name}" not in later:
            say(f"custom.{name}", "set", told)
    if "tags" in value:
        connection.execute("DELETE FROM incident_tag WHERE incident = ?", (rowid,))
        for tag in value["tags"]:
            say(f"tag:{tag}", "add", tag)
    for field in sorted(later - _KEPT_FIELDS):
        now = contested.current(connection, uid, field)
        if now is not None:
            say(field, now.op, now.value)
    incident_rows.update(connection, work)
    children: list[Any] = connection.execute(
        "SELECT * FROM said WHERE root = ? AND op = 'create' AND kind IN ('attachment', 'outage') "
        "AND value IS NOT NULL",
        (uid,),
    ).fetchall()
    told = [(child, json.loads(child.value or "{}")) for child in map(Change._make, children)]
    child_rows.apply(connection, told, late=True)
    for child, facts in told:
        if child.kind == "attachment":
            child_rows.describe(connection, child.entity, facts)
    search_queue.put(connection, (rowid,))
    incident_rows.mark_conflict(connection, uid)
