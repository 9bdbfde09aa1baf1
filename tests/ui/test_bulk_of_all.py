"""What is done to all in view is done to all of it, the rows that are not loaded too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.incident_record import IncidentDraft
from app.services import browsing, logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.incidents.queue_pages import PAGE
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
MANY = 3 * PAGE + 5


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    drafts = [IncidentDraft(title=f"printer {n}") for n in range(MANY)]
    with desk.store.database.atomic():
        for draft in drafts:
            logging_incidents.log(desk, draft)
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.queue.total() == MANY)
    return window


def test_all_in_view_are_taken(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    tree = window.queue.tree
    tree.setFocus()
    qtbot.keyClick(tree, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(window.queue.selected_rows()) < MANY
    assert window.status.selection.text() == f"{MANY:,} of {MANY:,} selected"
    qtbot.keyClick(tree, Key.Key_I)
    assert browsing.counts(desk, ["assignee:me"]) == [MANY]


def test_commands_know_of_rows_that_are_not_loaded(qtbot: QtBot, window: MainWindow) -> None:
    model = window.queue.model
    assert model.row(model.index(MANY - 1, 0, model.index(0, 0))) is None, "its page is not here"
    qtbot.keyClick(window.queue.tree, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert {one.number for one in window.chosen()} == {f"INC-{n + 1:06}" for n in range(MANY)}
    assert not window.actions_["incident.resolve"].reason
    assert window.actions_["incident.reopen"].reason
