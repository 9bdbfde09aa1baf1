"""Gives an incident new fields, tags and a status in one action: all of it or nothing (cli.md)."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from app.domain import lifecycle
from app.domain.catalogue import did_you_mean
from app.domain.custom_field import CustomField
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import EntityId, Status
from app.domain.incident_record import Incident
from app.services import incidents, moves
from app.services.incidents import each
from app.services.values import clean_text
from app.storage import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import ChangeSet
    from app.domain.lifecycle import Given
    from app.services.desk import Desk
    from app.storage.journal import Action

_EMPTY: dict[str, Any] = {
    one.name: one.default_factory() if one.default_factory is not MISSING else one.default
    for one in fields(Incident)
}


@dataclass(slots=True)
class Wanted:
    """What an incident shall be: fields by name, all its tags (None: as they are), a status."""

    values: dict[str, Any] = field(default_factory=dict)
    tags: Sequence[str] | None = None
    status: Status | None = None
    given: Given = lifecycle.NOTHING


def change(desk: Desk, uid: EntityId, wanted: Wanted, *, reason: str = "") -> ChangeSet:
    """Make an incident so in one action; the status follows the transitions (domain.md).

    Raises:
        InvalidInputError: a field, a value or the move cannot be; nothing was written.
    """
    incidents.check_fields(wanted.values)
    words = [name.replace("_", " ") for name in wanted.values]
    words += ["tags"] * (wanted.tags is not None) + ["status"] * (wanted.status is not None)

    def act(action: Action, incident: Incident) -> None:
        if wanted.tags is not None:
            _tag(action, incident, wanted.tags)
        after = incident
        if wanted.values:
            given = incidents.edit_in(action, desk, incident, wanted.values, reason)
            after = _with(incident, given)
        target = wanted.status
        if target is not None and not (target is after.status is not incident.status):
            _go(action, desk, after, target, replace(wanted.given, reason=reason))

    return each(desk, [uid], f"Change {', '.join(words)}", act, story=True)


def custom_field(desk: Desk, name: str) -> CustomField | None:
    """Return the team's own field of that name, None when there is none."""
    found = catalogue.find(desk.connection, CustomField.kind, name)
    return None if found is None else CustomField.from_data(found.name, found.data)


def custom_value(desk: Desk, uid: EntityId, name: str, text: str) -> tuple[str, Any]:
    """Return the journal's name of a custom field, and what is typed for it as it is stored.

    A field that came with an import and that the team has not defined is text.

    Raises:
        InvalidInputError: there is no such field, or it cannot hold this value.
    """
    known = custom_field(desk, name)
    if known is not None:
        return f"custom.{known.name}", known.read(text)
    had = desk.connection.execute("SELECT 1 FROM custom_value WHERE field = ? LIMIT 1", (name,)).get
    if had is not None:
        return f"custom.{name}", text or None
    names = [item.name for item in catalogue.every(desk.connection, CustomField.kind)]
    hint = did_you_mean(name, names) or " Define it first: config import."
    raise InvalidInputError(f'There is no custom field "{name}".{hint}', field=f"custom.{name}")


def _with(incident: Incident, given: dict[str, Any]) -> Incident:
    known = {name: value for name, value in given.items() if name in _EMPTY}
    return replace(
        incident,
        **{name: _EMPTY[name] if value is None else value for name, value in known.items()},
    )


def _tag(action: Action, incident: Incident, tags: Sequence[str]) -> None:
    wanted = {fold(text): text for tag in tags if (text := clean_text(tag).strip())}
    had = {fold(name): name for name in incident.tags}
    for key, name in wanted.items():
        if key not in had:
            action.member(incident.id, f"tag:{key}", name, present=True)
    for key, name in had.items():
        if key not in wanted:
            action.member(incident.id, f"tag:{key}", name, present=False)


def _go(action: Action, desk: Desk, incident: Incident, target: Status, given: Given) -> None:
    lifecycle.check_move(incident.status, target)
    extra: dict[str, Any] = {}
    if target is Status.CLOSED:
        moves.hold_back(desk, incident, moves.checklist(desk, incident))
    elif target is Status.IN_PROGRESS and incident.assignee is None:
        extra["assignee"] = desk.person
        given = replace(given, assignee=desk.person)
    text = given.resolution or incident.resolution if target is Status.RESOLVED else given.reason
    moves.move_in(action, desk, incident, target, given, text=text, extra=extra)
