"""How long an incident stood in which status: derived from its journal, kept beside its row.

Stored as JSON `[[status, pending reason or null, entered ms], ...]` in the order of cause.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw


def from_create(at: int, value: dict[str, Any]) -> str:
    """Return the periods of a packed create, with the history that an import brought along."""
    return packed(of_create(at, value))


def packed(periods: Sequence[Sequence[Any]]) -> str:
    """Write periods as canonical JSON: put together by hand, as there is one for each incident."""
    return "[" + ",".join([_packed_one(*period) for period in periods]) + "]"


def _packed_one(status: Any, reason: Any, entered: Any) -> str:
    if type(entered) is int and isinstance(status, str) and (not reason or isinstance(reason, str)):
        told = _word(reason) if reason is not None else "null"
        return f"[{_word(status)},{told},{entered}]"
    return canonical([status, reason, entered])


_word = lru_cache(maxsize=256)(canonical)


def of_create(at: int, value: dict[str, Any]) -> list[list[Any]]:
    """Return the periods as rows [status, pending reason or None, entered ms]."""
    periods: list[list[Any]] = []
    for event in value.get("history", ()):
        _follow(periods, event, value.get("registered_at") or at)
    status = value.get("status", "new")
    if not periods:
        entered = value.get("registered_at") or at
        periods = [[status, value.get("pending_reason"), entered]]
    elif periods[-1][0] != status:
        # The history of an import may leave out how the record came to where it stands.
        entered = value.get(f"{status}_at") or periods[-1][2]
        periods.append([status, value.get("pending_reason"), entered])
    return periods


def _follow(periods: list[list[Any]], event: list[Any], started: int) -> None:
    when, _author, _kind, _text, changes = event
    move = reason = None
    for field, old, new in changes or ():
        if field == "status":
            move = (old, new)
        elif field == "pending_reason":
            reason = new or None
    if move is None:
        if reason and periods and periods[-1][0] == "pending":
            periods.append(["pending", reason, when])
        return
    old, new = move
    if not periods and old and old != new:
        periods.append([old, None, started])
    periods.append([new, reason if new == "pending" else None, when])


def from_journal(connection: apsw.Connection, uid: bytes, shown: str) -> str:
    """Return the periods of an incident from its journal rows, in the order of cause.

    They end at the status that is shown, also where another station's move is the latest.
    """
    rows: list[Any] = connection.execute(
        "SELECT station, tx_first, at, op, field, value FROM said WHERE root = ? AND kind = "
        "'incident' AND (op = 'create' OR field IN ('status', 'pending_reason')) "
        "ORDER BY hlc, station",
        (uid,),
    ).fetchall()
    periods: list[list[Any]] = []
    for _, _, at, op, _, value in rows:
        if op == "create" and value is not None:
            periods = of_create(at, json.loads(value))
            break
    return ending_at(extended(periods, [row for row in rows if row[3] != "create"]), shown)


def ending_at(text: str, shown: str) -> str:
    """Return periods that end at the status that is shown."""
    periods: list[list[Any]] = json.loads(text)
    if not periods or periods[-1][0] == shown:
        return text
    reasons = [reason for status, reason, _ in periods if status == shown]
    periods.append([shown, reasons[-1] if reasons else None, periods[-1][2]])
    return canonical(periods)


def extended(periods: list[list[Any]], rows: list[tuple[Any, ...]]) -> str:
    """Return periods that go on with rows (station, tx_first, at, op, field, value) of the journal.

    The rows are those of status and pending reason, in the order of cause.
    """
    reasons = {
        (station, tx): json.loads(value)
        for station, tx, _, _, field, value in rows
        if field == "pending_reason" and value
    }
    for station, tx, at, _, field, value in rows:
        if field == "status" and value is not None:
            status = json.loads(value)
            if periods and periods[-1][0] == status:
                continue
            reason = reasons.get((station, tx)) if status == "pending" else None
            periods.append([status, reason, at])
    return packed(periods)
