"""Incidents whose search index is behind their texts: written in an edit, indexed soon after.

Indexing an incident again costs more than all the rest of an edit (speed.md: trigrams alone add
0.9 ms), and nobody searches between two keys. So an edit only notes the incident in its own
transaction; the index catches up when the writer has nothing else to do, and in any case before
somebody searches. After a crash the note is still there. Created incidents are indexed at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from app.storage import search, search_texts
from app.storage.database import BUSY_TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH = 200
"""Incidents indexed in one transaction, so that no other writer waits long."""

PATIENCE_MS = 250
"""How long a search waits for another writer before it goes on with the index as it is."""


def put(connection: apsw.Connection, rowids: Iterable[int]) -> None:
    """Note that the texts of incidents changed, inside the transaction that changes them."""
    connection.executemany(
        "INSERT OR IGNORE INTO search_queue VALUES (?)", [(rowid,) for rowid in rowids]
    )


def is_behind(connection: apsw.Connection) -> bool:
    """Tell whether anything waits to be indexed."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM search_queue)").get)


def catch_up(connection: apsw.Connection) -> int:
    """Index all that waits before a search; return how many incidents were indexed.

    While another connection keeps writing, or where the file is read-only, the search goes on with
    the index as it is: the last edits are then not found yet, and nothing fails.
    """
    if not is_behind(connection) or connection.readonly("main"):
        return 0
    count = 0
    try:
        while indexed := index_some(connection, patience_ms=PATIENCE_MS):
            count += indexed
    except (apsw.BusyError, apsw.ReadOnlyError, apsw.FullError):
        pass  # what waits stays noted
    return count


def index_some(connection: apsw.Connection, *, patience_ms: int | None = None) -> int:
    """Index a batch of what waits in one transaction; return how many incidents it was."""
    if connection.in_transaction:
        return _index_batch(connection)
    if patience_ms is not None:
        connection.set_busy_timeout(patience_ms)
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            count = _index_batch(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        if patience_ms is not None:
            connection.set_busy_timeout(int(BUSY_TIMEOUT_S * 1000))
    return count


def _index_batch(connection: apsw.Connection) -> int:
    rows: list[Any] = connection.execute(
        "SELECT incident FROM search_queue ORDER BY incident DESC LIMIT ?", (BATCH,)
    ).fetchall()
    rowids = [rowid for (rowid,) in rows]
    for rowid in rowids:
        search_texts.reindex(connection, rowid)
    connection.executemany("DELETE FROM search_queue WHERE incident = ?", rows)
    return len(rowids)


def clear(connection: apsw.Connection) -> None:
    """Forget what waits, before everything is indexed anew."""
    search.clear(connection)
    connection.execute("DELETE FROM search_queue")
