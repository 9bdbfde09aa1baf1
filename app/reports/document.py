"""One PDF document: canvas, pages, bookmarks, and all that makes it an archive.

The output depends on the story only: dates are the record's, identifiers are digests (pdf.md, 3).
"""

from __future__ import annotations

import io
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from app.reports.archive import Attachment, DocumentFacts, finish_archive
from app.reports.archive_file import ArchiveFile
from app.reports.elements import Group
from app.reports.fonts import Face, load_face
from app.reports.page_frame import Page, Paper, RunningHeads, draw_running_heads, flow
from app.reports.pen import Pen
from app.reports.structure import Tag, section_tree
from app.reports.xmp import metadata_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.reports.elements import Element

    Beat = Callable[[float], None]
    """Told how far a document is, as a share, many times a second; what it raises stops it."""

__all__ = ["BUILDING", "Attachment", "Document", "DocumentFacts"]

BUILDING = Lock()
"""Held while a document is built: reportlab's fonts keep state."""
_DRAWN, _TAGGED = 0.6, 0.8
"""How far a document is when its pages are drawn, and when its structure is written."""


class Document:
    """Builds one document from a story; use once."""

    def __init__(
        self, facts: DocumentFacts, paper: Paper, heads: RunningHeads, beat: Beat | None = None
    ) -> None:
        load_face(Face.REGULAR)
        self.facts = replace(
            facts,
            title=metadata_text(facts.title),
            author=metadata_text(facts.author),
            subject=metadata_text(facts.subject),
        )
        self.paper = paper
        self.heads = heads
        self.page_count = 0
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(
            self._buffer,
            pagesize=(paper.width, paper.height),
            pageCompression=1,
            invariant=1,
            initialFontName=str(Face.REGULAR),
            initialFontSize=9.5,
        )
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._file = ArchiveFile.adopt(self._canvas._doc)  # noqa: SLF001 - no public way
        self._beat = beat or _go_on
        self._pen = Pen(self._canvas)
        self._tags: list[Tag] = []

    def add(self, story: Sequence[Element]) -> None:
        """Lay the story out and draw its pages, behind those that are there."""
        paper = self.paper
        self._tags += _tags(story)
        pages = flow(story, paper.column, paper.body)
        first, level = self.page_count, -1
        self.page_count += len(pages)
        for index, page in enumerate(pages, first):
            self._beat(_DRAWN * (index - first) / len(pages))
            level = self._bookmarks(page, index, level)
            top = paper.height - paper.edge
            for distance, element in page.placed:
                element.draw(self._pen, paper.left, top - distance, paper.column)
            self._draw_heads(index + 1)
            self._pen.end_page()

    def _draw_heads(self, number: int) -> None:
        draw_running_heads(self._pen, self.paper, self.heads, number, self.page_count)

    def _bookmarks(self, page: Page, index: int, level: int) -> int:
        """Add the outline entries of a page; return the level of the last."""
        canvas, paper = self._canvas, self.paper
        for order, (distance, mark) in enumerate(page.bookmarks(paper.column)):
            key = f"p{index}-{order}"
            canvas.bookmarkHorizontal(key, 0, paper.height - paper.edge - distance + 6)
            level = min(mark.level, level + 1)
            canvas.addOutlineEntry(mark.title, key, level=level, closed=False)
        return level

    def finish(self) -> bytes:
        """Close the document and return its bytes."""
        beat = self._beat
        self._file.beat = lambda part: beat(_TAGGED + (1 - _TAGGED) * part)
        finish_archive(
            self._file,
            self.facts,
            self._pen,
            self._tree(),
            lambda part: beat(_DRAWN + (_TAGGED - _DRAWN) * part),
        )
        self._canvas.save()
        return self._buffer.getvalue()

    def _tree(self) -> Tag:
        return section_tree(self._tags)


def _go_on(_part: float) -> None:
    """Take no notice of how far it is."""


def _tags(story: Sequence[Element]) -> Iterator[Tag]:
    """Return the tags of a story in reading order."""
    for element in story:
        if isinstance(element, Group):
            yield from _tags(element.parts)
        elif element.tag is not None:
            yield element.tag
