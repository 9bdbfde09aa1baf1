"""Draw on one page: lines of text, rules, fills and marks, each as content or as decoration.

`tagged` and `artifact` say what a drawing is for a screen reader. They only remember it here; a
tagging pen writes the marks (closure-report.md, Reading structure). Coordinates are points from the
lower left corner; `baseline` and `top` are distances from the lower edge.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.reports.styles import Colour
    from app.reports.typeset import Line


@dataclass(slots=True, eq=False)
class Tag:
    """An element of the reading structure: its role in PDF's words, its parts in reading order.

    `alternative` describes what only the eye sees; `scope` is "Column" or "Row" for a heading cell.
    `marks` holds (page, mark) of what was drawn for it.
    """

    role: str
    parts: list[Tag] = field(default_factory=list)
    alternative: str = ""
    scope: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)


class Pen:
    """Draws on a reportlab canvas."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    @contextmanager
    def tagged(self, tag: Tag) -> Iterator[None]:
        """Draw the content of an element of the reading structure."""
        del tag
        yield

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Draw what a reader need not hear: rules, fills, marks, running heads."""
        yield

    def line(self, x: float, baseline: float, line: Line) -> None:
        """Draw one set line."""
        if not line.pieces:
            return
        text = self.canvas.beginText(x, baseline)
        if line.squeeze:
            text.setWordSpace(-line.squeeze)
        size = colour = face = None
        for piece in line.pieces:
            if (piece.face, piece.size) != (face, size):
                face, size = piece.face, piece.size
                text.setFont(str(face), size)
            if piece.colour != colour:
                colour = piece.colour
                text.setFillColorRGB(*colour)
            text.textOut(piece.text)
        if line.squeeze:
            text.setWordSpace(0)
        self.canvas.drawText(text)

    def rule(
        self, x: float, y: float, width: float, weight: float, colour: Colour, *, height: float = 0
    ) -> None:
        """Draw a straight line to the right by `width` and up by `height`."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x, y, x + width, y + height)

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle given by its lower left corner."""
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def box(
        self, x: float, y: float, side: float, weight: float, colour: Colour, *, radius: float = 0
    ) -> None:
        """Draw an empty square with slightly round corners."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(weight)
        self.canvas.roundRect(x, y, side, side, radius, stroke=1, fill=0)

    def dot(
        self,
        x: float,
        y: float,
        radius: float,
        fill: Colour,
        *,
        edge: Colour | None = None,
        weight: float = 0,
    ) -> None:
        """Draw a disc, with an edge if one is given."""
        self.canvas.setFillColorRGB(*fill)
        if edge is not None:
            self.canvas.setStrokeColorRGB(*edge)
            self.canvas.setLineWidth(weight)
        self.canvas.circle(x, y, radius, stroke=int(edge is not None), fill=1)

    def stroke(self, points: Sequence[tuple[float, float]], weight: float, colour: Colour) -> None:
        """Draw a line through points, with round ends."""
        self.canvas.saveState()
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(weight)
        self.canvas.setLineCap(1)
        self.canvas.setLineJoin(1)
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self.canvas.drawPath(path, stroke=1, fill=0)
        self.canvas.restoreState()
