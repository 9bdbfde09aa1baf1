"""Takes an action back, or forward again, by writing the opposite as new facts (ux.md, undo).

Nothing is erased: the journal gains rows with `undo_of`. When somebody has changed a field since,
the undo is refused with a question, because it would overwrite what they did.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from app.domain.incident import EntityId
from app.domain.journal_entry import Change, pack_versions, unpack_versions
from app.storage.head_rows import PACKED
from app.storage.journal import Action, current_heads

if TYPE_CHECKING:
    import apsw

    from app.storage.store import Store

VERSION_BYTES = 24
_NOT_UNDOABLE = frozenset({"number_block", "station", "station_lease"})
_FOR_GOOD = (
    "NOT EXISTS (SELECT 1 FROM change r WHERE r.station = a.station AND r.sseq = a.first "
    "AND r.op = 'redact')"
)
"""A redaction is no step that an undo goes back over."""


class Done(NamedTuple):
    """What can be taken back: the newest action of a chain, and the title of its first."""

    id: EntityId
    title: str


def last_action(store: Store, author: bytes, *, root: bytes | None = None) -> Done:
    """Return the newest action that is not undone yet: of this person, or on this incident.

    Raises:
        NotFoundError: there is nothing to undo.
    """
    if root is None:
        rows = store.connection.execute(
            "SELECT a.id, a.title FROM action a WHERE a.station = ? AND a.author = ? "
            f"AND a.undo_of = x'' AND {_FOR_GOOD} ORDER BY a.last DESC",
            (store.station, author),
        )
    else:
        rows = store.connection.execute(
            "SELECT a.id, a.title FROM change c JOIN action a ON a.id = c.action "
            f"WHERE c.root = ? AND a.undo_of = x'' AND {_FOR_GOOD} GROUP BY a.id "
            "ORDER BY max(c.hlc) DESC",
            (root,),
        )
    for first, title in rows:
        newest, undone = end_of(store.connection, first)
        if not undone:
            return Done(newest, title)
    raise NotFoundError("There is nothing to undo.", code="nothing_to_undo")


def end_of(connection: apsw.Connection, action: bytes) -> tuple[EntityId, bool]:
    """Follow an action through its undo, redo, undo, ... to the newest; tell if it is undone."""
    newest, undone = action, False
    while True:
        later: Any = connection.execute(
            "SELECT id FROM action WHERE undo_of = ? ORDER BY id DESC LIMIT 1", (newest,)
        ).get
        if later is None:
            return EntityId(newest), undone
        newest, undone = later, not undone


def last_undo(store: Store, author: bytes) -> Done:
    """Return the newest undo of this person that stands, with what it undid, for redo.

    Something new that the person has done since leaves nothing to redo.

    Raises:
        NotFoundError: there is nothing to redo.
    """
    rows = store.connection.execute(
        "SELECT id, undo_of FROM action WHERE station = ? AND author = ? ORDER BY last DESC",
        (store.station, author),
    )
    for uid, undo_of in rows:
        if not undo_of:
            break
        newest, taken_back = end_of(store.connection, uid)
        first, title, steps = _beginning(store.connection, undo_of)
        if first and steps % 2 == 0 and not taken_back:
            return Done(newest, title)
    raise NotFoundError("There is nothing to redo.", code="nothing_to_redo")


def _beginning(connection: apsw.Connection, action: bytes) -> tuple[bytes, str, int]:
    """Follow an undo back to the first action: its id, its title and the steps between."""
    steps = 0
    while True:
        row: Any = connection.execute(
            "SELECT undo_of, title FROM action WHERE id = ?", (action,)
        ).get
        if row is None:
            return b"", "", steps
        if not row[0]:
            return action, row[1], steps
        action, steps = row[0], steps + 1


def rows_of(connection: apsw.Connection, action: bytes) -> list[Change]:
    """Return the journal rows of an action, in their order."""
    span = connection.execute("SELECT station, first, last FROM action WHERE id = ?", (action,)).get
    if span is None:
        raise NotFoundError("That action is not in the journal.")
    rows = connection.execute(
        "SELECT * FROM said WHERE station = ? AND sseq BETWEEN ? AND ? AND action = ? "
        "ORDER BY sseq",
        (*span, action),
    )
    return [Change._make(row) for row in rows]


def write_opposite(action: Action, target: bytes, *, force: bool = False) -> list[Change]:
    """Add to `action` the edits that take the action `target` back; return its rows.

    Raises:
        ConflictError: a field has been changed since; `force` overwrites it all the same.
    """
    changes = rows_of(action.connection, target)
    if any(change.op == "redact" for change in changes):
        raise InvalidInputError("What was redacted is gone for good and cannot be brought back.")
    last: dict[tuple[bytes, str], Change] = {}
    first: dict[tuple[bytes, str], Change] = {}
    created = {c.entity for c in changes if c.op == "create"}
    for change in changes:
        if change.kind in _NOT_UNDOABLE or (change.entity in created and change.op != "create"):
            continue
        key = (change.entity, "deleted" if change.op == "create" else change.field)
        first.setdefault(key, change)
        last[key] = change
    for (entity, field), change in reversed(list(last.items())):
        _opposite(action, EntityId(entity), field, first[entity, field], change, force=force)
    return changes


def _opposite(
    action: Action,
    entity: EntityId,
    field: str,
    first: Change,
    last: Change,
    *,
    force: bool,
) -> None:
    connection = action.connection
    root = EntityId(last.root)
    marker = last.station + last.sseq.to_bytes(8)
    if last.op == "create":
        action.set(last.kind, entity, "deleted", True, root=root, undo_of=marker)
        return
    heads = current_heads(connection, entity, field)
    if not force and _settled(connection, heads) != _settled(
        connection, pack_versions([last.version])
    ):
        raise ConflictError(_moved_on(connection, field, heads))
    op, value = _before(connection, first)
    action.set(last.kind, entity, field, value, root=root, op=op, prevs=heads, undo_of=marker)


def _settled(connection: apsw.Connection, heads: bytes) -> bytes:
    """Return the versions that heads come to when what was taken back is left out.

    A row that undid another stands where the field stood before that other's action, so undoing
    several actions on one field in turn is no conflict of a person with what they undid before.
    """
    while len(heads) == VERSION_BYTES:
        (version,) = unpack_versions(heads)
        marker: Any = connection.execute(
            "SELECT undo_of FROM change WHERE station = ? AND sseq = ?", version
        ).get
        if not marker:
            break
        before: Any = connection.execute(
            "SELECT f.prevs FROM change u JOIN change f ON f.station = u.station "
            "AND f.sseq BETWEEN u.tx_first AND u.sseq AND f.entity = u.entity "
            "AND f.field = u.field AND f.action = u.action "
            "WHERE u.station = ? AND u.sseq = ? ORDER BY f.sseq LIMIT 1",
            unpack_versions(marker)[0],
        ).get
        if not before:
            break
        heads = before
    return heads


def _before(connection: apsw.Connection, change: Change) -> tuple[str, Any]:
    """Return what a field said before `change`."""
    if change.op in {"add", "remove"}:
        value = None if change.value is None else json.loads(change.value)
        return ("remove" if change.op == "add" else "add"), value
    # Of values that were settled by a choice the latest comes back, which was the one shown.
    known: list[Any] = [
        connection.execute(
            "SELECT field, value, hlc, station FROM said WHERE station = ? AND sseq = ?", version
        ).get
        for version in unpack_versions(change.prevs)
    ]
    rows = [row for row in known if row is not None and row[1] is not None]
    for row in sorted(rows, key=lambda row: (row[2], row[3]), reverse=True):
        value = json.loads(row[1])
        if row[0] != PACKED:
            return "set", value
        if change.field.startswith("custom."):
            return "set", value.get("custom", {}).get(change.field.removeprefix("custom."))
        return "set", value.get(change.field)
    return "set", None


def _moved_on(connection: apsw.Connection, field: str, heads: bytes) -> str:
    who = None
    for version in unpack_versions(heads):
        who = connection.execute(
            "SELECT i.name FROM change c JOIN catalogue_item i ON i.uid = c.author "
            "WHERE c.station = ? AND c.sseq = ?",
            version,
        ).get
    name = field.partition(":")[0].replace("_", " ")
    return (
        f"{who or 'Somebody'} has changed {name} since. "
        "Nothing was undone; undo that change first, or set the field by hand."
    )
