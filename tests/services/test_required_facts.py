"""What a status needs stays given while it lasts; the caller's reply ends a wait (domain.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import EntityId, Outcome, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import browsing, incidents, logging_incidents, moves, undoing
from app.storage import audit
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock


def started(desk: Desk) -> EntityId:
    uid = logging_incidents.log(desk, IncidentDraft(title="Printer down")).ids["incident"][0]
    moves.start(desk, [uid])
    return uid


def waiting(desk: Desk, reason: PendingReason = PendingReason.CALLER) -> EntityId:
    uid = started(desk)
    moves.pend(desk, [uid], reason, desk.now() + timedelta(days=1))
    return uid


def refused(desk: Desk, uid: EntityId, values: dict[str, Any], sentence: str) -> None:
    before = audit.snapshot(desk.connection)
    with pytest.raises(InvalidInputError, match=sentence):
        incidents.edit(desk, [uid], values, reason="Has to be")
    assert audit.snapshot(desk.connection) == before


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=1)])
def test_a_follow_up_date_lies_ahead_by_every_way_into_pending(desk: Desk, late: timedelta) -> None:
    uid = started(desk)
    past = desk.now() - late
    given = Given(pending_reason=PendingReason.CALLER, follow_up_at=past)
    for way in (
        lambda: moves.pend(desk, [uid], PendingReason.CALLER, past),
        lambda: moves.change_status(desk, [uid], Status.PENDING, given),
    ):
        with pytest.raises(InvalidInputError, match="follow-up date is in the past"):
            way()
    assert browsing.incident(desk, uid).status is Status.IN_PROGRESS


def test_a_pending_incident_keeps_a_follow_up_date_that_lies_ahead(desk: Desk) -> None:
    uid = waiting(desk)
    refused(desk, uid, {"follow_up_at": None}, "needs a follow-up date while it is Pending")
    refused(desk, uid, {"follow_up_at": desk.now()}, "follow-up date is in the past")
    later = desk.now() + timedelta(days=3)
    incidents.edit(desk, [uid], {"follow_up_at": later})
    assert browsing.incident(desk, uid).follow_up_at == later
    other = started(desk)
    incidents.edit(desk, [other], {"follow_up_at": later})
    incidents.edit(desk, [other], {"follow_up_at": None})
    assert browsing.incident(desk, other).follow_up_at is None


def test_an_incident_that_is_worked_on_keeps_an_assignee_or_a_team(desk: Desk) -> None:
    uid = started(desk)
    sentence = "needs an assignee or a team while it is In Progress"
    refused(desk, uid, {"assignee": None, "team": None}, sentence)
    incidents.edit(desk, [uid], {"assignee": None})
    refused(desk, uid, {"team": None}, sentence)
    new = logging_incidents.log(desk, IncidentDraft(title="New")).ids["incident"][0]
    incidents.edit(desk, [new], {"team": None})
    assert browsing.incident(desk, new).team is None


@pytest.mark.parametrize("field", ["outcome", "fix_type", "cause_class", "resolution"])
def test_a_resolved_incident_keeps_its_codes_and_notes(desk: Desk, field: str) -> None:
    uid = started(desk)
    moves.resolve(desk, [uid], SOLVED)
    refused(desk, uid, {field: ""}, "while it is Resolved")
    incidents.edit(desk, [uid], {"outcome": Outcome.WORKAROUND, "resolution": "Two steps"})
    assert browsing.incident(desk, uid).outcome == Outcome.WORKAROUND
    moves.reopen(desk, [uid], "Again")
    incidents.edit(desk, [uid], {field: ""})


@pytest.mark.parametrize("reason", list(PendingReason))
def test_the_callers_reply_returns_a_pending_incident_to_work(
    desk: Desk, clock: PinnedClock, reason: PendingReason
) -> None:
    uid = waiting(desk, reason)
    clock.set(clock.now() + timedelta(hours=2))
    moves.caller_replied(desk, uid, "It is the blue one.")
    found = browsing.incident(desk, uid)
    assert found.status is Status.IN_PROGRESS
    assert (found.pending_reason, found.follow_up_at) == (None, None)
    assert found.timeline[-1].text == "It is the blue one."
    assert not found.resolution_clock or not found.resolution_clock.paused
    undoing.undo(desk)
    again = browsing.incident(desk, uid)
    assert (again.status, again.pending_reason) == (Status.PENDING, reason)


def test_the_callers_reply_is_kept_where_nothing_waits_and_is_no_answer_of_ours(
    desk: Desk,
) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="Printer down")).ids["incident"][0]
    moves.caller_replied(desk, uid, "Still down.")
    found = browsing.incident(desk, uid)
    assert found.status is Status.NEW
    assert found.timeline[-1].text == "Still down."
    assert found.first_response_at is None
    assert found.response is not None
    assert found.response.stopped_at is None
    with pytest.raises(InvalidInputError, match="reply is empty"):
        moves.caller_replied(desk, uid, "  ")
    moves.caller_replied(desk, uid, "At last.", at=desk.now() - timedelta(minutes=5))
    said = {entry.text: entry.at for entry in browsing.incident(desk, uid).timeline}
    assert said["At last."] == MONDAY - timedelta(minutes=5)


def test_a_reply_of_ours_leaves_a_pending_incident_waiting(desk: Desk) -> None:
    uid = waiting(desk)
    incidents.add_note(desk, [uid], "Please call", kind=incidents.EntryKind.REPLY)
    assert browsing.incident(desk, uid).status is Status.PENDING


def test_a_breach_by_a_change_of_priority_is_told_once_and_stays_retroactive(
    desk: Desk, clock: PinnedClock
) -> None:
    uid = started(desk)
    clock.set(clock.now() + timedelta(days=3))
    incidents.edit(desk, [uid], {"impact": 1, "urgency": 1})
    notice = "breached by a change of priority (retroactive)"
    for step in (
        lambda: None,
        lambda: moves.resolve(desk, [uid], SOLVED),
        lambda: incidents.add_note(desk, [uid], "Thank you"),
    ):
        step()
        state = browsing.incident(desk, uid).resolution_clock
        assert state is not None
        assert state.retroactive
        assert state.trace.count(notice) == 1


@pytest.mark.parametrize(("beyond", "allowed"), [(0, True), (1, False)])
def test_reopening_ends_exactly_seven_days_of_elapsed_time_after_closing(
    desk: Desk, clock: PinnedClock, beyond: int, allowed: bool
) -> None:
    clock.set(datetime(2026, 3, 26, 12, 0, 0, 1000, tzinfo=UTC))
    uid = started(desk)
    given = {"verified_by": "Nina Berg"}
    moves.resolve_and_close(desk, uid, SOLVED, extra=given, ticks={"Requester confirmed": True})
    # London's clocks go forward within the week: seven times 24 hours count, not the wall clock.
    clock.set(clock.now() + timedelta(days=7, milliseconds=beyond))
    before = audit.snapshot(desk.connection)
    if allowed:
        moves.reopen(desk, [uid], "Again")
        assert browsing.incident(desk, uid).status is Status.IN_PROGRESS
        return
    with pytest.raises(KnownError, match="closed more than 7 days ago"):
        moves.reopen(desk, [uid], "Again")
    assert audit.snapshot(desk.connection) == before
