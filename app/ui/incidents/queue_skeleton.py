"""The bones of the queue: which bands there are, how many rows each has, which rows are here.

Qt's own item model without items is the skeleton: its `index`, `parent` and `flags` run in C++,
because a tree view asks them once for every row it lays out (measured for a million rows: 0.1 s,
5 s with the same methods in Python). The rows themselves are plain tuples in pages. A change of
their number takes effect between Qt's "about to" and its "done", as views expect. GUI thread only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtGui import QStandardItem, QStandardItemModel

from app.ui.incidents.queue_pages import PAGE, PageKey, Pages, first_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.listing import Group, ListRow

Index = QModelIndex | QPersistentModelIndex

_TOP = -1


class QueueSkeleton(QStandardItemModel):
    """Bands as parents and incidents as children, or one flat list; without any fetching."""

    def __init__(self, keys: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._flat = False
        self._groups: list[Group] = []
        self._ordinals: dict[int, int] = {}
        self._pages = Pages()
        self._step: Callable[[], None] | None = None
        # Connected before any view, so that views find the new rows when they are told.
        self.rowsInserted.connect(self._on_rows_moved)
        self.rowsRemoved.connect(self._on_rows_moved)

    @property
    def groups(self) -> Sequence[Group]:
        """Return the bands that are shown, in order; one with the key "" for a flat list."""
        return self._groups

    @property
    def flat(self) -> bool:
        """Tell whether the list is shown without groups."""
        return self._flat

    @property
    def total(self) -> int:
        """Return how many incidents the list holds."""
        return sum(group.count for group in self._groups)

    def row(self, index: Index) -> ListRow | None:
        """Return the incident at an index; None for a group or while it is on its way."""
        ordinal = self._ordinals.get(index.internalId(), _TOP)
        return None if ordinal == _TOP else self.row_at(ordinal, index.row())

    def row_at(self, ordinal: int, at: int) -> ListRow | None:
        """Return the incident at a place in a band; asks for its page when it is not here."""
        group = self._groups[ordinal]
        found = self._pages.row(group.key, at)
        if found is None and at < group.count:
            self.ask_for((group.key, at // PAGE))
        return found

    def ask_for(self, key: PageKey) -> None:
        """Fetch a page that is missing on the screen; the model that can fetch says how."""

    def group(self, index: Index) -> Group | None:
        """Return the band at an index; None for an incident."""
        if self.flat or index.internalId() in self._ordinals:
            return None
        return self._groups[index.row()] if 0 <= index.row() < len(self._groups) else None

    def band(self, index: Index) -> tuple[int, int]:
        """Return (ordinal of the band, place in it); the place is -1 for the band itself."""
        ordinal = self._ordinals.get(index.internalId(), _TOP)
        return (index.row(), -1) if ordinal == _TOP else (ordinal, index.row())

    def index_of(self, uid: bytes) -> QModelIndex:
        """Return where an incident is, when its page is here; else an invalid index."""
        place = self._pages.place(uid)
        if place is None:
            return QModelIndex()
        for ordinal, group in enumerate(self._groups):
            if group.key == place[0]:
                parent = QModelIndex() if self.flat else self.index(ordinal, 0)
                return self.index(place[1], 0, parent)
        return QModelIndex()

    def _exists(self, key: PageKey) -> bool:
        return any(g.key == key[0] and 0 <= key[1] * PAGE < g.count for g in self._groups)

    def lay_anew(self, groups: list[Group], *, flat: bool) -> None:
        """Lay the skeleton anew; the views get one reset."""
        self.beginResetModel()
        self._groups, self._flat = groups, flat
        self.blockSignals(True)
        self.removeRows(0, self.rowCount())
        self.setColumnCount(len(self._keys))
        if self.flat:
            self.setRowCount(self.total)
        else:
            for group in self._groups:
                self.appendRow(self._band_item(group.count))
        self.blockSignals(False)
        self._number_bands()
        self.endResetModel()

    def _band_item(self, count: int) -> QStandardItem:
        item = QStandardItem()
        item.setColumnCount(len(self._keys))
        item.setRowCount(count)
        return item

    def _number_bands(self) -> None:
        self._ordinals.clear()
        if self.flat:
            self._ordinals[self.index(0, 0).internalId()] = 0
        else:
            for ordinal in range(len(self._groups)):
                child = self.index(0, 0, self.index(ordinal, 0))
                self._ordinals[child.internalId()] = ordinal

    def can_merge(self, groups: list[Group]) -> bool:
        """Tell whether bands only come, go or change in number; else the list is laid anew."""
        if self.flat:
            return bool(groups) == bool(self._groups)
        places = {group.key: at for at, group in enumerate(self._groups)}
        known = [places[group.key] for group in groups if group.key in places]
        return all(one < other for one, other in pairwise(known))

    def merge(self, groups: list[Group], pages: dict[PageKey, list[ListRow]]) -> None:
        """Move to the new counts and rows by the smallest steps, telling the views each."""
        starts = self._difference(pages)
        self._pages.drop([key for key in self._pages.held() if key not in pages])
        if not self.flat:
            wanted = {group.key for group in groups}
            for ordinal in reversed(range(len(self._groups))):
                if self._groups[ordinal].key not in wanted:
                    self._remove_band(ordinal)
        for ordinal, group in enumerate(groups):
            if ordinal == len(self._groups) or self._groups[ordinal].key != group.key:
                self._insert_band(ordinal, group)
            else:
                self._resize_band(ordinal, group, starts.get(group.key))
        changed = self._changed_rows(pages)
        for key, rows in pages.items():
            self._pages.put(key, rows)
        for key, places in changed.items():
            self.tell_changed(key, places)

    def _difference(self, pages: dict[PageKey, list[ListRow]]) -> dict[str, int]:
        """Return for each band the first place where other incidents stand than before."""
        starts: dict[str, int] = {}
        for key in sorted(pages):
            if key[0] not in starts and key in self._pages:
                old, new = self._pages.page(key), pages[key]
                at = first_difference(old, new)
                if at < max(len(old), len(new)):
                    starts[key[0]] = key[1] * PAGE + at
        return starts

    def _changed_rows(self, pages: dict[PageKey, list[ListRow]]) -> dict[PageKey, range]:
        changed: dict[PageKey, range] = {}
        for key, new in pages.items():
            old = self._pages.page(key)
            places = [at for at, row in enumerate(new) if at >= len(old) or old[at] != row]
            if places:
                changed[key] = range(places[0], places[-1] + 1)
        return changed

    def _remove_band(self, ordinal: int) -> None:
        def step() -> None:
            del self._groups[ordinal]
            self._number_bands()

        self._step = step
        self.removeRow(ordinal)

    def _insert_band(self, ordinal: int, group: Group) -> None:
        def step() -> None:
            self._groups.insert(ordinal, group)
            self._number_bands()

        self._step = step
        self.insertRow(ordinal, self._band_item(group.count))

    def _resize_band(self, ordinal: int, group: Group, start: int | None) -> None:
        """Give a band its new count, with the rows coming or going at `start`, else at its end."""
        old = self._groups[ordinal]
        more = group.count - old.count
        at = min(old.count if start is None else start, min(old.count, group.count))

        def step() -> None:
            self._groups[ordinal] = group
            self._pages.shift(group.key, at, more)

        item = self.invisibleRootItem() if self.flat else self.item(ordinal, 0)
        if more:
            self._step = step
            item.insertRows(at, more) if more > 0 else item.removeRows(at, -more)
        else:
            self._groups[ordinal] = group
        if not self.flat and group != old:
            index = self.index(ordinal, 0)
            self.dataChanged.emit(index, index)

    def _on_rows_moved(self) -> None:
        step, self._step = self._step, None
        if step is not None:
            step()

    def tell_changed(self, key: PageKey, places: range) -> None:
        """Tell the views that these places of a page hold other rows."""
        for ordinal, group in enumerate(self._groups):
            if group.key == key[0] and places:
                parent = QModelIndex() if self.flat else self.index(ordinal, 0)
                first = key[1] * PAGE + places[0]
                last = min(key[1] * PAGE + places[-1], group.count - 1)
                top = self.index(first, 0, parent)
                self.dataChanged.emit(top, self.index(last, len(self._keys) - 1, parent))
