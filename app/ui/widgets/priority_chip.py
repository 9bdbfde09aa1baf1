"""Show a priority in four ways at once: text, shape, weight of the box, and colour last.

Painted once per priority, scheme, text size and pixel ratio; lists draw the pixmap (ux.md section
11). The shapes stay apart in black and white and for every kind of colour blindness.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.tokens import CHIP_HEIGHT, RADIUS_CHIP

_TONES = {"P1": "p1", "P2": "p2", "P3": "p3", "P4": "p4"}

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def chip_size() -> QSize:
    """Return the size of a chip: wide enough for its shape and two characters."""
    now = theme.current()
    metrics = QFontMetricsF(now.font("small", 650))
    height = max(now.px(CHIP_HEIGHT), round(metrics.height()) + 4)
    return QSize(round(now.px(27) + metrics.horizontalAdvance("P8")), height)


def chip_pixmap(priority: str, ratio: float) -> QPixmap:
    """Return the chip as a picture for a device pixel ratio."""
    now = theme.current()
    key = (now.tokens.name, priority, now.px(100), ratio)
    found = _pixmaps.get(key)
    if found is None:
        if len(_pixmaps) > 64:
            _pixmaps.clear()
        size = chip_size()
        found = QPixmap(size * ratio)
        found.setDevicePixelRatio(ratio)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        paint_chip(painter, QRectF(0, 0, size.width(), size.height()), priority)
        painter.end()
        _pixmaps[key] = found
    return found


def paint_chip(painter: QPainter, rect: QRectF, priority: str) -> None:
    """Paint the chip of a priority ("P1".."P4"; any other code looks like the lowest)."""
    now = theme.current()
    tone = _TONES.get(priority, "p4")
    ink, tint = now.colour(tone), now.colour(f"{tone}.tint")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_box(painter, rect, tone)
    side = now.px(10)
    centre = QPointF(rect.left() + now.px(6) + side / 2 + 1, rect.center().y())
    if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        centre.setX(rect.right() - now.px(6) - side / 2 - 1)
    ground = tint if tone != "p4" else now.colour("surface")
    paint_shape(painter, centre, side, priority, QBrush(ink), QBrush(ground))
    painter.setPen(ink)
    painter.setFont(now.font("small", 650, tabular=True))
    text = QRectF(rect)
    if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        text.setRight(centre.x() - side / 2)
    else:
        text.setLeft(centre.x() + side / 2)
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, priority)


def _paint_box(painter: QPainter, rect: QRectF, tone: str) -> None:
    now = theme.current()
    ink, tint = now.colour(tone), now.colour(f"{tone}.tint")
    edge = QPen(Qt.PenStyle.NoPen)
    fill = QBrush(tint)
    if now.high_contrast:
        edge = QPen(ink, 2.0 if tone == "p1" else 1.0)
    elif tone == "p2":
        edge = QPen(ink, 1.2)
    elif tone == "p4":
        edge = QPen(now.colour("line"), 1.0)
        fill = QBrush(now.colour("surface"))
    inset = edge.widthF() / 2 if edge.style() != Qt.PenStyle.NoPen else 0.0
    painter.setPen(edge)
    painter.setBrush(fill)
    radius = now.px(RADIUS_CHIP)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def paint_shape(
    painter: QPainter, centre: QPointF, side: float, priority: str, ink: QBrush, hole: QBrush
) -> None:
    """Paint the shape of a priority: diamond, triangle, circle, or a hollow square."""
    half = side / 2
    x, y = centre.x(), centre.y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    corners: tuple[tuple[float, float], ...]
    if priority == "P1":
        corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    elif priority == "P2":
        low = y + half * 0.8
        corners = ((x, y - half * 0.9), (x + half, low), (x - half, low))
    elif priority == "P3":
        painter.drawEllipse(centre, half * 0.8, half * 0.8)
        return
    else:
        painter.setBrush(hole)
        painter.setPen(QPen(ink, 1.4))
        painter.drawRect(QRectF(x - half * 0.7, y - half * 0.7, half * 1.4, half * 1.4))
        return
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


class PriorityChip(QLabel):
    """A chip beside a number or title; a label to a screen reader, not focusable."""

    def __init__(self, priority: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_priority(priority)

    def set_priority(self, priority: str) -> None:
        """Show a priority by its code; "" shows nothing."""
        self.setText(priority)
        level = priority.removeprefix("P")
        self.setAccessibleName(self.tr("Priority {0}").format(level) if priority else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the chip at the current text size."""
        return chip_size() if self.text() else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip instead of the bare text."""
        del event
        if self.text():
            painter = QPainter(self)
            painter.drawPixmap(0, 0, chip_pixmap(self.text(), self.devicePixelRatioF()))
