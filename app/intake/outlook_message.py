"""Reads Outlook's .msg files ([MS-OXMSG]) to the same plain values as any other mail."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from struct import error as unpack_error
from struct import unpack_from

from app.intake import mail_headers
from app.intake.compound_file import MAGIC, DamagedFileError, Storage, read_compound_file
from app.intake.html_text import text_of_html
from app.intake.mail_charsets import decode
from app.intake.mail_headers import Address
from app.intake.mail_message import MailMessage, read_message
from app.intake.mail_parts import MOST_FILES, MailFile
from app.intake.quotation import segments_of
from app.intake.rtf_text import text_of_rtf, unpacked

_STREAM = re.compile(r"^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})$", re.IGNORECASE)
_FIXED = "__properties_version1.0"
_EMBEDDED = "__substg1.0_3701000D"
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_ID, _IN_REPLY_TO, _REFERENCES = 0x1035, 0x1042, 0x1039
_CODEPAGE, _INTERNET_CODEPAGE, _SUBMITTED, _DELIVERED = 0x3FFD, 0x3FDE, 0x0039, 0x0E06
_SENDERS = ((0x0042, (0x5D02, 0x0065)), (0x0C1A, (0x5D01, 0x0C1F)))
_DEEPEST = 8
_OWN_PARTS = re.compile(r"^(?:content-|mime-version)", re.IGNORECASE)


def read_outlook_message(content: bytes) -> MailMessage | None:
    """Read a .msg file; None for what is none, or one that is too damaged."""
    if not content.startswith(MAGIC):
        return None
    try:
        root = read_compound_file(content)
    except DamagedFileError:
        return None
    message = _message(root, 0)
    if message.has_own_id:
        return message
    digest = hashlib.sha256(content).hexdigest()
    return replace(message, message_id=f"<{digest}@no-message-id.invalid>")


def _message(storage: Storage, depth: int) -> MailMessage:
    fixed = _fixed(storage, 32 if depth == 0 else 24)
    codepage = f"cp{fixed.get(_CODEPAGE, 1252) & 0xFFFFFFFF}"
    told = _texts(storage, codepage)
    text, from_html = _body(storage, told, fixed)
    head = read_message(_head(storage, told, fixed, codepage))
    files = tuple(_files(storage, codepage, depth))[:MOST_FILES]
    return replace(
        head, text=text, from_html=from_html, segments=segments_of(text), files=files,
        defects=(), protected=_protected(files),
    )  # fmt: skip


def _texts(storage: Storage, codepage: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, content in storage.streams.items():
        read = _STREAM.match(name)
        if read is None:
            continue
        key, kind = int(read[1], 16), int(read[2], 16)
        if kind == 0x1F:
            found[key] = content.decode("utf-16-le", "replace").rstrip("\x00")
        elif kind == 0x1E:
            found.setdefault(key, decode(content.rstrip(b"\x00"), codepage))
    return found


def _fixed(storage: Storage, start: int) -> dict[int, int]:
    """Return the properties of fixed size as 64-bit numbers."""
    content = storage.streams.get(_FIXED, b"")
    found: dict[int, int] = {}
    for place in range(start, len(content) - 15, 16):
        try:
            _, key, _, value = unpack_from("<HHIQ", content, place)
        except unpack_error:
            break
        found[key] = value
    return found


def _body(storage: Storage, told: dict[int, str], fixed: dict[int, int]) -> tuple[str, bool]:
    text = told.get(_BODY, "")
    if text.strip():
        return _limited(text), False
    html = told.get(_HTML, "")
    raw = storage.streams.get("__substg1.0_10130102", b"")
    if raw:
        html = decode(raw, f"cp{fixed.get(_INTERNET_CODEPAGE, 65001) & 0xFFFFFFFF}")
    if html.strip():
        return _limited(text_of_html(html)), True
    packed = storage.streams.get("__substg1.0_10090102", b"")
    return _limited(text_of_rtf(unpacked(packed))), False


def _limited(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain if len(plain) <= 900_000 else f"{plain[:900_000]}\n[The original holds the rest.]"


def _head(storage: Storage, told: dict[int, str], fixed: dict[int, int], codepage: str) -> bytes:
    """Return headers as a mail would have them: those it came with, else what Outlook knows."""
    kept: list[str] = []
    for line in told.get(_HEADERS, "").replace("\r\n", "\n").split("\n"):
        if line[:1] in {" ", "\t"} and kept:
            kept[-1] += f"\n{line}"
        elif re.match(r"^[!-9;-~]+:", line):
            kept.append(line)
    kept = [line for line in kept if not _OWN_PARTS.match(line)]
    known = {line.partition(":")[0].lower() for line in kept}
    for name, value in _known_headers(storage, told, fixed, codepage):
        if value and name.lower() not in known:
            kept.append(f"{name}: {' '.join(value.split())}")
    return "\n".join(kept).encode("utf-8", "replace") + b"\n\n"


def _known_headers(
    storage: Storage, told: dict[int, str], fixed: dict[int, int], codepage: str
) -> list[tuple[str, str]]:
    found = [("Subject", told.get(_SUBJECT, "")), ("Message-ID", told.get(_ID, ""))]
    found += [
        ("In-Reply-To", told.get(_IN_REPLY_TO, "")),
        ("References", told.get(_REFERENCES, "")),
    ]
    for name, keys in _SENDERS:
        address = next((told[key] for key in keys if "@" in told.get(key, "")), "")
        if told.get(name) or address:
            found.append(("From", _quoted(Address(told.get(name, ""), address))))
            break
    people: dict[int, list[str]] = {1: [], 2: []}
    for inner in _inner(storage, "__recip_version1.0_"):
        said, kind = _texts(inner, codepage), _fixed(inner, 8).get(0x0C15, 1) & 15
        address = next((said[key] for key in (0x39FE, 0x3003) if "@" in said.get(key, "")), "")
        if kind in people:
            people[kind].append(_quoted(Address(said.get(0x3001, ""), address)))
    found += [("To", ", ".join(people[1])), ("Cc", ", ".join(people[2]))]
    ticks = fixed.get(_SUBMITTED) or fixed.get(_DELIVERED)
    if ticks:
        try:
            at = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
            found.append(("Date", format_datetime(at)))
        except OverflowError:
            pass
    return found


def _quoted(one: Address) -> str:
    name = one.name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{one.address}>' if one.address else f'"{name}"'


def _inner(storage: Storage, prefix: str) -> list[Storage]:
    names = sorted(name for name in storage.storages if name.lower().startswith(prefix))
    return [storage.storages[name] for name in names]


def _files(storage: Storage, codepage: str, depth: int) -> list[MailFile]:
    found: list[MailFile] = []
    for inner in _inner(storage, "__attach_version1.0_"):
        said = _texts(inner, codepage)
        name = said.get(0x3707) or said.get(0x3704) or said.get(0x3001) or "attachment"
        cid = mail_headers.text_of(said.get(0x3712, ""))
        nested = next(
            (one for key, one in inner.storages.items() if key.upper() == _EMBEDDED.upper()), None
        )
        if nested is not None and depth < _DEEPEST:
            message = _message(nested, depth + 1)
            words = f"{message.sender.shown}\n{message.subject}\n\n{message.text}\n"
            found.append(MailFile(f"{name}.txt", words.encode(), "text/plain"))
            found += message.files
            continue
        content = inner.streams.get("__substg1.0_37010102", b"")
        kind = said.get(0x370E, "application/octet-stream")
        found.append(MailFile(name, content, kind, bool(cid), cid))
    return found


def _protected(files: tuple[MailFile, ...]) -> str:
    sealed = any(file.name.lower().endswith((".p7m", ".p7s")) for file in files)
    return "S/MIME" if sealed else ""
