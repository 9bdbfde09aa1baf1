"""Takes in what is new in a mailbox; a mail is marked as seen there only after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.intake import mail_files, mailbox
from app.services import mail_intake, mail_settings

if TYPE_CHECKING:
    from app.domain.mailbox import Mailbox
    from app.intake.mailbox import MailboxServer
    from app.services.desk import Desk
    from app.services.mail_intake import Taken


AUTHOR = "Mailbox"
"""Who writes what is fetched, so that nobody's undo takes back a mail that came by itself."""


def as_mailbox(desk: Desk) -> Desk:
    """Return the desk at which mails are taken in."""
    return desk if desk.person.name == AUTHOR else desk.acting_as(AUTHOR)


def fetch(
    desk: Desk, server: MailboxServer, box: Mailbox | None = None, *, most: int = 200
) -> list[Taken]:
    """Take in the mails that nobody has seen; new incidents get team and category of `box`.

    Raises:
        MailAwayError: the server cannot be reached; what was taken in before stays.
        MailHeldError: a password, a certificate or a setting is wrong.
        StoreError: the profile cannot be written; the mail stays unseen.
    """
    mail_settings.refuse_sample(desk)
    desk = as_mailbox(desk)
    taken: list[Taken] = []

    def take(place: str, content: bytes) -> None:
        try:
            message = mail_files.read(content)
        except InvalidInputError as error:
            refuse(place, error.message)
            return
        taken.append(mail_intake.take_in_message(desk, message, content, place, box=box))

    def refuse(place: str, reason: str) -> None:
        taken.append(mail_intake.refused(desk, place, reason))

    mailbox.fetch(server, take, largest=mail_intake.LARGEST, refuse=refuse, most=most)
    return taken
