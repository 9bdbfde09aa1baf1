"""Takes in the mails of files, one after the other: each is whole before the next is read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.intake import mail_files
from app.services import mail_intake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.desk import Desk
    from app.services.mail_intake import Taken


def take_in_file(desk: Desk, path: Path) -> Iterator[Taken]:
    """Take in the mails of a file or folder; "-" is standard input.

    Raises:
        InvalidInputError: nothing is there.
        StoreError: the profile cannot be written; what was taken in before stays.
    """
    if str(path) == "-":
        content = sys.stdin.buffer.read(mail_intake.LARGEST + 1)
        yield _take(desk, mail_files.checked("-", content, mail_intake.LARGEST))
        return
    if not path.exists():
        raise InvalidInputError(f'"{path}" is not there. Name a mail, a mailbox or a folder.')
    for found in mail_files.find_mails(path, largest=mail_intake.LARGEST):
        yield _take(desk, found)


def _take(desk: Desk, found: mail_files.FoundMail) -> Taken:
    if found.problem:
        return mail_intake.refused(desk, found.source, found.problem)
    try:
        message = mail_files.read(found.content)
    except InvalidInputError as error:
        return mail_intake.refused(desk, found.source, error.message)
    return mail_intake.take_in_message(
        desk, message, found.content, found.source, suffix=found.suffix
    )
