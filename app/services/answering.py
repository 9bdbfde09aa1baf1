"""Answers a text or an incident with the team's articles and known errors, each with its reason.

The words are kept in memory until one of the writings changes. Safe on any thread that has its own
desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.insight.answers import Answers, Writing
from app.services import knowledge, problems
from app.storage import problem_rows, similar_rows

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.domain.knowledge import Article
    from app.domain.problem import Problem
    from app.insight.answers import Answer
    from app.services.desk import Desk

SHOWN = 3
_DESCRIPTION = 400
_KNOWN: dict[str, tuple[int, int, Answers]] = {}
"""By database file, with how many journal rows there were and what `writings_now` said then."""


def to_text(desk: Desk, text: str, *, limit: int = SHOWN, typing: bool = False) -> list[Answer]:
    """Return what is written about a text, the best first; `typing` lets its last word go on."""
    return _answers(desk).find(text, limit, typing=typing)


def to_incident(desk: Desk, uid: EntityId, *, limit: int = SHOWN) -> list[Answer]:
    """Return what is written about what an incident says."""
    facts = similar_rows.facts_of(desk.connection, uid)
    if facts is None:
        return []
    return to_text(desk, f"{facts.title}\n{facts.description[:_DESCRIPTION]}", limit=limit)


def _answers(desk: Desk) -> Answers:
    key, rows = str(desk.profile.database), problem_rows.journal_length(desk.connection)
    known = _KNOWN.get(key)
    if known is not None and known[0] == rows:
        return known[2]
    now = problem_rows.writings_now(desk.connection)
    if known is not None and known[1] == now:
        answers = known[2]
    else:
        writings = [_article(one) for one in knowledge.every(desk)]
        errors = (one.problem for one in problems.every(desk) if _is_known(one.problem))
        writings += map(_problem, errors)
        answers = Answers(writings)
    _KNOWN[key] = (rows, now, answers)
    return answers


def _is_known(problem: Problem) -> bool:
    return problem.is_open and problem.is_known_error


def _article(one: Article) -> Writing:
    tried = [
        words
        for count, words in (
            (one.worked, f"worked {_times(one.worked)}"),
            (one.did_not, f"did not {_times(one.did_not)}"),
        )
        if count
    ]
    return Writing("article", one.id, one.code, one.name, one.text, ", ".join(tried))


def _problem(one: Problem) -> Writing:
    text = f"{one.text}\n{one.cause}"
    return Writing("problem", one.id, "", one.name, text, "has a workaround", one.workaround)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
