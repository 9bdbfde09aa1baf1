"""Places on a page that do something: links, and the empty field of a digital signature.

Each belongs to an element of the reading structure, is described in words and is printed
(ISO 14289-1, 7.18; ISO 19005-3, 6.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reports.structure import text_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.archive_file import ArchiveFile
    from app.reports.structure import Tag

_PRINT = 4
_LOCKED = 128


@dataclass(frozen=True, slots=True)
class Annotation:
    """A place on a page; `box` is left, bottom, right, top."""

    page: int
    tag: Tag
    box: tuple[float, float, float, float]

    def entries(self, file: ArchiveFile) -> bytes:
        """Return the entries that are the kind's own."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LinkAnnotation(Annotation):
    """A place that opens an address."""

    uri: str = ""
    words: str = ""

    def entries(self, file: ArchiveFile) -> bytes:
        """Return subtype, words and action."""
        del file
        return b"/Subtype/Link/F %d/Border[0 0 0]/Contents %s/A<</S/URI/URI %s>>" % (
            _PRINT,
            text_string(self.words),
            text_string(self.uri),
        )


@dataclass(frozen=True, slots=True)
class SignatureField(Annotation):
    """An empty field that a digital signature fills; nothing of it shows on the page.

    It has no area: a program that signs would draw a stamp there, in a font that it does not embed.
    """

    name: str = ""
    words: str = ""

    def entries(self, file: ArchiveFile) -> bytes:
        """Return the field with its appearance, which is empty."""
        appearance = file.add_stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 0 0]/Resources<<>>", b"", compressed=False
        )
        return b"/Subtype/Widget/FT/Sig/F %d/T %s/TU %s/AP<</N %d 0 R>>" % (
            _PRINT + _LOCKED,
            text_string(self.name),
            text_string(self.words),
            appearance,
        )


def write_annotations(
    file: ArchiveFile, annotations: Sequence[Annotation], pages: Sequence[int]
) -> tuple[dict[int, list[int]], list[int]]:
    """Write annotations; return the object numbers of each page's, and those of the fields."""
    by_page: dict[int, list[int]] = {}
    fields: list[int] = []
    for order, annotation in enumerate(annotations):
        number = file.allocate()
        file.parents[number] = len(pages) + order
        annotation.tag.objects.append((annotation.page, number))
        file.put(
            number,
            b"<</Type/Annot/P %d 0 R/StructParent %d/Rect[%.2f %.2f %.2f %.2f]%s>>"
            % (
                pages[annotation.page],
                file.parents[number],
                *annotation.box,
                annotation.entries(file),
            ),
        )
        by_page.setdefault(annotation.page, []).append(number)
        if isinstance(annotation, SignatureField):
            fields.append(number)
    return by_page, fields
