"""The dashboard over the real ServiceNow log says what the file itself says, row by row."""

from __future__ import annotations

import csv
import io
import lzma
import math
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, dashboard, importing, problems
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.dashboard_values import Board

NOW = datetime(2016, 5, 12, 14, 0, tzinfo=UTC)
START = datetime(2016, 4, 15, tzinfo=UTC)
END = NOW + timedelta(milliseconds=1)
Record = dict[str, str]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def instant(text: str) -> datetime | None:
    return None if text == "?" else datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def records(real_data: Path) -> list[Record]:
    """Give the last row of each incident of the file, which carries its final values."""
    packed = real_data / "uci_servicenow_incidents" / "incident_event_log.csv.xz"
    text = lzma.decompress(packed.read_bytes()).decode()
    last = {row["number"]: row for row in csv.DictReader(io.StringIO(text))}
    return list(last.values())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Desk:
    profile = Profile(tmp_path_factory.mktemp("log") / "profile")
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    opened = open_desk(profile, clock, person="Ana Ruiz", zone="UTC")
    importing.import_file(
        opened, real_data / "uci_servicenow_incidents" / "incident_event_log.csv.xz"
    )
    clock.set(NOW)
    return opened


@pytest.fixture(scope="module")
def board(desk: Desk) -> Board:
    return dashboard.read(desk, 28)


def opened_in(records: list[Record], start: datetime, end: datetime) -> list[Record]:
    return [row for row in records if start <= (instant(row["opened_at"]) or end) < end]


def test_arrivals_by_day_and_by_hour_of_the_week(board: Board, records: list[Record]) -> None:
    mine = [instant(row["opened_at"]) for row in opened_in(records, START, END)]
    days = Counter(at.date().isoformat() for at in mine if at)
    hours = Counter(at.strftime("%a %H:00") for at in mine if at)
    flow = board.card("flow").marks
    assert {one.label: one.n for one in flow if one.key.startswith("opened ") and one.n} == days
    assert {one.label: one.n for one in board.card("arrivals").marks if one.n} == hours
    assert sum(days.values()) > 3_000


def test_what_was_resolved_and_how_long_it_took(board: Board, records: list[Record]) -> None:
    done = [(instant(row["opened_at"]), instant(row["resolved_at"]), row) for row in records]
    mine = [
        (opened, resolved, row)
        for opened, resolved, row in done
        if opened and resolved and START <= resolved < END
    ]
    days = Counter(resolved.date().isoformat() for _, resolved, _ in mine)
    flow = board.card("flow").marks
    assert {one.label: one.n for one in flow if one.key.startswith("resolved ") and one.n} == days
    took = [
        (resolved - opened).total_seconds() for opened, resolved, _ in mine if resolved >= opened
    ]
    shown = board.mark("resolve")
    assert shown is not None
    assert shown.n == len(took)
    assert shown.value == pytest.approx(statistics.fmean(took), abs=0.01)
    teams: dict[str, list[float]] = {}
    for opened, resolved, row in mine:
        if resolved >= opened:
            name = "none" if row["assignment_group"] == "?" else row["assignment_group"]
            teams.setdefault(name, []).append((resolved - opened).total_seconds())
    assert {one.label: (one.n, one.value) for one in board.card("teams").marks} == {
        name: (len(all_), pytest.approx(statistics.median(all_), abs=0.01))
        for name, all_ in teams.items()
    }


def test_categories_and_their_change(board: Board, records: list[Record]) -> None:
    def names(rows: list[Record]) -> Counter[str]:
        return Counter(
            "/".join(row[key] for key in ("category", "subcategory") if row[key] != "?") or "none"
            for row in rows
        )

    now = names(opened_in(records, START, END))
    before = names(opened_in(records, START - (END - START), START))
    shown = board.card("categories").marks
    assert {one.label: one.n for one in shown} == now
    assert {one.label: one.before for one in shown} == {name: before[name] for name in now}


def test_what_lies_behind_a_figure_is_what_the_file_says(
    desk: Desk, board: Board, records: list[Record]
) -> None:
    top = board.card("categories").marks[0]
    wanted = {
        row["number"]
        for row in opened_in(records, START, END)
        if f"{row['category']}/{row['subcategory']}" == top.label
    }
    listed = browsing.ids_in(desk, dashboard.filter_of(28, top.key))
    assert len(listed) == len(wanted) == top.n
    every: list[tuple[bytes, str]] = desk.connection.execute(
        "SELECT uid, external_id FROM incident"
    ).fetchall()
    external = dict(every)
    assert {external[uid] for uid in listed} == wanted


def test_ten_weeks_are_too_few_for_a_forecast_and_it_says_so(desk: Desk) -> None:
    found = dashboard.arrivals_forecast(desk)
    assert found.expected is None
    assert "needs 60 whole weeks of history; you have 10" in found.sentence()


def test_what_recurs_most_is_named_and_listed(desk: Desk) -> None:
    found = problems.likeliest(desk)
    assert found is not None
    listed = browsing.ids_in(desk, dashboard.filter_of_pattern(str(found.pattern.group)))
    assert len(listed) == found.pattern.count > 10


def test_three_patterns_and_more_are_named_and_their_lists_are_rows_of_the_file(
    desk: Desk, records: list[Record]
) -> None:
    """Count the rows of each pattern by hand, and open its list."""
    found = [
        one.recurring.pattern
        for one in problems.flagged(desk)
        if one.recurring.pattern.group.kind in {"category", "location"}
    ]
    assert len(found) >= 3
    every: list[tuple[bytes, str]] = desk.connection.execute(
        "SELECT uid, external_id FROM incident"
    ).fetchall()
    external = dict(every)
    for pattern in found:
        kind, value = pattern.group

        def holds(row: Record, kind: str = kind, value: str = value) -> bool:
            name = row["location"] if kind == "location" else _category(row)
            return name == value

        week = [row for row in opened_in(records, END - timedelta(days=7), END) if holds(row)]
        before = [
            row
            for row in opened_in(records, END - timedelta(days=91), END - timedelta(days=7))
            if holds(row)
        ]
        listed = browsing.ids_in(desk, dashboard.filter_of_pattern(str(pattern.group)))
        assert {external[uid] for uid in listed} == {row["number"] for row in week}
        assert (pattern.count, pattern.before) == (len(week), len(before))
        rate = len(before) / 12
        fewer = [math.exp(-rate)]
        for k in range(1, len(week)):
            fewer.append(fewer[-1] * rate / k)
        chance = 1 - math.fsum(fewer)
        assert pattern.p == pytest.approx(chance, abs=1e-9)
        assert chance < 0.01
        assert pattern.arithmetic().startswith(
            f"{len(week)} in the last 7 days; {len(before)} in the 12 weeks before, so {rate:.2f} "
        )


def _category(row: Record) -> str:
    return "/".join(row[key] for key in ("category", "subcategory") if row[key] != "?")
