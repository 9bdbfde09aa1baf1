"""The chooser of a team and the events on the time axis, by keys and for a screen reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from app.domain import dashboard_events
from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import browsing, dashboard, logging_incidents, major_incidents, moves
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.dashboard.dashboard_page import DashboardPage
from app.ui.dashboard.flow_drawing import FlowDrawing
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.dashboard_values import Mark
    from app.ui.theme import Theme

NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
SOLVED = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.ASSISTANCE,
    cause_class=CauseClass.HUMAN,
    resolution="Turned it on",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a desk of two teams with twelve resolved incidents, two of them major."""
    clock = PinnedClock(NOW)
    opened = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    for number in range(12):
        clock.set(NOW - timedelta(days=20 - number))
        draft = IncidentDraft(title=f"Outage {number}", team=("Desk", "Network")[number % 2])
        (uid,) = logging_incidents.log(opened, draft).ids["incident"]
        moves.start(opened, [uid])
        if number in (3, 8):
            major_incidents.declare(opened, uid)
        clock.set(clock.now() + timedelta(hours=2))
        moves.resolve(opened, [uid], SOLVED)
    clock.set(NOW)
    return opened


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, desk: Desk) -> DashboardPage:
    made = DashboardPage(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(made)
    made.resize(1200, 860)
    made.show()
    qtbot.waitExposed(made)
    return made


def events(page: DashboardPage) -> list[Mark]:
    assert page.board is not None
    return [one for one in page.board.card("flow").marks if dashboard_events.is_event(one)]


def test_a_team_is_chosen_by_keys_and_its_figures_list_its_incidents(
    qtbot: QtBot, page: DashboardPage, desk: Desk
) -> None:
    asked: list[str] = []
    printed: list[tuple[int, str]] = []
    page.list_requested.connect(asked.append)
    page.print_requested.connect(lambda days, text: printed.append((days, text)))
    assert [page.team.itemText(row) for row in range(page.team.count())] == [
        "All teams",
        "Desk",
        "Network",
    ]
    page.team.setFocus()
    qtbot.keyClick(page.team, Qt.Key.Key_Down)
    qtbot.keyClick(page.team, Qt.Key.Key_Down)
    assert page.team.team == "Network"
    assert page.board is not None
    assert page.board.card("quality").marks[0].n == 6
    view = page.cards["flow"].view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    (event,) = (one for one in events(page) if one.label == "Outage 3")
    assert asked == [dashboard.filter_of(28, event.key, "Network")]
    assert browsing.ids_in(desk, asked[0]) == list(event.ids)
    page.print.click()
    assert printed == [(28, 'team:"Network"')]


def test_events_are_reached_by_keys_and_heard(qtbot: QtBot, page: DashboardPage) -> None:
    assert faults(page) == []
    view = page.cards["flow"].view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    for _ in range(8):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    days = []
    for _ in range(3):
        days.append(view.currentIndex().row())
        qtbot.keyClick(view, Qt.Key.Key_Down)
    half = (view.model().rowCount() - 2) // 2
    assert days == [8, 8 + half, 2 * half]  # the nearer of the two events
    assert view.currentIndex().data().startswith("20 Feb: ")  # the day of the event
    face = QAccessible.queryAccessibleInterface(view).child(days[2])
    assert face.text(QAccessible.Text.Name) == "20 Feb, Major incident: Outage 3, 1, n = 1"
    page.table_button.click()
    names = [page.table.figures.index(row, 1).data() for row in range(len(list(days)) + 70)]
    assert "25 Feb, Major incident: Outage 8" in names


def test_an_event_stands_at_its_day_and_two_of_a_day_below_each_other(page: DashboardPage) -> None:
    drawing, view = FlowDrawing(), page.cards["flow"].view
    marks = list(view.marks_model.marks)
    one = events(page)[0]
    twin = one._replace(key=f"{one.key} again", label="Another")
    places = drawing.places([*marks, twin], view.viewport().rect(), mirrored=False)
    day = dashboard_events.day_of(one)
    opened = next(row for row, mark in enumerate(marks) if mark.key == f"opened {day}")
    assert places[marks.index(one)].center().x() == places[opened].center().x()
    assert places[-1].center().x() == places[opened].center().x()
    assert places[-1].center().y() > places[marks.index(one)].center().y()


def test_the_page_fits_the_smallest_window_with_its_narrow_sidebar(page: DashboardPage) -> None:
    assert page.minimumSizeHint().width() <= page._bench.theme.px(800 - 56)
    assert page.team.width() <= page._bench.theme.px(190)
