"""Heads that are moved on together are those that are moved on row by row (sync.md, heads)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.journal_entry import Change, Version, decoded, pack_versions
from app.storage import head_rows, journal
from app.storage.store import Store
from tests.simulation.station import Clock

if TYPE_CHECKING:
    from pathlib import Path

STATIONS = [bytes([number]) * 16 for number in range(1, 4)]
ENTITIES = [bytes([number]) * 16 for number in range(0xA0, 0xA3)]
ELSEWHERE = (b"\xff" * 16, "title", b"\xff" * 16, 1)
"""A version that never comes: while one is waited for, heads are moved on row by row."""


def written(rng: random.Random, count: int) -> list[Change]:
    """Make rows as stations write them that know different parts of what the others wrote."""
    counts = dict.fromkeys(STATIONS, 0)
    rows: list[Change] = []
    known: dict[tuple[bytes, str], list[Version]] = {}
    for _ in range(count):
        station, entity = rng.choice(STATIONS), rng.choice(ENTITIES)
        counts[station] += 1
        version = Version(station, counts[station])
        packed = known.get((entity, "*"))
        if packed is None or rng.random() < 0.03:
            op, field, prevs = "create", "*", b""
            known.setdefault((entity, "*"), []).append(version)
        else:
            op, field = "set", rng.choice(["title", "status", "deleted"])
            so_far = known.setdefault((entity, field), [packed[0]])
            newest = so_far[-rng.choice([1, 1, 1, 1, 2, 3]) :]
            prevs = pack_versions(newest if rng.random() < 0.3 else newest[:1])
            so_far.append(version)
        rows.append(
            Change(*version, len(rows), 0, "UTC", version.sseq, 1, bytes(16), "incident", entity,
                   entity, op, field, "1", bytes(16), prevs, b"", b"", 1, bytes(32))
        )  # fmt: skip
    return rows


def state(store: Store) -> tuple[list[Any], list[Any]]:
    tables = ("head", "superseded")
    told = [store.connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables]
    return told[0], [row for row in told[1] if row != ELSEWHERE]


@pytest.mark.parametrize("seed", range(25))
def test_moved_on_together_and_row_by_row_they_are_the_same(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    rows = written(rng, 60)
    if seed % 2:  # out of order: versions are named before they come
        rows = sorted(rows, key=lambda row: (row.station, row.sseq))
    together = Store(tmp_path / "one.sqlite", Clock([0]))
    alone = Store(tmp_path / "two.sqlite", Clock([0]))
    alone.connection.execute("INSERT INTO superseded VALUES (?,?,?,?)", ELSEWHERE)
    while rows:
        size = rng.randint(1, 12)
        batch, rows = rows[:size], rows[size:]
        found = []
        for store in (together, alone):
            with store.writing():
                journal.insert_changes(store.connection, batch)
                found.append(head_rows.move_on(store.connection, batch))
        assert found[0] == found[1]
        assert state(together) == state(alone)
    assert state(together)[0]


@pytest.mark.parametrize("text", ['"a"', "3", "null", "true", '{"a":[1,2]}', ' "a" ', "[1 , 2]"])
def test_what_is_read_is_what_json_reads(text: str) -> None:
    import json

    assert decoded(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", "1,2", "1]", '"a', "x", "[1", "1 2"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (its words are those of the library)
        decoded(text)
