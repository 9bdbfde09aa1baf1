r"""Split a quick-log line into tokens with places, so that a field can colour and complete them.

Grammar: ux.md section 5. This module knows only signs, keys and quotes; what a value means is read
in quick_log. A sign counts only at the start of a word and before a letter (or a digit where that
can be a name), so that `joe@x.org`, `C#`, `C++`, `printer #2`, `+49 170`, `10:30`, `http://x` and
`C:\path` stay words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_WORDS: Final[Mapping[str, str]] = {}


class TokenKind(StrEnum):
    """What a token says; the values are the keys of the word forms (`who:nina`)."""

    WHO = "who"
    PRIORITY = "prio"
    CATEGORY = "cat"
    TAG = "tag"
    LOCATION = "loc"
    CHANNEL = "via"
    ASSIGNEE = "to"
    TEAM = "team"
    DUE = "due"
    AT = "at"
    CI = "ci"
    SERVICE = "svc"
    STATUS = "status"


SIGNS: Final = {
    "@": TokenKind.WHO,
    "!": TokenKind.PRIORITY,
    "#": TokenKind.CATEGORY,
    "+": TokenKind.TAG,
}
_KEYS: Final = {str(kind): kind for kind in TokenKind}
_TIMES: Final = frozenset({TokenKind.AT, TokenKind.DUE})

_OPENING = '"“„'
_START = re.compile(
    rf"(?<!\S)(?:(?P<escape>\\)(?=[@!#+]|(?P<escaped>[^\W\d_][\w-]*):)|(?P<sign>[@!#+])"
    rf"|(?P<key>[^\W\d_][\w-]*):(?![/\\])|(?P<quote>[{_OPENING}])(?=\S))"
)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|[“„]([^”“„]*)[”“]')
_LITERAL = re.compile(rf"(?:{_QUOTED.pattern})(?![^\s.,;:!?)\]}}])")
_BARE = {
    "@": re.compile(r"[^\s,;()<>\[\]{}\"“”„]+"),
    "#": re.compile(r"[^\s,;()<>\[\]{}\"“”„]+"),
    "+": re.compile(r"[^\s,;()<>\[\]{}\"“”„]+"),
    "!": re.compile(r"\w+(?=[,;]|[.:!?)]*(?:\s|\Z))"),
    ":": re.compile(r"[^\s,;<>\"“”„]+"),
}
_ENDING = ".:!?)'’"
POSSESSIVE = re.compile(r"['’]s\Z")
_CLOCK = r"\d{1,2}(?:[:h]\d{2}(?::\d{2})?)?(?:am|pm)?"
_SECOND_TIME = re.compile(
    rf" +(?=\d+[:h]\d|\d+[ap]m)({_CLOCK}(?:Z|[+-]\d\d:?\d\d)?)(?![^\s.,;!?)])", re.IGNORECASE
)
_SECOND_WORD = re.compile(r" +([^\W\d_]+)(?![^\s.,;!?)])")
_IS_CLOCK = re.compile(rf"{_CLOCK}\Z", re.IGNORECASE)
_HAS_COLON = re.compile(r"\d[:h]\d|\d[ap]m\Z|\A[+-]|\A\d+[hmwd]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawToken:
    """A token as it stands in the line: `line[start:end]` is its text, sign and quotes included.

    `value_start` is where the value (or its opening quote) begins; `text` is the value without
    quotes. `closed` is False while a quotation mark waits for its partner.
    """

    kind: TokenKind
    start: int
    end: int
    value_start: int
    text: str
    sign: str
    quoted: bool = False
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Escape:
    """A backslash at `start` that makes the word after it text."""

    start: int


def scan(line: str, words: Mapping[str, str] = NO_WORDS) -> Iterator[RawToken | Escape]:
    """Yield tokens and escapes in the order of the line, an empty value included (`who:`)."""
    place = 0
    while (start := _START.search(line, place)) is not None:
        place = start.end()
        match start.lastgroup:
            case "escape" | "escaped":
                if not start["escaped"] or _kind_of(start["escaped"], words):
                    yield Escape(start.start())
                    place += 1
            case "quote":
                literal = _LITERAL.match(line, start.start())
                if literal is not None:
                    place = literal.end()
            case "sign":
                token = _read(
                    line, start.start(), place, SIGNS[start["sign"]], start["sign"], words
                )
                place = token.end
                yield token
            case _:
                kind = _kind_of(start["key"], words)
                if kind is not None:
                    token = _read(line, start.start(), place, kind, ":", words)
                    place = token.end
                    yield token


def english(text: str, words: Mapping[str, str] = NO_WORDS) -> str:
    """Return the folded English word for a word in the user's language; English stays English."""
    folded = fold(text)
    return words.get(folded, folded)


def quoted(value: str) -> str:
    """Return a value as it can stand in a line: in quotes when it would otherwise end early."""
    if value[:1].isalpha() and value[-1] not in _ENDING and _BARE["@"].fullmatch(value):
        return value if POSSESSIVE.search(value) is None else f'"{value}"'
    return '"' + value.replace('"', '""') + '"'


def _kind_of(key: str, words: Mapping[str, str]) -> TokenKind | None:
    return _KEYS.get(key) or _KEYS.get(english(key, words))


def _read(
    line: str, start: int, value_at: int, kind: TokenKind, sign: str, words: Mapping[str, str]
) -> RawToken:
    """Read the value that begins at `value_at`, which may be empty."""
    opening = line[value_at : value_at + 1]
    if sign != "!" and opening and opening in _OPENING:
        found = _QUOTED.match(line, value_at)
        if found is None:
            return RawToken(
                kind, start, len(line), value_at, line[value_at + 1 :], sign, True, False
            )
        text = found[2] if found[1] is None else found[1].replace('""', '"')
        return RawToken(kind, start, found.end(), value_at, text, sign, True)
    found = _BARE[sign].match(line, value_at)
    if found is None:
        return RawToken(kind, start, value_at, value_at, "", sign)
    text = found[0].rstrip(_ENDING) or found[0]
    end = value_at + len(text)
    if kind in _TIMES:
        end = _with_second_word(line, end, text, words)
    return RawToken(kind, start, end, value_at, line[value_at:end], sign)


def _with_second_word(line: str, end: int, text: str, words: Mapping[str, str]) -> int:
    """Take `yesterday 16:30` and `16:30 yesterday` as one value though it has no quotes."""
    if not _HAS_COLON.search(text):
        second = _SECOND_TIME.match(line, end)
        return second.end() if second else end
    if _IS_CLOCK.match(text):
        second = _SECOND_WORD.match(line, end)
        if second and english(second[1], words) in ("today", "yesterday", "tomorrow"):
            return second.end()
    return end
