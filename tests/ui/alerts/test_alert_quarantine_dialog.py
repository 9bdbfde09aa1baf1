"""Held alerts in the window: read as text, tried again as a format, discarded, put back by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import alert_intake, alert_quarantine
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.alerts.alert_quarantine_dialog import AlertQuarantineDialog
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

BODY = b'{"title": "Disk is full", "host": "srv1", "severity": "critical"}'
Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    alert_intake.quarantine(desk, BODY, "10.0.0.7", "Nobody knew it.")
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> AlertQuarantineDialog:
    window.actions_["tools.held_alerts"].action.trigger()
    dialog = window.findChild(AlertQuarantineDialog)
    assert isinstance(dialog, AlertQuarantineDialog)
    qtbot.waitUntil(lambda: dialog.preview.toPlainText() != "")
    return dialog


def test_the_reason_the_origin_and_the_payload_are_shown(dialog: AlertQuarantineDialog) -> None:
    assert dialog.reason.text() == "Nobody knew it."
    cells = [dialog.table.index(0, column).data() for column in range(3)]
    assert cells[1:] == ["10.0.0.7", "Nobody knew it."]
    assert dialog.preview.toPlainText() == BODY.decode()


def test_tried_again_as_a_format_it_shows_in_the_queue(
    qtbot: QtBot, window: MainWindow, dialog: AlertQuarantineDialog
) -> None:
    dialog.format.setCurrentText("alertmanager")
    qtbot.keyClick(dialog.again, Key.Key_Space)
    assert len(dialog.items) == 1
    assert dialog.reason.text() != "Nobody knew it."
    dialog.format.setCurrentText("generic")
    qtbot.keyClick(dialog.again, Key.Key_Space)
    assert dialog.items == []
    assert dialog.reason.text() == "No alert is held on this computer."
    assert not dialog.again.isEnabled()
    qtbot.waitUntil(lambda: window.queue.total() == 1)


def test_what_is_held_stands_in_the_status_bar_and_opens_by_a_click(
    qtbot: QtBot, window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.held_count.EVERY_MS", 20)
    alert_intake.quarantine(desk, b"{", "10.0.0.8", "It is no JSON.")
    window.window_commands.alerts.start()
    held = window.window_commands.alerts.held
    assert held is not None
    qtbot.waitUntil(lambda: held.text() == "2 alerts held")
    assert held.isVisible()
    qtbot.mouseClick(held, Qt.MouseButton.LeftButton)
    dialog = window.findChild(AlertQuarantineDialog)
    assert isinstance(dialog, AlertQuarantineDialog)
    qtbot.keyClick(dialog.discard, Key.Key_Space)
    assert held.text() == "1 alert held"
    alert_quarantine.discard(desk, alert_quarantine.payloads(desk)[0].id)  # another process
    qtbot.waitUntil(held.isHidden)


def test_a_discarded_payload_is_put_back(
    qtbot: QtBot, dialog: AlertQuarantineDialog, desk: Desk
) -> None:
    assert not dialog.back.isEnabled()
    qtbot.keyClick(dialog.discard, Key.Key_Space)
    assert dialog.items == []
    qtbot.keyClick(dialog.back, Key.Key_Space)
    assert len(dialog.items) == 1
    assert not dialog.back.isEnabled()
    assert alert_quarantine.shown(desk, dialog.items[0].id) == BODY.decode()
