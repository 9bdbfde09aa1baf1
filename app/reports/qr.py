"""The QR code of a report, drawn as vector runs: sharp at any resolution, no picture embedded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno

from app.reports.styles import INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.pen import Pen

QUIET_MODULES = 4
"""Modules of white paper that a reader needs around the code (ISO/IEC 18004, 6.3.8)."""


class QrCode:
    """A code of error correction level M, `side` points wide without its quiet zone."""

    def __init__(self, content: str, side: float) -> None:
        self.content = content
        self.side = side
        self.rows = tuple(segno.make(content, error="m", micro=False, boost_error=False).matrix)

    @property
    def module(self) -> float:
        """Return the side of one module."""
        return self.side / len(self.rows)

    @property
    def quiet_zone(self) -> float:
        """Return the width of the white margin, in points."""
        return QUIET_MODULES * self.module

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the dark modules as one path of horizontal runs.

        The path is counted in whole modules and scaled as a whole: reportlab would format 2,400
        fractions, a fifth of the time of a report.
        """
        canvas = pen.canvas
        canvas.saveState()
        canvas.setFillColorRGB(*INK)
        canvas.translate(x, top)
        canvas.scale(self.module, -self.module)
        canvas._code.append(f"{_runs(self.rows)} f")  # noqa: SLF001 - see above
        canvas.restoreState()


def _runs(rows: Sequence[Sequence[int]]) -> str:
    """Return the dark modules of each row as rectangles in the words of PDF (ISO 32000-2, 8.5)."""
    path: list[str] = []
    for row, cells in enumerate(rows):
        start = 0
        while start < len(cells):
            if not cells[start]:
                start += 1
                continue
            end = start
            while end < len(cells) and cells[end]:
                end += 1
            path.append(f"{start} {row} {end - start} 1 re")
            start = end
    return " ".join(path)
