"""Rows of a list that have a title and a quieter second line: problems, articles."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import theme
from app.ui.widgets.row_ground import paint_ground

_SECOND = Qt.ItemDataRole.UserRole + 100
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeading)
Index = QModelIndex | QPersistentModelIndex


class TitledRows(QListWidget):
    """A list of titles; each wraps, and its second line is cut where it has no room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "nav")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSpacing(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(self))

    def add(self, title: str, second: str, data: object) -> QListWidgetItem:
        """Add a row; `data` is found under the user role."""
        item = QListWidgetItem(title)
        item.setData(_SECOND, second)
        item.setData(Qt.ItemDataRole.UserRole, data)
        spoken = f"{title}, {second}".replace(" \N{MIDDLE DOT} ", ", ")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.addItem(item)
        return item


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of the wrapped title and the second line."""
        now = theme.current()
        widget: QWidget = option.widget
        width = (widget.viewport() if isinstance(widget, QListWidget) else widget).width()
        room = width - 2 * now.px(10) - 4
        height = _title_height(index.data(), now.font("body", 600), room)
        height += QFontMetrics(now.font("small")).height()
        return QSize(room, height + 2 * now.px(6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground, the title and the second line."""
        now = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, QRectF(rect), state, chosen=chosen)
        room = rect.adjusted(now.px(10), now.px(6), -now.px(10), -now.px(6))
        title = now.font("body", 600)
        height = _title_height(index.data(), title, room.width())
        painter.setFont(title)
        painter.setPen(now.colour("text"))
        painter.drawText(
            QRect(room.left(), room.top(), room.width(), height), _WRAPPED, index.data()
        )
        small = now.font("small")
        painter.setFont(small)
        painter.setPen(now.colour("text2"))
        second = QFontMetrics(small).elidedText(
            str(index.data(_SECOND) or ""), Qt.TextElideMode.ElideRight, room.width()
        )
        below = room.adjusted(0, height, 0, 0)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeading), second)
        painter.restore()


def _title_height(title: str, font: QFont, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAPPED, title).height()
