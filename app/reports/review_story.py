"""The sections of a post-incident review; one without content says that nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.elements import Element, Paragraph
from app.reports.language import Message
from app.reports.styles import BODY, CELL, NOTICE
from app.reports.table import Row, Table
from app.reports.text import paragraphs, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language
    from app.reports.record_parts import ReviewNotes

_CELL_LIMIT = 1_500
_WHY_STARTS = (0.0, 0.145)
NOTHING = Message("Not recorded.")


def contributing(notes: ReviewNotes, words: Language) -> list[Element]:
    """Tell what contributed."""
    return _lines(notes.contributing, words)


def whys(notes: ReviewNotes, words: Language) -> list[Element]:
    """Put the five whys below each other, up to the last that was answered."""
    last = max((n for n, answer in enumerate(notes.whys, 1) if answer.strip()), default=0)
    if not last:
        return [Paragraph(words.of(NOTHING), NOTICE, space_after=5)]
    rows = []
    for n, answer in enumerate(notes.whys[:last], 1):
        name = Paragraph(words.text("Why {n}", n=n), CELL, role="TH")
        if name.tag is not None:
            name.tag.scope = "Row"
        text = shortened(answer, _CELL_LIMIT, words) or words.of(NOTHING)
        rows.append(Row([name, Paragraph(text, CELL, role="TD")], _WHY_STARTS))
    return [Table(rows)]


def went_well(notes: ReviewNotes, words: Language) -> list[Element]:
    """Tell what went well."""
    return _lines(notes.went_well, words)


def went_badly(notes: ReviewNotes, words: Language) -> list[Element]:
    """Tell what went badly."""
    return _lines(notes.went_badly, words)


def told_or_nothing(parts: list[Element], words: Language) -> list[Element]:
    """Return the content of a section, or the sentence that there is none."""
    return parts or [Paragraph(words.of(NOTHING), NOTICE, space_after=5)]


def _lines(lines: Sequence[str], words: Language) -> list[Element]:
    found: list[Element] = [
        Paragraph(part, BODY, space_after=5) for line in lines for part in paragraphs(line, words)
    ]
    return told_or_nothing(found, words)
