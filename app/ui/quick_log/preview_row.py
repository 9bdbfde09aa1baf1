"""Decoration under the quick-log field: chips of what will be stored.

The same words are the field's accessible description, so that nothing is only painted.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from app.ui import icons, theme


class Chip(NamedTuple):
    """An icon, its words, the token of the icon's colour, and whether it is new or suggested."""

    icon: str
    text: str
    tone: str = "text2"
    dashed: bool = False


class PreviewRow(QWidget):
    """One row of chips; what does not fit is left out at the end, where the least is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: tuple[Chip, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_chips(self, chips: tuple[Chip, ...]) -> None:
        """Show other chips."""
        if chips != self.chips:
            self.chips = chips
            self.setAccessibleName(", ".join(chip.text for chip in chips))
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a chip."""
        now = theme.current()
        return QSize(now.px(200), max(now.px(24), QFontMetrics(now.font("small")).height() + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chips from the leading edge."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = now.font("small", 500)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        gap, pad, side = now.px(6), now.px(7), now.px(13)
        left = 0
        for chip in self.chips:
            room = self.width() - left - side - 3 * pad
            if room < now.px(28):
                break
            text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(text) + side + 3 * pad
            box = QRect(left, 0, width, self.height() - 1)
            seen = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
            pen = QPen(now.colour("control" if chip.dashed else "line"))
            if chip.dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(now.colour("surface"))
            painter.drawRoundedRect(QRectF(seen).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            mark = QRect(left + pad, (self.height() - side) // 2, side, side)
            at = QStyle.visualRect(self.layoutDirection(), self.rect(), mark).topLeft()
            ratio = self.devicePixelRatioF()
            colour = now.colour(chip.tone).name()
            painter.drawPixmap(at, icons.pixmap(chip.icon, colour, side, ratio))
            words = QRect(left + 2 * pad + side, 0, width, self.height())
            words.setWidth(width - 2 * pad - side)
            painter.setPen(now.colour("text"))
            painter.drawText(
                QStyle.visualRect(self.layoutDirection(), self.rect(), words),
                int(Qt.AlignmentFlag.AlignVCenter)
                | int(
                    QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft).value
                ),
                text,
            )
            left += width + gap
        painter.end()
