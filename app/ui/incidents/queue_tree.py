"""The list of the queue as a real tree view: groups are parent rows, painted over their width.

Arrows, J and K walk over incidents; Enter opens one or folds a group. GUI thread only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from app.system.courtesy import foremost
from app.ui.incidents.queue_delegate import GroupLine
from app.ui.incidents.queue_pages import PAGE
from app.ui.incidents.row_painter import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from app.ui.incidents.queue_delegate import QueueDelegate
    from app.ui.incidents.queue_model import QueueModel
    from app.ui.incidents.queue_pages import PageKey

Index = QModelIndex | QPersistentModelIndex


class QueueTree(QTreeView):
    """A tree of two levels without indentation."""

    opened = Signal(QModelIndex)
    all_requested = Signal()
    first_painted = Signal()
    """Incidents were painted, for the first time."""

    def __init__(self, model: QueueModel, delegate: QueueDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue, self._painter = model, delegate
        self._was_painted = False
        self.setAccessibleName(self.tr("Incidents"))
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setUniformRowHeights(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)
        header = self.header()
        # A style sheet counts sections from the left, and the first one stands at the right there.
        header.setProperty("mirrored", self.isRightToLeft())
        header.setStretchLastSection(False)
        header.setSectionsClickable(True)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(28)
        header.setSortIndicatorShown(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint changed rows anew without asking for their heights, which are fixed by kind.

        A tree of uneven rows would ask each cell of the range for its size: 900 calls for a page.
        """
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all rows in one stretch.

        Qt asks the model and the delegate hundreds of times a frame. Entered from Python, it keeps
        the interpreter's lock in between; else each of those calls would wait for it anew, half a
        millisecond at a time, while another thread imports or makes a report.
        """
        with foremost:
            self._begin_frame()
            super().paintEvent(event)
        if not self._was_painted and self._queue.groups:
            self._was_painted = True
            self.first_painted.emit()

    def _begin_frame(self) -> None:
        """Note what all rows of this frame share, so that none of them asks for it again."""
        header, view = self.header(), self.viewport()
        places = []
        for section, key in enumerate(self._queue.keys):
            width = header.sectionSize(section)
            if width:
                places.append((key, header.sectionViewportPosition(section), width))
        self._mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._ratio = self.devicePixelRatioF()
        self._width = view.width()
        frame = Frame(
            tuple(places),
            self._width,
            self._painter.row_height(),
            self._ratio,
            self._mirrored,
            self._painter.roomy,
            self._queue.has_ticks,
        )
        self._painter.rows.begin(frame, view.height() // frame.height + 1)
        active = self.isActiveWindow() and (self.hasFocus() or sys.platform == "darwin")
        self._chosen_ground = "select" if active else "select_inactive"
        hovered = QModelIndex()
        if view.underMouse():
            hovered = self.indexAt(view.mapFromGlobal(QCursor.pos()))
        self._hovered = self._queue.band(hovered) if hovered.isValid() else None

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """Paint a group or an incident over all columns."""
        rect, place = options.rect, self._queue.band(index)
        if place[1] < 0:
            self._draw_group(painter, rect, index)
            return
        row = self._queue.row_at(*place)
        if self.selectionModel().isSelected(index):
            ground = self._chosen_ground
        else:
            ground = "hover" if place == self._hovered else "surface"
        ticked = row is not None and self._queue.is_ticked(row.id)
        self._painter.rows.draw(painter, rect.top(), row, ground, ticked=ticked)

    def _draw_group(self, painter: QPainter, rect: QRect, index: Index) -> None:
        group = self._queue.group(index)
        if group is None:
            return
        current = self.currentIndex()
        same = (current.row(), current.parent().isValid()) == (index.row(), False)
        line = GroupLine(
            rect.top(),
            self._width,
            rect.height(),
            self._ratio,
            self._mirrored,
            self.isExpanded(index),
            same and self.hasFocus(),
        )
        painter.save()
        self._painter.paint_group(painter, group, line)
        painter.restore()

    def drawBranches(self, painter: QPainter, rect: object, index: Index) -> None:
        """Paint no branches: the group row shows its own mark."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold a group that is clicked."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._queue.group(index) is not None:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))
            self.setCurrentIndex(first)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the incident that is double-clicked."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._queue.group(index) is None:
            self.opened.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, tick all with Ctrl+A; letters never search in the list."""
        index = self.currentIndex()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not control:
            if index.isValid() and self._queue.group(index) is not None:
                first = index.siblingAtColumn(0)
                self.setExpanded(first, not self.isExpanded(first))
            elif index.isValid():
                self.opened.emit(index)
            return
        if event.key() == Qt.Key.Key_A and control:
            self.all_requested.emit()
            return
        if event.text().isprintable() and event.text() and not control:
            event.ignore()
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Paint the line that was current anew in its whole width, which its ring spans."""
        super().currentChanged(current, previous)
        if previous.isValid():
            line = self.visualRect(previous)
            self.viewport().update(0, line.top(), self.viewport().width(), line.height())

    def step(self, by: int) -> bool:
        """Choose the next (+1) or previous (-1) incident; tell whether there is one."""
        index = self.currentIndex()
        if not index.isValid():
            index = self._queue.index(0, 0) if by > 0 else QModelIndex()
            if index.isValid() and self._queue.group(index) is None:
                return self._choose(index)
        while index.isValid():
            index = self.indexBelow(index) if by > 0 else self.indexAbove(index)
            if index.isValid() and self._queue.group(index) is None:
                return self._choose(index)
        return False

    def _choose(self, index: QModelIndex) -> bool:
        flags = QItemSelectionModel.SelectionFlag
        model = self.selectionModel()
        model.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)
        return True

    def _on_expanded(self, index: QModelIndex) -> None:
        group = self._queue.group(index)
        if group is not None:
            self._queue.collapsed.discard(group.key)

    def _on_collapsed(self, index: QModelIndex) -> None:
        group = self._queue.group(index)
        if group is not None:
            self._queue.collapsed.add(group.key)

    def visible_pages(self) -> list[PageKey]:
        """Return the pages on the screen, from the top."""
        found: dict[PageKey, None] = {}
        index = self.indexAt(self.viewport().rect().topLeft())
        bottom = self.viewport().height()
        while index.isValid() and self.visualRect(index).top() <= bottom:
            ordinal, at = self._queue.band(index)
            if at >= 0:
                found.setdefault((self._queue.groups[ordinal].key, at // PAGE))
            index = self.indexBelow(index)
        return list(found)
