"""A line under the columns: saves how they are placed under a name, to be chosen again later."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui import theme


class MappingSaver(QWidget):
    """Name and button; `save_requested` tells the name."""

    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        caption = QLabel(self.tr("Save this mapping &as"), self)
        caption.setProperty("kind", "label")
        self.line = QLineEdit(self)
        self.line.setAccessibleName(self.tr("Name of the mapping"))
        self.line.setPlaceholderText(self.tr("Its name, to read the next file the same way"))
        caption.setBuddy(self.line)
        self.button = QPushButton(self.tr("Sa&ve mapping"), self)
        self.button.setProperty("kind", "secondary")
        self.button.setAutoDefault(False)
        self.button.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, 0)
        row.setSpacing(px(8))
        row.addWidget(caption)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.line.textChanged.connect(self._on_text)
        self.line.returnPressed.connect(self._on_save)
        self.button.clicked.connect(self._on_save)

    def under(self, part: QWidget) -> QWidget:
        """Return a page with a part and this line under it."""
        page = QWidget(part.parentWidget())
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(part, 1)
        column.addWidget(self)
        return page

    def _on_text(self, text: str) -> None:
        self.button.setEnabled(bool(text.strip()))

    def _on_save(self) -> None:
        if self.line.text().strip():
            self.save_requested.emit(self.line.text().strip())
