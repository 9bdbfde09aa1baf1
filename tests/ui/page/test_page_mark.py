"""The sidebar marks what is in front: a view, or the page that stands in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> MainWindow:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    return window


def marked(window: MainWindow) -> list[str]:
    return [link.objectName() for link in window.sidebar.links if link.isChecked()]


def click(qtbot: QtBot, window: MainWindow, command_id: str) -> None:
    (link,) = (one for one in window.sidebar.links if one.objectName() == command_id)
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


def test_a_page_in_front_is_marked_in_place_of_the_view(qtbot: QtBot, window: MainWindow) -> None:
    assert (marked(window), window.sidebar.delegate.elsewhere) == ([], False)
    for page in ("go.problems", "go.knowledge", "go.dashboard"):
        click(qtbot, window, page)
        assert (marked(window), window.sidebar.delegate.elsewhere) == ([page], True)
    click(qtbot, window, "go.dashboard")
    assert marked(window) == ["go.dashboard"], "a second click leaves the mark"


def test_the_view_is_marked_again_when_the_page_is_left(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window, "go.problems")
    window.pages.leave()
    assert (marked(window), window.sidebar.delegate.elsewhere) == ([], False)


def test_a_page_without_a_way_in_the_sidebar_marks_no_view(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    window.pages.open_other(page)
    assert (marked(window), window.sidebar.delegate.elsewhere) == ([], True)
    window.pages.leave()
    assert (marked(window), window.sidebar.delegate.elsewhere) == ([], False)
