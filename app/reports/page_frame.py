"""Page sizes, running heads and the flow of a story over pages (closure-report.md, Page).

The story is laid out on all pages before anything is drawn, so that "Page 2 of 3" needs no second
pass over the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from app.reports.elements import CLOSER, Bookmark, Element, Group
from app.reports.pen import Artifact
from app.reports.styles import (
    FOOTER_LEFT,
    FOOTER_RIGHT,
    HEADER_LEFT,
    HEADER_RIGHT,
    MM,
    RULE,
    TextStyle,
)
from app.reports.typeset import Span, break_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language
    from app.reports.pen import Pen


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet and the frame of its body, in points."""

    name: str
    width: float
    height: float
    left: float = 20 * MM
    right: float = 18 * MM
    edge: float = 22 * MM
    """Distance of the body from the upper and from the lower edge of the sheet."""

    @property
    def column(self) -> float:
        """Return the width of the one column; every table is exactly this wide."""
        return self.width - self.left - self.right

    @property
    def body(self) -> float:
        """Return the height of the body."""
        return self.height - 2 * self.edge


A4 = Paper("a4", 210 * MM, 297 * MM)
LETTER = Paper("letter", 8.5 * 72, 11 * 72)
PAPERS = {paper.name: paper for paper in (A4, LETTER)}


class Placed(NamedTuple):
    """An element and the distance of its top from the top of the body."""

    top: float
    element: Element


@dataclass(slots=True)
class Page:
    """What stands on one page."""

    placed: list[Placed] = field(default_factory=list)
    used: float = 0.0
    space_after: float = 0.0
    air: float = 1.0
    """Share of the space between elements that they are given."""

    def gap(self, element: Element) -> float:
        """Return the space above an element that comes next; none at the top of a page."""
        return self.between(self.space_after, element.space_before) if self.placed else 0.0

    def between(self, after: float, before: float) -> float:
        """Return the space between an element and the next one."""
        return max(after, before) * self.air

    def place(self, element: Element, width: float) -> None:
        """Put an element below what is there."""
        top = self.used + self.gap(element)
        self.placed.append(Placed(top, element))
        self.used = top + element.height(width)
        self.space_after = element.space_after

    def bookmarks(self, width: float) -> list[tuple[float, Bookmark]]:
        """Return the outline entries of this page with their distance from its top."""
        return [
            (top, element.bookmark)
            for top, element in _flat(self.placed, width)
            if element.bookmark is not None
        ]


def _flat(placed: Sequence[Placed], width: float) -> list[Placed]:
    result: list[Placed] = []
    for top, element in placed:
        if isinstance(element, Group):
            inner = [Placed(top + inside, part) for inside, part in element.tops(width)]
            result += _flat(inner, width)
        else:
            result.append(Placed(top, element))
    return result


def flow(story: Sequence[Element], width: float, height: float) -> list[Page]:
    """Put a story on pages: nothing is lost, no heading stands alone, no page is left empty.

    Where the last element alone would stand on the last page, below a page that it just misses, all
    of it is set a little closer if it then needs one page less.
    """
    pages = _pages(story, width, height)
    if len(pages) == 1 or len(pages[-1].placed) > 1:
        return pages
    closer = _pages([element.closer() for element in story], width, height, air=CLOSER)
    return closer if len(closer) < len(pages) else pages


def _pages(
    story: Sequence[Element], width: float, height: float, *, air: float = 1.0
) -> list[Page]:
    pages = [Page(air=air)]
    waiting = list(reversed(story))
    while waiting:
        element = waiting.pop()
        page = pages[-1]
        if page.placed and _needed(page, element, waiting, width) > height - page.used + 0.01:
            pages.append(Page(air=air))
            waiting.append(element)
            continue
        room = height - page.used - page.gap(element)
        if element.height(width) <= room + 0.01:
            page.place(element, width)
            continue
        parts = element.split(width, room) or (
            [] if page.placed else element.split(width, room, force=True)
        )
        if isinstance(element, Group) and parts:
            waiting.extend(reversed(parts))
        elif parts:
            page.place(parts[0], width)
            waiting.extend(reversed(parts[1:]))
            pages.append(Page(air=air))
        elif page.placed:
            pages.append(Page(air=air))
            waiting.append(element)
        else:
            page.place(element, width)
    return pages


def _needed(page: Page, element: Element, waiting: Sequence[Element], width: float) -> float:
    """Measure an element with what must follow it on the same page."""
    total = page.gap(element)
    later = list(reversed(waiting[-8:]))
    while element.keep_with_next and later:
        following = later.pop(0)
        total += element.height(width)
        total += page.between(element.space_after, following.space_before)
        element = following
    return total + element.least_height(width)


@dataclass(frozen=True, slots=True)
class RunningHeads:
    """The texts around the body of each page."""

    organisation: str
    first_title: str
    later_title: str
    footer: str
    words: Language


def draw_running_heads(
    pen: Pen, paper: Paper, heads: RunningHeads, number: int, count: int
) -> None:
    """Draw header and footer of page `number` of `count`; both are artifacts."""
    with pen.artifact(Artifact.HEADER):
        baseline = paper.height - 14.2 * MM
        right = heads.first_title if number == 1 else heads.later_title
        _ends(pen, paper, baseline, (heads.organisation, HEADER_LEFT), (right, HEADER_RIGHT))
        pen.rule(paper.left, baseline - 5.5, paper.column, 0.5, RULE)
    with pen.artifact(Artifact.FOOTER):
        baseline = 12 * MM
        page = heads.words.text("Page {number} of {count}", number=number, count=count)
        _ends(pen, paper, baseline, (heads.footer, FOOTER_LEFT), (page, FOOTER_RIGHT))
        pen.rule(paper.left, baseline + 10, paper.column, 0.5, RULE)


def _ends(
    pen: Pen,
    paper: Paper,
    baseline: float,
    left: tuple[str, TextStyle],
    right: tuple[str, TextStyle],
) -> None:
    """Draw one text at either end of a line; the left one is shortened when they would meet."""
    right_line = break_lines([Span(*right)], 1e6)[0]
    room = paper.column - right_line.width - 12
    text = left[0]
    left_line = break_lines([Span(text, left[1])], 1e6)[0]
    while left_line.width > room and text:
        text = text[: min(len(text) - 1, int(len(text) * room / left_line.width))].rstrip()
        left_line = break_lines([Span(f"{text}…", left[1])], 1e6)[0]
    pen.line(paper.left, baseline, left_line)
    pen.line(paper.left + paper.column - right_line.width, baseline, right_line)
