"""A field for a name that the team may know: completed as it is typed, never refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from app.domain.category import SHOWN_SEPARATOR, path_label
from app.ui.new_incident import questions
from app.ui.widgets.offered_list import OfferedList, clear_of

if TYPE_CHECKING:
    from app.ui.new_incident.questions import Names
    from app.ui.workbench import Workbench

_NAME = int(Qt.ItemDataRole.UserRole) + 1


class NameField(QLineEdit):
    """A line edit over the names of one kind; Enter takes the first one offered, Tab none."""

    chosen = Signal(str)
    """A name was taken from the list."""

    def __init__(self, workbench: Workbench, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._kind = workbench, kind
        self._paths: dict[str, str] = {}
        self.me = ""
        self.choices = QStandardItemModel(self)
        self.list = QCompleter(self.choices, self)
        self.list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.list.setCompletionRole(_NAME)
        self.list.setWidget(self)
        self.popup = OfferedList(self.list, self.tr("Names on offer"))
        self.list.activated.connect(self._on_taken)
        self.textEdited.connect(self._ask)

    def value(self) -> str:
        """Return the name; a category as its path."""
        text = self.text().strip()
        if self._kind != "category":
            return text
        return self._paths.get(text, text.replace(SHOWN_SEPARATOR, "/"))

    def set_value(self, value: str) -> None:
        """Show a name; a category by its words."""
        self.setText(self._shown(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer the names on Down."""
        if event.key() == Qt.Key.Key_Down:
            self._ask(self.text())
            return
        super().keyPressEvent(event)

    def _shown(self, name: str) -> str:
        if self._kind != "category" or not name:
            return name
        label = path_label(name)
        self._paths[label] = name
        return label

    def _ask(self, text: str) -> None:
        kind = self._kind
        self._bench.read(
            lambda desk: questions.names(desk, kind, text),
            self._on_names,
            key=("new incident names", id(self)),
        )

    def _on_names(self, names: Names) -> None:
        if names.asked != self.text() or not self.hasFocus():
            return
        self.choices.clear()
        text = names.asked.strip().casefold()
        if self.me and self.tr("Me").casefold().startswith(text):
            self._offer(self.tr("Me ({0})").format(self.me), self.me)
        for name, detail in names.found:
            if name != self.me or not self.choices.rowCount():
                shown = self._shown(name)
                self._offer(f"{shown}   {detail}" if detail else shown, shown)
        if not self.choices.rowCount():
            self.popup.hide()
            return
        self.list.complete(clear_of(self))
        self.popup.setCurrentIndex(self.list.completionModel().index(0, 0))

    def _offer(self, shown: str, name: str) -> None:
        item = QStandardItem(shown)
        item.setData(name, _NAME)
        self.choices.appendRow(item)

    def _on_taken(self, name: str) -> None:
        self.setText(name)
        self.chosen.emit(name)
