"""Paints a line of the list of notifications: what happened, to what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import icons, theme
from app.ui.notifications.words import MARKS, when, words_of

if TYPE_CHECKING:
    from app.domain.notification import Notice

NOTICE_ROLE = int(Qt.ItemDataRole.UserRole)
_SIDE, _ICON, _GAP, _PAD = 12, 16, 12, 8


class NoticeDelegate(QStyledItemDelegate):
    """Two lines beside the mark of the kind; what is new is bold."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give a line the height of two texts."""
        now = theme.current()
        lines = (
            QFontMetrics(now.font("body", 650)).height() + QFontMetrics(now.font("small")).height()
        )
        return QSize(0, lines + now.px(2 * _PAD))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one notice."""
        notice: Notice = index.data(NOTICE_ROLE)
        now, words = theme.current(), words_of(notice)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            if chosen and state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(now.colour("focus"))
            painter.setBrush(now.colour("select" if chosen else "hover"))
            around = QRectF(rect).adjusted(0.5, 1.5, -0.5, -1.5)
            painter.drawRoundedRect(around, now.px(8), now.px(8))
        icon, tone = MARKS[notice.kind]
        side = now.px(_ICON)
        head = QFontMetrics(now.font("body", 650)).height()
        top = rect.top() + now.px(_PAD)
        place = QRect(rect.left() + now.px(_SIDE), top + (head - side) // 2, side, side)
        painter.drawPixmap(
            QStyle.visualRect(option.direction, rect, place).topLeft(),
            icons.pixmap(icon, now.colour(tone).name(), side, option.widget.devicePixelRatioF()),
        )
        left = rect.left() + now.px(_SIDE + _ICON + _GAP)
        right = rect.right() - now.px(_SIDE)
        first = QRect(left, top, right - left, head)
        painter.setFont(now.font("small", tabular=True))
        painter.setPen(now.colour("text2"))
        at = when(notice.at_ms)
        taken = QFontMetrics(painter.font()).horizontalAdvance(at) + now.px(_GAP)
        _write(painter, option, first, at, Qt.AlignmentFlag.AlignTrailing)
        painter.setFont(now.font("body", 400 if notice.seen else 650))
        painter.setPen(now.colour("text"))
        first.setRight(first.right() - taken)
        _write(painter, option, first, words.headline, Qt.AlignmentFlag.AlignLeading)
        painter.setFont(now.font("small"))
        painter.setPen(now.colour("text2"))
        under = QFontMetrics(painter.font()).height()
        second = QRect(left, top + head, right - left, under)
        text = " \N{MIDDLE DOT} ".join(words.text.split("\n"))
        _write(painter, option, second, text, Qt.AlignmentFlag.AlignLeading)
        painter.restore()


def _write(
    painter: QPainter,
    option: QStyleOptionViewItem,
    room: QRect,
    text: str,
    align: Qt.AlignmentFlag,
) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    flags = QStyle.visualAlignment(option.direction, align) | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QStyle.visualRect(option.direction, option.rect, room), flags, shown)
