"""What stands where an incident would be shown, while none is chosen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QWidget


def nothing_chosen(parent: QWidget) -> QLabel:
    """Make the label that says so."""
    label = QLabel(QCoreApplication.translate("Detail", "Choose an incident in the list."), parent)
    label.setProperty("tone", "hint")
    label.setProperty("ground", "surface")
    label.setMargin(24)
    return label
