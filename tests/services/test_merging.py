"""A merged incident is Cancelled as a duplicate and links to its survivor; flags and overrides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, EntityId, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.services import (
    browsing,
    incidents,
    logging_incidents,
    major_incidents,
    moves,
    raising,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(
        Profile(tmp_path / "profile"), PinnedClock(MONDAY), person="Ana Ruiz", zone="Europe/London"
    )


def logged(desk: Desk, title: str) -> EntityId:
    return logging_incidents.log(desk, IncidentDraft(title=title)).ids["incident"][0]


def facts(desk: Desk, uid: EntityId) -> tuple[Any, ...]:
    found = browsing.incident(desk, uid)
    return (found.status, found.pending_reason, found.follow_up_at, found.cancel_reason,
            found.cancelled_at, found.merged_into, found.resolution_clock)  # fmt: skip


def test_a_merged_incident_is_a_cancelled_duplicate_that_its_number_finds_and_undo_restores(
    desk: Desk,
) -> None:
    survivor, double = logged(desk, "Printer down"), logged(desk, "Printer is down")
    moves.start(desk, [double])
    moves.pend(desk, [double], PendingReason.VENDOR, MONDAY + timedelta(days=1))
    before = facts(desk, double)
    number = browsing.incident(desk, double).number
    raising.merge(desk, [double], survivor)
    found = browsing.incident(desk, number)
    assert found.id == double
    assert (found.status, found.cancel_reason) == (Status.CANCELLED, CancelReason.DUPLICATE)
    assert found.merged_into == browsing.incident(desk, survivor).number == "INC-000001"
    assert number in browsing.incident(desk, survivor).timeline[-1].text
    assert browsing.incident(desk, survivor).status is Status.NEW
    undoing.undo(desk)
    assert facts(desk, double) == before
    undoing.redo(desk)
    assert browsing.incident(desk, number).merged_into == "INC-000001"


def test_what_cannot_be_merged_is_refused_and_nothing_is_written(desk: Desk) -> None:
    one, two, three = (logged(desk, title) for title in ("One", "Two", "Three"))
    raising.merge(desk, [two], one)
    moves.cancel(desk, [three], CancelReason.UNNECESSARY)
    state = audit.snapshot(desk.connection)
    for doubles, into, sentence in (
        ([one], one, "cannot be merged into itself"),
        ([two], one, "already merged into INC-000001"),
        ([one], two, "was itself merged into INC-000001"),
        ([three], one, "is Cancelled already"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            raising.merge(desk, doubles, into)
    assert audit.snapshot(desk.connection) == state


def test_an_override_needs_a_reason_and_stands_in_the_timeline(desk: Desk) -> None:
    uid = logged(desk, "Printer down")
    with pytest.raises(InvalidInputError, match="say why it should be P1"):
        incidents.edit(desk, [uid], {"priority": "P1"})
    incidents.edit(desk, [uid], {"priority": "P1"}, reason="The board meets")
    found = browsing.incident(desk, uid)
    assert (found.priority, found.priority_override_reason) == ("P1", "The board meets")
    told = {change.field: change.new for change in found.timeline[-1].changes}
    assert told == {"priority": "P1", "priority_override_reason": "The board meets"}
    assert found.timeline[-1].author == "Ana Ruiz"


def test_a_major_incident_is_a_flag_with_when_by_whom_and_its_manager(desk: Desk) -> None:
    uid = logged(desk, "Everything down")
    major_incidents.declare(desk, uid, desk.person)
    found = browsing.incident(desk, uid)
    assert (found.major, found.priority) == (True, "P4")
    assert found.major_declared_at == MONDAY
    assert found.incident_manager == desk.person
    assert found.timeline[-1].author == "Ana Ruiz"
