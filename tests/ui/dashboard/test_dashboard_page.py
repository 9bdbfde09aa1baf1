"""The dashboard by keys and for a screen reader: open, walk, list, table, refresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QDate, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import browsing, dashboard, logging_incidents, moves, problems
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.dashboard import words
from app.ui.dashboard.dashboard_page import DashboardPage
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.report.period_dialog import PeriodDialog
from app.ui.workbench import Workbench
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

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
    """Give a desk with 24 incidents of two weeks, most of them resolved after some hours."""
    clock = PinnedClock(NOW)
    opened = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    for number in range(24):
        start = NOW - timedelta(days=20, hours=number % 5) + number * timedelta(hours=19)
        clock.set(start)
        category = ("Hardware/Printer", "Network/VPN")[number % 2]
        draft = IncidentDraft(
            title=f"Printer {number}", impact=1 + number % 3, urgency=2, category=category
        )
        uid = logging_incidents.log(opened, draft).ids["incident"][0]
        if number % 4:
            clock.set(start + timedelta(minutes=10 + number))
            moves.start(opened, [uid])
            clock.set(start + timedelta(hours=1 + number % 7))
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


def test_each_list_and_the_table_are_sound_models(page: DashboardPage) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    page.toggle_table()
    for view in page.item_views():
        model: QAbstractItemModel = view.model()
        QAbstractItemModelTester(model, mode)
        assert model.rowCount() or view is page.cards["services"].view
    page.days = 7
    page.read()


def test_a_screen_reader_hears_each_mark_with_its_value(page: DashboardPage) -> None:
    assert faults(page) == []
    board = page.board
    assert board is not None
    face = QAccessible.queryAccessibleInterface(page.tiles)
    assert face.role() == QAccessible.Role.List
    told = [face.child(row).text(QAccessible.Text.Name) for row in range(face.childCount())]
    assert told == [words.sentence(one, 28) for one in board.card("figures").marks]
    assert told[0].startswith("Open now, 6, ")
    assert told[0].endswith("n = 6")
    sla = QAccessible.queryAccessibleInterface(page.cards["sla"].view).child(1)
    assert "target 90 %" in sla.text(QAccessible.Text.Name)


def test_each_card_states_n_and_its_formula(page: DashboardPage) -> None:
    board = page.board
    assert board is not None
    for key, card in page.cards.items():
        text = card.foot.text()
        assert f"n = {board.card(key).n}" in text, key
        assert len(text) > 40, key


def test_every_mark_can_be_reached_by_keys_and_lists_what_is_behind_it(
    qtbot: QtBot, page: DashboardPage, desk: Desk
) -> None:
    asked: list[str] = []
    page.list_requested.connect(asked.append)
    for key in ("flow", "sla", "arrivals", "categories"):
        view = page.cards[key].view
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Home)
        seen = {view.currentIndex().row()}
        count = view.model().rowCount()
        steps = [Qt.Key.Key_Right] * count + [Qt.Key.Key_Down] + [Qt.Key.Key_Left] * count
        for step in steps:
            qtbot.keyClick(view, step)
            seen.add(view.currentIndex().row())
        assert view.visualRect(view.currentIndex()).isValid(), key
        assert len(seen) == count, key
    view = page.cards["categories"].view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    mark = view.marks_model.marks[0]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked == [dashboard.filter_of(28, mark.key)]
    assert set(browsing.ids_in(desk, asked[0])) == set(mark.ids)
    qtbot.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.visualRect(view.currentIndex()).center(),
    )
    assert len(asked) == 2


def test_t_shows_every_figure_as_a_table_and_the_cards_again(
    qtbot: QtBot, page: DashboardPage
) -> None:
    asked: list[str] = []
    page.list_requested.connect(asked.append)
    page.tiles.setFocus()
    qtbot.keyClick(page.tiles, Qt.Key.Key_T)
    assert page.table.isVisible()
    assert not page.area.isVisible()
    board = page.board
    assert board is not None
    assert page.table.figures.rowCount() == len(list(board.marks()))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked == [dashboard.filter_of(28, "open")]
    qtbot.keyClick(page.table, Qt.Key.Key_T)
    assert page.area.isVisible()


def test_the_period_can_be_chosen(qtbot: QtBot, page: DashboardPage) -> None:
    before = page.cards["flow"].view.model().rowCount()
    page.period.setFocus()
    qtbot.keyClick(page.period, Qt.Key.Key_Up)
    assert page.days == 7
    assert page.cards["flow"].view.model().rowCount() == 14 < before == 56


def test_a_change_is_on_the_page_a_moment_later(
    qtbot: QtBot, page: DashboardPage, desk: Desk
) -> None:
    changes = logging_incidents.log(desk, IncidentDraft(title="Phone"))
    with qtbot.waitSignal(page.shown, timeout=5_000):
        page._bench.bus.publish(changes)
    board = page.board
    assert board is not None
    assert board.card("figures").marks[0].value == 7


def test_too_little_history_stands_in_place_of_the_cards(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    opened = open_desk(Profile(tmp_path / "empty"), PinnedClock(NOW), person="Ana Ruiz")
    made = DashboardPage(Workbench(InlineJobs(opened), ChangeBus(), theme))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    assert made.empty.isVisible()
    assert made.empty.text() == "Needs 5 resolved incidents; you have 0."
    assert not made.table_button.isEnabled()


def test_charts_are_crisp_at_200_per_cent(page: DashboardPage) -> None:
    """What is painted at two pixels a point is not the one-pixel picture made larger."""
    for key in ("flow", "sla", "arrivals"):
        view = page.cards[key].view
        pictures = []
        for ratio in (1, 2):
            image = QImage(view.size() * ratio, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            image.fill(Qt.GlobalColor.white)
            painter = QPainter(image)
            view.render(painter, QPoint(0, 0))
            painter.end()
            image.setDevicePixelRatio(1)
            pictures.append(image)
        larger = pictures[0].scaled(pictures[1].size(), Qt.AspectRatioMode.IgnoreAspectRatio)
        assert larger != pictures[1], key


def test_g_h_opens_it_and_enter_comes_back_with_the_list(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.queue.total() == 6)
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_G)
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_H)
    page = window.window_commands.dashboard.page
    assert page.isVisible()
    assert not window.queue.isVisible()
    assert window.chosen() == []
    assert faults(window) == []
    assert window.focusWidget() is page.tiles
    qtbot.keyClick(page.tiles, Qt.Key.Key_Escape)
    assert window.queue.isVisible()
    window.sidebar.links[0].click()
    view = page.cards["categories"].view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    mark = view.marks_model.marks[0]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert not page.isVisible()
    assert window.queue.filter_text() == dashboard.filter_of(28, mark.key)
    qtbot.waitUntil(lambda: window.queue.total() == len(mark.ids))
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_G)
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_H)
    assert page.isVisible()
    qtbot.keyClick(page.tiles, Qt.Key.Key_G)
    qtbot.keyClick(page.tiles, Qt.Key.Key_B)
    assert window.queue.isVisible()


class HeldJobs(InlineJobs):
    """Keeps questions until they are let go, as a busy lane does."""

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.held: list[tuple[Any, ...]] = []

    def on_reader(self, fn, done=None, failed=None, key=None, *, urgent=False):  # type: ignore[no-untyped-def]
        self.held.append((fn, done, failed))

    def let_go(self) -> None:
        held, self.held = self.held, []
        for fn, done, failed in held:
            InlineJobs.on_reader(self, fn, done, failed)


def test_the_focus_waits_for_figures_that_are_still_read(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    jobs = HeldJobs(desk)
    made = DashboardPage(Workbench(jobs, ChangeBus(), theme))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    made.focus_first()
    qtbot.waitUntil(made.period.hasFocus)
    assert made.empty.text() == "Reading the figures..."
    jobs.let_go()
    assert made.focusWidget() is made.tiles


def test_the_band_opens_a_problem_and_print_asks_for_the_period(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    clock = PinnedClock(NOW)
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    for number in range(6):
        draft = IncidentDraft(title=f"tunnel drops error 651 {number}")
        uid = logging_incidents.log(desk, draft).ids["incident"][0]
        moves.start(desk, [uid])
        moves.resolve(desk, [uid], SOLVED)
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.actions_.run("go.dashboard")
    page = window.window_commands.dashboard.page
    qtbot.waitUntil(page.band.isVisible)
    qtbot.keyClick(page.print, Qt.Key.Key_Space)
    dialog = window.findChild(PeriodDialog)
    assert dialog is not None
    assert (dialog.first.date(), dialog.last.date()) == (QDate(2026, 2, 10), QDate(2026, 3, 9))
    assert dialog.preset.currentData() == "own"
    dialog.reject()
    page.band.open_button.setFocus()
    qtbot.keyClick(page.band.open_button, Qt.Key.Key_Space)
    (listed,) = problems.every(desk)
    assert listed.incidents == 6
    shown = window.window_commands.problems.page
    assert shown.isVisible()
    assert shown.current() == listed.problem.id
