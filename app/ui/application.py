"""Starts Qt, the two job lanes and the window; the only place that makes a QApplication."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from app.ui import event_lines
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk

PICTURE_SIZE = (1440, 900)
ROOM_SHARE = 0.95
"""The part of the screen that a new window takes at most."""


def run(open_desk: Callable[[], Desk]) -> int:
    """Open the window and return the program's exit code."""
    application = _application()
    jobs = JobRunner(open_desk)
    theme = Theme(application)
    theme.apply()
    window = MainWindow(jobs, ChangeBus(), theme)
    room = window.screen().availableGeometry().size() * ROOM_SHARE
    window.resize(room.boundedTo(QSize(*PICTURE_SIZE)).expandedTo(window.minimumSize()))
    if event_lines.asked_for():
        event_lines.EventLines(window)
    window.show()
    code = application.exec()
    jobs.shutdown()
    return code


def picture(open_desk: Callable[[], Desk], path: Path) -> bool:
    """Save a picture of the window as it opens; tell whether that worked."""
    application = _application()
    desk = open_desk()
    theme = Theme(application)
    theme.apply()
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    window.resize(*PICTURE_SIZE)
    window.show()
    # Pages of the list come one turn of the event loop after their groups.
    waiting = QEventLoop()
    QTimer.singleShot(300, waiting.quit)
    waiting.exec()
    saved = window.grab().save(str(path))
    window.close()
    desk.close()
    return saved


def _application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Incident Desk")
    return application
