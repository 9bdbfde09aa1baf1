"""Pictures of every kind in a report: upright, in RGB, of one frame; what cannot be shown is told.

The list is the one of pdf.md, section 2.
"""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from app.reports.closure_report import closure_report_bytes
from app.reports.evidence_pictures import MOST_PICTURES, picture_elements
from app.reports.language import ENGLISH
from app.reports.page_frame import A4
from app.reports.pages import render_page
from app.reports.pictures import NotPrintableError, picture
from app.reports.record_parts import EvidencePicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.reports.closure_record import ClosureRecord

RED, BLUE = (200, 20, 30), (20, 40, 200)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><image href="x"/></svg>'


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Make a picture that is red at the left and blue at the right."""
    image = Image.new("RGB", size, RED)
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=BLUE)
    return image.convert(mode)


def claiming(width: int, height: int) -> bytes:
    """Make a small PNG that says it is so large; its pixels are all black."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    row = zlib.compress(bytes(1 + width) * min(height, 200))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", row), chunk(b"IEND", b""))
    )


def rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees to the right
    return saved(halves(), "JPEG", exif=exif, quality=95)


def animated() -> bytes:
    frames = [Image.new("RGB", (60, 40), (shade, 0, 0)) for shade in range(40, 240, 40)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def sixteen_bits() -> bytes:
    return saved(Image.new("I;16", (60, 40), 40_000), "PNG")


def see_through() -> bytes:
    return saved(Image.new("RGBA", (60, 40), (*RED, 0)), "PNG")


def palette_see_through() -> bytes:
    return saved(Image.new("P", (60, 40), 0), "PNG", transparency=0)


CASES = {
    "cmyk.jpg": saved(halves("CMYK"), "JPEG", quality=95),
    "photo.jpg": saved(halves(), "JPEG"),
    "rotated.jpg": rotated(),
    "frames.gif": animated(),
    "deep.png": sixteen_bits(),
    "alpha.png": see_through(),
    "palette.png": palette_see_through(),
    "grey.png": saved(halves("L"), "PNG"),
    "two.png": saved(halves("1"), "PNG"),
    "web.webp": saved(halves(), "WEBP"),
    "bitmap.bmp": saved(halves(), "BMP"),
    "scan.tiff": saved(halves(), "TIFF"),
}
REFUSED = {
    "drawing.svg": (SVG, "SVG drawings cannot be printed"),
    "cut.png": (saved(halves(), "PNG")[:-60], "the file is damaged or incomplete"),
    "cut.jpg": (
        saved(halves(size=(900, 900)), "JPEG")[:3_000],
        "the file is damaged or incomplete",
    ),
    "text.png": (b"no picture", "the file is no picture that can be printed"),
    "post.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture that can be"),
    "huge.png": (claiming(14_000, 14_000), "million that are printed"),
    "large.png": (
        claiming(10_000, 9_000),
        "its 10,000 x 9,000 pixels are more than the 40",
    ),
    "gigapixel.png": (claiming(100_000, 100_000), "million that are printed"),
}


def images_of(page: pikepdf.Page) -> list[pikepdf.Object]:
    return list(dict(page.Resources.get("/XObject", {})).values())


def with_pictures(record: ClosureRecord, pictures: dict[str, bytes]) -> ClosureRecord:
    made = tuple(EvidencePicture(name, "3 KB", content) for name, content in pictures.items())
    return replace(record, pictures=made)


def pixel(content: bytes, across: float, down: float) -> tuple[int, int, int]:
    """Return the colour of a place in a prepared picture."""
    made = picture(content, 400, 300)
    if made.filter == "DCTDecode":
        image = Image.open(io.BytesIO(made.data))
    else:
        image = Image.frombytes("RGB", made.pixels, zlib.decompress(made.data))
    assert image.mode == "RGB"
    assert image.size == made.pixels
    found = image.getpixel((int(across * image.width), int(down * image.height)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def near(colour: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(one - two) < 30 for one, two in zip(colour, other, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_each_kind_is_printed_on_a_page_that_is_an_archive(
    name: str, record: ClosureRecord, texts_of: Callable[[bytes], list[str]]
) -> None:
    # That each PDF passes both standards is looked at behind every test.
    pdf, _ = closure_report_bytes(with_pictures(record, {name: CASES[name]}))

    assert f"{name}, 3 KB" in "".join(texts_of(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        images = [image for page in document.pages for image in images_of(page)]
        assert len(images) == 1
        assert images[0].ColorSpace == "/DeviceRGB"
        assert "/SMask" not in images[0]


def test_colours_of_a_cmyk_photograph_stay() -> None:
    assert near(pixel(CASES["cmyk.jpg"], 0.2, 0.5), RED)
    assert near(pixel(CASES["cmyk.jpg"], 0.8, 0.5), BLUE)


def test_a_picture_that_lies_on_its_side_is_set_upright() -> None:
    made = picture(CASES["rotated.jpg"], 400, 300)

    assert made.pixels == (80, 120)
    assert near(pixel(CASES["rotated.jpg"], 0.5, 0.2), RED)
    assert near(pixel(CASES["rotated.jpg"], 0.5, 0.8), BLUE)


def test_the_first_frame_of_an_animation_is_shown_and_told(
    record: ClosureRecord, texts_of: Callable[[bytes], list[str]]
) -> None:
    pdf, _ = closure_report_bytes(with_pictures(record, {"frames.gif": CASES["frames.gif"]}))

    assert "frames.gif, 3 KB; 1 of 5 frames" in "".join(texts_of(pdf))
    assert near(pixel(CASES["frames.gif"], 0.5, 0.5), (40, 0, 0))


def test_16_bits_become_8_and_what_is_see_through_becomes_paper() -> None:
    grey = 40_000 * 255 // 65_535
    assert near(pixel(CASES["deep.png"], 0.5, 0.5), (grey, grey, grey))
    assert pixel(CASES["alpha.png"], 0.5, 0.5) == (255, 255, 255)
    assert pixel(CASES["palette.png"], 0.5, 0.5) == (255, 255, 255)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_printed_is_named_with_its_reason(
    name: str, record: ClosureRecord, texts_of: Callable[[bytes], list[str]]
) -> None:
    content, reason = REFUSED[name]

    with pytest.raises(NotPrintableError, match=reason):
        picture(content, 400, 300)
    pdf, _ = closure_report_bytes(with_pictures(record, {name: content}))
    text = " ".join("".join(texts_of(pdf)).split())
    assert f"{name}, 3 KB: not printed, because" in text
    assert reason in text


def test_a_picture_that_is_not_here_is_told(
    record: ClosureRecord, texts_of: Callable[[bytes], list[str]]
) -> None:
    pdf, _ = closure_report_bytes(with_pictures(record, {"a.png": b""}))

    assert "the file is not on this computer" in " ".join("".join(texts_of(pdf)).split())


def test_a_picture_is_where_the_structure_says_and_stays_in_the_column(
    record: ClosureRecord,
) -> None:
    wide = saved(halves(size=(3_000, 500)), "PNG")
    pdf, _ = closure_report_bytes(with_pictures(record, {"wide.png": wide}))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        [figure] = [
            entry
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary)
            and entry.get("/S") == "/Figure"
            and "wide.png" in str(entry.Alt)
        ]
        left, low, right, top = map(float, figure.A.BBox)
        assert (left, right) == pytest.approx((A4.left, A4.width - A4.right), abs=0.1)
        [at] = [index for index, page in enumerate(document.pages) if images_of(page)]
        [image] = images_of(document.pages[at])
        assert image.Width <= (right - left) / 72 * 200 + 1
    page = render_page(pdf, at, 1)

    def colour(x: float, y: float) -> tuple[int, int, int]:
        start = (round(A4.height - y) * page.width + round(x)) * 4
        blue, green, red = page.data[start : start + 3]
        return red, green, blue

    assert near(colour(left + 20, (low + top) / 2), RED)
    assert near(colour(right - 20, (low + top) / 2), BLUE)


def test_the_same_picture_is_in_the_file_once(record: ClosureRecord) -> None:
    noise = saved(Image.effect_noise((300, 300), 80).convert("RGB"), "PNG")
    one = len(closure_report_bytes(with_pictures(record, {"a.png": noise}))[0])
    two = len(closure_report_bytes(with_pictures(record, {"a.png": noise, "b.png": noise}))[0])

    assert two - one < 2_000


def test_only_the_first_pictures_are_printed_and_the_others_counted() -> None:
    pictures = [EvidencePicture(f"{at}.png", "1 KB", b"") for at in range(MOST_PICTURES + 2)]

    assert len(picture_elements(pictures, ENGLISH, 400)) == MOST_PICTURES + 1
    assert len(picture_elements(pictures[:MOST_PICTURES], ENGLISH, 400)) == MOST_PICTURES


def test_no_picture_starts_a_program_or_opens_a_file() -> None:
    picture(CASES["two.png"], 300, 300)
    seen: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event.split(".")[0] in {"open", "socket", "subprocess", "os"}:
            seen.append(f"{event} {arguments!r:.80}")

    sys.addaudithook(watch)
    try:
        for content in [*CASES.values(), *(content for content, _ in REFUSED.values())]:
            try:
                picture(content, 301, 300)
            except NotPrintableError:
                continue
    finally:
        watching = False

    assert seen == []


def test_the_same_pictures_give_the_same_bytes_again(record: ClosureRecord) -> None:
    given = with_pictures(record, dict(list(CASES.items())[:4]))
    first, _ = closure_report_bytes(given)
    picture.cache_clear()

    assert closure_report_bytes(given)[0] == first


def test_a_picture_that_claims_a_gigabyte_costs_no_memory(record: ClosureRecord) -> None:
    given = with_pictures(record, {"gigapixel.png": claiming(100_000, 100_000)})
    closure_report_bytes(record)
    tracemalloc.start()
    try:
        closure_report_bytes(given)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 50_000_000
