"""A table of one-line cells: nothing is wrapped, so that a list of 20,000 incidents is quick.

A text that is wider than its column ends in "…"; the whole of it is in the attached record. The
tags of rows are made when they are drawn, which is in reading order (pdf.md, 7).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from app.reports.bidirectional import holds_right_to_left
from app.reports.elements import Element
from app.reports.fonts import char_widths, text_width
from app.reports.structure import Tag
from app.reports.styles import CELL, CELL_HEAD, INK, RULE
from app.reports.table import PAD_ABOVE, PAD_BELOW, HeadRow
from app.reports.text import printable
from app.reports.typeset import Line, Piece, Span, break_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.reports.pen import Pen
    from app.reports.styles import TextStyle

_LONGEST = 400
"""Characters of a cell that are looked at: no column is wide enough for more."""
_SHORT = 24
"""Characters up to which a text is remembered: dates, names and words come again."""
_WIDE = 1e6
_FEWEST = 2
"""Rows that stand below a head at a page end."""


def fit_line(text: str, style: TextStyle, width: float) -> Line:
    """Set a text on one line, shortened with "…" when it is too wide."""
    return _fitted(text, style, width) if len(text) <= _SHORT else _fit(text, style, width)


def _fit(text: str, style: TextStyle, width: float) -> Line:
    text = text[:_LONGEST]
    if not (text.isascii() and text.isprintable()):
        return _fit_any(text, style, width)
    widths = char_widths(text, style.face, style.size)
    wide = sum(widths)
    if wide > width:
        sign = text_width("…", style.face, style.size)
        wide, keep = 0.0, 0
        while wide + widths[keep] + sign <= width:
            wide += widths[keep]
            keep += 1
        text = text[:keep] + "…"
        wide += sign
    return Line((Piece(style.face, style.size, style.colour, text, wide),), wide)


_fitted = lru_cache(maxsize=8_192)(_fit)


def _fit_any(text: str, style: TextStyle, width: float) -> Line:
    """Set a text of any script: what is left out is found by halving."""
    text = printable(text).replace("\n", " ").strip()
    line = break_lines([Span(text, style)], 1e6)[0]
    if line.width <= width:
        return line
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        tried = break_lines([Span(f"{text[:middle].rstrip()}…", style)], 1e6)[0]
        low, high = (middle, high) if tried.width <= width else (low, middle)
    return break_lines([Span(f"{text[:low].rstrip()}…", style)], 1e6)[0]


class PlainTable(Element):
    """Rows of one-line cells below a head that is repeated on each page.

    Columns in `whole` take the room that their longest cell, or word of the head, wants from the
    column `giving`, as far as that keeps half of its own: a duration in another language is longer,
    and must not be cut.
    """

    def __init__(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        starts: Sequence[float],
        *,
        numbers: frozenset[int] = frozenset(),
        whole: frozenset[int] | None = None,
        giving: int = 0,
        style: TextStyle = CELL,
        padding: tuple[float, float] = (PAD_ABOVE, PAD_BELOW),
        space_before: float = 0,
        space_after: float = 0,
    ) -> None:
        self.rows = rows
        self.starts = tuple(starts)
        self.numbers = numbers
        self.whole = numbers if whole is None else whole
        self.giving = giving
        self._settled = False
        self.style = style
        self.padding = padding
        self.space_before = space_before
        self.space_after = space_after
        self.titles = tuple(head)
        self.head = _Head(head, starts, numbers)
        self.body = Tag("TBody")
        self.tag = Tag("Table", [Tag("THead", [self.head.tag]), self.body])
        self.first, self.end = 0, len(rows)

    @property
    def row_height(self) -> float:
        """Return the height of each row."""
        return self.padding[0] + self.style.leading + self.padding[1]

    def _settle(self, width: float) -> None:
        """Move the columns once, so that what must be whole has the room."""
        if self._settled:
            return
        self._settled = True
        more: dict[int, float] = {}
        for index in self.whole:
            texts = {row[index] for row in self.rows}
            wanted = [fit_line(text, self.style, _WIDE).width for text in texts]
            wanted += [
                fit_line(word, CELL_HEAD, _WIDE).width for word in self.titles[index].split()
            ]
            short = max(wanted) - self.head.cell_width(index, width)
            if short > 0:
                more[index] = (short + 0.01) / width
        self.starts = self.head.starts = moved(self.starts, more, self.giving)

    def height(self, width: float) -> float:
        """Measure head and rows."""
        self._settle(width)
        return self.head.height(width) + (self.end - self.first) * self.row_height

    def least_height(self, width: float) -> float:
        """Measure the head with two rows."""
        self._settle(width)
        return self.head.height(width) + min(self.end - self.first, _FEWEST) * self.row_height

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Cut between rows, two at least on either side unless forced."""
        self._settle(width)
        fitting = int((room - self.head.height(width) + 0.01) / self.row_height)
        if not force and 0 < self.end - self.first - fitting < _FEWEST:
            fitting = self.end - self.first - _FEWEST
        least = 1 if force else _FEWEST
        if fitting < least or fitting >= self.end - self.first:
            return []
        return [
            self._part(self.first, self.first + fitting),
            self._part(self.first + fitting, self.end),
        ]

    def _part(self, first: int, end: int) -> PlainTable:
        part = PlainTable.__new__(PlainTable)
        part.__dict__.update(self.__dict__)
        part.first, part.end = first, end
        part.space_before = self.space_before if first == self.first else 0
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the head, an artifact where it is repeated, and the rows."""
        self._settle(width)
        if self.first:
            with pen.artifact():
                self.head.draw(pen, x, top, width)
        else:
            self.head.draw(pen, x, top, width)
        above, _ = self.padding
        places = [
            (x + start * width, self.head.cell_width(index, width))
            for index, start in enumerate(self.starts)
        ]
        at = top - self.head.height(width)
        for cells in self.rows[self.first : self.end]:
            tag = Tag("TR")
            self.body.parts.append(tag)
            baseline = at - above - self.style.size
            for index, text in enumerate(cells):
                left, room = places[index]
                cell = _cell_tag(text, named=index == 0)
                tag.parts.append(cell)
                if not text:
                    continue
                line = fit_line(text, self.style, room)
                if index in self.numbers:
                    left += room - line.width
                with pen.tagged(cell):
                    pen.line(left, baseline, line, again=len(text) <= _SHORT)
            at -= self.row_height
            with pen.artifact():
                pen.rule(x, at, width, 0.35, RULE)


def moved(starts: Sequence[float], more: Mapping[int, float], giving: int) -> tuple[float, ...]:
    """Return the left edges of columns of which some are wider, at the cost of one of them.

    All are shares of the width. The one that gives keeps half of what it has; then the others
    share what there is.
    """
    edges = [*starts, 1.0]
    widths = [after - before for before, after in pairwise(edges)]
    total = sum(more.values())
    if not total:
        return tuple(starts)
    given = min(total, widths[giving] / 2)
    for index, share in more.items():
        widths[index] += share * given / total
    widths[giving] -= given
    return tuple(sum(widths[:index]) for index in range(len(widths)))


def _cell_tag(text: str, *, named: bool) -> Tag:
    tag = Tag("TH" if named else "TD", scope="Row" if named else "")
    if not text.isascii() and holds_right_to_left(text):
        tag.actual = " ".join(printable(text[:_LONGEST]).split())
    return tag


class _Head(HeadRow):
    """A head whose titles of numbers stand right."""

    def __init__(
        self, titles: Sequence[str], starts: Sequence[float], numbers: frozenset[int]
    ) -> None:
        super().__init__(titles, starts)
        self.numbers = numbers

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the head between its two rules."""
        with pen.artifact():
            pen.rule(x, top, width, 0.9, INK)
        for index, cell in enumerate(self.cells):
            room = self.cell_width(index, width)
            left = x + self.starts[index] * width
            if index in self.numbers:
                left += room - min(cell.natural_width(room), room)
            cell.draw(pen, left, top - PAD_ABOVE, room)
        with pen.artifact():
            pen.rule(x, top - self.height(width), width, *self.below)
