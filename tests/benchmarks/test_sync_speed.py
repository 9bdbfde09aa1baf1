"""How fast pulled rows are taken, beside inserting them and nothing else (sync.md, bars)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from app.storage import journal, remote
from app.storage.store import Store
from tests.simulation.station import Clock
from tests.storage.published import pieces

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.journal_entry import Change

ROWS = 10_000
NOW = [1_773_046_800_000]


def written(path: Path, before: int) -> tuple[Store, list[Change]]:
    """Make a store with `before` incidents; return it with the rows of 10,000 more changes."""
    store = Store(path, Clock(NOW))
    uids = []
    for start in range(0, before, 500):
        with journal.write(store, bytes(16), "log") as action:
            for number in range(start, start + 500):
                value = {"number": f"INC-{number:06d}", "title": "printer down", "priority": "P3"}
                uids.append(action.create("incident", value))
    last = store.connection.execute("SELECT max(sseq) FROM change").get
    for number in range(ROWS // 4):
        with journal.write(store, bytes(16), "edit") as action:
            uid = uids[number * 37 % len(uids)]
            action.set("incident", uid, "priority", f"P{number % 4 + 1}")
            action.set("incident", uid, "title", f"printer {number}")
            action.create("note", {"kind": "note", "text": "Looked at it"}, root=uid)
            action.create(
                "incident", {"number": f"X-{number}", "title": "disk full", "priority": "P2"}
            )
    return store, [row for piece in pieces(store, after=last) for row in piece.changes]


@pytest.mark.benchmark
@pytest.mark.timeout(0)
def test_pulled_rows_are_taken_within_five_times_their_insertion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, rows = written(tmp_path / "source.sqlite", 20_000)
    target = Store(tmp_path / "target.sqlite", Clock(NOW))
    bare = Store(tmp_path / "bare.sqlite", Clock(NOW))
    for piece in pieces(source):
        if piece.first < rows[0].sseq:
            remote.apply(target, piece)
    waiting = [piece for piece in pieces(source) if piece.first >= rows[0].sseq]
    joined = waiting[0]._replace(changes=tuple(rows))

    started = time.process_time()
    for batch in remote.batches(rows):
        with bare.database.atomic("IMMEDIATE"):
            journal.insert_changes(bare.connection, batch)
    insertion = time.process_time() - started
    started = time.process_time()
    remote.apply(target, joined)
    pull = time.process_time() - started

    with capsys.disabled():
        print(
            f"\npull {len(rows)} rows: {pull:.2f} s, insertion {insertion:.2f} s: "
            f"{pull / insertion:.1f}x (must be <= 5x)"
        )
