"""Issued reports follow from the journal, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.services.desk import Desk, open_desk
from app.storage import issued_reports, journal, not_understood, rebuild
from app.system.clock import PinnedClock
from app.system.paths import Profile

from .older_schema import take_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
INCIDENT = bytes(range(16))
GOOD: dict[str, Any] = {
    "sha256": "a" * 64,
    "size": 9,
    "number": "INC-1",
    "incident": INCIDENT.hex(),
    "record_sha256": "b" * 64,
    "document_id": "c" * 32,
    "start_sha256": "",
    "block": 4,
    "head": "d" * 64,
    "by": INCIDENT.hex(),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    yield desk
    desk.close()


def put(desk: Desk, value: Any) -> None:
    with journal.write(desk.store, b"", "Issue") as action:
        action.create(issued_reports.KIND, value)


def count(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM issued_report").get
    return found


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": -1},
        {"size": 1 << 70},
        {"size": "many"},
        {"size": None},
        {"head": "zz"},
        {"incident": 5},
        {"by": "x"},
    ],
)
def test_a_fact_of_no_use_is_left_alone(desk: Desk, wrong: dict[str, Any]) -> None:
    put(desk, {**GOOD, **wrong})
    put(desk, [])
    assert count(desk) == 0
    put(desk, GOOD)
    assert count(desk) == 1
    rebuild.rebuild(desk.store)
    assert count(desk) == 1


def test_a_fact_of_a_newer_program_is_taken_up_by_the_migration(desk: Desk, tmp_path: Path) -> None:
    put(desk, GOOD)
    before = issued_reports.by_digest(desk.connection, GOOD["sha256"])
    desk.connection.pragma("wal_checkpoint", "truncate")
    desk.close()
    take_back(Profile(tmp_path / "profile").database, 6)
    again = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    assert issued_reports.by_digest(again.connection, GOOD["sha256"]) == before
    again.close()


def test_the_latest_report_with_an_identifier_or_the_same_beginning_is_meant(desk: Desk) -> None:
    put(desk, GOOD)
    desk.clock._ms += 3_600_000  # type: ignore[attr-defined]
    put(desk, {**GOOD, "sha256": "e" * 64, "document_id": "", "start_sha256": "f" * 64})
    connection = desk.connection
    by_name = issued_reports.meant_by(connection, ("c" * 32,), "-")
    by_start = issued_reports.meant_by(connection, (), "f" * 64)
    assert by_name is not None
    assert by_name.sha256 == GOOD["sha256"]
    assert by_start is not None
    assert by_start.sha256 == "e" * 64
    assert issued_reports.meant_by(connection, ("",), "-") is None


def test_what_another_station_issued_is_understood(desk: Desk) -> None:
    put(desk, GOOD)
    kinds: Any = desk.connection.execute("SELECT DISTINCT kind FROM change").fetchall()
    assert {kind for (kind,) in kinds} <= not_understood.KINDS
    assert issued_reports.KIND in not_understood.KINDS
