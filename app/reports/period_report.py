"""Write the report of a period as a PDF: same record, same bytes.

Runs on any thread; reports are built one at a time. A long one tells how far it is and stops when
it is asked to (pdf.md 8, 13).
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.reports.document import BUILDING, Attachment, Document, DocumentFacts
from app.reports.language import language_of
from app.reports.page_frame import PAPERS, RunningHeads
from app.reports.period_story import period_story
from app.reports.text import shortened, single_line
from app.system.garbage import nothing_let_go

if TYPE_CHECKING:
    from app.reports.document import Beat
    from app.reports.period_parts import PeriodRecord

_WAIT_S = 0.05


def period_report_bytes(record: PeriodRecord, beat: Beat | None = None) -> tuple[bytes, int]:
    """Build the report in memory; return the PDF and its number of pages.

    `beat` is told how far the work is, as a share, many times a second; what it raises stops it.

    Raises InvalidInputError for a paper that is not known.
    """
    paper = PAPERS.get(record.paper.strip().lower())
    if paper is None:
        raise InvalidInputError(
            f"There is no paper {record.paper!r}; use {' or '.join(PAPERS)}.", field="paper"
        )
    words = language_of(record.language)
    kind = words.text("Period report")
    facts = DocumentFacts(
        title=shortened(record.title, 600, words),
        author=single_line(record.author or record.organisation),
        subject=kind,
        language=record.language,
        dated_at=record.dated_at.astimezone(UTC),
        attachment=Attachment(
            name=f"{record.file_name}.json",
            content=record.record_json,
            description=words.text("The figures that this report was made from"),
            media_type="application/json",
        ),
    )
    heads = RunningHeads(
        organisation=shortened(record.organisation, 120, words),
        first_title=kind,
        later_title=f"{record.covers}   {kind}",
        footer="  \u00b7  ".join(
            (
                shortened(record.classification, 40, words),
                record.covers,
                words.text("Record {digest}", digest=record.record_sha256[:8]),
            )
        ),
        words=words,
    )
    while not BUILDING.acquire(timeout=_WAIT_S):
        if beat is not None:
            beat(0.0)
    try:
        with nothing_let_go():
            document = Document(facts, paper, heads, beat)
            document.add(period_story(record))
            return document.finish(), document.page_count
    finally:
        BUILDING.release()
