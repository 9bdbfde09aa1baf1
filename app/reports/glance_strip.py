"""The strip at a glance below the title: up to five facts with label, value and note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Element, Paragraph
from app.reports.structure import Tag
from app.reports.styles import INK, LABEL, MET, MISSED, NOTE, RULE, VALUE, TextStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.pen import Pen
    from app.reports.record_parts import StripFact

_PAD_ABOVE = 7.0
_PAD_BELOW = 8.0
_PAD_LEFT = 8.0
_SHARES = (17.0, 19.0, 25.5, 19.5, 19.0)
_SMALLEST = 8.0


class GlanceStrip(Element):
    """Cells side by side between two rules, a list of as many items for a screen reader."""

    def __init__(self, facts: Sequence[StripFact], *, space_after: float = 12) -> None:
        self.facts = list(facts)
        self.space_before = 12
        self.space_after = space_after
        shares = _SHARES if len(facts) == len(_SHARES) else (1.0,) * len(facts)
        self.shares = [share / sum(shares) for share in shares]
        self.cells: list[list[Paragraph]] = []
        self._fitted: float | None = None
        self.items = [Tag("LI") for _ in facts]
        self.tag = Tag("L", self.items)

    def _cell_width(self, index: int, width: float) -> float:
        return self.shares[index] * width - (_PAD_LEFT if index else 0) - 4

    def _fit(self, width: float) -> list[list[Paragraph]]:
        """Set the cells; a value that is too wide is set smaller rather than broken in a word."""
        if self._fitted != width:
            self._fitted = width
            self.cells = [
                _cell(fact, self._cell_width(index, width)) for index, fact in enumerate(self.facts)
            ]
            for item, cell in zip(self.items, self.cells, strict=True):
                item.parts = [Tag("LBody", [part.tag for part in cell if part.tag is not None])]
        return self.cells

    def height(self, width: float) -> float:
        """Measure the tallest cell with its padding."""
        heights = [
            sum(part.height(self._cell_width(index, width)) for part in cell)
            for index, cell in enumerate(self._fit(width))
        ]
        return _PAD_ABOVE + 0.5 + max(heights, default=0) + _PAD_BELOW

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw rules and cells."""
        height = self.height(width)
        with pen.artifact():
            pen.rule(x, top, width, 1.2, INK)
            pen.rule(x, top - height, width, 0.5, RULE)
        at = x
        for index, cell in enumerate(self._fit(width)):
            if index:
                with pen.artifact():
                    pen.rule(at, top - height, 0, 0.35, RULE, height=height - 0.6)
            below = top - _PAD_ABOVE
            cell_width = self._cell_width(index, width)
            for part in cell:
                part.draw(pen, at + (_PAD_LEFT if index else 0), below, cell_width)
                below -= part.height(cell_width)
            at += self.shares[index] * width


def _cell(fact: StripFact, width: float) -> list[Paragraph]:
    colour = INK if fact.met is None else MET if fact.met else MISSED
    mark = "" if fact.met is None else "\u2713 " if fact.met else "\u2715 "
    size = VALUE.size
    value = Paragraph("")
    while size >= _SMALLEST:
        style = TextStyle(VALUE.face, size, VALUE.leading if size > 11 else size * 1.25, colour)
        value = Paragraph(mark + fact.value, style)
        if len(value.lines(width)) == 1:
            break
        size -= 1
    parts = [Paragraph(fact.label.upper(), LABEL), value]
    return [*parts, Paragraph(fact.note, NOTE)] if fact.note else parts
