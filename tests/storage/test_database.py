"""Connections: one a thread, shared with peewee, which a start does without."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from app.storage import schema
from app.storage.database import Database, open_database
from app.storage.migrations_runner import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(tmp_path / "desk.sqlite")


def test_the_newest_schema_is_that_of_the_last_migration() -> None:
    assert MIGRATIONS[-1].version == schema.NEWEST


def test_each_thread_has_a_connection_of_its_own(database: Database) -> None:
    others: list[object] = []

    def other() -> None:
        others.append(database.connection())
        database.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert database.connection() is database.connection()
    assert others[0] is not database.connection()


def test_peewee_works_on_the_connection_of_the_thread(database: Database) -> None:
    with database.atomic("IMMEDIATE"):
        assert database.peewee.connection() is database.connection()
        assert database.connection().in_transaction
    assert not database.connection().in_transaction


def test_a_transaction_that_raises_is_taken_back(database: Database) -> None:
    def fill() -> None:
        with database.atomic("IMMEDIATE"):
            database.connection().execute("INSERT INTO local VALUES ('half', 'way')")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fill()
    assert database.connection().execute("SELECT 1 FROM local WHERE key = 'half'").get is None


def test_a_closed_thread_opens_anew(database: Database) -> None:
    with database.atomic():
        first = database.connection()
    database.close()
    database.close()
    assert database.connection() is not first
    with database.atomic("IMMEDIATE"):
        assert database.peewee.connection() is database.connection()


def test_every_connection_is_set_up_the_same(database: Database) -> None:
    connection = database.connection()
    names = ("journal_mode", "synchronous", "temp_store", "trusted_schema")
    assert [connection.pragma(name) for name in names] == ["wal", 2, 2, 0]


def test_a_file_that_is_up_to_date_is_opened_without_peewee_and_migrations(
    database: Database, tmp_path: Path
) -> None:
    database.close()
    script = (
        "import sys; from pathlib import Path; from app.storage.database import open_database;"
        "open_database(Path(sys.argv[1])).close(); print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "desk.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "app.storage.database" in loaded
    assert not loaded & {"peewee", "app.storage.migrations_runner", "app.storage.search"}
