"""Reads what the search for similar incidents needs: rows that hold a phrase, facts of some rows.

Every read is bounded, so that a common word costs no more than a rare one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw


class Facts(NamedTuple):
    """What of an incident is compared with another one; names are "" where nothing is set."""

    rowid: int
    uid: bytes
    number: str
    title: str
    description: str
    status: str
    is_open: bool
    registered_ms: int
    ci: str
    category: str
    requester: str
    location: str
    problem: str
    cause: str
    workaround: str


def incidents(connection: apsw.Connection) -> int:
    """Return how many incidents there are, to within those that were deleted."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM incident").get or 0)


def newest_with(
    connection: apsw.Connection, phrase: str, limit: int, *, prefix: bool = False
) -> list[int]:
    """Return the newest incidents with these words side by side, in any of their texts.

    Args:
        connection: the thread's.
        phrase: words as the index knows them, folded.
        limit: how many to return at most.
        prefix: the last word may go on.
    """
    match = '"' + phrase.replace('"', " ") + '"' + ("*" if prefix else "")
    rows: Any = connection.execute(
        "SELECT rowid FROM incident_fts WHERE incident_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
        (match, limit),
    )
    return [rowid for (rowid,) in rows]


def _name(column: str) -> str:
    return f"coalesce((SELECT name FROM catalogue_item WHERE uid = i.{column}), '')"


_FACTS = f"""SELECT i.id, i.uid, i.number, i.title, substr(d.description, 1, 1000), i.status,
    i.is_open,
    i.registered_at, {_name("ci")}, {_name("category")}, {_name("requester")},
    {_name("location")}, {_name("problem_id")}, coalesce(d.root_cause, ''),
    coalesce(d.workaround, '')
    FROM incident i JOIN incident_detail d ON d.id = i.id
    WHERE i.deleted = 0 AND i.merged_into IS NULL AND """


def facts(connection: apsw.Connection, rowids: Sequence[int]) -> list[Facts]:
    """Return the facts of some incidents; deleted and merged ones are left out."""
    marks = ",".join("?" * len(rowids))
    rows: Any = connection.execute(f"{_FACTS} i.id IN ({marks})", rowids)
    return [_read(row) for row in rows]


def facts_of(connection: apsw.Connection, uid: bytes) -> Facts | None:
    """Return the facts of one incident by its id."""
    row: Any = connection.execute(f"{_FACTS} i.uid = ?", (uid,)).fetchone()
    return None if row is None else _read(row)


def _read(row: tuple[Any, ...]) -> Facts:
    values = list(row)
    values[6] = bool(values[6])
    return Facts(*values)
