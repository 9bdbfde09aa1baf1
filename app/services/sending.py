"""Hands the letters of the outbox to the mail server, each once.

The letter is written at its first try, with the report attached, and is the same ever after. Who
was told stands in the record when the server has it, in the transaction that marks it as sent.
Blocks on the network: call it from a worker.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.domain.errors import (
    KnownError,
    MailAwayError,
    MailHeldError,
    MailRefusedError,
    MailUnsureError,
)
from app.domain.incident import EntityId, Status
from app.domain.letter import LetterState, pause_after
from app.intake import outgoing_mail, smtp_client
from app.services import browsing, mail_settings
from app.services.outgoing import BY_MAIL, record_told, report_of
from app.storage import mail_rows, outbox
from app.system.faults import MachineError

if TYPE_CHECKING:
    from app.domain.letter import Recipient
    from app.services.desk import Desk
    from app.storage.outbox import KeptLetter

UNSURE_AFTER_CRASH = (
    "The program ended while the server took this letter, so it may have been sent. "
    "Ask a recipient before you send it again."
)


def send_next(desk: Desk) -> KeptLetter | None:
    """Hand the letter that is due over to the server; return it as it now is, None when none is.

    What the world refuses is kept with the letter, in a sentence; it never raises for that.
    """
    token = os.urandom(8).hex()
    with desk.store.writing():
        letter = outbox.claim(desk.connection, desk.store.now_ms(), token)
    if letter is None:
        return None
    try:
        refused = _hand_over(desk, letter, token)
    except (MailAwayError, MailUnsureError) as error:
        _put_back(desk, letter, token, error)
    except (KnownError, MachineError) as error:  # held, refused, or no report can be made
        state = LetterState.REFUSED if isinstance(error, MailRefusedError) else LetterState.HELD
        _settle(desk, letter, token, state, error.message)
    except Exception as error:  # a bug: a person sees it, and nothing is tried in a loop
        _settle(desk, letter, token, LetterState.HELD, f"The program has a bug: {error!r}")
        raise
    else:
        _record_sent(desk, letter, token, refused)
    return outbox.find(desk.connection, letter.message_id)


def _hand_over(desk: Desk, letter: KeptLetter, token: str) -> dict[str, str]:
    mail_settings.refuse_sample(desk)
    server, sender = mail_settings.server_of(desk), mail_settings.sender_of(desk)
    content = _content(desk, letter, sender)
    addresses = [one.address for one in letter.recipients]

    def before_end() -> bool:
        with desk.store.writing():
            return outbox.begin_handing_over(desk.connection, letter.message_id, token)

    return smtp_client.deliver(server, sender.address, addresses, content, before_end=before_end)


def _content(desk: Desk, letter: KeptLetter, sender: Recipient) -> bytes:
    """Return the bytes of a letter, written at its first try and the same ever after."""
    known = outbox.content(desk.connection, letter.message_id)
    if known is not None:
        return known
    incident = browsing.incident(desk, EntityId(letter.incident))
    is_report = letter.kind == outbox.REPORT
    if is_report and incident.status is not Status.CLOSED:
        raise MailHeldError(f"{incident.number} is not closed any more, so nothing was sent.")
    content = outgoing_mail.write_letter(
        message_id=letter.message_id,
        sender=sender,
        recipients=letter.recipients,
        subject=letter.subject,
        body=letter.body,
        report=report_of(desk, incident) if is_report else None,
        at=desk.now(),
        number=letter.number,
        answers=() if is_report else mail_rows.message_ids(desk.connection, incident.id),
    )
    with desk.store.writing():
        outbox.keep_content(desk.connection, letter.message_id, content)
    return content


def _put_back(
    desk: Desk, letter: KeptLetter, token: str, error: MailAwayError | MailUnsureError
) -> None:
    if isinstance(error, MailUnsureError):
        _settle(desk, letter, token, LetterState.UNSURE, error.message)
        return
    with desk.store.writing():
        due_at = desk.store.now_ms() + pause_after(letter.tries + 1) * 1_000
        outbox.settle(
            desk.connection, letter.message_id, token, LetterState.WAITING,
            problem=error.message, due_at=due_at,
        )  # fmt: skip


def _settle(desk: Desk, letter: KeptLetter, token: str, state: LetterState, problem: str) -> None:
    with desk.store.writing():
        outbox.settle(desk.connection, letter.message_id, token, state, problem=problem)


def _record_sent(desk: Desk, letter: KeptLetter, token: str, refused: dict[str, str]) -> None:
    """Write who was told into the record and that the letter is sent, in one transaction."""
    now_ms = desk.store.now_ms()
    people = [one._replace(refusal=refused.get(one.address, "")) for one in letter.recipients]
    problem = "; ".join(
        f"{one.address} was refused ({one.refusal})" for one in people if one.refusal
    )
    with desk.store.writing():
        if letter.kind == outbox.REPORT:
            record_told(desk, letter, [one for one in people if not one.refusal], BY_MAIL)
        outbox.settle(
            desk.connection, letter.message_id, token, LetterState.SENT,
            problem=problem, recipients=people, ended_at=now_ms,
        )  # fmt: skip


def recover(desk: Desk, *, alone: bool = True) -> None:
    """Take up the letters that a killed process left, at the start of a window."""
    with desk.store.writing():
        outbox.recover(desk.connection, desk.store.now_ms(), UNSURE_AFTER_CRASH, alone=alone)
