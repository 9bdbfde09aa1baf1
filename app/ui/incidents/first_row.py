"""Let the first row of a view stand chosen, so that the detail is never empty beside a list.

The row counts as looked at only when a person goes to it: an unread incident stays unread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.incidents.queue_panel import QueuePanel


class FirstRow(QObject):
    """Chooses the first row of every view that is shown, once `start` was called."""

    def __init__(self, queue: QueuePanel) -> None:
        super().__init__(queue)
        self._queue = queue
        self._started, self._fresh = False, True
        self.choosing = False
        """The current incident is being chosen by the program, not by a person."""
        queue.model.changed.connect(self._choose)

    def start(self) -> None:
        """Choose from now on; before, the first list is painted without its detail."""
        self._started = True
        self._choose()

    def expect(self) -> None:
        """Another view was asked for: choose its first row when it arrives."""
        self._fresh = True

    def _choose(self) -> None:
        queue = self._queue
        if not self._started or not self._fresh or queue.model.loading:
            return
        self._fresh = False
        if queue.current() is None and queue.model.total and queue.wanted is None:
            self.choosing = True
            queue.step(+1)
            self.choosing = False
