"""Writes small event logs of Windows (.evtx), so that no log of a real computer lies in the tests.

One chunk of 64 KB for each list of events; each event is plain binary XML without templates.
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER, CHUNK = 4096, 65_536
_BEGINNING = datetime(1601, 1, 1, tzinfo=UTC)
"""From which Windows counts, in tenths of a microsecond."""


class Event(NamedTuple):
    """What is written of one event."""

    number: int
    at: datetime
    level: int
    provider: str
    event_id: int
    data: Mapping[str, str]
    keywords: str = "0x0"


def made(*chunks: Sequence[Event]) -> bytes:
    """Return a log with these chunks, in this order."""
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, 0, 128, 1, 3, HEADER, 0)
    header = bytearray(head.ljust(HEADER, b"\0"))
    header[42:44] = len(chunks).to_bytes(2, "little")
    header[124:128] = zlib.crc32(header[:120]).to_bytes(4, "little")
    return bytes(header) + b"".join(map(_chunk, chunks))


def _chunk(events: Sequence[Event]) -> bytes:
    chunk = bytearray(512)
    last = 512
    for event in events:
        last = len(chunk)
        filetime = (event.at - _BEGINNING) // timedelta(microseconds=1) * 10
        chunk += struct.pack("<4sIQQ", b"**\0\0", 0, event.number, filetime)
        _Xml(chunk).event(event)
        size = (len(chunk) - last + 4).to_bytes(4, "little")
        chunk[last + 4 : last + 8] = size
        chunk += size
    first, end = events[0].number, events[-1].number
    free = len(chunk)
    chunk[:48] = struct.pack("<8sQQQQII", b"ElfChnk\0", first, end, first, end, 128, last)
    chunk[48:56] = struct.pack("<II", free, zlib.crc32(chunk[512:]))
    chunk[124:128] = zlib.crc32(chunk[:120] + chunk[128:512]).to_bytes(4, "little")
    return bytes(chunk.ljust(CHUNK, b"\0"))


class _Xml:
    """Adds binary XML to a chunk, in which the names of elements know their own place."""

    def __init__(self, chunk: bytearray) -> None:
        self._chunk = chunk

    def event(self, event: Event) -> None:
        self._chunk += b"\x0f\x01\x01\x00"
        self._open("Event")
        self._open("System")
        self._open("Provider", {"Name": event.provider})
        self._close()
        self._text("EventID", str(event.event_id))
        self._text("Level", str(event.level))
        self._text("Keywords", event.keywords)
        self._close()
        self._open("EventData")
        for name, value in event.data.items():
            self._text("Data", value, {"Name": name})
        self._close()
        self._close()
        self._chunk += b"\x00"

    def _text(self, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        self._open(name, attributes)
        self._value(text)
        self._close()

    def _open(self, name: str, attributes: Mapping[str, str] | None = None) -> None:
        self._chunk += bytes((0x41 if attributes else 0x01,)) + bytes(4)
        self._name(name)
        if attributes:
            self._chunk += bytes(4)
            for n, (key, value) in enumerate(attributes.items(), 1):
                self._chunk += bytes((0x06 if n == len(attributes) else 0x46,))
                self._name(key)
                self._value(value)
        self._chunk += b"\x02"

    def _close(self) -> None:
        self._chunk += b"\x04"

    def _name(self, name: str) -> None:
        at = len(self._chunk) + 4
        self._chunk += (
            struct.pack("<IIHH", at, 0, 0, len(name)) + name.encode("utf-16-le") + b"\0\0"
        )

    def _value(self, text: str) -> None:
        self._chunk += struct.pack("<BBH", 0x05, 0x01, len(text)) + text.encode("utf-16-le")
