"""The band that says all the time that nothing in this window is real, with the way out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QToolBar


def show_sample_band(window: QMainWindow) -> QToolBar:
    """Put the band over a window of the sample data; Leave closes the window."""
    band = QToolBar(_tr("Sample data"), window)
    band.setMovable(False)
    band.setProperty("kind", "sample")
    band.addWidget(QLabel(_tr("Sample data: nothing here is real, and your own is not touched.")))
    leave = QPushButton(_tr("Leave"), band)
    leave.setProperty("kind", "link")
    leave.clicked.connect(window.close)
    band.addWidget(leave)
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, band)
    return band


def _tr(text: str) -> str:
    return QCoreApplication.translate("SampleBand", text)
