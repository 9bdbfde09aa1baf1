"""What a dashboard shows: marks on cards, each with its figure, its n and the incidents behind it.

Plain values, the same for the painted cards, the table view, the export and the filter `figure:`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.metric_values import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COUNT: Final = "count"
SHARE: Final = "share"
DURATION: Final = "duration"
"""Units: a number of incidents, a fraction of one, seconds."""

NEEDED: Final = 5
"""So many resolved incidents a dashboard needs before its figures say anything."""


class Mark(NamedTuple):
    """One figure: `value` is None where there is no data, never 0 or 1."""

    key: str
    """By which `figure:` finds it: "sla P1", "opened 2026-11-02"."""
    label: str
    value: float | None
    n: int
    """How many cases the figure is made of."""
    ids: tuple[bytes, ...] = ()
    """The incidents behind it, to be opened as a list."""
    unit: str = COUNT
    before: float | None = None
    """The same figure of the stretch of the same length before."""
    target: float | None = None
    part: int | None = None
    """How many of `n` count, where the figure is a share."""
    trend: tuple[float | None, ...] = ()
    """The same figure over eight equal parts of the period, the oldest first."""
    definition: str = ""
    """Its formula, where it is not that of the card."""
    more: tuple[tuple[str, float], ...] = ()
    """Figures beside it, by their English names: seconds of downtime, of planned maintenance."""


class Card(NamedTuple):
    """Marks that belong together, with their formula."""

    key: str
    definition: str
    marks: tuple[Mark, ...]
    n: int
    note: str = ""
    """What else is to say: why there is no forecast."""


class Span(NamedTuple):
    """The period [from, to) and the one of the same length before it, with the bins of its days."""

    days: int
    from_ms: int
    to_ms: int
    bins: tuple[tuple[str, int, int], ...]
    """(the local day on which it begins, start, end) of each day, of each week in a long period."""

    @property
    def before_ms(self) -> int:
        """Return where the period before it begins."""
        return 2 * self.from_ms - self.to_ms

    @property
    def period(self) -> Period:
        """Return the period as metrics take it."""
        return Period(self.from_ms, self.to_ms, self.to_ms)

    @property
    def period_before(self) -> Period:
        """Return the one before it."""
        return Period(self.before_ms, self.from_ms, self.to_ms)


class Board(NamedTuple):
    """A whole dashboard; without `cards` there is not enough history yet."""

    span: Span
    cards: tuple[Card, ...]
    resolved: int
    """How many resolved incidents there are, counted up to `NEEDED`."""
    team: str = ""
    """Whose figures these are; "" for all teams."""

    @property
    def has_enough(self) -> bool:
        """Tell whether there is enough history for figures."""
        return self.resolved >= NEEDED

    def card(self, key: str) -> Card:
        """Return a card by its key; raises KeyError."""
        for one in self.cards:
            if one.key == key:
                return one
        raise KeyError(key)

    def marks(self) -> Iterator[Mark]:
        """Yield every figure, card by card."""
        for card in self.cards:
            yield from card.marks

    def mark(self, key: str) -> Mark | None:
        """Return a figure by its key, case aside."""
        wanted = key.casefold()
        return next((one for one in self.marks() if one.key.casefold() == wanted), None)


def card(key: str, definition: str, marks: Sequence[Mark], n: int | None = None) -> Card:
    """Make a card; without `n` it is the sum of its marks."""
    return Card(key, definition, tuple(marks), sum(one.n for one in marks) if n is None else n)
