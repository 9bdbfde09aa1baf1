"""The rules of a major incident: a flag with roles and a clock for status updates (domain.md).

It stays a major one after it is stood down, so that it has its review; only the room is closed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.incident import EntityId, Status

if TYPE_CHECKING:
    from app.domain.incident_record import Incident

ROLES: Final = ("incident_manager", "communications_lead", "technical_lead", "scribe")
"""Who does what while the room is open; the first one commands."""
UPDATE_EVERY_S: Final = 30 * 60
"""How often people hear of it when nobody says otherwise."""
ENDED: Final = frozenset({Status.CLOSED, Status.CANCELLED})


class OpenRoom(NamedTuple):
    """A major incident that nobody has stood down, as the whole window must know of it."""

    id: EntityId
    number: str
    title: str
    declared_at: datetime | None
    next_update_at: datetime | None
    speakers: frozenset[EntityId] = frozenset()
    """Who sees to it that people hear: manager and communications lead; nobody, then all do."""


class OpenAction(NamedTuple):
    """A follow-up action of any incident, with whose it is and until when."""

    id: EntityId
    incident: EntityId
    number: str
    title: str
    action: str
    owner: str
    due_at: datetime | None
    done: bool

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it should have been done by now."""
        return not self.done and self.due_at is not None and self.due_at < now


def is_room_open(incident: Incident) -> bool:
    """Tell whether a major incident is being run now."""
    return incident.major and incident.stood_down_at is None and incident.status not in ENDED


def declared(at: datetime, every_s: int = UPDATE_EVERY_S) -> dict[str, object]:
    """Return the fields that a declaration gives: its room is open and its clock runs."""
    return {
        "major_declared_at": at,
        "stood_down_at": None,
        "stand_down_reason": None,
        "update_every_s": every_s,
        "next_update_at": next_update(at, every_s),
    }


def next_update(at: datetime, every_s: int | None) -> datetime:
    """Return when people must hear again after they heard at an instant."""
    return at + timedelta(seconds=every_s or UPDATE_EVERY_S)
