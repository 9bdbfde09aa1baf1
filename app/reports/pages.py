"""Paint the pages of a PDF as pixels, for the preview: PDFium through pypdfium2, no Qt.

Call it from a worker: a page takes some 10 ms at screen size. PDFium is not thread-safe, so one
lock serialises all calls of the process.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2

from app.domain.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PDFIUM = threading.Lock()
_BAND_POINTS, _HAIR = 144, 1e-6
_LARGEST = 100_000_000
"""Pixels of one picture; an A4 page at 1,200 dpi has 139 million."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A painted page: rows of 4 bytes a pixel (blue, green, red, opaque), without padding."""

    width: int
    height: int
    data: bytes


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise InvalidInputError(
            "This file is not a PDF, or it is damaged; make the report again."
        ) from error


def page_count(pdf: bytes) -> int:
    """Count the pages. Raises InvalidInputError for what is no PDF."""
    with _PDFIUM:
        document = _opened(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each page in points."""
    with _PDFIUM:
        document = _opened(pdf)
        try:
            return [document.get_page_size(index) for index in range(len(document))]
        finally:
            document.close()


def render_page(pdf: bytes, index: int, scale: float) -> PageImage:
    """Paint page `index` (from 0); `scale` is pixels per point, 96/72 for 96 dots an inch.

    Raises InvalidInputError for what is no PDF or a scale beyond reason, NotFoundError for a page
    that is not there.
    """
    with _PDFIUM:
        document = _opened(pdf)
        try:
            if not 0 <= index < len(document):
                raise NotFoundError(
                    f"There is no page {index + 1}; the document has {len(document)}."
                )
            return _painted(document, index, scale)
        finally:
            document.close()


def render_bands(pdf: bytes, index: int, dots: int) -> Iterator[PageImage]:
    """Paint page `index` at `dots` per inch, in bands of two inches from the top down.

    A page at 600 dots has 140 MB; a band of it has 26. The last band may be lower.
    """
    height = page_sizes(pdf)[index][1]
    for top in range(0, math.ceil(height), _BAND_POINTS):
        below = max(height - top - _BAND_POINTS, 0)
        # Whole pixels are cut off, rounded up: 144 points are 600 pixels, and not 601.
        edges = (0, max(below - _HAIR, 0), 0, max(top - _HAIR, 0))
        with _PDFIUM:
            document = _opened(pdf)
            try:
                yield _painted(document, index, dots / 72, edges)
            finally:
                document.close()


def render_pages(pdf: bytes, scale: float) -> Iterator[PageImage]:
    """Paint all pages, one at a time; see `render_page`."""
    for index in range(page_count(pdf)):
        yield render_page(pdf, index, scale)


def _painted(
    document: pypdfium2.PdfDocument,
    index: int,
    scale: float,
    crop: tuple[float, float, float, float] = (0, 0, 0, 0),
) -> PageImage:
    """Paint a page without the points at its left, lower, right and upper edge."""
    page = document[index]
    width, height = page.get_size()
    width, height = width - crop[0] - crop[2], height - crop[1] - crop[3]
    if not math.isfinite(scale) or scale <= 0 or width * height * scale * scale > _LARGEST:
        raise InvalidInputError(f"A scale of {scale} cannot be painted; use one from 0.1 to 10.")
    bitmap = page.render(
        scale=scale,
        crop=crop,
        fill_color=(255, 255, 255, 255),
        force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
    )
    data, row = bytes(bitmap.buffer), bitmap.width * 4
    if bitmap.stride != row:
        starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
        data = b"".join(data[at : at + row] for at in starts)
    return PageImage(bitmap.width, bitmap.height, data)


def page_texts(pdf: bytes, indexes: Iterable[int]) -> list[str]:
    """Return the text of some pages, in the order in which it is drawn."""
    texts = []
    with _PDFIUM:
        document = _opened(pdf)
        try:
            for index in indexes:
                page = document[index]
                text = page.get_textpage()
                texts.append(text.get_text_range())
                text.close()
                page.close()
        finally:
            document.close()
    return texts
