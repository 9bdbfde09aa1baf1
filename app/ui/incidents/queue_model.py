"""The queue as a real tree, read page by page through the reader lane and kept up to date.

First page at once, placeholders for what is on its way, pages of 128 rows, neighbours ahead of time
(speed.md). The bones are in `queue_skeleton`. GUI thread only; the store is asked in its lane.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.ui.incidents import cells
from app.ui.incidents.columns import column, column_title
from app.ui.incidents.queue_pages import PAGE, PageKey
from app.ui.incidents.queue_skeleton import Index, QueueSkeleton

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.changes import ChangeSet
    from app.domain.listing import Group, ListQuery, ListRow
    from app.ui.incidents.columns import ColumnModel
    from app.ui.incidents.list_source import ListSource
    from app.ui.jobs import Jobs

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `ListRow`, None for a group or for a row that is still on its way."""

_FIRST_ROWS = 64
_AT_ONCE = 4


class _Answer(NamedTuple):
    serial: int
    query: ListQuery
    groups: list[Group]
    pages: dict[PageKey, list[ListRow]]


def system_now_ms() -> int:
    """Return the present instant in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class QueueModel(QueueSkeleton):
    """A list of incidents for a view; `show_query` fills it, `refresh` brings it up to date."""

    about_to_change = Signal()
    """Rows are going to move: note which incidents are selected."""
    changed = Signal()
    """A list has arrived or was brought up to date."""
    loading_changed = Signal(bool)
    failed = Signal(object)
    ticks_changed = Signal(int)

    def __init__(
        self,
        jobs: Jobs,
        open_source: Callable[[Any], ListSource],
        columns: ColumnModel,
        now_ms: Callable[[], int] = system_now_ms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns.shown, parent)
        self._jobs = jobs
        self._open_source = open_source
        self._columns = columns
        self._now_ms = now_ms
        self._own = columns.custom
        self._query: ListQuery | None = None
        self._bare: set[str] = set()
        self._wanted_query: ListQuery | None = None
        self._serial = 0
        self._wanted: dict[PageKey, None] = {}
        self._visible: list[PageKey] = []
        self._fetching = False
        self._loading = False
        self._ticked: dict[bytes, None] = {}
        self.collapsed: set[str] = set()
        self._fetch_soon = _single_shot(self, self._fetch_pages)
        self._refresh_soon = _single_shot(self, self._refresh_now)
        columns.changed.connect(self._on_columns_changed)

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def query(self) -> ListQuery | None:
        """Return the query whose rows are shown."""
        return self._query

    @property
    def loading(self) -> bool:
        """Tell whether a list was asked for and has not arrived."""
        return self._loading

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the columns, left to right in reading order."""
        return self._keys

    def show_query(self, query: ListQuery) -> None:
        """Ask for another list; the present one stays until its first rows are here."""
        if query != self._query:
            self.clear_ticks()
        self._wanted_query = query
        self._set_loading(True)
        self._request_list([])

    def refresh(self, changes: ChangeSet | None = None) -> None:
        """Bring the list up to date after a change, or because time has passed."""
        if self._wanted_query is None:
            return
        if changes is None or "incident" in changes.kinds:
            self._refresh_soon.start()

    def set_visible(self, pages: Iterable[PageKey]) -> None:
        """Take note of the pages on the screen, and fetch those beside them ahead of time."""
        self._visible = [key for key in dict.fromkeys(pages) if self._exists(key)]
        for group, number in self._visible:
            for beside in ((group, number + 1), (group, number - 1)):
                if beside not in self._pages and self._exists(beside):
                    self._wanted.setdefault(beside)
        if self._wanted and not self._fetching:
            self._fetch_soon.start()

    # --- ticks for bulk --------------------------------------------------------------------------

    @property
    def ticked(self) -> list[bytes]:
        """Return the ids ticked for bulk, in the order of ticking."""
        return list(self._ticked)

    @property
    def has_ticks(self) -> bool:
        """Tell whether anything is ticked."""
        return bool(self._ticked)

    def is_ticked(self, uid: bytes) -> bool:
        """Tell whether an incident is ticked."""
        return uid in self._ticked

    def toggle_tick(self, indexes: Iterable[Index]) -> None:
        """Tick these incidents, or untick them when all of them are ticked."""
        ids = [row.id for row in map(self.row, indexes) if row is not None]
        if all(uid in self._ticked for uid in ids):
            for uid in ids:
                self._ticked.pop(uid, None)
        else:
            self._ticked.update(dict.fromkeys(ids))
        self._on_ticks_changed()

    def tick_all(self) -> None:
        """Tick every incident of the list, those not loaded too."""
        query, open_source = self._query, self._open_source
        if query is not None:
            self._jobs.on_reader(
                lambda context: (query, list(open_source(context).ids(query))),
                self._on_ids,
                self._on_failed,
                key=(id(self), "ids"),
            )

    def clear_ticks(self) -> None:
        """Untick all."""
        if self._ticked:
            self._ticked.clear()
            self._on_ticks_changed()

    # --- Qt's own --------------------------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; column 0 reads the whole row to a screen reader."""
        if not index.isValid():
            return None
        group = self.group(index)
        if group is not None:
            return _group_data(group, index.column(), role)
        if role not in _ROLES:
            return None
        row = self.row(index)
        if role == ROW_ROLE:
            return row
        if row is None:
            return self.tr("Loading") if role == Qt.ItemDataRole.AccessibleTextRole else None
        key = self._keys[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole:
            if index.column() or not self._ticked:
                return None
            return Qt.CheckState.Checked if row.id in self._ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return cells.spoken_row(row, self._now_ms())
            return cells.spoken_cell(key, row, self._now_ms())
        if role == Qt.ItemDataRole.ToolTipRole:
            return cells.hint(key, row, self._now_ms())
        return cells.cell_text(key, row, self._now_ms())

    def set_bare(self, keys: set[str]) -> None:
        """Leave the titles of columns away where they have no room; the tooltip keeps them."""
        if keys != self._bare:
            self._bare = keys
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._keys) - 1)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._keys):
            return None
        key = self._keys[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if key in self._bare else column_title(key)
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return column_title(key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            edge = Qt.AlignmentFlag.AlignTrailing if column(key).trailing else None
            return (edge or Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Do nothing: rows are sorted where they are read (`ListQuery.sort`)."""

    # --- fetching --------------------------------------------------------------------------------

    def _request_list(self, pages: list[PageKey]) -> None:
        query = self._wanted_query
        if query is None:
            return
        self._serial += 1
        self._refresh_soon.stop()
        serial, open_source, collapsed = self._serial, self._open_source, set(self.collapsed)
        known = {group.key for group in self._groups} if pages else set()
        whole = query._replace(custom=self._own)

        def read(context: object) -> _Answer:
            source = open_source(context)
            groups = [group for group in source.groups(query) if group.count]
            counts = {group.key: group.count for group in groups}
            wanted = [key for key in pages if key[1] * PAGE < counts.get(key[0], 0)]
            fresh = [group for group in groups if group.key not in known]
            wanted += [key for key in _first_pages(fresh, collapsed) if key not in wanted]
            read_pages = {
                (key, number): source.page(whole, key, number * PAGE, PAGE, counts[key])
                for key, number in wanted
            }
            return _Answer(serial, query, groups, read_pages)

        self._jobs.on_reader(read, self._on_list, self._on_failed, key=(id(self), "list"))

    def _refresh_now(self) -> None:
        same = self._wanted_query == self._query
        pages = self._visible or self._pages.held()[-_AT_ONCE:]
        self._request_list(pages if same else [])

    def ask_for(self, key: PageKey) -> None:
        """Fetch a page soon, before those asked for earlier."""
        # Asked for last means on the screen now: it goes first.
        self._wanted.pop(key, None)
        self._wanted[key] = None
        if not self._fetching:
            self._fetch_soon.start()

    def _fetch_pages(self) -> None:
        query = self._query
        if query is None or self._fetching:
            return
        keys = [key for key in self._wanted if key not in self._pages and self._exists(key)]
        keys = keys[-_AT_ONCE:]
        self._wanted.clear()
        if not keys:
            return
        self._fetching = True
        serial, open_source = self._serial, self._open_source
        counts = {group.key: group.count for group in self._groups}
        whole = query._replace(custom=self._own)

        def read(context: object) -> _Answer:
            source = open_source(context)
            pages = {
                (key, number): source.page(whole, key, number * PAGE, PAGE, counts[key])
                for key, number in keys
            }
            return _Answer(serial, query, [], pages)

        self._jobs.on_reader(read, self._on_pages, self._on_pages_failed, key=(id(self), "pages"))

    def _on_pages(self, answer: _Answer) -> None:
        self._fetching = False
        if answer.serial != self._serial:
            # The list is being read anew, and places may have moved: ask again afterwards.
            self._wanted |= dict.fromkeys(answer.pages)
        else:
            for key, rows in answer.pages.items():
                self._pages.put(key, rows)
                self.tell_changed(key, range(len(rows)))
        if self._wanted:
            self._fetch_soon.start()

    def _on_pages_failed(self, error: Exception) -> None:
        self._fetching = False
        self.failed.emit(error)

    def _on_failed(self, error: Exception) -> None:
        self._set_loading(False)
        self.failed.emit(error)

    def _on_ids(self, answer: tuple[ListQuery, list[bytes]]) -> None:
        query, ids = answer
        if query == self._query:
            self._ticked = dict.fromkeys(ids)
            self._on_ticks_changed()

    def _on_list(self, answer: _Answer) -> None:
        if answer.serial != self._serial:
            return
        self.about_to_change.emit()
        if answer.query == self._query and self.can_merge(answer.groups):
            self.merge(answer.groups, answer.pages)
        else:
            self._query = answer.query
            self._pages.clear()
            for key, rows in answer.pages.items():
                self._pages.put(key, rows)
            self.lay_anew(answer.groups, flat=not answer.query.group)
        self._set_loading(False)
        self.changed.emit()

    def _on_columns_changed(self) -> None:
        self.about_to_change.emit()
        self._keys = self._columns.shown
        known, self._own = set(self._own), self._columns.custom
        if self._query is not None:
            self.lay_anew(self._groups, flat=self._flat)
        self.changed.emit()
        if set(self._own) - known:
            self.refresh()  # the rows here were read without that field

    def _on_ticks_changed(self) -> None:
        self.ticks_changed.emit(len(self._ticked))

    def _set_loading(self, loading: bool) -> None:
        if loading != self._loading:
            self._loading = loading
            self.loading_changed.emit(loading)


_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.CheckStateRole,
        Qt.ItemDataRole.AccessibleTextRole,
        ROW_ROLE,
    }
)


def _group_data(group: Group, column: int, role: int) -> str | None:
    if column == 0 and role == Qt.ItemDataRole.DisplayRole:
        return group.label
    if column == 0 and role == Qt.ItemDataRole.AccessibleTextRole:
        return cells.spoken_group(group)
    return None


def _first_pages(groups: list[Group], collapsed: set[str]) -> list[PageKey]:
    """Choose the pages of the first screen: open bands from the top until it is full."""
    chosen: list[PageKey] = []
    rows = 0
    for group in groups:
        if group.key not in collapsed and rows < _FIRST_ROWS:
            chosen.append((group.key, 0))
            rows += group.count
    return chosen


def _single_shot(owner: QObject, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(0)
    timer.timeout.connect(slot)
    return timer
