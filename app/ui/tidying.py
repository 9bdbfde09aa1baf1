"""Looks for Python's garbage beside the window: a bite a second, all of it when nobody is there.

On the GUI thread, so an object of Qt that only a cycle holds is taken down where it was made.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.system import garbage

BITE_MS = 1_000
ALL_MS = 600_000
"""How long everything is left alone after it was looked through."""


class Tidying(QObject):
    """Begins when it is made, once the start has made what stays."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._since_all = QElapsedTimer()
        self._since_all.start()
        garbage.begin_in_bites()
        timer = QTimer(self)
        timer.timeout.connect(garbage.collect_bite)
        timer.start(BITE_MS)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state_changed)

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        """Look through everything when the person turns to another program."""
        if state != Qt.ApplicationState.ApplicationActive and self._since_all.hasExpired(ALL_MS):
            garbage.collect_all()
            self._since_all.restart()
