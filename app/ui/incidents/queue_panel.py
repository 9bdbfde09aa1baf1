"""The queue: header with filter, a bar for the quick log, and the list in the order of work.

The panel turns a view and a filter line into the query of its model, keeps the selection over every
change, and shows a state in place of an empty list (ux.md 2.1). GUI thread only.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.domain import filter_language
from app.domain.errors import KnownError
from app.domain.incident import EntityId
from app.domain.listing import ListQuery, ListRow
from app.services import browsing
from app.ui.incidents.columns import ColumnModel
from app.ui.incidents.filter_field import FilterField
from app.ui.incidents.kept_selection import KeptSelection
from app.ui.incidents.list_source import DeskList, Heading, heading
from app.ui.incidents.own_columns import OwnColumns
from app.ui.incidents.queue_columns import QueueClock, QueueColumns
from app.ui.incidents.queue_delegate import QueueDelegate
from app.ui.incidents.queue_header import QueueHeader
from app.ui.incidents.queue_model import ROW_ROLE, QueueModel, system_now_ms
from app.ui.incidents.queue_tree import QueueTree
from app.ui.tab_order import chain, stops

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.ui.incidents.bulk_bar import BulkBar
    from app.ui.incidents.queue_states import QueueState
    from app.ui.workbench import Workbench

SLOW_MS = 300
SEEN_MS = 30


class QueuePanel(QWidget):
    """The middle pane."""

    chosen = Signal(object)
    """The id of the current incident."""
    activated = Signal(object)
    selection_changed = Signal(list)
    new_requested = Signal()
    modified_changed = Signal(bool)
    save_requested = Signal()
    save_as_requested = Signal()
    context_menu_requested = Signal(QPoint)
    more_requested = Signal(QPoint)
    sample_requested = Signal()
    next_view_requested = Signal()

    def __init__(
        self,
        workbench: Workbench,
        parent: QWidget | None = None,
        now_ms: Callable[[], int] = system_now_ms,
    ) -> None:
        super().__init__(parent)
        self._bench, self._now_ms = workbench, now_ms
        self._view, self._view_filter, self._saved = "", "", False
        self._group = "sla"
        self._next_view = ""
        self.wanted: EntityId | None = None
        self._laying = False
        self.columns = ColumnModel(self)
        self.own_columns = OwnColumns(workbench, self.columns, self)
        self.model = QueueModel(workbench.jobs, DeskList, self.columns, now_ms, self)
        self.delegate = QueueDelegate(self.model, now_ms, self)
        self.tree = QueueTree(self.model, self.delegate, self)
        self._kept = KeptSelection(self.tree, self.model)
        self.fitter = QueueColumns(self.tree, self.model, self.columns, self.delegate)
        self.clock = QueueClock(self.tree, self.model, now_ms)
        self.filter = FilterField(workbench, self)
        self._build()
        self._connect()

    @cached_property
    def state(self) -> QueueState:
        """Return what stands in place of a list, made for the first list that is empty."""
        from app.ui.incidents.queue_states import QueueState

        state = QueueState(self)
        self.body.addWidget(state)
        state.filter_cleared.connect(self._on_reset)
        state.finished_too_requested.connect(self._on_finished_too)
        state.sample_requested.connect(self.sample_requested)
        state.next_view_requested.connect(self.next_view_requested)
        state.try_again_requested.connect(self._ask)
        chain([self.tree, *stops(state)])
        return state

    @cached_property
    def bulk(self) -> BulkBar:
        """Return the bar for several incidents, made when several are chosen first."""
        from app.ui.incidents.bulk_bar import BulkBar

        bulk = BulkBar(self.head)
        self.head.addWidget(bulk)
        bulk.command_requested.connect(self._bench.command_requested)
        bulk.more_requested.connect(self.more_requested)
        bulk.cleared.connect(self._on_bulk_cleared)
        chain([self.head.new, *stops(bulk)])
        return bulk

    # --- what others ask -------------------------------------------------------------------------

    def show_view(self, title: str, filter_text: str, state: dict[str, Any] | None = None) -> None:
        """Show a view: its filter replaces the one that stands, `state` what it saved beside it."""
        self._view, self._view_filter, self._saved = title, filter_text, bool(state)
        self._group = str((state or {}).get("group") or "sla")
        self.fitter.sort = str((state or {}).get("sort") or "sla")
        self.head.title.setText(title)
        self.tree.setAccessibleName(title)
        self.columns.restore_view(state or {})
        if self.filter.text() == filter_text:
            self._on_filter_changed(filter_text)
        else:
            self.filter.setText(filter_text)
            self.filter.setCursorPosition(0)

    def filter_text(self) -> str:
        """Return the filter as it stands."""
        return self.filter.text()

    def save_state(self) -> dict[str, Any]:
        """Return grouping, order, columns, widths and density, for a saved view."""
        return {"group": self._group, "sort": self.fitter.sort, **self.columns.save()}

    def insert_bar(self, bar: QWidget) -> None:
        """Place the quick-log bar between the header and the list."""
        self._above.addWidget(bar)

    def total(self) -> int:
        """Return how many incidents the list holds."""
        return self.model.total

    def current(self) -> EntityId | None:
        """Return the current incident."""
        row = self.tree.currentIndex().data(ROW_ROLE)
        return EntityId(row.id) if isinstance(row, ListRow) else None

    def selected_rows(self) -> list[ListRow]:
        """Return the selected rows, as far as they are loaded."""
        rows = [index.data(ROW_ROLE) for index in self.tree.selectionModel().selectedRows()]
        return [row for row in rows if isinstance(row, ListRow)]

    def headings(self) -> list[Heading]:
        """Return what a command works on: all that is ticked, loaded or not, else the selection."""
        return self.model.ticked_headings() or [heading(row) for row in self.selected_rows()]

    def selected(self) -> list[EntityId]:
        """Return the ids of what a command works on."""
        return [EntityId(one.id) for one in self.headings()]

    def select(self, uid: EntityId) -> None:
        """Make an incident the current one, now or when the list that holds it arrives."""
        self.wanted = uid
        self._select_wanted()

    def step(self, by: int) -> None:
        """Go to the next or previous incident."""
        self.tree.step(by)

    def tick_current(self) -> None:
        """Tick or untick the selected incidents for bulk."""
        rows = self.tree.selectionModel().selectedRows() or [self.tree.currentIndex()]
        self.model.toggle_tick(rows)

    def focus_filter(self) -> None:
        """Put the cursor in the filter field, its text selected."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def choose_columns(self) -> None:
        """Open the column chooser."""
        from app.ui.incidents.column_chooser import ColumnChooser

        self.own_columns.read()
        ColumnChooser(self.columns, self).open()

    def set_roomy(self, roomy: bool) -> None:
        """Hide the age and show assignees as initials in a narrower window (ux.md 1)."""
        self.fitter.set_roomy(roomy)

    def set_next_view(self, name: str) -> None:
        """Name the view that an empty list offers to go to, "" for none."""
        self._next_view = name

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head = QueueHeader(self.filter, self)
        self._above = QVBoxLayout()
        self._above.setContentsMargins(16, 10, 16, 4)
        self._above.setSpacing(10)
        self._above.addWidget(self.head)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(2)
        self.progress.setAccessibleName(self.tr("Loading"))
        self.progress.hide()
        self.body = QStackedWidget(self)
        self.body.addWidget(self.tree)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._above)
        layout.addWidget(self.progress)
        layout.addWidget(self.body, 1)

    def _connect(self) -> None:
        self.slow = QTimer(self)
        self._seen = QTimer(self)
        for timer, after_ms, run in (
            (self.slow, SLOW_MS, self.progress.show),
            (self._seen, SEEN_MS, self.clock.look),
        ):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
            timer.timeout.connect(run)
        self.filter.textChanged.connect(self._on_filter_changed)
        self.filter.left.connect(self._on_filter_left)
        self.head.reset_requested.connect(self._on_reset)
        self.head.save_requested.connect(self.save_requested)
        self.head.save_as_requested.connect(self.save_as_requested)
        self.head.columns_requested.connect(self.choose_columns)
        self.head.new_requested.connect(self.new_requested)
        self.model.about_to_change.connect(self._on_about_to_change)
        self.model.changed.connect(self._on_changed)
        self.model.loading_changed.connect(self._on_loading_changed)
        self.model.failed.connect(self._on_failed)
        self.model.ticks_changed.connect(self._on_ticks_changed)
        self.fitter.sort_requested.connect(self._ask)
        tree = self.tree
        tree.opened.connect(self._on_opened)
        tree.all_requested.connect(self.model.tick_all)
        tree.customContextMenuRequested.connect(self._on_context_menu)
        tree.selectionModel().currentChanged.connect(self._on_current_changed)
        tree.selectionModel().selectionChanged.connect(self._on_selection_changed)
        tree.verticalScrollBar().valueChanged.connect(self._seen.start)
        tree.header().customContextMenuRequested.connect(self.choose_columns)
        self._bench.bus.published.connect(self._on_published)

    # --- the query -------------------------------------------------------------------------------

    def _ask(self, *_sort: str) -> None:
        text = self.filter.text()
        read = filter_language.parse(text)
        group = self._group if read.group is None else read.group
        self.model.show_query(
            ListQuery(text, "" if group == "none" else group, read.sort or self.fitter.sort)
        )

    def _on_filter_changed(self, text: str) -> None:
        modified = text != self._view_filter
        self.head.show_modified(modified, saved=self._saved)
        self.modified_changed.emit(modified)
        self._ask()

    def _on_filter_left(self) -> None:
        self.tree.setFocus()
        if self.current() is None:
            self.tree.step(+1)

    def _on_reset(self) -> None:
        self.filter.setText(self._view_filter)

    def _on_finished_too(self) -> None:
        from app.ui.incidents.queue_states import with_finished

        self.filter.setText(with_finished(self.filter.text()))

    def _on_published(self, changes: ChangeSet) -> None:
        # A renamed person or category changes words in rows that were not touched themselves.
        if changes.kinds - {"setting", "draft", "saved_view"}:
            self.model.refresh()

    # --- what has arrived ------------------------------------------------------------------------

    def _on_about_to_change(self) -> None:
        self._kept.note()
        self._laying = True

    def _on_changed(self) -> None:
        for ordinal, group in enumerate(self.model.groups):
            index, open_ = self.model.index(ordinal, 0), group.key not in self.model.collapsed
            if not self.model.flat and self.tree.isExpanded(index) != open_:
                self.tree.setExpanded(index, open_)
        self.fitter.lay()
        self._kept.restore()
        self._laying = False
        if "state" in vars(self):
            self.state.end_error()
        self._show_state()
        self._select_wanted()
        if self.model.counted:
            self.head.count_label.setText(f"{self.model.total:,}")
            self._on_selection_changed()
        self._seen.start()

    def _select_wanted(self) -> None:
        if self.wanted is None:
            return
        index = self.model.index_of(self.wanted)
        if index.isValid():
            self.wanted = None
            flags = QItemSelectionModel.SelectionFlag
            self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.tree.scrollTo(index)

    def _show_state(self) -> None:
        if self.model.total:
            self.body.setCurrentWidget(self.tree)
            return
        from app.ui.incidents.queue_states import with_finished

        text, other = self.filter.text(), with_finished(self.filter.text())
        self._bench.read(
            lambda desk: browsing.counts(desk, ["", other if other != text else text]),
            self._on_empty_counted,
            key="queue-empty",
        )

    def _on_empty_counted(self, counts: list[int]) -> None:
        if self.model.total:
            return
        everything, finished = counts
        if not everything:
            self.state.show_first_run()
        elif self.filter.text() == self._view_filter:
            self.state.show_empty(self._view, self._next_view)
        else:
            self.state.show_no_match(self.filter.text(), finished)
        self.body.setCurrentWidget(self.state)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            raise error
        if self.model.total:
            self._bench.say(error.message, "danger")
        else:
            self.state.show_error(error.message, f"{error.code}: {error.message}")
            self.body.setCurrentWidget(self.state)

    def _on_loading_changed(self, loading: bool) -> None:
        if loading:
            self.slow.start()
        else:
            self.slow.stop()
            self.progress.hide()

    # --- the person ------------------------------------------------------------------------------

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if not self._laying and isinstance(row, ListRow):
            self.chosen.emit(EntityId(row.id))

    def _on_selection_changed(self) -> None:
        if self._laying:
            return
        ids = self.selected()
        several = len(ids) > 1 or self.model.has_ticks
        if several or "bulk" in vars(self):
            self.bulk.show_count(len(ids))
            self.head.show_bulk(several)
        self.selection_changed.emit(ids)

    def _on_ticks_changed(self, _count: int) -> None:
        self.tree.viewport().update()
        self._on_selection_changed()

    def _on_bulk_cleared(self) -> None:
        self.model.clear_ticks()
        index = self.tree.currentIndex()
        flags = QItemSelectionModel.SelectionFlag
        self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.tree.setFocus()

    def _on_opened(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, ListRow):
            self.activated.emit(EntityId(row.id))

    def _on_context_menu(self, at: QPoint) -> None:
        if self.model.row(self.tree.indexAt(at)) is not None:
            self.context_menu_requested.emit(self.tree.viewport().mapToGlobal(at))
