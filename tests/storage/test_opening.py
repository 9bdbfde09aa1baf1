"""Several processes open and make one database at the same moment: each waits for its turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import apsw
import pytest

from app.domain.errors import StoreError
from app.storage import database as database_module
from app.storage import migrations_runner, schema
from app.storage.database import open_database
from app.storage.migrations_runner import Migration
from app.storage.schema import NEWEST

if TYPE_CHECKING:
    from pathlib import Path

OPENERS, ROUNDS = 6, 20


def test_a_new_database_is_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    together = threading.Barrier(OPENERS)

    def opened(path: Path) -> int:
        together.wait()
        database = open_database(path)
        version: int = database.connection().pragma("user_version")
        database.close()
        return version

    with ThreadPoolExecutor(OPENERS) as pool:
        for n in range(ROUNDS):
            path = tmp_path / str(n) / "desk.sqlite"
            path.parent.mkdir()
            assert list(pool.map(opened, [path] * OPENERS)) == [NEWEST] * OPENERS


def test_no_process_sees_a_file_that_is_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "desk.sqlite", []

    def looked(connection: apsw.Connection) -> None:
        other = apsw.Connection(str(path))
        seen.append(other.pragma("user_version"))
        other.close()

    last = Migration(NEWEST + 1, "looked", looked)
    monkeypatch.setattr(migrations_runner, "MIGRATIONS", (*migrations_runner.MIGRATIONS, last))
    monkeypatch.setattr(schema, "NEWEST", NEWEST + 1)
    open_database(path).close()
    # Whoever saw a schema between the two would keep a copy of it, as of an older version's file.
    assert seen == [0]


def test_who_finds_the_file_locked_while_it_is_opened_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, refusals = database_module._opened, []

    def busy_twice(path: Path) -> Any:
        if len(refusals) < 2:
            refusals.append("busy")
            raise apsw.BusyError("database is locked")
        return connect(path)

    monkeypatch.setattr(database_module, "_opened", busy_twice)
    database = open_database(tmp_path / "desk.sqlite")
    assert refusals == ["busy", "busy"]
    database.close()


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_path: Path) -> Any:
        raise apsw.BusyError("database is locked")

    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(database_module, "_opened", busy)
    with pytest.raises(StoreError, match="Another program is holding") as caught:
        open_database(tmp_path / "desk.sqlite")
    assert caught.value.code == "locked"
