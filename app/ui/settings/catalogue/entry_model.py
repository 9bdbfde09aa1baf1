"""The list of a page: one row an item, with what tells it from others and how much it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from app.domain.folding import fold

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.services.cataloguing import Entry
    from app.ui.settings.catalogue.page import PageSpec

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ENTRY = int(Qt.ItemDataRole.UserRole)
_TEXTS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole))


class EntryModel(QAbstractTableModel):
    """Name, the columns of the page, and in how many incidents it is used."""

    def __init__(self, spec: PageSpec, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        """Show other items; rows that only say something else keep their place and selection."""
        if [one.id for one in entries] == [one.id for one in self._entries]:
            self._entries = entries
            if entries:
                last = self.index(len(entries) - 1, self.columnCount() - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def row_of(self, uid: EntityId | None) -> int:
        """Return the row of an item, -1 when it is not there."""
        return next((row for row, one in enumerate(self._entries) if one.id == uid), -1)

    def entry(self, row: int) -> Entry:
        """Return the item of a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the items."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else 2 + len(self._spec.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, and of the first what a screen reader says of the row."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if int(role) == ENTRY:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == self.columnCount() - 1:
            return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            cells = [self._text(entry, column) for column in range(self.columnCount())]
            return ", ".join(filter(None, cells))
        return self._text(entry, index.column()) if int(role) in _TEXTS else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the name of a column."""
        last = self.columnCount() - 1
        if orientation is not Qt.Orientation.Horizontal:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == last:
            return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or not 0 <= section <= last:
            return None
        titles = [self.tr("Name"), *(title for title, _ in self._spec.columns), self.tr("Used")]
        return titles[section]

    def _text(self, entry: Entry, column: int) -> str:
        if column == 0:
            return entry.name
        if column <= len(self._spec.columns):
            return self._spec.columns[column - 1][1](entry)
        used = entry.incidents + len(entry.named_by)
        return str(used) if used else ""


class EntryFilter(QSortFilterProxyModel):
    """The items in which every word of the search stands, in whatever column."""

    def __init__(self, source: EntryModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._entries = source
        self.setSourceModel(source)

    def search(self, text: str) -> None:
        """Show the items in which these words stand."""
        self.beginFilterChange()
        self._words = fold(text).split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        """Tell whether an item has all words, in its name or in what it says."""
        entry = self._entries.entry(row)
        said = fold(" ".join([entry.name, *(str(value) for value in entry.data.values())]))
        return all(word in said for word in self._words)
