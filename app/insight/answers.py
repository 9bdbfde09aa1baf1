"""Finds what is written already about a text: articles and known errors, each with its reason.

Words are weighed by how few of the writings have them (BM25's idf); a word of a title counts twice.
Pure: writings go in, answers come out.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.insight.similar import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.incident import EntityId

_TITLE, _COMMON, _FEW = 2.0, 0.5, 4
_SHORTEST_START = 3
_MOST_STARTS = 40
_NAMED: Final = 4
"""So many shared words are named in a reason."""


class Writing(NamedTuple):
    """An article, or a problem with its workaround; `kind` is "article" or "problem"."""

    kind: str
    id: EntityId
    code: str
    title: str
    text: str
    facts: str = ""
    """What speaks for it besides its words: "worked 3 times"."""
    workaround: str = ""


class Answer(NamedTuple):
    """A writing that answers a text, how well (0 to 1), and why."""

    writing: Writing
    score: float
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return it in the form of a similar incident (cli.md)."""
        one = self.writing
        return {
            "number": one.code,
            "title": one.title,
            "status": None,
            "kind": one.kind,
            "score": round(self.score, 3),
            "reason": self.reason,
            "workaround": one.workaround,
        }


class Answers:
    """The words of all writings, made once for many questions."""

    def __init__(self, writings: Iterable[Writing]) -> None:
        self._writings = tuple(writings)
        self._holders: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for place, one in enumerate(self._writings):
            for word in words_of(f"{one.text}\n{one.workaround}"):
                self._holders[word][place] = 1.0
            for word in words_of(one.title):
                self._holders[word][place] = _TITLE
        self._sorted = sorted(self._holders)

    def find(self, text: str, limit: int, *, typing: bool = False) -> list[Answer]:
        """Return what answers a text, the best first; `typing` lets its last word go on.

        One word in common is enough only when a title has it, and a word that half of many writings
        have is none.
        """
        words, total = words_of(text), len(self._writings)
        points: defaultdict[int, float] = defaultdict(float)
        shared: defaultdict[int, list[str]] = defaultdict(list)
        titled: set[int] = set()
        most = 0.0
        for place, word in enumerate(words):
            held = self._held(word, goes_on=typing and place == len(words) - 1)
            weight = math.log(1 + (total - len(held) + 0.5) / (len(held) + 0.5))
            most += weight * _TITLE
            if total > _FEW and len(held) > total * _COMMON:
                continue
            for one, times in held.items():
                points[one] += weight * times
                shared[one].append(word)
                if times == _TITLE:
                    titled.add(one)
        found = [
            Answer(self._writings[one], score / most, self._reason(one, shared[one]))
            for one, score in points.items()
            if one in titled or len(shared[one]) > 1
        ]
        return sorted(found, key=lambda one: (-one.score, one.writing.title))[:limit]

    def _held(self, word: str, *, goes_on: bool) -> dict[int, float]:
        held = dict(self._holders.get(word, ()))
        if goes_on and len(word) >= _SHORTEST_START:
            at = bisect_left(self._sorted, word)
            for longer in self._sorted[at : at + _MOST_STARTS]:
                if not longer.startswith(word):
                    break
                for one, times in self._holders[longer].items():
                    held[one] = max(times, held.get(one, 0.0))
        return held

    def _reason(self, one: int, words: list[str]) -> str:
        named = f"Shares {', '.join(words[:_NAMED])}"
        return "; ".join(filter(None, (named, self._writings[one].facts)))
