"""What people do with knowledge articles: write, find, use with an incident, say whether it worked.

Each function is one action with one undo. Versions of a text, uses and trials are facts of the
journal; the counts are worked out from them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain import knowledge as rules
from app.domain.catalogue import checked_name, did_you_mean
from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.domain.knowledge import KIND, TRIAL, Article, ArticleVersion
from app.services import incidents
from app.services.values import clean_text
from app.storage import catalogue, export_rows, incident_reader, problem_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.domain.problem import Affected
    from app.services.desk import Desk
    from app.storage.journal import Action


class Listed(NamedTuple):
    """An article and in how many incidents it is used."""

    article: Article
    used: int


class Details(NamedTuple):
    """An article whole: the incidents that use it, and its versions, the newest first."""

    article: Article
    used_by: tuple[Affected, ...]
    versions: tuple[ArticleVersion, ...]


def every(desk: Desk) -> list[Article]:
    """Return all articles by name."""
    return [_read(item) for item in catalogue.every(desk.connection, KIND)]


def search(desk: Desk, text: str = "") -> list[Listed]:
    """Return the articles that have all words of a text, the best first; "" finds all."""
    used = problem_rows.counts_by_article(desk.connection)
    known = _as_read_last(desk)
    return [Listed(one, used.get(one.id, 0)) for one in rules.matching(known, clean_text(text))]


_READ: dict[str, tuple[int, list[Article]]] = {}
"""By database file, with how many journal rows there were; an entry is replaced at once."""


def _as_read_last(desk: Desk) -> list[Article]:
    """Return all articles; between two keys of a search they are not read again.

    Never asked inside an action, which may yet be taken back.
    """
    key, rows = str(desk.profile.database), problem_rows.journal_length(desk.connection)
    known = _READ.get(key)
    if known is None or known[0] != rows:
        known = _READ[key] = (rows, every(desk))
    return known[1]


def used_in(desk: Desk, uid: EntityId) -> list[str]:
    """Return the articles that an incident uses, by code and name."""
    names = set(export_rows.articles_of(desk.connection, uid))
    if not names:
        return []
    return [f"{one.code} {one.name}" for one in every(desk) if one.name in names]


def find(desk: Desk, name: str) -> Article:
    """Return the article of this code or name, case and accents aside.

    Raises:
        NotFoundError: there is none; the sentence offers the nearest.
    """
    key, known = fold(name), every(desk)
    for one in known:
        if key in (fold(one.code), fold(one.name)):
            return one
    raise NotFoundError(
        f'There is no article "{name}".{did_you_mean(name, [one.name for one in known])}'
    )


def details(desk: Desk, uid: EntityId) -> Details:
    """Return an article with where it is used and what it said before.

    Raises:
        NotFoundError: it was removed.
    """
    versions: list[ArticleVersion] = []
    for field, value, author, at in problem_rows.texts_of(desk.connection, uid):
        told: Any = json.loads(value)
        text = told.get("text", "") if field == "*" and isinstance(told, dict) else told
        versions.append(ArticleVersion(str(text), author, at))
    used_by = problem_rows.incidents_of_article(desk.connection, uid)
    return Details(_article(desk, uid), tuple(used_by), tuple(versions))


def write(
    desk: Desk,
    name: str,
    text: str,
    *,
    category: str = "",
    incident: EntityId | None = None,
) -> ChangeSet:
    """Write a new article; with `incident` it is used by that one from the start.

    Raises:
        InvalidInputError: the title is empty or taken, or there is no text.
    """
    name, text = _checked(desk, None, name, text)
    title = f"Write article {name}"
    with desk.write(title) as action:
        uid = catalogue.create(
            action,
            KIND,
            name,
            {
                "text": text,
                "category": clean_text(category).strip(),
                "author": desk.person.name,
                "written_ms": action.now_ms,
            },
        )
        if incident is not None:
            action.member(incident, f"article:{uid.hex()}", uid.hex(), present=True)
    return _changes(action, title, uid, [] if incident is None else [incident])


def draft_from_incident(desk: Desk, uid: EntityId) -> tuple[str, str, str]:
    """Return title, text and category of an article made from the resolution of an incident.

    Raises:
        InvalidInputError: the incident has no resolution yet.
    """
    incident = incident_reader.read(desk.connection, uid, story=False)
    if not incident.resolution.strip():
        raise InvalidInputError(
            f"{incident.number} has no resolution yet: resolve it first, or write an article by "
            "hand.",
            field="resolution",
        )
    category = incident.category.name if incident.category else ""
    return incident.title, rules.text_of_resolution(incident), category


def write_from_incident(desk: Desk, uid: EntityId) -> ChangeSet:
    """Write the article of a resolution as it stands; a title that is taken gets a number.

    Raises:
        InvalidInputError: the incident has no resolution yet.
    """
    title, text, category = draft_from_incident(desk, uid)
    name, number = title, 2
    while catalogue.find(desk.connection, KIND, name) is not None:
        name, number = f"{title} ({number})", number + 1
    return write(desk, name, text, category=category, incident=uid)


def change(
    desk: Desk, uid: EntityId, name: str, text: str, *, category: str | None = None
) -> ChangeSet:
    """Bring an article up to a new title, text and category; what it said before is kept.

    Raises:
        InvalidInputError: the title is empty or taken, or there is no text.
        NotFoundError: it was removed.
    """
    article = _article(desk, uid)
    name, text = _checked(desk, uid, name, text)
    title = f"Change article {name}"
    with desk.write(title) as action:
        if name != article.name:
            action.set(KIND, uid, "name", name)
        if text != article.text:
            action.set(KIND, uid, "text", text)
        if category is not None and clean_text(category).strip() != article.category:
            action.set(KIND, uid, "category", clean_text(category).strip())
    return _changes(action, title, uid)


def tried(
    desk: Desk, uid: EntityId, *, worked: bool, incident: EntityId | None = None
) -> ChangeSet:
    """Say that the article worked or did not, for an incident or in general."""
    article = _article(desk, uid)
    title = f"{article.code} {'worked' if worked else 'did not work'}"
    with desk.write(title) as action:
        fact = {"worked": worked, "by": desk.person.id.hex(), "at": action.now_ms}
        if incident is not None:
            fact["incident"] = incident.hex()
            action.member(incident, f"article:{uid.hex()}", uid.hex(), present=True)
        action.set(KIND, uid, f"{TRIAL}{action.new_id().hex()}", fact)
    return _changes(action, title, uid, [] if incident is None else [incident])


def use(desk: Desk, uid: EntityId, ids: Sequence[EntityId]) -> ChangeSet:
    """Use an article with incidents: it is cited there, and is their workaround if they have none.

    Raises:
        NotFoundError: the article was removed.
    """
    article = _article(desk, uid)

    def act(action: Action, incident: Incident) -> None:
        action.member(incident.id, f"article:{uid.hex()}", uid.hex(), present=True)
        if not incident.workaround.strip():
            values: dict[str, Any] = {"workaround": f"{article.code} {article.name}"}
            if incident.workaround_applied_at is None:
                values["workaround_applied_at"] = action.now_ms
            action.set_many(incident.id, values)

    changes = incidents.each(desk, ids, f"Use {article.code}", act)
    return replace(changes, ids={**changes.ids, KIND: (uid,)})


def remove(desk: Desk, uid: EntityId) -> ChangeSet:
    """Take an article out of the list; incidents that used it keep that in their timeline."""
    article = _article(desk, uid)
    title = f"Remove article {article.name}"
    with desk.write(title) as action:
        action.set(KIND, uid, "deleted", True)
    return _changes(action, title, uid)


def _checked(desk: Desk, uid: EntityId | None, name: str, text: str) -> tuple[str, str]:
    name, text = checked_name("Article", clean_text(name)), clean_text(text)
    if not text.strip():
        raise InvalidInputError("The article is empty. Write what to do.", field="text")
    other = catalogue.find(desk.connection, KIND, name)
    if other is not None and other.id != uid:
        raise InvalidInputError(
            f'There is an article "{name}" already. Change that one, or give this one another '
            "title.",
            field="name",
            code="name_taken",
        )
    return name, text


def _read(item: catalogue.Item) -> Article:
    return Article.from_data(item.id, item.name, item.data)


def _article(desk: Desk, uid: EntityId) -> Article:
    for item in catalogue.every(desk.connection, KIND):
        if item.id == uid:
            return _read(item)
    raise NotFoundError("This article has been removed since. Undo that, or choose another one.")


def _changes(
    action: Action, title: str, uid: EntityId, touched: Sequence[EntityId] = ()
) -> ChangeSet:
    ids: dict[str, tuple[EntityId, ...]] = {KIND: (uid,)}
    if touched:
        ids["incident"] = tuple(touched)
    return ChangeSet(action.id if action.edits else None, title, ids)
