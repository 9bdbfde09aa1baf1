"""The real ServiceNow log goes in whole, and the program's own metrics give its facts."""

from __future__ import annotations

import csv
import io
import json
import lzma
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from app.domain import metrics
from app.domain.incident import EntryKind
from app.intake.import_record import ImportedIncident
from app.intake.table_import import read_incidents
from app.services import auditing, browsing, importing, measuring, patterns
from app.services.desk import Desk, open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
MAY = datetime(2016, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "uci_servicenow_incidents"


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "facts.json").read_text())
    return told


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Desk:
    profile = Profile(tmp_path_factory.mktemp("log") / "profile")
    opened = open_desk(profile, PinnedClock(NOW), person="Ana Ruiz", zone="UTC")
    result = importing.import_file(opened, folder / "incident_event_log.csv.xz")
    assert (result.mapping, result.read, result.events) == ("servicenow-log", 12_349, 70_501)
    assert (result.created, result.rejected_count) == (12_349, 0)
    return opened


def by_number(path: Path) -> dict[str, ImportedIncident]:
    found = {}
    for one in read_incidents(path):
        assert isinstance(one, ImportedIncident)
        found[one.external_id] = one
    return found


@pytest.mark.slow
def test_the_metrics_of_the_log_are_those_worked_out_apart(
    desk: Desk, facts: dict[str, Any]
) -> None:
    document = metrics.to_json(measuring.measure(desk))

    assert (facts["incidents"], facts["events"]) == (12_349, 70_501)
    mttr = document["mttr"]
    assert (mttr["n"], mttr["excluded"]) == (11_554, 795)
    assert round(mttr["mean"] / 3600, 4) == 178.6573
    assert round(mttr["median"] / 3600, 4) == 22.2333
    counts = document["counts"]
    assert counts["by_priority"] == {"P3": 11_648, "P4": 366, "P2": 200, "P1": 135}
    assert counts["by_channel"] == {
        "phone": 12_236, "portal": 81, "email": 23, "ivr": 7, "direct": 2,
    }  # fmt: skip
    assert counts["by_status"] == {"closed": 12_349}
    assert document["reopen_rate"]["reopened"] == 140
    at_may = metrics.to_json(measuring.measure(desk, to_at=MAY))
    assert at_may["backlog"]["value"] == 1_458


@pytest.mark.slow
@pytest.mark.parametrize(
    ("priority", "n", "mean", "median"),
    [
        ("P1", 135, 251.2985, 89.2167),
        ("P2", 200, 161.2171, 45.1),
        ("P3", 10_908, 173.8628, 21.675),
        ("P4", 311, 326.5036, 16.95),
    ],
)
def test_the_time_to_resolve_of_each_priority_is_that_of_the_log(
    desk: Desk, priority: str, n: int, mean: float, median: float
) -> None:
    mttr = metrics.to_json(measuring.measure(desk, text=f"priority:{priority}"))["mttr"]

    assert mttr["n"] == n
    assert round(mttr["mean"] / 3600, 4) == mean
    assert round(mttr["median"] / 3600, 4) == median


@pytest.mark.slow
def test_the_history_stands_in_the_timeline(desk: Desk) -> None:
    found = browsing.incident(desk, "INC0000047")

    told = [entry for entry in found.timeline if entry.kind is not EntryKind.IMPORTED]
    assert len(told) == 9
    assert told[0].author == "Opened by 397"
    assert [change.new for change in told[-1].changes] == ["closed"]
    assert [(str(p.status), str(p.reason or "")) for p in found.periods] == [
        ("new", ""),
        ("in_progress", ""),
        ("pending", "caller"),
        ("resolved", ""),
        ("closed", ""),
    ]
    assert found.resolution_clock is not None
    assert found.resolution_clock.trace


@pytest.mark.slow
def test_a_second_run_of_the_log_adds_nothing_and_every_check_passes(
    desk: Desk, folder: Path
) -> None:
    again = importing.import_file(desk, folder / "incident_event_log.csv.xz")

    assert (again.created, again.updated, again.unchanged) == (0, 0, 12_349)
    assert auditing.check(desk)["ok"]
    before = audit.snapshot(desk.connection)
    auditing.rebuild(desk)
    assert audit.snapshot(desk.connection) == before


def test_the_excel_dialect_gives_the_same_incidents(folder: Path, tmp_path: Path) -> None:
    excel = by_number(folder / "excel_resaved_dialect.csv")
    text = lzma.decompress((folder / "incident_event_log.csv.xz").read_bytes()).decode()
    lines = text.splitlines(keepends=True)
    path = tmp_path / "original.csv"
    chosen = (line for line in lines[1:] if line.split(",", 1)[0] in excel)
    path.write_text(lines[0] + "".join(chosen), encoding="utf-8")

    original = by_number(path)

    assert len(excel) == 443
    prints = {number: one.fingerprint for number, one in excel.items()}
    assert prints == {number: one.fingerprint for number, one in original.items()}


def test_the_same_log_as_a_workbook_gives_the_same_incidents(folder: Path, tmp_path: Path) -> None:
    source = folder / "excel_resaved_dialect.csv"
    rows = list(csv.reader(io.StringIO(source.read_text("utf-8-sig"), newline="")))[:300]
    last = rows[-1][0]
    rows = [row for row in rows if row[0] != last]  # its rows may go on behind the cut
    book = openpyxl.Workbook()
    sheet = book.active
    dates = [index for index, name in enumerate(rows[0]) if name.endswith("_at")]
    for line, row in enumerate(rows):
        cells: list[Any] = list(row)
        for index in dates if line else ():
            if cells[index] != "?":
                cells[index] = datetime.strptime(cells[index], "%d-%m-%Y %H:%M")
        for index, cell in enumerate(cells):
            if cell in ("TRUE", "FALSE"):
                cells[index] = cell == "TRUE"
        sheet.append(cells)
    book.save(tmp_path / "log.xlsx")

    from_csv = by_number(source)
    from_xlsx = by_number(tmp_path / "log.xlsx")

    assert len(from_xlsx) > 30
    for number, one in from_xlsx.items():
        assert one.fields == from_csv[number].fields
        assert one.history == from_csv[number].history
        assert one.fingerprint == from_csv[number].fingerprint


def test_a_part_of_the_log_goes_in_with_its_history(folder: Path, tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    desk = open_desk(profile, PinnedClock(NOW), person="Ana Ruiz", zone="UTC")

    result = importing.import_file(desk, folder / "excel_resaved_dialect.csv")

    assert (result.created, result.events, result.rejected_count) == (443, 3_027, 0)
    assert auditing.check(desk)["ok"]
    before = audit.snapshot(desk.connection)
    auditing.rebuild(desk)
    assert audit.snapshot(desk.connection) == before
    assert importing.import_file(desk, folder / "excel_resaved_dialect.csv").unchanged == 443


@pytest.mark.slow
def test_recurring_patterns_of_the_log_are_confirmed_by_counting_its_rows(
    desk: Desk, folder: Path
) -> None:
    at = datetime(2016, 5, 23, tzinfo=UTC)
    flagged = [one for one in patterns.recurring(desk, at) if one.pattern.is_flagged]
    by_field = [one for one in flagged if one.pattern.group.kind in {"category", "location"}]
    assert len(by_field) >= 3

    with lzma.open(folder / "incident_event_log.csv.xz", "rt", encoding="utf-8") as text:
        last = {row["number"]: row for row in csv.DictReader(text)}
    ages: dict[tuple[str, str], list[float]] = {}
    for row in last.values():
        opened = datetime.strptime(row["opened_at"], "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
        age = (at - opened).total_seconds() / 86_400
        category = f"{row['category']}/{row['subcategory']}"
        ages.setdefault(("location", row["location"]), []).append(age)
        ages.setdefault(("category", category), []).append(age)
    for one in by_field:
        theirs = ages[tuple(one.pattern.group)]
        assert sum(0 <= age < 7 for age in theirs) == one.pattern.count, one.pattern
        assert sum(7 <= age < 91 for age in theirs) == one.pattern.before, one.pattern
        assert len(one.numbers) == len(set(one.numbers)) == one.pattern.count
