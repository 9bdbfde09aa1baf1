"""Every figure of the dashboard is what plain loops over the desk's incidents give."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.domain import metrics
from app.domain.dashboard_values import NEEDED
from app.domain.incident import CancelReason, EntityId, PendingReason, Status
from app.domain.incident_record import Incident, IncidentDraft
from app.services import (
    browsing,
    cataloguing,
    dashboard,
    logging_incidents,
    measuring,
    moves,
    patterns,
    problems,
    stakeholders,
    work_records,
)
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.dashboard_values import Board, Mark
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Europe/London")
OPEN = {Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING}
DONE = {Status.RESOLVED, Status.CLOSED}
END = MONDAY + 28 * DAY + 3 * HOUR


@pytest.fixture
def known(desk: Desk, clock: PinnedClock) -> list[Incident]:
    """Give 40 incidents of eight weeks that went different ways."""
    for person in ("Omar Haddad", "Lena Wolf"):
        desk.acting_as(person)
    made: list[EntityId] = []
    for number in range(40):
        start = MONDAY - 26 * DAY + number * (DAY + 7 * HOUR)
        if start > END:
            break
        clock.set(start)
        uid = logging_incidents.log(
            desk,
            IncidentDraft(
                title=f"Printer {number}",
                impact=1 + number % 3,
                urgency=1 + number % 2,
                category=("Hardware", "Network/VPN", "")[number % 3],
                team=("Desk", "Network")[number % 2],
            ),
        ).ids["incident"][0]
        made.append(uid)
        if number % 13 == 12:
            moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
            continue
        if number % 5 == 4:
            continue
        clock.set(start + timedelta(minutes=5 + 3 * number))
        moves.start(desk, [uid])
        if number % 3 == 1:
            moves.pend(desk, [uid], PendingReason.CALLER, clock.now() + 90 * HOUR)
            clock.set(clock.now() + number * HOUR / 2)
            moves.resume(desk, [uid])
        if number % 7 == 6:
            continue
        clock.set(clock.now() + (1 + number % 4) * HOUR)
        moves.resolve(desk, [uid], SOLVED)
        if number % 4 == 2:
            stakeholders.survey(desk, uid, sent=True)
            stakeholders.survey(desk, uid, answer=1 + number % 5)
        if number % 6 == 2:
            clock.set(clock.now() + 3 * HOUR)
            moves.reopen(desk, [uid], "Again")
        if number % 12 == 2:
            clock.set(clock.now() + HOUR)
            moves.resolve(desk, [uid], SOLVED)
    clock.set(END)
    return [browsing.incident(desk, uid) for uid in made]


def mark(board: Board, key: str) -> Mark:
    found = board.mark(key)
    assert found is not None, key
    return found


def period(days: int) -> tuple[datetime, datetime, datetime]:
    """Return the start of the period before, the start, and the end of local days up to now."""
    today = END.astimezone(ZONE).date()
    first = today - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=ZONE)
    end = END + timedelta(milliseconds=1)
    return start - (end - start.astimezone(END.tzinfo)), start, end


@pytest.mark.parametrize("days", [7, 28, 90])
def test_the_five_figures(desk: Desk, known: list[Incident], days: int) -> None:
    board = dashboard.read(desk, days)
    _, start, end = period(days)
    open_now = [one for one in known if one.status in OPEN]
    assert mark(board, "open").value == len(open_now)
    assert set(mark(board, "open").ids) == {one.id for one in open_now}
    assert mark(board, "open").value == browsing.counts(desk, ["is:open"])[0]
    assert mark(board, "past SLA").value == browsing.counts(desk, ["is:open is:breached"])[0]
    assert set(mark(board, "past SLA").ids) == set(browsing.ids_in(desk, "is:open is:breached"))
    answered = [
        one for one in known if start <= one.registered_at < end and one.acknowledged_at is not None
    ]
    waits = [(one.acknowledged_at - one.registered_at).total_seconds() for one in answered]  # type: ignore[operator]
    assert mark(board, "acknowledged").value == pytest.approx(statistics.fmean(waits), abs=1e-3)
    assert mark(board, "acknowledged").n == len(waits)
    resolved = [
        one for one in known
        if one.status in DONE and one.resolved_at is not None and start <= one.resolved_at < end
    ]  # fmt: skip
    took = [(one.resolved_at - one.registered_at).total_seconds() for one in resolved]  # type: ignore[operator]
    assert mark(board, "resolve").value == pytest.approx(statistics.fmean(took), abs=1e-3)
    assert set(mark(board, "resolve").ids) == {one.id for one in resolved}


@pytest.mark.parametrize("days", [7, 28])
def test_what_was_open_and_overdue_before(desk: Desk, known: list[Incident], days: int) -> None:
    board = dashboard.read(desk, days)
    end = END + timedelta(milliseconds=1)

    def open_at(at: datetime, *, late: bool = False) -> int:
        count = 0
        for one in known:
            ended = one.resolved_at if one.status in DONE else one.cancelled_at
            clock = one.resolution_clock
            due = clock.due_at if clock is not None else None
            if one.registered_at <= at and (ended is None or ended > at):
                count += not late or (due is not None and due < at)
        return count

    assert mark(board, "open").before == open_at(end - 7 * DAY)
    assert mark(board, "past SLA").before == open_at(end - 7 * DAY, late=True)
    _, start, _ = period(days)
    length = end - start.astimezone(end.tzinfo)
    edges = [start + length * part / 8 for part in range(1, 9)]
    assert mark(board, "open").trend == tuple(map(open_at, edges))


@pytest.mark.parametrize("days", [7, 28])
def test_flow_arrivals_and_categories(desk: Desk, known: list[Incident], days: int) -> None:
    board = dashboard.read(desk, days)
    before, start, end = period(days)
    mine = [one for one in known if start <= one.registered_at < end]
    opened = Counter(one.registered_at.astimezone(ZONE).date().isoformat() for one in mine)
    told = {one.label: one.n for one in board.card("flow").marks if one.key.startswith("opened ")}
    assert {day: n for day, n in told.items() if n} == opened
    assert len(told) == days
    resolved = Counter(
        one.resolved_at.astimezone(ZONE).date().isoformat()
        for one in known
        if one.status in DONE and one.resolved_at is not None and start <= one.resolved_at < end
    )
    told = {one.label: one.n for one in board.card("flow").marks if one.key.startswith("resolved ")}
    assert {day: n for day, n in told.items() if n} == resolved
    hours = Counter(one.registered_at.astimezone(ZONE).strftime("%a %H:00") for one in mine)
    assert {one.label: one.n for one in board.card("arrivals").marks if one.n} == hours
    assert len(board.card("arrivals").marks) == 168
    names = Counter("none" if one.category is None else one.category.name for one in mine)
    earlier = Counter(
        "none" if one.category is None else one.category.name
        for one in known
        if before <= one.registered_at < start
    )
    shown = board.card("categories").marks
    assert {one.label: one.n for one in shown} == names
    assert all(one.before == earlier[one.label] for one in shown)


def test_waits_teams_and_workload(desk: Desk, known: list[Incident]) -> None:
    board = dashboard.read(desk, 28)
    _, start, end = period(28)
    resolved = [
        one for one in known
        if one.status in DONE and one.resolved_at is not None and start <= one.resolved_at < end
    ]  # fmt: skip
    spent: dict[str, list[float]] = {}
    for one in resolved:
        mine: dict[str, float] = {}
        for each in one.periods:
            if each.status in OPEN and each.left_at is not None:
                name = {Status.NEW: "New", Status.IN_PROGRESS: "In progress",
                        Status.PENDING: "Pending: caller"}[each.status]  # fmt: skip
                mine[name] = mine.get(name, 0) + (each.left_at - each.entered_at).total_seconds()
        for name, seconds in mine.items():
            spent.setdefault(name, []).append(seconds)
    told = {one.label: (one.value, one.n) for one in board.card("waits").marks}
    assert "Pending: caller" in told
    assert told == {
        name: (pytest.approx(statistics.median(all_), abs=1e-3), len(all_))
        for name, all_ in spent.items()
    }
    by_team: dict[str, list[float]] = {}
    for one in resolved:
        took = (one.resolved_at - one.registered_at).total_seconds()  # type: ignore[operator]
        by_team.setdefault(one.team.name if one.team else "none", []).append(took)
    assert {one.label: (one.value, one.n) for one in board.card("teams").marks} == {
        name: (pytest.approx(statistics.median(all_), abs=1e-3), len(all_))
        for name, all_ in by_team.items()
    }
    people = Counter(
        one.assignee.name if one.assignee else "none" for one in known if one.status in OPEN
    )
    load = board.card("workload").marks
    assert {one.label: one.n for one in load if one.n} == people
    assert sum(dict(one.more)["resolved"] for one in load) == len(resolved)


@pytest.mark.parametrize("days", [7, 28, 90])
def test_shares_are_those_of_the_metrics_over_every_row(
    desk: Desk, known: list[Incident], days: int
) -> None:
    """The dashboard reads a window of the store; the metrics here read all of it."""
    board = dashboard.read(desk, days)
    span = board.span
    every = measuring.rows(desk)
    assert len(every) == len(known)
    for key, metric in (
        ("first contact", "fcr"), ("response", "sla_response"), ("csat", "csat"),
        ("reopened", "reopen_rate"),
    ):  # fmt: skip
        measured: Any = getattr(
            metrics, {"fcr": "first_contact_resolution", "csat": "satisfaction"}.get(metric, metric)
        )(every, span.period)
        assert (mark(board, key).value, mark(board, key).n) == (measured.value, measured.n), key
        behind = set(metrics.incidents_behind(metric, every, span.period))
        assert set(mark(board, key).ids) == behind, key
    for priority in ("P1", "P2", "P3", "P4"):
        mine = [row for row in every if row.priority == priority]
        figure = metrics.sla_resolution(mine, span.period)
        shown = mark(board, f"sla {priority}")
        assert (shown.value, shown.n, shown.part) == (
            figure.value, figure.n, figure.more.get("met")
        )  # fmt: skip
        assert set(shown.ids) == set(metrics.incidents_behind("sla_resolution", mine, span.period))
    assert mark(board, "acknowledged").before == (
        metrics.mtta(every, span.period_before).mean or None
    )


def test_every_mark_opens_as_many_incidents_as_it_counts(desk: Desk, known: list[Incident]) -> None:
    board = dashboard.read(desk, 28)
    for one in board.marks():
        assert len(set(one.ids)) == len(one.ids), one.key
        if one.ids and not one.key.startswith("service "):
            listed = browsing.ids_in(desk, dashboard.filter_of(28, one.key))
            assert set(listed) == set(one.ids), one.key
            assert len(listed) == one.n, one.key
    assert known
    assert browsing.ids_in(desk, 'figure:"28d nonsense"') == []
    assert browsing.ids_in(desk, "figure:rubbish") == []
    narrowed = browsing.ids_in(desk, f"{dashboard.filter_of(28, 'open')} status:new")
    assert 0 < len(narrowed) < mark(board, "open").n


def test_keys_are_unique(desk: Desk, known: list[Incident]) -> None:
    keys = [one.key.casefold() for one in dashboard.read(desk, 28).marks()]
    assert len(keys) == len(set(keys))
    assert known


def test_services_with_downtime_and_planned_maintenance(
    desk: Desk, clock: PinnedClock, known: list[Incident]
) -> None:
    cataloguing.add(desk, "service", "VPN", {"calendar": "Office hours"})
    uid = known[0].id
    day = MONDAY.replace(hour=0)
    for low, high, planned in ((10, 12, False), (11, 13, False), (14, 15, True)):
        work_records.record_outage(
            desk, uid, "VPN", day + low * HOUR, day + high * HOUR, planned=planned
        )
    clock.set(MONDAY.replace(hour=23))
    shown = mark(dashboard.read(desk, 1), "service VPN")
    # Agreed 09:00-17:00 and not 14:00-15:00: 7 h; down 10:00-13:00, once.
    assert shown.value == pytest.approx(4 / 7)
    assert dict(shown.more) == {"downtime": 3 * 3600, "planned": 3600}
    assert (shown.n, shown.ids) == (1, (uid,))


def test_too_little_history_says_so(desk: Desk, clock: PinnedClock) -> None:
    for _ in range(NEEDED - 1):
        uid = logging_incidents.log(desk, IncidentDraft(title="Printer")).ids["incident"][0]
        moves.start(desk, [uid])
        moves.resolve(desk, [uid], SOLVED)
    board = dashboard.read(desk)
    assert (board.has_enough, board.resolved, board.cards) == (False, NEEDED - 1, ())
    assert clock.now() == MONDAY


def test_the_export_holds_every_figure(desk: Desk, known: list[Incident], tmp_path: Path) -> None:
    board = dashboard.read(desk, 28)
    dashboard.export_csv(board, tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    marks = list(board.marks())
    assert [row["figure"] for row in rows] == [one.key for one in marks]
    for row, one in zip(rows, marks, strict=True):
        assert row["value"] == "" if one.value is None else float(row["value"]) == one.value
        assert int(row["n"]) == one.n
        assert row["formula"]
    assert known


def test_the_likeliest_pattern_is_listed_and_gone_when_dismissed(
    desk: Desk, clock: PinnedClock
) -> None:
    for hour in range(4):
        clock.set(MONDAY + hour * DAY)
        logging_incidents.log(desk, IncidentDraft(title=f"VPN {hour}", category="Network/VPN"))
    found = problems.likeliest(desk)
    assert found is not None
    listed = browsing.ids_in(desk, dashboard.filter_of_pattern(str(found.pattern.group)))
    assert {one.id for one in found.pattern.incidents} == set(listed)
    while (found := problems.likeliest(desk)) is not None:
        patterns.dismiss(desk, str(found.pattern.group))
    assert all(one.is_dismissed or not one.pattern.is_flagged for one in patterns.recurring(desk))


def test_a_list_of_a_figure_follows_what_changes(desk: Desk, known: list[Incident]) -> None:
    text = dashboard.filter_of(28, "open")
    before = browsing.ids_in(desk, text)
    assert set(browsing.ids_in(desk, text)) == {one.id for one in known if one.status in OPEN}
    added = logging_incidents.log(desk, IncidentDraft(title="Phone")).ids["incident"]
    assert set(browsing.ids_in(desk, text)) == {*before, *added}
