"""Which encoding a text file has: told by evidence of the whole file, never by its first page.

A byte order mark decides; else text that is valid UTF-8 to its end is UTF-8; else the lines with
bytes over 127 are judged (charset-normalizer), with Windows-1252 as the usual suspect.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from app.intake.byte_source import ByteSource, Watch

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_EVIDENCE = 1 << 16
_LINES = 400
_ALIEN = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\x00", "a database; export from it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Outlook file; save it as .xlsx or CSV"),
    (b"PK\x03\x04", "a zip archive; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"BZh", "a bz2 archive; unpack it"),
)
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1a\x1b") + b"\x7f"
_MULTI_BYTE = ("big5", "gb", "hz", "cp932", "cp949", "cp950", "shift", "euc", "johab", "iso2022")
_ISO_2022 = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by its Python name, and how it was found."""

    name: str
    sure: bool = True
    bad_bytes: bool = False
    """UTF-8 apart from a few bytes: the rows that hold them are to be rejected."""


def detect_encoding(source: ByteSource, watch: Watch) -> Encoding:
    """Find the encoding of a text file; raise InvalidInputError for what is not text."""
    head = source.head(_EVIDENCE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            _refuse_wrong_bom(source, head, name)
            return _utf8(source, watch, name) if name == "utf-8-sig" else Encoding(name)
    for magic, what in _ALIEN:
        if head.startswith(magic):
            raise InvalidInputError(f"{source.name} is {what}; a CSV, JSON or XLSX file is needed.")
    wide = _wide_without_bom(head)
    if wide:
        return Encoding(wide)
    if any(mark in head for mark in _ISO_2022) and head.isascii():
        return Encoding("iso2022_jp")
    return _utf8(source, watch, "utf-8")


def _refuse_wrong_bom(source: ByteSource, head: bytes, name: str) -> None:
    if name != "utf-8-sig":
        text = head[: len(head) // 4 * 4].decode(name, "replace")
        if text.count("\ufffd") > len(text) // 20 or text.count("\0") > len(text) // 20:
            raise _binary(source)


def _binary(source: ByteSource) -> InvalidInputError:
    return InvalidInputError(
        f"{source.name} is not text (binary data); a CSV, JSON or XLSX file is needed."
    )


def _wide_without_bom(head: bytes) -> str:
    """Tell UTF-16 by the zeros that plain letters leave in every second byte."""
    even, odd = head[0::2], head[1::2]
    if len(even) < 2:
        return ""
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.3 and zeros_even < 0.05:
        return "utf-16-le"
    if zeros_even > 0.3 and zeros_odd < 0.05:
        return "utf-16-be"
    return ""


def _utf8(source: ByteSource, watch: Watch, name: str) -> Encoding:
    """Read to the end: UTF-8 when every byte fits, or all but a few."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = zeros = controls = size = 0
    evidence = bytearray()
    with source.open() as (stream, used):
        while chunk := stream.read(_CHUNK):
            watch.tick(used())
            size += len(chunk)
            zeros += chunk.count(0)
            if chunk.isascii():
                controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
                decoder.decode(chunk)
                continue
            text = decoder.decode(chunk)
            strange = len(text) - len(text.encode("ascii", "ignore"))
            lone = _lone_bytes(text)
            bad, good = bad + lone, good + strange - lone
            controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
            if lone and len(evidence) < _EVIDENCE:
                evidence += b"\n".join(_strange_lines(chunk)[:_LINES])
    if decoder.getstate()[0]:
        bad += 1
    if zeros * 20 > size or (bad and controls * 200 > size):
        raise _binary(source)
    if not bad:
        return Encoding(name)
    if good >= 4 * bad or name == "utf-8-sig":
        return Encoding(name, bad_bytes=True)
    return _eight_bit(source, bytes(evidence) or source.head(_EVIDENCE))


def _lone_bytes(text: str) -> int:
    """Count the bytes that were no UTF-8 (they came as lone surrogates)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return sum(text.count(chr(0xDC00 + byte)) for byte in range(0x80, 0x100))
    return 0


def _strange_lines(chunk: bytes) -> list[bytes]:
    return [line for line in chunk.split(b"\n") if not line.isascii()]


def _eight_bit(source: ByteSource, evidence: bytes) -> Encoding:
    """Guess among the old encodings; the person is told that it is a guess."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(evidence))
    western = _decoded(evidence, "cp1252")
    if found and western is not None and not found[0].encoding.startswith(_MULTI_BYTE):
        same = any(m.encoding == "cp1252" or str(m) == western for m in found)
        if same or found[0].coherence == 0:
            return Encoding("cp1252", sure=False)
    if found:
        return Encoding(found[0].encoding, sure=False)
    high = sum(byte > 127 for byte in evidence)
    if western is not None and high * 8 < len(evidence):
        return Encoding("cp1252", sure=False)
    raise InvalidInputError(
        f"The encoding of {source.name} cannot be told; save it as UTF-8, or name its encoding"
        " in a mapping file."
    )


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
