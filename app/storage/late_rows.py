"""Inserts incidents whose rows come in any order: from a hub, or from a journal read anew.

What belongs to an incident may be known before its `create`; the same incident, or the same number,
may come twice. Whatever the order, the result is the same (sync.md, invariant I6).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import Change
from app.storage import (
    child_rows,
    contested,
    incident_rows,
    merge_cycles,
    not_understood,
    number_claims,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import apsw

    from app.storage.materialise import Derive

_SIDE_TABLES = (
    "incident_tag",
    "incident_link",
    "custom_value",
    "checklist_tick",
    "number_alias",
    "attachment",
    "outage",
)


KNOWN_KINDS = frozenset({"incident", *child_rows.KINDS})
"""What belongs to an incident: a row of a later kind moves nothing of it, whenever it comes."""

_KNOWN_OF_ROOT = (
    "SELECT count(*), max(at) FROM change WHERE root = ? AND kind IN ("
    + ", ".join(f"'{kind}'" for kind in sorted(KNOWN_KINDS))
    + ")"
)


def insert(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    *,
    derive: Derive | None = None,
    here: Mapping[bytes, int] | None = None,
) -> None:
    """Insert incidents from packed `create` rows and apply what was known of them already.

    The heads must have been moved on before. The search index catches up later. `here` counts the
    rows of each incident that are being applied now: where that is all, nothing came before.
    """
    here = here or {}
    plain: list[tuple[Change, Any]] = []
    seen: set[Any] = set()
    doubtful: list[tuple[Change, Any]] = []
    for change, value in batch:
        if not isinstance(value, dict):
            continue
        not_understood.note_packed(connection, change, value)
        number = str(value.get("number", ""))
        if change.entity in seen or number in seen or is_known(connection, change.entity, number):
            doubtful.append((change, value))
        else:
            plain.append((change, value))
            seen |= {change.entity, number}
    _insert(connection, plain, derive, here)
    for change, value in doubtful:
        _insert_doubtful(connection, change, value, derive)


def settle_deletions(connection: apsw.Connection, roots: Iterable[bytes]) -> None:
    """Show or hide incidents of which a deletion is known, now that more rows have come."""
    for root in roots:
        known: Any = connection.execute(
            "SELECT 1 FROM head WHERE entity = ? AND field = 'deleted'", (root,)
        ).get
        if known is None:
            continue
        told = contested.current(connection, root, contested.DELETED)
        if told is None:
            continue
        connection.execute(
            "UPDATE incident SET deleted = ? WHERE uid = ?", (bool(told.value), root)
        )
        incident_rows.mark_conflict(connection, root)


def settle_all(connection: apsw.Connection) -> None:
    """Settle deletions and merges of all incidents, after a rebuild."""
    rows: list[Any] = connection.execute(
        "SELECT DISTINCT h.entity FROM head h JOIN incident i ON i.uid = h.entity "
        "WHERE h.field = ?",
        (contested.DELETED,),
    ).fetchall()
    settle_deletions(connection, [uid for (uid,) in rows])
    merge_cycles.settle_all(connection)


def is_known(connection: apsw.Connection, uid: bytes, number: str) -> bool:
    """Tell whether an incident or its number is here already."""
    known: Any = connection.execute("SELECT 1 FROM incident WHERE uid = ?", (uid,)).get
    return known is not None or number_claims.is_taken(connection, number)


def _insert(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    derive: Derive | None,
    here: Mapping[bytes, int],
) -> None:
    if not batch:
        return
    incident_rows.insert(connection, batch, derive=derive, index=False)
    connection.executemany(
        "INSERT OR IGNORE INTO search_queue SELECT id FROM incident WHERE uid = ?",
        [(change.entity,) for change, _ in batch],
    )
    for change, _ in batch:
        _catch_up(connection, change, here.get(change.entity, 1))


def _insert_doubtful(
    connection: apsw.Connection, change: Change, value: dict[str, Any], derive: Derive | None
) -> None:
    """Insert an incident whose id or number is here already."""
    uid = change.entity
    known: Any = connection.execute("SELECT id FROM incident WHERE uid = ?", (uid,)).get
    if known is not None:
        change, value = _earliest(connection, uid, (change, value))
        _remove(connection, known)
    number = str(value.get("number", ""))
    if not number_claims.is_taken(connection, number):
        _insert(connection, [(change, value)], derive, {})
        return
    stand_in = {**value, "number": number_claims.stand_in(number, uid)}
    _insert(connection, [(change, stand_in)], derive, {})
    number_claims.settle(connection, number, uid, change.at)


def _earliest(
    connection: apsw.Connection, uid: bytes, arrived: tuple[Change, Any]
) -> tuple[Change, Any]:
    """Return the first of several creations of one incident."""
    row: Any = connection.execute(
        "SELECT c.* FROM head h CROSS JOIN said c ON c.station = h.station AND c.sseq = h.sseq "
        "WHERE h.entity = ? AND h.field = '*' AND c.value IS NOT NULL "
        "ORDER BY c.hlc, c.station LIMIT 1",
        (uid,),
    ).get
    if row is None:
        return arrived
    change = Change._make(row)
    return change, json.loads(change.value or "{}")


def _remove(connection: apsw.Connection, rowid: int) -> None:
    for table in _SIDE_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE incident = ?", (rowid,))
    connection.execute("DELETE FROM incident_detail WHERE id = ?", (rowid,))
    connection.execute("DELETE FROM incident WHERE id = ?", (rowid,))


def _catch_up(connection: apsw.Connection, create: Change, here: int) -> None:
    """Apply to a new incident what its heads and its children's rows say already."""
    uid = create.entity
    count, latest = connection.execute(_KNOWN_OF_ROOT, (uid,)).get
    if count == here:
        return
    work: list[tuple[Change, Any]] = []
    for field in contested.fields_of(connection, uid):
        told = contested.current(connection, uid, field)
        if told is not None:
            work.append((create._replace(field=field, op=told.op), told.value))
    incident_rows.update(connection, work)
    children: list[Any] = connection.execute(
        "SELECT * FROM said WHERE root = ? AND op = 'create' AND kind != 'incident' "
        "AND value IS NOT NULL ORDER BY station, sseq",
        (uid,),
    ).fetchall()
    rows = [Change._make(row) for row in children]
    rows = [row for row in rows if row.kind in child_rows.KINDS]
    child_rows.apply(connection, [(row, json.loads(row.value or "{}")) for row in rows], late=True)
    connection.execute(
        "UPDATE incident SET updated_at = max(updated_at, ?) WHERE uid = ?", (latest or 0, uid)
    )
    incident_rows.mark_conflict(connection, uid)
