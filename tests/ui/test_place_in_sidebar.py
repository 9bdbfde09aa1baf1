"""The sidebar shows where one is: a view, or the way to the page in front."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.incident_record import IncidentDraft
from app.services import logging_incidents
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
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    logging_incidents.log(desk, IncidentDraft(title="printer down"))
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    return window


def chosen(window: MainWindow) -> list[str]:
    return [link.objectName() for link in window.sidebar.links if link.isChecked()]


@pytest.mark.parametrize(
    ("letter", "place"),
    [(Key.Key_H, "go.dashboard"), (Key.Key_P, "go.problems"), (Key.Key_K, "go.knowledge")],
)
def test_the_way_to_the_page_in_front_is_chosen(
    qtbot: QtBot, window: MainWindow, letter: Key, place: str
) -> None:
    tree, sidebar = window.queue.tree, window.sidebar
    tree.setFocus()
    assert window.status.selection.isVisible()
    qtbot.keyClick(tree, Key.Key_G)
    qtbot.keyClick(tree, letter)
    assert chosen(window) == [place]
    assert sidebar.delegate.elsewhere, "no view is shown as chosen beside it"
    assert not window.status.selection.isVisible(), "no row of a list that is not seen"

    link = next(link for link in sidebar.links if link.objectName() == place)
    link.click()
    assert chosen(window) == [place], "asked for again, it is still the page in front"

    sidebar.choose("queue")
    assert chosen(window) == []
    assert not sidebar.delegate.elsewhere
    assert window.status.selection.isVisible()


def test_beside_a_page_without_a_way_there_no_view_is_chosen(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    window.pages.open_other(page)
    assert (chosen(window), window.sidebar.delegate.elsewhere) == ([], True)
    window.pages.leave()
    assert (chosen(window), window.sidebar.delegate.elsewhere) == ([], False)
