"""Writes a letter with a report attached (RFC 5322), to be sent or to be left as a draft."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import InvalidInputError
from app.domain.letter import Recipient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

OWN_HEADER = "X-Incident-Desk"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_MOST_REFERENCES = 20
_LONGEST = 254
"""Of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""


class Attached(NamedTuple):
    """The report that goes with a letter."""

    name: str
    content: bytes


def write_letter(
    *,
    message_id: str,
    sender: Recipient | None,
    recipients: Sequence[Recipient],
    subject: str,
    body: str,
    report: Attached | None,
    at: datetime,
    draft: bool = False,
    number: str = "",
    answers: Sequence[str] = (),
) -> bytes:
    """Return the bytes of a letter; a draft opens in a mail program as one that is to be sent.

    The `number` of its incident stands in a header of ours, by which a letter that comes back is
    told from a mail that somebody wrote. `answers` are the ids of the mails that it answers, the
    last one above all (RFC 5322, 3.6.4).
    """
    message = EmailMessage(policy=SMTP)
    if sender is not None:
        message["From"] = _address(sender)
    message["To"] = tuple(_address(one) for one in recipients)
    message["Subject"] = _line(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    known = [one for one in answers if _MESSAGE_ID.fullmatch(one)]
    if known:
        message["In-Reply-To"] = known[-1]
        message["References"] = " ".join(known[-_MOST_REFERENCES:])
    if number:
        message[OWN_HEADER] = _line(number)
    if draft:
        message["X-Unsent"] = "1"
    message.set_content(body.replace("\r\n", "\n"), cte="quoted-printable")
    if report is not None:
        message.add_attachment(
            report.content, maintype="application", subtype="pdf", filename=_line(report.name)
        )
    return message.as_bytes()


def read_recipients(text: str) -> list[Recipient]:
    """Read names and addresses with commas between them: "Nina <nina@x.org>, bo@x.org, Ana".

    What has no address comes back with the name alone.
    """
    found: dict[str, Recipient] = {}
    for part in _parts(text):
        name, address = getaddresses([part])[0] if "@" in part else (part, "")
        name = _line(name)
        if "@" in part and not address:
            raise _wrong(part)
        address = checked_address(address) if address else ""
        found.setdefault((address or name).casefold(), Recipient(name, address))
    return list(found.values())


def checked_address(address: str) -> str:
    """Return an address as servers take it; raise InvalidInputError for what is none."""
    local, at, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        plain.encode("ascii")
        Address(addr_spec=plain)
    except (UnicodeError, ValueError, IndexError, MessageError) as error:
        raise _wrong(address) from error
    usable = at and local and domain and len(plain) <= _LONGEST and plain.isprintable()
    if not usable or any(sign in plain for sign in " \t\r\n,;<>"):
        raise _wrong(address)
    return plain


def _parts(text: str) -> list[str]:
    """Split at commas, semicolons and lines, but not inside quotation marks."""
    parts, quoted = [""], False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        if sign in ",;\n" and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _wrong(text: str) -> InvalidInputError:
    shown = _line(text)[:80]
    return InvalidInputError(
        f'"{shown}" is no mail address. Write it like nina@example.org.', field="mail"
    )


def _address(one: Recipient) -> Address:
    return Address(display_name=_line(one.name), addr_spec=one.address)


def _line(text: str) -> str:
    """Return text as one line without control characters: nothing of it may become a header."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())[:300]
