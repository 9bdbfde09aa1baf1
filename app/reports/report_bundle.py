"""Put the closure reports of several incidents into one PDF, numbered through.

Each report begins on a page of its own, has its own running heads and its own place in the outline
and in the reading structure, and its record is attached. Any thread; one document at a time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.reports.closure_report import attached_record, paper_of, running_heads
from app.reports.closure_story import closure_story
from app.reports.document import BUILDING, Document, DocumentFacts
from app.reports.language import language_of
from app.reports.page_frame import draw_running_heads
from app.reports.structure import Tag, section_tree
from app.reports.text import shortened, single_line
from app.system.garbage import nothing_let_go

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.reports.archive import Attachment
    from app.reports.page_frame import RunningHeads
    from app.reports.record_parts import ClosureRecord


def report_bundle_bytes(
    records: Iterable[ClosureRecord], *, pause: Callable[[], None] | None = None
) -> tuple[bytes, int]:
    """Build one PDF of all records, in their order; return it and its number of pages.

    Args:
        records: one at least; they are taken one by one, and all print on the paper of the first.
        pause: called every few milliseconds; what it raises ends the work.

    Raises:
        InvalidInputError: there is no record, or its paper is not known.
    """
    document: _Bundle | None = None
    with nothing_let_go():
        for record in records:
            with BUILDING:
                if document is None:
                    document = _Bundle(record, pause)
                document.add_report(record)
        if document is None:
            raise InvalidInputError("There is no incident to report on. Choose others.")
        with BUILDING:
            return document.finish(), document.page_count


class _Bundle(Document):
    """A document of several reports; its running heads are drawn when all pages are known."""

    def __init__(self, first: ClosureRecord, pause: Callable[[], None] | None) -> None:
        self._words = words = language_of(first.language)
        facts = DocumentFacts(
            title=words.text("Closure reports"),
            author=single_line(first.organisation),
            subject=words.text("Incident closure reports"),
            language=first.language,
            dated_at=first.dated_at.astimezone(UTC),
        )
        beat = None if pause is None else lambda _part: pause()
        super().__init__(facts, paper_of(first), running_heads(first), beat)
        self._heads: list[RunningHeads] = []
        self._parts: list[Tag] = []
        self._attached: dict[str, Attachment] = {}
        self._numbers: list[str] = []

    def add_report(self, record: ClosureRecord) -> None:
        """Lay out and draw one report, behind those that are there."""
        heads = running_heads(record)
        before = self.page_count
        self.add(closure_story(record))
        own = [heads] * (self.page_count - before)
        own[0] = replace(heads, later_title=heads.first_title)
        self._heads += own
        part = section_tree(self._tags)
        part.role = "Part"
        self._parts.append(part)
        self._tags = []
        self._attach(record)
        self._numbers.append(shortened(record.number, 80, self._words))
        latest = max(self.facts.dated_at, record.dated_at.astimezone(UTC))
        self.facts = replace(self.facts, dated_at=latest)

    def _attach(self, record: ClosureRecord) -> None:
        """Keep the record under a name that no other has, whatever the file system."""
        attachment = attached_record(record)
        name = PurePath(attachment.name)
        count = 1
        while attachment.name.lower() in self._attached:
            count += 1
            attachment = replace(attachment, name=f"{name.stem}-{count}{name.suffix}")
        self._attached[attachment.name.lower()] = attachment

    def _draw_heads(self, number: int) -> None:
        """Leave them for the end: how many pages there are is not known yet."""

    def _tree(self) -> Tag:
        return Tag("Document", self._parts)

    def finish(self) -> bytes:
        """Put the running heads on all pages, close the document and return its bytes."""
        numbers, words = self._numbers, self._words
        span = numbers[0]
        if len(numbers) > 1:
            span = words.text("{first} to {last}", first=numbers[0], last=numbers[-1])
        count = words.number(len(numbers))
        title = words.text("Closure reports: {span} ({count})", span=span, count=count)
        self.facts = replace(self.facts, title=title, attachments=tuple(self._attached.values()))
        for index, heads in enumerate(self._heads):
            self._beat(0.0)
            with self._pen.page_again(index):
                draw_running_heads(self._pen, self.paper, heads, index + 1, self.page_count)
        return super().finish()
