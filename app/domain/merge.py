"""Which of several concurrent values is shown: the merge core's second half. No I/O, no clock.

Causality decides what is current (`heads`); the clock only picks what is displayed (sync.md,
conflicts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN_STATUS_ORDER = (
    "reopened",
    "in_progress",
    "assigned",
    "new",
    "pending",
    "resolved",
    "closed",
    "cancelled",
)
"""Live work is never hidden: of concurrent statuses the liveliest is shown."""

SET_FIELDS = ("tag:", "watcher:", "related:", "alias:")
"""Members of observed-remove sets are fields of their own; a concurrent add wins."""

EARLIEST_FIELDS = frozenset(
    ["acknowledged_at", "first_assigned_at", "first_response_at", "first_resolved_at"]
)
"""The first time that something happened: the earliest of several is the first."""

COUNT_FIELDS = frozenset({"reopen_count", "reassignment_count"})
"""Counts that follow from moves: the highest of several is shown."""

STAMPED_FIELDS = (
    EARLIEST_FIELDS
    | COUNT_FIELDS
    | frozenset(
        [
            "resolved_at",
            "closed_at",
            "cancelled_at",
            "response_result",
            "resolution_result",
            "escalated_at",
            "major_declared_at",
            "stood_down_at",
            "update_every_s",
            "next_update_at",
            "workaround_applied_at",
            "survey_sent_at",
            "survey_answered_at",
            "imported",
        ]
    )
)
"""Fields that the program writes along with an action: nobody is asked to choose between them."""


class Candidate(NamedTuple):
    """A current value of a field: who said so is in the journal under (station, sseq).

    For a status, `legal` tells whether its move is one of the table, `reopened` whether it takes a
    finished incident back to work.
    """

    hlc: int
    station: bytes
    sseq: int
    op: str
    value: str | None
    legal: bool = True
    reopened: bool = False


def shown(field: str, candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate that is displayed; needs at least one."""
    if len(candidates) == 1:
        return candidates[0]
    if field == "status":
        return min(candidates, key=_status_key)
    said = [c for c in candidates if c.value not in (None, "null")]
    if field in EARLIEST_FIELDS and said:
        return min(said, key=lambda c: (_number(c.value), c.hlc, c.station))
    if field in COUNT_FIELDS and said:
        return max(said, key=lambda c: (_number(c.value), c.hlc, c.station))
    if field.startswith(SET_FIELDS):
        adds = [c for c in candidates if c.op == "add"]
        candidates = adds or candidates
    return max(candidates, key=lambda c: (c.hlc, c.station))


def is_conflict(field: str, candidates: Sequence[Candidate]) -> bool:
    """Tell whether people must choose: more than one distinct value of a register."""
    if field.startswith(SET_FIELDS) or field in STAMPED_FIELDS:
        return False
    return len({c.value for c in candidates}) > 1


def _number(value: str | None) -> int:
    text = value or ""
    return int(text) if text.isascii() and text.isdigit() else 0


def _status_key(candidate: Candidate) -> tuple[bool, int, int, bytes]:
    word = "reopened" if candidate.reopened else (candidate.value or "").strip('"')
    known = SHOWN_STATUS_ORDER
    rank = known.index(word) if word in known else len(known)
    # Of equals the latest is shown, as for any other field.
    latest = bytes(255 - part for part in candidate.station)
    return not candidate.legal, rank, -candidate.hlc, latest
