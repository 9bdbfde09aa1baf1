"""Notice what others wrote to the same database: the command line, another process, the sync.

Asks the reader lane every two seconds how far the journal is, and publishes what this window did
not write itself on the change bus, so that foreign and own changes refresh screens by one path.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain.changes import together
from app.services import browsing

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.browsing import Since
    from app.ui.workbench import Workbench

EVERY_MS = 2_000
_KNOWN = 512


class JournalWatch(QObject):
    """Publishes foreign changes while the window is open."""

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._mark: dict[bytes, int] = {}
        self._known: deque[bytes] = deque(maxlen=_KNOWN)
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        workbench.bus.published.connect(self._on_published)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask once, unless an answer is still on its way."""
        if self._asking:
            return
        self._asking = True
        mark, known = self._mark, frozenset(self._known)
        self._bench.read(
            lambda desk: browsing.changes_since(desk, mark, known),
            self._on_read,
            self._on_failed,
            key="journal-watch",
        )

    def _on_read(self, since: Since) -> None:
        self._asking = False
        self._mark = since.mark
        # A write of this window may have been answered while the question was on its way.
        fresh = [changes for changes in since.changes if changes.action not in self._known]
        if fresh:
            # One by one, a thousand alerts would hold the window up for 140 ms.
            self._bench.bus.publish(together(fresh))

    def _on_failed(self, _error: Exception) -> None:
        self._asking = False  # the next read of a screen says what is wrong with the database

    def _on_published(self, changes: ChangeSet) -> None:
        if changes.action is not None:
            self._known.append(changes.action)
