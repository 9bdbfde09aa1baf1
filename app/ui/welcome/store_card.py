"""One of the places to keep incidents, as a card; a real radio button, so arrow keys choose."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from app.ui import icons, theme

_PAD, _ICON, _GAP = 16, 24, 8


class StoreCard(QRadioButton):
    """Icon, title and two or three lines of text; chosen, it has a thick edge and a tint."""

    def __init__(self, icon: str, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._icon, self._words = icon, words
        self.setAccessibleDescription(words)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Give room for the text at the usual width of a card."""
        width = theme.current().px(208)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Give room for the words, one below the other."""
        return QSize(theme.current().px(150), self.heightForWidth(theme.current().px(208)))

    def heightForWidth(self, width: int) -> int:
        """Return the height that the text needs."""
        now = theme.current()
        text = self._rect_of_words(width)
        title = QFontMetrics(now.font("dialog", 600)).height()
        return now.px(2 * _PAD + _ICON + 2 * _GAP) + title + text.height()

    def hitButton(self, at: QPoint) -> bool:
        """Take a click anywhere on the card."""
        return self.rect().contains(at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, focus = self.isChecked(), self.hasFocus()
        edge = now.colour("focus" if focus else "accent" if chosen else "control")
        painter.setPen(QPen(edge, 2 if chosen or focus else 1))
        painter.setBrush(now.colour("select" if chosen else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        pad, side = now.px(_PAD), now.px(_ICON)
        ink = now.tokens.accent if chosen else now.tokens.text2
        ratio = self.devicePixelRatioF()
        self._paint(painter, QRect(pad, pad, side, side), self._icon, ink, ratio)
        if chosen:  # not by colour alone
            mark = now.px(18)
            place = QRect(self.width() - pad - mark, pad, mark, mark)
            self._paint(painter, place, "circle-check", ink, ratio)
        title, top = now.font("dialog", 600), pad + side + now.px(_GAP)
        painter.setFont(title)
        painter.setPen(now.colour("text"))
        height = QFontMetrics(title).height()
        room = QRect(pad, top, self.width() - 2 * pad, height)
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags) | int(Qt.TextFlag.TextShowMnemonic), self.text())
        painter.setFont(now.font("body"))
        painter.setPen(now.colour("text2"))
        words = self._rect_of_words(self.width())
        words.moveTop(top + height + now.px(_GAP))
        wrap = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
        painter.drawText(words, int(wrap) | int(Qt.TextFlag.TextWordWrap), self._words)

    def _paint(self, painter: QPainter, place: QRect, icon: str, ink: str, ratio: float) -> None:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            place.moveLeft(self.width() - place.right() - 1)
        painter.drawPixmap(place.topLeft(), icons.pixmap(icon, ink, place.width(), ratio))

    def _rect_of_words(self, width: int) -> QRect:
        now = theme.current()
        pad = now.px(_PAD)
        room = QRect(pad, 0, max(width - 2 * pad, 1), 10_000)
        wrap = int(Qt.AlignmentFlag.AlignLeading) | int(Qt.TextFlag.TextWordWrap)
        found = QFontMetrics(now.font("body")).boundingRect(room, wrap, self._words)
        return QRect(room.left(), 0, room.width(), found.height() + 2)
