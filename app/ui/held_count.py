"""How much is held and waits for a person, in the status bar: one click opens it.

What is held is no fact of the journal, and other processes hold things too, so it is counted anew
now and then. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from app.services.desk import Desk
    from app.ui.workbench import Workbench

EVERY_MS = 20_000


class HeldCount(QPushButton):
    """Hidden while nothing is held.

    Args:
        bench: where it is counted.
        window: in whose status bar it stands.
        count: the service that counts.
        words: says the count, such as "2 mails held".
        icon: of what is held.
    """

    def __init__(
        self,
        bench: Workbench,
        window: QMainWindow,
        count: Callable[[Desk], int],
        words: Callable[[int], str],
        icon: str,
    ) -> None:
        super().__init__(window)
        self._bench, self._count, self._words, self._icon = bench, count, words, icon
        self.setProperty("kind", "plain")
        self.hide()
        window.statusBar().addWidget(self)
        self._again = QTimer(self)
        self._again.setInterval(EVERY_MS)
        self._again.timeout.connect(self.look)

    def start(self) -> None:
        """Count now, and again from time to time."""
        self._again.start()
        self.look()

    def look(self) -> None:
        """Count now."""
        self._bench.read(self._count, self._on_counted, self._on_failed, key=("held", id(self)))

    def _on_counted(self, count: int) -> None:
        text = self._words(count)
        self.setVisible(count > 0)
        self.setText(text)
        self.setAccessibleName(text)
        icons.bind(self, self._icon, "warn", 14)

    def _on_failed(self, _error: Exception) -> None:
        """Leave it: the list that cannot be read says why."""
