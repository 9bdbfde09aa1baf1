"""Reads a mail (RFC 5322 and MIME, and what is sent instead) to plain values.

No mail makes it raise, and none is lost: what cannot be read as it should is read as it can, with
a word about it in `defects`. Nothing is run, loaded or followed. Works on bytes, so on any thread.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from app.intake import automatic_mail, mail_headers
from app.intake.mail_charsets import decode
from app.intake.mail_headers import Address
from app.intake.mail_parts import Body, MailFile, read_parts
from app.intake.quotation import FRESH, QUOTED, SIGNATURE, Segment, segments_of

if TYPE_CHECKING:
    from datetime import datetime

_MOST_BOUNDARIES = 200
"""More parts within parts than anybody sends: the reader would take minutes."""
_ENVELOPE = re.compile(rb"\A(?:\s*\r?\n)*(?:>?From [^\r\n]*\r?\n)?")
_ARMOUR = "-----BEGIN PGP "


@dataclass(frozen=True, slots=True)
class MailMessage:
    """A mail as plain values; `text` is all of it, `segments` the same with quotations told."""

    message_id: str
    has_own_id: bool = True
    """False: it had none, and `message_id` follows from its bytes."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    from_html: bool = False
    segments: tuple[Segment, ...] = ()
    files: tuple[MailFile, ...] = ()
    automatic: str = ""
    """One of the kinds of `automatic_mail`; "" for a mail that a person sent."""
    automatic_reason: str = ""
    protected: str = ""
    """How it is signed or encrypted, in words; its original is the evidence."""
    defects: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sender(self) -> Address:
        """Return who wrote it."""
        return self.senders[0] if self.senders else Address("", "")

    def part(self, kind: str) -> str:
        """Return the text of one kind of segment."""
        return "\n".join(one.text for one in self.segments if one.kind == kind).strip()

    @property
    def fresh(self) -> str:
        """Return what was written, without quotations and signature."""
        return self.part(FRESH)

    @property
    def folded(self) -> str:
        """Return the whole text with quotations and signature moved below a mark each."""
        parts = [self.fresh]
        for kind, mark in ((SIGNATURE, "[Signature]"), (QUOTED, "[Quoted text]")):
            if told := self.part(kind):
                parts.append(f"{mark}\n{told}")
        return "\n\n".join(part for part in parts if part)


def read_message(content: bytes) -> MailMessage:
    """Read one mail."""
    defects: list[str] = []
    message = _parsed(content, defects)
    headers = _headers(message)
    charset = _charset_of(message)
    body = _body(message, content, defects)
    message_id, own = _message_id(headers, content)
    senders = mail_headers.addresses_of(_raw(message, "from"), charset)
    if not senders:
        senders = mail_headers.addresses_of(_raw(message, "sender"), charset)
    subject = mail_headers.text_of("".join(_raw(message, "subject")[:1]), charset)
    kind, reason = automatic_mail.kind_of(
        headers,
        content_type=headers.get("content-type", ""),
        sender=senders[0].address if senders else "",
        subject=subject,
    )
    return MailMessage(
        message_id,
        own,
        mail_headers.ids_of(" ".join(_raw(message, "in-reply-to"))),
        mail_headers.ids_of(" ".join(_raw(message, "references"))),
        senders,
        mail_headers.addresses_of(_raw(message, "reply-to"), charset),
        mail_headers.addresses_of(_raw(message, "to"), charset),
        mail_headers.addresses_of(_raw(message, "cc"), charset),
        subject,
        mail_headers.instant_of("".join(_raw(message, "date")[:1])),
        body.text,
        body.from_html,
        segments_of(body.text),
        body.files,
        kind,
        reason,
        body.protected or ("PGP, in the text" if _ARMOUR in body.text else ""),
        (*defects, *body.defects),
        headers,
    )


def _parsed(content: bytes, defects: list[str]) -> Message:
    start = _ENVELOPE.match(content)
    plain = content[start.end() :] if start else content
    if plain.lower().count(b"boundary") > _MOST_BOUNDARIES:
        defects.append("It has more parts within parts than can be read; its original holds all.")
        return BytesHeaderParser().parsebytes(plain)
    try:
        return message_from_bytes(plain)
    except (
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        IndexError,
        AssertionError,
    ) as error:
        defects.append(f"Its parts cannot be told apart ({type(error).__name__}).")
        return _headers_alone(plain)


def _headers_alone(plain: bytes) -> Message:
    try:
        return BytesHeaderParser().parsebytes(plain)
    except (ValueError, LookupError, TypeError, IndexError):
        empty: Message = Message()
        empty.set_payload(plain.decode("ascii", "surrogateescape"))
        return empty


def _body(message: Message, content: bytes, defects: list[str]) -> Body:
    try:
        body = read_parts(message)
    except RecursionError:
        defects.append("It has more parts within parts than can be read; its original holds all.")
        body = Body("", from_html=False, files=(), protected="", defects=())
    if not body.text and not body.files and not body.protected:
        rest = re.split(rb"\r?\n\r?\n", content, maxsplit=1)
        return body._replace(text=decode(rest[1]).strip()[:1_000_000] if len(rest) > 1 else "")
    return body


def _raw(message: Message, name: str) -> list[str]:
    return [str(value) for key, value in message.raw_items() if key.lower() == name]


def _headers(message: Message) -> dict[str, str]:
    """Return the first header of each name, decoded."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), mail_headers.text_of(str(value)))
    return found


def _charset_of(message: Message) -> str:
    """Return the charset that bytes in headers are most likely in: that of the text."""
    for part in message.walk():
        raw = "".join(_raw(part, "content-type")[:1])
        if raw:
            named = mail_headers.parameter(raw, "charset")
            if named and named.lower() not in {"us-ascii", "utf-8"}:
                return named
    return ""


def _message_id(headers: dict[str, str], content: bytes) -> tuple[str, bool]:
    found = mail_headers.ids_of(headers.get("message-id", ""))
    if found:
        return found[0], True
    loose = "".join(headers.get("message-id", "").split())
    if 0 < len(loose) < 500:
        return f"<{loose.strip('<>')}>", True
    return f"<{hashlib.sha256(content).hexdigest()}@no-message-id.invalid>", False
