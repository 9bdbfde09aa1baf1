"""One incident in a window of its own (Ctrl+Enter), beside the main one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from app.ui.detail.detail_panel import DetailPanel

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.ui.workbench import Workbench

_SIZE = (560, 820)


class IncidentWindow(QMainWindow):
    """Holds a detail pane; Esc or Ctrl+W closes it, what was typed is kept as a draft."""

    def __init__(self, workbench: Workbench, uid: EntityId, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.detail = DetailPanel(workbench, self)
        self.setCentralWidget(self.detail)
        self.resize(workbench.theme.px(_SIZE[0]), workbench.theme.px(_SIZE[1]))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        self.detail.incident_changed.connect(self._on_incident_changed)
        self.detail.show_incident(uid)

    def _on_incident_changed(self) -> None:
        shown = self.detail.incident
        self.setWindowTitle(f"{shown.number} {shown.title}" if shown is not None else "")
