"""Joins and raises incidents: merge duplicates, escalate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, EntityId, EntryKind, Named
from app.services import incidents
from app.services.moves import cancel_in
from app.services.values import journal_values, reference
from app.storage import incident_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action


def merge(desk: Desk, ids: Sequence[EntityId], into: EntityId) -> ChangeSet:
    """Merge duplicates into a survivor: they are cancelled as duplicates and point to it.

    Raises:
        InvalidInputError: an incident would be merged into itself or into a merged one.
    """
    survivor = incident_reader.read(desk.connection, into)
    if survivor.merged_into:
        raise InvalidInputError(
            f"{survivor.number} was itself merged into {survivor.merged_into}. "
            f"Merge into {survivor.merged_into} instead."
        )

    def act(action: Action, incident: Incident) -> None:
        if incident.id == into:
            raise InvalidInputError(f"{incident.number} cannot be merged into itself.")
        if incident.merged_into:
            raise InvalidInputError(
                f"{incident.number} is already merged into {incident.merged_into}."
            )
        cancel_in(
            action,
            desk,
            incident,
            CancelReason.DUPLICATE,
            f"Duplicate of {survivor.number}",
            None,
        )
        action.set("incident", incident.id, "merged_into", into.hex())
        incidents.comment(action, into, EntryKind.MERGE, f"{incident.number} {incident.title}")

    result = incidents.each(desk, ids, f"Merge into {survivor.number}", act)
    return replace(result, ids={"incident": (*result.ids["incident"], into)})


def escalate(
    desk: Desk,
    ids: Sequence[EntityId],
    *,
    team: str | Named | None = None,
    to: str = "",
    reason: str,
) -> ChangeSet:
    """Escalate to another team (functional) or upward to a person (hierarchic), with a reason."""
    if not reason.strip():
        raise InvalidInputError("Say why it is escalated.", field="reason")
    if team is None and not to.strip():
        raise InvalidInputError("Say to which team or to whom it is escalated.", field="team")

    def act(action: Action, incident: Incident) -> None:
        now = desk.now()
        fields: dict[str, Any] = {"escalated_at": now}
        if team is not None:
            named = reference(action, "team", team)
            fields |= incidents.assignment(
                desk, incident, {"team": named, "assignee": None}, reason, action
            )
        action.set_many(
            incident.id,
            journal_values({k: v for k, v in fields.items() if v != getattr(incident, k)}),
        )
        aim = str(team) if team is not None else to
        incidents.comment(action, incident.id, EntryKind.CHANGE, f"Escalated to {aim}: {reason}")

    return incidents.each(desk, ids, "Escalate", act)
