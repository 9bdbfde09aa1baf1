"""Undo and redo of any action, as new facts in the journal (ux.md, undo)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.letter import STOPPABLE, LetterState
from app.storage import outbox
from app.storage import undo as opposite

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.domain.journal_entry import Change
    from app.services.desk import Desk
    from app.storage.undo import Done


def undo(
    desk: Desk,
    *,
    incident: EntityId | None = None,
    action: EntityId | None = None,
    force: bool = False,
) -> ChangeSet:
    """Take back this person's last action, the last one on an incident, or a named one.

    Raises:
        NotFoundError: there is nothing to undo.
        ConflictError: somebody has changed the same field since; `force` overwrites it.
    """
    if action is not None:
        target, undone = opposite.end_of(desk.connection, action)
        if undone:
            raise NotFoundError(
                "That action was undone already. Redo brings it back.", code="nothing_to_undo"
            )
        title = "Undo"
    else:
        last = opposite.last_action(desk.store, desk.person.id, root=incident)
        target, title = last.id, f"Undo: {last.title}"
    return _write_opposite(desk, target, title, force=force)


def redo(desk: Desk, *, force: bool = False) -> ChangeSet:
    """Do again what this person undid last, unless something was done since.

    Raises:
        NotFoundError: there is nothing to redo.
    """
    last = opposite.last_undo(desk.store, desk.person.id)
    return _write_opposite(desk, last.id, f"Redo: {last.title}", force=force)


def what_to_undo(desk: Desk) -> Done:
    """Return the action that `undo` would take back now; raises NotFoundError for none."""
    return opposite.last_action(desk.store, desk.person.id)


def _write_opposite(desk: Desk, target: EntityId, title: str, *, force: bool) -> ChangeSet:
    with desk.write(title, undo_of=target) as writing:
        changes = opposite.write_opposite(writing, target, force=force)
        letters = outbox.of_action(desk.connection, target)
        now_ms = desk.store.now_ms()
        outbox.move(desk.connection, letters, LetterState.STOPPED, of=STOPPABLE, ended_at=now_ms)
    return ChangeSet(writing.id, title, _touched(changes), _numbers(desk, changes))


def _touched(changes: list[Change]) -> dict[str, tuple[EntityId, ...]]:
    touched: dict[str, list[bytes]] = {}
    for change in changes:
        kind = "incident" if change.root != change.entity else change.kind
        touched.setdefault(kind, []).append(change.root)
    return {
        kind: tuple(dict.fromkeys(ids))  # type: ignore[arg-type]
        for kind, ids in touched.items()
    }


def _numbers(desk: Desk, changes: list[Change]) -> tuple[str, ...]:
    roots = dict.fromkeys(c.root for c in changes)
    found = (
        desk.connection.execute("SELECT number FROM incident WHERE uid = ?", (root,)).get
        for root in roots
    )
    return tuple(number for number in found if number)
