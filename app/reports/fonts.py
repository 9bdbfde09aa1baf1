"""The bundled faces: which font draws a character, and how wide it is.

Every character is looked up in a chain of fonts, so that a report never shows a box and never drops
a letter (pdf.md, section 2). Faces are loaded when they are first needed and kept as long as the
process lives. Loading and asking is safe on any thread; drawing is serialised by the writers.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from app.system.assets import asset_path

if TYPE_CHECKING:
    from collections.abc import Iterable

# Pages in plain ASCII85 take twice the time (speed.md); readable subsets are larger; and a colour
# is never an expression (CVE-2023-33733).
rl_config.useA85 = 0
rl_config.ttfAsciiReadable = 0
rl_config.toColorCanUse = None


class Face(StrEnum):
    """A bundled face, named as its PostScript name and its file."""

    REGULAR = "IBMPlexSans-Regular"
    MEDIUM = "IBMPlexSans-Medium"
    SEMIBOLD = "IBMPlexSans-SemiBold"
    ITALIC = "IBMPlexSans-Italic"
    MONO = "IBMPlexMono-Regular"
    MONO_SEMIBOLD = "IBMPlexMono-SemiBold"
    NOTO = "NotoSans-Regular"
    HEBREW = "NotoSansHebrew-Regular"
    ARABIC = "NotoSansArabic-Regular"
    DEVANAGARI = "NotoSansDevanagari-Regular"
    THAI = "NotoSansThai-Regular"
    SYMBOLS = "NotoSansSymbols-Regular"
    SYMBOLS_2 = "NotoSansSymbols2-Regular"
    MATH = "NotoSansMath-Regular"
    EMOJI = "NotoEmoji-Regular"
    CJK = "DroidSansFallback"
    HANGUL = "DeskHangul-Regular"


_CHAIN = (
    Face.REGULAR,
    Face.MONO,
    Face.NOTO,
    Face.HEBREW,
    Face.ARABIC,
    Face.DEVANAGARI,
    Face.THAI,
    Face.SYMBOLS,
    Face.SYMBOLS_2,
    Face.MATH,
    Face.EMOJI,
    Face.CJK,
    Face.HANGUL,
)
JOINERS = frozenset("\u00ad\u200c\u200d\u200e\u200f\ufe0e\ufe0f\u034f")
"""Signs that are invisible by nature and hide nothing; drawn as the empty glyph of a font."""
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd")
_LOADING = Lock()


class ReportFont(TTFont):
    """A TrueType font whose text can be copied and searched beyond the first plane.

    reportlab 5.1 maps code 0 to U+0000, puts more than 100 entries into one block and writes five
    digits for an emoji (pdf.md, five corrections); this rewrites its map when the font is embedded.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's own name
        """Embed the subsets that the document used, each with a correct map to Unicode."""
        beat = getattr(doc, "beat", None)  # a canvas of reportlab's own has none
        if beat is not None:
            beat(0.0)
        subsets = [list(subset) for subset in self._assignState(doc).subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX))
            stream = doc.idToObject["toUnicodeCMap:" + name.decode("pdfdoc")]
            stream.content = _unicode_map(name.decode("pdfdoc"), subset)


def _unicode_map(name: str, subset: list[int]) -> str:
    entries = [
        f"<{code:02X}> <{unshaped(chr(value)).encode('utf-16-be').hex().upper()}>"
        for code, value in enumerate(subset)
        if code
    ]
    blocks: list[str] = []
    for at in range(0, len(entries), 100):
        block = entries[at : at + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def unshaped(char: str) -> str:
    """Return the letter that was typed for a joined form of an Arabic letter.

    A ligature of two letters stays as it is: readers take it apart themselves, in their own order.
    """
    if "\ufe70" <= char <= "\ufefc" or "\ufb50" <= char <= "\ufbb1":
        letter = unicodedata.normalize("NFKC", char)
        return letter if len(letter) == 1 else char
    return char


@cache
def load_face(face: Face) -> TTFont:
    """Load and register a face once."""
    with _LOADING:
        font = ReportFont(str(face), str(asset_path("fonts", f"{face}.ttf")), asciiReadable=0)
        pdfmetrics.registerFont(font)
        return font


def load_faces(faces: Iterable[Face] = tuple(Face)[:6]) -> None:
    """Load the text faces ahead of the first report; for a worker at the start of the program."""
    for face in faces:
        load_face(face)


@cache
def _widths(face: Face) -> dict[int, float]:
    widths: dict[int, float] = load_face(face).face.charWidths
    return widths


def _draws(face: Face, char: str) -> bool:
    """Tell whether a face has a glyph for a character that can be seen, or that need not be."""
    truetype = load_face(face).face
    glyph = truetype.charToGlyph.get(ord(char))
    if not glyph:
        return False
    if char in JOINERS:
        return bool(truetype.charWidths.get(ord(char), 1) == 0)
    if unicodedata.category(char)[0] in "Z":
        return True
    return bool(truetype.glyphPos[glyph] != truetype.glyphPos[glyph + 1])


@lru_cache(maxsize=20_000)
def face_for(char: str, base: Face) -> Face | None:
    """Choose the face that draws a character in a text of a base face; None when no font has it."""
    category = unicodedata.category(char)
    if category[0] == "C" and char not in JOINERS and char not in _VISIBLE_FORMATS:
        return None
    if _draws(base, char):
        return base
    return next((face for face in _CHAIN if _draws(face, char)), None)


def char_widths(text: str, face: Face, size: float) -> list[float]:
    """Measure each character of a text that one face draws, in points."""
    widths, scale = _widths(face), size / 1000
    return [widths.get(ord(char), 0) * scale for char in text]


def text_width(text: str, face: Face, size: float) -> float:
    """Measure a text that one face draws, in points."""
    widths = _widths(face)
    return sum([widths.get(ord(char), 0) for char in text]) * size / 1000
