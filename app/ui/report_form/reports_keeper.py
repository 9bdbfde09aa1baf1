"""Keeps the thread that reads users' report files for a window, and says what became of them.

The thread never touches a widget: what it tells arrives here by a signal of an object that lives on
the GUI thread. What it wrote is noticed by the journal watch, as any other foreign change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from app.services import report_collecting
from app.services.report_collecting import Looked, ReportCollector
from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class ReportsKeeper(QObject):
    """One for each window's profile; nothing is shown while no folder is set, or all is well."""

    changed = Signal(object)
    """How the last look went (`Looked`)."""
    settings_requested = Signal()
    _told = Signal(object)

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._collector: ReportCollector | None = None
        self.status = QPushButton(window)
        self.status.setProperty("kind", "plain")
        self.status.hide()
        self.status.clicked.connect(self.settings_requested)
        window.statusBar().addWidget(self.status)
        self._told.connect(self.on_told)
        bench.bus.published.connect(self._on_published)

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Read from now on, where a folder is set."""
        self._collector = ReportCollector(open_desk, self._told.emit)
        self._collector.start()

    def stop(self) -> None:
        """End the thread and give the lease up; a report that is being read comes again."""
        if self._collector is not None:
            self._collector.stop()

    def on_told(self, looked: Looked) -> None:
        """Show that the folder cannot be read, and say what could not be taken."""
        failed = looked.state == report_collecting.FAILED
        text = self.tr("Reports cannot be read") if failed else ""
        if failed:
            self._bench.say(looked.text, "danger")
        for one in looked.taken:
            if one.action == "quarantined":
                self._bench.say(f"{one.source}: {one.reason}", "warn")
        self.status.setVisible(failed)
        self.status.setText(text)
        self.status.setAccessibleName(text)
        self.status.setToolTip(looked.text)
        icons.bind(self.status, "circle-alert", "danger", 14)
        self.changed.emit(looked)

    def _on_published(self, changes: ChangeSet) -> None:
        if self._collector is not None and "setting" in changes.kinds:
            self._collector.wake()
