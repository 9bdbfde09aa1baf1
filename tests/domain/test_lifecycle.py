"""Every move of domain.md's table, every refusal, and the instants that moves stamp."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.domain.errors import InvalidInputError, TransitionRefusedError
from app.domain.incident import (
    CancelReason,
    CauseClass,
    EntityId,
    FixType,
    Named,
    Outcome,
    PendingReason,
    Status,
)
from app.domain.incident_record import Incident
from app.domain.lifecycle import (
    MOVES,
    STATUS_LABELS,
    Given,
    allowed_moves,
    check_kept,
    check_move,
    missing_facts,
    reassignment,
    transition,
)

REGISTERED = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
AT = REGISTERED + timedelta(hours=1)
NINA = Named(EntityId(b"n" * 16), "Nina")
OTTO = Named(EntityId(b"o" * 16), "Otto")
DESK = Named(EntityId(b"d" * 16), "Desk")
CODES = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.BUG_FIX,
    cause_class=CauseClass.SOFTWARE,
    resolution="Replaced the driver.",
)
EVERYTHING = replace(
    CODES,
    reason="wrong team",
    assignee=NINA,
    pending_reason=PendingReason.VENDOR,
    follow_up_at=AT + timedelta(days=1),
    cancel_reason=CancelReason.UNNECESSARY,
)
TABLE = {
    "new": {"assigned", "in_progress", "cancelled"},
    "assigned": {"in_progress", "pending", "resolved", "cancelled"},
    "in_progress": {"assigned", "pending", "resolved", "cancelled"},
    "pending": {"in_progress", "resolved", "cancelled"},
    "resolved": {"closed", "in_progress"},
    "closed": {"in_progress"},
    "cancelled": set(),
}


def incident(status: Status = Status.NEW, **fields: object) -> Incident:
    record = Incident(
        id=EntityId(b"i" * 16),
        number="INC-1",
        title="Printer is silent",
        status=status,
        priority="P4",
        impact=3,
        urgency=3,
        registered_at=REGISTERED,
    )
    return replace(record, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("current", "target"), list(product(Status, Status)))
def test_every_pair_of_statuses_is_allowed_or_refused_as_the_table_says(
    current: Status, target: Status
) -> None:
    closed_at = REGISTERED if current is Status.CLOSED else None
    subject = incident(current, closed_at=closed_at)
    if target.value in TABLE[current.value]:
        assert transition(subject, target, AT, EVERYTHING)["status"] is target
        return
    with pytest.raises(TransitionRefusedError) as refused:
        transition(subject, target, AT, EVERYTHING)
    sentence = refused.value.message
    assert refused.value.code == "transition_refused"
    assert STATUS_LABELS[current] in sentence
    for allowed in TABLE[current.value]:
        assert STATUS_LABELS[Status(allowed)] in sentence
    assert {move.value for move in MOVES[current]} == TABLE[current.value]


def test_a_refusal_names_the_allowed_moves_in_one_sentence() -> None:
    with pytest.raises(TransitionRefusedError) as refused:
        check_move(Status.NEW, Status.RESOLVED)
    assert refused.value.message == (
        "The incident is New and cannot become Resolved: "
        "from here it can move to Assigned, In Progress or Cancelled."
    )
    assert allowed_moves(Status.RESOLVED) == (Status.CLOSED, Status.IN_PROGRESS)


def test_nothing_leads_out_of_cancelled_but_undo() -> None:
    with pytest.raises(TransitionRefusedError, match="nothing leads out of it but undoing"):
        transition(incident(Status.CANCELLED), Status.IN_PROGRESS, AT, EVERYTHING)


@pytest.mark.parametrize("target", [Status.ASSIGNED, Status.IN_PROGRESS])
def test_a_new_incident_needs_an_assignee_or_a_team_to_move_on(target: Status) -> None:
    with pytest.raises(TransitionRefusedError, match="give an assignee or a team") as refused:
        transition(incident(), target, AT)
    assert refused.value.field == "assignee"
    for subject, given in (
        (incident(assignee=NINA), Given()),
        (incident(team=DESK), Given()),
        (incident(), Given(assignee=NINA)),
        (incident(), Given(team=DESK)),
    ):
        assert transition(subject, target, AT, given)["first_assigned_at"] == AT


def test_assigning_is_no_acknowledgement_but_the_first_move_out_of_assigned_is() -> None:
    assert "acknowledged_at" not in transition(incident(assignee=NINA), Status.ASSIGNED, AT)
    assigned = incident(Status.ASSIGNED, assignee=NINA, first_assigned_at=REGISTERED)
    for target in MOVES[Status.ASSIGNED]:
        fields = transition(assigned, target, AT, EVERYTHING)
        assert fields["acknowledged_at"] == AT
        assert "first_assigned_at" not in fields
        earlier = replace(assigned, acknowledged_at=REGISTERED)
        assert "acknowledged_at" not in transition(earlier, target, AT, EVERYTHING)


def test_starting_work_on_a_new_incident_acknowledges_it_and_cancelling_it_does_not() -> None:
    started = transition(incident(assignee=NINA), Status.IN_PROGRESS, AT)
    assert started["acknowledged_at"] == started["first_assigned_at"] == AT
    cancelled = transition(
        incident(), Status.CANCELLED, AT, Given(cancel_reason=CancelReason.DUPLICATE)
    )
    assert cancelled == {
        "status": Status.CANCELLED,
        "cancelled_at": AT,
        "cancel_reason": CancelReason.DUPLICATE,
    }


@pytest.mark.parametrize(
    "current", [Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING]
)
def test_cancelling_needs_one_of_its_reasons(current: Status) -> None:
    with pytest.raises(TransitionRefusedError, match="duplicate, unnecessary or not an incident"):
        transition(incident(current), Status.CANCELLED, AT, Given(reason="because"))


def test_rerouting_needs_a_reason() -> None:
    working = incident(Status.IN_PROGRESS, assignee=NINA, acknowledged_at=REGISTERED)
    with pytest.raises(TransitionRefusedError, match="give a reason") as refused:
        transition(working, Status.ASSIGNED, AT, Given(assignee=OTTO, reason="  "))
    assert refused.value.field == "reason"
    fields = transition(working, Status.ASSIGNED, AT, Given(assignee=OTTO, reason="network"))
    assert fields == {"status": Status.ASSIGNED, "first_assigned_at": AT}
    known = replace(working, first_assigned_at=REGISTERED)
    assert transition(known, Status.ASSIGNED, AT, Given(reason="network")) == {
        "status": Status.ASSIGNED
    }


def test_pending_needs_a_reason_and_a_follow_up_date_and_leaving_it_clears_both() -> None:
    working = incident(Status.IN_PROGRESS, assignee=NINA)
    assert missing_facts(working, Status.PENDING) == ("pending_reason", "follow_up_at")
    with pytest.raises(TransitionRefusedError, match="give a follow-up date") as refused:
        transition(working, Status.PENDING, AT, Given(pending_reason=PendingReason.CALLER))
    assert refused.value.field == "follow_up_at"
    fields = transition(working, Status.PENDING, AT, EVERYTHING)
    assert fields["pending_reason"] is PendingReason.VENDOR
    assert fields["follow_up_at"] == AT + timedelta(days=1)
    waiting = incident(
        Status.PENDING,
        pending_reason=PendingReason.VENDOR,
        follow_up_at=AT,
        acknowledged_at=REGISTERED,
    )
    assert transition(waiting, Status.IN_PROGRESS, AT) == {
        "status": Status.IN_PROGRESS,
        "pending_reason": None,
        "follow_up_at": None,
    }
    for target in (Status.RESOLVED, Status.CANCELLED):
        left = transition(waiting, target, AT, EVERYTHING)
        assert left["pending_reason"] is None
        assert left["follow_up_at"] is None


def test_resolving_needs_three_codes_and_notes_whether_given_now_or_before() -> None:
    working = incident(Status.IN_PROGRESS)
    with pytest.raises(
        TransitionRefusedError,
        match="To move the incident to Resolved, give a fix type, a cause class and resolution",
    ) as refused:
        transition(working, Status.RESOLVED, AT, Given(outcome=Outcome.FIXED, resolution=" "))
    assert refused.value.field == "fix_type"
    noted = replace(working, fix_type=FixType.OTHER, resolution="It is done.")
    fields = transition(
        noted,
        Status.RESOLVED,
        AT,
        Given(outcome=Outcome.FIXED, cause_class=CauseClass.UNDETERMINED),
    )
    assert fields == {
        "status": Status.RESOLVED,
        "resolved_at": AT,
        "first_resolved_at": AT,
        "restored_at": AT,
        "outcome": Outcome.FIXED,
        "cause_class": CauseClass.UNDETERMINED,
    }


def test_resolving_keeps_an_earlier_restoration_and_the_first_resolution() -> None:
    earlier = REGISTERED + timedelta(minutes=5)
    fields = transition(
        incident(Status.IN_PROGRESS, restored_at=earlier, first_resolved_at=earlier),
        Status.RESOLVED,
        AT,
        CODES,
    )
    assert fields["resolved_at"] == AT
    assert "restored_at" not in fields
    assert "first_resolved_at" not in fields


def test_resolving_by_a_workaround_stamps_when_it_was_applied_unless_that_is_known() -> None:
    by_workaround = replace(CODES, outcome=Outcome.WORKAROUND)
    working = incident(Status.IN_PROGRESS)
    assert transition(working, Status.RESOLVED, AT, by_workaround)["workaround_applied_at"] == AT
    known = replace(working, workaround_applied_at=REGISTERED)
    assert "workaround_applied_at" not in transition(known, Status.RESOLVED, AT, by_workaround)
    assert "workaround_applied_at" not in transition(working, Status.RESOLVED, AT, CODES)


def test_closing_stamps_closed_and_nothing_else() -> None:
    assert transition(incident(Status.RESOLVED), Status.CLOSED, AT) == {
        "status": Status.CLOSED,
        "closed_at": AT,
    }


@pytest.mark.parametrize("current", [Status.RESOLVED, Status.CLOSED])
def test_reopening_needs_a_reason_counts_and_takes_back_resolution_and_verification(
    current: Status,
) -> None:
    done = incident(
        current,
        acknowledged_at=REGISTERED,
        resolved_at=REGISTERED,
        first_resolved_at=REGISTERED,
        restored_at=REGISTERED,
        closed_at=REGISTERED if current is Status.CLOSED else None,
        reopen_count=1,
        outcome=Outcome.FIXED,
        resolution="Done.",
        verified_by="Paul",
        verified_at=REGISTERED,
        verified_how="phone",
    )
    with pytest.raises(TransitionRefusedError, match="To reopen the incident, give a reason"):
        transition(done, Status.IN_PROGRESS, AT)
    assert transition(done, Status.IN_PROGRESS, AT, Given(reason="it is back")) == {
        "status": Status.IN_PROGRESS,
        "reopen_count": 2,
        "resolved_at": None,
        "closed_at": None,
        "restored_at": None,
        "verified_by": "",
        "verified_at": None,
        "verified_how": "",
    }


def test_reopening_keeps_a_restoration_that_somebody_recorded_before_resolving() -> None:
    done = incident(
        Status.RESOLVED, restored_at=REGISTERED, resolved_at=REGISTERED + timedelta(minutes=9)
    )
    assert "restored_at" not in transition(done, Status.IN_PROGRESS, AT, Given(reason="again"))


def test_a_closed_incident_is_reopened_within_seven_days_of_elapsed_time_and_not_later() -> None:
    closed = incident(Status.CLOSED, closed_at=AT)
    again = Given(reason="it is back")
    last = AT + timedelta(days=7)
    assert transition(closed, Status.IN_PROGRESS, last, again)["reopen_count"] == 1
    with pytest.raises(
        TransitionRefusedError,
        match="closed more than 7 days ago and can no longer be reopened: log a new incident",
    ):
        transition(closed, Status.IN_PROGRESS, last + timedelta(milliseconds=1), again)


def test_the_reopen_window_is_configurable() -> None:
    closed = incident(Status.CLOSED, closed_at=AT)
    again = Given(reason="it is back")
    at = AT + timedelta(days=2)
    with pytest.raises(TransitionRefusedError, match="more than 1 day ago"):
        transition(closed, Status.IN_PROGRESS, at, again, reopen_window=timedelta(days=1))
    with pytest.raises(TransitionRefusedError, match="more than 36 hours ago"):
        transition(closed, Status.IN_PROGRESS, at, again, reopen_window=timedelta(hours=36))
    assert transition(closed, Status.IN_PROGRESS, at, again, reopen_window=timedelta(days=2))


def test_a_resolved_incident_is_reopened_however_long_ago_it_was_resolved() -> None:
    resolved = incident(Status.RESOLVED, resolved_at=REGISTERED)
    assert transition(
        resolved, Status.IN_PROGRESS, AT + timedelta(days=99), Given(reason="it is back")
    )


def test_moves_only_set_fields_that_an_incident_has() -> None:
    names = set(Incident.__dataclass_fields__)
    for current, targets in MOVES.items():
        for target in targets:
            assert set(transition(incident(current), target, AT, EVERYTHING)) <= names


def test_losing_an_incident_counts_as_a_reassignment_and_picking_it_up_does_not() -> None:
    assert reassignment(incident(), NINA, DESK, AT) == {"first_assigned_at": AT}
    queued = incident(team=DESK, first_assigned_at=REGISTERED)
    assert reassignment(queued, NINA, DESK, AT) == {}
    owned = replace(queued, assignee=NINA, reassignment_count=2)
    assert reassignment(owned, NINA, DESK, AT) == {}
    assert reassignment(owned, OTTO, DESK, AT) == {"reassignment_count": 3}
    assert reassignment(owned, None, DESK, AT) == {"reassignment_count": 3}
    assert reassignment(owned, OTTO, OTTO, AT) == {"reassignment_count": 3}


def test_a_move_to_where_it_stands_says_so() -> None:
    with pytest.raises(TransitionRefusedError, match="The incident is New already: from here"):
        check_move(Status.NEW, Status.NEW)


def test_a_resolution_stores_the_note_and_takes_the_codes_that_are_there() -> None:
    given = transition(incident(Status.IN_PROGRESS), Status.RESOLVED, AT, CODES)
    assert given["resolution"] == CODES.resolution
    known = incident(
        Status.IN_PROGRESS,
        outcome=Outcome.WORKAROUND,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.HUMAN,
        resolution="Known",
    )
    assert transition(known, Status.RESOLVED, AT) == {
        "status": Status.RESOLVED,
        "resolved_at": AT,
        "first_resolved_at": AT,
        "restored_at": AT,
        "workaround_applied_at": AT,
    }
    resumed = transition(incident(Status.PENDING), Status.IN_PROGRESS, AT)
    assert "first_assigned_at" not in resumed
    reopened = transition(incident(Status.RESOLVED), Status.IN_PROGRESS, AT, Given(reason="Again"))
    assert "restored_at" not in reopened


def test_giving_an_incident_to_nobody_is_no_first_assignment() -> None:
    assert reassignment(incident(), None, None, AT) == {}
    assert reassignment(incident(), None, DESK, AT) == {"first_assigned_at": AT}
    assert reassignment(incident(team=DESK, first_assigned_at=AT), None, OTTO, AT) == {
        "reassignment_count": 1
    }


def test_what_a_status_needs_is_not_emptied_while_it_lasts() -> None:
    for status in (Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING):
        for held in ({"assignee": NINA}, {"team": DESK}, {"assignee": NINA, "team": DESK}):
            with pytest.raises(InvalidInputError, match="needs an assignee or a team") as refused:
                check_kept(incident(status, **held), {"assignee": None, "team": None})
            assert refused.value.field == "assignee"
        check_kept(incident(status, assignee=NINA, team=DESK), {"assignee": None})
        check_kept(incident(status, assignee=NINA, team=DESK), {"team": None})
        check_kept(incident(status, assignee=NINA), {"assignee": None, "team": DESK})
        check_kept(incident(status), {"assignee": None})
    check_kept(incident(assignee=NINA, follow_up_at=AT), {"assignee": None, "follow_up_at": None})
    done = incident(Status.CLOSED, outcome=Outcome.FIXED, resolution="Done")
    with pytest.raises(InvalidInputError, match="an outcome and resolution notes while it is Clo"):
        check_kept(done, {"outcome": None, "resolution": ""})
    check_kept(done, {"fix_type": None, "title": "", "resolution": "Better"})
