"""Takes a finished incident up again: reopened, or as a new linked one when it is too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.domain.incident import Status
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import may_reopen
from app.services import logging_incidents, moves
from app.storage import incident_reader

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId, Named
    from app.domain.incident_record import Incident
    from app.services.desk import Desk


def reopen(desk: Desk, uid: EntityId, reason: str) -> ChangeSet:
    """Reopen an incident; after the reopen window log a new, linked one (domain.md, transitions).

    Raises:
        InvalidInputError: the reason is missing, or the incident is still open.
    """
    incident = incident_reader.read(desk.connection, uid)
    too_late = incident.status is Status.CLOSED and not may_reopen(
        incident.closed_at, desk.now(), desk.rules.reopen_window
    )
    if not too_late:
        return moves.reopen(desk, [uid], reason)
    if not reason.strip():
        raise InvalidInputError("To reopen the incident, give a reason.", field="reason")
    return logging_incidents.log(desk, _follower(incident, reason))


def _follower(incident: Incident, reason: str) -> IncidentDraft:
    """Return the new incident: what happened again, to whom, and what it follows."""
    return IncidentDraft(
        title=incident.title,
        description=f"{reason.strip()}\n\nFollows {incident.number}, which was closed too long ago "
        "to be reopened.",
        requester=_name(incident.requester),
        team=_name(incident.team),
        category=_name(incident.category),
        service=_name(incident.service),
        ci=_name(incident.ci),
        location=_name(incident.location),
        channel=incident.channel,
        impact=incident.impact,
        urgency=incident.urgency,
        severity=incident.severity,
        tags=incident.tags,
        custom=dict(incident.custom),
        related=(incident.number,),
    )


def _name(named: Named | None) -> str:
    return "" if named is None else named.name
