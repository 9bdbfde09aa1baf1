"""Write the closure report of one incident as a PDF: same record, same bytes.

Runs on any thread; reports are built one at a time, because reportlab's fonts keep state. Nothing
is read but the bundled fonts, and nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.domain.errors import InvalidInputError, KnownError
from app.reports.closure_story import closure_story, shown_title
from app.reports.document import BUILDING, Attachment, Document, DocumentFacts
from app.reports.language import language_of
from app.reports.page_frame import PAPERS, Paper, RunningHeads
from app.reports.text import shortened, single_line

if TYPE_CHECKING:
    from app.reports.record_parts import ClosureRecord


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What was written: pages, digest of the file, digest of the record in it."""

    pages: int
    sha256: str
    record_sha256: str


def closure_report_bytes(record: ClosureRecord) -> tuple[bytes, int]:
    """Build the report in memory; return the PDF and its number of pages.

    Raises InvalidInputError for a paper that is not known.
    """
    paper = paper_of(record)
    words = language_of(record.language)
    number = shortened(record.number, 80, words)
    facts = DocumentFacts(
        title=f"{number} {shown_title(record)}",
        author=single_line(record.author or record.organisation),
        subject=record.kind,
        language=record.language,
        dated_at=record.dated_at.astimezone(UTC),
        attachment=attached_record(record),
    )
    with BUILDING:
        document = Document(facts, paper, running_heads(record))
        document.add(closure_story(record))
        return document.finish(), document.page_count


def paper_of(record: ClosureRecord) -> Paper:
    """Return the sheet of a report. Raises InvalidInputError for one that is not known."""
    paper = PAPERS.get(record.paper.strip().lower())
    if paper is None:
        raise InvalidInputError(
            f"There is no paper {record.paper!r}; use {' or '.join(PAPERS)}.", field="paper"
        )
    return paper


def attached_record(record: ClosureRecord) -> Attachment:
    """Make the file that a report holds: the record itself."""
    words = language_of(record.language)
    return Attachment(
        name=f"{_file_name(shortened(record.number, 80, words))}.json",
        content=record.record_json,
        description=words.text("The incident record that this report was made from"),
        media_type="application/json",
    )


def running_heads(record: ClosureRecord) -> RunningHeads:
    """Make the texts around the pages of a report."""
    words = language_of(record.language)
    state = (
        words.text("Interim, not closed")
        if record.interim
        else words.text("Closed {moment}", moment=record.dated)
    )
    digest = words.text("Record {digest}", digest=record.record_sha256[:8])
    return RunningHeads(
        organisation=shortened(record.organisation, 120, words),
        first_title=record.kind,
        later_title=f"{shortened(record.number, 80, words)}   {record.kind}",
        footer="  \u00b7  ".join((shortened(record.classification, 40, words), state, digest)),
        words=words,
    )


def write_closure_report(record: ClosureRecord, target: Path | str | BinaryIO) -> ReportFacts:
    """Write the report to a path or an open binary file.

    Raises KnownError when the file cannot be written; a file that was there is then left as it was.
    """
    content, pages = closure_report_bytes(record)
    if isinstance(target, Path | str):
        _write_file(Path(target), content)
    else:
        target.write(content)
    return ReportFacts(pages, sha256(content).hexdigest(), record.record_sha256)


def _write_file(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        _forget(beside)
        raise KnownError(
            f"The report could not be written to {path}: {error.strerror or error}. "
            "Choose another folder, or close the program that has the file open.",
            code="report_not_written",
        ) from error


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _file_name(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", number).strip("._") or "record"
