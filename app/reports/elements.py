"""The small parts that a report's story is made of; each knows its height, its breaks and its tag.

A story is a list of elements in reading order. `page_frame.flow` puts them on pages; an element
that may run over a page end splits itself. Widths and heights are points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.reports.bidirectional import holds_right_to_left
from app.reports.structure import Tag
from app.reports.styles import ACCENT, BODY, HEADING
from app.reports.text import printable
from app.reports.typeset import Line, Span, break_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.pen import Pen
    from app.reports.styles import TextStyle

_WIDOW_LINES = 2
"""Lines of a paragraph that stay together at either side of a page end."""
CLOSER = 0.65
"""Share of the space between elements that is left where this saves a page."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the viewer's outline: level 0 is the title, level 1 a section."""

    level: int
    title: str


class Element:
    """A part of a page; this one is empty space, the others say more."""

    space_before: float = 0
    space_after: float = 0
    keep_with_next: bool = False
    bookmark: Bookmark | None = None
    tag: Tag | None = None

    def height(self, width: float) -> float:
        """Measure the element at a width."""
        del width
        return 0

    def least_height(self, width: float) -> float:
        """Measure the smallest first part that may stand at the end of a page."""
        return self.height(width)

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Return a first part that fits into `room` and the rest; nothing if it must move whole.

        With `force` (an empty page is still too small) it gives up niceties but not text.
        """
        del width, room, force
        return []

    def closer(self) -> Element:
        """Return the element as it is set where that saves a page: less air, the same content."""
        return self

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the element with its upper left corner at (x, top)."""


class Paragraph(Element):
    """Text in one or more styles, set left, never with a widow or an orphan line."""

    def __init__(
        self,
        text: str | Sequence[Span],
        style: TextStyle = BODY,
        *,
        role: str = "P",
        space_before: float = 0,
        space_after: float = 0,
        keep_with_next: bool = False,
        bookmark: Bookmark | None = None,
    ) -> None:
        self.spans = [Span(text, style)] if isinstance(text, str) else list(text)
        self.style = style
        self.space_before = space_before
        self.space_after = space_after
        self.keep_with_next = keep_with_next
        self.bookmark = bookmark
        self.tag = Tag(role, actual=_logical_text(self.spans))
        self.first_baseline = style.size
        """Distance of the first baseline from the top; larger to sit level with bigger type."""
        self._set: tuple[float, list[Line]] | None = None

    def lines(self, width: float) -> list[Line]:
        """Return the lines at a width, set once; those of a part that was split off stay."""
        if self._set is None or (self.spans and self._set[0] != width):
            self._set = (width, break_lines(self.spans, width) if self.spans else [])
        return self._set[1]

    def height(self, width: float) -> float:
        """Measure all lines."""
        return len(self.lines(width)) * self.style.leading

    def natural_width(self, width: float) -> float:
        """Measure the longest line when there are `width` points."""
        return max((line.width for line in self.lines(width)), default=0)

    def least_height(self, width: float) -> float:
        """Measure the two lines that may stand alone, or all of three."""
        count = len(self.lines(width))
        return min(count, 2 if count > _WIDOW_LINES + 1 else count) * self.style.leading

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Cut between lines, two at least on either side unless forced."""
        lines = self.lines(width)
        least = 1 if force else _WIDOW_LINES
        fitting = min(int((room + 0.01) / self.style.leading), len(lines) - least)
        if fitting < least:
            return []
        return [
            self._part(width, lines[:fitting], first=True),
            self._part(width, lines[fitting:], first=False),
        ]

    def _part(self, width: float, lines: list[Line], *, first: bool) -> Paragraph:
        part = Paragraph([], self.style)
        part.tag = self.tag
        part.space_before = self.space_before if first else 0
        part.space_after = 0 if first else self.space_after
        part.bookmark = self.bookmark if first else None
        part._set = (width, lines)
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the lines; the first baseline is one type size below the top."""
        baseline = top - self.first_baseline
        with pen.tagged(self.tag or Tag("P")):
            for line in self.lines(width):
                shift = max(width - line.width, 0) if line.right_aligned else 0
                pen.line(x + shift, baseline, line)
                baseline -= self.style.leading


def _logical_text(spans: Sequence[Span]) -> str:
    """Return a text as it is read when its lines are drawn in another order, else nothing."""
    if not any(holds_right_to_left(span.text) for span in spans):
        return ""
    return " ".join(printable("".join(span.text for span in spans)).split())


class Group(Element):
    """Elements that stand together: never broken unless the group is taller than a page."""

    def __init__(self, parts: Sequence[Element], *, air: float = 1.0) -> None:
        self.parts = list(parts)
        self.air = air
        """Share of the space between the parts that they are given."""
        self.space_before = self.parts[0].space_before
        self.space_after = self.parts[-1].space_after

    def tops(self, width: float) -> list[tuple[float, Element]]:
        """Return each part with its distance from the top of the group."""
        placed: list[tuple[float, Element]] = []
        at = 0.0
        for index, part in enumerate(self.parts):
            if index:
                at += max(self.parts[index - 1].space_after, part.space_before) * self.air
            placed.append((at, part))
            at += part.height(width)
        return placed

    def height(self, width: float) -> float:
        """Measure the parts and the space between them."""
        top, last = self.tops(width)[-1]
        return top + last.height(width)

    def closer(self) -> Group:
        """Return the group with its parts set closer."""
        return Group([part.closer() for part in self.parts], air=CLOSER)

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Give up the group, part by part, when a whole page cannot hold it."""
        del width, room
        return list(self.parts) if force else []

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the parts below each other."""
        for distance, part in self.tops(width):
            part.draw(pen, x, top - distance, width)


def section_heading(number: int, title: str) -> Paragraph:
    """Make a numbered section heading with its bookmark."""
    return Paragraph(
        [Span(str(number), replace(HEADING, colour=ACCENT)), Span(f"   {title}", HEADING)],
        HEADING,
        role="H2",
        space_before=15,
        space_after=5,
        keep_with_next=True,
        bookmark=Bookmark(1, f"{number}  {title}"),
    )
