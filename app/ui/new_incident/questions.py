"""What the dialog asks the desk while somebody types; each runs in the reader lane.

Plain values come back, each with the text that was asked for, so that a late answer is told from
the answer to what stands in the field now.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.folding import fold
from app.domain.instants import to_ms
from app.services import browsing, values

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.custom_field import CustomField
    from app.domain.listing import ListRow
    from app.domain.priority import PriorityMatrix
    from app.services.desk import Desk

SHOWN = 3
"""Incidents in a list of similar or recent ones."""

_WORD = re.compile(r"\w+")
_SHORTEST = 3
_MOST_WORDS = 8
_HITS_OF_A_WORD = 40


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
    """An incident that shares words with the text, and how many of them."""

    row: ListRow
    shared: int
    words: int


class Found(NamedTuple):
    """Incidents like the text, and the category that its words suggest."""

    asked: str
    similar: tuple[Similar, ...]
    category: str
    impact: int | None
    urgency: int | None
    now_ms: int


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
    """Return incidents that share most words with the text, and the category it suggests."""
    category, impact, urgency = _category(desk, text)
    now_ms = to_ms(desk.now())
    return Found(text, _similar(desk, text), category, impact, urgency, now_ms)


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


def _words(text: str) -> list[str]:
    words = [word for word in _WORD.findall(fold(text)) if len(word) >= _SHORTEST]
    return list(dict.fromkeys(words))[:_MOST_WORDS]


def _similar(desk: Desk, text: str) -> tuple[Similar, ...]:
    """Count the words that incidents share with the text: at least half of them, newest first."""
    words = _words(text)
    shared: Counter[int] = Counter()
    for word in words:
        hits = browsing.find_text(desk, word, limit=_HITS_OF_A_WORD, count_all=False).hits
        shared.update({hit.rowid for hit in hits})
    enough = [(count, rowid) for rowid, count in shared.items() if count * 2 >= len(words)]
    found = []
    for count, rowid in sorted(enough, reverse=True)[:SHOWN]:
        number = browsing.number_of_row(desk, rowid)
        if number:
            (row,) = browsing.rows(desk, [browsing.find(desk, number)]) or (None,)
            if row is not None:
                found.append(Similar(row, count, len(words)))
    return tuple(found)


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
