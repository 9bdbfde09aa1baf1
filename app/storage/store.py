"""One profile's database as services use it: the thread's connection, the station, the clock."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, Protocol

import apsw

from app.domain import identity
from app.domain.errors import StoreError
from app.storage.database import (
    BUSY_TIMEOUT_S,
    known_store_errors,
    open_database,
    read_only_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from app.storage.team_rules import TeamRules


Connection = apsw.Connection
"""A connection, for services that hand it on without knowing the database."""

MEANING = "meaning"
"""Which meaning of rows the program knew that left some of them for a later one."""
CATALOGUE_VERSION = "catalogue_version"
"""Counts changes of the catalogue, so that caches of it know when they are old."""


class _TakenBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


class WallClock(Protocol):
    """Where instants come from: the system, or pinned by a test."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970 in UTC."""


class Store:
    """The database of one profile. Shared by threads: each gets a connection of its own."""

    def __init__(
        self, path: Path, clock: WallClock, zone: str = "UTC", *, read_only: bool = False
    ) -> None:
        """Open or make the file; raises StoreError in one sentence when it cannot be used.

        With `read_only` everything can be looked at, and each write is refused in a sentence.
        """
        self.path = path
        self.clock = clock
        self.zone = zone
        self.read_only = read_only
        self.database = open_database(path, read_only=read_only)
        if not read_only:
            self._own_station()
        self.last_written: tuple[bytes, int] = (b"", 0)
        """Hash and clock reading of the newest own row that this process wrote."""
        self._rules: tuple[int, TeamRules] | None = None
        if not read_only and self.local(MEANING) is not None:
            from app.storage import not_understood  # few stores have met a newer program

            not_understood.take_up(self)

    @property
    def connection(self) -> apsw.Connection:
        """Return this thread's connection, opening it at first use."""
        return self.database.connection()

    @property
    def station(self) -> bytes:
        """Return the id under which this profile writes; the exchange may give it a new one."""
        return bytes(self.local("station"))

    def now_ms(self) -> int:
        """Return the present instant in milliseconds."""
        return self.clock.now_ms()

    def known_errors(self) -> AbstractContextManager[None]:
        """Turn what SQLite refuses inside the block into a StoreError."""
        return known_store_errors(self.path)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write transaction; commit on leaving, roll back when the block raises.

        Within another one it is a part of it, which alone is taken back when its block raises.

        What peewee's `atomic` does, in fewer calls: every edit pays for them.

        Raises:
            StoreError: the disk is full, the file is locked or read-only; nothing was written.
        """
        if self.read_only:
            raise StoreError(read_only_sentence(self.path), code="read_only")
        connection = self.connection
        outer = not connection.in_transaction
        with self.known_errors(), self.database.turns.turn(BUSY_TIMEOUT_S):
            connection.execute("BEGIN IMMEDIATE" if outer else "SAVEPOINT inner")
            try:
                yield
                connection.execute("COMMIT" if outer else "RELEASE inner")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK" if outer else "ROLLBACK TO inner")
                raise

    @contextlib.contextmanager
    def trying(self) -> Iterator[None]:
        """Hold the write transaction, and take back all that the block wrote.

        Raises:
            StoreError: as `writing` does.
        """
        try:
            with self.writing():
                yield
                raise _TakenBackError
        except _TakenBackError:
            pass
        finally:
            self._rules = None  # they may have been read inside, under a version that is free again

    def local(self, key: str, default: Any = None) -> Any:
        """Read a value that belongs to this workstation only."""
        row = self.connection.execute("SELECT value FROM local WHERE key = ?", (key,)).get
        return default if row is None else row

    def locals(self, prefix: str) -> dict[str, Any]:
        """Read all values of this workstation whose key begins with `prefix`, without it."""
        rows = self.connection.execute(
            "SELECT key, value FROM local WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
        )
        return {key[len(prefix) :]: value for key, value in rows}

    def set_local(self, key: str, value: Any) -> None:
        """Write a value that belongs to this workstation only."""
        self.connection.execute(
            "INSERT INTO local VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def rules(self) -> TeamRules:
        """Return what the team has agreed on, read again only when the catalogue has changed."""
        version = self.local(CATALOGUE_VERSION, 0)
        cached = self._rules
        if cached is None or cached[0] != version:
            from app.storage import team_rules  # a window starts without the rules

            cached = self._rules = (version, team_rules.load(self.connection))
        return cached[1]

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        self.database.close()

    def _own_station(self) -> None:
        with self.known_errors():
            if self.local("station") is None:
                with self.writing():
                    if self.local("station") is None:
                        made = identity.new_id(self.now_ms(), os.urandom(10))
                        self.set_local("station", made)
