"""Who wrote a mail: a person that is known by the address, or one that is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.catalogue import checked_name
from app.domain.errors import InvalidInputError
from app.domain.incident import EntityId, Named
from app.storage import catalogue, mail_rows

if TYPE_CHECKING:
    from app.domain.incident_record import Incident
    from app.intake.mail_headers import Address
    from app.services.desk import Desk
    from app.storage.journal import Action

_LONGEST = 100


def requester_of(action: Action, sender: Address) -> Named | None:
    """Return the person with this address, made in the action when nobody has it.

    A name proves nothing: somebody else of the same name is told apart by the address.
    """
    address = sender.address.strip()
    if address:
        known = mail_rows.people_with(action.connection, address)
        if known:
            return Named(EntityId(known[0][0]), known[0][1])
    name = _name(sender)
    if not name:
        return None
    if catalogue.find(action.connection, "person", name) is not None and address:
        name = f"{name[: _LONGEST // 2]} ({address[:_LONGEST]})"
    uid = catalogue.ensure(action, "person", name, {"mail": address} if address else {})
    return Named(uid, name)


def _name(sender: Address) -> str:
    for text in (sender.name, sender.address):
        try:
            if text.strip():
                return checked_name("Person", text[:_LONGEST])
        except InvalidInputError:
            continue
    return ""


def is_participant(
    desk: Desk, incident: Incident, address: str, *, only_requester: bool = False
) -> bool:
    """Tell whether an address is that of the requester, or of somebody who works on incidents.

    Without `only_requester` the assignee, the members of teams, and those who were told by a letter
    count too.
    """
    wanted = address.strip().lower()
    if not wanted:
        return False
    people = {uid for uid, _ in mail_rows.people_with(desk.connection, wanted)}
    if incident.requester is not None and incident.requester.id in people:
        return True
    if only_requester:
        return False
    if wanted in mail_rows.addresses(desk.connection, incident.id):
        return True
    return any(_works_here(desk, uid) for uid in people)


def _works_here(desk: Desk, uid: bytes) -> bool:
    item: Any = catalogue.by_id(desk.connection, uid)
    return item is not None and bool(item.data.get("team"))
