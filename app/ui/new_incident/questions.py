"""What the dialog asks the desk while somebody types; each runs in the reader lane.

Plain values come back, each with the text that was asked for, so that a late answer is told from
the answer to what stands in the field now.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.folding import fold
from app.domain.incident import EntityId
from app.domain.instants import to_ms
from app.services import answering, browsing, recalling, suggesting, values

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.custom_field import CustomField
    from app.domain.listing import ListRow
    from app.domain.priority import PriorityMatrix
    from app.insight.answers import Answer
    from app.insight.suggestions import Suggestion
    from app.services.desk import Desk

SHOWN = 3
ANSWERS = 2
"""Incidents in a list of similar or recent ones."""

SURE = 0.5
"""A value less likely than this is not suggested (measured: above it nine of ten are right)."""

_WORD = re.compile(r"\w+")


class Name(NamedTuple):
    """One name that may be meant, with what tells it from others."""

    name: str
    detail: str


class Names(NamedTuple):
    """Names that begin as the text does, the likeliest first."""

    asked: str
    found: tuple[Name, ...]


class About(NamedTuple):
    """Who a requester is; `name` is "" for somebody whom nobody knows yet."""

    asked: str
    name: str = ""
    phone: str = ""
    place: str = ""
    recent: tuple[ListRow, ...] = ()
    now_ms: int = 0


class Similar(NamedTuple):
    """An incident like the text, and why it is."""

    row: ListRow
    reason: str


class Found(NamedTuple):
    """Incidents like the text, and the category that its words suggest."""

    asked: str
    similar: tuple[Similar, ...]
    category: str
    impact: int | None
    urgency: int | None
    now_ms: int
    category_score: float = 0.0
    """How likely the category is by the team's history; 0 when its keywords named it."""
    team: str = ""
    team_score: float = 0.0
    answers: tuple[Answer, ...] = ()
    """What is written about the text: articles and known errors."""


class Promise(NamedTuple):
    """What a priority means for this team now: when it is due, by which target, whose work."""

    due_at: datetime | None
    today: bool
    target: str
    team: str


class Start(NamedTuple):
    """What the dialog needs once: the person, the matrix of the team and its own fields."""

    me: str
    matrix: PriorityMatrix
    custom_fields: tuple[CustomField, ...] = ()


def start(desk: Desk) -> Start:
    """Return who is typing, the matrix, and the fields that the team added."""
    own = tuple(values.custom_fields(desk.connection))
    return Start(desk.person.name, desk.rules.matrix, own)


def names(desk: Desk, kind: str, text: str, limit: int = 8) -> Names:
    """Return the names of a kind that the text may mean."""
    found = []
    for item in browsing.names(desk, kind, text.strip(), limit):
        parts = (str(item.data.get(key) or "") for key in ("phone", "location", "team"))
        found.append(Name(item.name, " \u00b7 ".join(filter(None, parts))))
    return Names(text, tuple(found))


def about(desk: Desk, text: str) -> About:
    """Return the person of exactly this name, login, mail or phone number."""
    wanted = fold(text.strip())
    if not wanted:
        return About(text)
    for item in browsing.names(desk, "person", text.strip()):
        ways = (str(item.data.get(key) or "") for key in ("login", "mail", "phone"))
        if wanted == fold(item.name) or wanted in {fold(way) for way in ways if way}:
            return About(
                text,
                item.name,
                str(item.data.get("phone") or ""),
                str(item.data.get("location") or ""),
                tuple(browsing.recent_of(desk, item.id, SHOWN)),
                to_ms(desk.now()),
            )
    return About(text)


def look(desk: Desk, text: str) -> Found:
    """Return the incidents most like the text, and the category that it suggests."""
    category, impact, urgency = _category(desk, text)
    now_ms, score = to_ms(desk.now()), 0.0
    learnt = suggesting.suggest(desk, text, wait=False)
    likely, team = _sure(learnt.category), _sure(learnt.team)
    if not category and likely is not None:
        category, score = likely.value, likely.score
        known = desk.rules.categories.get(fold(category))
        if known is not None:
            impact, urgency = known.default_impact, known.default_urgency
    found = Found(text, _similar(desk, text), category, impact, urgency, now_ms, score)
    answers = answering.to_text(desk, text, limit=ANSWERS, typing=True)
    found = found._replace(answers=tuple(answers))
    if team is not None:
        return found._replace(team=team.value, team_score=team.score)
    return found


def _sure(suggestions: list[Suggestion]) -> Suggestion | None:
    """Return the likeliest value where words speak for it and it is likely enough."""
    first = suggestions[0] if suggestions else None
    return first if first is not None and first.words and first.score >= SURE else None


def learn(desk: Desk) -> None:
    """Learn the team's history anew where it has grown, so that `look` can suggest from it."""
    suggesting.learn(desk)


def promise(desk: Desk, priority: str, category: str) -> Promise:
    """Return when an incident of this priority would be due if it were created now."""
    rules, now = desk.rules, desk.now()
    target = rules.target(priority, "resolution")
    team = rules.team_of_category(category) or rules.default_team
    if target.seconds is None:
        return Promise(None, today=False, target="", team=team)
    zone = ZoneInfo(desk.store.zone)
    due_at = target.calendar.add_open_time(now, target.seconds).astimezone(zone)
    today = due_at.date() == now.astimezone(zone).date()
    # "2d = 16 h (a working day of ...)" is said whole in the SLA band; here "2d" is enough.
    return Promise(due_at, today, target.text.partition(" = ")[0], team)


def _similar(desk: Desk, text: str) -> tuple[Similar, ...]:
    likes = recalling.like_text(desk, text, limit=SHOWN, typing=True)
    rows = {row.id: row for row in browsing.rows(desk, [EntityId(one.facts.uid) for one in likes])}
    return tuple(Similar(rows[one.facts.uid], one.reason) for one in likes if one.facts.uid in rows)


def _category(desk: Desk, text: str) -> tuple[str, int | None, int | None]:
    """Return the category with most of its keywords in the text, and its impact and urgency."""
    said = f" {' '.join(_WORD.findall(fold(text)))} "
    best, most = None, 0
    for category in desk.rules.categories.values():
        keys = (" ".join(_WORD.findall(fold(key))) for key in category.keywords)
        score = sum(len(key) for key in keys if key and f" {key} " in said)
        if score > most:
            best, most = category, score
    if best is None:
        return "", None, None
    return best.path, best.default_impact, best.default_urgency
