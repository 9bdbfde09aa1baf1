"""Follows up what reviews and incidents have left to do: whose, until when, done or overdue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.services.incidents import each
from app.services.values import clean_text, journal_value
from app.storage import major_rows

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.domain.major_incident import OpenAction
    from app.services.desk import Desk
    from app.storage.journal import Action


def actions(desk: Desk, *, done: bool = False, owner: str = "") -> list[OpenAction]:
    """Return the actions of all incidents, what is due first; with `done` also those done.

    `owner` keeps those of one person, whatever the case of the name.
    """
    wanted = owner.casefold().strip()
    found = [
        one
        for one in major_rows.follow_ups(desk.connection)
        if (done or not one.done) and (not wanted or one.owner.casefold().strip() == wanted)
    ]
    now = desk.now()
    last = now + timedelta(days=36_500)
    return sorted(found, key=lambda one: (one.done, one.due_at or last, one.number))


def overdue(desk: Desk) -> list[OpenAction]:
    """Return the actions that should have been done by now, the longest overdue first."""
    now = desk.now()
    return [one for one in actions(desk) if one.is_overdue(now)]


def change(
    desk: Desk,
    uid: EntityId,
    follow_up: EntityId,
    *,
    text: str,
    owner: str,
    due_at: datetime | None,
) -> ChangeSet:
    """Change what an action says, whose it is and until when."""
    if not text.strip():
        raise InvalidInputError("Say what is to be done.", field="action")
    values = {
        "action": clean_text(text).strip(),
        "owner": clean_text(owner).strip(),
        "due_at": journal_value(due_at),
    }

    def act(action: Action, incident: Incident) -> None:
        for one in incident.follow_ups:
            if one.id == follow_up:
                for name, value in values.items():
                    before = getattr(one, name)
                    if journal_value(before) != value:
                        action.set("follow_up", follow_up, name, value, root=uid)

    return each(desk, [uid], "Change follow-up", act, story=True)
