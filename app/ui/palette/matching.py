"""How well a name answers to what was typed, and which of its letters to mark (ux.md 4).

The name itself comes first, then beginnings and initials of words, then letters inside words, then
letters in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST_SCATTERED = 3
SCATTERED = 5
"""The rank of letters that stand apart in a name: a guess, offered only where nothing is better."""
"""Fewer letters than this answer to nearly every name when they may stand apart."""


class Match(NamedTuple):
    """How well a name answers (0 is best) and the places of the letters that do."""

    rank: int
    spots: tuple[int, ...] = ()


def match(title: str, text: str, aliases: Iterable[str] = ()) -> Match | None:
    """Return how a title, or one of its other names, answers to folded text; None if not at all."""
    best = _match(title, text)
    for alias in aliases:
        found = _match(alias, text)
        if found is not None and (best is None or found.rank < best.rank):
            best = Match(found.rank)
    return best


def _match(title: str, text: str) -> Match | None:
    whole = fold(title)
    marks = len(whole) == len(title)  # folding may drop or join signs; then nothing is marked

    def found(rank: int, spots: Iterable[int]) -> Match:
        return Match(rank, tuple(spots) if marks else ())

    if whole.startswith(text):
        rest = whole[len(text) :].strip(" .\u2026")
        return found(1 if rest else 0, range(len(text)))
    starts = [
        n
        for n, letter in enumerate(whole)
        if letter.isalnum() and (n == 0 or not whole[n - 1].isalnum())
    ]
    joined = text.replace(" ", "")
    initials = "".join(whole[n] for n in starts)
    if initials.startswith(joined):
        return found(2, starts[: len(joined)])
    spots = _beginnings(whole, starts, text.split())
    if spots is not None:
        return found(3, spots)
    at = whole.find(text)
    if at >= 0:
        return found(4, range(at, at + len(text)))
    if len(joined) >= _LEAST_SCATTERED:
        scattered = _scattered(whole, starts, joined)
        if scattered is not None:
            return found(SCATTERED, scattered)
    return None


def _beginnings(whole: str, starts: list[int], parts: list[str]) -> list[int] | None:
    spots: list[int] = []
    for part in parts:
        at = next((n for n in starts if whole.startswith(part, n) and n not in spots), None)
        if at is None:
            return None
        spots += range(at, at + len(part))
    return spots


def _scattered(whole: str, starts: list[int], letters: str) -> list[int] | None:
    first = next((n for n in starts if whole[n] == letters[0]), None)
    if first is None:
        return None
    spots = [first]
    for letter in letters[1:]:
        at = whole.find(letter, spots[-1] + 1)
        if at < 0:
            return None
        spots.append(at)
    return spots
