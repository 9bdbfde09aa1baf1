"""Reads the headers of a mail as text (RFC 5322, 2047, 2231), whatever a sender did to them.

Values come as `email` keeps them: bytes over 127 are lone surrogates. Nothing here raises for what
stands in a header.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from app.intake.mail_charsets import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 20_000
"""Of one header; the original keeps the rest."""
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_ANGLE = re.compile(r"<([^<>]*)>\s*(?:\([^()]*\)\s*)?$|<([^<>]*@[^<>]*)>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_ADDRESS = re.compile(r"[^\s<>\"(),;:@]{1,64}@[^\s<>\"(),;:@]{1,253}")


class Address(NamedTuple):
    """A name and an address; either may be ""."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        """Return both as a mail shows them."""
        return f"{self.name} <{self.address}>" if self.name and self.address else "".join(self)


def text_of(raw: str, charset: str = "") -> str:
    """Return a header as one line of text, its encoded words decoded."""
    if not raw:
        return ""
    value = _BETWEEN.sub(r"\1", _FOLD.sub(" ", raw[:_LONGEST]))
    value = _bytes_over_127(value, charset)
    if "=?" in value:
        value = _decoded_words(value)
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _bytes_over_127(value: str, charset: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
        return value
    except UnicodeEncodeError:
        return decode(value.encode("utf-8", "surrogateescape"), charset)


def _decoded_words(value: str) -> str:
    """Decode RFC 2047 words; neighbours in one charset are joined first: some cut letters apart."""
    parts: list[str] = []
    waiting, of, end = b"", "", 0
    for found in _WORD.finditer(value):
        charset = found[1].partition("*")[0].lower()
        content = _word_bytes(found[2], found[3])
        if waiting and (charset != of or found.start() != end):
            parts.append(decode(waiting, of))
            waiting = b""
        parts.append(value[end : found.start()])
        if content is None:
            parts.append(found[0])
        else:
            waiting, of = waiting + content, charset
        end = found.end()
    if waiting:
        parts.append(decode(waiting, of))
    return "".join([*parts, value[end:]])


def _word_bytes(kind: str, text: str) -> bytes | None:
    try:
        if kind in "qQ":
            return unquote_to_bytes(
                re.sub(r"=([0-9A-Fa-f]{2})", r"%\1", text.replace("%", "=25").replace("_", " "))
            )
        return b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def addresses_of(raws: Iterable[str], charset: str = "") -> tuple[Address, ...]:
    """Return the addresses of a header; words that hold no address are kept as a name.

    What stands between angle brackets is the address, whatever address its name claims to be.
    """
    found: list[Address] = []
    for raw in raws:
        value = _bytes_over_127(_FOLD.sub(" ", raw[:_LONGEST]), charset)
        for piece in _mailboxes(value):
            one = _mailbox(piece)
            if one.name or one.address:
                found.append(one)
    return tuple(found)


def _mailboxes(value: str) -> list[str]:
    """Split at commas and around groups (RFC 5322, 3.4), not within quotes, comments, brackets."""
    pieces, start, quoted, depth, angle = [], 0, False, 0, False
    skip = False
    for index, sign in enumerate(value):
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth:
            continue
        elif sign in "<>":
            angle = sign == "<"
        elif sign in ",;" or (sign == ":" and not angle and "@" not in value[start:index]):
            if sign != ":":
                pieces.append(value[start:index])
            start = index + 1
    return [*pieces, value[start:]]


def _mailbox(piece: str) -> Address:
    angle = _ANGLE.search(piece)
    if angle:
        address = (angle[1] or angle[2] or "").strip()
        words = piece[: angle.start()] or piece[angle.end() :]
        if _is_address(address):
            return Address(_name(words), _clean(address))
        piece = f"{words} {address}"
    comment = _COMMENT.search(piece)
    plain = _COMMENT.sub(" ", piece).strip()
    if _is_address(plain):
        return Address(_name(comment[1]) if comment else "", _clean(plain))
    shown = text_of(piece)
    loose = _ADDRESS.search(shown)
    if loose is None:
        return Address(shown.strip("\"'<> "), "")
    return Address(shown.replace(loose[0], "").strip(" <>\"'():;,"), loose[0])


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    if local.startswith('"') and local.endswith('"'):
        local = "quoted"
    return bool(at and local and domain) and not any(c.isspace() for c in local + domain)


def _clean(address: str) -> str:
    return address if address.startswith('"') else text_of(address)


def _name(words: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", words.strip())
    return text_of(plain).strip("\"' ")


def ids_of(raw: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header, in their order, with their angle brackets."""
    value = _bytes_over_127(_FOLD.sub(" ", raw[:_LONGEST]), "")
    found = _ID.findall(value)
    if not found and value.strip():  # some write them bare
        found = [f"<{word}>" for word in value.split() if "@" in word and len(word) < 500]
    return tuple(dict.fromkeys(found))


def instant_of(raw: str) -> datetime | None:
    """Return a Date header as an instant in UTC, None for what is none."""
    try:
        read = parsedate_to_datetime(text_of(raw))
        at = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return at if 1900 <= at.year < 2200 else None


def parameter(raw: str, name: str) -> str:
    """Return a parameter of a structured header (RFC 2045), its continuations joined (RFC 2231)."""
    value = _bytes_over_127(_FOLD.sub(" ", raw[:_LONGEST]), "")
    plain = ""
    pieces: dict[int, tuple[bool, str]] = {}
    pattern = rf"[;\s]{re.escape(name)}(\*\d{{1,3}})?(\*)?\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)"
    for found in re.finditer(pattern, value, re.IGNORECASE):
        said = found[3].strip()
        if said.startswith('"'):
            said = re.sub(r"\\(.)", r"\1", said[1:-1])
        if found[1] or found[2]:
            pieces.setdefault(int((found[1] or "*0")[1:]), (bool(found[2]), said))
        elif not plain:
            plain = text_of(said)
    return _joined(pieces) if pieces else plain


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    charset, content = "", b""
    for index in sorted(pieces):
        encoded, said = pieces[index]
        if index == 0 and encoded and said.count("'") >= 2:
            charset, _, said = said.split("'", 2)
        raw = said.encode("utf-8", "replace")
        content += unquote_to_bytes(raw) if encoded else raw
    return text_of(decode(content, charset))
