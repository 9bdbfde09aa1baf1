"""Builds everything that is materialised anew from the journal (invariant I3).

One pass folds the journal in memory: packed creates are written in bulk as they come, later values
of fields once at the end, so that a million changes take little longer than reading them. Fields
that several versions claim go through `materialise`, like any other. Marks that belong to this
workstation alone (unread) start afresh.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import Change
from app.storage import (
    clocks,
    incident_rows,
    materialise,
    numbers,
    search,
    search_queue,
    search_texts,
    status_periods,
)
from app.storage.fields import FIELDS, column_value
from app.storage.journal import PACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import apsw

    from app.storage.store import Store

TABLES = [
    "head",
    "superseded",
    "vv",
    "number_block",
    "incident",
    "incident_detail",
    "incident_tag",
    "incident_link",
    "custom_value",
    "checklist_tick",
    "number_alias",
    "import_key",
    "attachment",
    "outage",
    "catalogue_item",
    "catalogue_alias",
]
"""What is derived from the journal and nothing else."""

BATCH = 2_000


def rebuild(store: Store, *, progress: Callable[[int], None] | None = None) -> int:
    """Empty the derived tables and fill them from the journal, in one transaction.

    Returns the number of journal rows. Clocks and the search index are brought up to date as well.
    """
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        count = replay(store.connection, progress=progress)
        uids = [uid for (uid,) in store.connection.execute("SELECT uid FROM incident")]
        clocks.refresh(store.connection, store.rules(), uids, store.now_ms())
        search_queue.clear(store.connection)
        for start in range(1, len(uids) + 1, BATCH):
            rowids = range(start, min(start + BATCH, len(uids) + 1))
            texts = search_texts.load(store.connection, rowids)
            search.index_many(store.connection, list(texts.items()))
    return count


def replay(connection: apsw.Connection, *, progress: Callable[[int], None] | None = None) -> int:
    """Fill heads and rows from the journal, without clocks and search; return the rows read."""
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM local WHERE key = 'catalogue_version'")
    fold = _Fold(connection)
    count = 0
    for count, row in enumerate(_in_order(connection), 1):
        fold.add(row)
        if progress is not None and count % BATCH == 0:
            progress(count)
    fold.finish()
    numbers.rebuild(connection)
    connection.execute(
        "INSERT INTO vv SELECT station, max(sseq), hash FROM change GROUP BY station"
    )
    return count


def _in_order(connection: apsw.Connection) -> Iterator[tuple[Any, ...]]:
    """Yield the journal in the order of cause; one station's rows are in it already."""
    stations = connection.execute("SELECT DISTINCT station FROM change").fetchall()
    cursors = [
        connection.execute("SELECT * FROM change WHERE station = ? ORDER BY sseq", (station,))
        for (station,) in stations
    ]
    if len(cursors) == 1:
        return iter(cursors[0])
    return heapq.merge(*cursors, key=lambda row: (row[2], row[0], row[1]))


class _Fold:
    """The state of one pass over the journal."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._creates: list[Change] = []
        self._heads: dict[tuple[bytes, str], tuple[Any, ...]] = {}
        self._packed: dict[bytes, bytes] = {}
        self._contested: list[tuple[Any, ...]] = []
        self._contested_keys: set[tuple[bytes, str]] = set()
        self._others: list[Change] = []
        self._updated: dict[bytes, int] = {}
        self._status: dict[bytes, list[tuple[Any, ...]]] = defaultdict(list)

    def add(self, row: tuple[Any, ...]) -> None:
        """Take in one journal row."""
        kind, entity, root, op, field = row[8], row[9], row[10], row[11], row[12]
        at = row[3]
        if at > self._updated.get(root, 0):
            self._updated[root] = at
        if kind != "incident":
            self._others.append(Change._make(row))
            return
        if op == "create":
            self._creates.append(Change._make(row))
            self._packed[entity] = row[0] + row[1].to_bytes(8)
            if len(self._creates) >= BATCH:
                self._write_creates()
            return
        key = (entity, field)
        before = self._heads.get(key)
        known = self._packed.get(entity) if before is None else before[0]
        if key in self._contested_keys or row[15] != known:
            self._contest(key, before, row)
            return
        self._heads[key] = (row[0] + row[1].to_bytes(8), at, op, row[13])
        if field in {"status", "pending_reason"}:
            self._status[entity].append((row[0], row[5], at, op, field, row[13]))

    def _contest(
        self, key: tuple[bytes, str], before: tuple[Any, ...] | None, row: tuple[Any, ...]
    ) -> None:
        """Leave a field that versions compete for to the general path."""
        if before is not None:
            del self._heads[key]
            packed = before[0]
            earlier: Any = self._connection.execute(
                "SELECT * FROM change WHERE station = ? AND sseq = ?",
                (packed[:16], int.from_bytes(packed[16:])),
            ).get
            self._contested.append(earlier)
        self._contested_keys.add(key)
        self._contested.append(row)

    def _write_creates(self) -> None:
        creates, self._creates = self._creates, []
        self._connection.executemany(
            "INSERT INTO head VALUES (?,?,?,?)",
            [(c.entity, PACKED, c.station, c.sseq) for c in creates],
        )
        incident_rows.insert(
            self._connection,
            [(c, json.loads(c.value or '{"number": "?"}')) for c in creates],
            index=False,
        )

    def finish(self) -> None:
        """Write what later rows said."""
        self._write_creates()
        connection = self._connection
        connection.executemany(
            "INSERT INTO head VALUES (?,?,?,?)",
            [
                (entity, field, head[0][:16], int.from_bytes(head[0][16:]))
                for (entity, field), head in self._heads.items()
            ],
        )
        self._write_fields()
        self._write_periods()
        if self._others:
            materialise.apply(connection, self._others)
        if self._contested:
            materialise.apply(connection, [Change._make(row) for row in self._contested])
        connection.executemany(
            "UPDATE incident SET updated_at = max(updated_at, ?) WHERE uid = ?",
            [(at, uid) for uid, at in self._updated.items() if uid in self._packed],
        )

    def _write_fields(self) -> None:
        by_field: dict[str, list[tuple[Any, bytes]]] = defaultdict(list)
        rest: list[tuple[bytes, str, tuple[Any, ...]]] = []
        for (entity, field), head in self._heads.items():
            if field in FIELDS:
                text = head[3]
                value = None if text is None else json.loads(text)
                by_field[field].append((column_value(field, value), entity))
            else:
                rest.append((entity, field, head))
        for field, rows in by_field.items():
            place = FIELDS[field]
            where = "uid = ?"
            if place.table != "incident":
                where = "id = (SELECT id FROM incident WHERE uid = ?)"
            self._connection.executemany(
                f"UPDATE {place.table} SET {place.column} = ? WHERE {where}", rows
            )
        for entity, field, head in rest:
            incident_rows.update_member(self._connection, entity, field, head[2], head[3])
        self._connection.execute(
            "UPDATE incident SET is_open = status NOT IN ('resolved', 'closed', 'cancelled')"
        )

    def _write_periods(self) -> None:
        connection = self._connection
        rows = []
        for entity, changes in self._status.items():
            found: Any = connection.execute(
                "SELECT d.id, d.periods FROM incident i JOIN incident_detail d ON d.id = i.id "
                "WHERE i.uid = ?",
                (entity,),
            ).get
            if found is not None:
                rows.append((status_periods.extended(json.loads(found[1]), changes), found[0]))
        connection.executemany("UPDATE incident_detail SET periods = ? WHERE id = ?", rows)
