"""What can be done with the data as a whole: import, export, backup, restore, samples.

A dialog for the file, then a job in the store lane; how it went stands beside the buttons.
GUI thread only.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QProcess, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QLabel, QPushButton, QWidget

from app.domain.folding import fold
from app.services import configuration, exporting, keeping
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class DataActions(QFrame):
    """One line per action, each with a button, and one line that says how it went."""

    command_requested = Signal(str)
    """A command of the registry that has a dialog of its own."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._folder = ""
        self.buttons: dict[str, QPushButton] = {}
        self._words: dict[str, tuple[QLabel, QLabel]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 12, 0, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        tr = self.tr
        self._add(
            "import",
            tr("Import incidents"),
            tr("From CSV, JSON, XLSX or a package."),
            tr("Import..."),
            self._on_import,
        )
        self._add(
            "export",
            tr("Export incidents"),
            tr("All of them, as CSV for spreadsheets, as JSON, or as a package with files."),
            tr("Export..."),
            self._on_export,
        )
        self._add(
            "backup",
            tr("Back up everything"),
            tr("One proven file with the database and every attached file."),
            tr("Back up..."),
            self._on_backup,
        )
        self._add(
            "restore",
            tr("Restore a backup"),
            tr("Into an empty folder; what is open here is never overwritten."),
            tr("Restore..."),
            self._on_restore,
        )
        self._add(
            "configuration",
            tr("Import a configuration"),
            tr("People, teams, categories, targets and settings from a TOML or JSON file."),
            tr("Choose file..."),
            self._on_configuration,
        )
        self._add(
            "sample",
            tr("Sample data"),
            tr("Opens a window of its own; your data is not touched."),
            tr("Open samples"),
            self._on_sample,
        )
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.hide()
        self.open = QPushButton(self.tr("Open what was restored"), self)
        self.open.setAutoDefault(False)
        self.open.setProperty("kind", "link")
        self.open.clicked.connect(self._on_open)
        self.open.hide()
        row = self._grid.rowCount()
        self._grid.addWidget(self.said, row, 0, 1, 2)
        self._grid.addWidget(self.open, row + 1, 0, Qt.AlignmentFlag.AlignLeading)

    def _add(self, name: str, title: str, help_: str, verb: str, run: Callable[[], None]) -> None:
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
        button.clicked.connect(run)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(below, row + 1, 0)
        self._grid.addWidget(button, row, 1, 2, 1)
        self._grid.setRowMinimumHeight(row + 2, 12)
        self.buttons[name], self._words[name] = button, (label, below)

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

    # --- saying ----------------------------------------------------------------------------------

    def _say(self, text: str, tone: str = "quiet") -> None:
        self.said.setProperty("tone", tone)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.said.show()

    def _start(self, words: str, act: Callable[[Desk], Any], done: Callable[[Any], object]) -> None:
        self._say(words)
        self.open.hide()
        for button in self.buttons.values():
            button.setEnabled(False)
        self._bench.write(act, done, self._on_failed, quiet=True)

    def _end(self, text: str, tone: str = "ok") -> None:
        for button in self.buttons.values():
            button.setEnabled(True)
        self._say(text, tone)

    def _on_failed(self, error: Exception) -> None:
        self._end(str(getattr(error, "message", error)), "danger")

    # --- actions ---------------------------------------------------------------------------------

    def _on_import(self) -> None:
        self.command_requested.emit("file.import")

    def _on_sample(self) -> None:
        self.command_requested.emit("file.sample")

    def _on_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export incidents"),
            str(Path.home() / "incidents.csv"),
            self.tr("CSV (*.csv);;JSON (*.json);;Package with files (*.zip)"),
        )
        if name:
            path = Path(name)
            act = lambda desk: (exporting.export_file(desk, path), path)  # noqa: E731
            self._start(self.tr("Exporting to {0}").format(path.name), act, self._on_exported)

    def _on_exported(self, made: tuple[int, Path]) -> None:
        count, path = made
        words = self.tr("%n incident(s) written to {0}", "", count)
        words = words.replace("(s)", "" if count == 1 else "s")
        self._end(words.format(path))

    def _on_backup(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Back up everything"),
            str(Path.home() / "incident-desk-backup.zip"),
            self.tr("Backup (*.zip)"),
        )
        if name:
            path = Path(name)
            self._start(
                self.tr("Backing up to {0}").format(path.name),
                lambda desk: keeping.backup(desk, path),
                self._on_backed_up,
            )

    def _on_backed_up(self, facts: dict[str, Any]) -> None:
        words = self.tr("{0} incidents and {1} files are in {2}")
        text = words.format(f"{facts['incidents']:,}", f"{facts['attachments']:,}", facts["path"])
        missing = len(facts["missing"])
        if missing:
            text += "\n" + self.tr("{0} files are missing on this computer.").format(missing)
        self._end(text, "warn" if missing else "ok")

    def _on_restore(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Restore a backup"),
            str(Path.home()),
            self.tr("Backup (*.zip *.sqlite);;All files (*)"),
        )
        folder = name and QFileDialog.getExistingDirectory(
            self, self.tr("Choose an empty folder to restore into"), str(Path.home())
        )
        if folder:
            self._folder = folder
            profile = Profile(Path(folder))
            self._start(
                self.tr("Restoring {0}").format(Path(name).name),
                lambda _desk: keeping.restore(profile, name),
                self._on_restored,
            )

    def _on_restored(self, facts: dict[str, Any]) -> None:
        words = self.tr("{0} incidents are in {1}")
        self._end(words.format(f"{facts['incidents']:,}", facts["path"]))
        self.open.show()

    def _on_open(self) -> None:
        arguments = ["-m", "app", "--profile", self._folder]
        QProcess.startDetached(sys.executable, arguments)

    def _on_configuration(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Import a configuration"),
            str(Path.home()),
            self.tr("Configuration (*.toml *.json);;All files (*)"),
        )
        if name:
            path = Path(name)
            self._start(
                self.tr("Reading {0}").format(path.name),
                lambda desk: configuration.import_file(desk, path),
                self._on_configured,
            )

    def _on_configured(self, changes: ChangeSet) -> None:
        count = sum(len(ids) for ids in changes.ids.values())
        words = self.tr("%n thing(s) changed. Ctrl+Z takes it back.", "", count)
        words = words.replace("(s)", "" if count == 1 else "s")
        self._end(words if count else self.tr("Everything in it was here already."))
