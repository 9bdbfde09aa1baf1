"""What the reader lane answers to the queue: first rows, counted bands with pages, more pages.

Called in the lane with a source of its own; nothing here touches a widget. An answer carries the
serial of its question, and a question that is no longer the newest is answered with nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.ui.incidents.queue_pages import PAGE, PageKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.listing import Group, ListQuery, ListRow
    from app.ui.incidents.list_source import ListSource

_FIRST_ROWS = 64


class Question(NamedTuple):
    """What the queue wants to know, and how to find out whether it still does."""

    serial: int
    query: ListQuery
    """The query that the answer belongs to."""
    whole: ListQuery
    """The same with the team's own fields that are shown."""
    is_newest: Callable[[int], bool]


class Answer(NamedTuple):
    """Bands and pages; `counted` tells that the bands are all of the list, with their counts."""

    serial: int
    query: ListQuery
    groups: list[Group]
    pages: dict[PageKey, list[ListRow]]
    counted: bool = True


def first_rows(source: ListSource, asked: Question) -> Answer:
    """Read what is painted first, before anything is counted; without groups there is nothing."""
    found = source.first_rows(asked.whole, PAGE) if asked.is_newest(asked.serial) else []
    return Answer(
        asked.serial,
        asked.query,
        [group for group, _ in found],
        {(group.key, 0): rows for group, rows in found},
        counted=False,
    )


def whole_list(
    source: ListSource,
    asked: Question,
    pages: list[PageKey],
    known: set[str],
    collapsed: set[str],
    here: dict[PageKey, list[ListRow]],
) -> Answer:
    """Count the bands and read these pages of them, and the first ones of bands not `known`.

    Pages that are `here` already are not read again unless rows of them are missing.
    """
    if not asked.is_newest(asked.serial):
        return Answer(asked.serial, asked.query, [], {})
    groups = [group for group in source.groups(asked.query) if group.count]
    counts = {group.key: group.count for group in groups}
    wanted = [key for key in pages if key[1] * PAGE < counts.get(key[0], 0)]
    fresh = [group for group in groups if group.key not in known]
    wanted += [key for key in _first_pages(fresh, collapsed) if key not in wanted]
    had = {
        (key, number): here[key, number]
        for key, number in wanted
        if len(here.get((key, number), ())) == min(PAGE, counts[key] - number * PAGE)
    }
    missing = [key for key in wanted if key not in had]
    return Answer(asked.serial, asked.query, groups, had | _read(source, asked, missing, counts))


def more_pages(
    source: ListSource, asked: Question, keys: Iterable[PageKey], counts: dict[str, int]
) -> Answer:
    """Read more pages of a list that is shown."""
    if not asked.is_newest(asked.serial):
        return Answer(asked.serial, asked.query, [], {})
    return Answer(asked.serial, asked.query, [], _read(source, asked, keys, counts))


def _read(
    source: ListSource, asked: Question, keys: Iterable[PageKey], counts: dict[str, int]
) -> dict[PageKey, list[ListRow]]:
    return {
        (key, number): source.page(asked.whole, key, number * PAGE, PAGE, counts[key])
        for key, number in keys
    }


def _first_pages(groups: list[Group], collapsed: set[str]) -> list[PageKey]:
    """Choose the pages of the first screen: open bands from the top until it is full."""
    chosen: list[PageKey] = []
    rows = 0
    for group in groups:
        if group.key not in collapsed and rows < _FIRST_ROWS:
            chosen.append((group.key, 0))
            rows += group.count
    return chosen
