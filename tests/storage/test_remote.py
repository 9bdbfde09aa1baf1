"""Rows of other stations: any order, any repetition, and the same state (sync.md, I6)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import CauseClass, FixType, Outcome, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.domain.journal_entry import chain_hash, value_digest
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    choosing,
    evidence,
    incidents,
    logging_incidents,
    moves,
    raising,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.storage import audit, clocks, rebuild, record_clocks, remote
from app.storage.remote import RefusedPieceError
from app.storage.store import Store
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.state import difference, state_of

from .published import pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.incident import EntityId

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FIXED = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.OTHER,
    cause_class=CauseClass.UNDETERMINED,
    resolution="Done",
)


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(MONDAY)


@pytest.fixture
def station(tmp_path: Path, clock: PinnedClock) -> Callable[[str], Desk]:
    def opened(name: str) -> Desk:
        return open_desk(Profile(tmp_path / name), clock, person=name, zone="UTC")

    return opened


def send(source: Desk, target: Desk) -> None:
    """Hand everything on that the target lacks."""
    for of in _vector(source):
        if of != target.store.station:
            for piece in pieces(source.store, of, _vector(target).get(of, (0, b""))[0]):
                remote.apply(target.store, piece)


def meet(*desks: Desk) -> None:
    for _ in desks:
        for one in desks:
            for other in desks:
                if one is not other:
                    send(one, other)


def _vector(desk: Desk) -> dict[bytes, tuple[int, bytes]]:
    rows = desk.connection.execute("SELECT station, sseq, hash FROM vv")
    return {of: (sseq, hash_) for of, sseq, hash_ in rows}


def equal(*desks: Desk) -> None:
    first = state_of(desks[0].connection)
    for desk in desks[1:]:
        assert difference(first, state_of(desk.connection)) == ""


def log(desk: Desk, title: str = "Printer down", **facts: object) -> EntityId:
    draft = IncidentDraft(title=title, **facts)  # type: ignore[arg-type]
    return logging_incidents.log(desk, draft).ids["incident"][0]


def busy_team(station: Callable[[str], Desk], clock: PinnedClock) -> list[Desk]:
    """Let two stations work on the same incidents, together and apart."""
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana, requester="Nina", tags=("vpn",), description="one\ntwo\nthree\n")
    other = log(ana, "Second", custom={"floor": 2})
    meet(ana, jon)
    clock.set(MONDAY + timedelta(hours=1))
    moves.assign(ana, [uid], "Ana")
    incidents.edit(jon, [uid], {"category": "hardware/printer", "description": "ONE\ntwo\nthree\n"})
    incidents.edit(ana, [uid], {"impact": 1, "description": "one\ntwo\nTHREE\n"})
    incidents.tag(ana, [uid], remove=["vpn"])
    incidents.tag(jon, [uid], add=["hq"])
    incidents.add_note(jon, [uid], "Looked at it")
    incidents.tick(jon, uid, "Save as knowledge article")
    evidence.attach(jon, uid, [("shot.png", b"picture")])
    attached = browsing.incident(jon, uid).attachments[0].id
    meet(ana, jon)
    clock.set(MONDAY + timedelta(hours=2))
    moves.start(ana, [uid])
    moves.resolve(ana, [uid], FIXED)
    moves.pend(jon, [uid], PendingReason.VENDOR, MONDAY + timedelta(days=1), text="Parts")
    evidence.remove_attachment(ana, uid, attached)
    incidents.edit(jon, [other], {"custom.floor": 3, "title": "Second, renamed"})
    incidents.edit(ana, [other], {"title": "Second, differently"})
    undoing.undo(ana)
    meet(ana, jon)
    return [ana, jon]


def test_two_stations_that_meet_are_equal(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    ana, jon = busy_team(station, clock)

    equal(ana, jon)
    for desk in (ana, jon):
        assert audit.verify_chains(desk.connection).first_bad is None
        assert audit.i4_no_change_is_silently_lost(desk.connection) == []
        assert audit.i9_groups_are_whole(desk.connection) == []


def test_any_order_and_any_repetition_give_the_same_state(
    station: Callable[[str], Desk], clock: PinnedClock, tmp_path: Path
) -> None:
    ana, jon = busy_team(station, clock)
    expected = state_of(ana.connection)
    by_station = [pieces(ana.store), pieces(ana.store, jon.store.station)]
    for seed in range(12):
        chance = random.Random(seed)
        store = Store(tmp_path / f"replica-{seed}.sqlite", clock)
        waiting = [list(rows) for rows in by_station]
        if seed < 2:  # one station whole before the other, either way
            order = [seed] * len(waiting[seed]) + [1 - seed] * len(waiting[1 - seed])
        else:
            order = [0] * len(waiting[0]) + [1] * len(waiting[1])
            chance.shuffle(order)
        done = []
        for which in order:
            piece = waiting[which].pop(0)
            remote.apply(store, piece)
            done.append(piece)
            remote.apply(store, chance.choice(done))
        assert difference(expected, state_of(store.connection)) == "", f"seed {seed}"
        store.close_thread()


def test_a_journal_of_several_stations_is_rebuilt_to_the_same_state(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    ana, _ = busy_team(station, clock)
    before = state_of(ana.connection)

    rebuild.rebuild(ana.store)

    assert difference(before, state_of(ana.connection)) == ""


def test_priority_and_category_set_apart_both_land(station: Callable[[str], Desk]) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    meet(ana, jon)
    incidents.edit(ana, [uid], {"impact": 1, "urgency": 1})
    incidents.edit(jon, [uid], {"category": "hardware/printer"})
    meet(ana, jon)

    for desk in (ana, jon):
        found = browsing.incident(desk, uid)
        assert (found.priority, str(found.category)) == ("P1", "hardware/printer")
        assert browsing.conflicts(desk, uid) == []


def test_disjoint_changes_of_a_description_are_joined(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    ana, jon = busy_team(station, clock)
    uid = browsing.find(ana, "1")
    for desk in (ana, jon):
        assert browsing.incident(desk, uid).description == "ONE\ntwo\nTHREE\n"
        assert "description" not in [c["field"] for c in browsing.conflicts(desk, uid)]


def test_of_resolved_and_pending_the_live_one_is_shown_and_people_choose(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    ana, jon = busy_team(station, clock)
    uid = browsing.find(ana, "1")
    for desk in (ana, jon):
        found = browsing.incident(desk, uid)
        assert found.status is Status.PENDING
        assert found.periods[-1].status is Status.PENDING
        assert found.resolution_clock is not None
        assert found.resolution_clock.stopped_at is None
        assert [c["field"] for c in browsing.conflicts(desk, uid)] == ["status"]


def test_a_tag_removed_and_another_added_both_hold(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    ana, _ = busy_team(station, clock)
    assert browsing.incident(ana, browsing.find(ana, "1")).tags == ("hq",)


def test_both_stations_start_from_one_catalogue(station: Callable[[str], Desk]) -> None:
    ana, jon = station("Ana"), station("Jon")
    meet(ana, jon)
    for desk in (ana, jon):
        names = [item.name for item in browsing.names(desk, "category", "printer")]
        assert names == ["hardware/printer"]


def test_a_piece_with_another_history_is_refused_and_nothing_of_it_is_taken(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    send(ana, jon)
    log(ana)
    good = pieces(ana.store, after=_vector(jon)[ana.store.station][0])[0]
    row = good.changes[0]
    before = state_of(jon.connection)
    forged = row._replace(value='"forged"', salt=bytes(16), tx_n=1)
    forged = forged._replace(hash=chain_hash(bytes(32), forged, value_digest(bytes(16), "x")))
    with pytest.raises(RefusedPieceError, match="does not follow"):
        remote.apply(jon.store, good._replace(previous=bytes(32), changes=(forged,)))
    with pytest.raises(RefusedPieceError, match="missing before"):
        remote.apply(jon.store, good._replace(changes=(row._replace(sseq=row.sseq + 7),)))
    assert difference(before, state_of(jon.connection)) == ""


def test_a_row_of_a_later_program_is_kept_and_changes_nothing(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    with ana.write("Later") as action:
        action.set("incident", uid, "title", "x", op="transmogrify", prevs=b"")
        action.set("gadget", action.new_id(), "size", 3)
        action.set("incident", uid, "colour", "red")
    send(ana, jon)

    assert browsing.incident(jon, uid).title == "Printer down"
    assert _vector(jon)[ana.store.station] == _vector(ana)[ana.store.station]


def test_a_number_given_out_twice_is_kept_by_the_smaller_station(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    mine, theirs = log(ana, "Ana's"), log(jon, "Jon's")
    meet(ana, jon)

    equal(ana, jon)
    keeper = mine if ana.store.station < jon.store.station else theirs
    other = theirs if keeper == mine else mine
    for desk in (ana, jon):
        assert browsing.incident(desk, keeper).number == "INC-000001"
        renamed = browsing.incident(desk, other).number
        assert renamed.startswith("INC-000001-")
        assert browsing.find(desk, renamed) == other
        assert browsing.find_text(desk, "INC-000001").total == 2
        note = desk.connection.execute("SELECT text FROM health WHERE kind = 'number'").get
        assert f"one of them is {renamed}" in note


@pytest.mark.parametrize("confirm", [True, False])
def test_a_deletion_while_another_works_on_it_keeps_the_incident_and_asks(
    station: Callable[[str], Desk], clock: PinnedClock, confirm: bool
) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    meet(ana, jon)
    undoing.undo(ana)
    assert not browsing.find_text(ana, "printer").total
    clock.set(MONDAY + timedelta(minutes=1))
    incidents.add_note(jon, [uid], "Looked at it")
    meet(ana, jon)

    equal(ana, jon)
    for desk in (ana, jon):
        assert not browsing.incident(desk, uid).deleted
        assert [c["field"] for c in browsing.conflicts(desk, uid)] == ["deleted"]
    with pytest.raises(InvalidInputError, match="restore"):
        choosing.resolve(ana, uid, "deleted", "mine")
    choosing.resolve(ana, uid, "deleted", "delete" if confirm else "restore")
    meet(ana, jon)
    equal(ana, jon)
    for desk in (ana, jon):
        assert browsing.incident(desk, uid).deleted is confirm
        assert browsing.conflicts(desk, uid) == []


def test_a_deletion_that_everybody_knew_holds(station: Callable[[str], Desk]) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    meet(ana, jon)
    incidents.add_note(jon, [uid], "Looked at it")
    meet(ana, jon)
    with ana.write("Delete") as action:
        action.set("incident", uid, "deleted", True)
    meet(ana, jon)
    for desk in (ana, jon):
        assert browsing.incident(desk, uid).deleted
        assert browsing.conflicts(desk, uid) == []


def test_incidents_merged_into_each_other_leave_the_smallest(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    first, second = sorted([log(ana, "First"), log(ana, "Second")])
    meet(ana, jon)
    raising.merge(ana, [first], second)
    raising.merge(jon, [second], first)
    meet(ana, jon)

    equal(ana, jon)
    for desk in (ana, jon):
        assert browsing.incident(desk, first).merged_into == ""
        assert browsing.incident(desk, second).merged_into == browsing.incident(desk, first).number
        told = desk.connection.execute("SELECT text FROM health WHERE kind = 'merged'").get
        assert told.endswith(f"{browsing.incident(desk, first).number} goes on.")
    undoing.undo(jon)
    meet(ana, jon)
    equal(ana, jon)
    assert browsing.incident(ana, first).merged_into == browsing.incident(ana, second).number


def test_a_choice_between_two_values_is_taken_back_to_the_one_that_was_shown(
    station: Callable[[str], Desk],
) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    meet(ana, jon)
    for desk, title in ((ana, "Ana's"), (jon, "Jon's")):
        incidents.edit(desk, [uid], {"title": title})
    meet(ana, jon)
    shown = browsing.incident(ana, uid).title
    choosing.resolve(ana, uid, "title", "mine" if shown == "Jon's" else "theirs")
    assert browsing.incident(ana, uid).title != shown
    undoing.undo(ana)
    meet(ana, jon)
    equal(ana, jon)
    assert browsing.incident(jon, uid).title == shown
    assert browsing.conflicts(jon, uid) == []


def test_the_clocks_of_pulled_incidents_are_those_of_an_edit_made_here(
    station: Callable[[str], Desk], clock: PinnedClock
) -> None:
    _, jon = busy_team(station, clock)
    ticking = {"counted_s", "paused_s"}  # as of the pull, like those of any row in a list
    columns = ", ".join(name for name in record_clocks.COLUMNS if name not in ticking)
    sql = f"SELECT uid, {columns} FROM incident ORDER BY uid"
    pulled = jon.connection.execute(sql).fetchall()
    uids = [row[0] for row in pulled]
    clocks.refresh(jon.connection, jon.rules, uids, jon.store.now_ms())
    assert pulled == jon.connection.execute(sql).fetchall()
