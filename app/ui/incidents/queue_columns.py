"""How wide the columns of the list are, and what its header says; and the ticking of its clocks.

Both watch the tree and its model, and keep nothing that the person did not choose. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHeaderView

from app.ui import theme
from app.ui.incidents.columns import STRETCHED, column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.listing import ListRow
    from app.ui.incidents.columns import ColumnModel
    from app.ui.incidents.queue_delegate import QueueDelegate
    from app.ui.incidents.queue_model import QueueModel
    from app.ui.incidents.queue_tree import QueueTree

MINUTE_MS, SECOND_MS = 60_000, 1_000
TICKS_BY_SECOND_BELOW_MS = 5 * MINUTE_MS
_LEADING_EXTRA = 18
_INITIALS = 38


class QueueColumns(QObject):
    """Gives every column its width and keeps those that the person drags."""

    sort_requested = Signal(str)

    def __init__(
        self, tree: QueueTree, model: QueueModel, columns: ColumnModel, delegate: QueueDelegate
    ) -> None:
        super().__init__(tree)
        self._tree, self._model = tree, model
        self._columns, self._delegate = columns, delegate
        self._laying = False
        self.sort = "sla"
        header = tree.header()
        header.sectionClicked.connect(self._on_section_clicked)
        header.sectionResized.connect(self._on_section_resized)
        columns.density_changed.connect(self._on_density_changed)
        theme.current().changed.connect(self.lay)

    def lay(self) -> None:
        """Give the columns their widths; the summary fills what is left."""
        header, now = self._tree.header(), theme.current()
        mode = QHeaderView.ResizeMode
        roomy = self._delegate.roomy
        self._laying = True
        for section, key in enumerate(self._model.keys):
            fills = key == STRETCHED
            wanted = mode.Stretch if fills else mode.Interactive
            if header.sectionResizeMode(section) != wanted:
                header.setSectionResizeMode(section, wanted)  # lays all sections anew
            header.setSectionHidden(section, key == "age" and not roomy)
            if not fills:
                width = self._columns.width(key)
                if key == "assignee" and not roomy:
                    width = _INITIALS
                extra = 0 if section else _LEADING_EXTRA
                header.resizeSection(section, now.px(width) + extra)
        self._model.set_bare({"assignee"} if not roomy else set())
        self._laying = False
        self._show_sort()

    def set_roomy(self, roomy: bool) -> None:
        """Hide the age and show assignees as initials in a narrower window (ux.md 1)."""
        if roomy != self._delegate.roomy:
            self._delegate.roomy = roomy
            self.lay()

    def _show_sort(self) -> None:
        keys = [column(key).sort for key in self._model.keys]
        bare = self.sort.removeprefix("-")
        down = self.sort.startswith("-")
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self._tree.header().setSortIndicator(keys.index(bare) if bare in keys else -1, order)

    def _on_section_clicked(self, section: int) -> None:
        sort = column(self._model.keys[section]).sort
        if sort:
            self.sort = f"-{sort}" if self.sort == sort else sort
            self._show_sort()
            self.sort_requested.emit(self.sort)

    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        if self._laying or section >= len(self._model.keys):
            return
        key = self._model.keys[section]
        dragged = self._tree.header().underMouse()  # else Qt itself made room
        if key != STRETCHED and width and dragged and self._delegate.roomy:
            extra = 0 if section else _LEADING_EXTRA
            self._columns.set_width(key, round((width - extra) * 100 / theme.current().px(100)))

    def _on_density_changed(self) -> None:
        self._delegate.density = self._columns.density
        self._delegate.forget()
        self._tree.doItemsLayout()


class QueueClock(QObject):
    """Lets the clocks of visible rows tick: by the minute, by the second below five minutes."""

    def __init__(self, tree: QueueTree, model: QueueModel, now_ms: Callable[[], int]) -> None:
        super().__init__(tree)
        self._tree, self._model, self._now_ms = tree, model, now_ms
        self._minutes = self._timer(MINUTE_MS, self._on_minute)
        self._seconds = self._timer(SECOND_MS, self._on_second)
        self._minutes.start()

    @property
    def by_second(self) -> bool:
        """Tell whether a clock on the screen has less than five minutes left."""
        return self._seconds.isActive()

    def look(self) -> None:
        """Tell the model what is on the screen, and choose how often to tick."""
        self._model.set_visible(self._tree.visible_pages())
        soon = any(
            row.due_ms and 0 < row.due_ms - self._now_ms() < TICKS_BY_SECOND_BELOW_MS
            for row in self._visible_rows()
        )
        if soon and not self.by_second:
            self._seconds.start()
        elif not soon:
            self._seconds.stop()

    def _visible_rows(self) -> Iterator[ListRow]:
        tree = self._tree
        index, bottom = tree.indexAt(QPoint(1, 1)), tree.viewport().height()
        while index.isValid() and tree.visualRect(index).top() <= bottom:
            row = self._model.row(index)
            if row is not None:
                yield row
            index = tree.indexBelow(index)

    def _on_minute(self) -> None:
        # Time alone moves rows from one band to the next.
        self._model.refresh()
        self._tree.viewport().update()

    def _on_second(self) -> None:
        self._tree.viewport().update()

    def _timer(self, every_ms: int, run: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(run)
        return timer
