"""The tree of a payload: Enter, a double click or the menu key asks what a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.ui import theme
from app.ui.alerts.payload_model import NAME, TAKEN_AS, VALUE, PayloadModel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_OPEN_DEPTH, _OPEN_ROWS = 3, 200
_ENTER = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter))


class _RoomyRows(QStyledItemDelegate):
    """Gives each row the height of a target that is easily hit (ux.md, 8)."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a cell."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), theme.current().px(26)))


class PayloadTree(QTreeView):
    """Shows one document; its first levels stand open."""

    asked = Signal(QModelIndex)
    """What is this value?"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.payload = PayloadModel(self)
        self.setModel(self.payload)
        self.setAccessibleName(self.tr("The payload as a tree"))
        self.setTabKeyNavigation(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(_RoomyRows(self))
        header = self.header()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(self.asked)

    def show_document(self, document: Any) -> None:
        """Show another document, with its first value chosen."""
        self.payload.show_document(document)
        self._open(QModelIndex(), 0)
        px = theme.current().px
        for column, width in ((NAME, 190), (TAKEN_AS, 100)):
            self.setColumnWidth(column, px(width))
        self.setCurrentIndex(self.payload.index(0, NAME))

    def _open(self, parent: QModelIndex, depth: int) -> None:
        rows = self.payload.rowCount(parent)
        if depth > _OPEN_DEPTH or rows > _OPEN_ROWS:
            return
        for row in range(rows):
            child = self.payload.index(row, NAME, parent)
            if depth < _OPEN_DEPTH and self.payload.rowCount(child) <= _OPEN_ROWS:
                self.expand(child)
            self._open(child, depth + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask what the chosen value is with Enter; the other keys move as in any tree."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.currentIndex().isValid():
                self.asked.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _on_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.setCurrentIndex(index)
        if self.currentIndex().isValid():
            self.asked.emit(self.currentIndex())
