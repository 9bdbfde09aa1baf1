"""The cross-references say where each object is, packed as PDF asks for it."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from app.reports.archive_file import _cross_references

Place = tuple[int, int, int]
EDGES: tuple[Place, ...] = (
    (0, 0, 65535),
    (1, 15, 0),
    (1, 255, 0),
    (1, 256, 0),
    (2, 2**32 - 1, 399),
    (1, 0, 65535),
    (2, 2**31, 1),
)


def unpacked(table: bytes) -> list[Place]:
    """Read the rows as a reader does: the predictor Up adds the row above to each byte."""
    data, above, found = zlib.decompress(table), bytes(7), []
    for at in range(0, len(data), 8):
        assert data[at] == 2
        above = bytes((a + b) & 255 for a, b in zip(data[at + 1 : at + 8], above, strict=True))
        found.append(struct.unpack(">BIH", above))
    return found


@pytest.mark.parametrize("count", [1, 2, len(EDGES)])
def test_each_row_is_read_back(count: int) -> None:
    assert unpacked(_cross_references(EDGES[:count])) == list(EDGES[:count])


def test_any_rows_are_read_back() -> None:
    chance = random.Random(7)
    places = [
        (chance.randrange(3), chance.randrange(2**32), chance.randrange(2**16)) for _ in range(2000)
    ]
    assert unpacked(_cross_references(iter(places))) == places
