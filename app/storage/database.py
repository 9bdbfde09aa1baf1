"""Opens the database file: peewee over apsw, WAL, `synchronous=FULL`, a connection a thread.

SQLite must be 3.51.3 or newer (sync.md: the WAL-reset bug covers 3.7.0 to 3.51.2). A number read
out on the phone must survive a power cut, hence FULL.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
from peewee import OperationalError, PeeweeException
from playhouse.apsw_ext import APSWDatabase

from app.domain.errors import StoreError
from app.storage import migrations_runner

if TYPE_CHECKING:
    from collections.abc import Iterator

MINIMUM_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_S = 10.0
RETRY_S = 0.02
CACHE_KIB = 64 * 1024


class PatientDatabase(APSWDatabase):
    """A database whose connections wait for their turn while they are opened, too.

    SQLite waits for a lock of another process, but not while a file is turned to WAL or while the
    last connection of another process closes: there it says at once that the file is locked.
    """

    def _connect(self) -> apsw.Connection:
        until = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                return self._opened()
            except (apsw.BusyError, OperationalError) as error:
                told = error if isinstance(error, apsw.BusyError) else error.__context__
                if not isinstance(told, apsw.BusyError) or time.monotonic() > until:
                    raise
                time.sleep(RETRY_S)

    def _opened(self) -> apsw.Connection:
        connection: apsw.Connection = super()._connect()
        try:
            # Before anything is written: turning the file to WAL would change one that is not ours.
            migrations_runner.schema_of(connection, Path(self.database))
            connection.pragma("journal_mode", "wal")
        except BaseException:
            connection.close()
            raise
        return connection


def open_database(path: Path) -> APSWDatabase:
    """Open the database at `path`, making or migrating it first.

    Raises:
        StoreError: the file is corrupt, newer than the program, read-only, locked or out of space;
            nothing has been written.
    """
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < MINIMUM_SQLITE:
        wanted = ".".join(str(part) for part in MINIMUM_SQLITE)
        raise StoreError(
            f"SQLite {apsw.sqlite_lib_version()} is too old for safe storage; "
            f"install the apsw package with SQLite {wanted} or newer."
        )
    database = PatientDatabase(
        str(path),
        pragmas={
            "synchronous": "full",
            "cache_size": -CACHE_KIB,
            "temp_store": "memory",
            "trusted_schema": "off",
        },
        timeout=BUSY_TIMEOUT_S,
    )
    with known_store_errors(path):
        migrations_runner.bring_up_to_date(database, path)
    return database


@contextlib.contextmanager
def known_store_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into one sentence that says what is safe and what to do."""
    try:
        yield
    except (apsw.Error, PeeweeException, OSError) as error:
        sentence = _sentence(error, path)
        if sentence is None:
            raise
        raise StoreError(sentence[1], code=sentence[0]) from error


_SENTENCES: dict[str, tuple[str, str]] = {
    "FullError": (
        "disk_full",
        "The disk is full. Nothing was written and nothing is lost; "
        "free some space and do it again.",
    ),
    "BusyError": (
        "locked",
        "Another program is holding {path}. Nothing was written; close it and try again.",
    ),
    "ReadOnlyError": (
        "read_only",
        "{path} is read-only. Nothing was written; allow writing to the file and its folder.",
    ),
    "CantOpenError": (
        "cannot_open",
        "{path} cannot be opened. Check that the folder exists and that you may write to it.",
    ),
    "CorruptError": (
        "corrupt",
        "{path} is damaged and was left as it is. "
        "Restore a backup, or move the file away to start anew.",
    ),
    "NotADBError": (
        "corrupt",
        "{path} is not an Incident Desk database. Choose another folder, or move the file away.",
    ),
    "IOError": (
        "disk_error",
        "The disk reported an error for {path}. Nothing was written; check the disk and try again.",
    ),
}


def _sentence(error: BaseException, path: Path) -> tuple[str, str] | None:
    seen: BaseException | None = error
    while seen is not None:
        found = _SENTENCES.get(type(seen).__name__)
        if found is not None:
            return found[0], found[1].format(path=path.name)
        if isinstance(seen, OSError):
            if seen.errno == 28:
                return _SENTENCES["FullError"]
            if seen.errno in (13, 30):
                code, text = _SENTENCES["ReadOnlyError"]
                return code, text.format(path=path.name)
        seen = seen.__cause__ or seen.__context__
    return None
