"""An incident in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services import browsing, drafts
from app.ui.detail.composer import draft_key

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow
    from app.ui.page.incident_window import IncidentWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def own(qtbot: QtBot, window: MainWindow) -> IncidentWindow:
    qtbot.keyClick(window.queue.tree, Key.Key_Return, CTRL)
    (own,) = window.incident_commands.windows
    qtbot.waitExposed(own)
    own.activateWindow()
    return own


def press(qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_its_commands_work_on_its_own_incident(
    qtbot: QtBot, window: MainWindow, own: IncidentWindow, desk: Desk
) -> None:
    shown = own.page.incident
    assert shown is not None
    assert shown.number in own.windowTitle()
    window.queue.step(1)
    own.page.timeline.setFocus()
    press(qtbot, Key.Key_I)
    assert browsing.incident(desk, shown.id).assignee is not None
    other = window.queue.current()
    assert other is not None
    assert other != shown.id
    assert browsing.incident(desk, other).assignee is None
    assert own.toast.isVisible()


def test_it_undoes_by_key(qtbot: QtBot, own: IncidentWindow, desk: Desk) -> None:
    shown = own.page.incident
    assert shown is not None
    own.page.timeline.setFocus()
    press(qtbot, Key.Key_I)
    press(qtbot, Key.Key_Z, CTRL)
    assert browsing.incident(desk, shown.id).assignee is None


def test_a_note_sent_there_leaves_the_pane_and_its_timeline_follows(
    qtbot: QtBot, window: MainWindow, own: IncidentWindow
) -> None:
    own.page.timeline.setFocus()
    press(qtbot, Key.Key_M)
    note = own.page.composer.text
    assert QApplication.focusWidget() is note
    qtbot.keyClicks(note, "from the window")
    press(qtbot, Key.Key_Return, CTRL)
    assert "from the window" in window.detail.timeline.entries.index(0, 0).data()
    assert window.detail.composer.text.toPlainText() == ""


def test_closing_the_program_closes_it_and_keeps_its_text(
    qtbot: QtBot, window: MainWindow, own: IncidentWindow, desk: Desk
) -> None:
    shown = own.page.incident
    assert shown is not None
    own.page.composer.text.setFocus()
    qtbot.keyClicks(own.page.composer.text, "half a note")
    window.close()
    kept = drafts.find(desk, draft_key(shown.id))
    assert kept is not None
    assert kept.data["text"] == "half a note"


def test_esc_closes_it_and_the_text_is_kept(
    qtbot: QtBot, window: MainWindow, own: IncidentWindow
) -> None:
    note = own.page.composer.text
    note.setFocus()
    qtbot.keyClicks(note, "half a note")
    press(qtbot, Key.Key_Escape)
    press(qtbot, Key.Key_Escape)
    qtbot.waitUntil(lambda: window.incident_commands.windows == [])
    shown = window.detail.incident
    assert shown is not None
    window.detail.show_incident(shown.id)
    assert window.detail.composer.text.toPlainText() == "half a note"
