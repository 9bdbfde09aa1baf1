"""Runs a major incident: declared and stood down, roles, status updates on a clock (domain.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.domain.incident import EntryKind
from app.domain.major_incident import (
    ROLES,
    UPDATE_EVERY_S,
    OpenRoom,
    declared,
    is_room_open,
    next_update,
)
from app.services import incidents
from app.services.values import clean_text, journal_values, reference
from app.storage import major_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId, Named
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action

_LEAST_S, _MOST_S = 5 * 60, 24 * 3600


def declare(
    desk: Desk,
    uid: EntityId,
    manager: str | Named | None = None,
    *,
    reason: str = "",
    at: datetime | None = None,
    every_s: int = UPDATE_EVERY_S,
) -> ChangeSet:
    """Declare a major incident: when, by whom (the author), why, and who manages it.

    Raises:
        InvalidInputError: it is one already, the instant is to come, or the pace is none.
    """
    _check_pace(every_s)

    def act(action: Action, incident: Incident) -> None:
        if is_room_open(incident):
            raise InvalidInputError(
                f"{incident.number} is a major incident already. Stand it down first, or open its "
                "room."
            )
        when = _past(desk, at)
        fields: dict[str, Any] = {
            "major": True,
            "major_reason": clean_text(reason).strip() or None,
            **declared(when, every_s),
        }
        fields["incident_manager"] = reference(action, "incident_manager", manager)
        action.set_many(incident.id, _changed(incident, fields))

    return incidents.each(desk, [uid], "Declare major incident", act)


def stand_down(desk: Desk, uid: EntityId, reason: str, *, at: datetime | None = None) -> ChangeSet:
    """End the room of a major incident; it stays a major one, and its review is to come.

    Raises:
        InvalidInputError: no room is open, the reason is missing, or the instant is to come or
            before the declaration.
    """
    if not reason.strip():
        raise InvalidInputError("Say why it is stood down.", field="reason")

    def act(action: Action, incident: Incident) -> None:
        _check_open(incident)
        when = _past(desk, at)
        if incident.major_declared_at is not None and when < incident.major_declared_at:
            raise InvalidInputError(
                "It cannot be stood down before it was declared. Check the time.", field="at"
            )
        words = clean_text(reason).strip()
        fields = {"stood_down_at": when, "stand_down_reason": words, "next_update_at": None}
        action.set_many(incident.id, _changed(incident, fields))

    return incidents.each(desk, [uid], "Stand down the major incident", act)


def set_roles(desk: Desk, uid: EntityId, roles: Mapping[str, str | Named | None]) -> ChangeSet:
    """Give roles to people; "" takes one back. Somebody whom nobody knows is refused."""
    unknown = next((name for name in roles if name not in ROLES), None)
    if unknown is not None:
        raise InvalidInputError(f'"{unknown}" is not a role. Roles: {", ".join(ROLES)}.')

    def act(action: Action, incident: Incident) -> None:
        _check_major(incident)
        fields = {name: reference(action, name, who or None) for name, who in roles.items()}
        action.set_many(incident.id, _changed(incident, fields))

    return incidents.each(desk, [uid], "Give roles", act)


def set_pace(desk: Desk, uid: EntityId, every_s: int) -> ChangeSet:
    """Say how often people hear of it; the next update counts from the last one."""
    _check_pace(every_s)

    def act(action: Action, incident: Incident) -> None:
        _check_open(incident)
        last = max(
            (one.at for one in updates(incident)), default=incident.major_declared_at or desk.now()
        )
        fields = {"update_every_s": every_s, "next_update_at": next_update(last, every_s)}
        action.set_many(incident.id, _changed(incident, fields))

    return incidents.each(desk, [uid], "Change how often people hear of it", act, story=True)


def post_update(
    desk: Desk, uid: EntityId, text: str, *, told: str = "", how: str = "mail"
) -> ChangeSet:
    """Write a status update, note who was told of it, and set the clock for the next one.

    Args:
        desk: whose.
        uid: the major incident.
        text: what people are told.
        told: who heard it, separated by commas or semicolons; "" notes nobody.
        how: by which way they heard it.

    Raises:
        InvalidInputError: the text is missing, or no room is open.
    """
    words = clean_text(text).strip()
    if not words:
        raise InvalidInputError("Write what people are to know.", field="text")
    people = [name.strip() for name in told.replace(";", ",").split(",") if name.strip()]

    def act(action: Action, incident: Incident) -> None:
        _check_open(incident)
        incidents.create_child(action, incident, "status_update", {"text": words}, None)
        for who in people:
            value = {"who": clean_text(who), "how": clean_text(how).strip() or "mail"}
            incidents.create_child(action, incident, "told", value, None)
        following = next_update(desk.now(), incident.update_every_s)
        action.set_many(incident.id, journal_values({"next_update_at": following}))

    return incidents.each(desk, [uid], "Status update", act)


def updates(incident: Incident) -> list[Any]:
    """Return the status updates of an incident that were not taken back, the oldest first."""
    return [
        entry for entry in incident.timeline if entry.kind is EntryKind.UPDATE and not entry.undone
    ]


def open_rooms(desk: Desk) -> list[OpenRoom]:
    """Return the major incidents that are run now, the first declared first."""
    return major_rows.open_rooms(desk.connection)


def late_s(room: OpenRoom | Incident, now: datetime) -> int | None:
    """Return for how long an update is late, less than 0 while it is not; None without a clock."""
    due = room.next_update_at
    return None if due is None else int((now - due) / timedelta(seconds=1))


def _changed(incident: Incident, fields: dict[str, Any]) -> dict[str, Any]:
    return journal_values(
        {
            name: value
            for name, value in fields.items()
            if value != (getattr(incident, name) or None)
        }
    )


def _past(desk: Desk, at: datetime | None) -> datetime:
    now = desk.now()
    if at is not None and at > now:
        raise InvalidInputError("That time is still to come. Give when it was.", field="at")
    return at or now


def _check_pace(every_s: int) -> None:
    if not _LEAST_S <= every_s <= _MOST_S:
        raise InvalidInputError(
            "People hear of it every 5 minutes to 24 hours. Choose how often.", field="every_s"
        )


def _check_major(incident: Incident) -> None:
    if not incident.major:
        raise InvalidInputError(
            f"{incident.number} is no major incident. Declare it one first.", field="major"
        )


def _check_open(incident: Incident) -> None:
    _check_major(incident)
    if not is_room_open(incident):
        raise InvalidInputError(
            f"The room of {incident.number} is closed: it was stood down or has ended. "
            "Declare it major again to go on."
        )
