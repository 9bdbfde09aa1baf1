"""Turns journal rows into heads and rows: the one path for local edits, imports and remote changes.

What is shown of a field is picked by `domain.merge` from its heads, so that the same set of rows
gives the same state in whatever order it came (invariant I6).
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import VERSION_BYTES, Change, Version, unpack_versions
from app.domain.merge import Candidate, is_conflict, shown
from app.storage import catalogue_rows, child_rows, incident_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import apsw

    from app.storage.record_clocks import Derived

    Derive = Callable[[bytes, int, dict[str, Any]], Derived]
    """Works out what stands beside the fields of a new incident: (id, at ms, packed value)."""

INCIDENT = "incident"


def apply(
    connection: apsw.Connection,
    changes: Sequence[Change],
    values: Sequence[Any] | None = None,
    *,
    derive: Derive | None = None,
    latest: Mapping[tuple[bytes, str], Version] | None = None,
) -> None:
    """Apply rows that were just added to the journal.

    Args:
        connection: the thread's, inside its transaction.
        changes: the rows, in their order.
        values: their decoded values, where they are at hand.
        derive: works out periods and clocks of new incidents; without it only the periods are
            written, and the clocks are to be refreshed afterwards.
        latest: the newest version of each field, where the rows name all versions that were
            current, so that they take their place; without it that is worked out.
    """
    if values is None:
        values = [None if c.value is None else json.loads(c.value) for c in changes]
    contested = set()
    if latest is None:
        contested = _update_heads(connection, changes)
    else:
        _replace_heads(connection, changes, latest)
    pairs = list(zip(changes, values, strict=True))
    for (kind, op), run in groupby(pairs, key=_kind_of_work):
        batch = list(run)
        if kind == INCIDENT and op == "create":
            incident_rows.insert(connection, batch, derive=derive)
        elif kind == INCIDENT:
            incident_rows.update(connection, _shown(connection, batch, contested))
        elif kind in child_rows.KINDS:
            child_rows.apply(connection, _shown(connection, batch, contested))
        elif kind in catalogue_rows.KINDS:
            catalogue_rows.apply(connection, _shown(connection, batch, contested))
        elif kind == "number_block":
            _lease(connection, batch)
    for change in changes:
        if change.kind == INCIDENT and len(change.prevs) > VERSION_BYTES:
            incident_rows.mark_conflict(connection, change.entity, conflict=False)


def _kind_of_work(pair: tuple[Change, Any]) -> tuple[str, str]:
    change = pair[0]
    return change.kind, "create" if change.op == "create" else "set"


def _replace_heads(
    connection: apsw.Connection,
    changes: Sequence[Change],
    latest: Mapping[tuple[bytes, str], Version],
) -> None:
    """Make the newest versions the only ones of their fields."""
    keys = {(c.entity, c.field) for c in changes if c.op != "create"}
    if keys:
        connection.executemany("DELETE FROM head WHERE entity = ? AND field = ?", keys)
    _insert_heads(connection, [(*key, *version) for key, version in latest.items()])


def _update_heads(connection: apsw.Connection, changes: Sequence[Change]) -> set[tuple[bytes, str]]:
    """Move the heads on; return the fields that more than one version now claims."""
    contested: set[tuple[bytes, str]] = set()
    fresh: list[tuple[bytes, str, bytes, int]] = []
    for change in changes:
        key = (change.entity, change.field)
        if change.op == "create":
            fresh.append((*key, change.station, change.sseq))
            continue
        if fresh:
            _insert_heads(connection, fresh)
            fresh = []
        for previous in unpack_versions(change.prevs):
            _supersede(connection, key, previous)
        late = connection.execute(
            "DELETE FROM superseded WHERE entity=? AND field=? AND station=? AND sseq=? "
            "RETURNING 1",
            (*key, change.station, change.sseq),
        ).get
        if late is None:
            _insert_heads(connection, [(*key, change.station, change.sseq)])
        count = connection.execute(
            "SELECT count(*) FROM head WHERE entity = ? AND field = ?", key
        ).get
        if count > 1 or late is not None:
            contested.add(key)
    _insert_heads(connection, fresh)
    return contested


def _insert_heads(
    connection: apsw.Connection, rows: Sequence[tuple[bytes, str, bytes, int]]
) -> None:
    if rows:
        connection.executemany("INSERT OR IGNORE INTO head VALUES (?,?,?,?)", rows)


def _supersede(connection: apsw.Connection, key: tuple[bytes, str], previous: Version) -> None:
    connection.execute(
        "DELETE FROM head WHERE entity=? AND field=? AND station=? AND sseq=?", (*key, *previous)
    )
    if connection.changes() == 0 and not _is_packed(connection, key[0], previous):
        connection.execute("INSERT OR IGNORE INTO superseded VALUES (?,?,?,?)", (*key, *previous))


def _is_packed(connection: apsw.Connection, entity: bytes, version: Version) -> bool:
    found = connection.execute(
        "SELECT 1 FROM head WHERE entity=? AND field='*' AND station=? AND sseq=?",
        (entity, *version),
    ).get
    return found is not None


def candidates(connection: apsw.Connection, entity: bytes, field: str) -> list[Candidate]:
    """Return the current values of a field with who wrote them when."""
    return [
        Candidate(*row)
        for row in connection.execute(
            "SELECT c.hlc, c.station, c.sseq, c.op, c.value FROM head h JOIN change c "
            "ON c.station = h.station AND c.sseq = h.sseq WHERE h.entity = ? AND h.field = ?",
            (entity, field),
        )
    ]


def _shown(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    contested: set[tuple[bytes, str]],
) -> list[tuple[Change, Any]]:
    """Replace what a row says by what is shown where versions compete."""
    if not contested:
        return batch
    result = []
    for change, value in batch:
        if (change.entity, change.field) not in contested:
            result.append((change, value))
            continue
        current = candidates(connection, change.entity, change.field)
        if not current:
            continue
        best = shown(change.field, current)
        change = change._replace(op=best.op)
        result.append((change, None if best.value is None else json.loads(best.value)))
        if change.kind == INCIDENT:
            incident_rows.mark_conflict(
                connection, change.entity, is_conflict(change.field, current)
            )
    return result


def _lease(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO number_block VALUES (?,?,?,?)",
        [(v["first"], v["last"], v["first"], c.station) for c, v in batch],
    )
