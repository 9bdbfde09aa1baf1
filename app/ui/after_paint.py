"""Make what a window can be painted without once its first list is painted, one piece a turn.

Keys, clicks and paints come between the pieces. What a shortcut needs is made before the first key
is looked up, however early that is pressed, so no key is lost. GUI thread only.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

BEGINS_AFTER_MS = 40
"""What was painted reaches the screen first, and what was pressed meanwhile is answered first."""
AT_LATEST_MS = 1_000
"""A list that is slow or cannot be read keeps the rest of the window waiting no longer."""


class AfterPaint(QObject):
    """Runs steps in their order, each once."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._for_keys: deque[Callable[[], object]] = deque()
        self._steps: deque[Callable[[], object]] = deque()
        self._begun = False
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._on_timeout)
        self._next.start(AT_LATEST_MS)
        window.installEventFilter(self)

    @property
    def is_done(self) -> bool:
        """Tell whether every step has run."""
        return not self._for_keys and not self._steps

    def add(self, step: Callable[[], object], *, before_keys: bool = False) -> None:
        """Plan a step; one `before_keys` comes before all others, and before the first key."""
        (self._for_keys if before_keys else self._steps).append(step)
        if not self._next.isActive():
            self._next.start(0)

    def begin(self) -> None:
        """Run the steps from now on; called when the first list is painted."""
        if not self._begun:
            self._begun = True
            self._next.start(BEGINS_AFTER_MS)

    def stop(self) -> None:
        """Leave what is not made yet: the window closes."""
        self._next.stop()
        self._for_keys.clear()
        self._steps.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make what a key may need before the window looks for its shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._make_for_keys()
        return super().eventFilter(watched, event)

    def _make_for_keys(self) -> None:
        while self._for_keys:
            self._for_keys.popleft()()
        self._window.removeEventFilter(self)

    def _on_timeout(self) -> None:
        self._begun = True
        if not self.is_done:
            self._next.start(0)  # first, so that a step that fails does not hold up the rest
        if self._for_keys or not self._steps:
            self._make_for_keys()
        else:
            self._steps.popleft()()
