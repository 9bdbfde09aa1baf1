"""The dashboard of one team, and the events on its time axis."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain import dashboard_events
from app.domain.incident_record import IncidentDraft
from app.services import (
    browsing,
    cataloguing,
    configuration,
    dashboard,
    logging_incidents,
    major_incidents,
    moves,
    work_records,
)
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.dashboard_values import Board, Mark
    from app.domain.incident import EntityId
    from app.services.desk import Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = MONDAY + 28 * DAY
TEAMS = ("Desk", "Network of team B")
"""The second one has the words in its name by which a filter names a team."""


def fill(desk: Desk, clock: PinnedClock, teams: Sequence[str]) -> list[EntityId]:
    """Log thirty incidents of five weeks, of these teams only."""
    made = []
    for number in range(30):
        team = TEAMS[number % 2]
        if team not in teams:
            continue
        start = MONDAY - 6 * DAY + number * 27 * HOUR
        clock.set(start)
        category = ("Hardware", "Network/VPN", "Mail")[number % 3]
        draft = IncidentDraft(
            title=f"Case {number}", impact=1 + number % 3, category=category, team=team
        )
        made += logging_incidents.log(desk, draft).ids["incident"]
        if number % 5:
            clock.set(start + (1 + number % 4) * HOUR)
            moves.start(desk, made[-1:])
            clock.set(start + (2 + number % 9) * HOUR)
            moves.resolve(desk, made[-1:], SOLVED)
    clock.set(END)
    return made


def figures(board: Board) -> list[Mark]:
    """Return all marks without the incidents behind them, whose ids are of one desk only."""
    return [one._replace(ids=()) for one in board.marks()]


def test_figures_of_a_team_are_those_of_a_desk_with_nothing_else(
    desk: Desk, clock: PinnedClock, tmp_path: Path
) -> None:
    fill(desk, clock, TEAMS)
    alone = PinnedClock(MONDAY)
    other = open_desk(Profile(tmp_path / "b"), alone, person="Ana Ruiz", zone="Europe/London")
    fill(other, alone, TEAMS[1:])
    shown = dashboard.read(desk, 28, TEAMS[1])
    assert figures(shown) == figures(dashboard.read(other, 28))
    assert figures(shown) != figures(dashboard.read(desk, 28))
    assert shown.team == TEAMS[1]
    assert set(TEAMS) <= set(dashboard.teams(desk))


def test_each_figure_of_a_team_lists_what_it_counts(desk: Desk, clock: PinnedClock) -> None:
    fill(desk, clock, TEAMS)
    for team in TEAMS:
        for one in dashboard.read(desk, 28, team).marks():
            if one.ids:
                listed = browsing.ids_in(desk, dashboard.filter_of(28, one.key, team))
                assert set(listed) == set(one.ids), one.key
    assert browsing.ids_in(desk, dashboard.filter_of(28, "open", "nobody")) == []


def test_the_export_names_the_team(desk: Desk, clock: PinnedClock, tmp_path: Path) -> None:
    fill(desk, clock, TEAMS)
    dashboard.export_csv(dashboard.read(desk, 28, "Desk"), tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["team"] for row in csv.DictReader(file)} == {"Desk"}


def test_major_incidents_and_maintenance_are_events_with_what_is_behind_them(
    desk: Desk, clock: PinnedClock
) -> None:
    made = fill(desk, clock, TEAMS)
    clock.set(END - 5 * DAY)
    major_incidents.declare(desk, made[3], reason="Mail is down")
    clock.set(END)
    cataloguing.add(desk, "service", "VPN", {})
    begins = END - 3 * DAY
    for uid in made[4:6]:
        work_records.record_outage(desk, uid, "VPN", begins, begins + HOUR, planned=True)
    work_records.record_outage(desk, made[6], "VPN", begins, begins + HOUR)
    span = f"{END - 10 * DAY:%Y-%m-%dT%H:%MZ}/{END - 9 * DAY:%Y-%m-%dT%H:%MZ}"
    configuration.set_setting(desk, "alerts.maintenance", {"Client 5.2": span, "odd": "rubbish"})
    flow = dashboard.read(desk, 28).card("flow")
    events = [one for one in flow.marks if dashboard_events.is_event(one)]
    told = [(dashboard_events.kind_of(one), dashboard_events.day_of(one)) for one in events]
    days = [f"{END - n * DAY:%Y-%m-%d}" for n in (10, 5, 3)]
    assert told == [("maintenance", days[0]), ("major", days[1]), ("maintenance", days[2])]
    assert [one.label for one in events][::2] == ["Client 5.2", "VPN"]
    during = [
        uid
        for uid in made
        if END - 10 * DAY <= browsing.incident(desk, uid).registered_at < END - 9 * DAY
    ]
    assert [list(one.ids) for one in events] == [during, [made[3]], made[4:6]]
    for one in events:
        assert set(browsing.ids_in(desk, dashboard.filter_of(28, one.key))) == set(one.ids)
    assert flow.n == sum(one.n for one in flow.marks if not dashboard_events.is_event(one))
    assert not any(map(dashboard_events.is_event, dashboard.read(desk, 1).card("flow").marks))
