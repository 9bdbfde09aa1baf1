"""The pictures kept with a record, printed below the table of its files.

One that cannot be printed is named in a box with its reason: a report never fails because of a file
that somebody attached.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from app.reports.elements import Element, Group, Paragraph
from app.reports.pictures import NotPrintableError, Picture, picture
from app.reports.structure import Tag
from app.reports.styles import CELL, NOTE, NOTICE, RULE
from app.reports.text import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language
    from app.reports.pen import Pen
    from app.reports.record_parts import EvidencePicture

MOST_PICTURES = 6
"""Pictures that are printed; the table names all files."""
_TALLEST = 300.0
_BETWEEN = 4.0
_SMALLEST = 0.75
"""Share of its size to which a picture shrinks, so that it stays on a page that it just misses."""
_INDENT = 8.0


class PictureFigure(Element):
    """A picture on the page, at most as wide as the column and less than half a page high."""

    def __init__(self, shown: Picture, alternative: str) -> None:
        self.shown = shown
        self.scale = 1.0
        self.space_before = 12
        self.space_after = _BETWEEN
        self.tag = Tag("Figure", alternative=alternative)

    def height(self, width: float) -> float:
        """Return the height of the picture."""
        del width
        return self.shown.high * self.scale

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the picture."""
        high = self.height(width)
        box = (x, top - high, x + self.shown.wide * self.scale, top)
        with pen.tagged(self.tag or Tag("Figure"), box):
            pen.picture(box, self.shown)
        with pen.artifact():
            _frame(pen, box, 0.35)


class CaptionedPicture(Group):
    """A picture and its name; it shrinks a little rather than leave half a page empty."""

    def __init__(self, figure: PictureFigure, caption: Paragraph) -> None:
        super().__init__([figure, caption])
        self.figure = figure
        self.caption = caption

    def least_height(self, width: float) -> float:
        """Measure the picture at its smallest, with its name."""
        return self.height(width) - (1 - _SMALLEST) * self.figure.height(width)

    def closer(self) -> Group:
        """Return the picture as it is: it has no air to give."""
        return self

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Return the picture as large as fits, where that is large enough."""
        full = self.figure.height(width)
        scale = 1 - (self.height(width) - room) / full
        if not _SMALLEST - 0.001 <= scale < 1:
            return super().split(width, room, force=force)
        figure = copy(self.figure)
        figure.scale = self.figure.scale * scale
        return [Group([figure, self.caption])]


class Placeholder(Element):
    """A box in place of a picture that cannot be printed."""

    def __init__(self, text: str) -> None:
        self.text = Paragraph(text, NOTICE)
        self.space_before = 12
        self.space_after = 5
        self.tag = self.text.tag

    def height(self, width: float) -> float:
        """Measure the text and the room around it."""
        return self.text.height(width - 2 * _INDENT) + 2 * _INDENT

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the box and its text."""
        low = top - self.height(width)
        with pen.artifact():
            _frame(pen, (x, low, x + width, top), 0.5)
        self.text.draw(pen, x + _INDENT, top - _INDENT, width - 2 * _INDENT)


def _frame(pen: Pen, box: tuple[float, float, float, float], weight: float) -> None:
    """Draw a thin frame, so that a white picture is seen to end."""
    left, low, right, top = box
    for at in (low, top):
        pen.rule(left, at, right - left, weight, RULE)
    for at in (left, right):
        pen.rule(at, low, 0, weight, RULE, height=top - low)


def picture_elements(
    pictures: Sequence[EvidencePicture], words: Language, width: float
) -> list[Element]:
    """Make the pictures of a record, each with its name, for a column so wide."""
    parts = [_element(one, words, width) for one in pictures[:MOST_PICTURES]]
    left = len(pictures) - MOST_PICTURES
    if left > 0:
        more = words.counted(
            "{n} more picture is kept with the record.",
            "{n} more pictures are kept with the record.",
            left,
        )
        parts.append(Paragraph(more, CELL, space_before=5))
    return parts


def _element(one: EvidencePicture, words: Language, width: float) -> Element:
    name = f"{shortened(one.name, 120, words)}, {one.size}"
    if not one.content:
        told = words.text(
            "{name}: not printed, because the file is not on this computer.", name=name
        )
        return Placeholder(told)
    try:
        shown = picture(one.content, width, _TALLEST)
    except NotPrintableError as error:
        reason = error.worded(words)
        return Placeholder(
            words.text("{name}: not printed, because {reason}.", name=name, reason=reason)
        )
    if shown.frames > 1:
        name = words.text("{name}; 1 of {frames} frames", name=name, frames=shown.frames)
    figure = PictureFigure(shown, words.text("Picture kept with the record: {name}", name=name))
    return CaptionedPicture(figure, Paragraph(name, NOTE, space_after=5))
