"""What a field says now, from its heads: the same on every station that has the same rows (I6).

`domain.merge` picks; here are only read what it needs: who wrote what when, what a status was moved
from, and what a long text was written upon.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.incident import Status
from app.domain.journal_entry import Version, unpack_versions
from app.domain.lifecycle import MOVES
from app.domain.merge import Candidate, is_conflict, shown
from app.domain.text_merge import merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

PACKED = "*"
DELETED = "deleted"
"""A deletion holds unless another station went on with the item: then it stays, and people choose.

The field of an incident; what belongs to it has a field of the same name that is a plain register.
"""
_MERGED_TEXTS = frozenset({"description"})
_FINISHED = frozenset({"resolved", "closed"})
_FAR = 200
"""How many versions back a common text is looked for."""


class Current(NamedTuple):
    """What a field says: how, what, and whether people must choose."""

    op: str
    value: Any
    conflict: bool


def candidates(connection: apsw.Connection, entity: bytes, field: str) -> list[Candidate]:
    """Return the current values of a field with who wrote them when."""
    rows: list[Any] = connection.execute(
        "SELECT c.hlc, c.station, c.sseq, c.op, c.value, c.prevs FROM head h CROSS JOIN said c "
        "ON c.station = h.station AND c.sseq = h.sseq WHERE h.entity = ? AND h.field = ?",
        (entity, field),
    ).fetchall()
    rows.sort(key=lambda row: (row[1], row[2]))
    if field != "status" or len(rows) < 2:
        return [Candidate(*row[:5]) for row in rows]
    return [_moved(connection, Candidate(*row[:5]), row[5]) for row in rows]


def current(connection: apsw.Connection, entity: bytes, field: str) -> Current | None:
    """Return what is shown of a field; None when no row of it is known."""
    known = candidates(connection, entity, field)
    if not known:
        return None
    best = shown(field, known)
    value = None if best.value is None else json.loads(best.value)
    if field == DELETED and value and _was_edited_after(connection, entity, best):
        return Current(best.op, value=False, conflict=True)
    if not is_conflict(field, known):
        return Current(best.op, value, conflict=False)
    if field in _MERGED_TEXTS:
        text = _merged_text(connection, field, known)
        if text is not None:
            return Current("set", text, conflict=False)
    return Current(best.op, value, conflict=True)


def _was_edited_after(connection: apsw.Connection, entity: bytes, deletion: Candidate) -> bool:
    """Tell whether another station went on with an incident that it did not know was deleted."""
    found: Any = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM change WHERE root = ? AND station != ? AND hlc > ? "
        "AND field != ? AND (kind != 'incident' OR op != 'create'))",
        (entity, deletion.station, deletion.hlc, DELETED),
    ).get
    return bool(found)


def conflicts(connection: apsw.Connection, entity: bytes) -> list[str]:
    """Return the fields of an entity that people must choose between values of."""
    rows: list[Any] = connection.execute(
        "SELECT field FROM head WHERE entity = ? AND field != '*' GROUP BY field "
        "HAVING count(*) > 1 OR field = ? ORDER BY field",
        (entity, DELETED),
    ).fetchall()
    found = []
    for (field,) in rows:
        told = current(connection, entity, field)
        if told is not None and told.conflict:
            found.append(field)
    return found


def fields_of(connection: apsw.Connection, entity: bytes) -> list[str]:
    """Return the fields of an entity of which any row is known, the packed one left out."""
    rows: list[Any] = connection.execute(
        "SELECT DISTINCT field FROM head WHERE entity = ? AND field != '*'", (entity,)
    ).fetchall()
    return [field for (field,) in rows]


def _moved(connection: apsw.Connection, candidate: Candidate, prevs: bytes) -> Candidate:
    """Tell whether a status was reached by a move of the table, and whether by reopening."""
    target = _word(candidate.value)
    before = [_value_at(connection, version, "status") for version in unpack_versions(prevs)]
    known = [word for word in map(_word, before) if word in set(Status)]
    if not known or target not in set(Status):
        return candidate
    legal = any(word == target or Status(target) in MOVES[Status(word)] for word in known)
    reopened = target == "in_progress" and bool(_FINISHED & set(known))
    return candidate._replace(legal=legal, reopened=reopened)


def _word(value: str | None) -> str:
    return (value or "").strip('"')


def _value_at(connection: apsw.Connection, version: Version, field: str) -> str | None:
    """Return the JSON that a row says of a field, a packed create included."""
    row: Any = connection.execute(
        "SELECT field, value FROM said WHERE station = ? AND sseq = ?", version
    ).get
    if row is None or row[1] is None:
        return None
    if row[0] != PACKED:
        return str(row[1])
    packed = json.loads(row[1])
    default = "new" if field == "status" else ""
    return json.dumps(packed.get(field, default) if isinstance(packed, dict) else default)


def _merged_text(connection: apsw.Connection, field: str, known: Sequence[Candidate]) -> str | None:
    """Join the versions of a long text one after another; None when hunks meet."""
    texts = [None if c.value is None else json.loads(c.value) for c in known]
    if not all(isinstance(text, str) for text in texts):
        return None
    result: str = texts[0] or ""
    pasts = [_past(connection, Version(c.station, c.sseq)) for c in known]
    for index in range(1, len(known)):
        shared = set(pasts[0]).intersection(*pasts[1 : index + 1])
        if not shared:
            return None
        nearest = max(shared, key=lambda version: (pasts[0][version], version))
        base = _value_at(connection, nearest, field)
        joined = merged(json.loads(base or '""') or "", result, texts[index] or "")
        if joined is None:
            return None
        result = joined
    return result


def _past(connection: apsw.Connection, version: Version) -> dict[Version, int]:
    """Return a version and those that it was written upon, each with its clock reading."""
    found: dict[Version, int] = {}
    waiting = [version]
    while waiting and len(found) < _FAR:
        one = waiting.pop()
        row: Any = connection.execute(
            "SELECT hlc, prevs FROM change WHERE station = ? AND sseq = ?", one
        ).get
        if row is None or one in found:
            continue
        found[one] = row[0]
        waiting += unpack_versions(row[1])
    return found
