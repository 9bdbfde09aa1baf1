"""Takes what was redacted out of the bytes of a database: free pages, search index, log, files.

SQLite leaves what it deletes in free pages until it needs them, and the full-text index keeps words
until its parts are merged. So the index is made one part, the file is written anew, and the log is
emptied. It runs outside of any transaction and is tried again when somebody is reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

from app.storage import attachments, redactions, search_queue

if TYPE_CHECKING:
    from pathlib import Path

    from app.storage.store import Store


def scrub(store: Store) -> bool:
    """Rewrite the database file when something was blanked since; False: not everything could be.

    Raises:
        StoreError: the disk is full or fails; it is tried again at the next exchange.
    """
    due = store.local(redactions.SCRUB)
    if due is None:
        return True
    connection = store.connection
    with store.known_errors():
        try:
            search_queue.catch_up(connection)
            with store.writing():
                for table in ("incident_fts", "incident_trigram"):
                    connection.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")
            connection.execute("VACUUM")
            emptied: Any = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
        except apsw.BusyError:
            return False
        if emptied[0]:
            return False
        with store.writing():  # what was blanked meanwhile is done the next time
            connection.execute(
                "DELETE FROM local WHERE key = ? AND value = ?", (redactions.SCRUB, due)
            )
    return True


def erase_files(store: Store, folder: Path) -> int:
    """Remove attached files that nobody is to keep; return how many were here."""
    count = 0
    for sha256 in redactions.files(store.connection):
        path = attachments.path_of(folder, sha256)
        with store.known_errors():
            if path.exists():
                path.unlink()
                count += 1
    return count
