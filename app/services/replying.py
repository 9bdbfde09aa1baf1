"""Replies to the requester: into the timeline and, where mail is sent from here, by mail.

Both are one action: within the 15 seconds that a letter waits, undo takes both back.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.domain.incident import EntityId, EntryKind
from app.domain.letter import UNDO_S, LetterState, Recipient
from app.services import browsing, incidents, mail_settings, outgoing
from app.services.letter_text import reply_body, reply_subject
from app.storage import catalogue, outbox
from app.storage.outbox import KeptLetter

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident
    from app.services.desk import Desk


def reply(desk: Desk, uid: EntityId, text: str) -> ChangeSet:
    """Add a reply to the timeline; it goes by mail to a requester who has an address.

    Raises:
        InvalidInputError: the reply is empty; nothing was written.
    """
    with desk.store.writing():
        changes = incidents.add_note(desk, [uid], text, kind=EntryKind.REPLY)
        incident = browsing.incident(desk, uid)
        to = recipient_of(desk, incident)
        if to is not None and changes.action is not None:
            _queue(desk, incident, to, text, changes.action)
    return changes


def recipient_of(desk: Desk, incident: Incident) -> Recipient | None:
    """Return whom a reply is mailed to; None when it stays in the timeline."""
    if incident.requester is None or not mail_settings.sends(desk):
        return None
    person = catalogue.by_id(desk.connection, incident.requester.id)
    address = str(person.data.get("mail") or "").strip() if person is not None else ""
    return Recipient(incident.requester.name, address) if address else None


def _queue(desk: Desk, incident: Incident, to: Recipient, text: str, action: EntityId) -> None:
    now_ms = desk.store.now_ms()
    token = os.urandom(6).hex()
    letter = KeptLetter(
        f"<{incident.id.hex()[-12:]}.{token}@{outgoing.domain_of(desk)}>",
        incident.id,
        incident.number,
        action,
        desk.person.id,
        LetterState.WAITING,
        reply_subject(incident),
        reply_body(incident, text, desk.person.name, token=token),
        (to,),
        now_ms,
        now_ms + UNDO_S * 1_000,
        kind=outbox.REPLY,
    )
    outbox.add(desk.connection, letter)
