"""Suggests category and team from the text, learnt from this team's own incidents.

What was learnt stays in memory only: nothing of a redacted text is kept beyond this run. Learning
takes less than a second; a window does it in the background. Safe on any thread with its own desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.insight.similar import words_of
from app.insight.suggestions import NEEDED, Learner
from app.storage import similar_rows, suggestion_rows
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from app.insight.suggestions import Suggestion
    from app.services.desk import Desk

HISTORY = 5_000
"""The newest incidents that are learnt from: teams and categories change."""
NEWS = 25
"""After so many more incidents it is learnt anew, or after a tenth more."""


class Learnt(NamedTuple):
    """What a history of so many incidents says about both fields."""

    incidents: int
    category: Learner
    team: Learner

    def is_stale(self, now: int) -> bool:
        """Tell whether enough has come since to learn anew."""
        return abs(now - self.incidents) >= min(NEWS, max(1, self.incidents // 10))


class Suggestions(NamedTuple):
    """What is suggested for both fields, the likeliest first, and from how much history."""

    category: list[Suggestion]
    team: list[Suggestion]
    learnt: int
    needed: int = NEEDED

    @property
    def has_enough(self) -> bool:
        """Tell whether there was enough history."""
        return self.learnt >= self.needed

    def to_json(self) -> dict[str, Any]:
        """Return it as cli.md gives it."""
        return {
            "category": [one.to_json() for one in self.category],
            "team": [one.to_json() for one in self.team],
            "learnt": self.learnt,
            "needed": self.needed,
        }


_LEARNT: dict[str, Learnt] = {}
"""By database file; a whole entry is replaced at once, so threads need no lock."""


def learn(desk: Desk) -> Learnt:
    """Learn from the newest incidents, unless that was done for nearly the same ones."""
    key, now = str(desk.profile.database), similar_rows.incidents(desk.connection)
    known = _LEARNT.get(key)
    if known is not None and not known.is_stale(now):
        return known
    category, team = Learner(), Learner()
    for past in suggestion_rows.newest(desk.connection, HISTORY):
        give_way()
        words = words_of(past.text)
        if past.category:
            category.learn(words, past.category)
        if past.team:
            team.learn(words, past.team)
    learnt = _LEARNT[key] = Learnt(now, category, team)
    return learnt


def suggest(desk: Desk, text: str, *, wait: bool = True) -> Suggestions:
    """Return what a text suggests; nothing for a text without words.

    Without `wait` what was learnt before is asked, and nothing is suggested before the first time.
    """
    known = learn(desk) if wait else _LEARNT.get(str(desk.profile.database))
    if known is None:
        return Suggestions([], [], 0)
    learnt, words = known, words_of(text)
    if not words:
        return Suggestions([], [], learnt.category.learnt)
    return Suggestions(
        learnt.category.suggest(words), learnt.team.suggest(words), learnt.category.learnt
    )
