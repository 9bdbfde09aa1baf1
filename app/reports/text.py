r"""Make any text safe to print: nothing is interpreted, nothing hides, nothing is lost.

Record text never becomes markup: it reaches the page as characters only. The cures (pdf.md, section
2, all tested): Unicode is normalised to NFC; ANSI colour sequences are dropped; other control
characters are shown as `\x1b`; a lone surrogate becomes U+FFFD; the signs that reorder or hide
text (U+202A-E, U+2066-9, U+200B, U+2060, U+FEFF) are dropped; a character that no bundled font has,
or only an empty or warning glyph, is shown as `[U+D55C]`; very long texts end with a sentence that
says where the rest is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from app.reports.fonts import Face, face_for

if TYPE_CHECKING:
    from app.reports.language import Language

FIELD_LIMIT = 20_000
"""Characters of one field that are printed; the whole text is in the attached record."""
PARAGRAPH_LIMIT = 2_000
"""Characters of one paragraph, so that a page break always finds a place."""

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_SPACES = re.compile("[^\\S\u00a0\u202f]+")
"""Runs of white space, but for the spaces that keep a number and its unit together."""
_TAB = 4


def printable(text: str) -> str:
    """Return a text as it may stand on a page; line ends are newlines, all else can be seen."""
    if text.isascii() and text.isprintable():
        return text
    text = _ANSI.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    text = _HIDDEN.sub("", text)
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text).expandtabs(_TAB)


def single_line(text: str) -> str:
    """Return a printable text on one line, for titles, names and running heads."""
    return _SPACES.sub(" ", printable(text)).strip()


def runs(text: str, base: Face) -> list[tuple[Face, str]]:
    """Cut a printable text into runs of one face each; what no font has becomes `[U+XXXX]`."""
    if text.isascii():
        return [(base, text)]
    found: list[tuple[Face, str]] = []
    for char in text:
        face = face_for(char, base)
        shown = char
        if face is None:
            face, shown = base, f"[U+{ord(char):04X}]"
        elif found and face != found[-1][0] and _stays(char) and _has(found[-1][0], char):
            # A mark, a joiner or a space is drawn by the face of the letter before it.
            face = found[-1][0]
        if found and found[-1][0] == face:
            found[-1] = (face, found[-1][1] + shown)
        else:
            found.append((face, shown))
    return found


def _stays(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me", "Cf", "Zs"}


def _has(face: Face, char: str) -> bool:
    return face_for(char, face) == face


def paragraphs(text: str, words: Language, limit: int = FIELD_LIMIT) -> list[str]:
    """Cut a field into printable paragraphs at its blank lines, at most `limit` characters in all.

    A last paragraph says how many characters were left out and that the attached record has them.
    """
    shown = printable(text[:limit])
    result: list[str] = []
    for paragraph in _BLANK_LINES.split(shown.strip()):
        result += _pieces(paragraph)
    if len(text) > limit:
        result.append(left_out(len(text) - limit, words))
    return result


def left_out(count: int, words: Language) -> str:
    """Say how many characters of a text the page does not show, and where they are."""
    return words.counted(
        "[{n} character left out; the whole text is in the attached record]",
        "[{n} characters left out; the whole text is in the attached record]",
        count,
    )


def _pieces(paragraph: str) -> list[str]:
    pieces: list[str] = []
    while len(paragraph) > PARAGRAPH_LIMIT:
        cut = max(paragraph.rfind(end, 1, PARAGRAPH_LIMIT) for end in ("\n", " "))
        cut = cut if cut > PARAGRAPH_LIMIT // 2 else PARAGRAPH_LIMIT
        pieces.append(paragraph[:cut].rstrip())
        paragraph = paragraph[cut:].lstrip()
    if paragraph:
        pieces.append(paragraph)
    return pieces


def shortened(text: str, limit: int, words: Language) -> str:
    """Return one printable line of at most `limit` characters for a cell, told where it is cut."""
    line = single_line(text[: limit * 2])
    if len(line) <= limit and len(text) <= limit * 2:
        return line
    return f"{line[:limit].rstrip()} … {left_out(len(text) - limit, words)}"
