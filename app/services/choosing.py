"""Settles fields of which two stations said different things: mine, theirs, or a third value."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.services import incidents
from app.storage import conflicts, contested

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.domain.merge import Candidate
    from app.services.desk import Desk

_OF_FINISHED = ("resolved_at", "closed_at", "resolution_result")
_OF_PENDING = ("pending_reason", "follow_up_at")
_CONFIRM, _RESTORE = ("delete", "deleted", "true"), ("restore", "false", "keep")
_FINISHED = frozenset({"resolved", "closed"})


class Said(NamedTuple):
    """One value of a field in conflict: who wrote it when, and whether that was this person here.

    `value` is None for an emptied field; `keep` names it to `resolve` for certain.
    """

    value: Any
    author: str
    at: datetime
    own: bool
    keep: str


class Contested(NamedTuple):
    """A field that people must choose between values of, the newest first."""

    field: str
    values: tuple[Said, ...]


def of_incident(desk: Desk, uid: EntityId) -> tuple[Contested, ...]:
    """Return the fields of an incident that people must choose between."""
    own = desk.store.station
    found = []
    for one in conflicts.conflicts_of(desk.connection, uid):
        field = one["field"]
        said = [
            Said(
                told["value"],
                told["author"],
                datetime.fromisoformat(told["at"]),
                candidate.station == own and told["author"] == desk.person.name,
                _name(candidate),
            )
            for told, candidate in zip(one["values"], _newest(desk, uid, field), strict=True)
        ]
        found.append(Contested(field, tuple(said)))
    return tuple(found)


def every(desk: Desk) -> list[dict[str, Any]]:
    """Return each field in conflict: number, title, field, and the values with their authors."""
    rows: list[Any] = desk.connection.execute(
        "SELECT uid, number, title FROM incident WHERE conflict = 1 AND deleted = 0 ORDER BY number"
    ).fetchall()
    return [
        {"number": number, "title": title, **one}
        for uid, number, title in rows
        for one in conflicts.conflicts_of(desk.connection, uid)
    ]


def resolve(desk: Desk, uid: EntityId, field: str, keep: str) -> ChangeSet:
    """Settle a field: `keep` is "mine", "theirs", one of its values, or a new value.

    Raises:
        InvalidInputError: the field is not in conflict, or nothing is meant by `keep`.
    """
    known = contested.conflicts(desk.connection, uid)
    if field not in known:
        listed = ", ".join(known)
        hint = f"Its fields in conflict are: {listed}." if listed else "It has no conflict."
        raise InvalidInputError(f'Nothing is to be chosen in "{field}". {hint}', field="field")
    if field == contested.DELETED:
        return _delete_or_restore(desk, uid, keep)
    chosen = _chosen(desk, uid, field, keep.strip())
    if chosen is None:
        if field == "status" or ":" in field:
            raise InvalidInputError(
                f'"{keep}" is none of the values of {field}. Use mine, theirs or one of them.',
                field="keep",
            )
        return incidents.edit(desk, [uid], {field: keep})
    title = f"Choose {field.replace('_', ' ')}"
    with desk.write(title) as action:
        value = None if chosen.value is None else json.loads(chosen.value)
        action.set("incident", uid, field, value)
        if field == "status":
            for name in _of_other_status(str(value)):
                if _is_set(desk, uid, name):
                    action.set("incident", uid, name, None)
    number: str = desk.connection.execute("SELECT number FROM incident WHERE uid = ?", (uid,)).get
    return ChangeSet(action.id, title, {"incident": (uid,)}, (number,))


def _delete_or_restore(desk: Desk, uid: EntityId, keep: str) -> ChangeSet:
    """Confirm the deletion of an incident with which somebody went on, or take it back."""
    word = fold(keep)
    if word not in {*_CONFIRM, *_RESTORE}:
        raise InvalidInputError(
            'Somebody deleted this incident while another one worked on it. Use "restore" to keep '
            'it or "delete" to confirm.',
            field="keep",
        )
    number: str = desk.connection.execute("SELECT number FROM incident WHERE uid = ?", (uid,)).get
    title = "Confirm deletion" if word in _CONFIRM else "Restore"
    with desk.write(title) as action:
        action.set("incident", uid, contested.DELETED, True if word in _CONFIRM else None)
    return ChangeSet(action.id, title, {"incident": (uid,)}, (number,))


def _chosen(desk: Desk, uid: EntityId, field: str, keep: str) -> Candidate | None:
    newest = _newest(desk, uid, field)
    named = next((one for one in newest if _name(one) == keep), None)
    if named is not None:
        return named
    own = desk.store.station
    mine = [one for one in newest if one.station == own]
    if keep == "mine":
        if mine:
            return mine[0]
        raise InvalidInputError(
            "None of the values is from this workstation. Name the value to keep.", field="keep"
        )
    if keep == "theirs":
        others = [one for one in newest if one.station != own]
        # Two people at one workstation can disagree as well: then the other one's is the older.
        if others or len(newest) > 1:
            return others[0] if others else newest[1]
    worded = {
        fold(str(told["value"])): one
        for told, one in zip(_values(desk, uid, field), newest, strict=True)
    }
    return worded.get(fold(keep))


def _newest(desk: Desk, uid: EntityId, field: str) -> list[Candidate]:
    candidates = contested.candidates(desk.connection, uid, field)
    return sorted(candidates, key=lambda one: (one.hlc, one.station), reverse=True)


def _name(one: Candidate) -> str:
    """Name a value for certain, whatever it says."""
    return f"{one.station.hex()}:{one.sseq}"


def _values(desk: Desk, uid: EntityId, field: str) -> list[dict[str, Any]]:
    for one in conflicts.conflicts_of(desk.connection, uid):
        if one["field"] == field:
            values: list[dict[str, Any]] = one["values"]
            return values
    return []


def _of_other_status(status: str) -> tuple[str, ...]:
    """Return what belongs to the status that was not chosen."""
    found: tuple[str, ...] = ()
    if status not in _FINISHED:
        found += _OF_FINISHED
    if status != "pending":
        found += _OF_PENDING
    return found


def _is_set(desk: Desk, uid: EntityId, field: str) -> bool:
    told = contested.current(desk.connection, uid, field)
    return told is not None and told.value is not None
