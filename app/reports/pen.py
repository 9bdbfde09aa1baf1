"""Draw on one page: lines of text, rules, fills and marks, each as content or as decoration.

`tagged` and `artifact` say what a drawing is for a screen reader; the marks around it are written
when something is drawn (ISO 32000-2, 14.6 and 14.8.2). Coordinates are points from the lower left
corner; `baseline` and `top` are distances from the lower edge.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from app.reports.annotations import Annotation, LinkAnnotation, SignatureField
from app.reports.fonts import load_face
from app.reports.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.reports.pictures import Picture
    from app.reports.styles import Colour
    from app.reports.typeset import Line

__all__ = ["Artifact", "Pen", "Tag"]


_ESCAPED = {
    code: f"\\{chr(code)}" if chr(code) in "\\()" else f"\\{code:03o}"
    for code in range(256)
    if not 32 <= code < 127 or chr(code) in "\\()"
}
"""How the codes of a string are written that would be read as something else."""


_MOST_LINES = 10_000


@cache
def _shown(colour: Colour) -> str:
    return " ".join([f"{part:.5g}" for part in colour])


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
        self._lines: dict[int, tuple[Line, str]] = {}
        self.annotations: list[Annotation] = []
        self.pictures: dict[Picture, set[int]] = {}
        """The pictures that were drawn, each with its pages; named by their place."""

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
    def page_again(self, index: int) -> Iterator[None]:
        """Draw on a page that was ended, behind what is on it: decoration only."""
        canvas: Any = self._canvas
        own, canvas._code = canvas._code, []  # noqa: SLF001 - see end_page
        yield
        if self._open is not None:
            canvas._code.append("EMC")  # noqa: SLF001
            self._open = None
        canvas._doc.Pages.pages[index].stream += "\n".join(canvas._code) + "\n"  # noqa: SLF001
        canvas._code = own  # noqa: SLF001

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

    def signature_field(self, tag: Tag, place: tuple[float, float], name: str, words: str) -> None:
        """Make an empty field for a digital signature; `words` say what it is for."""
        box = (*place, *place)
        self.annotations.append(SignatureField(self.page, tag, box, name=name, words=words))

    def line(self, x: float, baseline: float, line: Line, *, again: bool = False) -> None:
        """Draw one set line; `again` remembers how, for one that is drawn many times."""
        if not line.pieces:
            return
        canvas = self.canvas
        known = self._lines.get(id(line))
        if known is None:
            known = (line, self._code_of(line, canvas._doc))  # noqa: SLF001 - see `_code_of`
            if again and len(self._lines) < _MOST_LINES:
                self._lines[id(line)] = known
        canvas._code.append(f"BT 1 0 0 1 {x:.3f} {baseline:.3f} Tm {known[1]}")  # noqa: SLF001

    def _code_of(self, line: Line, file: Any) -> str:
        """Return what draws a line; reportlab's own text is measured again: half the time."""
        code = []
        if line.squeeze:
            code.append(f"{-line.squeeze:.4f} Tw")
        set_in = colour = None
        for piece in line.pieces:
            if piece.colour != colour:
                colour = piece.colour
                code.append(f"{_shown(colour)} rg")
            font = load_face(piece.face)
            for subset, text in font.splitString(piece.text, file):
                if (piece.face, piece.size, subset) != set_in:
                    set_in = (piece.face, piece.size, subset)
                    name = font.getSubsetInternalName(subset, file)
                    code.append(f"{name} {piece.size:.5g} Tf")
                code.append(f"({text.decode('latin-1').translate(_ESCAPED)}) Tj")
        if line.squeeze:
            code.append("0 Tw")
        code.append("ET")
        return " ".join(code)

    def picture(self, box: tuple[float, float, float, float], picture: Picture) -> None:
        """Draw a picture into a box of left, bottom, right, top."""
        self.pictures.setdefault(picture, set()).add(self.page)
        name = list(self.pictures).index(picture)
        left, low, right, top = box
        self.canvas._code.append(  # noqa: SLF001 - as for lines of text
            f"q {right - left:.3f} 0 0 {top - low:.3f} {left:.3f} {low:.3f} cm /Im{name} Do Q"
        )

    def rule(
        self, x: float, y: float, width: float, weight: float, colour: Colour, *, height: float = 0
    ) -> None:
        """Draw a straight line to the right by `width` and up by `height`."""
        self.canvas._code.append(  # noqa: SLF001 - as for lines of text
            f"{_shown(colour)} RG {weight:.5g} w "
            f"{x:.3f} {y:.3f} m {x + width:.3f} {y + height:.3f} l S"
        )

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle given by its lower left corner."""
        self.canvas._code.append(  # noqa: SLF001 - as for lines of text
            f"{_shown(colour)} rg {x:.3f} {y:.3f} {width:.3f} {height:.3f} re f"
        )

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

    def stroke(
        self,
        points: Sequence[tuple[float, float]],
        weight: float,
        colour: Colour,
        *,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw a line through points, with round ends; dashed with strokes and gaps of `dash`."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(weight)
        canvas.setLineCap(0 if dash else 1)
        if dash:
            canvas.setDash(*dash)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()
