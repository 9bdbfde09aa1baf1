"""Opens the database file: peewee over apsw, WAL, `synchronous=FULL`, a connection a thread.

SQLite must be 3.51.3 or newer (sync.md: the WAL-reset bug covers 3.7.0 to 3.51.2). A number read
out on the phone must survive a power cut, hence FULL.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING

import apsw

from app.domain.errors import StoreError
from app.storage import schema
from app.storage.turns import turns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from app.storage.peewee_database import SharedConnections

MINIMUM_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_S = 10.0
RETRY_S = 0.02
CACHE_KIB = 64 * 1024
STATEMENTS = 500
"""Prepared statements that are kept: an exchange alone uses more than apsw's hundred."""
_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    f"cache_size = {-CACHE_KIB}",
    "temp_store = memory",
    "trusted_schema = off",
)


class Database:
    """One file; each thread gets a connection of its own at its first use.

    peewee shares those connections. It is imported for the first transaction or model, because the
    first list of a window is painted without it (speed.md, start).
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path, self._read_only = path, read_only
        self._of_thread = threading.local()
        self.turns = turns_of(path)

    def connection(self) -> apsw.Connection:
        """Return the calling thread's connection, opening it at first use."""
        found: apsw.Connection | None = getattr(self._of_thread, "connection", None)
        if found is None:
            found = self._of_thread.connection = _connect(
                self._path, _looking_at if self._read_only else _opened
            )
        return found

    def close(self) -> None:
        """Close the calling thread's connection."""
        if "peewee" in vars(self) and not self.peewee.is_closed():
            self.peewee.close()
        found: apsw.Connection | None = vars(self._of_thread).pop("connection", None)
        if found is not None:
            found.close()

    def atomic(self, lock: str | None = None) -> AbstractContextManager[object]:
        """Open a transaction, or a savepoint within one; `lock` is a word of SQLite's BEGIN.

        One that will write ("IMMEDIATE") waits for its turn among the threads of this process.
        """
        transaction: AbstractContextManager[object] = self.peewee.atomic(lock)
        return transaction if lock is None else self._in_turn(transaction)

    @contextlib.contextmanager
    def _in_turn(self, transaction: AbstractContextManager[object]) -> Iterator[object]:
        with self.turns.turn(BUSY_TIMEOUT_S), transaction as opened:
            yield opened

    @cached_property
    def peewee(self) -> SharedConnections:
        """Return the database that models are executed on."""
        from app.storage.peewee_database import SharedConnections  # slow to import

        return SharedConnections(self._path, self.connection)


def open_database(path: Path, *, read_only: bool = False) -> Database:
    """Open the database at `path`, making or migrating it first; `read_only` only looks at it.

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
    database = Database(path, read_only=read_only)
    with known_store_errors(path):
        if schema.schema_of(database.connection(), path) != schema.NEWEST:
            from app.storage import migrations_runner  # a file that is up to date needs no steps

            migrations_runner.bring_up_to_date(database, path)
    return database


def _connect(path: Path, opened: Callable[[Path], apsw.Connection]) -> apsw.Connection:
    """Open a connection, waiting for one's turn.

    SQLite waits for a lock of another process, but not while a file is turned to WAL or while the
    last connection of another process closes: there it says at once that the file is locked.
    """
    until = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            return opened(path)
        except apsw.BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(RETRY_S)


def _opened(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), statementcachesize=STATEMENTS)
    connection.set_busy_timeout(int(BUSY_TIMEOUT_S * 1000))
    # Built with STAT4, SQLite would prepare a statement again each time a value is bound to it:
    # measured, that makes a read of one row three to six times as dear.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    try:
        # Before anything is written: turning the file to WAL would change one that is not ours.
        schema.schema_of(connection, path)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _looking_at(path: Path) -> apsw.Connection:
    """Open a file that cannot be written.

    In a folder that cannot be written either, SQLite has no place for the index of its log: there
    the file is taken as it is, which nobody can be changing.
    """
    for how in ("mode=ro", "mode=ro&immutable=1"):
        connection = apsw.Connection(
            f"{path.absolute().as_uri()}?{how}",
            flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        )
        connection.set_busy_timeout(int(BUSY_TIMEOUT_S * 1000))
        try:
            schema.schema_of(connection, path)
            for pragma in _PRAGMAS[2:]:
                connection.execute(f"PRAGMA {pragma}")
        except (apsw.CantOpenError, apsw.ReadOnlyError):
            connection.close()
            if how != "mode=ro":
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise AssertionError("one of the two ways opens or raises")


@contextlib.contextmanager
def known_store_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into one sentence that says what is safe and what to do."""
    try:
        yield
    except Exception as error:
        sentence = _sentence(error, path) if _is_of_the_file(error) else None
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


def read_only_sentence(path: Path) -> str:
    """Say that a file cannot be written, and what to do."""
    return _SENTENCES["ReadOnlyError"][1].format(path=path.name)


def _is_of_the_file(error: Exception) -> bool:
    peewee = sys.modules.get("peewee")
    if peewee is not None and isinstance(error, peewee.PeeweeException):
        return True
    return isinstance(error, apsw.Error | OSError)


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
