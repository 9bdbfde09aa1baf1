"""The window over a real profile: log a line, note it, resolve and close it, undo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.incident import Status
from app.services import browsing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.incidents.resolve_dialog import ResolveDialog
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, qapp: object, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), Theme(qapp))  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def log(qtbot: QtBot, window: MainWindow, line: str) -> None:
    window.quick.setFocus()
    qtbot.keyClicks(window.quick, line)
    qtbot.keyClick(window.quick, Qt.Key.Key_Return)


def test_a_typed_line_becomes_an_incident_and_is_shown(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "printer down @nina !high")

    assert window.quick.text() == ""
    assert window.detail.incident is not None
    assert window.detail.incident.title == "printer down"
    assert browsing.incident(desk, "1").priority == "P2"
    assert window.views.item(0).text() == "All open  1"


def test_a_line_that_is_refused_stays_in_the_field(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "!high")
    assert window.quick.text() == "!high"
    assert browsing.counts(desk, [""]) == [0]


def test_a_note_lands_in_the_timeline(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    log(qtbot, window, "printer down")
    qtbot.keyClicks(window.detail.note, "Looked at it")
    qtbot.keyClick(window.detail.note, Qt.Key.Key_Return)
    assert browsing.incident(desk, "1").timeline[-1].text == "Looked at it"


def test_an_incident_is_resolved_and_closed_through_the_dialog(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    log(qtbot, window, "printer down @nina")
    for button in window.detail.buttons[:2]:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert browsing.incident(desk, "1").status is Status.IN_PROGRESS

    qtbot.mouseClick(window.detail.buttons[2], Qt.MouseButton.LeftButton)
    dialog = window.findChild(ResolveDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.note, "New toner")
    dialog.confirmed.click()
    qtbot.keyClick(dialog.confirmed, Qt.Key.Key_Return)

    closed = browsing.incident(desk, "1")
    assert closed.status is Status.CLOSED
    assert closed.verified_by == "nina"


def test_undo_takes_the_last_action_back(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    log(qtbot, window, "printer down")
    qtbot.mouseClick(window.detail.buttons[0], Qt.MouseButton.LeftButton)
    assert browsing.incident(desk, "1").assignee is not None
    window.tree.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert browsing.incident(desk, "1").assignee is None
