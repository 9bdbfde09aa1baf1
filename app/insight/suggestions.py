"""Suggests a value, like a category or a team, from words: multinomial naive Bayes, all local.

It learns the team's own history in one pass, holds nothing but counts of words, and says so when
the history is too short. Laplace smoothing with `_SMOOTH`; the logarithm of what the words say is
damped by the root of their number, because words that come together are counted as if each were
news (without it every score would be near 1).
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
_SMOOTH: Final = 0.1
_TOLD_WORDS: Final = 3


class Suggestion(NamedTuple):
    """A value, how likely it is among all (0 to 1), and the words that speak most for it."""

    value: str
    score: float
    words: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Say why, in words."""
        if not self.words:
            return "the most frequent one; no word of the text tells"
        return "past incidents with " + ", ".join(self.words)

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
        self._totals: Counter[str] = Counter()

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
            self._totals[value] += 1

    def suggest(self, words: Sequence[str], limit: int = SHOWN) -> list[Suggestion]:
        """Return the likeliest values, the likeliest first; none without enough history."""
        if not self.has_enough:
            return []
        known = [word for word in words if word in self._words]
        damping = math.sqrt(max(1, len(known)))
        size = len(self._words) * _SMOOTH
        points = {}
        for value, count in self._values.items():
            total = self._totals[value] + size
            said = sum(math.log((self._words[w][value] + _SMOOTH) / total) for w in known)
            points[value] = math.log(count / self.learnt) + said / damping
        most = max(points.values())
        weights = {value: math.exp(point - most) for value, point in points.items()}
        whole = sum(weights.values())
        best = sorted(weights, key=lambda value: (-weights[value], value))[:limit]
        return [
            Suggestion(value, weights[value] / whole, self._why(known, value)) for value in best
        ]

    def _why(self, known: Iterable[str], value: str) -> tuple[str, ...]:
        """Return the words that are more frequent with this value than with all."""
        share = self._values[value] / self.learnt
        gain = {}
        for word in known:
            counts = self._words[word]
            lift = counts[value] / (counts.total() * share)
            if counts[value] and lift > 1:
                gain[word] = counts[value] * math.log(lift)
        return tuple(sorted(gain, key=lambda word: (-gain[word], word))[:_TOLD_WORDS])
