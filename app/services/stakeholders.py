"""Records who was told, when and how, and that the requester confirmed the resolution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import InvalidInputError
from app.domain.incident_record import Incident, Told
from app.services import incidents
from app.services.incidents import each
from app.services.values import clean_text, journal_values
from app.system.clock import to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.storage.journal import Action


class Telling(NamedTuple):
    """Somebody who was told; `at` is None for the moment of the action."""

    who: str
    how: str
    at: datetime | None = None


def tell(desk: Desk, uid: EntityId, who: str, how: str, *, at: datetime | None = None) -> ChangeSet:
    """Record that a stakeholder was told: who, when and how."""
    if not who.strip() or not how.strip():
        raise InvalidInputError("Say who was told and how (phone, mail, in person).", field="who")
    return each(
        desk,
        [uid],
        f"Tell {who.strip()}",
        lambda action, incident: incidents.create_child(
            action,
            incident,
            "told",
            {"who": clean_text(who).strip(), "how": clean_text(how).strip()},
            at,
        ),
    )


def tell_in(
    action: Action, incident: Incident, people: Sequence[Telling], now: datetime
) -> Incident:
    """Add people told to an action, none of them later than now; return the incident then."""
    told = list(incident.told)
    for one in people:
        at = min(one.at or now, now)
        value = {"who": clean_text(one.who).strip(), "how": clean_text(one.how).strip()}
        incidents.create_child(action, incident, "told", value, at)
        told.append(Told(value["who"], at, value["how"]))
    return replace(incident, told=tuple(told))


def verify_with_requester(
    desk: Desk, uid: EntityId, who: str, how: str, *, at: datetime | None = None
) -> ChangeSet:
    """Record that the requester confirmed the resolution: who, when and how.

    Raises:
        InvalidInputError: it is not said who or how.
    """
    if not who.strip() or not how.strip():
        raise InvalidInputError(
            "Say who confirmed it and how (phone, mail, in person).", field="who"
        )
    values = {
        "verified_by": clean_text(who).strip(),
        "verified_how": clean_text(how).strip(),
        "verified_at": at or desk.now(),
    }
    when = None if at is None else to_ms(at)

    def act(action: Action, incident: Incident) -> None:
        for name, value in journal_values(values).items():
            action.set("incident", incident.id, name, value, at=when)

    return each(desk, [uid], "Requester confirmed", act)


def date_confirmation(desk: Desk, values: dict[str, Any]) -> None:
    """Date a confirmation among fields by now, unless they say when it was given; never later."""
    if "verified_by" in values:
        now = desk.now()
        values["verified_at"] = min(values.get("verified_at") or now, now)


def survey(
    desk: Desk, uid: EntityId, *, sent: bool = False, answer: int | None = None
) -> ChangeSet:
    """Record that the satisfaction survey was sent, or what was answered: 1 (bad) to 5 (good).

    Raises:
        InvalidInputError: the answer is not 1 to 5, or there is nothing to record.
    """
    if answer is not None and not 1 <= answer <= 5:
        raise InvalidInputError(
            f"The answer {answer} is not from 1 (bad) to 5 (good).", field="satisfaction"
        )
    if answer is None and not sent:
        raise InvalidInputError("Say that the survey was sent, or what was answered.")
    values: dict[str, object] = {"survey_sent_at": desk.now()} if sent else {}
    if answer is not None:
        values |= {"satisfaction": answer, "survey_answered_at": desk.now()}

    def act(action: Action, incident: Incident) -> None:
        action.set_many(incident.id, journal_values(values))

    return each(desk, [uid], "Survey answered" if answer else "Survey sent", act)
