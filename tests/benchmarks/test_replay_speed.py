"""Replay of a long journal to full heads and rows, against reading the same journal once.

sync.md: at most 3.0 times a scan, for a million changes, a quarter of them creations. Clocks and
the search index are no part of the replay; a whole `rebuild`, which has them, is told beside. So is
the floor: the very rows that a replay ends with, ready in memory, written into the emptied tables
by one statement each, with the same indexes made anew. Times are those of the processor: the
journal lies in the cache, and other work on the machine disturbs the clock on the wall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.storage import rebuild
from tests.benchmarks import made_database
from tests.benchmarks.telling import processor_ms, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk

CHANGES = made_database.ROWS
GOAL = 3.0
TIMES = 3

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]


def raw_writer(desk: Desk) -> Callable[[], None]:
    """Return what writes the rows that are there now into the same tables, and nothing else."""
    db = desk.connection
    marks = ",".join("?" * len(rebuild.TABLES))
    indexes: list[Any] = db.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
        f"AND tbl_name IN ({marks})",
        rebuild.TABLES,
    ).fetchall()
    for table in rebuild.TABLES:
        db.execute(f"CREATE TEMP TABLE ready_{table} AS SELECT * FROM main.{table}")

    def write() -> None:
        with desk.store.database.atomic("IMMEDIATE"):
            for name, _ in indexes:
                db.execute(f'DROP INDEX "{name}"')
            for table in rebuild.TABLES:
                db.execute(f"DELETE FROM main.{table}")
                db.execute(f"INSERT INTO main.{table} SELECT * FROM temp.ready_{table}")
            for _, sql in indexes:
                db.execute(sql)

    return write


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
    read = min(processor_ms(scan) for _ in range(TIMES))
    spent = min(processor_ms(replay) for _ in range(TIMES))
    words = f"replay of {rows:,} changes to heads and rows / a scan of the journal"
    tell(capsys, record_property, words, spent, read, GOAL)
    whole = processor_ms(lambda: rebuild.rebuild(desk.store))
    write = raw_writer(desk)
    floor = min(processor_ms(write) for _ in range(TIMES))
    tell(
        capsys,
        record_property,
        "the floor: the same rows, ready, written raw with their indexes / the same scan",
        floor,
        read,
        GOAL,
    )
    with capsys.disabled():
        print(f"  replay / floor and scan: {spent / (floor + read):.2f}x (no goal)")
        print(f"  whole rebuild with clocks and search index: {whole:,.0f} ms (no goal)")
    desk.close()
