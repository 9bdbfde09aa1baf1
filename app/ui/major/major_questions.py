"""What is asked about a major incident: why, since when, who does what, what people are told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.major_incident import ROLES, UPDATE_EVERY_S
from app.services import follow_ups, major_incidents, work_records
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from app.domain.incident import EntityId
    from app.domain.incident_record import FollowUp, Incident
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_PACES_MIN = (15, 30, 60, 120, 240)
_USUAL_DAYS = 14


def ask_declare(bench: Workbench, uid: EntityId, now: datetime, parent: QWidget) -> Question:
    """Ask why it is a major incident, since when, who manages it and how often people hear."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return major_incidents.declare(
            desk,
            uid,
            given["incident_manager"].strip() or desk.person,
            reason=given["reason"],
            at=min(given["at"], desk.now()),
            every_s=given["every_s"],
        )

    form = Question(bench, _tr("Declare a major incident"), _tr("Declare"), act, parent)
    form.add_text("reason", _tr("&Why it is a major one"))
    form.add_line("incident_manager", _tr("&Incident manager (you, when empty)"))
    form.add_moment("at", _tr("Since w&hen"), now)
    form.add_choice("every_s", _tr("&Status update every"), _paces(), UPDATE_EVERY_S)
    form.open()
    return form


def ask_stand_down(bench: Workbench, uid: EntityId, now: datetime, parent: QWidget) -> Question:
    """Ask why it is over, and since when."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        at = min(given["at"], desk.now())
        return major_incidents.stand_down(desk, uid, given["reason"], at=at)

    form = Question(bench, _tr("Stand down"), _tr("Stand down"), act, parent)
    form.add_hint(_tr("It stays a major incident in the record, and its review is to come."))
    form.add_text("reason", _tr("&Why it is over"))
    form.add_moment("at", _tr("Since w&hen"), now)
    form.open()
    return form


def ask_update(bench: Workbench, incident: Incident, parent: QWidget) -> Question:
    """Ask what people are told, and who hears it; the clock for the next update starts."""
    uid = incident.id

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        return major_incidents.post_update(
            desk, uid, given["text"], told=given["told"], how=given["how"]
        )

    form = Question(bench, _tr("Status update"), _tr("Note it"), act, parent)
    form.add_text("text", _tr("&What people are told"))
    told = dict.fromkeys(one.who for one in incident.told)
    form.add_line("told", _tr("Wh&o was told, with commas between"), ", ".join(told))
    how = incident.told[-1].how if incident.told else _tr("mail")
    form.add_line("how", _tr("&How"), how)
    form.open()
    return form


def ask_roles(bench: Workbench, incident: Incident, parent: QWidget) -> Question:
    """Ask who does what."""
    uid = incident.id
    form = Question(
        bench,
        _tr("Roles"),
        _tr("Save"),
        lambda desk, given: major_incidents.set_roles(
            desk, uid, {name: who.strip() for name, who in given.items()}
        ),
        parent,
    )
    for name in ROLES:
        now = getattr(incident, name)
        form.add_line(name, role_words()[name], "" if now is None else now.name)
    form.open()
    return form


def ask_pace(bench: Workbench, incident: Incident, parent: QWidget) -> Question:
    """Ask how often people hear of it."""
    uid = incident.id
    form = Question(
        bench,
        _tr("How often people hear of it"),
        _tr("Save"),
        lambda desk, given: major_incidents.set_pace(desk, uid, given["every_s"]),
        parent,
    )
    now = incident.update_every_s or UPDATE_EVERY_S
    form.add_choice("every_s", _tr("&Status update every"), _paces(now), now)
    form.open()
    return form


def ask_action(
    bench: Workbench, uid: EntityId, now: datetime, parent: QWidget, known: FollowUp | None = None
) -> Question:
    """Ask what is to be done, by whom, until when: a new action, or another state of one."""

    def act(desk: Desk, given: dict[str, Any]) -> Any:
        text, owner, due = given["action"], given["owner"].strip(), given["due_at"]
        if known is None:
            return work_records.add_follow_up(desk, uid, text, owner, due)
        return follow_ups.change(desk, uid, known.id, text=text, owner=owner, due_at=due)

    title = _tr("Add an action") if known is None else _tr("Change the action")
    verb = _tr("Add") if known is None else _tr("Save")
    form = Question(bench, title, verb, act, parent)
    form.add_text("action", _tr("&What is to be done"), "" if known is None else known.action)
    form.add_line("owner", _tr("Wh&o does it"), "" if known is None else known.owner)
    due = known.due_at if known is not None else None
    form.add_moment("due_at", _tr("&Until when"), due or now + timedelta(days=_USUAL_DAYS))
    form.open()
    return form


def role_words() -> dict[str, str]:
    """Return each role in the language of the window, with its key."""
    return {
        "incident_manager": _tr("&Incident manager"),
        "communications_lead": _tr("&Communications lead"),
        "technical_lead": _tr("&Technical lead"),
        "scribe": _tr("Sc&ribe"),
    }


def pace_words(seconds: int) -> str:
    """Say how often in words."""
    minutes = seconds // 60
    if minutes % 60:
        return _tr("%n minute(s)", "", minutes)
    return _tr("%n hour(s)", "", minutes // 60)


def _paces(now: int = UPDATE_EVERY_S) -> list[tuple[str, int]]:
    seconds = sorted({now, *(minutes * 60 for minutes in _PACES_MIN)})
    return [(pace_words(one), one) for one in seconds]


_tr = partial(QCoreApplication.translate, "MajorQuestions")
