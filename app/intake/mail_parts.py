"""Walks through the parts of a mail: which are its text, which are files."""

from __future__ import annotations

import binascii
import mimetypes
import re
from email.message import Message
from typing import NamedTuple

from app.intake import mail_headers, winmail
from app.intake.html_text import text_of_html
from app.intake.mail_charsets import decode
from app.intake.rtf_text import text_of_rtf, unpacked

MOST_FILES = 500
_DEEPEST = 60
_TEXT_LIMIT = 1_000_000
_SHOWN_BYTES = 64_000
"""A text file up to this size stands for the text of a mail that has none."""
_SIGNED = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)


class MailFile(NamedTuple):
    """A file that came with a mail."""

    name: str
    content: bytes
    media_type: str
    inline: bool = False
    content_id: str = ""


class Body(NamedTuple):
    """What the parts of a mail say together."""

    text: str
    from_html: bool
    files: tuple[MailFile, ...]
    protected: str
    defects: tuple[str, ...]


def read_parts(message: Message) -> Body:
    """Read all parts of a mail; raises RecursionError for one that is nested without end."""
    reader = _Reader()
    reader.walk(message, 0)
    return reader.body()


class _Reader:
    def __init__(self) -> None:
        self._texts: list[str] = []
        self._else: list[str] = []
        self._html_only = False
        self._files: list[MailFile] = []
        self._protected = ""
        self._defects: list[str] = []

    def body(self) -> Body:
        texts = [part for part in self._texts if part.strip()] or self._else
        text = "\n\n".join(part for part in texts if part.strip())
        if len(text) > _TEXT_LIMIT - 200:
            self._file("whole text.txt", text.encode(), "text/plain")
            text = text[: _TEXT_LIMIT // 2] + "\n[The rest is in the file “whole text.txt”.]"
        return Body(
            text, self._html_only, tuple(self._files), self._protected, tuple(self._defects)
        )

    def walk(self, part: Message, depth: int) -> None:
        """Read a part and those within it."""
        kind = _type_of(part)
        if kind.startswith("multipart/") and isinstance(part.get_payload(), str):
            kind = "text/plain"  # it names no boundary, so nothing tells its parts apart
        if depth > _DEEPEST:
            self._file("nested.eml", _bytes_of_message(part), "message/rfc822")
            return
        if kind == "multipart/signed":
            protocol = mail_headers.parameter(_header(part, "content-type"), "protocol")
            self._protected = f"{'PGP' if 'pgp' in protocol else 'S/MIME'}, signed"
        elif kind == "multipart/encrypted":
            self._protected = "PGP, encrypted"
        payload = part.get_payload()
        if kind == "message/rfc822" or (kind.startswith("message/") and isinstance(payload, list)):
            self._message(part, kind, depth)
        elif isinstance(payload, list):
            inner = [one for one in payload if isinstance(one, Message)]
            if kind == "multipart/alternative":
                self._alternative(inner, depth)
            else:
                for one in inner:
                    self.walk(one, depth + 1)
        else:
            self._leaf(part, kind)

    def _alternative(self, parts: list[Message], depth: int) -> None:
        """Take the plain text where it says something, else the HTML; all else is read as usual."""
        plain = [one for one in parts if _type_of(one) == "text/plain" and not _name_of(one)]
        said = any(_text_of(one).strip() for one in plain)
        for one in parts:
            kind = _type_of(one)
            if (
                said
                and kind in {"text/html", "text/enriched", "text/richtext"}
                and not _name_of(one)
            ):
                continue
            if said and kind == "multipart/related":  # its HTML says the same; its pictures stay
                for inner in one.walk():
                    if not inner.is_multipart() and _type_of(inner) != "text/html":
                        self._leaf(inner, _type_of(inner))
                continue
            if not said and one in plain and len(parts) > 1:
                continue
            self.walk(one, depth + 1)

    def _leaf(self, part: Message, kind: str) -> None:
        name = _name_of(part)
        disposition = _header(part, "content-disposition").strip().lower()
        if kind.startswith(_SIGNED):
            self._protected = self._protected or "signed"
        elif kind in _SEALED:
            how = mail_headers.parameter(_header(part, "content-type"), "smime-type")
            self._protected = f"S/MIME, {'signed' if 'signed' in how else 'encrypted'}"
        content = _content_of(part)
        if winmail.is_winmail(kind, name, content):
            self._winmail(content)
            return
        is_text = kind.startswith("text/") and not disposition.startswith("attachment")
        if is_text and not name and kind != "text/calendar":
            self._text(_decoded(part, content), kind)
        elif kind.startswith("message/") and not name:
            self._texts.append(_decoded(part, content).strip())
        elif content or name:
            if kind == "text/plain" and len(content) < _SHOWN_BYTES:
                inside = _decoded(part, content).replace("\r\n", "\n").strip()
                (self._texts if disposition.startswith("inline") else self._else).append(inside)
            cid = mail_headers.text_of(_header(part, "content-id")).strip("<> ")
            inline = bool(cid) or disposition.startswith("inline")
            self._file(name or _made_name(kind, cid), content, kind, inline=inline, cid=cid)

    def _text(self, text: str, kind: str) -> None:
        if kind == "text/html":
            self._html_only = self._html_only or not self._texts
            text = text_of_html(text)
        elif "\nbegin " in f"\n{text}":
            text = self._without_uuencoded(text)
        self._texts.append(
            text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
        )

    def _without_uuencoded(self, text: str) -> str:
        """Take uuencoded files out of a text, in whose place their names stand."""
        kept, end = [], 0
        for begin in _UU_BEGIN.finditer(text):
            if begin.start() < end:
                continue
            stop = re.compile(r"^end\s*$", re.MULTILINE).search(text, begin.end())
            if stop is None:
                break
            content = _uudecoded(text[begin.end() : stop.start()])
            if content is None:
                continue
            self._file(begin[1].strip(), content, _guess(begin[1]))
            kept += [text[end : begin.start()], f"[File: {begin[1].strip()}]"]
            end = stop.end()
        return "".join([*kept, text[end:]])

    def _message(self, part: Message, kind: str, depth: int) -> None:
        """Keep a forwarded mail as a file, whole, and the files within it beside it."""
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else part
        if not isinstance(inner, Message):
            return
        if kind == "message/delivery-status" and isinstance(payload, list):
            self._texts.append("\n".join(_lines_of(one) for one in payload))
            if _name_of(part):
                self._file(_name_of(part), self._texts[-1].encode(), "text/plain")
            return
        subject = mail_headers.text_of(_header(inner, "subject"))
        name = _name_of(part) or f"{subject[:80] or 'message'}.eml"
        self._file(name, _bytes_of_message(inner), "message/rfc822")
        within = _Reader()
        within.walk(inner, depth + 1)
        told = within.body()
        self._else.append(f"{subject}\n{told.text}".strip())
        for file in told.files:
            self._file(*file[:3], inline=file.inline, cid=file.content_id)

    def _winmail(self, content: bytes) -> None:
        found = winmail.read_winmail(content)
        if found is None:
            self._defects.append("Its winmail.dat cannot be read.")
            self._file("winmail.dat", content, "application/ms-tnef")
            return
        if not self._texts:
            text = found.text or text_of_html(found.html) or text_of_rtf(unpacked(found.rtf))
            if text.strip():
                self._texts.append(text.strip())
        for name, inner in found.files:
            self._file(name, inner, _guess(name))

    def _file(
        self, name: str, content: bytes, kind: str, *, inline: bool = False, cid: str = ""
    ) -> None:
        if len(self._files) < MOST_FILES:
            self._files.append(MailFile(name, content, kind, inline, cid))
        elif len(self._files) == MOST_FILES:
            self._defects.append(
                f"It has more than {MOST_FILES} files; its original holds the rest."
            )


def _header(part: Message, name: str) -> str:
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value)
    return ""


def _type_of(part: Message) -> str:
    return part.get_content_type()


def _name_of(part: Message) -> str:
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        value = _header(part, header)
        name = mail_headers.parameter(value, key) if value else ""
        if name:
            return name
    return ""


def _made_name(kind: str, cid: str) -> str:
    suffix = mimetypes.guess_extension(kind) or ".bin"
    stem = re.sub(r"[^\w.-]", "_", cid.partition("@")[0])[:40] if cid else "part"
    return stem if stem.lower().endswith(suffix) else f"{stem}{suffix}"


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _content_of(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    if isinstance(content, bytes):
        return content
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _decoded(part: Message, content: bytes) -> str:
    encoding = _header(part, "content-transfer-encoding").strip().lower().rstrip(";")
    if encoding.startswith("base64") and content and not content.strip():
        return ""
    return decode(content, mail_headers.parameter(_header(part, "content-type"), "charset"))


def _text_of(part: Message) -> str:
    return _decoded(part, _content_of(part))


def _lines_of(part: object) -> str:
    if not isinstance(part, Message):
        return str(part)
    lines = [f"{name}: {mail_headers.text_of(str(value))}" for name, value in part.raw_items()]
    payload = part.get_payload()
    return "\n".join([*lines, payload if isinstance(payload, str) else ""])


def _bytes_of_message(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, KeyError, RecursionError):
        lines = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
        raw = message.get_payload()
        text = f"{lines}\n{raw if isinstance(raw, str) else ''}"
        return text.encode("utf-8", "surrogateescape")


def _uudecoded(text: str) -> bytes | None:
    found = bytearray()
    for line in text.splitlines():
        if not line.strip() or line.strip() == "`":
            continue
        raw = line.encode("ascii", "replace")
        try:
            found += binascii.a2b_uu(raw)
        except binascii.Error:
            count = (((raw[0] - 32) & 63) * 4 + 5) // 3
            try:
                found += binascii.a2b_uu(raw[:count])
            except binascii.Error:
                return None
    return bytes(found)
