"""What makes a document an archive that everybody can read: PDF/A-3a and PDF/UA-1 in one file.

XMP, the colour space of the page, the attached record and the reading structure (ISO 19005-3 and
ISO 14289-1).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase import pdfdoc

from app.reports.annotations import write_annotations
from app.reports.structure import text_string, write_structure
from app.reports.xmp import xmp_packet
from app.system.assets import asset_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.reports.archive_file import ArchiveFile
    from app.reports.document import Beat
    from app.reports.pen import Pen
    from app.reports.structure import Tag

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
    attachments: tuple[Attachment, ...] = ()
    """Those of a document that holds several records; no two have one name."""


class _Catalog(pdfdoc.PDFCatalog):
    """reportlab's catalog with the entries that it would drop."""

    __NoDefault__ = (*pdfdoc.PDFCatalog.__NoDefault__, "AF", "OutputIntents")
    __Refs__ = __NoDefault__


class _Page(pdfdoc.PDFPage):
    """reportlab's page with the entries that it would drop."""

    __NoDefault__ = (*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs")


class _Info(pdfdoc.PDFInfo):
    """The information dictionary; the same facts as in XMP, nothing else (ISO 19005-3, 6.6.3)."""

    facts: DocumentFacts

    def format(self, document: Any) -> bytes:
        """Write the dictionary."""
        del document
        facts = self.facts
        dated = _date(facts.dated_at)
        return b"<</Title %s/Author %s/Subject %s/Creator %s/Producer %s%s>>" % (
            text_string(facts.title),
            text_string(facts.author),
            text_string(facts.subject),
            text_string(PRODUCER),
            text_string(PRODUCER),
            b"/CreationDate %s/ModDate %s" % (dated, dated),
        )


def _date(at: datetime) -> bytes:
    return b"(D:%sZ)" % f"{at:%Y%m%d%H%M%S}".encode()


def finish_archive(
    file: ArchiveFile, facts: DocumentFacts, pen: Pen, root: Tag, beat: Beat
) -> None:
    """Add to a document, all pages of which are drawn, what an archive must hold."""
    catalog = file.Catalog
    catalog.__class__ = _Catalog
    file.info.__class__ = _Info
    file.info.facts = facts
    catalog.Lang = text_string(facts.language)
    pages = [file.number_of(page.__InternalName__) for page in file.Pages.pages]
    by_page, fields = write_annotations(file, pen.annotations, pages)
    for index, page in enumerate(file.Pages.pages):
        page.__class__ = _Page
        page.StructParents = index
        page.Tabs = "/S"
        if index in by_page:
            page.Annots = pdfdoc.PDFArray([f"{number} 0 R" for number in by_page[index]])
    _write_pictures(file, pen)
    if fields:
        names = b" ".join([b"%d 0 R" % number for number in fields])
        catalog.AcroForm = b"<</Fields[%s]>>" % names
    structure = write_structure(file, root, pages, pen.owners[: len(pages)], beat)
    catalog.StructTreeRoot = f"{structure} 0 R"
    catalog.MarkInfo = b"<</Marked true>>"
    catalog.Metadata = f"{_metadata(file, facts)} 0 R"
    catalog.OutputIntents = _output_intents(file)
    attached = (*((facts.attachment,) if facts.attachment else ()), *facts.attachments)
    if attached:
        _attach(file, attached, facts.dated_at)


def _write_pictures(file: ArchiveFile, pen: Pen) -> None:
    for name, (picture, pages) in enumerate(pen.pictures.items()):
        number = file.add_stream(
            b"/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Width %d/Height %d" % picture.pixels,
            picture.data,
            encoding=picture.filter,
        )
        for index in sorted(pages):
            page = file.Pages.pages[index]
            if page.XObjects is None:
                page.XObjects = pdfdoc.PDFDictionary()
            page.XObjects[f"Im{name}"] = f"{number} 0 R"


def _metadata(file: ArchiveFile, facts: DocumentFacts) -> int:
    packet = xmp_packet(
        title=facts.title,
        author=facts.author,
        subject=facts.subject,
        language=facts.language,
        producer=PRODUCER,
        dated_at=facts.dated_at,
    )
    # Uncompressed, so that a program that knows no PDF can find it (ISO 16684-1).
    return file.add_stream(b"/Type/Metadata/Subtype/XML", packet, compressed=False)


@cache
def _colour_profile() -> bytes:
    return asset_path("report", "srgb.icc").read_bytes()


def _output_intents(file: ArchiveFile) -> bytes:
    profile = file.add_stream(b"/N 3", _colour_profile())
    return (
        b"[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
        b"/Info(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)/DestOutputProfile %d 0 R>>]"
        % profile
    )


def _attach(file: ArchiveFile, attached: Sequence[Attachment], dated_at: datetime) -> None:
    """Embed files and relate them to the document as its sources (ISO 32000-2, 14.13)."""
    named = {text_string(one.name): _embedded(file, one, dated_at) for one in attached}
    # A tree of names is in their order (ISO 32000-2, 7.9.6); the sources are in that of the pages.
    names = b" ".join([b"%s %d 0 R" % entry for entry in sorted(named.items())])
    file.Catalog.Names = b"<</EmbeddedFiles<</Names[%s]>>>>" % names
    sources = b" ".join([b"%d 0 R" % number for number in named.values()])
    file.Catalog.AF = b"[%s]" % sources


def _embedded(file: ArchiveFile, attachment: Attachment, dated_at: datetime) -> int:
    """Embed a file; return the number of what names it."""
    content = attachment.content
    embedded = file.add_stream(
        b"/Type/EmbeddedFile/Subtype/%s/Params<</Size %d/ModDate %s/CheckSum<%s>>>"
        % (
            attachment.media_type.replace("/", "#2F").encode(),
            len(content),
            _date(dated_at),
            hashlib.md5(content, usedforsecurity=False).hexdigest().encode(),
        ),
        content,
    )
    name = text_string(attachment.name)
    return file.add(
        b"<</Type/Filespec/F %s/UF %s/Desc %s/AFRelationship/Source/EF<</F %d 0 R/UF %d 0 R>>>>"
        % (name, name, text_string(attachment.description), embedded, embedded)
    )
