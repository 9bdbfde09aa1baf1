"""Records time spent, follow-up actions and outages of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.services import incidents
from app.services.incidents import each
from app.services.values import clean_text, journal_value, journal_values, reference
from app.system.clock import to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId, Named
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action


def log_time(
    desk: Desk, uid: EntityId, seconds: int, text: str = "", *, at: datetime | None = None
) -> ChangeSet:
    """Record time spent; the total of an incident is the sum of its entries."""
    if seconds <= 0:
        raise InvalidInputError("Time spent must be more than nothing, like 15m or 1h30m.")
    value = {"seconds": seconds, "text": clean_text(text)}
    return each(
        desk,
        [uid],
        "Log time",
        lambda action, incident: incidents.create_child(action, incident, "time_entry", value, at),
    )


def add_follow_up(
    desk: Desk, uid: EntityId, text: str, owner: str = "", due_at: datetime | None = None
) -> ChangeSet:
    """Add a follow-up action with its owner and due day."""
    if not text.strip():
        raise InvalidInputError("Say what is to be done.", field="action")
    value = journal_values({"action": text, "owner": owner, "due_at": due_at, "done": False})
    return each(
        desk,
        [uid],
        "Add follow-up",
        lambda action, incident: incidents.create_child(action, incident, "follow_up", value, None),
    )


def finish_follow_up(
    desk: Desk, uid: EntityId, follow_up: EntityId, *, done: bool = True
) -> ChangeSet:
    """Mark a follow-up action done, or open again."""
    return each(
        desk,
        [uid],
        "Finish follow-up" if done else "Reopen follow-up",
        lambda action, incident: action.set("follow_up", follow_up, "done", done, root=incident.id),
    )


def record_outage(
    desk: Desk,
    uid: EntityId,
    service: str | Named,
    from_at: datetime,
    to_at: datetime | None,
    *,
    planned: bool = False,
) -> ChangeSet:
    """Record downtime of a service; planned maintenance counts neither way (domain.md, metrics)."""
    if to_at is not None and to_at <= from_at:
        raise InvalidInputError("The outage ends before it begins. Check the two times.")

    def act(action: Action, incident: Incident) -> None:
        named = reference(action, "service", service)
        value = {"from_at": to_ms(from_at), "to_at": journal_value(to_at), "planned": planned}
        value["service"] = named.id.hex() if named is not None else None
        incidents.create_child(action, incident, "outage", value, None)

    return each(desk, [uid], "Record outage", act)
