"""Turn a picture that somebody attached into one that an archive may hold (pdf.md, section 2).

Upright, in RGB, of one frame, without transparency, and no finer than paper shows. Pillow is loaded
when the first picture is met, and only for formats that it decodes itself: others start programs.
"""

from __future__ import annotations

import io
import warnings
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.reports.language import ENGLISH, Message

if TYPE_CHECKING:
    from PIL import Image

    from app.reports.language import Language

MOST_PIXELS = 40_000_000
"""A picture that claims more is not unpacked: 14,000 x 14,000 points fill 600 MB of memory."""
_TOO_LARGE = Message("its pixels are more than the {most} million that are printed")
_TOO_LARGE_BY = Message(
    "its {wide} x {high} pixels are more than the {most} million that are printed"
)
_NO_PICTURE = Message("the file is no picture that can be printed")
_DAMAGED = Message("the file is damaged or incomplete")
_DOTS_PER_INCH = 200
_NATURAL_DOTS = 96
"""Dots per inch at which a small picture is shown, so that it is not blown up."""
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
_JPEG_QUALITY = 85
_MOST_LOSSLESS = 300_000
"""Bytes up to which a picture is kept exactly; a larger one is a photograph in all but name."""


class NotPrintableError(ValueError):
    """A picture that no page can show; the reason is for the page."""

    def __init__(self, reason: Message, size: tuple[int, int] | None = None) -> None:
        self._reason, self._size = reason, size or (0, 0)
        super().__init__(self.worded(ENGLISH))

    def worded(self, words: Language) -> str:
        """Return the reason as a part of a sentence."""
        wide, high = (words.number(side) for side in self._size)
        most = MOST_PIXELS // 1_000_000
        return words.of(self._reason, wide=wide, high=high, most=most)


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels ready for a page; `wide` and `high` are its size there in points."""

    pixels: tuple[int, int]
    wide: float
    high: float
    data: bytes
    filter: str
    frames: int = 1


@lru_cache(maxsize=16)
def picture(content: bytes, width: float, height: float) -> Picture:
    """Make a picture that is at most so many points wide and high; remembered for the next report.

    Raises NotPrintableError with the reason.
    """
    from PIL import Image

    if _looks_like_svg(content):
        raise NotPrintableError(Message("SVG drawings cannot be printed"))
    try:
        with warnings.catch_warnings():
            # Pillow warns of a size that is refused below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise NotPrintableError(_TOO_LARGE) from error
    except Exception as error:  # decoders of foreign files raise whatever they like
        raise NotPrintableError(_NO_PICTURE) from error
    with opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise NotPrintableError(_TOO_LARGE_BY, opened.size)
        try:
            return _prepared(opened, width, height)
        except Exception as error:  # see above
            raise NotPrintableError(_DAMAGED) from error


def _looks_like_svg(content: bytes) -> bool:
    head = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in head


def _prepared(opened: Image.Image, width: float, height: float) -> Picture:
    from PIL import Image, ImageOps

    frames = int(getattr(opened, "n_frames", 1))
    lossless = opened.format != "JPEG"
    if opened.format == "JPEG":
        # Decodes at a half, a quarter or an eighth where that is still fine enough.
        side = round(max(width, height) * _DOTS_PER_INCH / 72)
        opened.draft(None, (side, side))
    upright = ImageOps.exif_transpose(opened)
    wide, high = _size_in_points(upright.size, width, height)
    most = tuple(max(1, round(side * _DOTS_PER_INCH / 72)) for side in (wide, high))
    shown = _in_rgb(upright)
    if shown.width > most[0] or shown.height > most[1]:
        shown = shown.resize((most[0], most[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if lossless:
        data = zlib.compress(shown.tobytes(), 6)
        if len(data) <= _MOST_LOSSLESS:
            return Picture(shown.size, wide, high, data, "FlateDecode", frames)
    stream = io.BytesIO()
    shown.save(stream, "JPEG", quality=_JPEG_QUALITY)
    return Picture(shown.size, wide, high, stream.getvalue(), "DCTDecode", frames)


def _size_in_points(pixels: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    natural = (pixels[0] * 72 / _NATURAL_DOTS, pixels[1] * 72 / _NATURAL_DOTS)
    scale = min(1.0, width / natural[0], height / natural[1])
    return max(natural[0] * scale, 1.0), max(natural[1] * scale, 1.0)


def _in_rgb(image: Image.Image) -> Image.Image:
    """Return a picture in RGB: shades of 16 bits in 8, see-through parts as white paper."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        values = image.convert("F")
        extremes: Any = values.getextrema()
        deep = image.mode.startswith("I;16") or extremes[1] > 255
        scale = 255 / 65_535 if deep else 1.0
        return values.point(lambda value: value * scale + 0).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")
