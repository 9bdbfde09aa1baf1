"""Charts drawn straight on the page in the report's own type; so far the response bar.

Colour never stands alone: words, ticks and dashes say the same, so that a chart reads in black and
white.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Element
from app.reports.structure import Tag
from app.reports.styles import (
    ACCENT,
    INK,
    MISSED,
    MUTED,
    NOTE,
    NOTE_STRONG,
    PALE,
    WHITE,
    TextStyle,
)
from app.reports.typeset import Line, Span, break_lines

if TYPE_CHECKING:
    from app.reports.pen import Pen
    from app.reports.record_parts import ResponseBar

_HEIGHT = 36.0
_EXTRA = 11.0
"""Room for one more row of labels above the bar when two would meet."""
_BAR_TOP = 13.5
_BAR_HEIGHT = 10.5
_BELOW = 34.0
_ABOVE = 9.0
_HEADROOM = 1.08
_APART = 6.0
"""Least distance between two labels on a line."""


def _label(text: str, style: TextStyle) -> Line:
    return break_lines([Span(text.replace("\n", " "), style)], 1e6)[0]


class ResponseBarFigure(Element):
    """How long the service was away, against the SLA target (closure-report.md, order 2)."""

    def __init__(self, bar: ResponseBar) -> None:
        self.bar = bar
        self.space_before = 12
        self.space_after = 15
        self.tag = Tag("Figure", alternative=bar.description)
        self._reported = _label(bar.reported, NOTE)
        self._restored = _label(bar.restored, NOTE)
        self._acknowledged = _label(bar.acknowledged, NOTE)
        self._target = _label(bar.target, NOTE_STRONG)

    def _scale(self, width: float) -> float:
        """Return points per second; the longer of target and restoration leaves some room."""
        longest = max(self.bar.target_s or 0, self.bar.restored_s or 0, 1)
        return width / (longest * _HEADROOM)

    def _positions(self, width: float) -> tuple[float, float, float, bool]:
        """Return the left ends of the labels for restoration and target, the tick, and its row."""
        bar, scale = self.bar, self._scale(width)
        restored_end = min((bar.restored_s or 0) * scale, width)
        restored = max(restored_end - self._restored.width, self._reported.width + _APART)
        restored = min(restored, width - self._restored.width)
        tick = (bar.target_s or 0) * scale
        target = min(max(tick - self._target.width, 0), width - self._target.width)
        used = restored + self._restored.width if bar.restored else self._reported.width
        free_right = target >= used + _APART
        free_left = bar.restored == "" or target + self._target.width + _APART <= restored
        free_left = free_left and target >= self._reported.width + _APART
        return restored, target, tick, not (free_right or free_left)

    def height(self, width: float) -> float:
        """Measure: 36 points, more when the labels above need two rows."""
        return _HEIGHT + (_EXTRA if self._two_rows(width) else 0)

    def _two_rows(self, width: float) -> bool:
        _, target, _, above = self._positions(width)
        return above and target < self._acknowledged.width + _APART and bool(self.bar.acknowledged)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw track, parts, tick and labels."""
        box = (x, top - self.height(width), x + width, top)
        with pen.tagged(self.tag or Tag("Figure"), box):
            self._draw(pen, x, top, width)

    def _draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        bar, scale = self.bar, self._scale(width)
        restored, target, tick, above = self._positions(width)
        first_row = top - _ABOVE
        if self._two_rows(width):
            top -= _EXTRA
        low = top - _BAR_TOP - _BAR_HEIGHT
        end = min((bar.restored_s or 0) * scale, width)
        pen.fill(x, low, tick or end, _BAR_HEIGHT, PALE)
        waited = min((bar.acknowledged_s or 0) * scale, end or width)
        if waited:
            pen.fill(x, low, waited, _BAR_HEIGHT, MUTED)
        if end > waited:
            start = x + waited + (1 if waited else 0)
            tick_at = x + tick if bar.target_s is not None else None
            self._part(pen, (start, x + end, low), tick_at, x + width)
        if bar.acknowledged:
            pen.line(x, top - _ABOVE, self._acknowledged)
        if bar.target_s is not None:
            # Below the bar the tick would strike through a label that stands there.
            foot = 0.0 if above else 5.2
            pen.rule(x + tick, low - foot, 0, 1.4, INK, height=_BAR_HEIGHT + 4.3 + foot)
        pen.line(x, top - _BELOW, self._reported)
        if bar.restored:
            pen.line(x + restored, top - _BELOW, self._restored)
        if bar.target:
            pen.line(x + target, first_row if above else top - _BELOW, self._target)

    def _part(
        self, pen: Pen, part: tuple[float, float, float], tick: float | None, edge: float
    ) -> None:
        """Draw the part to restoration with its duration inside; a short one has it beside."""
        left, right, low = part
        pen.fill(left, low, right - left, _BAR_HEIGHT, MISSED if self.bar.met is False else ACCENT)
        label = _label(self.bar.duration, TextStyle(NOTE_STRONG.face, 7.5, 10.5, WHITE))
        if label.width + 10 <= right - left:
            pen.line(left + 5, low + 3.2, label)
            return
        label = _label(self.bar.duration, NOTE_STRONG)
        at = right + 5
        if tick is not None and right <= tick <= at + label.width + 5:
            at = tick + 5
        if at + label.width > edge:
            at = left - 5 - label.width
        pen.line(at, low + 3.2, label)
