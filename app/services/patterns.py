"""Recurring incidents out of the team's own history, and what people decided about them.

Nothing here runs by itself. Safe on any thread that has its own desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain import patterns
from app.domain.errors import NotFoundError
from app.domain.folding import fold
from app.domain.patterns import USUAL_WEEKS, WINDOW_DAYS, Pattern
from app.services.configuration import changes_of
from app.storage import catalogue, pattern_rows
from app.system.clock import to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk

_WINDOW_MS = WINDOW_DAYS * 86_400_000


class Recurring(NamedTuple):
    """A pattern, and whether it was dismissed."""

    pattern: Pattern
    is_dismissed: bool

    @property
    def numbers(self) -> list[str]:
        """Return the numbers of its incidents, the oldest first."""
        return [one.number for one in self.pattern.incidents]

    def to_json(self) -> dict[str, Any]:
        """Return the pattern as cli.md gives it."""
        return {
            "group": str(self.pattern.group),
            "count": self.pattern.count,
            "usual_rate": self.pattern.usual_rate,
            "p": self.pattern.p,
            "flag": self.pattern.is_flagged and not self.is_dismissed,
            "dismissed": self.is_dismissed,
            "incidents": self.numbers,
        }


def recurring(desk: Desk, at: datetime | None = None) -> list[Recurring]:
    """Return the recurring groups of the seven days before an instant, the least likely first.

    A dismissed one stays dismissed until an incident joins that was not in it (domain.md).
    """
    until = to_ms(at or desk.now()) + 1  # what is registered at this very instant counts
    begins = until - _WINDOW_MS * (USUAL_WEEKS + 1)
    seen = _dismissed(desk)
    sightings = pattern_rows.read(desk.connection, begins, until, ZoneInfo(desk.store.zone))
    return [
        Recurring(
            one,
            {incident.id for incident in one.incidents}
            <= seen.get(fold(str(one.group)), frozenset()),
        )
        for one in patterns.find(sightings, until)
    ]


def dismiss(desk: Desk, group: str, at: datetime | None = None) -> ChangeSet:
    """Dismiss a pattern until another incident joins it; one undo takes that back.

    Raises:
        NotFoundError: no such group recurs.
    """
    found = find(desk, group, at)
    key = str(found.pattern.group)
    title = f"Dismiss the pattern {key}"
    with desk.write(title) as action:
        former = catalogue.find(desk.connection, pattern_rows.KIND, key)
        known = set(former.data.get("seen", ())) if former is not None else set()
        known |= {one.id.hex() for one in found.pattern.incidents}
        catalogue.put(action, pattern_rows.KIND, key, {"seen": sorted(known)})
    return changes_of(action, title)


def find(desk: Desk, group: str, at: datetime | None = None) -> Recurring:
    """Return the recurring group of this key, case and accents aside.

    Raises:
        NotFoundError: no such group recurs.
    """
    known = recurring(desk, at)
    for one in known:
        if fold(str(one.pattern.group)) == fold(group):
            return one
    told = ", ".join(str(one.pattern.group) for one in known[:6]) or "none"
    raise NotFoundError(
        f'No group "{group}" recurs in these {WINDOW_DAYS} days. Those that do: {told}.'
    )


def _dismissed(desk: Desk) -> dict[str, frozenset[bytes]]:
    return {
        fold(item.name): frozenset(bytes.fromhex(uid) for uid in item.data.get("seen", ()))
        for item in catalogue.every(desk.connection, pattern_rows.KIND)
    }
