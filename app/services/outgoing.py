"""Tells stakeholders by mail: puts the report of a closed incident into the outbox.

A letter waits 15 seconds, in which undoing the closing takes it back too; then `sending` hands it
to the server. It can also be handed to the mail program as a draft.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, KnownError, NotFoundError
from app.domain.incident import EntityId
from app.domain.incident_record import Told
from app.domain.letter import STOPPABLE, TRY_AGAIN, UNDO_S, LetterState, Recipient
from app.intake import outgoing_mail
from app.intake.outgoing_mail import Attached
from app.services import browsing, configuration, mail_settings, moves, reporting
from app.services.letter_text import letter_body, letter_subject
from app.storage import catalogue, incident_reader, journal, mail_rows, outbox
from app.storage.outbox import KeptLetter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident
    from app.domain.lifecycle import Given
    from app.services.desk import Desk
    from app.services.stakeholders import Telling

REPLY = outbox.REPLY
Letter = KeptLetter
"""What a screen shows of a letter."""

BY_MAIL, BY_DRAFT = "mail", "draft in the mail program"
FOR_MAIL_PROGRAM = "It waits to be opened in the mail program."


def recipients(desk: Desk, text: str) -> list[Recipient]:
    """Read whom a letter goes to: names of people with an address, or addresses.

    Raises:
        InvalidInputError: somebody has no address; the sentence names them.
    """
    found = []
    for one in outgoing_mail.read_recipients(text):
        if one.address:
            found.append(one)
            continue
        person = catalogue.find(desk.connection, "person", one.name)
        address = str(person.data.get("mail") or "") if person is not None else ""
        if not address:
            raise InvalidInputError(
                f"{one.name} has no mail address here. Write it behind the name: "
                f"{one.name} <name@example.org>.",
                field="mail",
            )
        found.append(Recipient(person.name if person else one.name, address))
    return [one._replace(address=outgoing_mail.checked_address(one.address)) for one in found]


def resolve_and_close(
    desk: Desk,
    uid: EntityId,
    given: Given,
    *,
    extra: dict[str, Any] | None = None,
    ticks: dict[str, bool] | None = None,
    tell: Sequence[Telling] = (),
    mail_to: str = "",
    draft: bool | None = None,
) -> ChangeSet:
    """Close like `moves.resolve_and_close`, and put the report for `mail_to` into the outbox.

    Both are one transaction. A step that asks to tell stakeholders is done by this letter. With
    `draft`, and where no server is named, it waits for `hand_to_mail_program`.

    Raises:
        InvalidInputError: a code, a step or an address is missing; nothing was written.
    """
    people = recipients(desk, mail_to)
    if not people:
        return moves.resolve_and_close(desk, uid, given, extra=extra, ticks=ticks, tell=tell)
    mail_settings.refuse_sample(desk)
    with desk.store.writing():
        marked = {**_steps_done_by_letter(desk, uid, people), **(ticks or {})}
        changes = moves.resolve_and_close(desk, uid, given, extra=extra, ticks=marked, tell=tell)
        action = changes.action or EntityId(b"")
        by_draft = not mail_settings.sends(desk) if draft is None else draft
        queue(desk, uid, people, action=action, draft=by_draft)
    return changes


def _steps_done_by_letter(
    desk: Desk, uid: EntityId, people: Sequence[Recipient]
) -> dict[str, bool]:
    incident = browsing.incident(desk, uid)
    marks = incident_reader.ticks(desk.connection, uid)
    told = tuple(Told(one.shown, desk.now(), BY_MAIL) for one in people)
    before = desk.rules.checklist_of(incident, marks)
    after = desk.rules.checklist_of(replace(incident, told=(*incident.told, *told)), marks)
    return {
        now.item: True
        for then, now in zip(before, after, strict=True)
        if now.done and not then.done
    }


def queue(
    desk: Desk,
    uid: EntityId,
    people: Sequence[Recipient],
    *,
    action: EntityId,
    draft: bool = False,
) -> KeptLetter:
    """Put a letter with the report of an incident into the outbox; it leaves in 15 seconds.

    A `draft` leaves only by `hand_to_mail_program`.
    """
    mail_settings.refuse_sample(desk)
    incident = browsing.incident(desk, uid)
    now_ms = desk.store.now_ms()
    ask = bool(configuration.get_setting(desk, "outgoing.ask_satisfaction"))
    token = os.urandom(6).hex()
    letter = KeptLetter(
        f"<{uid.hex()[-12:]}.{token}@{domain_of(desk)}>",
        uid,
        incident.number,
        action,
        desk.person.id,
        LetterState.HELD if draft else LetterState.WAITING,
        letter_subject(incident),
        letter_body(incident, desk.person.name, token=token, ask=ask, zone=desk.store.zone),
        tuple(people),
        now_ms,
        now_ms + UNDO_S * 1_000,
        problem=FOR_MAIL_PROGRAM if draft else "",
    )
    with desk.store.writing():
        outbox.add(desk.connection, letter)
    return letter


def domain_of(desk: Desk) -> str:
    """Return what stands behind the @ of our Message-IDs."""
    try:
        return mail_settings.sender_of(desk).address.rpartition("@")[2]
    except KnownError:
        return "incident-desk.invalid"


def report_of(desk: Desk, incident: Incident) -> Attached:
    """Return the report of an incident as it leaves the program now."""
    return Attached(f"{incident.number}.pdf", reporting.issued_bytes(desk, incident.number))


def record_told(desk: Desk, letter: KeptLetter, people: Sequence[Recipient], how: str) -> None:
    """Record who was told; nobody's action, so that undo goes on with what a person did."""
    uid = EntityId(letter.incident)
    asked = bool(configuration.get_setting(desk, "outgoing.ask_satisfaction"))
    with journal.write(desk.store, b"", f"Tell {', '.join(one.shown for one in people)}") as action:
        for one in people:
            words = f"{one.name} <{one.address}>" if one.name else one.address
            action.create("told", {"who": words, "how": how}, root=uid)
        if asked and people:
            action.set("incident", uid, "survey_sent_at", action.now_ms)


def letters(desk: Desk) -> list[KeptLetter]:
    """Return all letters of this workstation, those that wait first."""
    return outbox.every(desk.connection)


def stop(desk: Desk, message_id: str) -> KeptLetter:
    """Keep a letter from leaving.

    Raises:
        InvalidInputError: it has left, or is leaving now.
    """
    return _move(desk, message_id, LetterState.STOPPED, STOPPABLE, "It cannot be stopped any more.")


def send_now(desk: Desk, message_id: str) -> KeptLetter:
    """Have a letter tried at once, again when it was refused or held.

    Raises:
        InvalidInputError: it has left, or is leaving now.
    """
    return _move(desk, message_id, LetterState.WAITING, TRY_AGAIN, "There is nothing left to send.")


def _move(
    desk: Desk, message_id: str, state: LetterState, of: frozenset[LetterState], otherwise: str
) -> KeptLetter:
    now_ms = desk.store.now_ms()
    ended_at = now_ms if state in {LetterState.STOPPED, LetterState.DRAFTED} else None
    with desk.store.writing():
        moved = outbox.move(
            desk.connection, [message_id], state, of=of, due_at=now_ms, ended_at=ended_at
        )
        found = outbox.find(desk.connection, message_id)
    if found is None:
        raise NotFoundError("That letter is not in the outbox any more.")
    if not moved:
        raise InvalidInputError(f"{found.subject}: {otherwise}")
    return found


def hand_to_mail_program(desk: Desk, message_id: str, folder: Path | None = None) -> Path:
    """Write a letter as a draft that a mail program opens; return the file.

    Its people count as told: what the mail program does with it, nobody here can see.

    Raises:
        InvalidInputError: the letter has left, or is leaving now.
        KnownError: the file cannot be written.
    """
    mail_settings.refuse_sample(desk)
    letter = outbox.find(desk.connection, message_id)
    if letter is None:
        raise NotFoundError("That letter is not in the outbox any more.")
    incident = browsing.incident(desk, EntityId(letter.incident))
    draft = outgoing_mail.write_letter(
        message_id=letter.message_id,
        sender=None,
        recipients=letter.recipients,
        subject=letter.subject,
        body=letter.body,
        report=report_of(desk, incident) if letter.kind == outbox.REPORT else None,
        at=desk.now(),
        draft=True,
        number=incident.number,
        answers=()
        if letter.kind == outbox.REPORT
        else mail_rows.message_ids(desk.connection, incident.id),
    )
    folder = folder or desk.profile.directory / outbox.DRAFTS
    path = folder / f"{incident.number}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draft)
    except OSError as error:
        raise KnownError(
            f"The draft could not be written to {path}: {error.strerror or error}.",
            code="cannot_write",
        ) from error
    with desk.store.writing():
        _move(desk, message_id, LetterState.DRAFTED, STOPPABLE, "It has left already.")
        if letter.kind == outbox.REPORT:
            record_told(desk, letter, letter.recipients, BY_DRAFT)
    return path


def due_in_s(desk: Desk) -> float | None:
    """Return the seconds until the next letter is due, None when none waits."""
    due = outbox.next_due(desk.connection)
    return None if due is None else max(0.0, (due - desk.store.now_ms()) / 1_000)
