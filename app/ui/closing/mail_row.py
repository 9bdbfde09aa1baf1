"""Whether the report goes out by mail on closing, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_AS = "\tmail"
"""Stands in a draft of people told for the line of this row; nobody types a tab there."""


class MailRow(QWidget):
    """A tick, and beside it names or addresses with commas between them."""

    changed = Signal()

    def __init__(self, proposed: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(self.tr("&Mail the report to"), self)
        self.box.setToolTip(self.tr("It leaves 15 s after closing; undo takes it back until then."))
        self.field = QLineEdit(", ".join(proposed), self)
        self.field.setAccessibleName(self.tr("Who gets the report by mail"))
        self.field.setPlaceholderText(self.tr("names, or Nina <nina@example.org>"))
        self.field.setEnabled(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.current().px(8))
        layout.addWidget(self.box)
        layout.addWidget(self.field, 1)
        self.box.toggled.connect(self._on_toggled)
        self.field.textEdited.connect(self.changed)

    def to(self) -> str:
        """Return who gets it as it was typed, "" for nobody."""
        return self.field.text().strip() if self.box.isChecked() else ""

    def show_kept(self, text: str) -> None:
        """Show what was typed before."""
        self.field.setText(text)
        self.box.setChecked(True)

    def _on_toggled(self, on: bool) -> None:
        self.field.setEnabled(on)
        if on:
            self.field.setFocus()
        self.changed.emit()
