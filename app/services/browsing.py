"""Looks at incidents: one whole, lists in groups and pages, counts of views, search, names.

Nothing here writes, but for the search index, which catches up before it is asked. Safe on any
thread that has its own desk.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain import filter_language
from app.domain.changes import ChangeSet
from app.domain.incident import EntityId
from app.domain.instants import to_ms
from app.storage import catalogue, filter_sql, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.incident_record import Incident
    from app.domain.listing import Group, ListQuery, ListRow
    from app.services.desk import Desk
    from app.storage.catalogue import Item
    from app.storage.listing import Selection
    from app.storage.search import SearchResult


SORTS = tuple(listing.SORTS)
"""What lists can be sorted by."""


def incident(desk: Desk, which: str | EntityId, *, at: datetime | None = None) -> Incident:
    """Return one incident whole, with clocks, SLA traces and checklist as of `at`.

    Raises:
        NotFoundError: nothing has that number or id.
    """
    from app.services import moves  # lists do without the rules of moves and clocks
    from app.storage import clocks, incident_reader

    uid = incident_reader.find(desk.connection, which) if isinstance(which, str) else which
    found = incident_reader.read(desk.connection, uid)
    response, resolution = clocks.states(desk.connection, desk.rules, found, at or desk.now())
    return replace(
        found,
        response=response,
        resolution_clock=resolution,
        checklist=moves.checklist(desk, found),
    )


def conflicts(desk: Desk, uid: EntityId) -> list[dict[str, Any]]:
    """Return the fields that people must choose between, with each value and who wrote it when."""
    from app.storage.conflicts import conflicts_of  # few incidents have any

    return conflicts_of(desk.connection, uid)


def find(desk: Desk, number: str) -> EntityId:
    """Return the id that a number, an old number or an alias names; raises NotFoundError."""
    from app.storage import incident_reader

    return incident_reader.find(desk.connection, number)


def selection(desk: Desk, text: str) -> Selection:
    """Compile a line of the filter language for the present moment."""

    def text_clause(words: Sequence[str]) -> tuple[str, list[Any]]:
        from app.storage import search, search_queue

        search_queue.catch_up(desk.connection)
        return search.text_clause(words)

    def figure_clause(names: Sequence[str]) -> tuple[str, list[Any]]:
        from app.services import dashboard  # most lists are no figure's

        return dashboard.figure_clause(desk, names[0])

    now = desk.now()
    zone = ZoneInfo(desk.store.zone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    where, values = filter_sql.compile_filter(
        filter_language.parse(text),
        now_ms=to_ms(now),
        me_id=desk.person.id,
        zone=zone,
        text_clause=text_clause,
        figure_clause=figure_clause,
    )
    return listing.Selection(where, values, to_ms(now), to_ms(tomorrow))


def groups(desk: Desk, query: ListQuery) -> list[Group]:
    """Return the bands of a list with their counts, in the order of work."""
    return listing.groups(desk.connection, selection(desk, query.text), query.group)


def first_rows(desk: Desk, query: ListQuery, limit: int) -> list[tuple[Group, list[ListRow]]]:
    """Return the first rows of a list by bands that are not counted yet.

    Empty where bands must be counted first, and where no row is found.
    """
    if not listing.can_begin(query.group):
        return []
    chosen = selection(desk, query.text)
    found = listing.first_rows(
        desk.connection, chosen, by=query.group, sort=query.sort, limit=limit
    )
    return [(group, _with_own(desk, rows, query)) for group, rows in found]


def page(
    desk: Desk,
    query: ListQuery,
    group: str,
    offset: int,
    limit: int,
    total: int | None = None,
) -> list[ListRow]:
    """Return rows of one band from `offset`; `total` lets it read from the nearer end."""
    found = listing.page(
        desk.connection,
        selection(desk, query.text),
        by=query.group,
        key=group,
        sort=query.sort,
        offset=offset,
        limit=limit,
        total=total,
    )
    return _with_own(desk, found, query)


def _with_own(desk: Desk, found: list[ListRow], query: ListQuery) -> list[ListRow]:
    """Fill in the team's own fields that the query asks for."""
    if not query.custom:
        return found
    from app.storage import own_values  # most lists show none

    return own_values.fill(desk.connection, found, query.custom)


def rows(desk: Desk, ids: Iterable[EntityId]) -> list[ListRow]:
    """Return the rows of these incidents: what a change refetches."""
    return listing.rows_by_id(desk.connection, ids)


def counts(desk: Desk, filters: Sequence[str]) -> list[int]:
    """Return how many incidents each of these filters holds, for the sidebar."""
    return [listing.count(desk.connection, selection(desk, text)) for text in filters]


def find_text(desk: Desk, text: str, *, limit: int = 50, count_all: bool = True) -> SearchResult:
    """Search everything; never a syntax error. Without `count_all` the total may be too small."""
    from app.storage import search, search_queue  # lists and their filters do without the index
    from app.storage import search_texts as texts

    search_queue.catch_up(desk.connection)
    return search.search(
        desk.connection,
        text,
        limit=limit,
        count_all=count_all,
        loaders=[
            partial(load, desk.connection)
            for load in (texts.load_heads, texts.load_rows, texts.load)
        ],
    )


def index_some(desk: Desk) -> int:
    """Let the search index catch up by one short transaction; return how many incidents it was."""
    if desk.store.read_only:
        return 0
    from app.storage import search_queue

    return search_queue.index_some(desk.connection)


def number_of_row(desk: Desk, rowid: int) -> str:
    """Return the number of a found row, "" when it is gone."""
    number: Any = desk.connection.execute(
        "SELECT number FROM incident WHERE id = ? AND deleted = 0", (rowid,)
    ).get
    return number or ""


def rows_in(desk: Desk, text: str, *, sort: str = "registered", limit: int = -1) -> list[ListRow]:
    """Return the rows of all incidents that a filter holds, for bulk work."""
    chosen = selection(desk, text)
    return listing.page(desk.connection, chosen, by="", key="", sort=sort, offset=0, limit=limit)


def ids_in(desk: Desk, text: str, *, sort: str = "registered", limit: int = -1) -> list[EntityId]:
    """Return the ids of all incidents that a filter holds, for exports and bulk work."""
    return [EntityId(row.id) for row in rows_in(desk, text, sort=sort, limit=limit)]


def names(desk: Desk, kind: str, text: str, limit: int = 20) -> list[Item]:
    """Return the people, categories, ... that `text` may mean, the likeliest first."""
    return catalogue.matches(desk.connection, kind, text, limit)


def heads(desk: Desk, uid: EntityId, fields: Iterable[str]) -> dict[str, bytes]:
    """Return the versions that a form has read, so that a concurrent edit is noticed."""
    from app.storage.journal import current_heads

    return {field: current_heads(desk.connection, uid, field) for field in fields}


def recent_of(desk: Desk, person: EntityId, limit: int = 3) -> list[ListRow]:
    """Return the last incidents of a requester, newest first."""
    found: list[Any] = desk.connection.execute(
        "SELECT uid FROM incident WHERE requester = ? AND deleted = 0 ORDER BY id DESC LIMIT ?",
        (person, limit),
    ).fetchall()
    return listing.rows_by_id(desk.connection, [uid for (uid,) in found])


def data_version(desk: Desk) -> int:
    """Return a number that moves when another process has written to the database."""
    version: Any = desk.connection.pragma("data_version")
    return int(version)


class Since(NamedTuple):
    """How far the journal was read, by station, and what was written after that."""

    mark: dict[bytes, int]
    changes: tuple[ChangeSet, ...]


def changes_since(desk: Desk, mark: dict[bytes, int], known: frozenset[bytes]) -> Since:
    """Return what others wrote since `mark`: another process here, or another station.

    `known` are the actions that the asking window has shown already. An empty mark reads nothing
    and returns where the journal stands.
    """
    stations: list[Any] = desk.connection.execute("SELECT station, sseq FROM vv").fetchall()
    now: dict[bytes, int] = dict(stations)
    if not mark or now == mark:
        return Since(now, ())
    found: list[ChangeSet] = []
    for station, last in now.items():
        written: list[Any] = desk.connection.execute(
            "SELECT DISTINCT action, kind, root FROM change WHERE station = ? AND sseq > ?",
            (station, mark.get(station, 0)),
        ).fetchall()
        by_action: dict[bytes, dict[str, list[EntityId]]] = {}
        for action, kind, root in written if last > mark.get(station, 0) else ():
            if action not in known:
                kinds = by_action.setdefault(action, {})
                kinds.setdefault(kind, []).append(EntityId(root))
        found += [
            ChangeSet(EntityId(action), "", {kind: tuple(ids) for kind, ids in kinds.items()})
            for action, kinds in by_action.items()
        ]
    return Since(now, tuple(found))
