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
"""How long indexing waits for another writer before it leaves the index as it is."""


def put(connection: apsw.Connection, rowids: Iterable[int]) -> None:
    """Note that the texts of incidents changed, inside the transaction that changes them."""
    connection.executemany(
        "INSERT OR IGNORE INTO search_queue VALUES (?)", [(rowid,) for rowid in rowids]
    )


def put_uids(connection: apsw.Connection, uids: Iterable[bytes]) -> None:
    """Note the same of incidents that are known by their ids; those not here are left out."""
    connection.executemany(
        "INSERT OR IGNORE INTO search_queue SELECT id FROM incident WHERE uid = ?",
        [(uid,) for uid in uids],
    )


def is_behind(connection: apsw.Connection) -> bool:
    """Tell whether anything waits that this connection may index."""
    waits = connection.execute("SELECT EXISTS (SELECT 1 FROM search_queue)").get
    return bool(waits) and not connection.readonly("main")


def catch_up(connection: apsw.Connection) -> None:
    """Index all that waits before a search.

    While another connection keeps writing, or where the file is read-only, the search goes on with
    the index as it is: the last edits are then not found yet, and nothing fails.
    """
    while index_some(connection):
        pass


def index_some(connection: apsw.Connection) -> int:
    """Index a batch of what waits in one transaction; return how many incidents it was.

    It is 0 when nothing waits, and when it cannot be done now: what waits stays noted.
    """
    if not is_behind(connection):
        return 0
    if connection.in_transaction:
        return _index_batch(connection)
    connection.set_busy_timeout(PATIENCE_MS)
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            count = _index_batch(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except (apsw.BusyError, apsw.ReadOnlyError, apsw.FullError):
        return 0
    finally:
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
