"""The first row of a view stands chosen beside its detail, and is read only by a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import incidents, quick_logging
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
def window(qtbot: QtBot, tmp_path: Path, theme: Theme) -> MainWindow:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    made = quick_logging.log_lines(desk, ["printer jams !low", "core switch down !critical"])
    incidents.mark_read(desk, made.ids["incident"], unread=True)
    shown = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(shown)
    shown.resize(1400, 900)
    shown.show()
    qtbot.waitExposed(shown)
    qtbot.waitUntil(lambda: bool(shown.chosen()))
    return shown


def test_the_first_row_stands_chosen_at_the_start(window: MainWindow) -> None:
    assert [each.title for each in window.chosen()] == ["core switch down"]
    assert window.status.selection.text() == "1 of 2 selected"
    assert window.quick.hasFocus() or not window.isActiveWindow()


def test_an_incident_is_read_only_when_a_person_goes_to_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    assert all(row.unread for row in window.queue.selected_rows())
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: not any(row.unread for row in window.queue.selected_rows()))
    assert [each.title for each in window.chosen()] == ["printer jams"]


def test_the_keys_are_shown_where_they_are_met(window: MainWindow) -> None:
    caps = [window.sidebar._keys.itemAt(n).widget() for n in (1, 2)]
    assert [cap.text() for cap in caps] == ["Ctrl", "K"]  # type: ignore[attr-defined]
    assert window.status.keys.text() == "All shortcuts"
    assert window.status.key.text() == "?"
    window.actions_.set_keys("help.keys", ["F1"])
    assert window.status.key.text() == "F1"
