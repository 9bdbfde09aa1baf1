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
    search_queue,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import apsw

    from app.storage.materialise import Clock, Derive

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
    + ") AND NOT EXISTS (SELECT 1 FROM not_understood n WHERE n.station = change.station "
    "AND n.sseq = change.sseq)"
)


def insert(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    *,
    derive: Derive | None = None,
    clock: Clock | None = None,
    here: Mapping[bytes, int] | None = None,
) -> None:
    """Insert incidents from packed `create` rows and apply what was known of them already.

    The heads must have been moved on before. The search index catches up later. `here` counts the
    rows of each incident that are being applied now: where that is all, nothing came before.
    """
    here = here or {}
    batch = [(change, value) for change, value in batch if isinstance(value, dict)]
    for change, value in batch:
        not_understood.note_packed(connection, change, value)
    # Mostly everything is new: the keys of the table tell, without being asked beforehand.
    claimed: Any = connection.execute("SELECT EXISTS (SELECT 1 FROM number_claim)").get
    if claimed or not _insert(connection, batch, derive, clock, here):
        _insert_carefully(connection, batch, derive, clock, here)


def _insert_carefully(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    derive: Derive | None,
    clock: Clock | None,
    here: Mapping[bytes, int],
) -> None:
    """Insert first what is new, then what has an id or a number that is here already."""
    uids = {change.entity for change, _ in batch}
    numbers = {str(value.get("number", "")) for _, value in batch}
    known = _among(connection, "SELECT uid FROM incident WHERE uid IN ({})", uids)
    taken = _among(connection, "SELECT number FROM incident WHERE number IN ({})", numbers)
    taken |= _among(connection, "SELECT number FROM number_claim WHERE number IN ({})", numbers)
    plain: list[tuple[Change, Any]] = []
    seen: set[Any] = set()
    doubtful: list[tuple[Change, Any]] = []
    for change, value in batch:
        number = str(value.get("number", ""))
        if change.entity in seen or number in seen or change.entity in known or number in taken:
            doubtful.append((change, value))
        else:
            plain.append((change, value))
            seen |= {change.entity, number}
    _insert_new(connection, plain, derive, clock, here)
    for change, value in doubtful:
        _insert_doubtful(connection, change, value, derive, clock)


MANY = 500
"""Values looked for in one statement."""


def _among(connection: apsw.Connection, sql: str, values: Iterable[Any]) -> set[Any]:
    """Return what a statement with a list of values finds, asked a few hundred at a time."""
    found: set[Any] = set()
    wanted = list(values)
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        marks = ",".join("?" * len(some))
        rows: Any = connection.execute(sql.format(marks), some)
        found.update(row if len(row) > 1 else row[0] for row in rows)
    return found


def settle_deletions(connection: apsw.Connection, roots: Iterable[bytes]) -> None:
    """Show or hide incidents of which a deletion is known, now that more rows have come."""
    sql = "SELECT entity FROM head WHERE field = 'deleted' AND entity IN ({})"
    for root in sorted(_among(connection, sql, roots)):
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
    clock: Clock | None,
    here: Mapping[bytes, int],
) -> bool:
    """Insert incidents; return False, having written nothing, when one is here already."""
    if not batch:
        return True
    if not incident_rows.insert(connection, batch, derive=derive, index=False):
        return False
    uids = [change.entity for change, _ in batch]
    search_queue.put_uids(connection, uids)
    sql = "SELECT root, count(*) FROM change WHERE root IN ({}) GROUP BY root"
    counts = dict(_among(connection, sql, uids))
    for change, _ in batch:
        if counts.get(change.entity) != here.get(change.entity, 1):
            _catch_up(connection, change, here.get(change.entity, 1), clock)
    return True


def _insert_new(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    derive: Derive | None,
    clock: Clock | None,
    here: Mapping[bytes, int],
) -> None:
    """Insert incidents whose ids and numbers are known to be new."""
    if not _insert(connection, batch, derive, clock, here):
        raise ValueError("an incident lacks a value that it cannot be without")


def _insert_doubtful(
    connection: apsw.Connection,
    change: Change,
    value: dict[str, Any],
    derive: Derive | None,
    clock: Clock | None,
) -> None:
    """Insert an incident whose id or number is here already."""
    uid = change.entity
    known: Any = connection.execute("SELECT id FROM incident WHERE uid = ?", (uid,)).get
    if known is not None:
        change, value = _earliest(connection, uid, (change, value))
        _remove(connection, known)
    number = str(value.get("number", ""))
    if not number_claims.is_taken(connection, number):
        _insert_new(connection, [(change, value)], derive, clock, {})
        return
    stand_in = {**value, "number": number_claims.stand_in(number, uid)}
    _insert_new(connection, [(change, stand_in)], derive, clock, {})
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


def _catch_up(connection: apsw.Connection, create: Change, here: int, clock: Clock | None) -> None:
    """Apply to a new incident what its heads and its children's rows say already."""
    uid = create.entity
    count, latest = connection.execute(_KNOWN_OF_ROOT, (uid,)).get
    if count == here:
        return
    work: list[tuple[Change, Any]] = []
    fields = contested.fields_of(connection, uid)
    for field in fields:
        told = contested.current(connection, uid, field)
        if told is not None:
            work.append((create._replace(field=field, op=told.op), told.value))
    incident_rows.update(connection, work, clock)
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
    if merge_cycles.FIELD in fields:
        merge_cycles.settle_from(connection, [uid], latest or 0)
