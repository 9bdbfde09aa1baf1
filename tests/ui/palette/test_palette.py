"""The palette and the list of keys over the real window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.services import browsing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.palette.keys_dialog import KeysDialog
from app.ui.palette.palette import Palette
from app.ui.settings import shown
from app.ui.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["vpn drops", "printer jams"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 2)
    return window


@pytest.fixture
def palette(window: MainWindow) -> Palette:
    window.actions_.run("app.palette")
    found = window.findChild(Palette)
    assert found is not None
    return found


def texts(palette: Palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_a_command_is_found_by_initials_and_run(
    qtbot: QtBot, palette: Palette, window: MainWindow, desk: Desk
) -> None:
    window.queue.step(1)
    qtbot.keyClicks(palette.line, "atm")
    assert texts(palette)[0].startswith("Assign to me")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert not palette.isVisible()
    assert any(browsing.incident(desk, number).assignee is not None for number in ("1", "2"))


def test_each_command_shows_its_key(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.line, ">quick log")
    assert texts(palette)[0].split("    ")[1] == "Ctrl+L"


def test_an_incident_is_opened(qtbot: QtBot, palette: Palette, window: MainWindow) -> None:
    qtbot.keyClicks(palette.line, "#vpn")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.detail.incident is not None
    assert window.detail.incident.title == "vpn drops"


def test_what_cannot_run_is_listed_with_its_reason(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.line, ">reopen")
    assert "Choose an incident first" in texts(palette)[0]
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert palette.isVisible()


def test_every_command_of_the_menus_is_in_the_palette(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    for command in window.actions_:
        palette.line.setText(">" + command.title)
        found = [
            palette.list.item(row).data(Qt.ItemDataRole.UserRole)
            for row in range(palette.list.count())
        ]
        assert command.id in found, command.id


def test_every_setting_is_found_behind_its_prefix_and_run_to(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    for setting in shown.visible_settings():
        palette.line.setText(":" + setting.label)
        assert any(text.startswith(setting.label) for text in texts(palette)), setting.key
    palette.line.clear()
    qtbot.keyClicks(palette.line, ":row height")
    qtbot.keyClick(palette.line, Key.Key_Return)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.line("appearance.density").editor.field


def test_people_and_categories_lead_to_their_incidents(
    qtbot: QtBot, palette: Palette, window: MainWindow
) -> None:
    qtbot.keyClicks(palette.line, "@ana")
    assert texts(palette) == ["Ana Ruiz"]
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.queue.filter.text() == 'assignee:"Ana Ruiz" is:open'
    palette.open_at_top()
    qtbot.keyClicks(palette.line, "#hardware")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.queue.filter.text().startswith('category:"hardware')


def test_all_keys_can_be_searched_and_copied(qtbot: QtBot, window: MainWindow) -> None:
    dialog = KeysDialog(window.actions_, window)
    dialog.show()
    qtbot.keyClicks(dialog.line, "assign to me")
    assert dialog.table.rowCount() == 1
    assert dialog.table.item(0, 1).text() == "I"
    dialog.copy.click()
    assert "I\tAssign to me" in QGuiApplication.clipboard().text()
    dialog.close()
