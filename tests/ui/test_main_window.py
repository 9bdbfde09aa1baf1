"""The window over a real profile: log a line, work on it, resolve and close it, undo."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

import app
from app.domain.incident import Status
from app.services import browsing
from app.services.desk import Desk, open_desk
from app.system.assets import asset_path
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sharing.help_dialog import NEWS_PAGE, ReleaseNotes
from app.ui.views_list import COUNT_ROLE, VIEW_ROLE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def log(qtbot: QtBot, window: MainWindow, line: str) -> None:
    window.quick.setFocus()
    qtbot.keyClicks(window.quick, line)
    window.quick.popup.hide()
    qtbot.keyClick(window.quick, Key.Key_Return)
    qtbot.wait(20)


def test_a_typed_line_becomes_an_incident_and_is_shown(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "printer down @nina !high")

    assert window.quick.text() == ""
    assert window.detail.incident is not None
    assert window.detail.incident.title == "printer down"
    assert browsing.incident(desk, "1").priority == "P2"
    assert window.queue.total() == 1
    assert window.toast.isVisible()


def test_the_sidebar_counts_follow(qtbot: QtBot, window: MainWindow) -> None:
    log(qtbot, window, "printer down")

    def counts() -> dict[str, int]:
        model = window.sidebar.model
        places = [model.index(row) for row in range(model.rowCount())]
        views = [(place.data(VIEW_ROLE), place.data(COUNT_ROLE)) for place in places]
        return {view.key: count for view, count in views if view is not None}

    qtbot.waitUntil(lambda: counts()["unassigned"] == 1)
    assert counts()["assigned"] == 0


def test_a_line_that_is_refused_stays_in_the_field(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "!high")
    assert window.quick.text() == "!high"
    assert browsing.counts(desk, [""]) == [0]


def test_letters_in_the_list_are_commands(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    log(qtbot, window, "printer down")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_I)
    made = browsing.incident(desk, "1")
    assert made.assignee is not None
    assert made.assignee.name == "Ana Ruiz"
    assert window.detail.incident is not None
    assert window.detail.incident.status is Status.ASSIGNED


def test_letters_in_a_text_field_are_text(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    log(qtbot, window, "printer down")
    window.filter.setFocus()
    window.filter.clear()
    qtbot.keyClicks(window.filter, "i")
    assert window.filter.text() == "i"
    assert browsing.incident(desk, "1").assignee is None


def test_g_and_a_letter_go_to_a_view(qtbot: QtBot, window: MainWindow) -> None:
    log(qtbot, window, "printer down")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_G)
    qtbot.keyClick(window.queue.tree, Key.Key_U)
    view = window.sidebar.current()
    assert view is not None
    assert view.key == "unassigned"
    assert window.filter.text() == view.filter


def test_a_slash_goes_to_the_filter(qtbot: QtBot, window: MainWindow) -> None:
    log(qtbot, window, "printer down")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_Slash)
    assert QApplication.focusWidget() is window.filter


def test_m_goes_to_the_composer(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    log(qtbot, window, "printer down")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_M)
    composer = window.detail.composer.text
    assert QApplication.focusWidget() is composer
    qtbot.keyClicks(composer, "Looked at it")
    qtbot.keyClick(composer, Key.Key_Return, CTRL)
    assert browsing.incident(desk, "1").timeline[-1].text == "Looked at it"


def test_undo_takes_the_last_action_back_and_redo_does_it_again(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "printer down")
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_I)
    qtbot.keyClick(window, Key.Key_Z, CTRL)
    assert browsing.incident(desk, "1").assignee is None
    qtbot.keyClick(window, Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert browsing.incident(desk, "1").assignee is not None


@pytest.mark.parametrize(
    ("width", "detail", "narrow"), [(1440, 440, False), (1200, 380, False), (1000, 380, True)]
)
def test_the_panes_follow_the_width(
    qtbot: QtBot, window: MainWindow, width: int, detail: int, narrow: bool
) -> None:
    window.resize(width, 700)
    qtbot.wait(20)
    assert abs(window.detail.width() - detail) <= 2
    assert window.sidebar.delegate.narrow is narrow


def test_a_small_window_shows_the_list_or_the_incident(qtbot: QtBot, window: MainWindow) -> None:
    log(qtbot, window, "printer down")
    window.resize(800, 520)
    qtbot.wait(20)
    assert (window.width(), window.height()) == (800, 520)
    assert not window.detail.isVisible()
    window.queue.tree.setFocus()
    window.queue.step(1)
    qtbot.keyClick(window.queue.tree, Key.Key_Return)
    assert window.pages.page.isVisible()
    assert not window.queue.isVisible()
    qtbot.keyClick(window, Key.Key_Escape)
    assert window.queue.isVisible()
    assert not window.detail.isVisible()


def test_every_command_has_a_menu_and_no_two_share_a_key(window: MainWindow) -> None:
    for command in window.actions_:
        assert command.action in window.menus.by_name[command.menu].actions()
        assert not window.actions_.clash(command.id, command.keys), command.id


def test_an_empty_view_leads_to_one_with_work(qtbot: QtBot, window: MainWindow) -> None:
    log(qtbot, window, "printer down")
    qtbot.wait(120)
    window.sidebar.choose("pending")
    qtbot.wait(20)
    assert window.queue.body.currentWidget() is window.queue.state
    window.queue.next_view_requested.emit()
    view = window.sidebar.current()
    assert view is not None
    assert view.key != "pending"
    assert window.queue.total() == 1


def test_a_mac_moves_only_what_it_is_told_to(window: MainWindow) -> None:
    role = QAction.MenuRole
    assert window.menus.by_name  # the menus give the roles
    moved = {
        command.id: command.action.menuRole()
        for command in window.actions_
        if command.action.menuRole() != role.NoRole
    }
    moved.pop("help.about", None)
    assert moved == {"app.settings": role.PreferencesRole, "file.quit": role.QuitRole}


def test_what_is_new_tells_of_this_version(window: MainWindow) -> None:
    assert window.actions_.run("help.news")
    dialog = window.findChild(ReleaseNotes)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.windowTitle() == "What is new"
    headings = re.findall(r"(?m)^## (.+)$", asset_path(*NEWS_PAGE).read_text("utf-8"))
    assert headings[0] == app.__version__, "a release is told of before it goes out"
    assert "Log an incident in one line" in dialog.page.toPlainText()
    dialog.close()
