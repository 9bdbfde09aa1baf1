"""Import of 100,000 incidents with journal, against bare executemany of the same rows.

Goal 10 of speed.md, measured in one run on one machine and told as ratios; nothing fails on time.
"Bare" writes the rows of every table that is shown, and the search index, into an empty database of
the same schema, in transactions of the same size at the same FULL durability, without journal,
heads, clocks or anything that has to be worked out. "Writing" is what an import does with records
that are read; "whole" reads them from a CSV file first. CPU time stands beside, because other work
on the machine disturbs the clock on the wall.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from app.domain.folding import fold
from app.services import importing
from app.services.desk import Desk, open_desk
from app.storage import search, search_texts
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.benchmarks import made_database

if TYPE_CHECKING:
    from pathlib import Path

COUNT = min(made_database.ROWS, 100_000)
BATCH = importing.BATCH
LIMIT = 3.0
TABLES = (
    "incident", "incident_detail", "incident_tag", "incident_link", "custom_value", "number_alias",
    "import_key",
)  # fmt: skip
INDEX = (
    "INSERT INTO incident_fts(rowid, number, title, description, notes, people, other) "
    "VALUES (?,?,?,?,?,?,?)"
)
TRIGRAMS = "INSERT INTO incident_trigram(rowid, text) VALUES (?,?)"
WORDS = [
    *("printer", "vpn", "mail", "server", "login", "screen", "update", "network", "phone", "door"),
    *("badge", "laptop", "token", "slow", "broken", "error", "access", "reset", "order", "report"),
]
COLUMNS = (
    "number,title,description,status,priority,impact,urgency,channel,requester,assignee,team,"
    "category,service,location,tags,registered_at,acknowledged_at,resolved_at,closed_at,resolution"
)


class Spent(NamedTuple):
    """Seconds on the wall and of the processor."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Spent:
        return cls(time.perf_counter(), time.process_time())

    def since(self, start: Spent) -> Spent:
        return Spent(self.wall - start.wall, self.cpu - start.cpu)

    def plus(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


def write_table(path: Path) -> None:
    """Write tickets of five years; the same seed gives the same file."""
    rng = random.Random(7)

    def text(count: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(count))

    with path.open("w", encoding="utf-8") as file:
        file.write(COLUMNS + "\n")
        for n in range(COUNT):
            day = f"{2020 + n // 324 % 6}-{n // 27 % 12 + 1:02}-{n % 27 + 1:02}"
            at = [f"{day}T{hour:02}:{n % 60:02}:00Z" for hour in (8, 9, 14, 17)]
            done = n % 20 > 0
            cells = [
                f"T-{n:06}", f"{text(6)} {n}", text(30), "closed" if done else "in_progress",
                f"P{n % 4 + 1}", n % 3 + 1, n // 3 % 3 + 1, "phone", f"Caller {n % 2000}",
                f"Resolver {n % 60}", f"Team {n % 12}", f"hardware/{WORDS[n % 20]}",
                f"Service {n % 15}", f"Site {n % 30}", WORDS[n % 20], at[0], at[1],
                *(at[2:] if done else ("", "")), text(10) if done else "",
            ]  # fmt: skip
            file.write(",".join(map(str, cells)) + "\n")


def bare(source: Desk, target: Desk, *, index: bool) -> Spent:
    """Write the rows that the import made with executemany and nothing else."""
    read, write = source.connection, target.connection
    rows: dict[str, list[Any]] = {
        table: read.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES
    }
    texts = search_texts.load(read, range(1, COUNT + 1)) if index else {}
    folded = [(rowid, *map(fold, parts)) for rowid, parts in texts.items()]
    joined = [(row[0], "\n".join(row[1:])) for row in folded]
    for table in TABLES:
        write.execute(f"DELETE FROM {table}")
    search.clear(write)
    start = Spent.now()
    for first in range(0, COUNT, BATCH):
        with target.store.database.atomic("IMMEDIATE"):
            for table in TABLES:
                part = rows[table][first : first + BATCH]
                if part:
                    marks = ",".join("?" * len(part[0]))
                    write.executemany(f"INSERT INTO {table} VALUES ({marks})", part)
            write.executemany(INDEX, folded[first : first + BATCH])
            write.executemany(TRIGRAMS, joined[first : first + BATCH])
    return Spent.now().since(start)


def imported(desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Spent, Spent]:
    """Return (whole, writing) of importing a file."""
    writing = Spent(0.0, 0.0)
    write = importing.BatchWriter.write

    def timed(self: Any, batch: Any) -> Any:
        nonlocal writing
        start = Spent.now()
        try:
            return write(self, batch)
        finally:
            writing = writing.plus(Spent.now().since(start))

    with monkeypatch.context() as patch:
        patch.setattr(importing.BatchWriter, "write", timed)
        start = Spent.now()
        result = importing.import_file(desk, path)
        whole = Spent.now().since(start)
    assert result.created == COUNT
    return whole, writing


@pytest.mark.benchmark
@pytest.mark.timeout(1_200)
def test_an_import_with_journal_against_bare_executemany(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "tickets.csv"
    write_table(path)
    desk, plain, unindexed, empty = (
        open_desk(Profile(tmp_path / name), SystemClock(), person="Ana Ruiz", zone="UTC")
        for name in ("import", "import-unindexed", "bare-unindexed", "bare")
    )
    whole, writing = imported(desk, path, monkeypatch)
    limit = bare(desk, empty, index=True)
    with monkeypatch.context() as patch:
        patch.setattr(search_texts, "index_created", lambda *_: None)
        _, writing_unindexed = imported(plain, path, monkeypatch)
    limit_unindexed = bare(desk, unindexed, index=False)

    lines = [
        ("writing with journal / bare executemany, search index in both", writing, limit),
        ("whole import of a CSV file / the same bare executemany", whole, limit),
        ("writing without index / bare without index", writing_unindexed, limit_unindexed),
    ]
    with capsys.disabled():
        print(f"\nimport of {COUNT:,} incidents, transactions of {BATCH} at FULL")
        for words, spent, bound in lines:
            ratio, cpu = spent.wall / bound.wall, spent.cpu / bound.cpu
            record_property(words, f"{ratio:.2f}x, limit {LIMIT}x")
            print(
                f"  {words}: {spent.wall:.1f} s / {bound.wall:.1f} s = {ratio:.2f}x wall, "
                f"{cpu:.2f}x CPU (limit {LIMIT}x)"
            )
