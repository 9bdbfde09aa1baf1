"""Says to the team which incident is in front here, and whether a reply to it is being written.

Looks every two seconds, which is sooner than the next exchange: nobody waits for a hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.sharing.sync_keeper import SyncKeeper

EVERY_MS = 2_000


class PresenceSayer(QObject):
    """One for a window; a window that is minimised views nothing."""

    def __init__(self, window: MainWindow, keeper: SyncKeeper) -> None:
        super().__init__(window)
        self._window, self._keeper = window, keeper
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Say what is in front now."""
        window = self._window
        shown = None
        if window.has_made("pages") and not window.isMinimized():
            shown = window.pages.shown
        if shown is None:
            self._keeper.say_doing(b"")
        else:
            writing = window.pages.front.composer.is_replying()
            self._keeper.say_doing(shown.id, writing=writing)
