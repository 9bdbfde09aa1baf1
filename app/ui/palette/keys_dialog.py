"""All keys, searchable, to be copied as text for printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.folding import fold

if TYPE_CHECKING:
    from app.ui.actions import Actions

_SIZE = (520, 560)


class KeysDialog(QDialog):
    """Every command that has a key."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("All keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._lines = [
            (command.title, actions.keys_text(command.id)) for command in actions if command.keys
        ]
        self.line = QLineEdit(self)
        self.line.setAccessibleName(self.tr("Search the keys"))
        self.line.setPlaceholderText(self.tr("Search the keys"))
        self.table = QTableWidget(0, 2, self)
        self.table.setAccessibleName(self.tr("All keys"))
        self.table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Key")])
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.copy = QPushButton(self.tr("Copy as text"), self)
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._on_copy)
        layout = QVBoxLayout(self)
        for part in (self.line, self.table, self.copy):
            layout.addWidget(part)
        self.line.textChanged.connect(self._show)
        self._show("")

    def _show(self, text: str) -> None:
        wanted = fold(text)
        shown = [line for line in self._lines if wanted in fold(" ".join(line))]
        self.table.setRowCount(len(shown))
        for row, line in enumerate(shown):
            for column, words in enumerate(line):
                self.table.setItem(row, column, QTableWidgetItem(words))

    def _on_copy(self) -> None:
        text = "\n".join(f"{keys}\t{title}" for title, keys in self._lines)
        QGuiApplication.clipboard().setText(text)
