"""Incidents like a text or another incident, each with its reason in words.

Two steps. The index names candidates: the newest incidents with each word, each error signature and
the configuration item; a word weighs by how seldom it is (the inverse document frequency of BM25).
The best of them are read and scored: BM25 over title and description, as a share of what the text
itself would score, and on top of it what else is the same (`BONUS`) and how recent it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.folding import fold
from app.domain.patterns import signatures
from app.storage import similar_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.storage.similar_rows import Facts
    from app.storage.store import Connection

DAY_MS: Final = 86_400_000
BONUS: Final = {"ci": 0.3, "signature": 0.3, "category": 0.1, "requester": 0.1, "location": 0.05}
"""What the same thing in both adds to the score; the text alone reaches 1."""
RECENT: Final = 0.1
HALF_LIFE_DAYS: Final = 90
"""The bonus for being recent falls to its half in so many days."""
LEAST: Final = 0.25
"""Less in common in the words, and nothing else that tells, is chance."""
DUPLICATE: Final = 0.6
DUPLICATE_WITH_ERROR: Final = 0.4
"""So much in the words is enough when the error is the same too."""
DUPLICATE_DAYS: Final = 7
"""An open incident this close in words and time may be the same one, reported twice."""
RARE_SHARE: Final = 0.02
"""A word is called rare when at most so many of all incidents hold it, or three of them."""
_RARE_FROM: Final = 100
"""In a history of fewer incidents no word is called rare: it is too short to tell."""

_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 3
_EMPTY_WORDS: Final = (
    "after again all and are but can cannot does doesn for from had has have her him his how "
    "isn its not now our out she since than that the their them then there they this too was "
    "were what when where which who why will with you your"
)
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())
"""Words that are in every text: a small history cannot tell by counting that they say nothing."""
_MOST_WORDS: Final = 16
_HITS: Final = 300
_READ: Final = 50
_SMALL: Final = 200
"""A smaller history counts as one of this size: in it, how seldom a word is says little."""
_TOLD_WORDS: Final = 4
_K1: Final = 1.2
_B: Final = 0.75
_DESCRIPTION: Final = 600
"""Characters of a description that are compared; the rest is seldom about what is wrong."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What others are compared with: a text, and what else is known of it (names, or "")."""

    text: str
    ci: str = ""
    category: str = ""
    requester: str = ""
    location: str = ""
    leave_out: bytes = b""
    """The incident itself, when it is one already."""
    typing: bool = False
    """The last word may go on."""


class Like(NamedTuple):
    """An incident that is like the probe: how much (0 to about 2) and why, in words."""

    facts: Facts
    score: float
    kind: str
    """ "duplicate", "known_error" or "similar"."""
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "number": self.facts.number,
            "title": self.facts.title,
            "status": self.facts.status,
            "kind": self.kind,
            "score": round(self.score, 3),
            "reason": self.reason,
            "workaround": self.facts.workaround,
        }


def words_of(text: str) -> list[str]:
    """Return the words of a text that are compared, each once, in their order."""
    found = (word for word in _WORD.findall(fold(text)) if len(word) >= _SHORTEST)
    return [word for word in dict.fromkeys(found) if word not in _EMPTY]


def probe_of(facts: Facts) -> Probe:
    """Return what others are compared with to find those like an incident."""
    return Probe(
        f"{facts.title}\n{facts.description[:_DESCRIPTION]}",
        facts.ci,
        facts.category,
        facts.requester,
        facts.location,
        facts.uid,
    )


def find(connection: Connection, probe: Probe, now_ms: int, limit: int = 5) -> list[Like]:
    """Return the incidents that are most like the probe, the likest first.

    Args:
        connection: the thread's; the search index has caught up.
        probe: what they are compared with.
        now_ms: the present, from which being recent is told.
        limit: how many to return at most.
    """
    total = similar_rows.incidents(connection)
    if not total:
        return []
    words = words_of(probe.text)[:_MOST_WORDS]
    typed = words[-1] if words and probe.typing and probe.text[-1:].isalnum() else ""
    weights: dict[str, float] = {}
    points: dict[int, float] = {}
    often: dict[str, float] = {}
    for word in words:
        rows = similar_rows.newest_with(connection, word, _HITS, prefix=word == typed)
        often[word] = _frequency(rows, total)
        weights[word] = _idf(often[word], total)
        for rowid in rows:
            points[rowid] = points.get(rowid, 0.0) + weights[word]
    codes = signatures(probe.text)
    for phrase in (*codes, " ".join(_WORD.findall(fold(probe.ci)))):
        for rowid in similar_rows.newest_with(connection, phrase, _HITS) if phrase else ():
            points[rowid] = points.get(rowid, 0.0) + 2.0
    best = sorted(points, key=lambda rowid: (-points[rowid], -rowid))[:_READ]
    comparison = _Comparison(probe, words, typed, weights, codes, _rare(often, total), now_ms)
    scored = (
        comparison.judge(one)
        for one in similar_rows.facts(connection, best)
        if one.uid != probe.leave_out
    )
    found = [like for like in scored if like is not None]
    found.sort(key=lambda like: (-like.score, -like.facts.registered_ms, like.facts.number))
    return found[:limit]


def _frequency(rows: Sequence[int], total: int) -> float:
    """Return how many incidents hold a word: exact for rare ones, else from how dense they lie."""
    if len(rows) < _HITS:
        return float(len(rows))
    return min(float(total), total * len(rows) / (rows[0] - rows[-1] + 1))


def _idf(often: float, total: int) -> float:
    size = max(total, _SMALL)
    return math.log(1 + max(0.0, size - often + 0.5) / (often + 0.5))


def _rare(often: Mapping[str, float], total: int) -> frozenset[str]:
    if total < _RARE_FROM:
        return frozenset()
    return frozenset(word for word, count in often.items() if count <= max(3, total * RARE_SHARE))


class _Comparison:
    """One probe, ready to be compared with many incidents."""

    def __init__(
        self,
        probe: Probe,
        words: Sequence[str],
        typed: str,
        weights: Mapping[str, float],
        codes: Sequence[str],
        rare: frozenset[str],
        now_ms: int,
    ) -> None:
        self._probe = probe
        self._words = words
        self._typed = typed
        self._weights = weights
        self._codes = codes
        self._rare = rare
        self._now_ms = now_ms
        self._own = sum(weights.values())

    def judge(self, facts: Facts) -> Like | None:
        """Score one incident; None when what they share is no more than chance."""
        counts = Counter(_WORD.findall(fold(f"{facts.title} {facts.description[:_DESCRIPTION]}")))
        shared = [word for word in self._words if self._count(counts, word)]
        text = self._text_score(shared, counts)
        same = self._same(facts)
        tells = ("ci" in same and shared) or "signature" in same
        if not tells and (text < LEAST or len(shared) < min(2, len(self._words))):
            return None
        age_days = max(0, self._now_ms - facts.registered_ms) / DAY_MS
        score = text + sum(BONUS[one] for one in same)
        score += RECENT * 0.5 ** (age_days / HALF_LIFE_DAYS)
        kind = self._kind(facts, text, same, age_days)
        return Like(facts, score, kind, self._reason(facts, kind, shared, same))

    def _count(self, counts: Counter[str], word: str) -> int:
        if word == self._typed:
            return sum(count for token, count in counts.items() if token.startswith(word))
        return counts[word]

    def _is_begun(self, facts: Facts, word: str) -> bool:
        """Tell whether a word is still being typed, and stands there only as a beginning."""
        text = f"{facts.title} {facts.description[:_DESCRIPTION]}"
        return word == self._typed and word not in _WORD.findall(fold(text))

    def _text_score(self, shared: Iterable[str], counts: Counter[str]) -> float:
        """Return BM25 as a share of the most that the words of the probe can reach."""
        length = _B * (sum(counts.values()) / (2 * max(8, len(self._words)))) + 1 - _B
        found = 0.0
        for word in shared:
            often = self._count(counts, word)
            found += self._weights[word] * min(
                1.0, often * (_K1 + 1) / (often + _K1 * min(length, 2.0))
            )
        return found / self._own if self._own else 0.0

    def _same(self, facts: Facts) -> dict[str, str]:
        """Return what both have, by its name in `BONUS`, and what it is."""
        probe = self._probe
        same = {
            name: value
            for name, value in (
                ("ci", facts.ci),
                ("category", facts.category),
                ("requester", facts.requester),
                ("location", facts.location),
            )
            if value and value == getattr(probe, name)
        }
        if self._codes:
            theirs = signatures(f"{facts.title}\n{facts.description}")
            code = next((one for one in self._codes if one in theirs), "")
            if code:
                same["signature"] = code
        return same

    def _kind(self, facts: Facts, text: float, same: Mapping[str, str], age_days: float) -> str:
        close = text >= DUPLICATE or (
            "signature" in same and ("ci" in same or text >= DUPLICATE_WITH_ERROR)
        )
        if facts.is_open and close and age_days <= DUPLICATE_DAYS:
            return "duplicate"
        return "known_error" if facts.problem or facts.workaround or facts.cause else "similar"

    def _reason(
        self, facts: Facts, kind: str, shared: Sequence[str], same: Mapping[str, str]
    ) -> str:
        parts = []
        if kind == "duplicate":
            parts.append("open and may be the same one")
        if kind == "known_error":
            known = "its workaround is known" if facts.workaround else "its cause is known"
            parts.append(f"belongs to {facts.problem}" if facts.problem else known)
        if "ci" in same:
            parts.append(f"same configuration item {same['ci']}")
        if "signature" in same:
            parts.append(f"same error code: {same['signature']}")
        said = frozenset(same.get("signature", "").split())
        shared = [word for word in shared if word not in said]
        rare = [word for word in shared if word in self._rare]
        told = sorted(rare or shared, key=lambda word: -self._weights[word])[:_TOLD_WORDS]
        if told:
            count = len(rare or shared)
            plural = "" if count == 1 else "s"
            all_ = f" of {len(self._words)} words" if len(self._words) > 1 else f" word{plural}"
            what = f"{count} rare word{plural}" if rare else f"{count}{all_}"
            more = ", …" if count > len(told) else ""
            begun = (f"{word}…" if self._is_begun(facts, word) else word for word in told)
            parts.append(f"{what}: {', '.join(begun)}{more}")
        if "category" in same:
            parts.append(f"same category {same['category']}")
        if "requester" in same:
            parts.append(f"same requester {same['requester']}")
        if "location" in same:
            parts.append(f"same location {same['location']}")
        return "; ".join(parts)
