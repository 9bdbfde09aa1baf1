"""A person at a glance: initials on a colour that stays the same for the same name.

Decoration: the name always stands beside it or in the accessible text.
"""

from __future__ import annotations

import zlib

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme

SIDE = 20

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def initials(name: str) -> str:
    """Return at most two letters: of the first and the last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar_colour(name: str) -> QColor:
    """Return the colour of a name, the same on every workstation and in both schemes."""
    colours = theme.current().tokens.avatars
    return QColor(colours[zlib.crc32(name.casefold().encode("utf-8")) % len(colours)])


def avatar_pixmap(name: str, side: int, ratio: float) -> QPixmap:
    """Return the picture of a person; for "" the dashed circle of nobody."""
    now = theme.current()
    key = (now.tokens.name, name, side, ratio)
    found = _pixmaps.get(key)
    if found is None:
        if len(_pixmaps) > 512:
            _pixmaps.clear()
        found = QPixmap(QSize(side, side) * ratio)
        found.setDevicePixelRatio(ratio)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(0.5, 0.5, side - 1, side - 1)
        if name:
            _paint_person(painter, circle, name)
        else:
            _paint_nobody(painter, circle)
        painter.end()
        _pixmaps[key] = found
    return found


def _paint_person(painter: QPainter, circle: QRectF, name: str) -> None:
    now = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(avatar_colour(name)))
    painter.drawEllipse(circle)
    font = QFont(now.font("small", 700))
    font.setPixelSize(max(6, round(circle.height() * 0.43)))
    painter.setFont(font)
    painter.setPen(now.colour("avatar_ink"))
    painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(name))


def _paint_nobody(painter: QPainter, circle: QRectF) -> None:
    pen = QPen(theme.current().colour("control"), 1.0)
    pen.setDashPattern([3.2, 2.2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(circle)


class Avatar(QLabel):
    """The circle of a person, `side` px wide at 100 % text size."""

    def __init__(self, name: str = "", side: int = SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show another person; "" shows nobody."""
        self._name = name
        self.setAccessibleName(name or self.tr("Nobody"))
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the circle's size at the current text size."""
        side = theme.current().px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a circle is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the circle."""
        del event
        side = theme.current().px(self._side)
        picture = avatar_pixmap(self._name, side, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, picture)
