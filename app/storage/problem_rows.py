"""Reads what ties incidents: their problem, the articles they use, parent and children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.incident import EntityId, Status
from app.domain.problem import Affected

if TYPE_CHECKING:
    import apsw

_ENDED = ", ".join(f"'{status}'" for status in (Status.RESOLVED, Status.CLOSED, Status.CANCELLED))


_COLUMNS = "i.uid, i.number, i.title, i.status, i.priority, i.registered_at"


def counts_by_problem(connection: apsw.Connection) -> dict[bytes, tuple[int, int]]:
    """Return how many incidents each problem affects, and how many of them are open."""
    rows: Any = connection.execute(
        f"SELECT problem_id, count(*), sum(status NOT IN ({_ENDED})) FROM incident "
        "WHERE problem_id IS NOT NULL AND deleted = 0 GROUP BY problem_id"
    )
    return {uid: (count, still_open) for uid, count, still_open in rows}


def incidents_of_problem(connection: apsw.Connection, problem: bytes) -> list[Affected]:
    """Return the incidents of a problem, the newest first."""
    rows: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM incident i WHERE i.problem_id = ? AND i.deleted = 0 "
        "ORDER BY i.registered_at DESC, i.id DESC",
        (problem,),
    )
    return [_affected(row) for row in rows]


def journal_length(connection: apsw.Connection) -> int:
    """Return how many rows of the journal are known, of all stations together."""
    return int(connection.execute("SELECT coalesce(sum(sseq), 0) FROM vv").get or 0)


def writings_now(connection: apsw.Connection) -> int:
    """Return a number that is another one when any article or problem says something else."""
    rows: Any = connection.execute(
        "SELECT uid, name, data FROM catalogue_item WHERE kind IN ('article', 'problem') "
        "AND deleted = 0"
    )
    return hash(tuple(rows))


def counts_by_article(connection: apsw.Connection) -> dict[bytes, int]:
    """Return in how many incidents each article is used."""
    rows: Any = connection.execute(
        "SELECT l.target, count(*) FROM incident_link l JOIN incident i ON i.id = l.incident "
        "WHERE l.kind = 'article' AND i.deleted = 0 GROUP BY l.target"
    )
    return dict(rows)


def incidents_of_article(connection: apsw.Connection, article: bytes) -> list[Affected]:
    """Return the incidents that use an article, the newest first."""
    rows: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM incident_link l JOIN incident i ON i.id = l.incident "
        "WHERE l.kind = 'article' AND l.target = ? AND i.deleted = 0 "
        "ORDER BY i.registered_at DESC, i.id DESC",
        (article,),
    )
    return [_affected(row) for row in rows]


def parents_of(connection: apsw.Connection, incident: bytes) -> list[Affected]:
    """Return the parents of an incident, the oldest first; more than one only after a merge."""
    rows: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM incident_link l JOIN incident i ON i.uid = l.target "
        "WHERE l.kind = 'parent' AND i.deleted = 0 AND l.incident = "
        "(SELECT id FROM incident WHERE uid = ?) ORDER BY i.registered_at, i.uid",
        (incident,),
    )
    return [_affected(row) for row in rows]


def children_of(connection: apsw.Connection, incident: bytes) -> list[Affected]:
    """Return the children of an incident, the newest first."""
    rows: Any = connection.execute(
        f"SELECT {_COLUMNS} FROM incident_link l JOIN incident i ON i.id = l.incident "
        "WHERE l.kind = 'parent' AND l.target = ? AND i.deleted = 0 "
        "ORDER BY i.registered_at DESC, i.id DESC",
        (incident,),
    )
    return [_affected(row) for row in rows]


def problem_of(connection: apsw.Connection, incident: bytes) -> EntityId | None:
    """Return the problem that an incident is linked to."""
    found: Any = connection.execute(
        "SELECT problem_id FROM incident WHERE uid = ?", (incident,)
    ).get
    return None if found is None else EntityId(found)


def texts_of(connection: apsw.Connection, uid: bytes) -> list[tuple[str, str, str, int]]:
    """Return (field, JSON, author's name, at ms) of each version of an article, newest first."""
    rows: Any = connection.execute(
        "SELECT s.field, s.value, coalesce(p.name, ''), s.at FROM said s "
        "LEFT JOIN catalogue_item p ON p.uid = s.author "
        "WHERE s.entity = ? AND s.field IN ('*', 'text') AND s.value IS NOT NULL "
        "ORDER BY s.hlc DESC, s.station",
        (uid,),
    )
    return list(rows)


def _affected(row: tuple[bytes, str, str, str, str, int]) -> Affected:
    uid, number, title, status, priority, at = row
    return Affected(EntityId(uid), number, title, Status(status), priority, at)
