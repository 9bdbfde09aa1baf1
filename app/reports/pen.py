"""Draw on one page: lines of text, rules, fills and marks, each as content or as decoration.

`tagged` and `artifact` say what a drawing is for a screen reader; the marks around it are written
when something is drawn (ISO 32000-2, 14.6 and 14.8.2). Coordinates are points from the lower left
corner; `baseline` and `top` are distances from the lower edge.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.reports.annotations import Annotation, LinkAnnotation, SignatureField
from app.reports.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.reports.styles import Colour
    from app.reports.typeset import Line

__all__ = ["Artifact", "Pen", "Tag"]


class Artifact(StrEnum):
    """A kind of decoration, as its property list says it (ISO 32000-2, 14.8.2.2)."""

    LAYOUT = "<</Type/Layout>>"
    HEADER = "<</Type/Pagination/Subtype/Header>>"
    FOOTER = "<</Type/Pagination/Subtype/Footer>>"


class Pen:
    """Draws on a reportlab canvas.

    `owners` holds for each page the tags of its marks, in the order of the marks.
    """

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._kinds: list[Tag | Artifact] = []
        self._open: Tag | Artifact | None = None
        self.owners: list[list[Tag]] = [[]]
        self.annotations: list[Annotation] = []

    @property
    def page(self) -> int:
        """Return the place of the page that is drawn, from 0."""
        return len(self.owners) - 1

    def end_page(self) -> None:
        """Close the page and go to the next one."""
        if self._open is not None:
            self._canvas._code.append("EMC")  # noqa: SLF001 - reportlab has no word for marks
            self._open = None
        self._canvas.showPage()
        self.owners.append([])

    @contextmanager
    def tagged(
        self, tag: Tag, box: tuple[float, float, float, float] | None = None
    ) -> Iterator[None]:
        """Draw the content of an element of the reading structure.

        Within an artifact it stays decoration: a repeated head is read once. `box` is left, bottom,
        right, top of a figure.
        """
        if box is not None:
            tag.box = box
        with self._drawing(tag):
            yield

    @contextmanager
    def artifact(self, kind: Artifact = Artifact.LAYOUT) -> Iterator[None]:
        """Draw what a reader need not hear: rules, fills, marks, running heads."""
        with self._drawing(kind):
            yield

    @contextmanager
    def _drawing(self, kind: Tag | Artifact) -> Iterator[None]:
        last = self._kinds[-1] if self._kinds else None
        self._kinds.append(last if isinstance(last, Artifact) else kind)
        try:
            yield
        finally:
            self._kinds.pop()

    @property
    def canvas(self) -> Any:
        """Return the canvas with the mark of the present kind open; ask for it at each drawing.

        Raises RuntimeError outside `tagged` and `artifact`: what is neither read nor skipped.
        """
        if not self._kinds:
            raise RuntimeError("a drawing is neither tagged nor an artifact")
        kind = self._kinds[-1]
        if kind is not self._open:
            code = self._canvas._code  # noqa: SLF001 - see end_page
            if self._open is not None:
                code.append("EMC")
            if isinstance(kind, Tag):
                marks = self.owners[-1]
                kind.marks.append((self.page, len(marks)))
                code.append(f"/{kind.role} <</MCID {len(marks)}>> BDC")
                marks.append(kind)
            else:
                code.append(f"/Artifact {kind} BDC")
            self._open = kind
        return self._canvas

    def link(self, tag: Tag, box: tuple[float, float, float, float], uri: str, words: str) -> None:
        """Make a place that opens an address; `words` say where it leads."""
        self.annotations.append(LinkAnnotation(self.page, tag, box, uri=uri, words=words))

    def signature_field(
        self, tag: Tag, box: tuple[float, float, float, float], name: str, words: str
    ) -> None:
        """Make an empty field for a digital signature; `words` say what it is for."""
        self.annotations.append(SignatureField(self.page, tag, box, name=name, words=words))

    def line(self, x: float, baseline: float, line: Line) -> None:
        """Draw one set line."""
        if not line.pieces:
            return
        canvas = self.canvas
        text = canvas.beginText(x, baseline)
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
        canvas.drawText(text)

    def rule(
        self, x: float, y: float, width: float, weight: float, colour: Colour, *, height: float = 0
    ) -> None:
        """Draw a straight line to the right by `width` and up by `height`."""
        canvas = self.canvas
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(weight)
        canvas.line(x, y, x + width, y + height)

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle given by its lower left corner."""
        canvas = self.canvas
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, y, width, height, stroke=0, fill=1)

    def box(
        self, x: float, y: float, side: float, weight: float, colour: Colour, *, radius: float = 0
    ) -> None:
        """Draw an empty square with slightly round corners."""
        canvas = self.canvas
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(weight)
        canvas.roundRect(x, y, side, side, radius, stroke=1, fill=0)

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
        canvas = self.canvas
        canvas.setFillColorRGB(*fill)
        if edge is not None:
            canvas.setStrokeColorRGB(*edge)
            canvas.setLineWidth(weight)
        canvas.circle(x, y, radius, stroke=int(edge is not None), fill=1)

    def stroke(self, points: Sequence[tuple[float, float]], weight: float, colour: Colour) -> None:
        """Draw a line through points, with round ends."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(weight)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()
