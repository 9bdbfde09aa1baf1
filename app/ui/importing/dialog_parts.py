"""Label and button as the import dialog has them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def label(parent: QWidget, tone: str) -> QLabel:
    """Return a label that breaks its lines and shows text as it is."""
    made = QLabel(parent)
    made.setProperty("tone", tone)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made


def button(parent: QWidget, text: str, kind: str) -> QPushButton:
    """Return a button that Enter elsewhere does not press."""
    made = QPushButton(text, parent)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    return made
