"""Suggests a value, like a category or a team, from words: naive Bayes by words, all local.

It learns the team's own history in one pass, holds nothing but counts of words, and says so when
the history is too short. A word tells how much likelier a value is with it than on the whole; its
share is drawn towards the usual one, as if `_USUAL` more incidents with it had been as usual (on a
real log 3 points better than Laplace smoothing). The logarithm of what the words say is damped by a
root of their number, because words that come together are counted as if each were news: without it
the scores of long texts would be near 1.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEEDED: Final = 30
"""Fewer past incidents with a value are not enough history to suggest one."""
SHOWN: Final = 3
_USUAL: Final = 10.0
_DAMPING: Final = 0.25
_TOLD_WORDS: Final = 3


class Sign(NamedTuple):
    """A word, how many past incidents with it had the value, and how many had the word."""

    word: str
    here: int
    all: int


class Suggestion(NamedTuple):
    """A value, how likely it is among all (0 to 1), and the words that speak most for it."""

    value: str
    score: float
    signs: tuple[Sign, ...]
    held: int
    """How many past incidents had the value, of so many that were learnt from:"""
    learnt: int

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that speak most for it."""
        return tuple(one.word for one in self.signs)

    @property
    def reason(self) -> str:
        """Say why, with the counts."""
        if not self.signs:
            return f"{self.held} of {self.learnt} past incidents; no word of the text tells"
        told = ", ".join(f"{one.word} ({one.here} of {one.all})" for one in self.signs)
        return f"past incidents with {told}"

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {"value": self.value, "score": round(self.score, 3), "reason": self.reason}


class Learner:
    """What words say about one field."""

    def __init__(self) -> None:
        self.learnt = 0
        """Past incidents that were learnt from."""
        self._values: Counter[str] = Counter()
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def has_enough(self) -> bool:
        """Tell whether the history is long enough to suggest anything."""
        return self.learnt >= NEEDED

    def learn(self, words: Iterable[str], value: str) -> None:
        """Take in one past incident."""
        self.learnt += 1
        self._values[value] += 1
        for word in words:
            self._words[word][value] += 1

    def suggest(self, words: Sequence[str], limit: int = SHOWN) -> list[Suggestion]:
        """Return the likeliest values, the likeliest first; none without enough history."""
        if not self.has_enough:
            return []
        known = [word for word in words if word in self._words]
        held = [(self._words[word], self._words[word].total() + _USUAL) for word in known]
        damping = max(1, len(held)) ** _DAMPING
        points = {}
        for value, count in self._values.items():
            share = count / self.learnt
            usual = _USUAL * share
            said = sum(
                math.log((counts[value] + usual) / (total * share)) for counts, total in held
            )
            points[value] = math.log(share) + said / damping
        most = max(points.values())
        weights = {value: math.exp(point - most) for value, point in points.items()}
        whole = sum(weights.values())
        best = sorted(weights, key=lambda value: (-weights[value], value))[:limit]
        return [
            Suggestion(
                value,
                weights[value] / whole,
                self._signs(known, value),
                self._values[value],
                self.learnt,
            )
            for value in best
        ]

    def _signs(self, known: Iterable[str], value: str) -> tuple[Sign, ...]:
        """Return the words that are more frequent with this value than with all, the best first."""
        share = self._values[value] / self.learnt
        gain = {}
        for word in known:
            here, all_ = self._words[word][value], self._words[word].total()
            lift = here / (all_ * share)
            if lift > 1:
                gain[Sign(word, here, all_)] = here * math.log(lift)
        return tuple(sorted(gain, key=lambda one: (-gain[one], one.word))[:_TOLD_WORDS])
