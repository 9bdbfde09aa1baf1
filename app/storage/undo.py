"""Takes an action back, or forward again, by writing the opposite as new facts (ux.md, undo).

Nothing is erased: the journal gains rows with `undo_of`. When somebody has changed a field since,
the undo is refused with a question, because it would overwrite what they did.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import ConflictError, NotFoundError
from app.domain.incident import EntityId
from app.domain.journal_entry import Change, pack_versions, unpack_versions
from app.storage.journal import PACKED, Action, current_heads

if TYPE_CHECKING:
    import apsw

    from app.storage.store import Store

_NOT_UNDOABLE = frozenset({"number_block", "station"})


class Done(NamedTuple):
    """An action that can be taken back."""

    id: EntityId
    title: str
    undo_of: bytes


def last_action(store: Store, author: bytes, *, root: bytes | None = None) -> Done:
    """Return the newest action that is not undone yet: of this person, or on this incident.

    Raises:
        NotFoundError: there is nothing to undo.
    """
    undone = "NOT EXISTS (SELECT 1 FROM action u WHERE u.undo_of = a.id AND NOT EXISTS "
    undone += "(SELECT 1 FROM action r WHERE r.undo_of = u.id))"
    if root is None:
        row = store.connection.execute(
            "SELECT a.id, a.title, a.undo_of FROM action a WHERE a.station = ? AND a.author = ? "
            f"AND a.undo_of = x'' AND {undone} ORDER BY a.last DESC LIMIT 1",
            (store.station, author),
        ).get
    else:
        row = store.connection.execute(
            "SELECT a.id, a.title, a.undo_of FROM change c JOIN action a ON a.id = c.action "
            f"WHERE c.root = ? AND a.undo_of = x'' AND {undone} ORDER BY c.hlc DESC LIMIT 1",
            (root,),
        ).get
    if row is None:
        raise NotFoundError("There is nothing to undo.", code="nothing_to_undo")
    return Done(EntityId(row[0]), row[1], row[2])


def last_undo(store: Store, author: bytes) -> Done:
    """Return the newest undo of this person that was not taken back itself, for redo.

    Raises:
        NotFoundError: there is nothing to redo.
    """
    row = store.connection.execute(
        "SELECT a.id, a.title, a.undo_of FROM action a WHERE a.station = ? AND a.author = ? "
        "ORDER BY a.last DESC LIMIT 1",
        (store.station, author),
    ).get
    if row is None or not row[2]:
        raise NotFoundError("There is nothing to redo.", code="nothing_to_redo")
    return Done(EntityId(row[0]), row[1], row[2])


def rows_of(connection: apsw.Connection, action: bytes) -> list[Change]:
    """Return the journal rows of an action, in their order."""
    span = connection.execute("SELECT station, first, last FROM action WHERE id = ?", (action,)).get
    if span is None:
        raise NotFoundError("That action is not in the journal.")
    rows = connection.execute(
        "SELECT * FROM change WHERE station = ? AND sseq BETWEEN ? AND ? AND action = ? "
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
    if heads != pack_versions([last.version]) and not force:
        raise ConflictError(_moved_on(connection, field, heads))
    op, value = _before(connection, first)
    action.set(last.kind, entity, field, value, root=root, op=op, prevs=heads, undo_of=marker)


def _before(connection: apsw.Connection, change: Change) -> tuple[str, Any]:
    """Return what a field said before `change`."""
    if change.op in {"add", "remove"}:
        value = None if change.value is None else json.loads(change.value)
        return ("remove" if change.op == "add" else "add"), value
    for version in unpack_versions(change.prevs):
        row = connection.execute(
            "SELECT field, value FROM change WHERE station = ? AND sseq = ?", version
        ).get
        if row is None or row[1] is None:
            continue
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
