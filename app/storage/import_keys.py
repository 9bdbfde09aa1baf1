"""Finds the incident that a record of another tool became, so that nothing comes in twice.

The key of a record is its external id within its mapping; its fingerprint tells whether the record
has changed since. Both are a field of the journal (`imported`), so every station knows them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import apsw

FIELD = "imported"
"""The field of an incident that holds mapping, key and fingerprint."""


class Known(NamedTuple):
    """An incident that came from a record: its id, the record's fingerprint, whether it is gone."""

    uid: bytes
    fingerprint: str
    deleted: bool


def value(mapping: str, key: str, fingerprint: str) -> dict[str, str]:
    """Return the journal value of the field."""
    return {"mapping": mapping, "key": key, "fingerprint": fingerprint}


def put(connection: apsw.Connection, uid: bytes, told: dict[str, str]) -> None:
    """Bring the row of an incident up to a value of the field."""
    connection.execute(
        "INSERT OR REPLACE INTO import_key VALUES (?,?,?,?)",
        (told["mapping"], told["key"], uid, told["fingerprint"]),
    )


def find(connection: apsw.Connection, mapping: str, keys: Iterable[str]) -> dict[str, Known]:
    """Return the incidents of these keys; one that is not deleted stands before one that is."""
    found: dict[str, Known] = {}
    rows: Any = connection.execute(
        "SELECT k.key, k.uid, k.fingerprint, i.deleted FROM import_key k "
        "JOIN incident i ON i.uid = k.uid "
        "WHERE k.mapping = ? AND k.key IN (SELECT value FROM json_each(?)) "
        "ORDER BY i.deleted DESC, k.uid DESC",
        (mapping, json.dumps(list(keys))),
    )
    for key, uid, fingerprint, deleted in rows:
        found[key] = Known(uid, fingerprint, bool(deleted))
    return found


def by_sys_id(connection: apsw.Connection) -> dict[str, bytes]:
    """Return every incident that came from ServiceNow by its id there."""
    rows: Any = connection.execute(
        "SELECT v.value, i.uid FROM custom_value v JOIN incident i ON i.id = v.incident "
        "WHERE v.field = 'sys_id' AND i.deleted = 0"
    )
    return {str(key): bytes(uid) for key, uid in rows}


def by_external_id(connection: apsw.Connection, keys: Iterable[str]) -> dict[str, bytes]:
    """Return the incidents that another tool knows by these numbers."""
    rows: Any = connection.execute(
        "SELECT external_id, uid FROM incident WHERE external_id IN "
        "(SELECT value FROM json_each(?)) AND deleted = 0",
        (json.dumps(list(keys)),),
    )
    return {str(key): bytes(uid) for key, uid in rows}


def find_ids(connection: apsw.Connection, uids: Iterable[str]) -> dict[str, Known]:
    """Return which of these ids (32 digits) are incidents here.

    One that was logged here, or came here from another tool, and comes back in an export of ours
    has "" for a fingerprint: its record is here and not in that file.
    """
    rows: Any = connection.execute(
        "SELECT hex(i.uid), i.uid, i.deleted, (SELECT c.value FROM head h JOIN change c "
        "ON c.station = h.station AND c.sseq = h.sseq WHERE h.entity = i.uid "
        "AND h.field IN ('imported', '*') ORDER BY h.field DESC LIMIT 1) "
        "FROM incident i WHERE i.uid IN (SELECT unhex(value) FROM json_each(?))",
        (json.dumps(list(uids)),),
    )
    return {
        digits.lower(): Known(uid, _fingerprint(text, digits.lower()), bool(deleted))
        for digits, uid, deleted, text in rows
    }


def _fingerprint(text: str | None, own_id: str) -> str:
    told = json.loads(text) if text else {}
    told = told.get(FIELD, told)
    return str(told["fingerprint"]) if told.get("key") == own_id else ""
