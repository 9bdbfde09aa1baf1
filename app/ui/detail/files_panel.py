"""The files of an incident as a list, with what can be done with the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons
from app.ui.detail.belongings import THING, Belongings
from app.ui.detail.timeline_words import clock
from app.ui.new_incident.files_row import size_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.incident_record import Attachment

_SHORT_HASH = 8


class FilesPanel(QWidget):
    """Enter shows the current file, Delete takes it off; every command is also a button."""

    attach_requested = Signal()
    show_requested = Signal(object)
    open_requested = Signal(object)
    save_requested = Signal(object)
    hash_requested = Signal(object)
    remove_requested = Signal(object)
    redact_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = Belongings(self.tr("Files"), self)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.opened.connect(self.show_requested)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.add = QPushButton(self.tr("Attach..."), self)
        self.add.setProperty("kind", "tag")
        icons.bind(self.add, "paperclip", size=12)
        self.add.clicked.connect(self.attach_requested)
        self.hint = QLabel(self)
        self.hint.setProperty("tone", "hint")
        self.hint.setWordWrap(True)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self.actions_: dict[str, QAction] = {}
        for name, text, icon, keys, wanted in (
            ("show", self.tr("Show"), "eye", "", self.show_requested),
            (
                "open",
                self.tr("Open in its program"),
                "external-link",
                "Ctrl+O",
                self.open_requested,
            ),
            ("save", self.tr("Save a copy..."), "download", "", self.save_requested),
            ("hash", self.tr("Copy the SHA-256"), "hash", "Ctrl+C", self.hash_requested),
            ("remove", self.tr("Remove"), "trash-2", "Delete", self.remove_requested),
            ("redact", self.tr("Redact..."), "ban", "", self.redact_requested),
        ):
            self.actions_[name] = self._action(text, icon, keys, wanted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 4)
        layout.setSpacing(6)
        layout.addLayout(self._row)
        layout.addWidget(self.hint)
        layout.addWidget(self.list, 1)
        self._on_current_changed(None, None)

    def show_files(self, files: Sequence[Attachment], limit_mb: int) -> None:
        """Show the files, and how large one may be."""
        at = self.list.currentRow()
        self.list.clear()
        for file in files:
            facts = (
                size_words(file.size),
                file.added_by,
                clock(file.added_at),
                f"SHA-256 {file.sha256[:_SHORT_HASH]}",
            )
            icon = "image" if file.media_type.startswith("image/") else "file-text"
            item = self.list.add("\n".join((file.name, " \u00b7 ".join(facts))), icon, file)
            item.setToolTip(f"{file.name}\nSHA-256 {file.sha256}")
            spoken = ", ".join((file.name, *facts))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.hint.setText(
            self.tr("Paste or drop files anywhere on the incident, each up to {0} MB.").format(
                limit_mb
            )
        )
        self.list.setCurrentRow(min(max(at, 0), len(files) - 1))

    def current(self) -> Attachment | None:
        """Return the current file."""
        items = self.list.selectedItems()
        found: Attachment | None = items[0].data(THING) if items else None
        return found

    def _action(
        self, text: str, icon: str, keys: str, wanted: Callable[[object], object]
    ) -> QAction:
        action = QAction(text, self.list)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setToolTip(f"{text} ({action.shortcut().toString()})")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        icons.bind(action, icon)
        action.triggered.connect(lambda _checked=False: self._run(wanted))
        self.list.addAction(action)
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(text)
        self._row.addWidget(button)
        return action

    def _run(self, wanted: Callable[[object], object]) -> None:
        file = self.current()
        if file is not None:
            wanted(file)

    def _on_current_changed(
        self, item: QListWidgetItem | None, _before: QListWidgetItem | None
    ) -> None:
        for action in self.actions_.values():
            action.setEnabled(item is not None)
