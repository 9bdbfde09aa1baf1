"""Lists beside the timeline: incidents like this one, its files, its closing checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.ui import icons, theme
from app.ui.incidents.cells import moment
from app.ui.widgets.status_label import status_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from app.domain.incident import Attachment, ChecklistState
    from app.domain.listing import ListRow

_TARGET = 24
"""Least height of what is clicked, in px (WCAG 2.5.8)."""
_THING = Qt.ItemDataRole.UserRole


class _Belongings(QListWidget):
    """A list whose items are opened with Enter or a double click."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setSpacing(4)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(self._on_activated)

    def _add(self, text: str, icon: str, thing: object) -> QListWidgetItem:
        item = QListWidgetItem(icons.icon(icon), text, self)
        item.setData(_THING, thing)
        return item

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(_THING))


class SimilarList(_Belongings):
    """Incidents like this one; Enter opens, L links."""

    link_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Similar incidents"))

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Show rows, the likest first."""
        self.clear()
        for row in rows:
            words = (
                f"{row.number} \u00b7 {status_word(row.status)} \u00b7 {moment(row.registered_ms)}"
            )
            item = self._add(f"{row.title}\n{words}", "link", row.id)
            item.setToolTip(self.tr("Enter opens, L links"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Link the current one with L."""
        item = self.currentItem()
        if event.text().casefold() == "l" and item is not None:
            self.link_requested.emit(item.data(_THING))
            return
        super().keyPressEvent(event)


class FileList(_Belongings):
    """The files of an incident; Enter opens a copy, Delete takes one off."""

    remove_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Files"))

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files, with size and the beginning of the hash."""
        self.clear()
        for file in files:
            size = QLocale().formattedDataSize(file.size)
            words = f"{size} \u00b7 {file.added_by} \u00b7 SHA-256 {file.sha256[:12]}"
            item = self._add(f"{file.name}\n{words}", "paperclip", file)
            item.setToolTip(file.sha256)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the current file off with Delete; undo brings it back."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.remove_requested.emit(item.data(_THING))
            return
        super().keyPressEvent(event)


class Checks(_Belongings):
    """The closing checklist; Space ticks what is ticked by hand."""

    ticked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Checklist"))
        self.itemChanged.connect(self._on_changed)

    def show_items(self, items: Sequence[ChecklistState]) -> None:
        """Show the steps and which are done."""
        blocked = self.blockSignals(True)
        at = self.currentRow()
        self.clear()
        for step in items:
            need = "" if step.required else self.tr(" (optional)")
            item = QListWidgetItem(f"{step.item}{need}", self)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if not step.automatic:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags)
            item.setSizeHint(QSize(0, theme.current().px(_TARGET)))
            done = Qt.CheckState.Checked if step.done else Qt.CheckState.Unchecked
            item.setCheckState(done)
            item.setData(_THING, step.item)
            seen = self.tr("The program ticks this when it sees the fact.")
            item.setToolTip(step.note or (seen if step.automatic else ""))
        self.setCurrentRow(at)
        self.blockSignals(blocked)

    def _on_changed(self, item: QListWidgetItem) -> None:
        self.ticked.emit(str(item.data(_THING)), item.checkState() == Qt.CheckState.Checked)
