"""A run of some seconds or minutes with how far it is and a brake: export, backup, checks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from app.services.desk import Desk
    from app.ui.workbench import Workbench

    Work = Callable[["Desk", "LongRun"], Any]

_SHOW_AFTER_MS = 300
"""A run that ends sooner shows nothing."""
_THOUSAND = 1000


class LongRun(QDialog):
    """Runs one piece of work in the long lane; Stop or Esc asks it to stop.

    The work is given the desk and this object, whose `tell` and `is_stopped` any thread may call.
    """

    finished_with = Signal(object)
    """What the work returned."""
    refused = Signal(str)
    """The sentence of a known error; it stands in the dialog too."""
    _told = Signal(int)

    def __init__(
        self, workbench: Workbench, title: str, work: Work, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._work = workbench, work
        self._brake = threading.Event()
        self._last = -1
        self._runs = True
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(workbench.theme.px(420))
        heading = QLabel(title, self)
        heading.setProperty("kind", "dialog_title")
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "danger")
        self.words.hide()
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for part in (heading, self.bar, self.words):
            layout.addWidget(part)
        layout.addLayout(buttons)
        self._told.connect(self._on_told)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SHOW_AFTER_MS)
        self._soon.timeout.connect(self.open)

    def start(self) -> LongRun:
        """Begin; the dialog comes up when the run is not over soon."""
        self._soon.start()
        self._bench.run_long(self._run, self._on_done, self._on_failed)
        return self

    def tell(self, done: int, total: int) -> None:
        """Say how far the work is; any thread."""
        part = min(done * _THOUSAND // total, _THOUSAND) if total else 0
        if part != self._last:
            self._last = part
            self._told.emit(part)

    def is_stopped(self) -> bool:
        """Tell whether the work was asked to stop; any thread."""
        return self._brake.is_set()

    def reject(self) -> None:
        """Ask the work to stop, or close when it has ended."""
        if self._runs:
            self._brake.set()
            self.stop.setEnabled(False)
            self.stop.setText(self.tr("Stopping..."))
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop instead of leaving the work behind."""
        if self._runs:
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def _run(self, desk: Desk) -> Any:
        return self._work(desk, self)

    def _on_told(self, part: int) -> None:
        self.bar.setRange(0, _THOUSAND)
        self.bar.setValue(part)

    def _on_done(self, result: object) -> None:
        self._end()
        self.finished_with.emit(result)
        self.accept()
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        """Let the sentence stand until it is closed; a stop that was asked for needs none."""
        self._end()
        sentence = str(getattr(error, "message", error))
        self.refused.emit(sentence)
        if self.is_stopped():
            self._bench.say(sentence)
            self.close()
            self.deleteLater()
            return
        self.bar.hide()
        self.words.setText(sentence)
        self.words.show()
        self.stop.setText(self.tr("Close"))
        self.stop.setEnabled(True)
        self.open()

    def _end(self) -> None:
        self._runs = False
        self._soon.stop()
