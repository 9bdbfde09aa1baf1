"""How the marks of a card look: tiles with a trend, bars with labels, the hours of the week.

Everything is painted from lines and text, so that it is crisp at any pixel ratio. No meaning is in
a colour alone: values stand beside bars, a target is a mark, a missed one is said in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle

from app.ui import theme
from app.ui.dashboard import words
from app.ui.tokens import contrast
from app.ui.widgets.priority_chip import chip_pixmap, chip_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.dashboard_values import Mark

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_ARROWS = {1: "↑", -1: "↓", 0: "–"}


def _align(flags: Qt.AlignmentFlag, mirrored: bool) -> Qt.AlignmentFlag:
    direction = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    return QStyle.visualAlignment(direction, flags) | Qt.AlignmentFlag.AlignAbsolute


def _turned(room: QRect, rect: QRect, mirrored: bool) -> QRect:
    direction = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    return QStyle.visualRect(direction, room, rect)


def _write(
    painter: QPainter,
    rect: QRect,
    text: str,
    flags: Qt.AlignmentFlag,
    mirrored: bool,
    *,
    middle: bool = False,
) -> None:
    metrics = QFontMetrics(painter.font())
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    told = metrics.elidedText(text, mode, rect.width())
    painter.drawText(rect, _align(flags, mirrored), told)


class Tiles:
    """The five figures: name, number, change in words, and a trend as a line."""

    def __init__(self) -> None:
        self.days = 28

    def height(self, marks: Sequence[Mark]) -> int:
        """Return the height of one row of tiles."""
        del marks
        now = theme.current()
        heights = [QFontMetrics(now.font(size)).height() for size in ("small", "figure", "small")]
        return sum(heights) + now.px(28)

    def places(self, marks: Sequence[Mark], room: QRect, *, mirrored: bool) -> list[QRect]:
        """Return the tiles side by side."""
        gap, n = theme.current().px(12), max(len(marks), 1)
        width = (room.width() - gap * (n - 1)) / n
        return [
            _turned(
                room,
                QRect(round(at * (width + gap)), 0, int(width), room.height()),
                mirrored,
            )
            for at in range(len(marks))
        ]

    def step(self, marks: Sequence[Mark], row: int, across: int, down: int) -> int:
        """Go to the tile beside."""
        del marks
        return row + (across or down)

    def paint(
        self, painter: QPainter, marks: Sequence[Mark], room: QRect, *, mirrored: bool
    ) -> None:
        """Paint the tiles."""
        now = theme.current()
        for mark, tile in zip(marks, self.places(marks, room, mirrored=mirrored), strict=True):
            painter.setPen(QPen(now.colour("line"), 1))
            painter.setBrush(now.colour("surface"))
            painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            inner = tile.adjusted(now.px(14), now.px(10), -now.px(12), -now.px(10))
            small = QFontMetrics(now.font("small", 550)).height()
            name, foot = QRect(inner), QRect(inner)
            name.setHeight(small)
            foot.setTop(inner.bottom() - small)
            number = QRect(inner.left(), name.bottom(), inner.width(), foot.top() - name.bottom())
            painter.setFont(now.font("small", 550))
            painter.setPen(now.colour("text2"))
            _write(painter, name, words.label(mark), _LEFT, mirrored)
            painter.setFont(now.font("figure", 600, tabular=True))
            painter.setPen(now.colour("text"))
            shown = words.value(mark)
            _write(painter, number, shown, _LEFT, mirrored)
            taken = QFontMetrics(painter.font()).horizontalAdvance(shown)
            said, tone, direction = words.change(mark, self.days)
            painter.setFont(now.font("small", 550))
            painter.setPen(now.colour(tone))
            _write(painter, foot, f"{_ARROWS[direction]} {said}", _LEFT, mirrored)
            line = QRect(number)
            line.setLeft(number.left() + max(taken + now.px(16), number.width() // 2))
            if line.width() > now.px(36):
                _trend(painter, mark.trend, QRectF(_turned(number, line, mirrored)))


def _trend(painter: QPainter, trend: Sequence[float | None], room: QRectF) -> None:
    """Paint a trend with a point at its end; stretches without data are gaps."""
    known = [value for value in trend if value is not None]
    if len(known) < 2:
        return
    now = theme.current()
    low, high = min(known), max(known)
    box = room.adjusted(2, 6, -6, -8)
    path, begun, last = QPainterPath(), False, QPointF()
    for place, value in enumerate(trend):
        if value is None:
            begun = False
            continue
        x = box.left() + box.width() * place / (len(trend) - 1)
        share = (value - low) / (high - low) if high > low else 0.5
        last = QPointF(x, box.bottom() - box.height() * share)
        if begun:
            path.lineTo(last)
        else:
            path.moveTo(last)
        begun = True
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(now.colour("accent"), now.px(1.5)))
    painter.drawPath(path)
    painter.setBrush(now.colour("accent"))
    painter.drawEllipse(last, now.px(2.5), now.px(2.5))


class Bars:
    """A bar for each mark with its name, its figure and what stands beside it."""

    def __init__(self, colour: int = 0, *, most: int = 6) -> None:
        self._colour, self.most = colour, most

    def height(self, marks: Sequence[Mark]) -> int:
        """Return the height of all lines."""
        return self._line() * max(len(marks), 3)

    def _line(self) -> int:
        now = theme.current()
        return max(now.px(30), QFontMetrics(now.font()).height() + now.px(10))

    def places(self, marks: Sequence[Mark], room: QRect, *, mirrored: bool) -> list[QRect]:
        """Return the lines, one below the other."""
        del mirrored
        line = self._line()
        return [QRect(0, at * line, room.width(), line) for at in range(len(marks))]

    def step(self, marks: Sequence[Mark], row: int, across: int, down: int) -> int:
        """Go one line up or down."""
        del marks
        return row + (down or across)

    def paint(
        self, painter: QPainter, marks: Sequence[Mark], room: QRect, *, mirrored: bool
    ) -> None:
        """Paint the lines."""
        now = theme.current()
        most = max((mark.value or 0.0 for mark in marks), default=0.0)
        top = 1.0 if any(mark.unit == "share" for mark in marks) else most or 1.0
        bold, plain = now.font("body", 650, tabular=True), now.font("small", tabular=True)
        values = [words.value(mark) for mark in marks]
        besides = [words.beside(mark) for mark in marks]
        figure = max(QFontMetrics(bold).horizontalAdvance(one) for one in values) + now.px(8)
        aside = max(QFontMetrics(plain).horizontalAdvance(one) for one in besides)
        aside = min(aside + now.px(8) if aside else 0, room.width() // 3)
        name = min(
            max(
                chip_size().width()
                if mark.key.startswith("sla P")
                else QFontMetrics(now.font()).horizontalAdvance(words.label(mark))
                for mark in marks
            )
            + now.px(14),
            room.width() * 9 // 20,
        )
        width = room.width() - name - figure - aside - now.px(12)
        for mark, line, value, beside in zip(
            marks, self.places(marks, room, mirrored=mirrored), values, besides, strict=True
        ):
            edge = now.px(4)
            left = QRect(edge, line.top(), name - edge, line.height())
            painter.setFont(now.font())
            painter.setPen(now.colour("text"))
            if mark.key.startswith("sla P"):
                self._paint_chip(painter, mark, _turned(room, left, mirrored))
            else:
                name_at = _turned(room, left, mirrored)
                _write(painter, name_at, words.label(mark), _LEFT, mirrored, middle=True)
            if width > now.px(24):
                self._paint_bar(painter, mark, QRect(name, line.top(), width, line.height()), top,
                                room, mirrored)  # fmt: skip
            missed = words.below_target(mark)
            painter.setFont(bold)
            painter.setPen(now.colour("danger" if missed else "text"))
            right = QRect(room.width() - figure - aside - edge, line.top(), figure, line.height())
            _write(painter, _turned(room, right, mirrored), value, _RIGHT, mirrored)
            painter.setFont(plain)
            painter.setPen(now.colour("text2"))
            right = QRect(room.width() - aside - edge, line.top(), aside, line.height())
            _write(painter, _turned(room, right, mirrored), beside, _RIGHT, mirrored)

    def _paint_chip(self, painter: QPainter, mark: Mark, where: QRect) -> None:
        ratio = painter.device().devicePixelRatioF()
        chip = chip_pixmap(mark.label, ratio)
        high = chip.height() / ratio
        painter.drawPixmap(QPointF(where.left(), where.center().y() + 1 - high / 2), chip)

    def _paint_bar(
        self,
        painter: QPainter,
        mark: Mark,
        field: QRect,
        top: float,
        room: QRect,
        mirrored: bool,
    ) -> None:
        now = theme.current()
        thick = now.px(8)
        track = QRect(field.left(), field.center().y() - thick // 2, field.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        if mark.unit == "share":
            painter.setBrush(now.colour("track"))
            painter.drawRoundedRect(QRectF(_turned(room, track, mirrored)), 3, 3)
        if mark.value:
            bar = QRect(track)
            bar.setWidth(max(now.px(3), round(track.width() * min(mark.value / top, 1.0))))
            painter.setBrush(self._ink(mark))
            painter.drawRoundedRect(QRectF(_turned(room, bar, mirrored)), 3, 3)
        if mark.target is not None:
            at = track.left() + round(track.width() * mark.target)
            pin = QRect(at - 1, track.top() - now.px(5), max(2, now.px(2)), thick + now.px(10))
            painter.setBrush(now.colour("text"))
            painter.drawRect(_turned(room, pin, mirrored))

    def _ink(self, mark: Mark) -> QColor:
        now = theme.current()
        if mark.target is not None:
            return now.colour("danger" if words.below_target(mark) else "ok")
        if mark.key.startswith("waits Assigned"):
            return QColor(now.tokens.chart[1])
        return QColor(now.tokens.chart[self._colour])


class Hours:
    """The hours of the week as a field of cells: the number stands in each, darker means more."""

    def height(self, marks: Sequence[Mark]) -> int:
        """Return the height of the days and of the hours below them."""
        return self._cell() * max(len(_days(marks)), 1) + theme.current().px(22)

    def _cell(self) -> int:
        now = theme.current()
        return max(now.px(26), QFontMetrics(now.font("small")).height() + now.px(8))

    def _names(self) -> int:
        return QFontMetrics(theme.current().font("small")).horizontalAdvance("Www") + 10

    def places(self, marks: Sequence[Mark], room: QRect, *, mirrored: bool) -> list[QRect]:
        """Return the cells, a row for each day."""
        hours = _hours(marks)
        names, high = self._names(), self._cell()
        wide = (room.width() - names) / max(hours, 1)
        return [
            _turned(
                room,
                QRect(
                    names + round(at % hours * wide), at // hours * high, int(wide) - 1, high - 2
                ),
                mirrored,
            )
            for at in range(len(marks))
        ]

    def step(self, marks: Sequence[Mark], row: int, across: int, down: int) -> int:
        """Go to the hour beside, or to the same hour of the day above or below."""
        hours = _hours(marks)
        to = row + down * hours
        if down:
            return to if 0 <= to < len(marks) else row
        return row + across

    def paint(
        self, painter: QPainter, marks: Sequence[Mark], room: QRect, *, mirrored: bool
    ) -> None:
        """Paint the cells."""
        now = theme.current()
        hours, high = _hours(marks), self._cell()
        most = max((mark.n for mark in marks), default=0) or 1
        places = self.places(marks, room, mirrored=mirrored)
        for mark, place in zip(marks, places, strict=True):
            share = mark.n / most
            ground = _mixed(now.tokens.sunken, now.tokens.accent, 0.08 + 0.92 * share)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(place), 3, 3)
            if mark.n:
                inks = (now.tokens.text, now.tokens.on_accent, now.tokens.surface)
                ink = max(inks, key=lambda one: contrast(one, ground.name()))
                painter.setPen(QColor(ink))
                text = words.amount(mark.n, "count")
                for weight in (650 if share > 0.6 else 400, 400):
                    painter.setFont(now.font("caption", weight))
                    # A number may reach into the gap; where none fits the cell and the key tell.
                    if QFontMetrics(painter.font()).horizontalAdvance(text) <= place.width() + 2:
                        painter.drawText(place.adjusted(-3, 0, 3, 0), _CENTRE, text)
                        break
        painter.setFont(now.font("small"))
        painter.setPen(now.colour("text2"))
        for at, day in enumerate(_days(marks)):
            name = QRect(4, at * high, self._names(), high - 2)
            _write(painter, _turned(room, name, mirrored), words.tr(day), _LEFT, mirrored)
        for at in range(hours):
            below = QRect(
                places[at].left(), len(_days(marks)) * high, places[at].width(), now.px(20)
            )
            hour = marks[at].label[4:6].lstrip("0") or "0"
            if places[at].width() > now.px(16) or at % 2 == 0:
                painter.drawText(below.adjusted(-6, 0, 6, 0), Qt.AlignmentFlag.AlignCenter, hour)


MOST_SHARE = 0.95


def busy_hours(marks: Sequence[Mark]) -> list[Mark]:
    """Keep the fewest hours in a row that hold 95 % of what came, and the days of the week with it.

    Saturday and Sunday are left out when nothing came on them.
    """
    by_hour = [0] * 24
    for mark in marks:
        by_hour[int(mark.label[4:6])] += mark.n
    wanted = sum(by_hour) * MOST_SHARE
    if not wanted:
        return []
    low, high = min(
        (
            (first, last)
            for first in range(24)
            for last in range(first, 24)
            if sum(by_hour[first : last + 1]) >= wanted
        ),
        key=lambda hours: (hours[1] - hours[0], -sum(by_hour[hours[0] : hours[1] + 1])),
    )
    days = {mark.label[:3] for mark in marks if mark.n} | {"Mon", "Tue", "Wed", "Thu", "Fri"}
    return [
        mark for mark in marks if low <= int(mark.label[4:6]) <= high and mark.label[:3] in days
    ]


def _days(marks: Sequence[Mark]) -> list[str]:
    return list(dict.fromkeys(mark.label[:3] for mark in marks))


def _hours(marks: Sequence[Mark]) -> int:
    return max(len(marks) // max(len(_days(marks)), 1), 1)


def _mixed(one: str, other: str, share: float) -> QColor:
    a, b = QColor(one), QColor(other)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in pairs))
