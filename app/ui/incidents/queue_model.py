"""The queue as a real tree, read page by page through the reader lane and kept up to date.

First rows at once and counts behind them, placeholders for what is on its way, pages of 128 rows,
neighbours ahead of time (speed.md); what the lane is asked is in `queue_answers`, the bones in
`queue_skeleton`. GUI thread only; the store is asked in its lane.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.ui.incidents import cells, queue_answers
from app.ui.incidents.columns import column, column_title
from app.ui.incidents.list_source import heading
from app.ui.incidents.queue_answers import Answer, Question
from app.ui.incidents.queue_skeleton import Index, QueueSkeleton

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.changes import ChangeSet
    from app.domain.listing import Group, ListQuery
    from app.ui.incidents.columns import ColumnModel
    from app.ui.incidents.list_source import Heading, ListSource
    from app.ui.incidents.queue_pages import PageKey
    from app.ui.jobs import Jobs

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `ListRow`, None for a group or for a row that is still on its way."""

_AT_ONCE = 4


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
        self.counted = False
        """Whether the bands are those of the whole list; else of its first rows."""
        self._ticked: dict[bytes, Heading] = {}
        self.collapsed: set[str] = set()
        self._fetch_soon = _single_shot(self, self._fetch_pages)
        self._refresh_soon = _single_shot(self, self._refresh_now)
        columns.changed.connect(self._on_columns_changed)
        self.setColumnCount(len(self._keys))
        self.title_columns()

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

    def ticked_headings(self) -> list[Heading]:
        """Return what is ticked; where its page is not here, as it stood when it was ticked."""
        return [self._as_it_stands(one) for one in self._ticked.values()]

    def _as_it_stands(self, ticked: Heading) -> Heading:
        place = self._pages.place(ticked.id)
        row = None if place is None else self._pages.row(*place)
        return ticked if row is None else heading(row)

    @property
    def has_ticks(self) -> bool:
        """Tell whether anything is ticked."""
        return bool(self._ticked)

    def is_ticked(self, uid: bytes) -> bool:
        """Tell whether an incident is ticked."""
        return uid in self._ticked

    def toggle_tick(self, indexes: Iterable[Index]) -> None:
        """Tick these incidents, or untick them when all of them are ticked."""
        rows = [row for row in map(self.row, indexes) if row is not None]
        if all(row.id in self._ticked for row in rows):
            for row in rows:
                self._ticked.pop(row.id, None)
        else:
            self._ticked.update((row.id, heading(row)) for row in rows)
        self._on_ticks_changed()

    def tick_all(self) -> None:
        """Tick every incident of the list, those not loaded too."""
        query, open_source = self._query, self._open_source
        if query is not None:
            self._jobs.on_reader(
                lambda context: (query, open_source(context).headings(query)),
                self._on_headings,
                self._on_failed,
                key=(id(self), "headings"),
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
            return _group_data(group, index.column(), role, counted=self.counted)
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
            self.title_columns()

    def title_columns(self) -> None:
        """Give the columns their titles, which Qt then keeps: a header asks for dozens a frame."""
        role, across = Qt.ItemDataRole, Qt.Orientation.Horizontal
        for section, key in enumerate(self._keys):
            title = column_title(key)
            edge = Qt.AlignmentFlag.AlignTrailing if column(key).trailing else None
            for what, value in (
                (role.DisplayRole, "" if key in self._bare else title),
                (role.ToolTipRole, title),
                (role.AccessibleTextRole, title),
                (
                    role.TextAlignmentRole,
                    (edge or Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter,
                ),
            ):
                self.setHeaderData(section, across, value, what)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Do nothing: rows are sorted where they are read (`ListQuery.sort`)."""

    # --- fetching --------------------------------------------------------------------------------

    def _request_list(self, pages: list[PageKey]) -> None:
        query = self._wanted_query
        if query is None:
            return
        self._serial += 1
        self._refresh_soon.stop()
        asked, open_source, collapsed = self._ask(query), self._open_source, set(self.collapsed)
        known = {group.key for group in self._groups} if pages else set()
        begun: list[Answer] = []
        fresh = query != self._query

        def begin(context: object) -> Answer:
            begun.append(queue_answers.first_rows(open_source(context), asked))
            return begun[-1]

        def read(context: object) -> Answer:
            here = begun[-1].pages if begun else {}
            return queue_answers.whole_list(
                open_source(context), asked, pages, known, collapsed, here
            )

        # Keys of the person go before all else; a folded band would hide the rows that come first.
        if fresh and not collapsed:
            key = (id(self), "first")
            self._jobs.on_reader(begin, self._on_first, self._on_failed, key=key, urgent=True)
        self._jobs.on_reader(
            read, self._on_list, self._on_failed, key=(id(self), "list"), urgent=fresh
        )

    def _ask(self, query: ListQuery) -> Question:
        whole = query._replace(custom=self._own)
        return Question(self._serial, query, whole, lambda serial: serial == self._serial)

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
        asked, open_source = self._ask(query), self._open_source
        counts = {group.key: group.count for group in self._groups}

        def read(context: object) -> Answer:
            return queue_answers.more_pages(open_source(context), asked, keys, counts)

        self._jobs.on_reader(read, self._on_pages, self._on_pages_failed, key=(id(self), "pages"))

    def _on_pages(self, answer: Answer) -> None:
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

    def _on_headings(self, answer: tuple[ListQuery, list[Heading]]) -> None:
        query, headings = answer
        if query == self._query:
            self._ticked = {one.id: one for one in headings}
            self._on_ticks_changed()

    def _on_first(self, answer: Answer) -> None:
        # Answered after the whole list, or without a row: the whole list says all.
        if answer.serial != self._serial or not answer.groups or answer.query == self._query:
            return
        self.about_to_change.emit()
        self._lay(answer)
        self.changed.emit()

    def _on_list(self, answer: Answer) -> None:
        if answer.serial != self._serial:
            return
        self.about_to_change.emit()
        if answer.query == self._query and self.can_merge(answer.groups):
            self.counted = True
            self.merge(answer.groups, answer.pages)
        else:
            self._lay(answer)
        self._set_loading(False)
        self.changed.emit()

    def _lay(self, answer: Answer) -> None:
        self._query, self.counted = answer.query, answer.counted
        self._pages.clear()
        for key, rows in answer.pages.items():
            self._pages.put(key, rows)
        self.lay_anew(answer.groups, flat=not answer.query.group)

    def _on_columns_changed(self) -> None:
        self.about_to_change.emit()
        self._keys = self._columns.shown
        self.setColumnCount(len(self._keys))
        self.title_columns()
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


def _group_data(group: Group, column: int, role: int, *, counted: bool) -> str | None:
    if column == 0 and role == Qt.ItemDataRole.DisplayRole:
        return group.label
    if column == 0 and role == Qt.ItemDataRole.AccessibleTextRole:
        return cells.spoken_group(group) if counted else group.label
    return None


def _single_shot(owner: QObject, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(0)
    timer.timeout.connect(slot)
    return timer
