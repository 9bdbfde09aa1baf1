"""What can be done with the data as a whole, as lines of the settings: the commands of the menus.

Each button runs the command of the registry, which asks for its file and has its own brake; what is
said of it stands beside the buttons too. GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from app.domain.folding import fold

if TYPE_CHECKING:
    from app.ui.workbench import Message, Workbench


class DataActions(QFrame):
    """One line per command, each with a button, and one line that says how it went."""

    command_requested = Signal(str)
    """A command of the registry."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self._words: dict[str, tuple[QLabel, QLabel]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 12, 0, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        tr = self.tr
        self._add(
            "file.import",
            tr("Import incidents"),
            tr("From CSV, JSON, XLSX or a package."),
            tr("Import..."),
        )
        self._add(
            "file.export_all",
            tr("Export incidents"),
            tr("All of them, as CSV for spreadsheets, as JSON, or as a package with files."),
            tr("Export..."),
        )
        self._add(
            "file.backup",
            tr("Back up everything"),
            tr("One proven file with the database and every attached file."),
            tr("Back up..."),
        )
        self._add(
            "file.restore",
            tr("Restore a backup"),
            tr("Into an empty folder; what is open here is never overwritten."),
            tr("Restore..."),
        )
        self._add(
            "file.configuration",
            tr("Import a configuration"),
            tr("People, teams, categories, targets and settings from a TOML or JSON file."),
            tr("Choose file..."),
        )
        self._add(
            "file.sample",
            tr("Sample data"),
            tr("Opens a window of its own; your data is not touched."),
            tr("Open samples"),
        )
        self._add(
            "help.check_version",
            tr("New versions"),
            tr("Reads the version file now and says what stands there."),
            tr("Test"),
        )
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.hide()
        self._grid.addWidget(self.said, self._grid.rowCount(), 0, 1, 2)
        workbench.said.connect(self._on_said)

    def _add(self, command_id: str, title: str, help_: str, verb: str) -> None:
        row = self._grid.rowCount()
        label, below = QLabel(title, self), QLabel(help_, self)
        label.setProperty("kind", "line_label")
        below.setProperty("kind", "help")
        below.setWordWrap(True)
        button = QPushButton(verb, self)
        button.setAutoDefault(False)
        button.setProperty("kind", "secondary")
        button.setAccessibleName(title)
        button.setAccessibleDescription(help_)
        button.clicked.connect(partial(self._on_clicked, command_id))
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(below, row + 1, 0)
        self._grid.addWidget(button, row, 1, 2, 1)
        self._grid.setRowMinimumHeight(row + 2, 12)
        self.buttons[command_id], self._words[command_id] = button, (label, below)

    def filter_rows(self, text: str) -> bool:
        """Show the actions that answer to a folded text; tell whether there are any."""
        found = False
        for name, labels in self._words.items():
            line = fold(" ".join(label.text() for label in labels))
            here = all(part in line for part in text.split())
            for part in (*labels, self.buttons[name]):
                part.setVisible(here)
            found = found or here
        return found

    def _on_clicked(self, command_id: str, *_checked: object) -> None:
        self.said.hide()
        self.command_requested.emit(command_id)

    def _on_said(self, message: Message) -> None:
        """Say here what the toast says: it lies behind the settings."""
        if not self.isVisible():
            return
        self.said.setProperty("tone", message.tone if message.tone != "info" else "quiet")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(message.text)
        self.said.show()
