"""What people do to incidents besides moving them through their life: edits, notes, files, links.

Each function is one action with one undo. Those that take several ids do all they can, list what
was refused with its reason, and write nothing when everything was refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain import lifecycle
from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError, KnownError
from app.domain.folding import fold
from app.domain.incident import EntityId, EntryKind, Status
from app.domain.major_incident import declared
from app.services.values import clean_text, custom_value, journal_value, reference
from app.storage import clocks, conflicts, incident_reader
from app.storage.fields import FIELDS, REFERENCE_KINDS
from app.system.clock import from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action

EDITABLE = frozenset(FIELDS) - frozenset(
    [
        "status",
        "pending_reason",
        "deleted",
        "merged_into",
        "reopen_count",
        "reassignment_count",
        "registered_at",
        "acknowledged_at",
        "first_assigned_at",
        "first_response_at",
        "first_resolved_at",
        "resolved_at",
        "closed_at",
        "cancelled_at",
        "cancel_reason",
        "response_result",
        "resolution_result",
        "zone",
    ]
)
"""Fields that `edit` takes; the others follow from moves (app.services.moves)."""

_PRIORITY = frozenset({"impact", "urgency", "priority"})
"""What the matrix settles together, with the reason of an override."""


def each(
    desk: Desk,
    ids: Sequence[EntityId],
    title: str,
    act: Callable[[Action, Incident], None],
    *,
    story: bool = False,
    fields: frozenset[str] | None = None,
) -> ChangeSet:
    """Do `act` to each incident in one action; collect refusals.

    `story` reads timelines too, for what depends on them (the closure checklist); with `fields`
    nothing but these is read (`incident_reader.read_fields`).

    Raises:
        KnownError: the first refusal, when every incident was refused.
    """
    refused: list[tuple[str, str]] = []
    numbers: list[str] = []
    done: list[EntityId] = []
    first: KnownError | None = None
    with desk.write(title) as action:
        for uid in ids:
            if fields is None:
                incident = incident_reader.read(desk.connection, uid, story=story)
            else:
                incident = incident_reader.read_fields(desk.connection, uid, fields)
            before, made = len(action.edits), dict(action.made)
            try:
                act(action, incident)
            except KnownError as error:
                del action.edits[before:]
                action.made = made
                refused.append((incident.number, error.message))
                first = first or error
                continue
            numbers.append(incident.number)
            done.append(uid)
        if first is not None and not done:
            raise first
    return ChangeSet(
        action.id if action.edits else None,
        title,
        {"incident": tuple(done)},
        tuple(numbers),
        tuple(refused),
    )


def edit(
    desk: Desk,
    ids: Sequence[EntityId],
    values: dict[str, Any],
    *,
    reason: str = "",
    seen: dict[str, bytes] | None = None,
    make_unknown: bool = False,
) -> ChangeSet:
    """Give fields new values; names may be text, instants aware datetimes, codes their enums.

    Args:
        desk: who edits, where.
        ids: the incidents.
        values: field -> value; None or "" empties a field. `custom.<name>` for a field of the team.
        reason: why a priority is overridden or an incident given to another team.
        seen: the heads that a form had read, by field, so that a concurrent edit is a conflict.
        make_unknown: make people and other names that nobody has.

    Raises:
        InvalidInputError: a field or value cannot be used; nothing was written.
    """
    check_fields(values)
    title = f"Change {', '.join(name.replace('_', ' ') for name in values)}"

    def act(action: Action, incident: Incident) -> None:
        edit_in(action, desk, incident, values, reason, seen=seen, make=make_unknown)

    return each(desk, ids, title, act, fields=_read_by(values))


def _read_by(values: dict[str, Any]) -> frozenset[str] | None:
    """Return what an edit of these fields depends on; None: on the incident as a whole."""
    names = {"custom" if name.startswith("custom.") else name for name in values}
    if names & {"assignee", "team", "major"}:
        return None
    if names & lifecycle.NEEDED:
        names.add("status")
    if names & _PRIORITY:
        names |= {*_PRIORITY, "priority_override_reason"}
    return frozenset(names)


def check_fields(names: Iterable[str]) -> None:
    """Refuse a field that `edit` does not take, with those that it does."""
    for name in names:
        if name not in EDITABLE and not name.startswith("custom."):
            known = ", ".join(sorted(EDITABLE - {"problem_id"}))
            raise InvalidInputError(
                f'"{name}" is not a field that can be set. Fields: {known}.', field=name
            )


def check_codes(desk: Desk, incident: Incident, values: Mapping[str, Any]) -> None:
    """Refuse a closure code that the team does not offer; one that is there already may stay."""
    for name in lifecycle.CODE_FIELDS:
        code = values.get(name)
        if code and code != getattr(incident, name):
            desk.rules.codes.check(name, str(code))


def edit_in(
    action: Action,
    desk: Desk,
    incident: Incident,
    values: dict[str, Any],
    reason: str,
    *,
    seen: dict[str, bytes] | None = None,
    make: bool = False,
) -> dict[str, Any]:
    """Add the edits of one incident to an action; return all fields that they give, by name."""
    values = dict(values)
    for name in values.keys() & REFERENCE_KINDS.keys():
        values[name] = reference(action, name, values[name], make=make)
    for name in values:
        if name.startswith("custom."):
            field = name.removeprefix("custom.")
            values[name] = custom_value(action.connection, field, values[name])
    if "title" in values and not str(values["title"] or "").strip():
        raise InvalidInputError("The summary cannot be empty.", field="title")
    check_codes(desk, incident, values)
    fields = dict(values)
    if values.keys() & _PRIORITY:
        fields |= _priority(action, incident, values, reason)
    if values.keys() & {"assignee", "team"}:
        fields |= assignment(desk, incident, values, reason, action)
    if fields.get("major") and not incident.major:
        fields = declared(desk.now()) | fields
    lifecycle.check_kept(incident, fields)
    follow_up = fields.get("follow_up_at")
    if follow_up and incident.status is Status.PENDING and follow_up != incident.follow_up_at:
        check_follow_up(follow_up, desk.now())
    for name, value in fields.items():
        if _is_unchanged(incident, name, value) and not _is_contested(action, incident.id, name):
            continue  # choosing the value that is shown settles a conflict
        action.set(
            "incident",
            incident.id,
            name,
            journal_value(value) if value != "" else None,
            prevs=(seen or {}).get(name),
        )
    return fields


def check_follow_up(follow_up_at: datetime | None, at: datetime) -> None:
    """Refuse a follow-up date that is past."""
    if follow_up_at is not None and follow_up_at <= at:
        raise InvalidInputError(
            "The follow-up date is in the past. Choose when to look at it again.",
            field="follow_up_at",
        )


def _is_unchanged(incident: Incident, name: str, value: Any) -> bool:
    if name.startswith("custom."):
        stored = incident.custom.get(name.removeprefix("custom."))
        # The table holds yes and no as their words.
        return bool((str(value) if isinstance(value, bool) else value) == stored)
    if name == "problem_id":
        return False
    return bool((getattr(incident, name) or None) == (value or None))


def _is_contested(action: Action, uid: EntityId, name: str) -> bool:
    rivals = action.heads(uid).get(name, ())
    return len(rivals) > 1 and name in conflicts.contested_fields(action.connection, uid)


def _priority(
    action: Action, incident: Incident, values: dict[str, Any], reason: str
) -> dict[str, Any]:
    impact = int(values.get("impact") or incident.impact)
    urgency = int(values.get("urgency") or incident.urgency)
    given_reason = values.get("priority_override_reason") or reason
    priority, why = action.rules.matrix.settle(
        impact, urgency, values.get("priority") or "", given_reason
    )
    return {
        "impact": impact,
        "urgency": urgency,
        "priority": priority,
        "priority_override_reason": why,
    }


def assignment(
    desk: Desk, incident: Incident, values: dict[str, Any], reason: str, action: Action
) -> dict[str, Any]:
    """Return what a change of assignee or team sets, status included (domain.md, transitions)."""
    now = desk.now()
    assignee = values.get("assignee", incident.assignee)
    team = values.get("team", incident.team)
    if assignee is not None and assignee != incident.assignee and "team" not in values:
        own_team = desk.rules.team_of_person(desk.connection, assignee)
        team = reference(action, "team", own_team) or team
    fields: dict[str, Any] = {"assignee": assignee, "team": team}
    fields |= lifecycle.reassignment(incident, assignee, team, now)
    given = lifecycle.Given(reason=reason, assignee=assignee, team=team)
    if incident.status is Status.NEW and assignee is not None:
        fields |= lifecycle.transition(incident, Status.ASSIGNED, now, given)
    elif (
        incident.status is Status.IN_PROGRESS
        and incident.team is not None
        and team != incident.team
    ):
        fields |= lifecycle.transition(incident, Status.ASSIGNED, now, given)
        comment(action, incident.id, EntryKind.STATUS, reason)
    return fields


def comment(
    action: Action, uid: EntityId, kind: EntryKind, text: str, *, at: int | None = None
) -> None:
    """Add a timeline entry with text to an action; nothing when there is no text."""
    if text.strip():
        action.create("note", {"kind": str(kind), "text": clean_text(text)}, root=uid, at=at)


def add_note(
    desk: Desk,
    ids: Sequence[EntityId],
    text: str,
    *,
    kind: EntryKind = EntryKind.NOTE,
    at: datetime | None = None,
) -> ChangeSet:
    """Add a work note, or a reply to the requester; the first answer stops the response clock.

    Raises:
        InvalidInputError: the note is empty.
    """
    if not text.strip():
        raise InvalidInputError("The note is empty. Write what was done or found.", field="text")
    when = None if at is None else to_ms(at)

    def act(action: Action, incident: Incident) -> None:
        comment(action, incident.id, kind, text, at=when)
        if kind is EntryKind.REPLY and incident.first_response_at is None:
            moment = action.now_ms if when is None else when
            action.set("incident", incident.id, "first_response_at", moment, at=when)
            if incident.acknowledged_at is None:
                known = incident_reader.with_priorities(desk.connection, incident)
                final = clocks.response_result(desk.rules, known, from_ms(moment))
                action.set("incident", incident.id, "response_result", final, at=when)

    title = "Reply" if kind is EntryKind.REPLY else "Add note"
    return each(desk, ids, title, act)


def tag(
    desk: Desk, ids: Sequence[EntityId], *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> ChangeSet:
    """Add and remove tags."""

    def act(action: Action, incident: Incident) -> None:
        have = {fold(name) for name in incident.tags}
        for name in add:
            text = clean_text(name).strip()
            if text and fold(text) not in have:
                action.member(incident.id, f"tag:{fold(text)}", text, present=True)
        for name in remove:
            if fold(name) in have:
                action.member(incident.id, f"tag:{fold(name)}", name, present=False)

    return each(desk, ids, "Change tags", act)


def link(desk: Desk, uid: EntityId, other: EntityId, *, present: bool = True) -> ChangeSet:
    """Link two incidents as related, or take the link away.

    Raises:
        InvalidInputError: an incident cannot be linked to itself.
    """
    if uid == other:
        raise InvalidInputError("An incident cannot be linked to itself. Choose another one.")

    def act(action: Action, incident: Incident) -> None:
        action.member(incident.id, f"related:{other.hex()}", other.hex(), present=present)

    return each(desk, [uid], "Link incident" if present else "Remove link", act)


def tick(desk: Desk, uid: EntityId, item: str, *, done: bool = True, note: str = "") -> ChangeSet:
    """Tick an item of the closure checklist, or take the tick away."""
    value = {"done": done, "note": clean_text(note)}
    return each(
        desk,
        [uid],
        f"{'Tick' if done else 'Untick'} {item}",
        lambda action, incident: action.set("incident", incident.id, f"check:{item}", value),
    )


def create_child(
    action: Action, incident: Incident, kind: str, value: dict[str, Any], at: datetime | None
) -> None:
    """Add an entity that belongs to an incident: somebody told, time spent, an outage."""
    action.create(kind, value, root=incident.id, at=None if at is None else to_ms(at))


def mark_read(desk: Desk, ids: Sequence[EntityId], *, unread: bool = False) -> None:
    """Note on this workstation only that its person has seen incidents (no journal row)."""
    with desk.store.writing():
        desk.connection.executemany(
            "UPDATE incident SET unread = ? WHERE uid = ?", [(unread, uid) for uid in ids]
        )
