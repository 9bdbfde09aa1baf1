"""Tables: one row above the other, the head repeated on each page (closure-report.md, Table rules).

Rows are drawn directly, which is several times faster than reportlab's own tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Element, Paragraph
from app.reports.structure import Tag
from app.reports.styles import CELL_HEAD, INK, LABEL, PALE, RULE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.pen import Pen
    from app.reports.styles import TextStyle

PAD_ABOVE = 4.5
PAD_BELOW = 5.0
PAD_RIGHT = 8.0
_SPLIT_OVER = 36.0
"""A row moves whole to the next page unless it is this much taller than the room left."""
_INDENT = 5.0


class Row:
    """One row of cells; `starts` are the left edges of the columns as shares of the width."""

    keep_with_next = False
    below = (0.35, RULE)

    def __init__(self, cells: Sequence[Paragraph], starts: Sequence[float]) -> None:
        self.cells = list(cells)
        self.starts = tuple(starts)
        self.tag = Tag("TR", [cell.tag for cell in self.cells if cell.tag is not None])
        self._measured: tuple[float, float] | None = None

    def cell_width(self, index: int, width: float) -> float:
        """Return the width of the text of a cell."""
        end = self.starts[index + 1] if index + 1 < len(self.starts) else 1.0
        last = index + 1 == len(self.starts)
        return (end - self.starts[index]) * width - (0 if last else PAD_RIGHT)

    def height(self, width: float) -> float:
        """Return the height at a width, measured once."""
        if self._measured is None or self._measured[0] != width:
            self._measured = (width, self.measure(width))
        return self._measured[1]

    def measure(self, width: float) -> float:
        """Measure the tallest cell with its padding."""
        tallest = max(
            cell.height(self.cell_width(index, width)) for index, cell in enumerate(self.cells)
        )
        return PAD_ABOVE + tallest + PAD_BELOW

    def split(self, width: float, room: float, *, force: bool = False) -> list[Row]:
        """Cut inside the cells, or return nothing when no cell can be cut."""
        inner = room - PAD_ABOVE - PAD_BELOW
        firsts: list[Paragraph] = []
        rests: list[Paragraph] = []
        for index, cell in enumerate(self.cells):
            text_width = self.cell_width(index, width)
            if cell.height(text_width) <= inner:
                empty = Paragraph([], cell.style)
                empty.tag = cell.tag
                firsts.append(cell)
                rests.append(empty)
                continue
            parts = cell.split(text_width, inner, force=force)
            if len(parts) != 2:
                return []
            firsts.extend(part for part in parts[:1] if isinstance(part, Paragraph))
            rests.extend(part for part in parts[1:] if isinstance(part, Paragraph))
        return [self.part(firsts, first=True), self.part(rests, first=False)]

    def part(self, cells: list[Paragraph], *, first: bool) -> Row:
        """Make a row of the cells that stand on one side of a page end."""
        del first
        row = Row(cells, self.starts)
        row.tag = self.tag
        return row

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the cells and the rule below them."""
        for index, cell in enumerate(self.cells):
            cell.draw(
                pen,
                x + self.starts[index] * width,
                top - PAD_ABOVE,
                self.cell_width(index, width),
            )
        weight, colour = self.below
        with pen.artifact():
            pen.rule(x, top - self.height(width), width, weight, colour)


class HeadRow(Row):
    """The head of a table: a strong rule above and a lighter one below."""

    below = (0.6, INK)

    def __init__(self, titles: Sequence[str], starts: Sequence[float]) -> None:
        cells = [Paragraph(title, CELL_HEAD, role="TH") for title in titles]
        for cell in cells:
            if cell.tag is not None:
                cell.tag.scope = "Column"
        super().__init__(cells, starts)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the head between its two rules."""
        with pen.artifact():
            pen.rule(x, top, width, 0.9, INK)
        super().draw(pen, x, top, width)


class BandRow(Row):
    """A pale row over the whole width that names what follows, such as a day."""

    keep_with_next = True

    def __init__(self, text: str, style: TextStyle = LABEL, *, columns: int = 1) -> None:
        super().__init__([Paragraph(text, style, role="TD")], (0.0,))
        self.tag.parts[0].span = columns

    def cell_width(self, index: int, width: float) -> float:
        """Return the width between the indents."""
        del index
        return width - 2 * _INDENT

    def measure(self, width: float) -> float:
        """Measure the band: 16.5 points for one line."""
        return 6.5 + self.cells[0].height(self.cell_width(0, width))

    def split(self, width: float, room: float, *, force: bool = False) -> list[Row]:
        """Never break a band."""
        del width, room, force
        return []

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the band and its text."""
        height = self.height(width)
        with pen.artifact():
            # The rule above stays whole: half of its weight lies in this row.
            pen.fill(x, top - height, width, height - HeadRow.below[0] / 2, PALE)
            pen.rule(x, top - height, width, *self.below)
        self.cells[0].draw(pen, x + _INDENT, top - 3.5, self.cell_width(0, width))


class Table(Element):
    """Rows below a head that is repeated on each page; without a head, a rule opens the table."""

    def __init__(
        self,
        rows: Sequence[Row],
        head: HeadRow | None = None,
        *,
        space_before: float = 0,
        tag: Tag | None = None,
    ) -> None:
        self.rows = list(rows)
        self.head = head
        self.space_before = space_before
        if tag is None:
            head_tags = [Tag("THead", [head.tag])] if head else []
            tag = Tag("Table", [*head_tags, Tag("TBody", [row.tag for row in self.rows])])
        self.tag = tag
        self.repeated_head = False
        self._measured: tuple[float, float] | None = None
        """A width and the height of all rows at it."""

    def _head_height(self, width: float) -> float:
        return self.head.height(width) if self.head else 0.0

    def height(self, width: float) -> float:
        """Measure head and rows."""
        return self._head_height(width) + self._rows_height(width)

    def _rows_height(self, width: float) -> float:
        """Measure the rows once: a table of 500 pages is asked on each of them."""
        if self._measured is None or self._measured[0] != width:
            self._measured = (width, sum(row.height(width) for row in self.rows))
        return self._measured[1]

    def least_height(self, width: float) -> float:
        """Measure the head with the first row, and with the row that a band names."""
        total = self._head_height(width)
        for row in self.rows:
            height = row.height(width)
            if row.keep_with_next:
                total += height
                continue
            return total + min(height, _SPLIT_OVER)
        return total

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Cut between rows; inside one only where it is far too tall for the room."""
        used = self._head_height(width)
        fitting = 0
        for row in self.rows:
            height = row.height(width)
            if used + height > room + 0.01:
                break
            used += height
            fitting += 1
        over: list[Row] = []
        if fitting < len(self.rows):
            row = self.rows[fitting]
            left = room - used
            if force and fitting == 0:
                over = row.split(width, left, force=True)
            elif row.height(width) - left > _SPLIT_OVER:
                over = row.split(width, left)
        if over:
            return [
                self._part([*self.rows[:fitting], over[0]]),
                self._part([over[1], *self.rows[fitting + 1 :]], later=True),
            ]
        while fitting and self.rows[fitting - 1].keep_with_next:
            fitting -= 1
        if fitting in (0, len(self.rows)):
            return []
        fitting_height = sum(row.height(width) for row in self.rows[:fitting])
        first = self._part(self.rows[:fitting], (width, fitting_height))
        left_height = self._rows_height(width) - fitting_height
        return [first, self._part(self.rows[fitting:], (width, left_height), later=True)]

    def _part(
        self,
        rows: list[Row],
        measured: tuple[float, float] | None = None,
        *,
        later: bool = False,
    ) -> Table:
        part = Table(rows, self.head, tag=self.tag)
        part._measured = measured
        part.space_before = 0 if later else self.space_before
        part.space_after = self.space_after
        part.repeated_head = later or self.repeated_head
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the head, an artifact where it is repeated, and the rows."""
        if self.head is None:
            with pen.artifact():
                pen.rule(x, top, width, 0.35, RULE)
        elif self.repeated_head:
            with pen.artifact():
                self.head.draw(pen, x, top, width)
        else:
            self.head.draw(pen, x, top, width)
        at = top - self._head_height(width)
        for row in self.rows:
            row.draw(pen, x, at, width)
            at -= row.height(width)
