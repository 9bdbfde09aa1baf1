"""One PDF document: canvas, pages, bookmarks, metadata and the attached record.

The output depends on the story only: dates are the record's, identifiers are digests (pdf.md, 3).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from app.reports.fonts import Face, load_face
from app.reports.page_frame import Page, Paper, RunningHeads, draw_running_heads, flow
from app.reports.pen import Pen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.reports.elements import Element

PRODUCER = "Incident Desk"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the document, related to it as its source."""

    name: str
    content: bytes
    description: str
    media_type: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the file says about itself."""

    title: str
    author: str
    subject: str
    language: str
    dated_at: datetime
    attachment: Attachment | None = None


class _Catalog(pdfdoc.PDFCatalog):
    """reportlab's catalog with the entries that it would drop."""

    __NoDefault__ = (*pdfdoc.PDFCatalog.__NoDefault__, "AF", "OutputIntents")
    __Refs__ = __NoDefault__


class Document:
    """Builds one document from a story; use once."""

    def __init__(self, facts: DocumentFacts, paper: Paper, heads: RunningHeads) -> None:
        load_face(Face.REGULAR)
        self.facts = facts
        self.paper = paper
        self.heads = heads
        self.page_count = 0
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(
            self._buffer,
            pagesize=(paper.width, paper.height),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 7),
            initialFontName=str(Face.REGULAR),
            initialFontSize=9.5,
            lang=facts.language,
        )
        self._pen = Pen(self._canvas)
        self._describe()

    def _describe(self) -> None:
        canvas, facts = self._canvas, self.facts
        canvas.setTitle(facts.title)
        canvas.setAuthor(facts.author)
        canvas.setSubject(facts.subject)
        canvas.setCreator(PRODUCER)
        canvas.setProducer(PRODUCER)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        pdf = canvas._doc  # noqa: SLF001 - reportlab has no public way to date a document
        stamp = pdf._timeStamp  # noqa: SLF001
        instant = facts.dated_at
        stamp.t = instant.timestamp()
        stamp.lt = instant.timetuple()
        stamp.YMDhms = instant.timetuple()[:6]
        stamp.dhh = stamp.dmm = 0
        stamp.tzname = "UTC"
        pdf._catalog.__class__ = _Catalog  # noqa: SLF001
        seed = f"{facts.title}\n{facts.dated_at.isoformat()}".encode()
        content = facts.attachment.content if facts.attachment else b""
        pdf.updateSignature(hashlib.sha256(seed + content).digest())

    def add(self, story: Sequence[Element]) -> None:
        """Lay the story out and draw its pages."""
        paper = self.paper
        pages = flow(story, paper.column, paper.body)
        self.page_count = len(pages)
        level = -1
        for index, page in enumerate(pages):
            level = self._bookmarks(page, index, level)
            top = paper.height - paper.edge
            for distance, element in page.placed:
                element.draw(self._pen, paper.left, top - distance, paper.column)
            draw_running_heads(self._pen, paper, self.heads, index + 1, len(pages))
            self._canvas.showPage()

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
        if self.facts.attachment is not None:
            self._attach(self.facts.attachment)
        self._canvas.save()
        return self._buffer.getvalue()

    def _attach(self, attachment: Attachment) -> None:
        """Embed a file and relate it to the document as its source (ISO 32000-2, 14.13)."""
        pdf = self._canvas._doc  # noqa: SLF001 - reportlab cannot attach files itself
        dated = f"D:{self.facts.dated_at:%Y%m%d%H%M%S}Z"
        stream = pdfdoc.PDFStream(content=attachment.content, filters=[pdfdoc.PDFZCompress])
        stream.dictionary["Type"] = pdfdoc.PDFName("EmbeddedFile")
        # A literal: PDFName would not escape the slash, and escapes the sign of an escape.
        stream.dictionary["Subtype"] = f"/{attachment.media_type.replace('/', '#2F')}"
        stream.dictionary["Params"] = pdfdoc.PDFDictionary(
            {
                "Size": len(attachment.content),
                "ModDate": pdfdoc.PDFString(dated),
                "CheckSum": pdfdoc.PDFText(
                    hashlib.md5(attachment.content, usedforsecurity=False).digest(), enc="raw"
                ),
            }
        )
        embedded = pdf.Reference(stream, "embedded-file")
        name = pdfdoc.PDFString(attachment.name)
        specification = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Filespec"),
                "F": name,
                "UF": name,
                "Desc": pdfdoc.PDFString(attachment.description),
                "AFRelationship": pdfdoc.PDFName("Source"),
                "EF": pdfdoc.PDFDictionary({"F": embedded, "UF": embedded}),
            }
        )
        reference = pdf.Reference(specification, "file-specification")
        catalog = pdf._catalog  # noqa: SLF001
        names = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([name, reference])})
        catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": names})
        catalog.AF = pdfdoc.PDFArray([reference])
