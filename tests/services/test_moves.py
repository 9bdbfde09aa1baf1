"""Every move between statuses through the services: allowed, stamped or refused (domain.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import (
    CancelReason,
    EntityId,
    EntryKind,
    Outcome,
    PendingReason,
    Status,
)
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given, allowed_moves
from app.services import browsing, incidents, logging_incidents, moves, stakeholders
from app.services.desk import Desk, open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from pathlib import Path

S = Status


def given_for(desk: Desk, target: Status) -> Given:
    """Return all that any move to a status may ask for."""
    return Given(
        assignee=desk.person,
        reason="Has to be",
        pending_reason=PendingReason.VENDOR,
        follow_up_at=desk.now() + timedelta(days=2),
        cancel_reason=CancelReason.UNNECESSARY,
        outcome=SOLVED.outcome if target is S.RESOLVED else None,
        fix_type=SOLVED.fix_type if target is S.RESOLVED else None,
        cause_class=SOLVED.cause_class if target is S.RESOLVED else None,
        resolution=SOLVED.resolution if target is S.RESOLVED else "",
    )


def brought_to(desk: Desk, status: Status) -> EntityId:
    """Log an incident and take it to a status by the usual way."""
    uid = logging_incidents.log(desk, IncidentDraft(title="Printer down")).ids["incident"][0]
    if status in {S.ASSIGNED, S.PENDING}:
        moves.assign(desk, [uid], desk.person)
    if status is S.IN_PROGRESS:
        moves.start(desk, [uid])
    if status is S.PENDING:
        moves.pend(desk, [uid], PendingReason.VENDOR, desk.now() + timedelta(days=1))
    if status in {S.RESOLVED, S.CLOSED}:
        moves.start(desk, [uid])
        moves.resolve(desk, [uid], SOLVED)
    if status is S.CLOSED:
        stakeholders.verify_with_requester(desk, uid, "Nina Berg", "phone")
        moves.close(desk, [uid])
    if status is S.CANCELLED:
        moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
    assert browsing.incident(desk, uid).status is status
    return uid


def journal_length(desk: Desk) -> int:
    found: Any = desk.connection.execute("SELECT count(*) FROM change").get
    return int(found)


PAIRS = list(product(Status, repeat=2))


@pytest.mark.parametrize(("start", "target"), PAIRS)
def test_a_move_is_done_or_refused_with_the_allowed_ones_and_nothing_written(
    desk: Desk, start: Status, target: Status
) -> None:
    uid = brought_to(desk, start)
    if target is S.CLOSED and start is S.RESOLVED:
        stakeholders.verify_with_requester(desk, uid, "Nina Berg", "phone")
    before, entries = audit.snapshot(desk.connection), journal_length(desk)
    if target in allowed_moves(start):
        moves.change_status(desk, [uid], target, given_for(desk, target))
        assert browsing.incident(desk, uid).status is target
        assert journal_length(desk) > entries
    else:
        with pytest.raises(KnownError) as refused:
            moves.change_status(desk, [uid], target, given_for(desk, target))
        for allowed in allowed_moves(start):
            assert str(allowed).replace("_", " ") in refused.value.message.casefold().replace(
                "_", " "
            ), refused.value.message
        assert audit.snapshot(desk.connection) == before
        assert journal_length(desk) == entries


def test_the_first_step_after_the_assignment_acknowledges_once(
    desk: Desk, clock: PinnedClock
) -> None:
    uid = brought_to(desk, S.NEW)
    clock.set(clock.now() + timedelta(minutes=7))
    moves.assign(desk, [uid], desk.person)
    clock.set(clock.now() + timedelta(minutes=7))
    moves.start(desk, [uid])
    found = browsing.incident(desk, uid)
    assert found.acknowledged_at == MONDAY + timedelta(minutes=14)
    assert found.response is not None
    assert found.response.stopped_at == MONDAY + timedelta(minutes=14)
    moves.pend(desk, [uid], PendingReason.CALLER, desk.now() + timedelta(days=1))
    assert browsing.incident(desk, uid).acknowledged_at == MONDAY + timedelta(minutes=14)


@pytest.mark.parametrize(
    ("reason", "pauses"),
    [
        (PendingReason.CALLER, True),
        (PendingReason.VENDOR, True),
        (PendingReason.SCHEDULED, True),
        (PendingReason.CHANGE, False),
        (PendingReason.PROBLEM, False),
    ],
)
def test_only_some_reasons_pause_the_resolution_clock(
    desk: Desk, clock: PinnedClock, reason: PendingReason, pauses: bool
) -> None:
    uid = brought_to(desk, S.IN_PROGRESS)
    moves.pend(desk, [uid], reason, desk.now() + timedelta(days=1))
    clock.set(clock.now() + timedelta(hours=2))
    moves.resume(desk, [uid])
    now = browsing.incident(desk, uid).resolution_clock
    assert now is not None
    assert now.paused_s == (7200 if pauses else 0)


def test_a_reason_is_asked_for_when_an_incident_is_routed_elsewhere(desk: Desk) -> None:
    uid = brought_to(desk, S.IN_PROGRESS)
    entries = journal_length(desk)
    with pytest.raises(InvalidInputError, match="reason"):
        moves.change_status(desk, [uid], S.ASSIGNED, Given(assignee=desk.person))
    assert journal_length(desk) == entries


def test_resolving_asks_for_its_codes_and_its_note(desk: Desk) -> None:
    uid = brought_to(desk, S.IN_PROGRESS)
    for given in (Given(), Given(outcome=Outcome.FIXED), Given(resolution="Done")):
        with pytest.raises(InvalidInputError):
            moves.resolve(desk, [uid], given)
    assert browsing.incident(desk, uid).status is S.IN_PROGRESS


def test_a_closed_incident_is_reopened_within_seven_days_only(
    desk: Desk, clock: PinnedClock
) -> None:
    within, late = brought_to(desk, S.CLOSED), brought_to(desk, S.CLOSED)
    clock.set(clock.now() + timedelta(days=7) - timedelta(seconds=1))
    moves.reopen(desk, [within], "Again")
    assert browsing.incident(desk, within).status is S.IN_PROGRESS
    assert browsing.incident(desk, within).reopen_count == 1
    clock.set(clock.now() + timedelta(seconds=2))
    with pytest.raises(KnownError, match="reopen"):
        moves.reopen(desk, [late], "Again")
    assert browsing.incident(desk, late).status is S.CLOSED


def test_of_many_the_possible_ones_move_and_the_others_are_named(desk: Desk) -> None:
    ready, done = brought_to(desk, S.IN_PROGRESS), brought_to(desk, S.CANCELLED)
    result = moves.resolve(desk, [ready, done], SOLVED)
    assert result.ids["incident"] == (ready,)
    ((number, reason),) = result.refused
    assert number == browsing.incident(desk, done).number
    assert "cancelled" in reason.casefold()


def test_a_higher_priority_may_be_breached_already_and_says_so(
    desk: Desk, clock: PinnedClock
) -> None:
    uid = brought_to(desk, S.IN_PROGRESS)
    incidents.edit(desk, [uid], {"impact": 3, "urgency": 3})
    clock.set(clock.now() + timedelta(days=3))
    assert not _breached(desk, uid)
    incidents.edit(desk, [uid], {"impact": 1, "urgency": 1})
    assert _breached(desk, uid)
    now = browsing.incident(desk, uid).resolution_clock
    assert now is not None
    assert now.retroactive
    assert now.trace[-1] == "breached by a change of priority (retroactive)"
    clock.set(clock.now() + timedelta(days=30))
    other = brought_to(desk, S.IN_PROGRESS)
    clock.set(clock.now() + timedelta(days=30))
    late = browsing.incident(desk, other).resolution_clock
    assert late is not None
    assert late.breached
    assert not late.retroactive


def _breached(desk: Desk, uid: EntityId) -> bool:
    clock = browsing.incident(desk, uid).resolution_clock
    return clock is not None and clock.breached


class GoingClock(PinnedClock):
    """A clock on which some time passes between two looks."""

    def now(self) -> datetime:
        """Return a later instant than at the look before."""
        return MONDAY + timedelta(milliseconds=self.next_ms() % 1_000_000)


def test_who_is_told_while_closing_stands_before_the_closure(tmp_path: Path) -> None:
    desk = open_desk(Profile(tmp_path / "going"), GoingClock(MONDAY), person="Ana Ruiz")
    made = logging_incidents.log(desk, IncidentDraft(title="printer down", requester="Nina"))
    (uid,) = made.ids["incident"]
    telling = [stakeholders.Telling("Nina", "phone", None)]
    extra = {"verified_by": "Nina", "verified_how": "phone"}
    stakeholders.date_confirmation(desk, extra)
    moves.resolve_and_close(desk, uid, SOLVED, extra=extra, tell=telling)
    kinds = [entry.kind for entry in browsing.incident(desk, uid).timeline]
    assert kinds[-2:] == [EntryKind.TOLD, EntryKind.STATUS]
