"""A dialog that a window opened is gone when it is closed, whichever way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services import browsing, drafts
from app.ui.new_incident.new_incident_dialog import NewIncidentDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.workbench import Workbench

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def opened_by(window: QWidget, qtbot: QtBot, bench: Workbench) -> NewIncidentDialog:
    dialog = NewIncidentDialog(bench, parent=window)
    dialog.open()
    qtbot.waitUntil(dialog.form.title.hasFocus)
    return dialog


def test_escape_ends_it(qtbot: QtBot, window: QWidget, bench: Workbench, desk: Desk) -> None:
    dialog = opened_by(window, qtbot, bench)
    qtbot.keyClicks(dialog.form.title, "No light")
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert [draft.data["title"] for draft in drafts.all(desk)] == ["No light"]


def test_creating_ends_it(qtbot: QtBot, window: QWidget, bench: Workbench, desk: Desk) -> None:
    dialog = opened_by(window, qtbot, bench)
    qtbot.keyClicks(dialog.form.title, "No light")
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert browsing.counts(desk, [""]) == [1]
