"""A major incident is declared, run and stood down; what happened is in its record, and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import EntityId, EntryKind
from app.domain.incident_record import Incident, IncidentDraft
from app.domain.major_incident import is_room_open
from app.services import (
    browsing,
    configuration,
    incidents,
    logging_incidents,
    major_incidents,
    undoing,
)
from app.storage import rebuild

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def uid(desk: Desk) -> EntityId:
    configuration.put_item(desk, "person", "Jon Bell", {})
    changes = logging_incidents.log(desk, IncidentDraft(title="No mail anywhere"))
    return changes.ids["incident"][0]


def shown(desk: Desk, uid: EntityId) -> Incident:
    return browsing.incident(desk, uid)


def test_it_is_declared_with_reason_time_commander_and_clock(desk: Desk, uid: EntityId) -> None:
    since = desk.now() - 10 * MINUTE
    major_incidents.declare(desk, uid, "Jon Bell", reason="Nobody can work", at=since)
    incident = shown(desk, uid)
    assert (incident.major, incident.major_declared_at) == (True, since)
    assert incident.major_reason == "Nobody can work"
    assert str(incident.incident_manager) == "Jon Bell"
    assert incident.next_update_at == since + 30 * MINUTE
    (room,) = major_incidents.open_rooms(desk)
    assert (room.id, room.declared_at) == (uid, since)
    with pytest.raises(InvalidInputError, match="is a major incident already"):
        major_incidents.declare(desk, uid)


def test_the_flag_alone_declares_it_too(desk: Desk, uid: EntityId) -> None:
    before = shown(desk, uid)
    incidents.edit(desk, [uid], {"major": True})
    incident = shown(desk, uid)
    assert (incident.major, incident.major_declared_at) == (True, desk.now())
    assert incident.next_update_at == desk.now() + 30 * MINUTE
    assert is_room_open(incident)
    undoing.undo(desk)
    assert (shown(desk, uid).major, shown(desk, uid).major_declared_at) == (before.major, None)


def test_a_time_to_come_is_refused(desk: Desk, uid: EntityId) -> None:
    with pytest.raises(InvalidInputError, match="still to come"):
        major_incidents.declare(desk, uid, at=desk.now() + MINUTE)
    assert not shown(desk, uid).major


def test_an_update_tells_people_and_sets_the_clock(
    desk: Desk, uid: EntityId, clock: PinnedClock
) -> None:
    major_incidents.declare(desk, uid, every_s=900)
    clock.set(clock.now() + timedelta(minutes=20))
    (room,) = major_incidents.open_rooms(desk)
    assert major_incidents.late_s(room, desk.now()) == 300
    major_incidents.post_update(
        desk, uid, "Mail is back for half", told="Board; Press, ", how="mail"
    )
    incident = shown(desk, uid)
    assert [one.text for one in major_incidents.updates(incident)] == ["Mail is back for half"]
    assert [(one.who, one.how) for one in incident.told] == [("Board", "mail"), ("Press", "mail")]
    assert incident.next_update_at == desk.now() + 15 * MINUTE
    assert major_incidents.late_s(incident, desk.now()) == -900
    undoing.undo(desk)
    incident = shown(desk, uid)
    assert major_incidents.updates(incident) == []
    assert incident.told == ()
    assert major_incidents.late_s(incident, desk.now()) == 300


def test_another_pace_counts_from_the_last_update(
    desk: Desk, uid: EntityId, clock: PinnedClock
) -> None:
    major_incidents.declare(desk, uid)
    clock.set(clock.now() + 5 * MINUTE)
    major_incidents.post_update(desk, uid, "We look")
    at = desk.now()
    clock.set(clock.now() + 5 * MINUTE)
    major_incidents.set_pace(desk, uid, 3600)
    assert shown(desk, uid).next_update_at == at + 60 * MINUTE
    undoing.undo(desk)
    assert shown(desk, uid).next_update_at == at + 30 * MINUTE
    with pytest.raises(InvalidInputError, match="5 minutes to 24 hours"):
        major_incidents.set_pace(desk, uid, 60)


def test_stood_down_it_stays_a_major_one(desk: Desk, uid: EntityId, clock: PinnedClock) -> None:
    major_incidents.declare(desk, uid)
    with pytest.raises(InvalidInputError, match="Say why"):
        major_incidents.stand_down(desk, uid, " ")
    with pytest.raises(InvalidInputError, match="before it was declared"):
        major_incidents.stand_down(desk, uid, "Over", at=desk.now() - MINUTE)
    clock.set(clock.now() + MINUTE)
    major_incidents.stand_down(desk, uid, "Mail is back")
    incident = shown(desk, uid)
    assert (incident.major, incident.stood_down_at) == (True, desk.now())
    assert incident.stand_down_reason == "Mail is back"
    assert not is_room_open(incident)
    assert incident.next_update_at is None
    assert major_incidents.open_rooms(desk) == []
    for late in (
        lambda: major_incidents.post_update(desk, uid, "Still?"),
        lambda: major_incidents.stand_down(desk, uid, "Again"),
    ):
        with pytest.raises(InvalidInputError, match=r"room of .* is closed"):
            late()
    undoing.undo(desk)
    assert is_room_open(shown(desk, uid))


def test_declared_again_it_is_open_again(desk: Desk, uid: EntityId, clock: PinnedClock) -> None:
    major_incidents.declare(desk, uid)
    major_incidents.stand_down(desk, uid, "Mail is back")
    clock.set(clock.now() + MINUTE)
    major_incidents.declare(desk, uid, reason="It fell over again")
    incident = shown(desk, uid)
    assert is_room_open(incident)
    assert (incident.stand_down_reason, incident.major_declared_at) == ("", desk.now())


def test_roles_are_given_to_people_who_are_known(desk: Desk, uid: EntityId) -> None:
    with pytest.raises(InvalidInputError, match="is no major incident"):
        major_incidents.set_roles(desk, uid, {"scribe": "Jon Bell"})
    major_incidents.declare(desk, uid)
    major_incidents.set_roles(desk, uid, {"scribe": "Jon Bell", "technical_lead": desk.person})
    incident = shown(desk, uid)
    assert (str(incident.scribe), str(incident.technical_lead)) == ("Jon Bell", "Ana Ruiz")
    major_incidents.set_roles(desk, uid, {"scribe": ""})
    assert shown(desk, uid).scribe is None
    undoing.undo(desk)
    assert str(shown(desk, uid).scribe) == "Jon Bell"
    with pytest.raises(InvalidInputError):
        major_incidents.set_roles(desk, uid, {"scribe": "Nobody Known"})
    with pytest.raises(InvalidInputError, match="is not a role"):
        major_incidents.set_roles(desk, uid, {"cook": "Jon Bell"})


def test_the_journal_alone_gives_it_back(desk: Desk, uid: EntityId) -> None:
    major_incidents.declare(desk, uid, "Jon Bell", reason="Nobody can work")
    major_incidents.post_update(desk, uid, "We look", told="Board")
    before = shown(desk, uid)
    rebuild.rebuild(desk.store)
    after = shown(desk, uid)
    assert after == before
    kinds = [entry.kind for entry in after.timeline]
    assert EntryKind.UPDATE in kinds
    assert EntryKind.TOLD in kinds
