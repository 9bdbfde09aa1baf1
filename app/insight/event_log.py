"""Windows event logs (.evtx) as lines: time, level, provider, event id and what the event says.

The file is a header of 4 KB and chunks of 64 KB, each of which can be read alone (Schuster,
"Introducing the Microsoft Vista event log file format", 2007). A log that is full goes on in its
oldest chunk, so chunks are read in the order of their records. The text of a message lies in the
programs of the computer that wrote the log, not in the file: a line gives the values by their
names, and the message itself where a collector has stored it with the event.
"""

from __future__ import annotations

import io
import json
from typing import IO, TYPE_CHECKING, Any, Final

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

ENCODING: Final = "event log"
"""Stands for the encoding of an event log, which has none that people could choose."""
MAGIC: Final = b"ElfFile\x00"
_CHUNK_MAGIC: Final = b"ElfChnk\x00"
_HEADER, _CHUNK = 4096, 65_536
_CHUNK_COUNT: Final = slice(42, 44)
"""Where the header counts its chunks, 2 bytes with the lowest first."""
_FIRST_RECORD: Final = slice(24, 32)
"""Where a chunk gives the number of its first event, 8 bytes with the lowest first."""
_LEVELS: Final = ("INFO", "CRITICAL", "ERROR", "WARNING", "INFO", "VERBOSE")
"""By the number that an event gives; 0 is what audits have, which the Event Viewer calls so."""
_AUDIT_FAILURE: Final = 0x10_0000_0000_0000
"""The bit of the keywords by which the Event Viewer says "Audit Failure"."""
_DAMAGED: Final = "(Part of this event log is damaged or missing; its events are left out.)"
_DEPTH: Final = 8
"""So deep is looked into what an event says; deeper parts are left out."""


def batches(stream: IO[bytes], name: str) -> Iterator[list[str]]:
    """Yield the events as lines, the oldest first, a chunk at a time.

    A chunk that is damaged says so in a line of its own, behind those of its events that can be
    read.

    Args:
        stream: the log; it can be sought in.
        name: of the log, for what is told.

    Raises:
        InvalidInputError: no event can be read, or this computer lacks what reads them.
    """
    header = bytearray(stream.read(_HEADER).ljust(_HEADER, b"\x00"))
    promised = int.from_bytes(header[_CHUNK_COUNT], "little")
    header[_CHUNK_COUNT] = b"\x01\x00"
    events = 0
    for start in _in_order(stream, promised):
        stream.seek(start)
        chunk = stream.read(_CHUNK)
        lines, is_damaged = _read(bytes(header) + chunk.ljust(_CHUNK, b"\x00"), name)
        events += len(lines)
        if is_damaged or len(chunk) < _CHUNK:
            lines.append(_DAMAGED)
        yield lines
    if not events:
        raise InvalidInputError(
            f"{name} is an event log of Windows without an event that can be read; fetch it again."
        )


def _in_order(stream: IO[bytes], promised: int) -> list[int]:
    """Return where the chunks begin, in the order of their events; damaged ones stay in place.

    What is no chunk behind those that the header promises is space that was set aside. The header
    of a log that was copied while Windows wrote it promises too few, never too many.
    """
    found, last = [], 0
    place, start = 0, _HEADER
    while head := stream.read(_FIRST_RECORD.stop) if stream.seek(start) else b"":
        is_chunk = head.startswith(_CHUNK_MAGIC)
        if is_chunk:
            last = int.from_bytes(head[_FIRST_RECORD], "little")
        if is_chunk or place < promised:
            found.append((last, start))
        place, start = place + 1, start + _CHUNK
    found.sort()
    missing = [start] if place < promised else []
    return [*(start for _, start in found), *missing]


def _read(log: bytes, name: str) -> tuple[list[str], bool]:
    """Return the events of a log of one chunk as lines, and whether some could not be read."""
    try:
        from evtx import PyEvtxParser
    except ImportError as error:
        raise InvalidInputError(
            f"{name} is an event log of Windows, and what reads these is not installed here; save "
            "it as text or CSV in the Event Viewer.",
            code="not_shown",
        ) from error
    lines: list[str] = []
    is_damaged = False
    try:
        records: Any = PyEvtxParser(io.BytesIO(log), 1).records_json()
        while True:
            try:
                record = next(records)
            except RuntimeError:
                is_damaged = True
            else:
                lines.append(_line(record))
    except StopIteration:
        pass
    except (OSError, RuntimeError, ValueError):
        is_damaged = True
    return lines, is_damaged


def _line(record: dict[str, Any]) -> str:
    """Return an event as one line; its template is what stands before the first colon and blank."""
    event = _part(json.loads(record["data"]), "Event")
    system = _part(event, "System")
    provider = _part(_part(system, "Provider"), "#attributes")
    name = provider.get("EventSourceName") or provider.get("Name") or "unknown provider"
    level = _number(system.get("Level"))
    told = _LEVELS[level] if 0 <= level < len(_LEVELS) else "INFO"
    second, _, fraction = record["timestamp"].removesuffix("Z UTC").partition(".")
    at = f"{second}.{fraction[:3]:0<3}Z"
    said = _said(event)
    if _number(system.get("Keywords")) & _AUDIT_FAILURE:
        said = f"Audit failure: {said}" if said else "Audit failure"
    return " ".join(f"{at} {told} {name} ID{_number(system.get('EventID'))}: {said}".split())


def _said(event: dict[str, Any]) -> str:
    """Return what an event says: its message where it is stored, else its values by name."""
    message = _part(event, "RenderingInfo").get("Message")
    if isinstance(message, str) and message.strip():
        return message
    data = event.get("EventData") or event.get("UserData") or event.get("ProcessingErrorData")
    return ", ".join(_values("", data, _DEPTH))


def _part(data: Any, name: str) -> dict[str, Any]:
    """Return what stands below a name; nothing where a damaged event has something else there."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _values(name: str, data: Any, depth: int) -> Iterator[str]:
    """Yield the values below a name, "name=value", without a name where the log gives none."""
    if isinstance(data, dict) and depth:
        for key, value in data.items():
            if key != "#attributes":
                yield from _values(name if key in ("#text", "Data") else key, value, depth - 1)
    elif isinstance(data, list) and depth:
        for value in data:
            yield from _values(name, value, depth - 1)
    elif data not in (None, "") and not isinstance(data, (dict, list)):
        yield f"{name}={data}" if name else str(data)


def _number(value: Any) -> int:
    """Return a number that may be a text with attributes beside it; 0 for anything else."""
    if isinstance(value, dict):
        value = value.get("#text")
    try:
        return int(value, 0) if isinstance(value, str) else int(value or 0)
    except (TypeError, ValueError):
        return 0
