"""Opened and resolved over the period: a solid and a dashed line, each named at its end.

The marks are all of the first line, all of the second, and then the events of the period.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen

from app.domain.dashboard_events import is_event
from app.ui import theme
from app.ui.dashboard import event_marks, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.dashboard_values import Mark

_HIGH = 250


class FlowDrawing:
    """Two lines over the same bins, and events as marks on their time axis."""

    def height(self, marks: Sequence[Mark]) -> int:
        """Return the height of the chart."""
        del marks
        return theme.current().px(_HIGH)

    def places(self, marks: Sequence[Mark], room: QRect, *, mirrored: bool) -> list[QRect]:
        """Return a square around each point: time runs from left to right everywhere."""
        del mirrored
        side = max(24, theme.current().px(14))
        found = []
        lines, events = _split(marks)
        bins, box = lines[: len(lines) // 2], self._box(lines, room)
        for point in [*self._points(lines, room), *event_marks.points(events, bins, box)]:
            square = QRect(0, 0, side, side)
            square.moveCenter(point.toPoint())
            found.append(square)
        return found

    def step(self, marks: Sequence[Mark], row: int, across: int, down: int) -> int:
        """Go along a line or the events; up and down to what stands at the same time."""
        lines, events = _split(marks)
        half = len(lines) // 2
        bins = [*range(half), *range(half)]
        bins += [event_marks.bin_of(event, lines[:half]) for event in events]
        starts = [start for start in (0, half, 2 * half) if start < len(marks)]
        line = max(at for at, start in enumerate(starts) if start <= row)
        if down:
            line = (line + (1 if down > 0 else -1)) % len(starts)
        first, end = starts[line], [*starts[1:], len(marks)][line]
        if down:
            return min(range(first, end), key=lambda at: abs(bins[at] - bins[row]))
        return min(max(row + across, first), end - 1)

    def paint(
        self, painter: QPainter, marks: Sequence[Mark], room: QRect, *, mirrored: bool
    ) -> None:
        """Paint the grid, the lines and their names."""
        del mirrored
        marks, events = _split(marks)
        now = theme.current()
        box, top, half = self._box(marks, room), _top(marks), len(marks) // 2
        painter.setFont(now.font("small", tabular=True))
        for part in range(5 if top >= 4 else 2):
            count = top * part // (4 if top >= 4 else 1)
            y = box.bottom() - box.height() * count / top
            painter.setPen(QPen(now.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(now.colour("text2"))
            where = QRectF(0, y - 10, box.left() - 8, 20)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             words.amount(count, "count"))  # fmt: skip
        points = self._points(marks, room)
        every = max(1, math.ceil(half / 5))
        for at in range(0, half, every):
            if half - at >= every / 2:
                place = QRectF(points[at].x() - 40, box.bottom() + 4, 80, now.px(18))
                if at == 0:
                    place.moveLeft(box.left() - 4)
                flags = Qt.AlignmentFlag.AlignLeft if at == 0 else Qt.AlignmentFlag.AlignHCenter
                painter.drawText(place, flags, words.short_day(marks[at].label))
        colours = (QColor(now.tokens.chart[1]), QColor(now.tokens.chart[0]))
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
        for line, (colour, style) in enumerate(zip(colours, styles, strict=True)):
            path = QPainterPath()
            mine = points[line * half : line * half + half]
            for nth, point in enumerate(mine):
                if nth:
                    path.lineTo(point)
                else:
                    path.moveTo(point)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, max(2, now.px(2)), style))
            painter.drawPath(path)
        self._paint_names(painter, marks, points, colours)
        event_marks.paint(painter, events, marks[:half], box)

    def _paint_names(
        self,
        painter: QPainter,
        marks: Sequence[Mark],
        points: Sequence[QPointF],
        colours: tuple[QColor, QColor],
    ) -> None:
        now, half = theme.current(), len(marks) // 2
        painter.setFont(now.font("small", 650, tabular=True))
        high = QFontMetrics(painter.font()).height()
        ends = [points[half - 1], points[-1]]
        heights = [end.y() for end in ends]
        if abs(heights[0] - heights[1]) < high:
            upper = 0 if heights[0] <= heights[1] else 1
            middle = sum(heights) / 2
            heights[upper], heights[1 - upper] = middle - high / 2, middle + high / 2
        texts = (words.tr("Opened {0}"), words.tr("Resolved {0}"))
        for line, (end, y) in enumerate(zip(ends, heights, strict=True)):
            painter.setPen(colours[line])
            count = words.value(marks[half - 1 if line == 0 else -1])
            where = QRectF(end.x() + 8, y - high / 2, self._names(), high)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(where, flags, texts[line].format(count))

    def _names(self) -> int:
        font = theme.current().font("small", 650, tabular=True)
        return QFontMetrics(font).horizontalAdvance(words.tr("Resolved {0}").format("0,000"))

    def _box(self, marks: Sequence[Mark], room: QRect) -> QRectF:
        now = theme.current()
        metrics = QFontMetrics(now.font("small", tabular=True))
        left = metrics.horizontalAdvance(words.amount(_top(marks), "count")) + now.px(12)
        return QRectF(room).adjusted(left, now.px(10), -self._names() - 12, -now.px(24))

    def _points(self, marks: Sequence[Mark], room: QRect) -> list[QPointF]:
        box, top, half = self._box(marks, room), _top(marks), max(len(marks) // 2, 1)
        return [
            QPointF(
                box.left() + box.width() * (at % half) / max(half - 1, 1),
                box.bottom() - box.height() * mark.n / top,
            )
            for at, mark in enumerate(marks)
        ]


def _split(marks: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Return the marks of the two lines, and the events behind them."""
    return [one for one in marks if not is_event(one)], [one for one in marks if is_event(one)]


def _top(marks: Sequence[Mark]) -> int:
    """Return the count at the top of the grid: one that four lines divide."""
    most = max((mark.n for mark in marks), default=0)
    if most < 4:
        return max(most, 1)
    step: int = 10 ** max(len(str(most)) - 2, 0)
    lines: int = math.ceil(most / (4 * step))
    return lines * 4 * step
