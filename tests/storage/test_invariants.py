"""Each invariant that a single journal can break is named by its function, and seen when broken."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident_record import IncidentDraft
from app.services import browsing, incidents, logging_incidents, undoing
from app.services.desk import Desk, open_desk
from app.storage import audit, invariants
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(
        Profile(tmp_path / "one"), PinnedClock(MONDAY), person="Ana Ruiz", zone="Europe/London"
    )
    for title in ("Printer down", "VPN drops", "Undone"):
        logging_incidents.log(desk, IncidentDraft(title=title))
    undoing.undo(desk)
    return desk


def versions(desk: Desk) -> list[Any]:
    return list(desk.connection.execute("SELECT station, sseq FROM change"))


def copied(desk: Desk, folder: Path) -> Desk:
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(desk.profile.directory, folder)
    return open_desk(Profile(folder), PinnedClock(MONDAY), person="Ana Ruiz", zone="Europe/London")


def unlocked(desk: Desk) -> Any:
    """Return the connection without the triggers that keep the journal as it is."""
    for name in ("change_is_append_only", "change_is_never_edited"):
        desk.connection.execute(f"DROP TRIGGER {name}")
    return desk.connection


def test_every_invariant_holds_after_work_and_an_undo(desk: Desk, tmp_path: Path) -> None:
    db = desk.connection
    assert invariants.i1_acknowledged_changes_are_kept(db, versions(desk)) == []
    before = audit.snapshot(db)
    assert invariants.i3_rebuild_gives_the_state(desk.store) == []
    assert audit.snapshot(db) == before
    assert invariants.i7_numbers_are_unique_and_for_ever(db) == []
    other = copied(desk, tmp_path / "two")
    assert invariants.i8_versions_have_one_hash(db, other.connection) == []
    other.close()


def test_i1_names_an_acknowledged_change_that_is_gone(desk: Desk) -> None:
    known = versions(desk)
    unlocked(desk).execute("DELETE FROM change WHERE sseq = ?", (known[-1][1],))
    assert invariants.i1_acknowledged_changes_are_kept(desk.connection, known) == [known[-1]]


def test_i3_names_the_table_that_does_not_follow_from_the_journal_and_leaves_it(
    desk: Desk,
) -> None:
    desk.connection.execute("UPDATE incident SET title = 'Other' WHERE number = 'INC-000001'")
    before = audit.snapshot(desk.connection)
    assert invariants.i3_rebuild_gives_the_state(desk.store) == ["incident"]
    assert audit.snapshot(desk.connection) == before


def test_i7_names_a_number_that_is_shared_or_changed_and_a_block_leased_twice(desk: Desk) -> None:
    db = unlocked(desk)
    db.execute("UPDATE incident SET number = 'INC-000099' WHERE number = 'INC-000001'")
    assert invariants.i7_numbers_are_unique_and_for_ever(db) == ["INC-000099"]
    db.execute("UPDATE incident SET number = 'INC-000001' WHERE number = 'INC-000099'")
    station: Any = db.execute("SELECT station FROM number_block").get
    db.execute("INSERT INTO number_block VALUES (25, 49, 25, ?)", (station,))
    assert invariants.i7_numbers_are_unique_and_for_ever(db) == ["25-49"]
    db.execute("DELETE FROM number_block WHERE first = 25")
    (sseq, value), *_ = db.execute(
        "SELECT sseq, value FROM change WHERE kind = 'incident' AND op = 'create' ORDER BY sseq "
        "DESC"
    )
    told = {**json.loads(value), "number": "INC-000001"}
    db.execute("UPDATE change SET value = ? WHERE sseq = ?", (json.dumps(told), sseq))
    assert "INC-000001" in invariants.i7_numbers_are_unique_and_for_ever(db)


def test_i8_names_a_version_that_two_journals_tell_differently(desk: Desk, tmp_path: Path) -> None:
    other = copied(desk, tmp_path / "two")
    unlocked(other).execute("UPDATE change SET hash = zeroblob(32) WHERE sseq = 2")
    found = invariants.i8_versions_have_one_hash(desk.connection, other.connection)
    assert [sseq for _, sseq in found] == [2]
    incidents.edit(desk, [browsing.find(desk, "1")], {"title": "Only here"})
    assert invariants.i8_versions_have_one_hash(desk.connection, other.connection) == found
    other.close()
