"""What was redacted is in no byte of the hub or of any station after they have exchanged."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.publication import without
from app.services import browsing, evidence, incidents, quick_logging, redacting, sharing
from app.services.desk import Desk, open_desk
from app.services.exchanging import open_hub, site_of
from app.storage import attachments, audit, exchange_rows, incident_reader, invariants
from app.storage.exchange_rows import HELD_BACK_MS
from app.storage.store import Store
from app.sync import upkeep
from app.sync.hub import Erasure
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.invariants import i2_all_stations_are_equal
from tests.simulation.world import seeded

from .test_fault_table import Two

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.domain.incident import EntityId

    from .conftest import Cluster

SECRET = "hunter2-Zugang"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(name: str) -> Desk:
        clock = PinnedClock(datetime(2026, 3, 9, 9, len(made), tzinfo=UTC))
        made.append(open_desk(Profile(tmp_path / name), clock, person=name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def holding(folder: Path, words: bytes = SECRET.encode()) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and words.lower() in path.read_bytes().lower()
    )


def sync(*desks: Desk) -> None:
    for _ in range(3):
        for one in desks:
            sharing.sync(one)
    assert i2_all_stations_are_equal([one.connection for one in desks]) == ""
    for one in desks:
        assert audit.verify_chains(one.connection).first_bad is None


def log(desk: Desk, text: str = f"asks for {SECRET}") -> EntityId:
    quick_logging.log_lines(desk, [text])
    found: EntityId = desk.connection.execute(
        "SELECT uid FROM incident ORDER BY id DESC LIMIT 1"
    ).get
    return found


def test_words_and_files_leave_the_folder_and_every_station(
    tmp_path: Path, desk: Callable[[str], Desk]
) -> None:
    ana, jon, kim = desk("Ana"), desk("Jon"), desk("Kim")
    hub = tmp_path / "hub"
    uid = log(ana)
    sharing.create(ana, str(hub))
    sharing.join(jon, str(hub))
    incidents.add_note(jon, [uid], f"{SECRET} worked")
    evidence.attach(jon, uid, [("list.txt", SECRET.encode())])
    sync(ana, jon)
    log(ana, "another")
    sync(ana, jon)
    site = site_of(ana, open_hub(str(hub)))  # a pack, a replica and a repair copy hold it as well
    assert upkeep.pack(site, site.hub.holdings(), least=1)
    assert upkeep.snapshot(site, tmp_path, least=1)
    site.hub.mend(jon.store.station, site.hub.fetch(ana.store.station, 0, 1).pieces[0])
    (hub / "st" / ana.store.station.hex() / "seg" / "x.tmp").write_bytes(SECRET.encode())
    held = holding(hub)
    for part in ("pack", "snap", "repair", "seg"):
        assert any(part in one for one in held), (part, held)
    assert all(holding(one.profile.directory) for one in (ana, jon))

    file = incident_reader.read(jon.connection, uid).attachments[0]
    redacting.redact(jon, uid, SECRET, "a password")
    redacting.redact_file(jon, uid, file.id, "passwords")
    sync(jon, ana)

    assert holding(hub) == []
    for one in (ana, jon):
        assert holding(one.profile.directory) == []
        assert invariants.i3_rebuild_gives_the_state(one.store) == []
        shown = incident_reader.read(one.connection, uid)
        assert shown.title == "asks for [redacted]"
        assert [(e.text, e.author) for e in shown.timeline if e.kind == "redacted"] == [
            ("a password", "Jon"),
            ("passwords", "Jon"),
        ]
        assert exchange_rows.notes(one.connection) == []
    sharing.join(kim, str(hub))
    sync(ana, jon, kim)
    assert incident_reader.read(kim.connection, uid).title == "asks for [redacted]"
    assert browsing.find_text(kim, "worked").total == 1
    assert holding(kim.profile.directory) == []


def test_a_replica_that_a_backup_brings_back_is_removed_again(
    tmp_path: Path, desk: Callable[[str], Desk]
) -> None:
    ana = desk("Ana")
    hub = tmp_path / "hub"
    uid = log(ana)
    sharing.create(ana, str(hub))
    site = site_of(ana, open_hub(str(hub)))
    assert upkeep.snapshot(site, tmp_path, least=1)
    before = {path: path.read_bytes() for path in hub.rglob("*") if path.is_file()}
    redacting.redact(ana, uid, SECRET, "a password")
    sync(ana)
    assert holding(hub) == []
    for path, content in before.items():
        path.write_bytes(content)
    assert len(holding(hub)) == 2
    sync(ana)
    assert holding(hub) == []


def test_an_owner_who_is_gone_is_stood_in_for_after_ten_minutes(
    tmp_path: Path, desk: Callable[[str], Desk]
) -> None:
    ana, jon, kim = desk("Ana"), desk("Jon"), desk("Kim")
    hub = tmp_path / "hub"
    uid = log(ana)
    sharing.create(ana, str(hub))
    sharing.join(jon, str(hub))
    redacting.redact(jon, uid, SECRET, "a password")
    sync(jon)
    assert holding(hub)  # her own files are hers for now
    assert isinstance(jon.store.clock, PinnedClock)
    jon.store.clock.set(jon.now() + timedelta(milliseconds=HELD_BACK_MS))
    sync(jon)
    assert holding(hub) == []
    sharing.join(kim, str(hub))
    sync(jon, kim)
    assert incident_reader.read(kim.connection, uid).title == "asks for [redacted]"


def test_the_same_holds_for_rows_that_come_after_their_redaction(
    desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    """A row may come after the one that blanks it, blanked or with its value."""
    from app.storage import remote
    from tests.storage.published import pieces

    ana, jon = desk("Ana"), desk("Jon")
    kim, lee = (Store(tmp_path / f"{name}.sqlite", ana.store.clock) for name in "kl")
    uid = log(ana)
    for piece in pieces(ana.store):
        remote.apply(jon.store, piece)
    redacting.redact(jon, uid, SECRET, "a password")
    told = list(pieces(jon.store))
    whole = list(pieces(ana.store))
    asked = {c.sseq for one in whole for c in one.changes if SECRET in (c.value or "")}
    for piece in [*told, *whole]:
        remote.apply(kim, piece)
    for piece in [*(without(one, asked) for one in whole), *told]:
        remote.apply(lee, piece)
    for piece in told:
        remote.apply(ana.store, piece)
    stores = (ana.store, kim, lee)
    assert i2_all_stations_are_equal([one.connection for one in stores]) == ""
    for one in stores:
        assert incident_reader.read(one.connection, uid).title == "asks for [redacted]"
        assert invariants.i3_rebuild_gives_the_state(one) == []
        assert audit.verify_chains(one.connection).first_bad is None
    kim.close_thread()
    lee.close_thread()


def test_an_exchange_killed_at_any_call_leaves_nothing_behind_in_the_end() -> None:
    with seeded(random.Random(5)):
        two = Two()
        uid = two.log(two.a)
        from app.storage import journal

        with journal.write(two.b.store, bytes(16), "note") as action:
            action.set("incident", uid, "description", SECRET)  # type: ignore[arg-type]
        two.rest()
        version = two.b.store.connection.execute(
            "SELECT station, sseq, value FROM change WHERE value LIKE ?", (f"%{SECRET}%",)
        ).get
        assert any(SECRET.encode() in two.share.get(path) for path in two.share.paths("seg"))
        with journal.write(two.a.store, bytes(16), "redact") as action:
            told = {"station": version[0].hex(), "sseq": version[1], "instead": "[redacted]"}
            action.set("redaction", uid, "x", told, op="redact", root=uid)  # type: ignore[arg-type]
        assert two.kill_everywhere(two.a) > 5
        assert two.kill_everywhere(two.b) > 5
        two.rest()
        for folder, files in two.share.folders.items():
            for name, content in files.items():
                assert SECRET.encode() not in content, f"{folder}/{name}"
        for station in two.stations:
            assert SECRET.encode() not in station.image()


@pytest.mark.postgres
def test_words_and_files_leave_a_server(
    cluster: Cluster, database: str, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.storage.team_server import driver
    from app.system import secrets

    kept: dict[str, str] = {}
    monkeypatch.setattr(secrets, "get_secret", kept.get)
    monkeypatch.setattr(secrets, "set_secret", kept.__setitem__)
    ana, jon, kim = desk("Ana"), desk("Jon"), desk("Kim")
    url = cluster.url(database=database)
    uid = log(ana)
    evidence.attach(ana, uid, [("list.txt", SECRET.encode())])
    sharing.create(ana, url)
    sharing.join(jon, url)
    incidents.add_note(jon, [uid], f"{SECRET} worked")
    sync(jon, ana)
    file = incident_reader.read(jon.connection, uid).attachments[0]
    redacting.redact(jon, uid, SECRET, "a password")
    redacting.redact_file(jon, uid, file.id, "passwords")
    sync(jon, ana)
    with driver().connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT count(*) FROM incident_desk.change WHERE value LIKE %s",
                                  (f"%{SECRET}%",)).fetchone()  # fmt: skip
        files = connection.execute("SELECT count(*) FROM incident_desk.file_part").fetchone()
    assert rows == files == (0,)
    sharing.join(kim, url)
    sync(ana, jon, kim)
    for one in (ana, jon, kim):
        assert incident_reader.read(one.connection, uid).title == "asks for [redacted]"
        assert holding(one.profile.directory) == []
        assert not attachments.path_of(one.profile.attachments, file.sha256).exists()


def test_a_blank_without_a_redaction_is_told_of(
    tmp_path: Path, desk: Callable[[str], Desk]
) -> None:
    """Whoever may write to the folder could blank values there: the chain alone shows nothing."""
    ana, jon = desk("Ana"), desk("Jon")
    hub_folder = tmp_path / "hub"
    log(ana)
    sharing.create(ana, str(hub_folder))
    hub = open_hub(str(hub_folder))
    roots: Any = ana.connection.execute("SELECT sseq, root FROM change ORDER BY sseq LIMIT 3")
    asked = {ana.store.station: {s: Erasure(late=True, roots=frozenset([r])) for s, r in roots}}
    assert hub.redact(bytes(16), set(), asked)
    sharing.join(jon, str(hub_folder))
    texts = [note.text for note in exchange_rows.notes(jon.connection) if note.kind == "blanked"]
    assert len(texts) == 1
    assert "values of Ana on " in texts[0]
    assert texts[0].endswith(
        "were blanked in the shared folder and nobody has redacted them. "
        "Restore the folder from a backup and join again."
    )
