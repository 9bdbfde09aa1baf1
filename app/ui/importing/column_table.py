"""Which column of the file is which field: one line each, with what stands in its first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.intake.import_record import CUSTOM
from app.ui.importing.import_plan import FIELDS, custom_target

if TYPE_CHECKING:
    from app.ui.importing.import_plan import Look

_EXAMPLES = 3
_KEEP = "custom"


class ColumnTable(QTableWidget):
    """A combo box for each column; `placed` tells what a person chose."""

    placed = Signal(str, str)
    """A column and the field it goes to, "" to leave it out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setAccessibleName(self.tr("Columns of the file and their fields"))
        self.setHorizontalHeaderLabels(
            [self.tr("Column of the file"), self.tr("Goes to"), self.tr("First values")]
        )
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading)
        self.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.resizeColumnsToContents()
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._fields = QStandardItemModel(self)
        self._add_field(self.tr("Left out"), "")
        self._add_field(self.tr("A field of its own"), _KEEP)
        for field in FIELDS:
            self._add_field(field_words(field), field)
        self._columns: tuple[str, ...] = ()
        self._own: dict[str, str] = {}

    def show_look(self, look: Look) -> None:
        """Show the columns of a file; lines that stay keep their combo box and its focus."""
        columns = tuple(look.columns)
        if columns != self._columns:
            self._columns, self._own = columns, {}
            self._build()
        for row, (column, target) in enumerate(look.columns.items()):
            if target.startswith(CUSTOM):
                self._own[column] = target
                target = _KEEP
            box = self.box(row)
            box.setCurrentIndex(max(box.findData(target), 0))
            box.setEnabled(look.editable)
            values = [cells[row] for cells in look.rows if row < len(cells) and cells[row]]
            item = self.item(row, 2)
            if item is not None:
                item.setText(" | ".join(list(dict.fromkeys(values))[:_EXAMPLES])[:120])

    def box(self, row: int) -> QComboBox:
        """Return the combo box of a line."""
        found = self.cellWidget(row, 1)
        if not isinstance(found, QComboBox):
            raise IndexError(row)
        return found

    def box_of(self, column: str) -> QComboBox:
        """Return the combo box of a column."""
        return self.box(self._columns.index(column))

    def _build(self) -> None:
        self.setRowCount(0)
        self.setRowCount(len(self._columns))
        for row, column in enumerate(self._columns):
            self.setItem(row, 0, QTableWidgetItem(column))
            self.setItem(row, 2, QTableWidgetItem(""))
            box = QComboBox(self)
            box.setModel(self._fields)
            box.setAccessibleName(self.tr("{0} goes to").format(column))
            box.activated.connect(self._on_chosen)
            self.setCellWidget(row, 1, box)
            self.setRowHeight(row, max(box.sizeHint().height() + 2, self.rowHeight(row)))
        self.setColumnWidth(0, 190)
        self.setColumnWidth(1, 210)

    def _on_chosen(self) -> None:
        for row, column in enumerate(self._columns):
            box = self.box(row)
            if box is self.sender():
                target = str(box.currentData())
                if target == _KEEP:
                    target = self._own.get(column) or custom_target(column)
                self.placed.emit(column, target)

    def _add_field(self, words: str, field: str) -> None:
        item = QStandardItem(words)
        item.setData(field, Qt.ItemDataRole.UserRole)
        self._fields.appendRow(item)


def field_words(field: str) -> str:
    """Return the name of a field for people: "registered_at" is "Registered at"."""
    return field.replace("_", " ").capitalize()
