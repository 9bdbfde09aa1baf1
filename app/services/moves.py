"""Moves incidents through their life: from assigned to closed, cancelled or merged.

The rules are in `domain.lifecycle`; here a move becomes one action with its reason in the timeline,
and a stopped clock's result is stored with the incident so that no later edit of a calendar
rewrites it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain import lifecycle
from app.domain.closure import closure_obstacles, require_closable
from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, EntityId, EntryKind, Named, PendingReason, Status
from app.domain.lifecycle import Given
from app.domain.settings import value_of
from app.domain.timeline import instant
from app.services import incidents, stakeholders
from app.services.values import clean_text, journal_values
from app.storage import clocks, incident_reader
from app.system.clock import to_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import ChecklistState, Incident
    from app.services.desk import Desk
    from app.services.stakeholders import Telling
    from app.storage.journal import Action


def move_in(
    action: Action,
    desk: Desk,
    incident: Incident,
    target: Status,
    given: Given,
    *,
    text: str = "",
    at: datetime | None = None,
    extra: dict[str, Any] | None = None,
) -> Incident:
    """Add the edits of one move and return the incident as it will be."""
    moment = at or desk.now()
    fields = lifecycle.transition(
        incident, target, moment, given, reopen_window=desk.rules.reopen_window
    )
    if target is Status.PENDING:
        incidents.check_follow_up(given.follow_up_at, moment)
    incidents.check_codes(desk, incident, fields)
    fields |= extra or {}
    incident = incident_reader.with_priorities(desk.connection, incident)
    after = clocks.with_move(replace(incident, **fields), target, given.pending_reason, moment)
    results = clocks.results_of_move(desk.rules, incident, after, moment)
    when = None if at is None else to_ms(at)
    for name, value in journal_values({**fields, **results}).items():
        action.set("incident", incident.id, name, None if value == "" else value, at=when)
    incidents.comment(action, incident.id, EntryKind.STATUS, text, at=when)
    return after


def assign(
    desk: Desk,
    ids: Sequence[EntityId],
    assignee: str | Named | None,
    *,
    team: str | Named | None = None,
    reason: str = "",
) -> ChangeSet:
    """Give incidents to a person or a team; a new one becomes Assigned.

    Raises:
        InvalidInputError: nobody has the name, or the reason of a re-route is missing.
    """
    values: dict[str, Any] = {}
    if assignee is not None or team is None:
        values["assignee"] = assignee
    if team is not None:
        values["team"] = team
    return incidents.edit(desk, ids, values, reason=reason)


def start(desk: Desk, ids: Sequence[EntityId], *, at: datetime | None = None) -> ChangeSet:
    """Take up work: In Progress, by the person who acts when nobody has the incident yet."""

    def act(action: Action, incident: Incident) -> None:
        extra: dict[str, Any] = {}
        if incident.assignee is None:
            extra["assignee"] = desk.person
        given = Given(assignee=incident.assignee or desk.person, reason="")
        if lifecycle.is_reopening(incident.status, Status.IN_PROGRESS):
            raise InvalidInputError(
                f"{incident.number} is {incident.status}: reopen it with a reason.", field="reason"
            )
        move_in(action, desk, incident, Status.IN_PROGRESS, given, at=at, extra=extra)

    return incidents.each(desk, ids, "Start work", act)


def pend(
    desk: Desk,
    ids: Sequence[EntityId],
    reason: PendingReason,
    follow_up_at: datetime,
    *,
    text: str = "",
    at: datetime | None = None,
) -> ChangeSet:
    """Wait for somebody or something until a follow-up date."""
    incidents.check_follow_up(follow_up_at, at or desk.now())
    given = Given(pending_reason=reason, follow_up_at=follow_up_at)
    return incidents.each(
        desk,
        ids,
        "Set pending",
        lambda action, incident: _pend(action, desk, incident, given, text, at),
    )


def _pend(
    action: Action,
    desk: Desk,
    incident: Incident,
    given: Given,
    text: str,
    at: datetime | None,
) -> None:
    if incident.status is Status.NEW:
        raise InvalidInputError(
            f"{incident.number} is New: assign it to somebody before it waits "
            "(allowed: Assigned, In Progress, Cancelled).",
            field="status",
        )
    move_in(action, desk, incident, Status.PENDING, given, text=text, at=at)


def resume(
    desk: Desk, ids: Sequence[EntityId], *, text: str = "", at: datetime | None = None
) -> ChangeSet:
    """Go on with pending incidents."""

    def act(action: Action, incident: Incident) -> None:
        if incident.status is not Status.PENDING:
            raise InvalidInputError(
                f"{incident.number} is not pending, so there is nothing to resume.", field="status"
            )
        move_in(action, desk, incident, Status.IN_PROGRESS, Given(), text=text, at=at)

    return incidents.each(desk, ids, "Resume", act)


def caller_replied(
    desk: Desk,
    uid: EntityId,
    text: str,
    *,
    also: Callable[[Action, Incident], None] | None = None,
    at: datetime | None = None,
) -> ChangeSet:
    """Keep what the requester answered; it returns a pending incident to In Progress (domain.md).

    It is no answer of ours, so it stops no response clock. `also` adds to the same action what came
    with it. Raises InvalidInputError for no text.
    """
    if not text.strip():
        raise InvalidInputError("The reply is empty. Write what the caller said.", field="text")

    def act(action: Action, incident: Incident) -> None:
        if also is not None:
            also(action, incident)
        if incident.status is Status.PENDING:
            move_in(action, desk, incident, Status.IN_PROGRESS, Given(), text=text, at=at)
            return
        when = None if at is None else to_ms(at)
        incidents.comment(action, incident.id, EntryKind.NOTE, text, at=when)

    return incidents.each(desk, [uid], "Reply of the caller", act)


def resolve(
    desk: Desk,
    ids: Sequence[EntityId],
    given: Given,
    *,
    extra: dict[str, Any] | None = None,
    take_up: bool = False,
    at: datetime | None = None,
) -> ChangeSet:
    """Resolve with outcome, fix type, cause class and notes.

    Args:
        desk: who resolves, where.
        ids: the incidents.
        given: the codes and `resolution`.
        extra: further fields of the dialog (root_cause, workaround, verified_by, ...).
        take_up: whether a new incident is started first, by the person who acts.
        at: when, if not now.
    """

    def act(action: Action, incident: Incident) -> None:
        ready = _taken_up(action, desk, incident, at) if take_up else incident
        _resolve(action, desk, ready, given, extra, at)

    return incidents.each(
        desk,
        ids,
        "Resolve",
        act,
    )


def _taken_up(action: Action, desk: Desk, incident: Incident, at: datetime | None) -> Incident:
    """Start an incident that nobody has worked on, so that it may be resolved (domain.md)."""
    if incident.status is not Status.NEW:
        return incident
    who = incident.assignee or desk.person
    extra = {} if incident.assignee else {"assignee": desk.person}
    return move_in(
        action, desk, incident, Status.IN_PROGRESS, Given(assignee=who), at=at, extra=extra
    )


def _resolve(
    action: Action,
    desk: Desk,
    incident: Incident,
    given: Given,
    extra: dict[str, Any] | None,
    at: datetime | None,
) -> Incident:
    cleaned = replace(given, resolution=clean_text(given.resolution))
    return move_in(
        action,
        desk,
        incident,
        Status.RESOLVED,
        cleaned,
        text=cleaned.resolution,
        at=at,
        extra=extra,
    )


def _corrected(
    action: Action, desk: Desk, incident: Incident, given: Given, extra: dict[str, Any]
) -> Incident:
    """Take over what the dialog says of an incident that was resolved before."""
    said = {name: getattr(given, name) for name in (*lifecycle.CODE_FIELDS, "resolution")}
    values = {name: value for name, value in said.items() if value} | extra
    return replace(incident, **incidents.edit_in(action, desk, incident, values, ""))


def close(desk: Desk, ids: Sequence[EntityId], *, at: datetime | None = None) -> ChangeSet:
    """Close resolved incidents whose required checklist items are done.

    Raises:
        InvalidInputError: a required item is left; the sentence names it.
    """

    def act(action: Action, incident: Incident) -> None:
        lifecycle.check_move(incident.status, Status.CLOSED)
        hold_back(desk, incident, checklist(desk, incident))
        move_in(action, desk, incident, Status.CLOSED, Given(), at=at)

    return incidents.each(desk, ids, "Close", act, story=True)


def resolve_and_close(
    desk: Desk,
    uid: EntityId,
    given: Given,
    *,
    extra: dict[str, Any] | None = None,
    ticks: dict[str, bool] | None = None,
    tell: Sequence[Telling] = (),
    at: datetime | None = None,
) -> ChangeSet:
    """Do what the Resolve and close dialog says in one action: codes, ticks, people told, closed.

    What was solved on the phone is still new: it is started first, by the person who acts.

    Raises:
        InvalidInputError: a code or a required step is missing; nothing was written.
    """

    def act(action: Action, incident: Incident) -> None:
        if incident.status is Status.RESOLVED:
            resolved = _corrected(action, desk, incident, given, extra or {})
        else:
            ready = _taken_up(action, desk, incident, at)
            resolved = _resolve(action, desk, ready, given, extra, at)
        told_at = at or instant(action.now_ms)  # of one moment, so told before it is closed
        marked = dict(incident_reader.ticks(desk.connection, uid))
        for item, done in (ticks or {}).items():
            marked[item] = (done, "")
            action.set(
                "incident",
                uid,
                f"check:{item}",
                {"done": done, "note": ""},
                at=None if at is None else to_ms(at),
            )
        resolved = stakeholders.tell_in(action, resolved, tell, told_at)
        states = desk.rules.checklist_of(resolved, marked)
        hold_back(desk, resolved, states)
        move_in(action, desk, resolved, Status.CLOSED, Given(), at=at)

    return incidents.each(desk, [uid], "Resolve and close", act, story=True)


def reopen(
    desk: Desk, ids: Sequence[EntityId], reason: str, *, at: datetime | None = None
) -> ChangeSet:
    """Take resolved or recently closed incidents back to work, with a reason."""

    def act(action: Action, incident: Incident) -> None:
        if not lifecycle.is_reopening(incident.status, Status.IN_PROGRESS):
            lifecycle.check_move(incident.status, Status.RESOLVED)
            raise InvalidInputError(
                f"{incident.number} is still open, so it cannot be reopened.", field="status"
            )
        given = Given(reason=reason, assignee=incident.assignee)
        move_in(action, desk, incident, Status.IN_PROGRESS, given, text=reason, at=at)

    return incidents.each(desk, ids, "Reopen", act)


def cancel(
    desk: Desk,
    ids: Sequence[EntityId],
    reason: CancelReason,
    *,
    text: str = "",
    at: datetime | None = None,
) -> ChangeSet:
    """Cancel incidents: duplicate, unnecessary or not an incident."""
    return incidents.each(
        desk,
        ids,
        "Cancel",
        lambda action, incident: cancel_in(action, desk, incident, reason, text, at),
    )


def cancel_in(
    action: Action,
    desk: Desk,
    incident: Incident,
    reason: CancelReason,
    text: str,
    at: datetime | None,
) -> None:
    """Add the edits of one cancellation to an action."""
    given = Given(cancel_reason=reason)
    move_in(action, desk, incident, Status.CANCELLED, given, text=text, at=at)


def change_status(
    desk: Desk, ids: Sequence[EntityId], target: Status, given: Given, *, at: datetime | None = None
) -> ChangeSet:
    """Move incidents to a status with what is given; refusals name the allowed moves."""

    def act(action: Action, incident: Incident) -> None:
        move_in(action, desk, incident, target, given, text=given.reason, at=at)

    return incidents.each(desk, ids, "Change status", act)


def hold_back(desk: Desk, incident: Incident, states: tuple[ChecklistState, ...]) -> None:
    """Hold back what has a required step left, unless the team only wants to be reminded."""
    if value_of(desk.rules.settings, "checklist.required"):
        require_closable(incident, states)


def checklist(
    desk: Desk, incident: Incident, ticks: Mapping[str, bool] | None = None
) -> tuple[ChecklistState, ...]:
    """Return the closure checklist of an incident with what is done, `ticks` not yet stored too."""
    marked = dict(incident_reader.ticks(desk.connection, incident.id))
    marked |= {item: (done, "") for item, done in (ticks or {}).items()}
    return desk.rules.checklist_of(incident, marked)


def obstacles(desk: Desk, incident: Incident) -> tuple[str, ...]:
    """Name the required checklist items that are left."""
    return closure_obstacles(checklist(desk, incident))
