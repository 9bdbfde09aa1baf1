"""Paints the lines of the palette: headings, marked letters, what stands aside, keys (ux.md 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import icons, theme

if TYPE_CHECKING:
    from app.ui.palette.rows import Row

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_LINE, _HEADING, _SIDE, _ICON = 36, 28, 12, 16


class PaletteDelegate(QStyledItemDelegate):
    """Paints headings and rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give each line its height."""
        now = theme.current()
        heading = index.data(ROW_ROLE) is None
        least = QFontMetrics(now.font()).height() + 8
        return QSize(0, max(now.px(_HEADING if heading else _LINE), least))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        painter.save()
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            self._paint_heading(painter, option, index.data())
        else:
            self._paint_row(painter, option, row)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        now = theme.current()
        rect: QRect = option.rect
        painter.setFont(now.font("small", 600))
        painter.setPen(now.colour("text2"))
        room = rect.adjusted(now.px(_SIDE), now.px(4), -now.px(_SIDE), 0)
        _write(painter, option, room, text, Qt.AlignmentFlag.AlignLeading)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        now = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("select" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), now.px(8), now.px(8))
        side = now.px(_ICON)
        place = QRect(rect.left() + now.px(_SIDE), rect.center().y() - side // 2, side, side)
        ink = now.tokens.accent if chosen and not row.reason else now.tokens.text2
        painter.drawPixmap(
            QStyle.visualRect(option.direction, rect, place).topLeft(),
            icons.pixmap(row.icon, ink, side, option.widget.devicePixelRatioF()),
        )
        room = rect.adjusted(now.px(_SIDE + _ICON + 14), 0, -now.px(_SIDE), 0)
        if row.keys and not row.reason:
            room.setRight(room.right() - self._paint_keys(painter, option, room, row.keys))
        aside = row.reason or row.aside
        if aside:
            painter.setFont(now.font("small"))
            painter.setPen(now.colour("text2"))
            metrics = QFontMetrics(painter.font())
            aside = metrics.elidedText(aside, Qt.TextElideMode.ElideRight, room.width() // 2)
            _write(painter, option, room, aside, Qt.AlignmentFlag.AlignTrailing)
            room.setRight(room.right() - metrics.horizontalAdvance(aside) - now.px(12))
        self._paint_title(painter, option, room, row)

    def _paint_title(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, row: Row
    ) -> None:
        """Write the title, run by run: plain letters, and marked ones in the accent."""
        now = theme.current()
        plain, marked = now.font("body"), now.font("body", 650)
        ink = now.colour("text3" if row.reason else "text")
        title = QFontMetrics(plain).elidedText(row.title, Qt.TextElideMode.ElideRight, room.width())
        if not row.spots or option.direction == Qt.LayoutDirection.RightToLeft:
            painter.setFont(plain)
            painter.setPen(ink)
            _write(painter, option, room, title, Qt.AlignmentFlag.AlignLeading)
            return
        left, spots = room.left(), set(row.spots)
        for run, hit in _runs(title, spots):
            font: QFont = marked if hit else plain
            painter.setFont(font)
            painter.setPen(now.colour("link") if hit and not row.reason else ink)
            width = QFontMetrics(font).horizontalAdvance(run)
            painter.drawText(
                QRect(left, room.top(), width + 2, room.height()),
                Qt.AlignmentFlag.AlignVCenter,
                run,
            )
            left += width

    def _paint_keys(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, keys: str
    ) -> int:
        """Paint each key as a chip at the trailing edge; return the width they take."""
        now = theme.current()
        font = now.font("caption", 550)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        right, height = room.right(), now.px(20)
        for key in reversed(keys.replace("++", "+Plus").split("+")):
            name = "+" if key == "Plus" else key
            width = max(metrics.horizontalAdvance(name) + now.px(10), now.px(20))
            chip = QRect(right - width, room.center().y() - height // 2, width, height)
            chip = QStyle.visualRect(option.direction, option.rect, chip)
            painter.setPen(QPen(now.colour("line"), 1))
            painter.setBrush(now.colour("surface"))
            painter.drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(now.colour("text2"))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, name)
            right -= width + now.px(4)
        return room.right() - right + now.px(8)


def _runs(text: str, spots: set[int]) -> list[tuple[str, bool]]:
    """Cut a text where marked and plain letters meet."""
    runs: list[tuple[str, bool]] = []
    for n, letter in enumerate(text):
        hit = n in spots
        if runs and runs[-1][1] == hit:
            runs[-1] = (runs[-1][0] + letter, hit)
        else:
            runs.append((letter, hit))
    return runs


def _write(
    painter: QPainter,
    option: QStyleOptionViewItem,
    room: QRect,
    text: str,
    align: Qt.AlignmentFlag,
) -> None:
    flags = QStyle.visualAlignment(option.direction, align) | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QStyle.visualRect(option.direction, option.rect, room), flags, text)
