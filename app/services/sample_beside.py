"""Plays the problems and articles of the sample data in between its incidents, at their times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain import knowledge, problem
from app.services.sample_data import SampleProblem, sample_articles, sample_problems
from app.storage import catalogue
from app.system.clock import to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.services.sample_data import SampleArticle
    from app.storage.journal import Action
    from app.system.clock import PinnedClock


class _Tie(NamedTuple):
    """A problem or an article that an incident is to name once both are there."""

    kind: str
    uid: EntityId
    author: str


class SampleBeside:
    """What is still to be written, and which incidents wait to be tied to it."""

    def __init__(
        self, desk: Desk, now: datetime, clock: PinnedClock, ids: dict[str, EntityId]
    ) -> None:
        self._desk, self._clock, self._ids = desk, clock, ids
        articles = sample_articles(now)
        self._article_ids = {
            one.handle: catalogue.item_id(knowledge.KIND, one.title) for one in articles
        }
        waiting: list[tuple[datetime, SampleProblem | SampleArticle]] = [
            *((one.written_at, one) for one in articles),
            *((one.opened_at, one) for one in sample_problems(now)),
        ]
        self._waiting = sorted(waiting, key=lambda one: one[0])
        self._ties: dict[str, list[_Tie]] = {}

    def play_until(self, at: datetime) -> None:
        """Write what came about until an instant, and tie the incidents that are there."""
        while self._waiting and self._waiting[0][0] <= at:
            when, one = self._waiting.pop(0)
            self._clock.set(max(when, self._clock.now()))
            is_problem = isinstance(one, SampleProblem)
            author = one.owner if isinstance(one, SampleProblem) else one.author
            kind = problem.KIND if is_problem else knowledge.KIND
            data = self._problem(one) if isinstance(one, SampleProblem) else _article(one)
            word = "Open problem" if is_problem else "Write article"
            with self._desk.acting_as(author).write(f"{word} {one.title}") as action:
                tie = _Tie(kind, catalogue.create(action, kind, one.title, data), author)
                for handle in one.incidents:
                    if handle in self._ids:
                        self._tie(action, handle, tie)
                    else:
                        self._ties.setdefault(handle, []).append(tie)

    def link(self, handle: str) -> None:
        """Tie an incident that is there now to what was written before it."""
        for tie in self._ties.pop(handle, ()):
            with self._desk.acting_as(tie.author).write(f"Link to {tie.kind}") as action:
                self._tie(action, handle, tie)

    def _tie(self, action: Action, handle: str, tie: _Tie) -> None:
        uid, value = self._ids[handle], tie.uid.hex()
        if tie.kind == problem.KIND:
            action.set("incident", uid, "problem_id", value)
        else:
            action.member(uid, f"article:{value}", value, present=True)

    def _problem(self, one: SampleProblem) -> dict[str, Any]:
        article = self._article_ids[one.article].hex() if one.article else ""
        return {
            "status": one.status,
            "owner": one.owner,
            "text": one.text,
            "cause": one.cause,
            "workaround": one.workaround,
            "category": one.category,
            "ci": one.ci,
            "article": article,
            "opened_ms": to_ms(one.opened_at),
        }


def _article(one: SampleArticle) -> dict[str, Any]:
    return {
        "code": one.handle,
        "text": one.text,
        "category": one.category,
        "author": one.author,
        "written_ms": to_ms(one.written_at),
        "worked": one.worked,
        "did_not": one.did_not,
    }
