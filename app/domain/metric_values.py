"""What a metric is made of: the rows that it reads, the period it is for, the figures it gives.

Source of the rules: domain.md, Metrics, and cli.md (`metrics`). Instants are milliseconds since
1970 in UTC, 0 for none, because a hundred thousand rows are read for one figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class MetricRow(NamedTuple):
    """One incident as metrics read it; texts are codes or names, "" for none."""

    id: bytes
    registered_ms: int
    status: str
    priority: str = ""
    channel: str = ""
    category: str = ""
    team: str = ""
    occurred_ms: int = 0
    detected_ms: int = 0
    acknowledged_ms: int = 0
    restored_ms: int = 0
    first_resolved_ms: int = 0
    resolved_ms: int = 0
    """When it was last resolved, 0 while it is not (also after a reopening)."""
    last_resolved_ms: int = 0
    """When it was last resolved, even if it was reopened since; 0 takes the two before."""
    closed_ms: int = 0
    cancelled_ms: int = 0
    reopen_count: int = 0
    reopened_ms: tuple[int, ...] = ()
    """Every reopening, in order, as far as known."""
    reassignment_count: int = 0
    first_contact: bool = False
    """Resolved without ever waiting in Pending before (the first resolution counts)."""
    response_target_s: int = 0
    response_due_ms: int = 0
    response_stopped_ms: int = 0
    response_breached: bool = False
    resolution_target_s: int = 0
    resolution_due_ms: int = 0
    resolution_breached: bool = False
    counted_s: int | None = None
    """Business time of the resolution clock without pauses and reopened gaps; None if unknown."""
    survey_sent_ms: int = 0
    survey_answered_ms: int = 0
    satisfaction: int = 0
    """1 to 5, 0 without an answer."""
    pending_s: tuple[tuple[str, int], ...] = ()
    """Elapsed time in Pending by reason."""


class Outage(NamedTuple):
    """A stretch in which a service was down; `to_ms` is 0 while it lasts (domain.md, metrics)."""

    service: str
    from_ms: int
    to_ms: int
    planned: bool = False
    id: bytes = b""
    """The incident that recorded it."""


class Period(NamedTuple):
    """The stretch [from, to) that metrics are for; None is open-ended. `at_ms` is now.

    What "stands at the end" (backlog, overdue) is judged at `to`, or now when that is open-ended.
    """

    from_ms: int | None
    to_ms: int | None
    at_ms: int

    @property
    def low(self) -> int:
        """Return the first instant that belongs to the period."""
        return -(1 << 62) if self.from_ms is None else self.from_ms

    @property
    def high(self) -> int:
        """Return the first instant that no longer belongs to the period."""
        return 1 << 62 if self.to_ms is None else self.to_ms

    @property
    def end_ms(self) -> int:
        """Return the instant at which the state of things is judged."""
        return self.at_ms if self.to_ms is None else self.to_ms


@dataclass(frozen=True, slots=True)
class Distribution:
    """Durations in seconds: n, mean, median and P90 by nearest rank, and how many were left out.

    `clock_skew` of those left out had a negative duration, shown as 0 and left out of means.
    """

    definition: str
    n: int = 0
    mean: float = 0.0
    median: float = 0.0
    p90: float = 0.0
    excluded: int = 0
    clock_skew: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_data(self) -> bool:
        """Tell whether there is anything to show."""
        return self.n > 0

    def to_json(self) -> dict[str, Any]:
        """Return the document of cli.md."""
        if not self.n:
            return {"no_data": True}
        document: dict[str, Any] = {
            "n": self.n,
            "mean": self.mean,
            "median": self.median,
            "p90": self.p90,
            "excluded": self.excluded,
            "definition": self.definition,
        }
        if self.clock_skew:
            document["clock_skew"] = self.clock_skew
        return document | dict(self.more)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number (a share as a fraction, a count or seconds) over n cases; None is "no data"."""

    definition: str
    value: float | None = None
    n: int = 0
    excluded: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_data(self) -> bool:
        """Tell whether there is anything to show."""
        return self.value is not None

    def to_json(self) -> dict[str, Any]:
        """Return the document of cli.md."""
        if self.value is None:
            return {"no_data": True}
        document = {
            "value": self.value,
            "n": self.n,
            "excluded": self.excluded,
            "definition": self.definition,
        }
        return document | dict(self.more)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many incidents by priority, status, channel, category and team."""

    definition: str
    n: int
    by: Mapping[str, Mapping[str, int]]

    @property
    def has_data(self) -> bool:
        """Tell whether there is anything to show."""
        return self.n > 0

    def to_json(self) -> dict[str, Any]:
        """Return the document of cli.md: `{by_priority: {...}, ...}`."""
        if not self.n:
            return {"no_data": True}
        document: dict[str, Any] = {key: dict(counts) for key, counts in self.by.items()}
        return document | {"n": self.n, "definition": self.definition}


Metric = Distribution | Figure | Counts


def distribution(
    definition: str,
    durations_ms: list[int],
    excluded: int = 0,
    more: Mapping[str, Any] | None = None,
) -> Distribution:
    """Sum durations up (ms in, seconds out); negative ones are clock skew and are left out.

    The median of an even number is the mean of the two in the middle; P90 is the nearest rank.
    """
    ordered = sorted(durations_ms)
    skew = 0
    while skew < len(ordered) and ordered[skew] < 0:
        skew += 1
    kept = ordered[skew:]
    n = len(kept)
    if not n:
        return Distribution(definition, excluded=excluded + skew, clock_skew=skew)
    return Distribution(
        definition,
        n=n,
        mean=_seconds(sum(kept) / n),
        median=_seconds((kept[(n - 1) // 2] + kept[n // 2]) / 2),
        p90=_seconds(kept[(9 * n + 9) // 10 - 1]),
        excluded=excluded + skew,
        clock_skew=skew,
        more=more or {},
    )


def share(
    definition: str,
    part: int,
    whole: int,
    excluded: int = 0,
    more: Mapping[str, Any] | None = None,
) -> Figure:
    """Return part of whole as a fraction; nothing of nothing is no data, never 0 or 1."""
    if not whole:
        return Figure(definition, excluded=excluded, more=more or {})
    return Figure(definition, part / whole, whole, excluded, more or {})


def _seconds(ms: float) -> float:
    """Return seconds to the millisecond."""
    return round(ms / 1000, 3)
