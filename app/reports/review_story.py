"""The sections of a post-incident review; one without content says that nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Element, Paragraph
from app.reports.styles import BODY, CELL, NOTICE
from app.reports.table import Row, Table
from app.reports.text import paragraphs, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.record_parts import ReviewNotes

_CELL_LIMIT = 1_500
_WHY_STARTS = (0.0, 0.145)
NOTHING = "Not recorded."


def contributing(notes: ReviewNotes) -> list[Element]:
    """Tell what contributed."""
    return _lines(notes.contributing)


def whys(notes: ReviewNotes) -> list[Element]:
    """Put the five whys below each other, up to the last that was answered."""
    last = max((n for n, answer in enumerate(notes.whys, 1) if answer.strip()), default=0)
    if not last:
        return [Paragraph(NOTHING, NOTICE, space_after=5)]
    rows = []
    for n, answer in enumerate(notes.whys[:last], 1):
        name = Paragraph(f"Why {n}", CELL, role="TH")
        if name.tag is not None:
            name.tag.scope = "Row"
        text = shortened(answer, _CELL_LIMIT) or NOTHING
        rows.append(Row([name, Paragraph(text, CELL, role="TD")], _WHY_STARTS))
    return [Table(rows)]


def went_well(notes: ReviewNotes) -> list[Element]:
    """Tell what went well."""
    return _lines(notes.went_well)


def went_badly(notes: ReviewNotes) -> list[Element]:
    """Tell what went badly."""
    return _lines(notes.went_badly)


def told_or_nothing(parts: list[Element]) -> list[Element]:
    """Return the content of a section, or the sentence that there is none."""
    return parts or [Paragraph(NOTHING, NOTICE, space_after=5)]


def _lines(lines: Sequence[str]) -> list[Element]:
    found: list[Element] = [
        Paragraph(part, BODY, space_after=5) for line in lines for part in paragraphs(line)
    ]
    return told_or_nothing(found)
