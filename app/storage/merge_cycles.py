"""Incidents that two stations merged into each other: the one of the smallest id stays (sync.md).

Each station saw one of them go; together none would be left. Which one stays follows from the rows
alone, so every station comes to the same, and a health note says what happened.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.storage import contested

if TYPE_CHECKING:
    from collections.abc import Iterable

    import apsw

    from app.domain.journal_entry import Change

FIELD = "merged_into"
_NOBODY = bytes(16)


def settle(connection: apsw.Connection, changes: Iterable[Change]) -> None:
    """Bring the survivors up to rows that merge incidents or take that back."""
    touched: set[bytes] = set()
    at = 0
    for change in changes:
        if change.field != FIELD:
            continue
        at = max(at, change.at)
        touched.add(change.entity)
        # What competes with the row may have been shown until now: every value counts.
        rows: list[Any] = connection.execute(
            "SELECT value FROM change WHERE root = ? AND field = ?", (change.root, FIELD)
        ).fetchall()
        for (value,) in rows:
            touched |= _target_of(value)
    settle_from(connection, touched, at)


def settle_from(connection: apsw.Connection, starts: Iterable[bytes], at: int) -> None:
    """Bring incidents, and all that they lead to, up to what their rows say."""
    for uid in {one for start in starts for one in _path(connection, start)}:
        _settle_one(connection, uid, at)


def settle_all(connection: apsw.Connection) -> None:
    """Do the same for every merged incident, after a rebuild."""
    rows: list[Any] = connection.execute(
        "SELECT uid, updated_at FROM incident WHERE merged_into IS NOT NULL"
    ).fetchall()
    for uid, at in rows:
        _settle_one(connection, uid, at)


def _settle_one(connection: apsw.Connection, uid: bytes, at: int) -> None:
    path = _path(connection, uid)
    target = _target(connection, uid)
    in_cycle = len(path) > 1 and _target(connection, path[-1]) == uid
    stays = in_cycle and uid == min(path)
    connection.execute(
        "UPDATE incident SET merged_into = ? WHERE uid = ?", (None if stays else target, uid)
    )
    if stays:
        numbers = [
            connection.execute("SELECT number FROM incident WHERE uid = ?", (one,)).get or "?"
            for one in path
        ]
        others = ", ".join(sorted(numbers[1:]))
        text = f"{numbers[0]} and {others} were merged into each other: {numbers[0]} goes on."
        connection.execute(
            "INSERT OR IGNORE INTO health VALUES ('merged',?,?,?)", (_NOBODY, text, at)
        )


def _path(connection: apsw.Connection, uid: bytes) -> list[bytes]:
    """Return an incident and those that it leads to, each once."""
    path = [uid]
    while (after := _target(connection, path[-1])) is not None and after not in path:
        path.append(after)
    return path


def _target(connection: apsw.Connection, uid: bytes) -> bytes | None:
    told = contested.current(connection, uid, FIELD)
    if told is not None:
        return next(iter(_target_of(json.dumps(told.value))), None)
    found: bytes | None = connection.execute(
        "SELECT merged_into FROM incident WHERE uid = ?", (uid,)
    ).get
    return found


def _target_of(value: str | None) -> set[bytes]:
    """Return the incident that a value names, as a set of one or none."""
    named = json.loads(value) if value else None
    try:
        return {bytes.fromhex(named)} if isinstance(named, str) else set()
    except ValueError:
        return set()
