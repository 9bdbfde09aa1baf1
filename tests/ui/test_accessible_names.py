"""Every place that takes the focus has a name and a role, in the window and in every dialog."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.palette.delegate import ROW_ROLE
from app.ui.palette.palette import Palette
from tests.ui.accessible_walk import chain, faults

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

DIALOGS = (
    "file.new",
    "file.import",
    "view.columns",
    "view.save",
    "help.keys",
    "tools.period_report",
    "tools.held_alerts",
    "tools.held_mails",
    "tools.teach_alerts",
    "incident.resolve",
    "incident.report",
    "incident.assign",
    "incident.team",
    "incident.priority",
    "incident.status",
    "incident.category",
    "incident.tag",
    "incident.escalate",
    "incident.pending",
    "incident.link",
    "incident.merge",
    "incident.cancel",
    "incident.verify",
    "incident.tell",
    "incident.satisfaction",
    "incident.open",
)


def opened(window: MainWindow) -> list[QWidget]:
    """Return the windows that stand over or beside the main window."""
    return [
        each
        for each in QApplication.topLevelWidgets()
        if each is not window and each.isVisible() and each.windowType() != Qt.WindowType.ToolTip
    ]


@pytest.fixture
def working(qtbot: QtBot, theme: Theme, tmp_path: Path) -> MainWindow:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer down !2", "phone dead !3"])
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.queue.total() == 2)
    window.queue.tree.setFocus()
    window.queue.step(+1)
    qtbot.waitUntil(lambda: window.detail.incident is not None)
    return window


def test_every_stop_of_the_window_has_a_name(working: MainWindow) -> None:
    assert faults(working) == []


def test_every_stop_of_the_bulk_bar_has_a_name(qtbot: QtBot, working: MainWindow) -> None:
    qtbot.keyClick(working.queue.tree, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert working.queue.head.currentIndex() == 1
    assert faults(working) == []


@pytest.mark.parametrize("command", DIALOGS)
def test_every_stop_of_a_dialog_has_a_name_and_the_focus_comes_back(
    qtbot: QtBot, working: MainWindow, command: str
) -> None:
    before = QApplication.focusWidget()
    assert before is working.queue.tree
    assert working.actions_.run(command), working.actions_[command].reason
    qtbot.waitUntil(lambda: bool(opened(working)))
    shown = opened(working)
    for each in shown:
        assert faults(each) == [], command
        assert chain(each), command
        each.close()
    working.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is before)


def test_tab_goes_in_reading_order_and_comes_around(qtbot: QtBot, working: MainWindow) -> None:
    panes = {
        "sidebar": working.sidebar,
        "header": working.queue.head,
        "quick log": working.quick_log,
        "list": working.queue.body,
        "detail": working.detail,
        "status bar": working.statusBar(),
    }
    first = working.sidebar.menu
    first.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[str] = []
    stops: list[QWidget] = []
    for _ in range(120):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is first and stops:
            break
        stops.append(focused)
        for name, pane in panes.items():
            inside = pane is focused or pane.isAncestorOf(focused)
            if inside and seen[-1:] != [name]:
                seen.append(name)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is first, "Tab is caught somewhere"
    assert seen == list(panes)
    assert stops.count(working.sidebar.list) == 1
    assert stops.count(working.queue.tree) == 1


def test_shift_tab_goes_the_same_way_back(qtbot: QtBot, working: MainWindow) -> None:
    working.queue.tree.setFocus()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key)
    assert QApplication.focusWidget() is working.queue.tree


def test_every_stop_of_the_palette_has_a_name_and_the_focus_comes_back(
    qtbot: QtBot, working: MainWindow
) -> None:
    working.window_commands.open_palette()
    palette = working.findChild(Palette)
    assert palette is not None
    assert faults(palette) == []
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is working.queue.tree


def test_every_command_can_be_reached_without_a_mouse(qtbot: QtBot, working: MainWindow) -> None:
    working.window_commands.open_palette()
    palette = working.findChild(Palette)
    assert palette is not None
    unreached = []
    for command in working.actions_:
        palette.line.setText(f">{command.title}")
        rows = [palette.list.item(n).data(ROW_ROLE) for n in range(palette.list.count())]
        view = f"view:{command.id.removeprefix('go.')}"
        listed = any(row is not None and row.key in {command.id, view} for row in rows)
        if not listed and not command.keys:
            unreached.append(command.id)
    palette.close()
    assert unreached == []
    assert len(list(working.actions_)) > len(DIALOGS)
