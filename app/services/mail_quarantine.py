"""The mails that this workstation kept and did not take in: look at them, and decide.

What is held waits for a person. Nothing of a mail is run, loaded or followed for a look at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, NotFoundError
from app.intake import mail_files
from app.services import browsing, mail_intake
from app.storage import attachments, mail_rows
from app.storage.mail_rows import KeptMail

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.mail_intake import Taken

Kept = KeptMail
"""What a screen shows of a kept mail."""
HELD, IGNORED, UNREADABLE = mail_rows.HELD, mail_rows.IGNORED, mail_rows.UNREADABLE
_DONE = frozenset({mail_rows.TAKEN, mail_rows.DISCARDED})
_LONGEST = 50_000


def undecided(desk: Desk) -> list[KeptMail]:
    """Return the kept mails that nobody has decided about, those that wait for it first."""
    kept = [one for one in mail_rows.every_kept(desk.connection) if one.state not in _DONE]
    return sorted(kept, key=lambda one: one.state == IGNORED)


def count_waiting(desk: Desk) -> int:
    """Return how many mails wait for a decision; what a machine sent does not."""
    return mail_rows.count_waiting(desk.connection)


def preview(desk: Desk, message_id: str) -> str:
    """Return a kept mail as plain text: who, when, what about, its words, the names of its files.

    Raises:
        NotFoundError: no such mail is kept.
    """
    kept = _kept(desk, message_id)
    if not kept.sha256:
        return f"{kept.source}\n\n{kept.reason}"
    message = mail_files.read(attachments.read(desk.profile.attachments, kept.sha256))
    sent = message.sent_at.isoformat(" ", "minutes") if message.sent_at is not None else ""
    head = [
        ("From", f"{message.sender.name} <{message.sender.address}>"),
        ("Date", sent),
        ("Subject", message.subject),
        ("Files", ", ".join(file.name for file in message.files)),
    ]
    lines = [f"{name}: {value}" for name, value in head if value]
    text = message.text
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\u2026"
    return "\n".join([*lines, "", text])


def attach(desk: Desk, message_id: str, number: str) -> Taken:
    """Put a kept mail into the incident of a number.

    Raises:
        NotFoundError: there is no such incident, or no such mail is kept.
    """
    if not number.strip():
        raise InvalidInputError("Write the number of the incident that the mail belongs to.")
    return mail_intake.let_in(desk, message_id, into=browsing.find(desk, number.strip()))


def discard(desk: Desk, message_id: str) -> KeptMail:
    """Decide against a kept mail; return it as it was, for `take_back`.

    Raises:
        NotFoundError: no such mail is kept.
    """
    kept = _kept(desk, message_id)
    with desk.store.writing():
        mail_rows.settle(desk.connection, message_id, mail_rows.DISCARDED)
    return kept


def take_back(desk: Desk, kept: KeptMail) -> KeptMail:
    """Keep a discarded mail as it was before.

    Raises:
        NotFoundError: it is not kept any more.
    """
    _kept(desk, kept.message_id)
    with desk.store.writing():
        mail_rows.settle(desk.connection, kept.message_id, kept.state)
    return kept


def _kept(desk: Desk, message_id: str) -> KeptMail:
    kept = mail_rows.kept(desk.connection, message_id)
    if kept is None:
        raise NotFoundError(f"No mail {message_id} is kept on this workstation.")
    return kept
