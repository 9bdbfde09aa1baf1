"""Rows of a journal for tests, chained as real ones."""

from __future__ import annotations

from app.domain.journal_entry import GENESIS, Change, chain_hash, value_digest
from app.domain.publication import Publication

STATION = bytes(range(16))


def chain(sizes: list[int], station: bytes = STATION, text: str = "x") -> list[Change]:
    """Make rows in groups of these sizes."""
    changes: list[Change] = []
    previous, sseq = GENESIS, 0
    for size in sizes:
        first = sseq + 1
        for _ in range(size):
            sseq += 1
            row = Change(
                station, sseq, sseq << 16, sseq, "UTC", first, size, bytes(16), "incident",
                bytes(16), bytes(16), "set", "title", f'"{text}"', bytes(16), b"", b"", b"", 1, b"",
            )  # fmt: skip
            previous = chain_hash(previous, row, value_digest(bytes(16), f'"{text}"'))
            changes.append(row._replace(hash=previous))
    return changes


def piece(changes: list[Change], previous: bytes = GENESIS) -> Publication:
    """Make an unsigned piece."""
    return Publication(changes[0].station, previous, tuple(changes), {}, b"", b"")
