"""Recurring incidents: groups with more in the last window than is usual (domain.md, Patterns).

A group is flagged when so many incidents would hardly come by chance at its usual rate: the
Poisson tail P(X >= k) is below 0.01 and k is at least 3. The usual rate of a week is the count of
the twelve weeks before the window, divided by twelve.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WINDOW_DAYS: Final = 7
USUAL_WEEKS: Final = 12
LIMIT_P: Final = 0.01
LEAST: Final = 3
SHOWN: Final = 2
"""A group with fewer incidents in the window does not recur and is not told of."""

KINDS: Final = (
    "ci",
    "service",
    "category",
    "location",
    "department",
    "signature",
    "weekday",
    "hour",
)
"""What incidents are grouped by; the department is the requester's."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SIGNATURES: Final = re.compile(
    r"\b(?:0[xX][0-9A-Fa-f]{4,16}"
    r"|(?!INC-|PRB-)[A-Z]{2,8}-[0-9]{4,8}"
    r"|(?i:errno|error|error code|event id)\s+[0-9]{2,8}"
    r"|[A-Z][A-Za-z]{2,40}(?:Error|Exception))\b"
)
_READ_CHARACTERS: Final = 4_000


class Group(NamedTuple):
    """What the incidents of a pattern have in common; `str()` is the key by which it is named."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Sighting(NamedTuple):
    """One incident as patterns see it: which it is, when it was registered, and its groups."""

    id: bytes
    number: str
    at_ms: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A group's last window against its usual rate per week."""

    group: Group
    count: int
    before: int
    usual_rate: float
    p: float
    incidents: tuple[Sighting, ...]
    weeks: int = USUAL_WEEKS
    """In how many of the weeks before the window there was a history, whatever its groups."""

    @property
    def is_flagged(self) -> bool:
        """Tell whether so many are more than chance."""
        return self.count >= LEAST and self.p < LIMIT_P

    def arithmetic(self) -> str:
        """Say how the verdict was reached, with every figure in it, and what it lacks."""
        told = (
            f"{self.count} in the last {WINDOW_DAYS} days; {self.before} in the {USUAL_WEEKS} "
            f"weeks before, so {self.usual_rate:.2f} per week are usual; "
            f"P(X >= {self.count}) = {self.p:.2g}"
        )
        if self.weeks >= USUAL_WEEKS:
            return told
        covered = f"{self.weeks} of the {USUAL_WEEKS} weeks"
        return f"{told}; not enough history: it covers {covered}"


def usual_rate(before: int) -> float:
    """Return the usual rate per week, from the count of the twelve weeks before the window."""
    return before / USUAL_WEEKS


def poisson_tail(count: int, rate: float) -> float:
    """Return P(X >= count) for a Poisson variable of this mean.

    The terms from `count` on are added up, not their complement taken, so that a tail far below the
    precision of 1.0 is still told.
    """
    if count <= 0:
        return 1.0
    if rate <= 0.0:
        return 0.0
    if count <= rate:  # the tail is the larger part: its complement has fewer terms
        return 1.0 - math.fsum(_term(i, rate) for i in range(count))
    total, term, i = 0.0, _term(count, rate), count
    while term > total * 1e-17:
        total += term
        i += 1
        term *= rate / i
    return min(total, 1.0)


def _term(i: int, rate: float) -> float:
    return math.exp(i * math.log(rate) - rate - math.lgamma(i + 1))


def signatures(text: str) -> tuple[str, ...]:
    """Return the error codes and names of exceptions in a text, in the order they stand in.

    `0x80070005`, `ORA-01555`, `errno 28`, `error 651` and `TimeoutException` are signatures; they
    are compared without case, and blanks in them count as one.
    """
    found = (
        " ".join(match.split()).lower() for match in _SIGNATURES.findall(text[:_READ_CHARACTERS])
    )
    return tuple(dict.fromkeys(found))


def find(sightings: Iterable[Sighting], at_ms: int) -> list[Pattern]:
    """Return the recurring groups of the window that ends at `at_ms`, the least likely first.

    Args:
        sightings: incidents; those outside window and usual weeks are left out.
        at_ms: the end of the window, milliseconds since 1970 UTC; not itself in it.
    """
    window_ms = WINDOW_DAYS * 86_400_000
    opened, begins = at_ms - window_ms, at_ms - window_ms * (USUAL_WEEKS + 1)
    now: dict[Group, list[Sighting]] = {}
    before: dict[Group, int] = {}
    first = opened
    for one in sightings:
        if one.at_ms >= begins:
            first = min(first, one.at_ms)
        if opened <= one.at_ms < at_ms:
            for group in one.groups:
                now.setdefault(group, []).append(one)
        elif begins <= one.at_ms < opened:
            for group in one.groups:
                before[group] = before.get(group, 0) + 1
    # The first incident of a long history may stand anywhere in the first of the weeks.
    weeks = min(USUAL_WEEKS, -((first - opened) // window_ms))
    return sorted(_judged(now, before, weeks), key=_likely)


def _judged(
    now: Mapping[Group, list[Sighting]], before: Mapping[Group, int], weeks: int
) -> Iterator[Pattern]:
    for group, found in now.items():
        if len(found) >= SHOWN:
            usual = before.get(group, 0)
            rate = usual_rate(usual)
            p = poisson_tail(len(found), rate)
            yield Pattern(group, len(found), usual, rate, p, tuple(found), weeks)


def _likely(pattern: Pattern) -> tuple[bool, float, int, str]:
    return not pattern.is_flagged, pattern.p, -pattern.count, str(pattern.group)
