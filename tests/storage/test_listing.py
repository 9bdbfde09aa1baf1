"""Lists are read from indexes: the queue touches no row but those it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.listing import ListQuery
from app.services import browsing
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    import apsw


def plans(desk: Desk, query: ListQuery) -> list[str]:
    """Return how SQLite reads the bands of a query and the first page of one."""
    asked: list[tuple[str, Any]] = []

    def hear(cursor: apsw.Cursor, sql: str, values: Any) -> bool:
        asked.append((sql, values))
        return True

    connection = desk.connection
    connection.exec_trace = hear
    browsing.groups(desk, query)
    browsing.page(desk, query, "breached", 0, 128)
    connection.exec_trace = None
    return [
        str(row[3])
        for sql, values in asked
        if "incident i" in sql
        for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
    ]


def test_the_queue_is_grouped_and_sorted_from_its_index_alone(tmp_path: Path) -> None:
    desk = open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    steps = plans(desk, ListQuery("is:open", "sla", "sla"))
    scans = [step for step in steps if step.startswith("SCAN i ")]
    assert scans == ["SCAN i USING COVERING INDEX incident_open"] * 2, steps
    desk.close()
