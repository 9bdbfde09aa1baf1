"""The pages of a report as a real list: one item a page, so that a screen reader meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractSlider,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

PAGE_ROLE = Qt.ItemDataRole.UserRole
SIZE_ROLE = Qt.ItemDataRole.UserRole + 1
_GAP, _STEP = 12, 40
KEPT_PAGES = 40
"""Painted pages on either side of the current one that are kept: each takes some megabytes."""
_AHEAD = 3
_BLANK = Qt.GlobalColor.white
"""A page that is not painted yet: paper."""
_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class PageDelegate(QStyledItemDelegate):
    """Paints a page as it is, in the middle of the list."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of the page and the gap below it."""
        del option
        size: QSize = index.data(SIZE_ROLE)
        return size + QSize(0, theme.current().px(_GAP))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the page, and a ring around the current one while the list has the focus."""
        page: QPixmap | None = index.data(PAGE_ROLE)
        size: QSize = index.data(SIZE_ROLE)
        left = option.rect.left() + max(0, (option.rect.width() - size.width()) // 2)
        if page is None:
            painter.fillRect(QRectF(left, option.rect.top(), size.width(), size.height()), _BLANK)
        else:
            painter.drawPixmap(left, option.rect.top(), page)
        view = self.parent()
        if isinstance(view, PageList) and view.hasFocus() and index == view.currentIndex():
            painter.setPen(QPen(theme.current().colour("focus"), 2))
            painter.drawRect(QRectF(left, option.rect.top(), size.width(), size.height()))


class PageList(QListWidget):
    """Arrows and Page keys scroll; the page in the middle is the current one.

    Pages may be added before they are painted; those that are far away are forgotten again, so a
    report of any length can be looked at.
    """

    scrolled = Signal()
    """Other pages may be wanted now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(PageDelegate(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setAutoScroll(False)
        self.verticalScrollBar().setSingleStep(theme.current().px(_STEP))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def add_page(self, page: QPixmap, name: str) -> QListWidgetItem:
        """Add a page under the name that is read out."""
        item = self.add_blank(page.deviceIndependentSize().toSize(), name)
        item.setData(PAGE_ROLE, page)
        return item

    def add_blank(self, size: QSize, name: str) -> QListWidgetItem:
        """Add a page that is painted when it is wanted."""
        item = QListWidgetItem()
        item.setData(SIZE_ROLE, size)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        self.addItem(item)
        if self.count() == 1:
            self.setCurrentItem(item)
        return item

    def fill(self, row: int, page: QPixmap) -> None:
        """Show a page as it was painted, and forget those that are far away."""
        item = self.item(row)
        if item is None:
            return
        item.setData(PAGE_ROLE, page)
        here = self.currentRow()
        for other in (*range(here - KEPT_PAGES), *range(here + KEPT_PAGES + 1, self.count())):
            if self.item(other).data(PAGE_ROLE) is not None:
                self.item(other).setData(PAGE_ROLE, None)

    def wanted(self) -> int:
        """Return the row of the page to paint next, -1 when all that are in sight are painted."""
        here: int = max(self.currentRow(), 0)
        for ahead in (*range(_AHEAD + 1), -1, -2):
            row: int = here + ahead
            item = self.item(row) if row >= 0 else None
            if item is not None and item.data(PAGE_ROLE) is None:
                return row
        return -1

    def is_near_end(self) -> bool:
        """Tell whether the last page is in sight, or soon will be."""
        return bool(self.currentRow() + _AHEAD >= self.count() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the keys that scroll any document."""
        action = _SCROLLS.get(Qt.Key(event.key()))
        if action is None:
            event.ignore()
        else:
            self.verticalScrollBar().triggerAction(action)

    def _on_scrolled(self, _value: int) -> None:
        item = self.itemAt(self.viewport().rect().center())
        if item is not None and item is not self.currentItem():
            self.setCurrentItem(item)
            self.scrolled.emit()
