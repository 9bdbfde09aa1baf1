"""Replicas to start from and packs of old segments: quicker, and nothing else changes."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.incident_record import IncidentDraft
from app.services import auditing, browsing, exchanging, logging_incidents, sharing
from app.services.desk import Desk, open_desk
from app.sync import engine, upkeep
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.state import difference, state_of
from tests.simulation.world import seeded

from .test_fault_table import Two

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def opened(folder: Path, name: str) -> Desk:
    return open_desk(Profile(folder / name), CLOCK, person=name)


@pytest.fixture
def ana(tmp_path: Path) -> Desk:
    """Give a profile that shares, with 30 incidents and a replica on the hub."""
    desk = opened(tmp_path, "Ana")
    sharing.create(desk, str(tmp_path / "hub"))
    drafts = [IncidentDraft(title=f"Printer {n} down") for n in range(30)]
    logging_incidents.log_many(desk, drafts)
    sharing.sync(desk)
    site = exchanging.site_of(desk, exchanging.open_hub(str(tmp_path / "hub")))
    assert upkeep.snapshot(site, desk.profile.directory, least=10)
    assert not upkeep.snapshot(site, desk.profile.directory, least=10)
    return desk


def replica_of(folder: Path) -> Path:
    return next((folder / "hub" / "snap").iterdir())


def test_a_new_station_starts_from_a_replica_and_is_equal(ana: Desk, tmp_path: Path) -> None:
    for path in (tmp_path / "hub" / "st").rglob("seg/1-*"):
        path.unlink()  # nothing but the replica can bring the first rows
    jon = opened(tmp_path, "Jon")
    other_thread_of_jon = opened(tmp_path, "Jon")
    own = jon.store.station

    sharing.join(jon, str(tmp_path / "hub"))
    sharing.sync(ana)
    sharing.sync(jon)

    assert jon.store.station == own
    assert difference(state_of(ana.connection), state_of(jon.connection)) == ""
    assert browsing.find_text(jon, "printer").total == 30
    assert browsing.find_text(other_thread_of_jon, "printer").total == 30
    assert jon.connection.execute("SELECT count(*) FROM incident WHERE unread = 1").get == 0
    assert auditing.check(jon)["ok"]
    assert logging_incidents.log(jon, IncidentDraft(title="Mine")).number not in {
        number for (number,) in ana.connection.execute("SELECT number FROM incident")
    }
    assert list(jon.profile.directory.glob(".joining*")) == []


def test_a_replica_holds_no_secret_and_nothing_of_its_workstation(
    ana: Desk, tmp_path: Path
) -> None:
    content = replica_of(tmp_path).read_bytes()
    secret = ana.store.locals("share.secret:")[ana.store.station.hex()]
    assert secret not in content
    assert b"share.secret" not in content
    copy = apsw.Connection(str(replica_of(tmp_path)))
    assert copy.execute("SELECT count(*) FROM local").get == 0
    assert copy.execute("SELECT count(*) FROM incident").get == 30


@pytest.mark.parametrize("fault", ["title", "head", "hidden"])
def test_a_replica_whose_tables_were_forged_is_found_out_and_built_anew(
    ana: Desk, tmp_path: Path, fault: str
) -> None:
    copy = apsw.Connection(str(replica_of(tmp_path)))
    copy.execute(
        {
            "title": "UPDATE incident SET title = 'Pay to the other account' WHERE id = 7",
            "head": "DELETE FROM head WHERE entity = (SELECT uid FROM incident WHERE id = 7)",
            "hidden": "UPDATE incident SET deleted = 1 WHERE id = 7",
        }[fault]
    )
    copy.close()
    _rename_to_its_hash(replica_of(tmp_path))
    jon = opened(tmp_path, "Jon")
    sharing.join(jon, str(tmp_path / "hub"))
    sharing.sync(ana)
    sharing.sync(jon)
    assert difference(state_of(ana.connection), state_of(jon.connection)) == ""
    texts = [note["text"] for note in sharing.status(jon)["health"]]
    table = "head" if fault == "head" else "incident"
    assert texts == [
        f"The replica that this profile started from did not follow from the journal ({table}). "
        "Everything was built anew from the journal."
    ]
    assert list(jon.profile.directory.glob(".proving*")) == []


def test_a_replica_with_an_index_that_hides_rows_is_found_out(ana: Desk, tmp_path: Path) -> None:
    copy = apsw.Connection(str(replica_of(tmp_path)))
    (sql,) = copy.execute("SELECT sql FROM sqlite_schema WHERE name = 'change_root'").fetchone()
    copy.execute("DROP INDEX change_root")
    copy.execute("CREATE INDEX change_root ON change(author)")
    copy.execute("PRAGMA writable_schema = on")
    copy.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'change_root'", (sql,))
    copy.close()
    _rename_to_its_hash(replica_of(tmp_path))
    jon = opened(tmp_path, "Jon")
    sharing.join(jon, str(tmp_path / "hub"))
    sharing.sync(ana)
    sharing.sync(jon)
    assert difference(state_of(ana.connection), state_of(jon.connection)) == ""
    assert jon.connection.execute("PRAGMA integrity_check").get == "ok"
    texts = [note["text"] for note in sharing.status(jon)["health"]]
    assert texts == [
        "The replica that this profile started from did not follow from the journal (indexes). "
        "Everything was built anew from the journal."
    ]


def test_a_replica_whose_journal_nobody_signed_is_passed_over(ana: Desk, tmp_path: Path) -> None:
    copy = apsw.Connection(str(replica_of(tmp_path)))
    copy.execute("UPDATE segment_seen SET signature = randomblob(64)")
    copy.close()
    _rename_to_its_hash(replica_of(tmp_path))
    jon = opened(tmp_path, "Jon")
    sharing.join(jon, str(tmp_path / "hub"))
    (note,) = sharing.status(jon)["health"]
    assert note["text"].startswith("A replica on the hub was not used: the entries of ")
    assert note["text"].endswith(" in it are not signed to their end")
    assert browsing.find_text(jon, "printer").total == 30


@pytest.mark.parametrize("fault", ["cut", "trigger", "row"])
def test_a_replica_that_does_not_hold_is_passed_over(ana: Desk, tmp_path: Path, fault: str) -> None:
    path = replica_of(tmp_path)
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-5000])
    else:
        copy = apsw.Connection(str(path))
        if fault == "trigger":
            copy.execute(
                "CREATE TRIGGER evil AFTER INSERT ON local BEGIN DELETE FROM incident; END"
            )
        else:
            copy.execute("DROP TRIGGER change_is_never_edited")
            copy.execute("UPDATE change SET value = '{}' WHERE sseq = 3")
        copy.close()
        _rename_to_its_hash(path)
    jon = opened(tmp_path, "Jon")
    sharing.join(jon, str(tmp_path / "hub"))
    assert browsing.find_text(jon, "printer").total == 30
    assert auditing.check(jon)["ok"]
    notes = [note["kind"] for note in sharing.status(jon)["health"]]
    assert notes == ([] if fault == "cut" else ["snapshot"])
    assert jon.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'evil'").get is None


def _rename_to_its_hash(path: Path) -> None:
    import hashlib

    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    path.rename(path.with_name("-".join([*path.name.split("-")[:2], f"{digest}.sqlite"])))


def test_a_profile_with_incidents_of_its_own_joins_row_by_row(ana: Desk, tmp_path: Path) -> None:
    jon = opened(tmp_path, "Jon")
    logging_incidents.log(jon, IncidentDraft(title="Mine"))
    sharing.join(jon, str(tmp_path / "hub"))
    sharing.sync(ana)
    sharing.sync(jon)
    assert difference(state_of(ana.connection), state_of(jon.connection)) == ""
    assert browsing.find_text(ana, "mine").total == 1


def test_old_segments_are_packed_and_read_as_before() -> None:
    with seeded(random.Random(3)):
        two = Two()
        for _ in range(9):
            two.log(two.a)
            two.a.exchange_whole()
        small = len(two.segments(two.a))
        site = two.a.site()
        assert upkeep.pack(site, site.hub.holdings(), least=5) == 1
        assert small > 9 > len(two.segments(two.a))
        assert upkeep.pack(site, site.hub.holdings(), least=5) == 0
        two.rest()
        late = two._open("late", two._fresh())
        late.begin(two.team)
        two.rest()
        assert engine.exchange(two.a.site()).pushed == 0
