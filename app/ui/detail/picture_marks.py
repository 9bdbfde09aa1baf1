"""Blurs and arrows on a picture, in the coordinates of the picture itself.

A blur replaces pixels and draws nothing over them: of everything in its rectangle only one rough
mean colour is left, in tiles whose shades do not depend on what was there. Averages of small tiles
would not do: of a known font they give the text away. Safe on any thread.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from app.ui.tokens import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_SIDE: Final = 2_048
"""The longest side of the small copy of a picture that is worked on, in pixels."""
LEAST: Final = 3
"""Pixels of the picture that a mark measures at least."""

_LEVEL = 32
"""The mean colour is rounded to this step."""
_TILE, _TILES = 12, 6
"""The least side of a tile in pixels, and how many fit on the short side of a blur."""
_SHADES = (0, 14, -8, 6, -14, 10, -4)
_SAMPLE = 128


class Blur(NamedTuple):
    """A rectangle that nobody shall read."""

    area: QRect


class Arrow(NamedTuple):
    """An arrow from its tail to its head."""

    tail: QPoint
    head: QPoint


Mark = Blur | Arrow


def blur_between(one: QPoint, other: QPoint, size: QSize) -> Blur | None:
    """Return the blur between two corners, inside a picture; nothing where it is too small."""
    area = QRect(one, other).normalized() & QRect(QPoint(), size)
    return Blur(area) if min(area.width(), area.height()) >= LEAST else None


def arrow_between(tail: QPoint, head: QPoint) -> Arrow | None:
    """Return the arrow between two points; nothing where they are the same to the eye."""
    return Arrow(tail, head) if (head - tail).manhattanLength() >= LEAST else None


def small_copy(image: QImage) -> QImage:
    """Return a picture as it is worked on: at most `SHOWN_SIDE` long, without a long wait."""
    side = max(image.width(), image.height())
    if side <= SHOWN_SIDE:
        return plain(image)
    keep, quick = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    box = QSize(SHOWN_SIDE, SHOWN_SIDE)
    if side > 2 * SHOWN_SIDE:
        image = image.scaled(box * 2, keep, quick)
    return plain(image.scaled(box, keep, Qt.TransformationMode.SmoothTransformation))


def plain(image: QImage) -> QImage:
    """Return the pixels alone: what else a file said of its picture stays behind."""
    alpha = image.hasAlphaChannel()
    copy = QImage(
        image.size(), QImage.Format.Format_ARGB32 if alpha else QImage.Format.Format_RGB32
    )
    copy.fill(Qt.GlobalColor.transparent if alpha else Qt.GlobalColor.white)
    painter = QPainter(copy)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(QRect(QPoint(), image.size()), image, image.rect())
    painter.end()
    return copy


def marked(image: QImage, marks: Iterable[Mark]) -> QImage:
    """Return a new picture with the marks in it; the given one stays as it is."""
    copy = plain(image)
    draw(copy, marks, long_side=max(image.width(), image.height()))
    return copy


def draw(image: QImage, marks: Iterable[Mark], *, long_side: int) -> None:
    """Put marks into a picture, or into a small copy of one that is `long_side` pixels long."""
    scale = max(image.width(), image.height()) / max(1, long_side)
    for mark in marks:
        if isinstance(mark, Blur):
            _blur(image, mark.area, scale)
        else:
            painter = QPainter(image)
            paint_arrow(painter, mark, scale, long_side)
            painter.end()


def paint_arrow(painter: QPainter, arrow: Arrow, scale: float, long_side: int) -> None:
    """Paint an arrow with an edge that parts it from any ground.

    Its colour is the light scheme's: a picture is read on screens of both and on paper.
    """
    width = max(4.0, long_side / 240) * scale
    tail, head = QPointF(arrow.tail) * scale, QPointF(arrow.head) * scale
    angle = math.atan2(head.y() - tail.y(), head.x() - tail.x())
    length = math.hypot(head.x() - tail.x(), head.y() - tail.y())
    tip = min(width * 5, length)

    def beside(along: float, across: float) -> QPointF:
        return head + QPointF(
            -along * math.cos(angle) - across * math.sin(angle),
            -along * math.sin(angle) + across * math.cos(angle),
        )

    half, wing = width / 2, tip * 0.55
    corners = [head, beside(tip, wing), beside(tip, half), beside(length, half)]
    corners += [beside(length, -half), beside(tip, -half), beside(tip, -wing)]
    path = QPainterPath()
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    edge = QPen(QColor(LIGHT.surface), width * 0.6)
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, edge)
    painter.fillPath(path, QColor(LIGHT.danger.ink))


def _blur(image: QImage, area: QRect, scale: float) -> None:
    left, top = math.floor(area.left() * scale), math.floor(area.top() * scale)
    right = math.ceil((area.left() + area.width()) * scale)
    bottom = math.ceil((area.top() + area.height()) * scale)
    inside = QRect(left, top, right - left, bottom - top) & image.rect()
    if inside.isEmpty():
        return
    mean = _rough_mean(image, inside)
    tile = max(_TILE, min(area.width(), area.height()) / _TILES) * scale
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.fillRect(inside, mean)
    painter.setClipRect(inside)
    for row in range(math.ceil(inside.height() / tile)):
        for column in range(math.ceil(inside.width() / tile)):
            shade = _SHADES[(row * 3 + column * 3 + (row ^ column) * 5) % len(_SHADES)]
            box = QRectF(left + column * tile, top + row * tile, tile, tile)
            painter.fillRect(box.toAlignedRect(), _shaded(mean, shade))
    painter.end()


def _rough_mean(image: QImage, area: QRect) -> QColor:
    """Return the mean colour, so rough that what is read from it is no more than a hue."""
    part = image.copy(area)
    ignore = Qt.AspectRatioMode.IgnoreAspectRatio
    if max(area.width(), area.height()) > _SAMPLE:
        sample = QSize(min(area.width(), _SAMPLE), min(area.height(), _SAMPLE))
        part = part.scaled(sample, ignore, Qt.TransformationMode.FastTransformation)
    one = part.scaled(1, 1, ignore, Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0)
    return QColor(*(_rough(value) for value in (one.red(), one.green(), one.blue())))


def _rough(value: int) -> int:
    return value // _LEVEL * _LEVEL + _LEVEL // 2


def _shaded(colour: QColor, by: int) -> QColor:
    parts = (colour.red(), colour.green(), colour.blue())
    return QColor(*(min(255, max(0, value + by)) for value in parts))
