"""The pages of a report as a real list: one item a page, so that a screen reader meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
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
_GAP, _STEP = 12, 40
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
        page: QPixmap = index.data(PAGE_ROLE)
        return page.deviceIndependentSize().toSize() + QSize(0, theme.current().px(_GAP))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the page, and a ring around the current one while the list has the focus."""
        page: QPixmap = index.data(PAGE_ROLE)
        size = page.deviceIndependentSize().toSize()
        left = option.rect.left() + max(0, (option.rect.width() - size.width()) // 2)
        painter.drawPixmap(left, option.rect.top(), page)
        view = self.parent()
        if isinstance(view, PageList) and view.hasFocus() and index == view.currentIndex():
            painter.setPen(QPen(theme.current().colour("focus"), 2))
            painter.drawRect(QRectF(left, option.rect.top(), size.width(), size.height()))


class PageList(QListWidget):
    """Arrows and Page keys scroll; the page in the middle is the current one."""

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
        item = QListWidgetItem()
        item.setData(PAGE_ROLE, page)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        self.addItem(item)
        if self.count() == 1:
            self.setCurrentItem(item)
        return item

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
