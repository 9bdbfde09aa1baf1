"""Replay of a long journal to full heads and rows, against reading the same journal once.

sync.md: at most 3.0 times a scan, for a million changes, a quarter of them creations. Clocks and
the search index are no part of the replay; a whole `rebuild`, which has them, is told beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.storage import rebuild
from tests.benchmarks import made_database
from tests.benchmarks.telling import spent_ms, tell

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = made_database.ROWS
GOAL = 3.0

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]


def test_a_replay_of_the_journal_against_a_scan_of_it(
    tmp_path: Path, record_property: Any, capsys: Any
) -> None:
    edits = made_database.EDITS
    desk = made_database.make(tmp_path / "long", CHANGES // (edits + 1), edits=edits)
    db = desk.connection
    rows: Any = db.execute("SELECT count(*) FROM change").get
    assert rows >= CHANGES

    def scan() -> int:
        count = 0
        for _ in db.execute("SELECT * FROM change WHERE station = ? ORDER BY sseq",
                            (desk.store.station,)):  # fmt: skip
            count += 1
        return count

    def replay() -> int:
        with desk.store.database.atomic("IMMEDIATE"):
            return rebuild.replay(db)

    assert scan() == rows
    assert replay() == rows
    again: Any = db.execute("SELECT count(*) FROM incident WHERE title LIKE 'again %'").get
    assert again == CHANGES // (edits + 1)
    read = [spent_ms(scan)]
    spent = [spent_ms(replay)]
    read.append(spent_ms(scan))
    words = f"replay of {rows:,} changes to heads and rows / a scan of the journal"
    tell(capsys, record_property, words, min(spent), sum(read) / len(read), GOAL)
    whole = spent_ms(lambda: rebuild.rebuild(desk.store))
    with capsys.disabled():
        print(f"  whole rebuild with clocks and search index: {whole:,.0f} ms (no goal)")
    desk.close()
