"""What tests of major incidents and follow-ups share: a desk with incidents, and its window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

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


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, [f"tunnel drops error 651 {n} @Nina" for n in range(4)])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.queue.total() == 4)
    window.queue.tree.setFocus()
    qtbot.wait(20)
    window.queue.step(1)
    return window
