"""Takes mails in: a new incident, an answer to one, or into the quarantine with its reason.

One mail is one transaction: when it is committed the mail may be marked as seen, not before. Its
original is attached whole. A mail that is here already, told by its Message-ID, changes nothing.
Blocks on the disk: call it from a worker.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import InvalidInputError, KnownError, NotFoundError
from app.domain.incident import Channel, EntityId, EntryKind, PendingReason, Status
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import may_reopen
from app.intake import mail_files
from app.intake.automatic_mail import OWN
from app.services import (
    evidence,
    incidents,
    logging_incidents,
    mail_settings,
    mail_survey,
    mailbox_settings,
    moves,
)
from app.services.mail_senders import is_participant, requester_of
from app.services.mail_threads import Thread, thread_of
from app.storage import attachments, incident_reader, mail_rows
from app.storage.mail_rows import KeptMail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.incident_record import Incident
    from app.domain.mailbox import Mailbox
    from app.intake.mail_message import MailMessage
    from app.services.desk import Desk
    from app.storage.attachments import StoredFile
    from app.storage.journal import Action

OPENED, JOINED, IGNORED, QUARANTINED = "opened", "joined", "ignored", "quarantined"
LARGEST = 100 * 1024 * 1024
"""Bytes of a mail; base64 makes a file of 50 MB as large as 70."""
_TITLE = 200
_OLDEST_S = 30 * 86_400


class Taken(NamedTuple):
    """What became of one mail."""

    source: str
    action: str
    number: str
    reason: str
    message_id: str


class _Stored(NamedTuple):
    """The files of a mail in the store, the original first, and what is to be said about them."""

    original: StoredFile
    files: list[StoredFile]
    remarks: tuple[str, ...]


def take_in(desk: Desk, content: bytes, source: str = "") -> Taken:
    """Take in one mail.

    Raises:
        StoreError: the disk is full or the profile cannot be written; nothing was written.
    """
    return take_in_message(desk, mail_files.read(content), content, source)


def take_in_message(
    desk: Desk,
    message: MailMessage,
    content: bytes,
    source: str = "",
    *,
    suffix: str = ".eml",
    box: Mailbox | None = None,
) -> Taken:
    """Take in a mail that was read already; `content` is its original, in a file of `suffix`.

    A new incident gets team and category of `box`, the mailbox that it was fetched from.
    """
    known = _known(desk, message, source)
    if known is not None:
        return known
    if (reason := _own_or_automatic(desk, message)) is not None:
        return _kept(desk, message, content, source, mail_rows.IGNORED, reason, None, suffix)
    thread = thread_of(desk, message)
    if thread is not None and not thread.proven:
        incident = incident_reader.read(desk.connection, thread.uid, story=False)
        if not is_participant(desk, incident, message.sender.address):
            reason = (
                f"Its subject names {incident.number}, but {message.sender.address or 'its sender'}"
                " takes no part in it. Let it in, or open a new incident from it."
            )
            return _kept(desk, message, content, source, mail_rows.HELD, reason, thread.uid, suffix)
    return _take(desk, message, content, source, thread, suffix, box)


def _take(
    desk: Desk,
    message: MailMessage,
    content: bytes,
    source: str,
    thread: Thread | None,
    suffix: str,
    box: Mailbox | None,
) -> Taken:
    try:
        stored = _store(desk, message, content, suffix)
    except InvalidInputError as error:
        return Taken(source, QUARANTINED, "", error.message, message.message_id)
    with desk.store.writing():
        known = _known(desk, message, source)  # another process may have been faster
        if known is not None:
            return known
        if thread is not None:
            incident = incident_reader.read(desk.connection, thread.uid, story=False)
            answer = mail_survey.answer_of(desk, incident, message, thread)
            if answer is not None or _may_join(desk, incident):
                return _join(desk, incident, message, stored, source, answer)
            return _open(desk, message, stored, source, box, related=incident.number)
        return _open(desk, message, stored, source, box)


def _known(desk: Desk, message: MailMessage, source: str) -> Taken | None:
    """Return what became of a mail that was here before."""
    there = mail_rows.incident_of(desk.connection, [message.message_id])
    if there is not None:
        number = incident_reader.read(desk.connection, there, story=False).number
        reason = f"It is in {number} already."
        return Taken(source, IGNORED, number, reason, message.message_id)
    kept = mail_rows.kept(desk.connection, message.message_id)
    if kept is None or kept.state == mail_rows.TAKEN:
        return None
    action = IGNORED if kept.state == mail_rows.IGNORED else QUARANTINED
    return Taken(source, action, "", kept.reason, message.message_id)


def _own_or_automatic(desk: Desk, message: MailMessage) -> str | None:
    if message.automatic == OWN:
        return message.automatic_reason
    sender = message.sender.address.lower()
    if sender and sender in _own_addresses(desk):
        return f"It comes from our own address ({sender})."
    if mail_rows.incident_of_letter(desk.connection, [message.message_id]) is not None:
        return "It is a letter that this program sent."
    return message.automatic_reason or None


def _own_addresses(desk: Desk) -> set[str]:
    own = mailbox_settings.addresses(desk)
    with suppress(KnownError):
        own.add(mail_settings.sender_of(desk).address.lower())
    return own


def _may_join(desk: Desk, incident: Incident) -> bool:
    """Tell whether an answer still belongs to an incident, or opens one that is linked to it."""
    if incident.status is not Status.CLOSED:
        return True
    return may_reopen(incident.closed_at, desk.now(), desk.rules.reopen_window)


def _store(desk: Desk, message: MailMessage, content: bytes, suffix: str) -> _Stored:
    """Put the original and the files of a mail into the store; what does not fit is remarked on."""
    folder = desk.profile.attachments
    name = f"{message.subject[:60].strip() or 'mail'}{suffix}"
    original = attachments.add_bytes(folder, content, name, limit=LARGEST)
    evidence.refuse_redacted(desk, [original])
    files, remarks = [], []
    for file in message.files:
        try:
            files += evidence.store_files(desk, [(file.name, file.content)])
        except InvalidInputError as error:
            remarks.append(error.message)
    if message.protected:
        remarks.append(f"The mail is protected ({message.protected}); the original is attached.")
    return _Stored(original, files, (*message.defects, *remarks))


def _attach(action: Action, uid: EntityId, message: MailMessage, stored: _Stored) -> None:
    evidence.add_attachments(
        action, uid, [stored.original], more={mail_rows.FIELD: message.message_id}
    )
    evidence.add_attachments(action, uid, stored.files)


def _open(
    desk: Desk,
    message: MailMessage,
    stored: _Stored,
    source: str,
    box: Mailbox | None,
    *,
    related: str = "",
) -> Taken:
    shown = message.sender.shown or "nobody"
    with desk.write(f"Mail from {shown[:80]}") as action:
        draft = IncidentDraft(
            title=_title(message),
            description=_description(message, stored.remarks),
            team="" if box is None else box.team,
            category="" if box is None else box.category,
            channel=Channel.EMAIL,
            reported_at=_reported_at(desk, message),
            related=(related,) if related else (),
        )
        requester = requester_of(action, message.sender)
        number, uid = logging_incidents.create_in(action, desk, draft, desk.now(), requester)
        _attach(action, uid, message, stored)
    reason = f"New incident from {shown}."
    if related:
        reason = f"New incident from {shown}: {related} was closed too long ago to be reopened."
    return Taken(source, OPENED, number, reason, message.message_id)


def _join(
    desk: Desk,
    incident: Incident,
    message: MailMessage,
    stored: _Stored,
    source: str,
    answer: int | None = None,
) -> Taken:
    """Put an answer into the timeline; that of the requester goes on with what waited for it."""
    shown = message.sender.shown or "Somebody"
    said = "\n\n".join(filter(None, (message.folded, *stored.remarks)))
    text = f"{shown} wrote by e-mail:\n\n{said or '(no text)'}"

    def also(action: Action, joined: Incident) -> None:
        _attach(action, joined.id, message, stored)
        mail_survey.record(action, joined, answer)

    waits = incident.status is Status.PENDING and incident.pending_reason is PendingReason.CALLER
    if waits and is_participant(desk, incident, message.sender.address, only_requester=True):
        moves.caller_replied(desk, incident.id, text, also=also)
        reason = f"An answer of the requester: {incident.number} is in progress again."
    else:

        def act(action: Action, joined: Incident) -> None:
            also(action, joined)
            incidents.comment(action, joined.id, EntryKind.NOTE, text)

        incidents.each(desk, [incident.id], f"Mail from {shown[:80]}", act)
        reason = f"An answer of {shown}; {incident.number} stays {incident.status}."
    if answer is not None:
        reason = f"{shown} is satisfied to {answer} of 5 with {incident.number}."
    return Taken(source, JOINED, incident.number, reason, message.message_id)


def _title(message: MailMessage) -> str:
    title = message.subject or next((x for x in message.fresh.splitlines() if x.strip()), "")
    title = " ".join(title.split()) or "Mail without a subject"
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}\u2026"


def _description(message: MailMessage, remarks: Sequence[str]) -> str:
    long = message.subject if len(message.subject) > _TITLE else ""
    return "\n\n".join(part for part in (long, message.folded, *remarks) if part)


def _reported_at(desk: Desk, message: MailMessage) -> datetime | None:
    """Return when it was written, unless a clock that was off says so."""
    now, sent = desk.now(), message.sent_at
    if sent is None or not 0 <= (now - sent).total_seconds() <= _OLDEST_S:
        return None
    return sent


def _kept(
    desk: Desk,
    message: MailMessage,
    content: bytes,
    source: str,
    state: str,
    reason: str,
    claimed: EntityId | None,
    suffix: str,
) -> Taken:
    """Put a mail into the quarantine of this workstation, its original kept."""
    stored = attachments.add_bytes(
        desk.profile.attachments, content, f"mail{suffix}", limit=LARGEST
    )
    row = KeptMail(
        message.message_id, state, reason, source, message.sender.shown, message.subject, claimed,
        stored.sha256, stored.size, desk.store.now_ms(),
    )  # fmt: skip
    with desk.store.writing():
        mail_rows.keep(desk.connection, row)
    action = IGNORED if state == mail_rows.IGNORED else QUARANTINED
    return Taken(source, action, "", reason, message.message_id)


def refused(desk: Desk, source: str, reason: str) -> Taken:
    """Note a file that is no mail, or cannot be read; it stays where it is."""
    row = KeptMail(f"file:{source}", mail_rows.UNREADABLE, reason, source, "", "", None, "", 0,
                   desk.store.now_ms())  # fmt: skip
    with desk.store.writing():
        mail_rows.keep(desk.connection, row)
    return Taken(source, QUARANTINED, "", reason, "")


def quarantine(desk: Desk) -> list[KeptMail]:
    """Return the mails that this workstation kept and did not take in, the newest first."""
    return mail_rows.every_kept(desk.connection)


def let_in(
    desk: Desk, message_id: str, *, as_new: bool = False, into: EntityId | None = None
) -> Taken:
    """Take in a kept mail: `into` an incident, else the one that it names, or `as_new` a new one.

    Raises:
        NotFoundError: no such mail is kept, or its original is gone.
        InvalidInputError: it was let in before.
    """
    kept = mail_rows.kept(desk.connection, message_id)
    if kept is None or not kept.sha256:
        raise NotFoundError(f"No mail {message_id} is kept on this workstation.")
    if kept.state == mail_rows.TAKEN:
        raise InvalidInputError(f"The mail {message_id} was let in already.", field="message_id")
    content = attachments.read(desk.profile.attachments, kept.sha256)
    message = replace(mail_files.read(content), message_id=message_id)
    claimed = into or kept.incident
    thread = None if as_new or claimed is None else Thread(EntityId(claimed), True)
    with desk.store.writing():
        mail_rows.settle(desk.connection, message_id, mail_rows.TAKEN)
        suffix, box = mail_files.suffix_of(content), mailbox_settings.of_source(desk, kept.source)
        return _take(desk, message, content, kept.source, thread, suffix, box)
