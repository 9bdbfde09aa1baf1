"""A PostgreSQL hub: pushing 10,000 rows, and how soon another station hears of one.

The limits of issue and sync.md, measured on the same server in turns: a bare COPY of the same rows
into a table of the same columns and key, and a bare NOTIFY from one connection to another.
"""

from __future__ import annotations

import secrets
import select
import statistics
import time
from typing import TYPE_CHECKING, Any

import pytest

from app.storage.team_server import Address, TeamServer, driver
from app.storage.team_server_schema import COLUMNS
from app.sync.hub import Team
from app.sync.postgres_hub import PostgresHub
from tests.benchmarks.telling import paired, spent_ms, tell
from tests.sync.conftest import cluster, database
from tests.sync.rows import chain, piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sync.conftest import Cluster

__all__ = ["cluster", "database"]

pytestmark = [pytest.mark.benchmark, pytest.mark.postgres, pytest.mark.timeout(600)]

ROWS, AT_ONCE, TIMES = 10_000, 5_000, 7
TEAM = Team(bytes([1]) * 16, bytes([2]) * 16, "postgresql", bytes(16))


@pytest.fixture
def hubs(cluster: Cluster, database: str) -> Iterator[tuple[PostgresHub, PostgresHub]]:
    made = [PostgresHub(TeamServer(Address(cluster.url(database=database)))) for _ in range(2)]
    made[0].found(TEAM)
    yield made[0], made[1]
    for hub in made:
        hub.close()


def test_a_push_of_ten_thousand_rows(
    cluster: Cluster,
    database: str,
    hubs: tuple[PostgresHub, PostgresHub],
    capsys: Any,
    record_property: Any,
) -> None:
    hub, _ = hubs
    pushes = []
    for _ in range(TIMES):
        rows = chain([1] * ROWS, secrets.token_bytes(16), text="printer jams " * 8)
        first, second = rows[:AT_ONCE], rows[AT_ONCE:]
        pushes.append([piece(first), piece(second, first[-1].hash)])
    copies = iter(pushes)
    pushed = iter(pushes)
    with driver().connect(cluster.url(database=database), autocommit=True) as bare:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
        bare.execute(f"CREATE TABLE bare ({columns}, PRIMARY KEY (station, sseq))")

        def copied() -> None:
            for one in next(copies):
                with (
                    bare.cursor() as cursor,
                    cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as copy,
                ):
                    copy.set_types(list(COLUMNS.values()))
                    for change in one.changes:
                        copy.write_row(change)

        def ours() -> None:
            for one in next(pushed):
                hub.publish(one)

        pair = paired(ours, copied, TIMES)
        count: Any = bare.execute("SELECT count(*) FROM bare").fetchone()
    assert count == (ROWS * TIMES,)
    assert sum(held.last for held in hub.holdings().values()) == ROWS * TIMES
    tell(capsys, record_property, "PostgreSQL push of 10,000 rows / bare COPY", *pair, 3.0)


def test_news_of_a_push(
    cluster: Cluster,
    database: str,
    hubs: tuple[PostgresHub, PostgresHub],
    capsys: Any,
    record_property: Any,
) -> None:
    hub, other = hubs
    rows = chain([1] * 40)
    url = cluster.url(database=database)
    with (
        driver().connect(url, autocommit=True) as speaking,
        driver().connect(url, autocommit=True) as hearing,
    ):
        hearing.execute("LISTEN bare")
        other.wait(0.01)

        def bare() -> None:
            speaking.execute("NOTIFY bare")
            select.select([hearing], [], [])
            assert list(hearing.notifies(timeout=0))

        ours, limit = [], []
        previous = bytes(32)
        for row in rows:
            begun = time.perf_counter()
            hub.publish(piece([row], previous))
            assert other.wait(10)
            got = other.fetch(row.station, row.sseq - 1, 1)
            ours.append((time.perf_counter() - begun) * 1000)
            assert got.pieces[0].changes == (row,)
            previous = row.hash
            limit.append(spent_ms(bare))
    tell(
        capsys,
        record_property,
        "a pushed change read by another station / bare NOTIFY round trip",
        statistics.median(ours),
        statistics.median(limit),
        20.0,
    )
