"""Logs an incident: from what somebody typed to the committed record with its number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain import lifecycle
from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import Named, Status
from app.domain.incident_record import Incident, IncidentDraft
from app.services import evidence
from app.services.values import (
    clean_text,
    custom_value,
    journal_value,
    journal_values,
    reference,
)
from app.storage import incident_reader
from app.system.clock import to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.storage.journal import Action

_REFERENCES = ("requester", "assignee", "team", "category", "service", "ci", "location")
_INSTANTS = ("occurred_at", "detected_at", "reported_at", "follow_up_at")


def log(desk: Desk, draft: IncidentDraft, *, at: datetime | None = None) -> ChangeSet:
    """Log one incident; files named in the draft are attached in the same action.

    Args:
        desk: who logs it, where.
        draft: what was typed; only the title is needed.
        at: when it was registered, if not now (rehearsals and sample data).

    Raises:
        InvalidInputError: the title is empty, a code or name cannot be used, a file is too large.
        StoreError: the database refused; nothing was written and the draft is whole.
    """
    return log_many(desk, [draft], at=at)


def log_many(desk: Desk, drafts: list[IncidentDraft], *, at: datetime | None = None) -> ChangeSet:
    """Log several incidents as one action, all or none (a paste of several lines)."""
    for draft in drafts:
        if not draft.title.strip():
            raise InvalidInputError(
                "Say what is wrong: an incident needs a summary.", field="title"
            )
    files = [evidence.store_files(desk, draft.attachments) for draft in drafts]
    numbers: list[str] = []
    made: list[EntityId] = []
    title = "Log incident" if len(drafts) == 1 else f"Log {len(drafts)} incidents"
    with desk.write(title) as action:
        for draft, stored in zip(drafts, files, strict=True):
            number, uid = create_in(action, desk, draft, at or desk.now())
            evidence.add_attachments(action, uid, stored, at=None if at is None else to_ms(at))
            numbers.append(number)
            made.append(uid)
    return ChangeSet(action.id, title, {"incident": tuple(made)}, tuple(numbers))


def create_in(
    action: Action, desk: Desk, draft: IncidentDraft, at: datetime
) -> tuple[str, EntityId]:
    """Add a new incident to an action; return its number and id."""
    rules = desk.rules
    named = {
        field: reference(action, field, getattr(draft, field), make=draft.make_unknown)
        for field in _REFERENCES
    }
    if named["team"] is None and named["category"] is not None:
        named["team"] = reference(action, "team", rules.team_of_category(named["category"].name))
    if named["team"] is None:
        named["team"] = reference(action, "team", rules.default_team, make=True)
    priority, reason = rules.matrix.settle(
        draft.impact, draft.urgency, draft.priority, draft.priority_override_reason
    )
    number = action.next_number()
    record = _facts(action, number, draft, named, priority, at)
    fields: dict[str, Any] = {
        "number": number,
        "title": clean_text(draft.title).strip(),
        "description": clean_text(draft.description),
        "status": Status.NEW,
        "priority": priority,
        "impact": draft.impact,
        "urgency": draft.urgency,
        "severity": draft.severity,
        "priority_override_reason": reason,
        "channel": draft.channel,
        "registered_at": at,
        "reported_at": draft.reported_at or at,
        "zone": desk.store.zone,
        **{name: getattr(draft, name) for name in _INSTANTS if getattr(draft, name) is not None},
        **{field: value for field, value in named.items() if value is not None},
    }
    target = draft.status or (Status.ASSIGNED if named["assignee"] else None)
    if target is not None and target is not Status.NEW:
        fields |= lifecycle.transition(
            record, target, at, lifecycle.Given(follow_up_at=draft.follow_up_at)
        )
    packed = journal_values({k: v for k, v in fields.items() if v not in (None, "")})
    tags = (clean_text(tag).strip() for tag in draft.tags)
    packed["tags"] = sorted({fold(tag): tag for tag in tags if fold(tag)}.values())
    custom = {k: custom_value(action.connection, k, v) for k, v in draft.custom.items()}
    packed["custom"] = {k: journal_value(v) for k, v in custom.items() if v is not None}
    packed["related"] = sorted(
        incident_reader.find(desk.connection, other).hex() for other in draft.related
    )
    uid = action.create(
        "incident", {k: v for k, v in packed.items() if v not in ([], {})}, at=to_ms(at)
    )
    return number, uid


def _facts(
    action: Action,
    number: str,
    draft: IncidentDraft,
    named: dict[str, Named | None],
    priority: str,
    at: datetime,
) -> Incident:
    """Return the new incident as the lifecycle needs to see it."""
    empty = Incident(
        action.new_id(), number, draft.title, Status.NEW, priority, draft.impact, draft.urgency, at
    )
    return replace(empty, assignee=named["assignee"], team=named["team"])
