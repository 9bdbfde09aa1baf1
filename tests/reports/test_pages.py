"""Pages as pixels, without Qt."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.reports.closure_report import closure_report_bytes
from app.reports.pages import (
    PageImage,
    page_count,
    page_sizes,
    render_bands,
    render_page,
    render_pages,
)

if TYPE_CHECKING:
    from app.reports.closure_record import ClosureRecord


@pytest.fixture(scope="module")
def pdf(record: ClosureRecord) -> bytes:
    return closure_report_bytes(record)[0]


def test_a_page_is_painted_at_its_scale_opaque_and_on_white(pdf: bytes) -> None:
    page = render_page(pdf, 0, 96 / 72)

    assert (page.width, page.height) == (794, 1123)
    assert len(page.data) == page.width * page.height * 4
    assert set(page.data[3::4]) == {255}
    assert page.data[:4] == b"\xff\xff\xff\xff"
    # The accent colour #0B4A82 in the order blue, green, red.
    assert b"\x82\x4a\x0b\xff" in page.data


def test_every_page_can_be_painted(pdf: bytes) -> None:
    images = list(render_pages(pdf, 0.5))

    assert len(images) == page_count(pdf) == len(page_sizes(pdf))
    assert all(isinstance(image, PageImage) for image in images)


def test_what_is_no_pdf_and_a_page_that_is_not_there_are_told() -> None:
    with pytest.raises(InvalidInputError, match="not a PDF"):
        page_count(b"hello")


def test_a_page_that_is_not_there_is_told(pdf: bytes) -> None:
    with pytest.raises(NotFoundError, match="There is no page 99"):
        render_page(pdf, 98, 1)
    with pytest.raises(NotFoundError):
        render_page(pdf, -1, 1)


@pytest.mark.parametrize("scale", [0, -1, 100, float("nan")])
def test_a_scale_beyond_reason_is_refused(pdf: bytes, scale: float) -> None:
    with pytest.raises(InvalidInputError, match="scale"):
        render_page(pdf, 0, scale)


def test_threads_may_paint_and_build_at_the_same_time(pdf: bytes, record: ClosureRecord) -> None:
    results: list[bytes] = []

    def paint() -> None:
        results.append(render_page(pdf, 0, 0.5).data)

    def build() -> None:
        results.append(closure_report_bytes(record)[0])

    threads = [threading.Thread(target=work) for work in (paint, build) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 8
    assert len(set(results)) == 2


def test_painting_needs_no_qt(pdf: bytes) -> None:
    render_page(pdf, 0, 0.1)

    assert "app.reports.pages" in sys.modules
    assert not any(name.startswith("PySide6") for name in vars(sys.modules["app.reports.pages"]))


@pytest.mark.parametrize("dots", [72, 150, 300])
def test_bands_make_up_the_whole_page(pdf: bytes, dots: int) -> None:
    whole = render_page(pdf, 0, dots / 72)
    bands = list(render_bands(pdf, 0, dots))
    assert len(bands) > 4
    assert {band.width for band in bands} == {whole.width}
    assert sum(band.height for band in bands) == whole.height
    joined = b"".join(band.data for band in bands)
    # PDFium smooths a glyph by its place on the bitmap: single steps of grey, never a lost line.
    assert sum(a != b for a, b in zip(joined, whole.data, strict=True)) < len(joined) / 1_000
