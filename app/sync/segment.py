"""Segments: the names that say what is in them, and how rows are cut into them (sync.md)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from app.domain.publication import Publication, groups
from app.storage import segment_file
from app.storage.segment_file import SegmentError
from app.sync.hub import MOST_BYTES, MOST_ROWS, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.journal_entry import Change

_NAME = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([0-9a-f]{16})\.sqlite")
_BESIDE_VALUE = 260
"""About how many bytes a row takes beside its value."""

__all__ = ["SegmentError", "SegmentName", "cut", "name_of", "pack", "unpack"]


class SegmentName(NamedTuple):
    """What the name of a segment says."""

    span: Span
    digest: str


def name_of(text: str) -> SegmentName | None:
    """Read a file's name; None for one that is off the pattern."""
    found = _NAME.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        return None
    return SegmentName(Span(int(found[1]), int(found[2])), found[3])


def pack(piece: Publication) -> tuple[str, bytes]:
    """Return name and content of a piece's file; a retry gives the same."""
    content = segment_file.write(piece)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f"{piece.first}-{piece.last}-{digest}.sqlite", content


def unpack(name: str, station: bytes, content: bytes) -> Publication:
    """Return the piece of a station in a file, after comparing it with its name.

    Raises:
        SegmentError: the content is not what the name says.
    """
    told = name_of(name)
    if told is None:
        raise SegmentError("its name is off the pattern")
    if hashlib.sha256(content).hexdigest()[:16] != told.digest:
        raise SegmentError("it was cut short or altered: its hash is not the one in its name")
    piece = segment_file.read(content)
    if piece.station != station:
        raise SegmentError("it is of another station than its folder")
    if Span(piece.first, piece.last) != told.span:
        raise SegmentError("it holds other entries than its name says")
    return piece


def cut(
    station: bytes, previous: bytes, changes: Sequence[Change], redacted: Mapping[int, bytes]
) -> Iterator[Publication]:
    """Yield rows as pieces of at most 5,000 rows or about 1 MiB; a group stays whole."""
    part: list[Change] = []
    size = 0
    for group in groups(changes):
        weight = sum(_BESIDE_VALUE + len(c.value or "") + len(c.prevs) for c in group)
        if part and (len(part) + len(group) > MOST_ROWS or size + weight > MOST_BYTES):
            yield _piece(station, previous, part, redacted)
            previous, part, size = part[-1].hash, [], 0
        part += group
        size += weight
    if part:
        yield _piece(station, previous, part, redacted)


def _piece(
    station: bytes, previous: bytes, part: list[Change], redacted: Mapping[int, bytes]
) -> Publication:
    blank = {c.sseq: redacted[c.sseq] for c in part if c.sseq in redacted}
    return Publication(station, previous, tuple(part), blank, b"", b"")
