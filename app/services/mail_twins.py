"""Joins incidents that two stations opened from the same mail while both held the lease.

A mail is known by its Message-ID on every station, so this can only be what was done in parallel,
before either had heard of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.domain.incident import EntityId
from app.services import raising

if TYPE_CHECKING:
    from app.services.desk import Desk

_TWINS = """
    SELECT m.message_id, m.incident FROM mail_message m
    JOIN incident i ON i.uid = m.incident AND i.deleted = 0 AND i.merged_into IS NULL
    JOIN change made ON made.root = m.incident AND made.entity = m.incident
        AND made.kind = 'incident' AND made.op = 'create'
    WHERE m.message_id IN (SELECT message_id FROM mail_message GROUP BY message_id
        HAVING count(DISTINCT incident) > 1)
    AND EXISTS (SELECT 1 FROM change file WHERE file.root = m.incident
        AND file.entity = m.attachment AND file.action = made.action)
    ORDER BY m.message_id, m.incident
"""


def join_twins(desk: Desk) -> int:
    """Merge the later twin of each mail into the earlier one; return how many there were."""
    rows: Any = desk.connection.execute(_TWINS).fetchall()
    first: dict[str, bytes] = {}
    merged = 0
    for message_id, incident in rows:
        into = first.setdefault(message_id, incident)
        if into == incident:
            continue
        try:
            raising.merge(desk, [EntityId(incident)], EntityId(into))
        except InvalidInputError:  # closed, or merged by a person meanwhile
            continue
        merged += 1
    return merged
