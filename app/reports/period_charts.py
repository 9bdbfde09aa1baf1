"""The charts of a period report: lines, bars and a heat map, drawn straight on the page.

Each is a figure with an alternative in words; its numbers stand in a table below. Nothing is told
by colour alone: dashes and marks tell lines apart, a word tells what was missed, each cell of the
heat map has its number (closure-report.md, Period report).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.reports.elements import Element
from app.reports.plain_table import fit_line
from app.reports.structure import Tag
from app.reports.styles import (
    ACCENT,
    AXIS,
    BAR_NAME,
    BAR_VALUE,
    END_LABEL,
    END_LABEL_SECOND,
    INK,
    NOTE_STRONG,
    PALE,
    RULE,
    SECOND_SERIES,
    WHITE,
    Colour,
    TextStyle,
)

if TYPE_CHECKING:
    from app.reports.language import Language
    from app.reports.pen import Pen
    from app.reports.period_parts import Bar, BarChart, Chart, HeatMap, LineChart

APART: Final = 10.0
"""Least distance between two labels."""
_PLOT, _AXIS_LEFT, _END_LABELS = 118.0, 26.0, 98.0
_KEY = 15.0
"""Length of the piece of its line that stands before the name of a series."""
_GRID_LINES = 6
_BAR_STEP, _BAR_HEIGHT = 18.0, 10.0
_BAR_LEFT, _BAR_LEFT_MOST = 132.0, 190.0
"""Room for the names of bars: at least, and at most when they are longer."""
_BAR_RIGHT, _BAR_RIGHT_MOST = 104.0, 150.0
_HEAT_ROW, _HEAT_LEFT, _HEAT_HEAD = 17.0, 28.0, 14.0
_WIDE = 1e6


def chart_element(chart: Chart, words: Language) -> ChartFigure:
    """Return what draws a chart."""
    from app.reports.period_parts import BarChart, LineChart

    if isinstance(chart, LineChart):
        return LineFigure(chart, words)
    if isinstance(chart, BarChart):
        return BarFigure(chart, words)
    return HeatFigure(chart, words)


def round_top(largest: int) -> tuple[int, int]:
    """Return the top of an axis that starts at zero, and the step of its at most six grid lines."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if largest <= step * factor * (_GRID_LINES - 1):
                width = step * factor
                return max(-(-largest // width), 1) * width, width
        step *= 10


class ChartFigure(Element):
    """A figure with its alternative in words."""

    space_before = 4
    space_after = 9

    def __init__(self, description: str, words: Language) -> None:
        self.words = words
        self.tag: Tag = Tag("Figure", alternative=description)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the chart inside its figure."""
        box = (x, top - self.height(width), x + width, top)
        with pen.tagged(self.tag, box):
            self.paint(pen, x, top, width)

    def paint(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw axes, marks and labels."""
        raise NotImplementedError


class LineFigure(ChartFigure):
    """Lines with direct labels at their ends, the second one dashed with square marks."""

    def __init__(self, chart: LineChart, words: Language) -> None:
        super().__init__(chart.description, words)
        self.chart = chart

    def height(self, width: float) -> float:
        """Measure plot and axis."""
        del width
        return _PLOT + 24

    def paint(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw grid, lines, marks and labels."""
        largest = max((max(one.values, default=0) for one in self.chart.series), default=0)
        highest, step = round_top(largest)
        left, right = x + _AXIS_LEFT, x + width - _END_LABELS
        low = top - _PLOT - 6
        scale = _PLOT / highest
        for value in range(0, highest + 1, step):
            y = low + value * scale
            weight, colour = (0.4, RULE) if value else (0.9, INK)
            pen.rule(left, y, right - left, weight, colour)
            label = fit_line(self.words.number(value), AXIS, _WIDE)
            pen.line(left - 5 - label.width, y - 2.6, label)
        count = len(self.chart.labels)
        apart = (right - left - 24) / max(count - 1, 1)
        first = left + 12 if count > 1 else (left + right) / 2
        places = [first + index * apart for index in range(count)]
        self._axis(pen, places, low - 12)
        ends: list[tuple[float, str, TextStyle]] = []
        for index in reversed(range(len(self.chart.series))):
            series = self.chart.series[index]
            points = [
                (at, low + value * scale) for at, value in zip(places, series.values, strict=True)
            ]
            self._series(pen, index, points, points)
            words = f"{series.name} {self.words.number(series.values[-1])}"
            ends.append((points[-1][1], words, END_LABEL_SECOND if index else END_LABEL))
        for y, words, style in spread(ends, low):
            start, end = right + 6, right + 6 + _KEY
            key = [(start, y), (end, y)]
            self._series(pen, int(style is END_LABEL_SECOND), key, [((start + end) / 2, y)])
            pen.line(end + 4, y - 2.8, fit_line(words, style, _END_LABELS - _KEY - 10))

    def _series(
        self,
        pen: Pen,
        index: int,
        points: list[tuple[float, float]],
        marks: list[tuple[float, float]],
    ) -> None:
        """Draw the line of a series through points, with its marks: told apart without colour."""
        colour = SECOND_SERIES if index else ACCENT
        if len(points) > 1:
            pen.stroke(points, 1.8, colour, dash=(3, 2) if index else None)
        for x, y in marks:
            if index:
                pen.fill(x - 2.1, y - 2.1, 4.2, 4.2, colour)
            else:
                pen.dot(x, y, 2.3, colour)

    def _axis(self, pen: Pen, places: list[float], baseline: float) -> None:
        """Write the labels below the axis, so many that they stay apart."""
        free = -_WIDE
        for at, text in zip(places, self.chart.labels, strict=True):
            label = fit_line(text, AXIS, _WIDE)
            start = at - label.width / 2
            if start >= free:
                pen.line(start, baseline, label)
                free = start + label.width + APART


def spread(
    labels: list[tuple[float, str, TextStyle]], low: float
) -> list[tuple[float, str, TextStyle]]:
    """Move labels at the ends of lines apart, keeping their order and staying above the axis."""
    ordered = sorted(labels, key=lambda one: one[0])
    moved: list[tuple[float, str, TextStyle]] = []
    floor = low
    for y, words, style in ordered:
        at = max(y, floor)
        moved.append((at, words, style))
        floor = at + APART + 1
    if len(moved) > 1 and moved[0][0] == ordered[0][0] > low + APART:
        # Both give way, so that each stays near its line.
        shift = min((moved[-1][0] - ordered[-1][0]) / 2, moved[0][0] - low)
        moved = [(at - shift, words, style) for at, words, style in moved]
    return moved


class BarFigure(ChartFigure):
    """Horizontal bars with the value at the end, a target line and the word "missed"."""

    def __init__(self, chart: BarChart, words: Language) -> None:
        super().__init__(chart.description, words)
        self.chart = chart

    def height(self, width: float) -> float:
        """Measure the bars and the label of the target."""
        del width
        return len(self.chart.bars) * _BAR_STEP + (13 if self.chart.target is not None else 2)

    def paint(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw track, bar and words of each, then the target."""
        before, after = self._room()
        left, track = x + before, width - before - after
        for index, bar in enumerate(self.chart.bars):
            self._bar(pen, bar, (x, left, track, after), top - index * _BAR_STEP - _BAR_STEP + 4)
        if self.chart.target is not None:
            at = left + self.chart.target * track
            low = top - len(self.chart.bars) * _BAR_STEP
            pen.rule(at, low - 1, 0, 1.2, INK, height=len(self.chart.bars) * _BAR_STEP - 1)
            label = fit_line(self.chart.target_words, NOTE_STRONG, _WIDE)
            pen.line(at - label.width, low - 9.5, label)

    def _bar(
        self, pen: Pen, bar: Bar, across: tuple[float, float, float, float], low: float
    ) -> None:
        x, left, track, right = across
        pen.line(x, low + 2, fit_line(bar.name, BAR_NAME, left - x - 10))
        pen.fill(left, low, track, _BAR_HEIGHT, PALE)
        length = min(max(bar.share, 0), 1) * track
        if length:
            pen.fill(left, low, length, _BAR_HEIGHT, SECOND_SERIES if bar.missed else ACCENT)
        pen.line(left + track + 8, low + 2.2, fit_line(self._told(bar), BAR_VALUE, right - 8))

    def _told(self, bar: Bar) -> str:
        return f"{bar.words}  {self.words.text('missed')}" if bar.missed else bar.words

    def _room(self) -> tuple[float, float]:
        """Return the room left of the bars for their names and right of them for their values."""
        names = max(fit_line(bar.name, BAR_NAME, _WIDE).width for bar in self.chart.bars)
        told = max(fit_line(self._told(bar), BAR_VALUE, _WIDE).width for bar in self.chart.bars)
        return (
            min(max(_BAR_LEFT, names + 10), _BAR_LEFT_MOST),
            min(max(_BAR_RIGHT, told + 8), _BAR_RIGHT_MOST),
        )


class HeatFigure(ChartFigure):
    """Cells from pale to the accent, each with its number; none where it is zero."""

    def __init__(self, chart: HeatMap, words: Language) -> None:
        super().__init__(chart.description, words)
        self.chart = chart

    def height(self, width: float) -> float:
        """Measure the head and the rows."""
        del width
        return _HEAT_HEAD + len(self.chart.rows) * _HEAT_ROW

    def paint(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw labels and cells."""
        chart = self.chart
        left = x + _HEAT_LEFT
        cell = (width - _HEAT_LEFT) / len(chart.columns)
        for index, name in enumerate(chart.columns):
            label = fit_line(name, AXIS, _WIDE)
            pen.line(left + (index + 0.5) * cell - label.width / 2, top - 9, label)
        largest = max((max(values) for values in chart.values), default=0) or 1
        for row, (name, values) in enumerate(zip(chart.rows, chart.values, strict=True)):
            low = top - _HEAT_HEAD - (row + 1) * _HEAT_ROW
            pen.line(x, low + 5.5, fit_line(name, AXIS, _HEAT_LEFT - 4))
            for column, value in enumerate(values):
                at = left + column * cell
                fill, ink = shade(value / largest)
                pen.fill(at, low, cell - 1, _HEAT_ROW - 1, fill)
                if value:
                    number = fit_line(
                        self.words.number(value), TextStyle(AXIS.face, 7, 9, ink), _WIDE
                    )
                    pen.line(at + (cell - 1 - number.width) / 2, low + 5.5, number)


def shade(part: float) -> tuple[Colour, Colour]:
    """Return the fill for a share of the largest count, and the ink that is read on it (4.5:1).

    In the middle neither ink nor white can be read so well, so that shades there are left out.
    """
    while True:
        fill = Colour(*(low + (high - low) * part for low, high in zip(PALE, ACCENT, strict=True)))
        ink = max((INK, WHITE), key=lambda one: contrast(one, fill))
        if contrast(ink, fill) >= 4.5 or part >= 1:
            return fill, ink
        part += 0.01


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
