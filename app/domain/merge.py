"""Which of several concurrent values is shown: the merge core's second half. No I/O, no clock.

Causality decides what is current (`heads`); the clock only picks what is displayed (sync.md,
conflicts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN_STATUS_ORDER = (
    "in_progress",
    "assigned",
    "new",
    "pending",
    "resolved",
    "closed",
    "cancelled",
)
"""Live work is never hidden: of concurrent statuses the liveliest is shown."""


class Candidate(NamedTuple):
    """A current value of a field: who said so is in the journal under (station, sseq)."""

    hlc: int
    station: bytes
    sseq: int
    op: str
    value: str | None


def shown(field: str, candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate that is displayed; needs at least one."""
    if len(candidates) == 1:
        return candidates[0]
    if field == "status":
        return min(
            candidates,
            key=lambda c: (_status_rank(c.value), -c.hlc, bytes(255 - b for b in c.station)),
        )
    if field.startswith(SET_FIELDS):
        adds = [c for c in candidates if c.op == "add"]
        candidates = adds or candidates
    return max(candidates, key=lambda c: (c.hlc, c.station))


def is_conflict(field: str, candidates: Sequence[Candidate]) -> bool:
    """Tell whether people must choose: more than one distinct value of a register."""
    if field.startswith(SET_FIELDS):
        return False
    return len({c.value for c in candidates}) > 1


SET_FIELDS = ("tag:", "watcher:", "related:")
"""Members of observed-remove sets are fields of their own; a concurrent add wins."""


def _status_rank(value: str | None) -> int:
    word = (value or "").strip('"')
    return SHOWN_STATUS_ORDER.index(word) if word in SHOWN_STATUS_ORDER else len(SHOWN_STATUS_ORDER)
