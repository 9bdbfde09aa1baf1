"""Which incidents are selected, kept while the rows under them move. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex

from app.domain.listing import ListRow
from app.ui.incidents.queue_model import ROW_ROLE

if TYPE_CHECKING:
    from app.ui.incidents.queue_model import QueueModel
    from app.ui.incidents.queue_tree import QueueTree


class KeptSelection:
    """The selection of a list by the ids of its incidents."""

    def __init__(self, tree: QueueTree, model: QueueModel) -> None:
        self._tree, self._model = tree, model
        self._current, self._ids = b"", list[bytes]()

    def note(self) -> None:
        """Note which incidents are selected now."""
        current = self._tree.currentIndex().data(ROW_ROLE)
        rows = [one.data(ROW_ROLE) for one in self._tree.selectionModel().selectedRows()]
        self._ids = [row.id for row in rows if isinstance(row, ListRow)]
        self._current = current.id if isinstance(current, ListRow) else b""

    def restore(self) -> None:
        """Select the noted incidents where they are now, as far as they are in the list."""
        flags = QItemSelectionModel.SelectionFlag
        selection = self._tree.selectionModel()
        for uid in self._ids:
            index = self._model.index_of(uid)
            if index.isValid() and not selection.isSelected(index):
                selection.select(index, flags.Select | flags.Rows)
        index = self._model.index_of(self._current) if self._current else QModelIndex()
        if index.isValid() and self._tree.currentIndex().siblingAtColumn(0) != index:
            selection.setCurrentIndex(index, flags.NoUpdate)
