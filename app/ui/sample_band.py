"""The band that says all the time that nothing here is real, with the way out (ux.md 7)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QToolBar, QWidget

from app.ui import theme


def show_sample_band(window: QMainWindow) -> None:
    """Put the band over a window of the sample data; Leave closes the window."""
    band = SampleBand(window)
    band.left.connect(window.close)
    window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)  # each band has a line of its own
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, band)


class SampleBand(QToolBar):
    """One sentence and a link, above the panes."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sample data"))
        self.setMovable(False)
        self.setProperty("kind", "sample")
        self.text = QLabel(
            self.tr("Sample data: nothing here is real, and your own is not touched."), self
        )
        # The layout of a tool bar asks for no padding of the style sheet.
        side = theme.current().px(12)
        self.text.setContentsMargins(side, 0, side, 0)
        self.leave = QPushButton(self.tr("Leave"), self)
        self.leave.setProperty("kind", "link")
        self.leave.clicked.connect(self.left)
        self.addWidget(self.text)
        self.addWidget(self.leave)
