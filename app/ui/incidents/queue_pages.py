"""The pages of rows that the queue holds: at most 64 of 128 rows, the least used go first.

Plain Python; GUI thread only. A page is never changed in place, so its rows can be compared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.listing import ListRow

PAGE = 128
KEPT = 64

PageKey = tuple[str, int]
"""The key of a group and the number of the page within it."""

Rows = Sequence["ListRow | None"]
"""Rows of a page; None for one that is still on its way."""


class Pages:
    """Rows by group and place, and places by id."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pages: OrderedDict[PageKey, Rows] = OrderedDict()
        self._places: dict[bytes, tuple[str, int]] = {}
        self._last: PageKey | None = None

    def __len__(self) -> int:
        return len(self._pages)

    def __contains__(self, key: PageKey) -> bool:
        return key in self._pages

    def held(self) -> list[PageKey]:
        """Return the held pages, the least recently used first."""
        return list(self._pages)

    def row(self, group: str, at: int) -> ListRow | None:
        """Return the row at a place, or None while its page is not here."""
        key = (group, at // PAGE)
        page = self._pages.get(key)
        if page is None:
            return None
        if key != self._last:
            self._pages.move_to_end(key)
            self._last = key
        within = at % PAGE
        return page[within] if within < len(page) else None

    def page(self, key: PageKey) -> Rows:
        """Return a held page without marking it as used; empty when it is not here."""
        return self._pages.get(key, [])

    def put(self, key: PageKey, rows: Rows) -> None:
        """Take in a page, dropping the least used one when there are too many."""
        self._forget_places(key)
        self._pages[key] = rows
        self._pages.move_to_end(key)
        group, number = key
        first = number * PAGE
        for offset, row in enumerate(rows):
            if row is not None:
                self._places[row.id] = (group, first + offset)
        while len(self._pages) > self._kept:
            oldest = next(iter(self._pages))
            self._forget_places(oldest)
            del self._pages[oldest]
        self._last = None

    def place(self, uid: bytes) -> tuple[str, int] | None:
        """Return where a held incident is: its group and its place in it."""
        return self._places.get(uid)

    def drop(self, keys: Iterable[PageKey]) -> None:
        """Forget pages."""
        for key in list(keys):
            self._forget_places(key)
            self._pages.pop(key, None)
        self._last = None

    def shift(self, group: str, start: int, more: int) -> None:
        """Make room for `more` rows at a place of a group, or take rows away when negative."""
        held = [
            (number * PAGE + offset, row)
            for (key, number), page in self._pages.items()
            if key == group
            for offset, row in enumerate(page)
        ]
        self.drop([key for key in self._pages if key[0] == group])
        pages: dict[int, list[ListRow | None]] = {}
        for place, row in held:
            if place < start:
                to = place
            elif place < start - more:
                continue
            else:
                to = place + more
            rows = pages.setdefault(to // PAGE, [])
            rows.extend([None] * (to % PAGE + 1 - len(rows)))
            rows[to % PAGE] = row
        for number, rows in pages.items():
            self.put((group, number), rows)

    def clear(self) -> None:
        """Forget all."""
        self._pages.clear()
        self._places.clear()
        self._last = None

    def _forget_places(self, key: PageKey) -> None:
        group, number = key
        first = number * PAGE
        for offset, row in enumerate(self._pages.get(key, ())):
            if row is not None and self._places.get(row.id) == (group, first + offset):
                del self._places[row.id]


def first_difference(old: Rows, new: Rows) -> int:
    """Return the first place at which two pages hold different incidents."""
    for at, (one, other) in enumerate(zip(old, new, strict=False)):
        if one is None or other is None or one.id != other.id:
            return at
    return min(len(old), len(new))
