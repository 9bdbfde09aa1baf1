"""A button in the status bar for a thread that works beside the window: shown while it has news.

The thread never touches a widget: what it tells arrives here by a signal of an object that lives on
the GUI thread. What it wrote is noticed by the journal watch, as any other foreign change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from app.ui import icons

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.domain.changes import ChangeSet
    from app.system.waking_thread import WakingThread
    from app.ui.workbench import Workbench


class BackgroundStatus(QObject):
    """Keeps the thread of one window's profile; a subclass words what it tells."""

    changed = Signal(object)
    """How the last round went, as the thread told it."""
    settings_requested = Signal()
    _told = Signal(object)
    wakes = frozenset({"setting"})
    """Kinds of changes after which the thread looks at once."""

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._thread: WakingThread | None = None
        self.status = QPushButton(window)
        self.status.setProperty("kind", "plain")
        self.status.hide()
        self.status.clicked.connect(self.settings_requested)
        window.statusBar().addWidget(self.status)
        self._told.connect(self.on_told)
        bench.bus.published.connect(self._on_published)

    def on_told(self, done: Any) -> None:
        """Show how a round went."""
        raise NotImplementedError

    def keep(self, thread: WakingThread) -> None:
        """Start the thread, and keep it until `stop`."""
        self._thread = thread
        thread.start()

    def stop(self) -> None:
        """End the thread, which gives its lease up; what it is reading comes again."""
        if self._thread is not None:
            self._thread.stop()

    def show_status(self, text: str, tip: str, icon: str, tone: str) -> None:
        """Show words with an icon and what stands behind them; "" hides the button."""
        self.status.setVisible(bool(text))
        self.status.setText(text)
        self.status.setAccessibleName(text)
        self.status.setToolTip(tip)
        icons.bind(self.status, icon, tone, 14)

    def _on_published(self, changes: ChangeSet) -> None:
        if self._thread is not None and changes.kinds & self.wakes:
            self._thread.wake()
