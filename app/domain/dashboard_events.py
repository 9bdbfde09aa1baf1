"""What happened beside the incidents: marks on the time axis of a dashboard (ux.md 2.7).

Major incidents by when they were declared, planned maintenance by when it began: that of a service,
as an incident records it, and that of the team's own list, whose names say what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.dashboard_values import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.metric_values import MetricRow

MAJOR: Final = "major"
MAINTENANCE: Final = "maintenance"
PREFIX: Final = "event "
"""With which the key of each event begins; the day on which it began comes next."""
DEFINITION: Final = (
    "Dotted: major incidents when declared, planned maintenance when it began (behind one of the "
    "team's list: what was registered while it lasted)."
)


class Event(NamedTuple):
    """One event of the period: when it began, what kind it is, what people call it."""

    at_ms: int
    day: str
    """The local day on which it began, as ISO."""
    kind: str
    name: str
    ids: tuple[bytes, ...] = ()
    """The incidents behind it."""


def marks(events: Iterable[Event]) -> list[Mark]:
    """Return the events as marks, the earliest first; those of one day and name are one."""
    found: dict[str, tuple[Event, dict[bytes, None]]] = {}
    for one in sorted(events, key=lambda event: (event.at_ms, event.name, event.ids)):
        key = f"{PREFIX}{one.day} {one.kind} {one.name}"
        found.setdefault(key, (one, {}))[1].update(dict.fromkeys(one.ids))
    return [
        Mark(key, one.name, len(ids), len(ids), tuple(ids)) for key, (one, ids) in found.items()
    ]


def is_event(mark: Mark) -> bool:
    """Tell whether a mark is an event."""
    return mark.key.startswith(PREFIX)


def day_of(mark: Mark) -> str:
    """Return the local day of an event, as ISO."""
    return mark.key.split(" ", 2)[1]


def kind_of(mark: Mark) -> str:
    """Return the kind of an event."""
    return mark.key.split(" ", 3)[2]


def registered_between(rows: Sequence[MetricRow], from_ms: int, to_ms: int) -> tuple[bytes, ...]:
    """Return the incidents that were registered in [from, to)."""
    return tuple(row.id for row in rows if from_ms <= row.registered_ms < to_ms)
