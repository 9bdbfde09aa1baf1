"""Tell the person of a bug of ours: what happened, what is safe, and the text to send on.

Known errors of the world are said in a toast where they happen; this dialog is for what nobody
foresaw. One at a time: a second bug while it is open adds to its details. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.system.crash_text import without_values
from app.system.logs import redact

if TYPE_CHECKING:
    from pathlib import Path


class ErrorDialog(QDialog):
    """Shows bugs with their details, ready to be copied; paths and quoted values are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        said = QLabel(
            self.tr(
                "Incident Desk met a fault of its own. What was saved before is safe, and what you "
                "typed is still where you typed it. Try the same thing again; if it happens "
                "again, send us the details below."
            ),
            self,
        )
        said.setWordWrap(True)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(self.tr("Details"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy = QPushButton(self.tr("Copy details"), self)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addWidget(self.details, 1)
        layout.addWidget(buttons)
        self.copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        self.resize(620, 400)

    def add(self, error: BaseException, file: Path | None = None) -> None:
        """Add a bug to the details and show them."""
        text = redact(without_values(error))
        if file is not None:
            text = self.tr("Kept in {0} of the crash folder.").format(file.name) + "\n" + text
        before = self.details.toPlainText()
        self.details.setPlainText(f"{before}\n{text}" if before else text)
        if not self.isVisible():
            self.open()

    def done(self, result: int) -> None:
        """Forget what was shown; the files keep it."""
        self.details.clear()
        super().done(result)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
