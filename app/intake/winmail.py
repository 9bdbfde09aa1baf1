"""Reads winmail.dat (TNEF, [MS-OXTNEF]): what Outlook packs files and formatted text into."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from struct import unpack_from

from app.intake.mail_charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_BODY, _CODEPAGE, _SUBJECT = 0x2800C, 0x69007, 0x18004
_RENDER, _TITLE, _DATA, _PROPERTIES, _MESSAGE_PROPERTIES = (
    0x69002,
    0x18010,
    0x6800F,
    0x69005,
    0x69003,
)
_MOST = 500


@dataclass(slots=True)
class Winmail:
    """What a winmail.dat holds; `rtf` is its formatted text, packed."""

    text: str = ""
    html: str = ""
    subject: str = ""
    rtf: bytes = b""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def is_winmail(kind: str, name: str, content: bytes) -> bool:
    """Tell whether a part is such a package."""
    named = kind in _TYPES or name.lower() == "winmail.dat"
    return named and content.startswith(SIGNATURE)


def read_winmail(content: bytes) -> Winmail | None:
    """Read a package as far as it is whole; None for what is none."""
    if not content.startswith(SIGNATURE):
        return None
    found = Winmail()
    codepage = "cp1252"
    title, data, long_name = "", None, ""

    def end_file() -> None:
        if data is not None and len(found.files) < _MOST:
            found.files.append((long_name or title or "attachment.bin", data))

    place = 6
    while place + 9 <= len(content):
        tag, size = unpack_from("<II", content, place + 1)
        start = place + 9
        if size > len(content) - start:
            break
        value = content[start : start + size]
        place = start + size + 2  # a checksum follows
        tag &= 0xFFFFF
        if tag == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{unpack_from('<I', value)[0]}"
        elif tag == _SUBJECT:
            found.subject = _text(value, codepage)
        elif tag == _BODY:
            found.text = _text(value, codepage)
        elif tag == _RENDER:
            end_file()
            title, data, long_name = "", None, ""
        elif tag == _TITLE:
            title = _text(value, codepage)
        elif tag == _DATA:
            data = value
        elif tag in {_PROPERTIES, _MESSAGE_PROPERTIES}:
            told = read_properties(value, codepage)
            if tag == _PROPERTIES:
                long_name = _said(told, 0x3707) or _said(told, 0x3001) or long_name
                inner = told.get(0x3701)
                if isinstance(inner, bytes) and data in {None, b""}:
                    data = inner[16:] if inner[16:20] == SIGNATURE else inner
            else:
                found.text = found.text or _said(told, 0x1000)
                html = told.get(0x1013)
                found.html = decode(html) if isinstance(html, bytes) else found.html
                packed = told.get(0x1009)
                found.rtf = packed if isinstance(packed, bytes) else found.rtf
    end_file()
    return found


def _said(told: dict[int, str | bytes], key: int) -> str:
    value = told.get(key, "")
    return value if isinstance(value, str) else ""


def _text(value: bytes, codepage: str) -> str:
    return decode(value.rstrip(b"\x00"), codepage)


_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16, 1: 4}
_SIZED = frozenset({0x1E, 0x1F, 0x0D, 0x102})


def read_properties(value: bytes, codepage: str = "cp1252") -> dict[int, str | bytes]:
    """Return the texts and byte strings of a MAPI property list by id, as far as it is whole."""
    found: dict[int, str | bytes] = {}
    try:
        count = min(unpack_from("<I", value)[0], 10_000)
        place = 4
        for _ in range(count):
            kind, key = unpack_from("<HH", value, place)
            place += 4
            if key >= 0x8000:
                place += 16
                named = unpack_from("<I", value, place)[0]
                place += 4
                if named == 0:
                    place += 4
                else:
                    size = unpack_from("<I", value, place)[0]
                    place += 4 + size + -size % 4
            many = bool(kind & 0x1000)
            kind &= 0xEFFF
            times = 1
            if kind in _SIZED or many:
                times = min(unpack_from("<I", value, place)[0], 100_000)
                place += 4
            for _ in range(times):
                if kind in _SIZED:
                    size = unpack_from("<I", value, place)[0]
                    place += 4
                    raw = value[place : place + size]
                    if len(raw) < size:
                        return found
                    place += size + -size % 4
                    found.setdefault(key, _property(kind, raw, codepage))
                else:
                    place += _FIXED[kind]
    except (struct.error, KeyError):
        pass
    return found


def _property(kind: int, raw: bytes, codepage: str) -> str | bytes:
    if kind == 0x1F:
        return re.sub("\x00+$", "", raw.decode("utf-16-le", "replace"))
    return _text(raw, codepage) if kind == 0x1E else raw
