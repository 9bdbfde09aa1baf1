"""Three hints, each once, taken away by Esc, shown again when the setting is reset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.services import quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def opened(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert not window.hints.bar.isVisible()
    return window


def log(qtbot: QtBot, window: MainWindow, line: str) -> None:
    window.quick.setFocus()
    qtbot.keyClicks(window.quick, line)
    qtbot.keyClick(window.quick, Key.Key_Return)


def test_the_first_line_tells_what_the_field_takes_once(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    window = opened(qtbot, theme, desk)
    log(qtbot, window, "printer down")
    bar = window.hints.bar
    assert bar.isVisible()
    assert "@nina says who called" in bar.text.text()
    qtbot.keyClick(window.quick, Key.Key_Escape)
    assert not bar.isVisible()
    assert QApplication.focusWidget() is window.quick, "Esc took the hint away and no more"
    log(qtbot, window, "mail down")
    assert not bar.isVisible()
    again = opened(qtbot, theme, desk)
    log(qtbot, again, "net down")
    assert not again.hints.bar.isVisible()


def test_the_list_tells_of_its_letters(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    quick_logging.log_lines(desk, ["printer down"])
    window = opened(qtbot, theme, desk)
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    window.queue.tree.setFocus()
    assert "A assigns, R resolves" in window.hints.bar.text.text()
    window.hints.bar.close_.setFocus()
    qtbot.keyClick(window.hints.bar.close_, Key.Key_Space)
    assert not window.hints.bar.isVisible()


def test_who_has_no_letters_is_not_told_of_them(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    quick_logging.log_lines(desk, ["printer down"])
    window = opened(qtbot, theme, desk)
    window.settings.choose("keys.single_letters", False)
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    window.queue.tree.setFocus()
    assert not window.hints.bar.isVisible()


def test_the_menu_tells_of_the_palette_and_a_reset_shows_it_again(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    window = opened(qtbot, theme, desk)
    for _ in range(2):
        qtbot.keyClick(window.sidebar.menu, Key.Key_Space)
        for menu in window.findChildren(QMenu):
            menu.close()
        assert window.hints.bar.text.text().startswith("Ctrl+K finds every command")
        assert window.hints.bar.isVisible()
        window.hints.bar.hide()
        window.settings.reset("hints.seen")
