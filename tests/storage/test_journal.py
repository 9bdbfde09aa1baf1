"""The journal: chained, append-only, whole, and enough to build everything anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.errors import ConflictError, StoreError
from app.domain.incident import CauseClass, EntityId, FixType, Outcome, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    configuration,
    incidents,
    logging_incidents,
    moves,
    raising,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.storage import audit, head_rows, rebuild
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="Europe/London")


def logged(desk: Desk, title: str = "Printer down", **facts: object) -> bytes:
    draft = IncidentDraft(title=title, **facts)  # type: ignore[arg-type]
    return logging_incidents.log(desk, draft).ids["incident"][0]


def test_every_row_is_chained_and_every_invariant_holds(desk: Desk) -> None:
    uid = logged(desk, requester="Nina Berg", tags=("vpn",))
    incidents.edit(desk, [uid], {"title": "Printer is down", "impact": 1})
    incidents.add_note(desk, [uid], "Looked at it")
    undoing.undo(desk)

    report = audit.verify_chains(desk.connection)

    assert report.first_bad is None
    assert report.entries == desk.connection.execute("SELECT count(*) FROM change").get
    assert audit.i4_no_change_is_silently_lost(desk.connection) == []
    assert audit.i5_vectors_are_contiguous(desk.connection)
    assert audit.i9_groups_are_whole(desk.connection) == []


def test_rebuilding_from_the_journal_gives_the_same_state(desk: Desk, clock: PinnedClock) -> None:
    first = logged(desk, requester="Nina Berg", tags=("vpn", "Büro"), custom={"floor": 2})
    second = logged(desk, "Printer down again")
    moves.assign(desk, [first], "Ana Ruiz")
    moves.start(desk, [first])
    clock.set(MONDAY + timedelta(hours=1))
    moves.pend(desk, [first], PendingReason.VENDOR, MONDAY + timedelta(days=1), text="Parts")
    clock.set(MONDAY + timedelta(hours=2))
    moves.resume(desk, [first])
    incidents.edit(desk, [first], {"impact": 1, "custom.floor": 3, "description": "Long text"})
    incidents.tag(desk, [first], add=["hq"], remove=["vpn"])
    incidents.tick(desk, first, "Save as knowledge article")
    raising.merge(desk, [second], first)
    before = audit.snapshot(desk.connection)

    rebuild.rebuild(desk.store)

    after = audit.snapshot(desk.connection)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert browsing.find_text(desk, "printer").total == 2


def test_the_journal_refuses_update_and_delete(desk: Desk) -> None:
    logged(desk)
    for statement in ("DELETE FROM change", "UPDATE change SET value = '1'"):
        with pytest.raises(apsw.ConstraintError, match="append-only"):
            desk.connection.execute(statement)


def test_an_altered_row_is_named(desk: Desk) -> None:
    uid = logged(desk)
    incidents.add_note(desk, [uid], "Original")
    last = desk.connection.execute("SELECT max(sseq) FROM change").get
    desk.connection.execute("DROP TRIGGER change_is_never_edited")
    desk.connection.execute("UPDATE change SET value = '{}' WHERE sseq = ?", (last,))

    bad = audit.verify_chains(desk.connection).first_bad

    assert bad is not None
    assert bad.sseq == last
    assert "altered" in bad.reason


def test_an_action_that_fails_leaves_nothing(desk: Desk) -> None:
    before = audit.snapshot(desk.connection)

    def fail() -> None:
        with desk.write("Fail") as action:
            action.create("person", {"name": "Nobody"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert audit.snapshot(desk.connection) == before


def test_undo_of_each_action_is_a_new_fact_and_redo_brings_it_back(desk: Desk) -> None:
    uid = logged(desk)
    incidents.edit(desk, [uid], {"title": "Changed"})
    rows = desk.connection.execute("SELECT count(*) FROM change").get

    undoing.undo(desk)
    assert browsing.incident(desk, uid).title == "Printer down"
    undoing.redo(desk)

    assert browsing.incident(desk, uid).title == "Changed"
    assert desk.connection.execute("SELECT count(*) FROM change").get == rows + 2


def test_undo_of_a_bulk_edit_and_of_a_merge_restores_every_incident(desk: Desk) -> None:
    ids = [logged(desk, f"Incident {n}") for n in range(5)]
    incidents.edit(desk, ids, {"impact": 1, "urgency": 1})
    undoing.undo(desk)
    assert {browsing.incident(desk, uid).priority for uid in ids} == {"P4"}

    raising.merge(desk, ids[1:], ids[0])
    assert browsing.incident(desk, ids[3]).status is Status.CANCELLED
    assert browsing.incident(desk, ids[3]).merged_into == "INC-000001"
    undoing.undo(desk)

    assert {browsing.incident(desk, uid).status for uid in ids} == {Status.NEW}
    assert browsing.incident(desk, ids[0]).duplicates == ()


def test_undo_is_refused_when_somebody_changed_the_field_since(desk: Desk) -> None:
    uid = logged(desk)
    incidents.edit(desk, [uid], {"title": "Mine"})
    other = desk.acting_as("Jon Park")
    incidents.edit(other, [uid], {"title": "Jon's"})

    with pytest.raises(ConflictError, match="Jon Park has changed title since"):
        undoing.undo(desk)

    assert browsing.incident(desk, uid).title == "Jon's"


def test_concurrent_edits_of_one_version_are_a_conflict_and_both_are_kept(desk: Desk) -> None:
    uid = logged(desk)
    seen = browsing.heads(desk, uid, ["title"])
    incidents.edit(desk, [uid], {"title": "First"}, seen=seen)
    incidents.edit(desk, [uid], {"title": "Second"}, seen=seen)

    flagged = desk.connection.execute("SELECT conflict FROM incident WHERE uid = ?", (uid,)).get
    heads = desk.connection.execute(
        "SELECT count(*) FROM head WHERE entity = ? AND field = 'title'", (uid,)
    ).get

    assert (flagged, heads) == (1, 2)
    assert browsing.incident(desk, uid).title == "Second"


def test_an_action_within_an_action_is_what_the_outer_one_goes_on_from(desk: Desk) -> None:
    uid = EntityId(logged(desk))
    with desk.write("Outer") as action:
        assert "title" not in action.heads(uid)
        incidents.edit(desk, [uid], {"title": "Inner"})
        action.set("incident", uid, "title", "Outer")

    incident = browsing.incident(desk, uid)
    assert incident.title == "Outer"
    assert browsing.conflicts(desk, uid) == []
    assert len(head_rows.of(desk.connection, uid)["title"]) == 1


def test_a_newer_file_is_refused_with_a_sentence_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.connection.execute("PRAGMA user_version = 99")
    desk.close()
    with pytest.raises(StoreError, match="newer Incident Desk") as caught:
        open_desk(Profile(tmp_path / "profile"), PinnedClock(MONDAY), person="Ana")
    assert caught.value.code == "newer"


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_corrupt_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    profile = Profile(tmp_path / "profile")
    profile.create()
    profile.database.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_desk(profile, PinnedClock(MONDAY), person="Ana")
    assert caught.value.code == "corrupt"
    assert profile.database.read_bytes() == content


def test_numbers_follow_each_other_and_are_leased_before_they_are_shown(desk: Desk) -> None:
    numbers = [browsing.incident(desk, logged(desk, f"Incident {n}")).number for n in range(30)]
    leases = desk.connection.execute("SELECT count(*) FROM change WHERE op = 'lease'").get
    assert numbers == [f"INC-{n:06d}" for n in range(1, 31)]
    assert leases == 2


def test_the_clock_of_a_resolved_incident_survives_an_edit_of_its_calendar(
    desk: Desk, clock: PinnedClock
) -> None:
    uid = logged(desk, impact=1, urgency=1)
    moves.start(desk, [uid])
    clock.set(MONDAY + timedelta(hours=2))
    given = Given(
        outcome=Outcome.FIXED,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.UNDETERMINED,
        resolution="Done",
    )
    moves.resolve(desk, [uid], given)
    before = browsing.incident(desk, uid).resolution_clock
    target = next(i for i in configuration.items(desk, "target") if i.name == "P1 resolution")

    configuration.put_item(desk, "target", target.name, {**target.data, "target": "1h"})

    assert before is not None
    assert before.met is True
    assert browsing.incident(desk, uid).resolution_clock == before
