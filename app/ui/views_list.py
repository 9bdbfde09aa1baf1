"""The list of views in the sidebar: its model, how its lines are painted, and its keys.

Headings are items that cannot be chosen, so a screen reader walks through views only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import icons, theme
from app.ui.views import BUILT_IN, SAVED, SECTION_TITLES, View
from app.ui.widgets.row_ground import paint_ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

Index = QModelIndex | QPersistentModelIndex
VIEW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
COUNT_ROLE = VIEW_ROLE + 1
WIDTH = 224
NARROW = 56


class ViewsModel(QAbstractListModel):
    """Headings (str) and views in one list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[str | View] = []
        self._counts: dict[str, int] = {}
        self.show_views(BUILT_IN, ())

    def show_views(self, views: Sequence[View], counts: Sequence[int]) -> None:
        """Show these views; the lines are laid anew only when they differ."""
        lines: list[str | View] = []
        section = ""
        for view in views:
            if view.section != section:
                section = view.section
                lines.append(section)
            lines.append(view)
        fresh = {view.key: n for view, n in zip(views, counts, strict=False)}
        if lines != self._lines:
            self.beginResetModel()
            self._lines, self._counts = lines, fresh
            self.endResetModel()
        elif fresh != self._counts:
            self._counts = fresh
            self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Count headings and views."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let views be chosen, headings not."""
        if not index.isValid() or isinstance(self._lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, the sentence for a screen reader, the view and its count."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if isinstance(line, str):
            if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
                return QCoreApplication.translate("Views", SECTION_TITLES[line])
            return None
        count = self._counts.get(line.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return line.name if count is None else f"{line.name}, {count}"
        if role == VIEW_ROLE:
            return line
        if role == COUNT_ROLE:
            return count
        return None

    def row_of(self, key: str) -> int:
        """Return the row of a view, -1 when there is none."""
        for row, line in enumerate(self._lines):
            if isinstance(line, View) and line.key == key:
                return row
        return -1

    def views(self) -> list[View]:
        """Return the views in order."""
        return [line for line in self._lines if isinstance(line, View)]

    def count_of(self, key: str) -> int:
        """Return how many incidents a view holds; 0 until it was counted."""
        return self._counts.get(key, 0)


class ViewsDelegate(QStyledItemDelegate):
    """Paints a heading or a view: icon, name, count or badge."""

    narrow = False
    elsewhere = False
    """Whether a page that is no view is in front: then no view is painted as the chosen one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return 30 px for a view and for a heading, more for larger text."""
        del option
        now = theme.current()
        height = max(now.px(30), QFontMetrics(now.font()).height() + 8)
        if index.data(VIEW_ROLE) is None:
            height = now.px(8 if self.narrow else 30)
        return QSize(now.px(NARROW if self.narrow else WIDTH) - 20, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        now = theme.current()
        painter.save()
        rect: QRect = option.rect
        view = index.data(VIEW_ROLE)
        if view is None:
            if not self.narrow:
                painter.setFont(now.font("small", 600))
                painter.setPen(now.colour("text2"))
                room = rect.adjusted(now.px(9), now.px(4), -now.px(9), 0)
                _write(painter, option, room, index.data(), Qt.AlignmentFlag.AlignLeading)
        else:
            self._paint_view(painter, option, rect, index, view)
        painter.restore()

    def _paint_view(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRect,
        index: Index,
        view: View,
    ) -> None:
        now = theme.current()
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected) and not self.elsewhere
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(0, 1, 0, -1)
        paint_ground(painter, box, state, chosen=chosen)
        side = now.px(17)
        ink = now.tokens.accent if chosen else now.tokens.text2
        left = (rect.width() - side) // 2 if self.narrow else now.px(9)
        place = QRect(rect.left() + left, rect.center().y() - side // 2, side, side)
        direction = option.direction
        place = QStyle.visualRect(direction, rect, place)
        painter.drawPixmap(
            place.topLeft(), icons.pixmap(view.icon, ink, side, option.widget.devicePixelRatioF())
        )
        count = index.data(COUNT_ROLE)
        if self.narrow:
            return
        room = rect.adjusted(now.px(34), 0, -now.px(10), 0)
        if count is not None:
            room.setRight(room.right() - self._paint_count(painter, option, rect, view, count))
        painter.setFont(now.font("body", 600 if chosen else 400))
        painter.setPen(now.colour("text"))
        metrics = QFontMetrics(painter.font())
        name = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        _write(painter, option, room, name, Qt.AlignmentFlag.AlignLeading, within=rect)

    def _paint_count(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRect,
        view: View,
        count: int,
    ) -> int:
        now = theme.current()
        badge = view.tone if count else ""
        font = now.font("small", 650 if badge else 400, tabular=True)
        painter.setFont(font)
        text = f"{count:,}" if count < 100_000 else f"{count // 1000}k"
        width = QFontMetrics(font).horizontalAdvance(text)
        pill = QRect(0, 0, max(width + now.px(12), now.px(22)), now.px(20))
        baseline = _baseline(rect, now.font("body"))
        pill.moveRight(rect.right() - now.px(6))
        pill.moveTop(baseline - (QFontMetrics(font).capHeight() + pill.height()) // 2)
        direction = option.direction
        pill = QStyle.visualRect(direction, rect, pill)
        if badge:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour(f"{badge}.tint"))
            painter.drawRoundedRect(QRectF(pill), pill.height() / 2, pill.height() / 2)
        painter.setPen(now.colour(badge or "text2"))
        at = pill.left() + (pill.width() - width) // 2
        if not badge:  # numbers end under each other, and on the line of the name
            mirrored = direction == Qt.LayoutDirection.RightToLeft
            at = pill.left() + now.px(6) if mirrored else pill.right() + 1 - now.px(6) - width
        painter.drawText(at, baseline, text)
        return pill.width()


def _baseline(rect: QRect, font: QFont) -> int:
    """Return the line on which a text of a font stands that is centred in a rectangle."""
    metrics = QFontMetrics(font)
    return rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent()


def _write(
    painter: QPainter,
    option: QStyleOptionViewItem,
    room: QRect,
    text: str,
    align: Qt.AlignmentFlag,
    *,
    within: QRect | None = None,
) -> None:
    direction = option.direction
    whole: QRect = within if within is not None else option.rect
    flags = QStyle.visualAlignment(direction, align) | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QStyle.visualRect(direction, whole, room), flags, text)


class ViewsList(QListView):
    """The list of views: one Tab stop, arrows walk, Alt+Up and Alt+Down order the saved ones."""

    move_requested = Signal(str, int)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all lines in one stretch, with the interpreter's lock held (see QueueTree)."""
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Alt+Up and Alt+Down for the order of saved views."""
        view = self.currentIndex().data(VIEW_ROLE)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        step = steps.get(Qt.Key(event.key()))
        if alt and step and isinstance(view, View) and view.section == SAVED:
            self.move_requested.emit(view.title, step)
            return
        super().keyPressEvent(event)
