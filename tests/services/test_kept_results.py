"""What is final stays final, and what was refused or undone leaves nothing half done behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import CancelReason, EntryKind, Named
from app.domain.incident_record import IncidentDraft
from app.services import (
    auditing,
    browsing,
    configuration,
    incidents,
    logging_incidents,
    moves,
    settings,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.incident import EntityId

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(
        Profile(tmp_path / "profile"), PinnedClock(MONDAY), person="Ana Ruiz", zone="UTC"
    )


def logged(desk: Desk, title: str = "Printer down") -> EntityId:
    return logging_incidents.log(desk, IncidentDraft(title=title)).ids["incident"][0]


def tighten(desk: Desk) -> None:
    """Give all targets a minute."""
    for item in configuration.items(desk, "target"):
        configuration.put_item(desk, "target", item.name, {**item.data, "target": "1m"})


def clocks_of(desk: Desk, uid: EntityId) -> tuple[Any, ...]:
    found = browsing.incident(desk, uid)
    assert found.response is not None
    assert found.resolution_clock is not None
    return found.response.target_s, found.resolution_clock.target_s


def held_against_a_rebuild(desk: Desk) -> None:
    shown = audit.snapshot(desk.connection)
    auditing.rebuild(desk)
    assert audit.snapshot(desk.connection) == shown


def test_a_cancelled_incident_keeps_its_clocks_when_a_target_is_edited(desk: Desk) -> None:
    uid = logged(desk)
    moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
    before = clocks_of(desk, uid)
    tighten(desk)
    assert clocks_of(desk, uid) == before
    held_against_a_rebuild(desk)


def test_an_answered_incident_keeps_its_response_clock_when_a_target_is_edited(
    desk: Desk,
) -> None:
    uid = logged(desk)
    incidents.add_note(desk, [uid], "Have you turned it on?", kind=EntryKind.REPLY)
    before = clocks_of(desk, uid)
    tighten(desk)
    after = clocks_of(desk, uid)
    assert after[0] == before[0]
    assert after[1] != before[1]
    moves.start(desk, [uid])
    assert clocks_of(desk, uid)[0] == before[0]
    held_against_a_rebuild(desk)


def test_a_name_made_for_a_refused_incident_is_made_for_the_next_one(desk: Desk) -> None:
    configuration.put_item(desk, "team", "Field", {})
    configuration.put_item(desk, "team", "Desk", {})
    first, second = logged(desk), logged(desk, "VPN drops")
    moves.assign(desk, [first], None, team="Desk")
    moves.start(desk, [first])
    done = incidents.edit(
        desk, [first, second], {"requester": "Nina Berg", "team": "Field"}, make_unknown=True
    )
    assert [number for number, _ in done.refused] == [browsing.incident(desk, first).number]
    requester = browsing.incident(desk, second).requester
    assert isinstance(requester, Named)
    assert requester.name == "Nina Berg"


def test_a_setting_whose_first_choice_was_undone_can_be_set_again(desk: Desk) -> None:
    key = "organisation.name"
    default = settings.all_settings(desk)[key]
    for _ in range(2):
        configuration.set_setting(desk, key, "Fernwick")
        assert settings.all_settings(desk)[key] == "Fernwick"
        undoing.undo(desk)
        assert settings.all_settings(desk)[key] == default
    held_against_a_rebuild(desk)


def test_an_item_whose_making_was_undone_comes_back_as_the_same_item(desk: Desk) -> None:
    configuration.put_item(desk, "team", "Field", {})
    (before,) = [i for i in configuration.items(desk, "team") if i.name == "Field"]
    undoing.undo(desk)
    configuration.put_item(desk, "team", "Field", {})
    (after,) = [i for i in configuration.items(desk, "team") if i.name == "Field"]
    assert after.id == before.id
