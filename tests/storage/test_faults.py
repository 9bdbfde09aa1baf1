"""A database that is corrupt, newer, foreign, read-only, locked, full or old: one sentence each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.errors import StoreError
from app.domain.incident_record import IncidentDraft
from app.services import auditing, browsing, incidents, logging_incidents
from app.services.desk import Desk, open_desk
from app.storage import database as database_module
from app.storage import migrations_runner, schema
from app.storage.migrations_runner import Migration
from app.system.clock import SystemClock
from app.system.paths import Profile

from .older_schema import take_back

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


def opened(folder: Path) -> Desk:
    return open_desk(Profile(folder), SystemClock(), person="Ana Ruiz", zone="UTC")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    desk = opened(tmp_path / "p")
    logging_incidents.log(desk, IncidentDraft(title="Printer down"))
    desk.connection.pragma("wal_checkpoint", "truncate")
    desk.close()
    return tmp_path / "p"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    desk = opened(folder)
    yield desk
    desk.close()


def test_rubbish_in_place_of_the_database_is_left_as_it_is(folder: Path) -> None:
    file = Profile(folder).database
    rubbish = b"not a database at all " * 500
    file.write_bytes(rubbish)

    with pytest.raises(StoreError, match="not an Incident Desk database") as caught:
        opened(folder)

    assert caught.value.code == "corrupt"
    assert file.read_bytes() == rubbish


def test_a_damaged_page_is_told_and_left_as_it_is(folder: Path) -> None:
    file = Profile(folder).database
    content = bytearray(file.read_bytes())
    content[4096 : 4096 * 8] = os.urandom(4096 * 7)
    file.write_bytes(content)

    with pytest.raises(StoreError, match="damaged") as caught:
        auditing.rebuild(opened(folder))

    assert caught.value.code == "corrupt"
    assert file.read_bytes()[4096 : 4096 * 8] == content[4096 : 4096 * 8]


def test_a_newer_database_is_refused_and_not_touched(folder: Path) -> None:
    file = Profile(folder).database
    connection = apsw.Connection(str(file))
    connection.pragma("user_version", 99)
    connection.pragma("journal_mode", "delete")
    connection.close()
    before = file.read_bytes()

    with pytest.raises(StoreError, match="newer Incident Desk") as caught:
        opened(folder)

    assert caught.value.code == "newer"
    assert file.read_bytes()[100:] == before[100:]


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    connection = apsw.Connection(str(profile.database))
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()

    with pytest.raises(StoreError, match="another program") as caught:
        opened(tmp_path)

    assert caught.value.code == "foreign"
    connection = apsw.Connection(str(profile.database))
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("songs",)]
    connection.close()


def test_a_locked_database_writes_nothing_and_goes_on_afterwards(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_S", 0.2)
    desk = opened(folder)
    other = apsw.Connection(str(Profile(folder).database))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="Another program is holding") as caught:
        logging_incidents.log(desk, IncidentDraft(title="While locked"))

    assert caught.value.code == "locked"
    assert browsing.find_text(desk, "locked").total == 0
    other.execute("ROLLBACK")
    other.close()
    logging_incidents.log(desk, IncidentDraft(title="While locked"))
    assert browsing.find_text(desk, "locked").total == 1
    desk.close()


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_space(desk: Desk) -> None:
    uid = browsing.find(desk, "1")
    pages = int(desk.connection.pragma("page_count"))
    desk.connection.pragma("max_page_count", pages)
    before = auditing.verify(desk)

    with pytest.raises(StoreError) as caught:
        incidents.add_note(desk, [uid], "long " * 200_000)

    assert caught.value.code == "disk_full"
    assert caught.value.message == (
        "The disk is full. Nothing was written and nothing is lost; "
        "free some space and do it again."
    )
    assert auditing.verify(desk) == before
    desk.connection.pragma("max_page_count", pages + 10_000)
    incidents.add_note(desk, [uid], "long " * 200_000)
    assert auditing.check(desk)["ok"]


FULL_FILE = """
import resource, signal, sys
from pathlib import Path
from app.domain.errors import KnownError
from app.services import auditing, browsing, incidents
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
desk = open_desk(Profile(Path(sys.argv[1])), SystemClock(), person="Ana Ruiz", zone="UTC")
uid = browsing.find(desk, "1")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, before[1]))
try:
    incidents.add_note(desk, [uid], "long " * 180_000)
    print("written")
except KnownError as error:
    print(error.code, "|", error.message)
resource.setrlimit(resource.RLIMIT_FSIZE, before)
incidents.add_note(desk, [uid], "short")
print(auditing.check(desk)["ok"], len(browsing.incident(desk, uid).timeline))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of POSIX")
def test_a_file_that_may_not_grow_loses_nothing(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_FILE, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    refused, after = done.stdout.splitlines()
    assert "Nothing was written" in refused
    assert after.startswith("True 2")


READ_ONLY = """
import os, sys
from pathlib import Path
from app.domain.errors import KnownError
from app.domain.incident_record import IncidentDraft
from app.services import logging_incidents
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.faults import MachineError
from app.system.paths import Profile

def log(place):
    desk = open_desk(Profile(Path(place)), SystemClock(), person="Ana Ruiz", zone="UTC")
    logging_incidents.log(desk, IncidentDraft(title="No"))
    desk.close()

log(sys.argv[2])  # what is imported late is imported while the interpreter can still be read
if hasattr(os, "getuid") and os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    log(sys.argv[1])
    print("written")
except (KnownError, MachineError) as error:
    print(error.code, "|", error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work differently there")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_read_only_database_says_what_is_in_the_way(what: str, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        folder = place / "p"
        desk = opened(folder)
        desk.connection.pragma("wal_checkpoint", "truncate")
        desk.close()
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o444)
        if what == "folder":
            folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder), str(tmp_path / "other")],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        folder.chmod(0o755)
    code, _, message = done.stdout.strip().partition(" | ")
    assert code in {"read_only", "profile", "cannot_open"}, done.stderr[-500:]
    assert "writ" in message


def test_a_file_of_the_first_schema_is_brought_up_with_a_copy_beside_it(folder: Path) -> None:
    take_back(Profile(folder).database, 1)

    desk = opened(folder)

    assert auditing.check(desk)["ok"]
    assert browsing.find_text(desk, "printer").total == 1
    copies = list(folder.glob("*.before-schema-*"))
    assert [copy.name for copy in copies] == [
        f"incident-desk.before-schema-{schema.NEWEST}.from-1.sqlite"
    ]
    old = apsw.Connection(str(copies[0]))
    assert old.pragma("user_version") == 1
    old.close()
    desk.close()


def test_a_migration_that_fails_leaves_the_file_at_its_schema(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: apsw.Connection) -> None:
        connection.execute("CREATE TABLE half (way TEXT)")
        raise RuntimeError("power cut")

    newest = schema.NEWEST
    with monkeypatch.context() as patch:
        migration = Migration(newest + 1, "broken", broken)
        patch.setattr(migrations_runner, "MIGRATIONS", (*migrations_runner.MIGRATIONS, migration))
        patch.setattr(schema, "NEWEST", newest + 1)
        with pytest.raises(RuntimeError, match="power cut"):
            opened(folder)

    desk = opened(folder)
    assert desk.connection.pragma("user_version") == newest
    assert desk.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get is None
    assert auditing.check(desk)["ok"]
    desk.close()
