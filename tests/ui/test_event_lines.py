"""The facts that a test of the real window waits for are printed when they are true."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.event_lines import EventLines
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def test_a_dialog_is_opened_once_it_takes_keys(
    qtbot: QtBot, tmp_path: Path, theme: Theme, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    lines = EventLines(window)
    window.show()
    qtbot.waitExposed(window)
    dialog = QDialog(window)
    capsys.readouterr()

    def said() -> list[str]:
        return [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]

    dialog.setModal(True)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert said().count("dialog_opened") == 1
    QCoreApplication.sendEvent(dialog, QEvent(QEvent.Type.WindowActivate))
    assert "dialog_opened" not in said()
    dialog.close()
    del lines


def test_the_first_painted_list_is_told_once(
    qtbot: QtBot, tmp_path: Path, theme: Theme, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer down"])
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    lines = EventLines(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: window.after_paint.is_done)
    window.repaint()
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one for one in told if one["event"] == "list_painted"] == [
        {"event": "list_painted", "total": 1}
    ]
    del lines
