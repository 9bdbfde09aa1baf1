"""Events on the time axis of a chart: a dotted line below a diamond, named where there is room.

Shape and words tell them from the lines of figures, never a colour.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from app.domain import dashboard_events
from app.ui import theme
from app.ui.dashboard import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.dashboard_values import Mark

_SIZE = 4
"""Half of a diamond, px at 100 %."""
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NARROWEST = 64
"""A name in less room than this (px at 100 %) would say nothing."""
_WIDEST = 0.4
"""Share of the chart that one name may take."""


def bin_of(event: Mark, bins: Sequence[Mark]) -> int:
    """Return the bin in which an event began; the bins are named by their first days."""
    days = [one.label for one in bins]
    return max(0, bisect_right(days, dashboard_events.day_of(event)) - 1)


def points(events: Sequence[Mark], bins: Sequence[Mark], box: QRectF) -> list[QPointF]:
    """Return where the diamonds stand: at the top, those of one bin below each other."""
    step = theme.current().px(_SIZE * 2 + 4)
    taken: dict[int, int] = {}
    found = []
    for event in events:
        at = bin_of(event, bins)
        x = box.left() + box.width() * at / max(len(bins) - 1, 1)
        found.append(QPointF(x, box.top() + step * taken.get(at, 0)))
        taken[at] = taken.get(at, 0) + 1
    return found


def paint(painter: QPainter, events: Sequence[Mark], bins: Sequence[Mark], box: QRectF) -> None:
    """Paint the lines and diamonds, and the names that fit beside them."""
    now = theme.current()
    size = now.px(_SIZE)
    painter.setFont(now.font("small"))
    places = points(events, bins, box)
    for point in places:
        painter.setPen(QPen(now.colour("text2"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(point, QPointF(point.x(), box.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("text"))
        x, y = point.x(), point.y()
        corners = [QPointF(x, y - size), QPointF(x + size, y)]
        corners += [QPointF(x, y + size), QPointF(x - size, y)]
        painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(now.colour("text"))
    for event, where in zip(events, _name_places(events, places, box), strict=True):
        if where is not None:
            told = QFontMetrics(painter.font()).elidedText(
                words.label(event), Qt.TextElideMode.ElideRight, int(where.width())
            )
            painter.fillRect(where, now.colour("surface"))
            painter.drawText(where, _MIDDLE, told)


def _name_places(
    events: Sequence[Mark], places: Sequence[QPointF], box: QRectF
) -> list[QRectF | None]:
    """Return a place beside each diamond, right or else left of it; None where is no room."""
    now = theme.current()
    metrics = QFontMetrics(now.font("small"))
    gap, high = float(now.px(_SIZE * 2)), float(metrics.height())
    taken = [QRectF(one.x() - gap, one.y() - gap, gap * 2, gap * 2) for one in places]
    found: list[QRectF | None] = []
    for event, point in zip(events, places, strict=True):
        wanted = min(metrics.horizontalAdvance(words.label(event)) + 4.0, box.width() * _WIDEST)
        beside = [
            one for one in taken if abs(one.center().y() - point.y()) < (one.height() + high) / 2
        ]
        end = min([box.right(), *(one.left() for one in beside if one.left() > point.x())])
        start = max([box.left(), *(one.right() for one in beside if one.right() < point.x())])
        right, left = end - point.x() - gap, point.x() - gap - start
        width = min(wanted, max(right, left))
        x = point.x() + gap if right >= width else point.x() - gap - width
        where = QRectF(x, point.y() - high / 2, width, high)
        found.append(where if width >= min(wanted, now.px(_NARROWEST)) else None)
        taken += [where] if found[-1] is not None else []
    return found
