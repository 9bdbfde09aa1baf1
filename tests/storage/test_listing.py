"""Lists are read from indexes: the queue touches no row but those it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.listing import ListQuery
from app.services import browsing, importing
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


def test_the_first_rows_are_those_of_the_counted_list(tmp_path: Path) -> None:
    lines = ["number,title,status,priority,registered_at"]
    for n in range(120):
        status = ("new", "in_progress", "closed", "pending")[n % 4]
        day = f"2026-0{n % 9 + 1}-{n % 27 + 1:02}"
        lines.append(f"T-{n},printer {n} jams,{status},P{n % 4 + 1},{day}T08:00:00Z")
    desk = open_desk(Profile(tmp_path / "p"), SystemClock(), person="Ana Ruiz", zone="UTC")
    importing.import_file(desk, "\n".join(lines).encode())
    asked = 0
    for text in ("", "is:open", "printer", "priority:p1", "jams status:closed", "nothing-has-this"):
        for group, sort in (("sla", "sla"), ("sla", "-registered"), ("", "title")):
            query = ListQuery(text, group, sort)
            counted = [
                (band.key, [row.id for row in browsing.page(desk, query, band.key, 0, 500)])
                for band in browsing.groups(desk, query)
            ]
            whole = [(key, uid) for key, ids in counted for uid in ids]
            for limit in (5, 500):
                found = browsing.first_rows(desk, query, limit)
                assert all(band.count == len(rows) for band, rows in found)
                shown = [(band.key, row.id) for band, rows in found for row in rows]
                assert shown == whole[:limit], query
                asked += len(shown)
    assert asked > 1000
    assert browsing.first_rows(desk, ListQuery("", "team", "sla"), 5) == []
    desk.close()
