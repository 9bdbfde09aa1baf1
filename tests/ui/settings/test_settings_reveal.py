"""Settings that are opened at one line show it, also when they are opened for the first time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize("key", ["listener.on", "incoming.server", "reports.folder"])
def test_the_line_that_the_status_bar_leads_to_is_seen(
    qtbot: QtBot, theme: Theme, tmp_path: Path, key: str
) -> None:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    window.window_commands.open_settings(key)
    settings = window.window_commands._settings
    assert settings is not None
    line = settings.line(key)
    qtbot.waitUntil(lambda: not line.visibleRegion().isEmpty())
