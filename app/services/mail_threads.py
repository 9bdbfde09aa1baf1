"""Finds the incident that a mail answers: by what only its readers know, else by its number.

A Message-ID that we sent or received, and the token of a letter, prove that the sender has read a
mail of the incident. A number in the subject proves nothing: anybody can count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import NotFoundError
from app.domain.incident import EntityId
from app.services.letter_text import REFERENCE
from app.storage import incident_reader, mail_rows

if TYPE_CHECKING:
    from app.intake.mail_message import MailMessage
    from app.services.desk import Desk

_NUMBER = re.compile(r"\bINC-\d{1,9}(?:-[0-9A-Z]{1,8})?\b", re.IGNORECASE)
_OWN_ID = re.compile(r"^<([0-9a-f]{12})\.[0-9a-f]{12}@")
_TOKEN = re.compile(rf"\b{REFERENCE}: ?(?:INC-\S{{1,20}}) ([0-9a-f]{{12}})\b")


class Thread(NamedTuple):
    """The incident that a mail answers, and whether the mail proves that it does."""

    uid: EntityId
    proven: bool
    of_letter: bool = False
    """Whether it answers a letter of ours, rather than a mail that came."""


def thread_of(desk: Desk, message: MailMessage) -> Thread | None:
    """Return the incident that a mail answers, None for a mail of its own."""
    connection = desk.connection
    ids = (*message.references, *message.in_reply_to)
    found = mail_rows.incident_of_letter(connection, ids)
    found = found or _of_own_id(desk, ids)
    for token in _TOKEN.findall(message.text)[:5]:
        found = found or mail_rows.incident_of_token(connection, token)
    of_letter = found is not None
    found = found or mail_rows.incident_of(connection, ids)
    if found is not None:
        usable = _survivor(desk, found)
        if usable is not None:
            return Thread(usable, proven=True, of_letter=of_letter)
    for number in _NUMBER.findall(message.subject)[:5]:
        try:
            named = _survivor(desk, incident_reader.find(connection, number))
        except NotFoundError:
            continue
        if named is not None:
            return Thread(named, proven=False)
    return None


def _of_own_id(desk: Desk, ids: tuple[str, ...]) -> bytes | None:
    """Find the incident of a letter that another station of the team sent: its id names it."""
    for message_id in reversed(ids):
        read = _OWN_ID.match(message_id)
        if read is not None:
            found: Any = desk.connection.execute(
                "SELECT uid FROM incident WHERE substr(lower(hex(uid)), -12) = ?", (read[1],)
            ).fetchall()
            if len(found) == 1:
                return bytes(found[0][0])
    return None


def _survivor(desk: Desk, uid: bytes) -> EntityId | None:
    """Return the incident, or what it was merged into; None for one that was deleted."""
    for _ in range(20):
        row: Any = desk.connection.execute(
            "SELECT deleted, merged_into FROM incident WHERE uid = ?", (uid,)
        ).get
        if row is None or row[0]:
            return None
        if not row[1]:
            return EntityId(uid)
        uid = row[1]
    return None
