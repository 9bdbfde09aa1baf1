"""Builds everything that is materialised anew from the journal (invariant I3).

The journal is read twice in its own order: creations, which are most of its bytes, and later rows,
which SQLite sorts by incident meanwhile. Put side by side they give the whole history of one
incident after the other (`histories`), so that each row is written once, as it ends, and memory
holds one batch. A history in which versions compete goes through `materialise`, like any other
change. Secondary indexes are made anew at the end, in one sort each. All of it is one transaction:
readers see the old state until it is done. Marks that belong to this workstation alone (unread)
start afresh.
"""

from __future__ import annotations

import contextlib
import gc
import heapq
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import Change
from app.storage import (
    clocks,
    head_rows,
    histories,
    late_rows,
    materialise,
    numbers,
    redactions,
    search,
    search_queue,
    search_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import apsw

    from app.storage.store import Store

TABLES = [
    "head",
    "superseded",
    "vv",
    "redact_asked",
    "number_block",
    "number_claim",
    "station",
    "station_approval",
    "incident",
    "incident_detail",
    "incident_tag",
    "incident_link",
    "custom_value",
    "checklist_tick",
    "number_alias",
    "import_key",
    "attachment",
    "mail_message",
    "outage",
    "catalogue_item",
    "catalogue_alias",
    "issued_report",
]
"""What is derived from the journal and nothing else."""

BATCH = 2_000
TOGETHER = 200
"""Incidents parsed and written together: few enough for the processor's caches."""

_STATIONS = """WITH RECURSIVE known(station) AS (SELECT min(station) FROM change UNION ALL
    SELECT (SELECT min(station) FROM change WHERE station > known.station) FROM known
    WHERE known.station IS NOT NULL) SELECT station FROM known WHERE station IS NOT NULL"""

_NEW = "kind = 'incident' AND op = 'create'"
_NUMBERED = f"""INSERT OR IGNORE INTO temp.nth SELECT entity, row_number() OVER
    (ORDER BY reached, station, sseq) FROM (SELECT entity, station, sseq, max(hlc) OVER
    (PARTITION BY station ORDER BY sseq) AS reached FROM change WHERE {_NEW})"""
"""In the order in which `_creates` yields them, even where a clock reading went back."""

_LATER = f"""SELECT n.id, c.hlc, {", ".join(f"c.{name}" for name in histories.COLUMNS)}
    FROM main.said c CROSS JOIN temp.nth n ON n.root = c.root WHERE NOT (c.{_NEW})
    ORDER BY n.id, c.hlc, c.station, c.sseq"""
_OTHERS = """SELECT * FROM said c WHERE NOT EXISTS
    (SELECT 1 FROM temp.nth n WHERE n.root = c.root) ORDER BY hlc, station, sseq"""


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
    """Fill heads and rows from the journal, without clocks and search; return the rows read.

    The caller has a transaction open. `progress` is told the rows done so far; what it raises ends
    the replay, and the transaction with it.
    """
    with _without_indexes(connection), _numbered(connection):
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM local WHERE key = 'catalogue_version'")
        redactions.collect(connection)
        count = _Counter(progress)
        _replay_others(connection, count)
        with _rare_collections():
            _replay_incidents(connection, count)
    head_rows.forget_known(connection)
    numbers.rebuild(connection)
    late_rows.settle_all(connection)
    connection.execute(
        f"INSERT INTO vv SELECT s.station, c.sseq, c.hash FROM ({_STATIONS}) s JOIN change c "
        "ON c.station = s.station "
        "AND c.sseq = (SELECT max(sseq) FROM change WHERE station = s.station)"
    )
    return count.rows


class _Counter:
    """Counts journal rows and tells of each batch."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self.rows = 0
        self._progress = progress

    def add(self, rows: int) -> None:
        before, self.rows = self.rows, self.rows + rows
        if self._progress is not None and before // BATCH != self.rows // BATCH:
            self._progress(self.rows)


@contextlib.contextmanager
def _without_indexes(connection: apsw.Connection) -> Iterator[None]:
    """Drop the secondary indexes of the derived tables; make them again on leaving.

    What the planner is told of them (m0004) goes with an index, so it is put back as well. When the
    block raises, the transaction takes the indexes back.
    """
    marks = ",".join("?" * len(TABLES))
    indexes: list[Any] = connection.execute(
        f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
        f"AND tbl_name IN ({marks})",
        TABLES,
    ).fetchall()
    told: list[Any] = connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("DELETE FROM sqlite_stat1")
    connection.executemany("INSERT INTO sqlite_stat1 VALUES (?,?,?)", told)
    connection.execute("ANALYZE sqlite_schema")


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for cycles once a batch: parsed rows make none, and looking took a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100 * BATCH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _numbered(connection: apsw.Connection) -> Iterator[None]:
    """Hold the numbers of the incidents in the order of cause, for the block: `temp.nth`."""
    connection.execute(
        "CREATE TEMP TABLE nth (root BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID"
    )
    connection.execute(_NUMBERED)
    yield
    connection.execute("DROP TABLE temp.nth")


def _replay_others(connection: apsw.Connection, count: _Counter) -> None:
    """Apply what belongs to no incident: the catalogue, leases, rows of later versions."""
    cursor = connection.execute(_OTHERS)
    while rows := list(islice(cursor, BATCH)):
        materialise.apply(connection, [Change._make(row) for row in rows], replay=True)
        count.add(len(rows))


def _replay_incidents(connection: apsw.Connection, count: _Counter) -> None:
    later = groupby(connection.execute(_LATER), key=itemgetter(0))
    following: tuple[int, Any] = next(later, (0, ()))
    alone = len(connection.execute(_STATIONS).fetchall()) == 1
    batch = histories.Batch(connection, alone=alone)
    for rowid, create in enumerate(_creates(connection), 1):
        rows: list[Any] = []
        if following[0] == rowid:
            rows = list(following[1])
            following = next(later, (0, ()))
        batch.add(create, rows)
        count.add(1 + len(rows))
        if len(batch) >= TOGETHER:
            batch.write()
    batch.write()


def _creates(connection: apsw.Connection) -> Iterator[tuple[Any, ...]]:
    """Yield creations of incidents in the order of cause; one station's are in it already."""
    names = ", ".join(histories.CREATE_COLUMNS)
    cursors = [
        connection.execute(
            f"SELECT {names} FROM said WHERE station = ? AND {_NEW} ORDER BY sseq", (station,)
        )
        for (station,) in connection.execute(_STATIONS).fetchall()
    ]
    if len(cursors) == 1:
        return iter(cursors[0])
    return heapq.merge(*cursors, key=itemgetter(0, 1, 2))
