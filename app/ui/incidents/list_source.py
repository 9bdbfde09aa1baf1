"""Where lists get their rows: a protocol that the queue asks on the reader lane.

`DeskList` answers it from the services; tests answer it from plain Python lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from app.services import browsing

if TYPE_CHECKING:
    from app.domain.listing import Group, ListQuery, ListRow
    from app.services.desk import Desk


class Heading(NamedTuple):
    """What commands know of an incident that is chosen, though its row may not be loaded."""

    id: bytes
    number: str
    title: str
    status: str


def heading(row: ListRow) -> Heading:
    """Return the heading of a row."""
    return Heading(row.id, row.number, row.title, row.status)


class ListSource(Protocol):
    """Answers lists in groups and pages; called on the reader lane only."""

    def first_rows(self, query: ListQuery, limit: int) -> list[tuple[Group, list[ListRow]]]:
        """Return the first rows by bands that are not counted; empty where that saves nothing."""

    def groups(self, query: ListQuery) -> list[Group]:
        """Return the bands of a list in order; one with the key "" for a flat list."""

    def page(
        self, query: ListQuery, group_key: str, offset: int, limit: int, total: int | None = None
    ) -> list[ListRow]:
        """Return rows of one band; `total`, when known, lets the far end be read from behind."""

    def headings(self, query: ListQuery) -> list[Heading]:
        """Return the headings of the whole list, for "tick all"."""


class DeskList:
    """The lists of a desk."""

    __slots__ = ("_desk",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def first_rows(self, query: ListQuery, limit: int) -> list[tuple[Group, list[ListRow]]]:
        """Return the first rows by bands that are not counted."""
        return browsing.first_rows(self._desk, query, limit)

    def groups(self, query: ListQuery) -> list[Group]:
        """Return the bands of a list in order."""
        return browsing.groups(self._desk, query)

    def page(
        self, query: ListQuery, group_key: str, offset: int, limit: int, total: int | None = None
    ) -> list[ListRow]:
        """Return rows of one band."""
        return browsing.page(self._desk, query, group_key, offset, limit, total)

    def headings(self, query: ListQuery) -> list[Heading]:
        """Return the headings of the whole list."""
        return [heading(row) for row in browsing.rows_in(self._desk, query.text)]
