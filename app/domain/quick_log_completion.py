"""Offer what can stand at the cursor of a quick-log line, and put the choice into the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.folding import fold
from app.domain.priority import DEFAULT_MATRIX, PRIORITY_NAMES, priority_label
from app.domain.quick_log_meaning import CHANNEL_WORDS, NAME_KINDS, STATUS_WORDS
from app.domain.quick_log_names import Candidate
from app.domain.quick_log_tokens import NO_WORDS, RawToken, TokenKind, quoted, scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.priority import PriorityMatrix
    from app.domain.quick_log_names import KnownNames

_TIMES: Final = {
    TokenKind.AT: ("-15m", "-1h", "today 9:00", "yesterday 16:30"),
    TokenKind.DUE: ("2h", "4h", "today 17:00", "tomorrow 9:00", "2d"),
}


@dataclass(frozen=True, slots=True)
class Completion:
    """The value at the cursor: `line[start:end]` is replaced, `prefix` is what it begins with."""

    kind: TokenKind
    prefix: str
    start: int
    end: int
    quoted: bool = False


def completion_at(line: str, cursor: int, words: Mapping[str, str] = NO_WORDS) -> Completion | None:
    """Return what is to be completed at the cursor, or None in plain text.

    Right after a sign or a key the prefix is empty. A sign that stands for itself (`+49`, `#2`,
    `wait!`) completes nothing.
    """
    for token in scan(line, words):
        if not isinstance(token, RawToken) or token.end < cursor:
            continue
        if token.value_start > cursor or token.start >= cursor:
            return None
        if token.sign != ":" and token.text and not token.quoted and not _can_be(token):
            return None
        opening = token.value_start + (1 if token.quoted else 0)
        prefix = line[opening : max(cursor, opening)].rstrip('"”“') if token.quoted else ""
        if not token.quoted:
            prefix = line[token.value_start : cursor]
        return Completion(token.kind, prefix, token.value_start, token.end, token.quoted)
    return None


def choices(
    at: Completion,
    names: KnownNames,
    *,
    matrix: PriorityMatrix = DEFAULT_MATRIX,
    limit: int = 8,
) -> tuple[Candidate, ...]:
    """Return what may stand there, likeliest first; `name` is what is put into the line."""
    kind = NAME_KINDS.get(at.kind)
    folded = fold(at.prefix)
    if kind is not None:
        return tuple(names.find(kind, folded, limit))
    match at.kind:
        case TokenKind.PRIORITY:
            offered = [
                Candidate(name.casefold(), priority_label(code), aliases=(code, code[1:]))
                for code, name in PRIORITY_NAMES.items()
                if any(code in row for row in matrix.rows)
            ]
        case TokenKind.CHANNEL:
            offered = [Candidate(str(one)) for one in dict.fromkeys(CHANNEL_WORDS.values())]
        case TokenKind.STATUS:
            offered = [Candidate(str(one)) for one in dict.fromkeys(STATUS_WORDS.values())]
        case _:
            offered = [Candidate(one) for one in _TIMES[at.kind]]
    return tuple(
        one
        for one in offered
        if any(fold(key).startswith(folded) for key in (one.name, *one.aliases))
    )[:limit]


def complete(line: str, at: Completion, choice: str) -> tuple[str, int]:
    """Return the line with the choice and a space behind it, and the place of the cursor."""
    value = choice if at.kind in _TIMES else quoted(choice)
    rest = line[at.end :]
    gap = "" if rest[:1].isspace() or rest[:1] in tuple(",;.:!?)") else " "
    done = line[: at.start] + value + gap
    return done + rest, len(done) + (0 if gap else rest[:1].isspace())


def _can_be(token: RawToken) -> bool:
    """Tell whether what follows the sign can be a name; a digit can, of a person or a category."""
    first = token.text[0]
    return first.isalpha() or (first.isdecimal() and token.sign in "@#!")
