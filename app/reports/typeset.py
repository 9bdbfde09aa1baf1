"""Break text into lines: words, long tokens, scripts without spaces, and right-to-left lines.

Measured and cached here rather than by reportlab's Paragraph, which reads text as markup and takes
minutes for one long token (pdf.md, section 2). Time grows with the length of the text only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from app.reports.bidirectional import holds_right_to_left, reads_right_to_left, shape, visual_order
from app.reports.fonts import Face, text_width
from app.reports.text import printable, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.reports.styles import Colour, TextStyle


class Span(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: TextStyle


class Piece(NamedTuple):
    """A stretch of a line that one face draws."""

    face: Face
    size: float
    colour: Colour
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn, its pieces in the order of the eye from the left."""

    pieces: tuple[Piece, ...]
    width: float
    right_aligned: bool = False
    squeeze: float = 0.0
    """Points by which each space is narrower than in the font, so that one more word fits."""


@dataclass(slots=True)
class _Token:
    """A word or the space between two, which may run through several spans and faces."""

    pieces: list[Piece]
    width: float
    space: bool


_TOKENS = re.compile(r"[ \u3000]+|[^ \u3000]+")
_IDEOGRAPHS = re.compile(
    "([\u0e00-\u0e7f\u2e80-\u2fff\u3001-\u30ff\u3100-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff])"
)
_NO_LINE_START = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\u30fc\u3005"
    "\u3083\u3085\u3087\u3063\u30e3\u30e5\u30e7\u30c3"
)
"""Signs and small kana that stay with the character before them (JIS X 4051)."""
_BREAK_AFTER = frozenset("/\\-_.,;:=&?|)]}>")
_SHRINK = 0.05
"""How much narrower a space may be set, as a share of its width."""
_SHORT = 40
_LOOK_BACK = 24
"""How many characters before the end of a line a token is searched for a good place to break."""


def break_lines(spans: Sequence[Span], width: float) -> list[Line]:
    """Set spans into lines of at most `width` points; newlines end a line."""
    lines: list[Line] = []
    hard_lines = _hard_lines(spans)
    for hard_line in hard_lines:
        if any(holds_right_to_left(span.text) for span in hard_line):
            lines += _right_to_left_lines(hard_line, width)
        else:
            lines += [_squeezed(tokens, width) for tokens in _fill(_tokens(hard_line), width)]
            if hard_line is not hard_lines[-1]:
                lines[-1] = _spaced(lines[-1], hard_line[-1].style)
    return lines


def _spaced(line: Line, style: TextStyle) -> Line:
    """Add the space that parts a line from the next one for those who do not see the line end."""
    return replace(line, pieces=(*line.pieces, *_word(" ", style))) if line.pieces else line


def _squeezed(tokens: list[_Token], width: float) -> Line:
    pieces, natural = _joined(tokens)
    squeeze = 0.0
    if natural > width:
        spaces = sum(piece.text.count(" ") for piece in pieces)
        squeeze = (natural - width) / spaces if spaces else 0.0
    if tokens and tokens[-1].space and pieces:
        # The space at which the line was broken, for those who do not see the line end
        # (ISO 32000-2, 14.8.2.6.2); it takes no room.
        space = tokens[-1].pieces[0]
        pieces = (*pieces, space._replace(text=space.text[:1]))
    return Line(pieces, min(natural, width), squeeze=squeeze)


def _hard_lines(spans: Sequence[Span]) -> list[list[Span]]:
    result: list[list[Span]] = [[]]
    for text, style in spans:
        first, *others = printable(text).split("\n")
        result[-1].append(Span(first, style))
        result.extend([Span(other, style)] for other in others)
    return result


def _word(text: str, style: TextStyle) -> tuple[Piece, ...]:
    """Measure a word; short ones are remembered, because most words of a report come again."""
    return _short_word(text, style) if len(text) <= _SHORT else _measured(text, style)


@lru_cache(maxsize=20_000)
def _short_word(text: str, style: TextStyle) -> tuple[Piece, ...]:
    return _measured(text, style)


def _measured(text: str, style: TextStyle) -> tuple[Piece, ...]:
    return tuple(
        Piece(face, style.size, style.colour, part, text_width(part, face, style.size))
        for face, part in runs(text, style.face)
    )


def _tokens(spans: Iterable[Span]) -> list[_Token]:
    tokens: list[_Token] = []
    for text, style in spans:
        for index, word in enumerate(_TOKENS.findall(text)):
            space = word[0] in " \u3000"
            parts = [word] if space or word.isascii() else _breakable(word)
            for number, part in enumerate(parts):
                pieces = _word(part, style)
                width = sum(piece.width for piece in pieces)
                if index == 0 and number == 0 and tokens and not space and not tokens[-1].space:
                    tokens[-1].pieces.extend(pieces)
                    tokens[-1].width += width
                else:
                    tokens.append(_Token(list(pieces), width, space))
    return tokens


def _breakable(word: str) -> list[str]:
    """Cut a word of a script without spaces at each character; closing signs stay with it."""
    parts: list[str] = []
    for part in _IDEOGRAPHS.split(word):
        if not part:
            continue
        if parts and (_clings(part[0]) or parts[-1][-1] == "\u200d"):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _clings(char: str) -> bool:
    """Tell whether a character may not start a line."""
    return (
        unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf", "Pe", "Pf"}
        or char in _NO_LINE_START
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def _fill(tokens: Iterable[_Token], width: float) -> list[list[_Token]]:
    """Put tokens on lines, greedily; spaces at a break are dropped, those at the start are kept."""
    lines: list[list[_Token]] = []
    line: list[_Token] = []
    used = 0.0
    for token in tokens:
        if token.space:
            if line or not lines:
                line.append(token)
                used += token.width
            continue
        room = width + 0.01 + _SHRINK * sum(part.width for part in line if part.space)
        if used + token.width > room and any(not part.space for part in line):
            lines.append(line)
            line, used = [], 0.0
        if used + token.width > width + 0.01 and not any(not part.space for part in line):
            *full, token = _cut(token, width + 0.01, width + 0.01 - used)
            for part in full:
                lines.append([*line, part])
                line, used = [], 0.0
        line.append(token)
        used += token.width
    lines.append(line)
    return lines


def _cut(token: _Token, width: float, first: float) -> list[_Token]:
    """Cut a token that is wider than a line into parts that fit; at least one character each."""
    parts: list[_Token] = []
    current = _Token([], 0.0, space=False)
    room = first if first > width / 3 else width
    for piece in token.pieces:
        start = 0
        text = piece.text
        used = current.width
        widths = [text_width(char, piece.face, piece.size) for char in text]
        at = 0
        while at < len(text):
            if used + widths[at] > room and (at > start or current.pieces):
                end = _good_break(text, start, at)
                if end > start:
                    _append(current, piece, text[start:end], sum(widths[start:end]))
                if current.pieces:
                    parts.append(current)
                current = _Token([], 0.0, space=False)
                start = at = end
                used, room = 0.0, width
            used += widths[at]
            at += 1
        if start < len(text):
            _append(current, piece, text[start:], sum(widths[start:]))
    parts.append(current)
    return parts


def _append(token: _Token, piece: Piece, text: str, width: float) -> None:
    token.pieces.append(piece._replace(text=text, width=width))
    token.width += width


def _good_break(text: str, start: int, at: int) -> int:
    """Find where to break before `at`: after a sign if one is near, never before a mark."""
    for end in range(at, max(start, at - _LOOK_BACK), -1):
        if text[end - 1] in _BREAK_AFTER:
            return end
    end = at
    while end > start and (_clings(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end if end > start else at


def _joined(tokens: list[_Token]) -> tuple[tuple[Piece, ...], float]:
    while tokens and tokens[-1].space:
        tokens = tokens[:-1]
    pieces: list[Piece] = []
    for token in tokens:
        for piece in token.pieces:
            last = pieces[-1] if pieces else None
            if last and last[:3] == piece[:3]:
                pieces[-1] = last._replace(
                    text=last.text + piece.text, width=last.width + piece.width
                )
            else:
                pieces.append(piece)
    return tuple(pieces), sum(piece.width for piece in pieces)


def _right_to_left_lines(spans: list[Span], width: float) -> list[Line]:
    """Break in reading order, then put each line in the order of the eye (pdf.md, section 2).

    The line takes the style of its longest span: reordering would tear the others apart. No
    ActualText goes with it: poppler and PDFium both turn the order of the eye into reading order
    themselves, and turned a logical ActualText the wrong way round when it was tried.
    """
    style = max(spans, key=lambda span: len(span.text)).style
    whole = "".join(span.text for span in spans)
    right_aligned = reads_right_to_left(whole)
    lines = []
    for tokens in _fill(_tokens([Span(shape(whole), style)]), width):
        pieces, _ = _joined(tokens)
        shaped = "".join(piece.text for piece in pieces)
        drawn = _word(visual_order(shaped, right_aligned), style)
        lines.append(Line(drawn, sum(piece.width for piece in drawn), right_aligned))
    return lines
