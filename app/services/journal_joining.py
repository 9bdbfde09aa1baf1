"""Puts the entries of another tool's journal into incidents that came from it: each once.

An entry is known by its instant and its words, whoever the other tool names as its author; so an
entry that the incident's own export brought before does not come twice. Runs on a worker thread.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.incident import EntityId
from app.intake.import_record import ImportCancelledError, Rejected
from app.services.import_values import event_value
from app.storage import import_keys, incident_reader
from app.system.clock import to_ms
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.intake.byte_source import Cancelled
    from app.intake.mappings.servicenow_journal import JournalEntry
    from app.services.desk import Desk
    from app.storage.journal import Action

BATCH = 500


class Joined(NamedTuple):
    """What joining came to."""

    read: int
    added: int
    touched: tuple[EntityId, ...]
    action: EntityId | None


def join(
    desk: Desk,
    entries: Iterable[JournalEntry | Rejected],
    title: str,
    reject: Callable[[Rejected], None],
    *,
    action_id: EntityId | None = None,
    dry_run: bool = False,
    cancelled: Cancelled | None = None,
) -> Joined:
    """Add the entries that are not there yet, in batches of one action.

    Args:
        desk: who imports, where.
        entries: as they are read; those that cannot be are handed to `reject`.
        title: of the action.
        reject: hears of each row that belongs to no incident here.
        action_id: of the import that they belong to, so that one undo takes back both.
        dry_run: only count.
        cancelled: asked for each batch.

    Raises:
        ImportCancelledError: it was stopped; the batches before stay.
        StoreError: the database refused; the batches before stay.
    """
    read = added = 0
    touched: dict[EntityId, None] = {}
    known = import_keys.by_sys_id(desk.connection)
    readable = iter(_readable(entries, reject))
    while batch := list(islice(readable, BATCH)):
        if cancelled is not None and cancelled():
            raise ImportCancelledError
        give_way()
        owned = _owned(desk, batch, known, reject)
        fresh = _fresh(desk, owned)
        read += len(owned)
        added += len(fresh)
        touched.update(dict.fromkeys(uid for uid, _ in fresh))
        if fresh and not dry_run:
            with desk.write(title, action_id=action_id) as action:
                action_id = action.id
                _write(action, fresh)
    return Joined(read, added, tuple(touched), action_id if touched and not dry_run else None)


def _readable(
    entries: Iterable[JournalEntry | Rejected], reject: Callable[[Rejected], None]
) -> Iterable[JournalEntry]:
    for one in entries:
        if isinstance(one, Rejected):
            reject(one)
        else:
            yield one


def _owned(
    desk: Desk,
    batch: list[JournalEntry],
    by_sys_id: Mapping[str, bytes],
    reject: Callable[[Rejected], None],
) -> list[tuple[EntityId, list[Any]]]:
    """Return the entries as events, each with its incident; reject those that have none here."""
    others = {one.incident for one in batch} - by_sys_id.keys()
    by_number = import_keys.by_external_id(desk.connection, others)
    owned = []
    for one in batch:
        uid = by_sys_id.get(one.incident) or by_number.get(one.incident)
        if uid is None:
            said = f"No incident here came from {one.incident}. Import the incidents first, then "
            reject(Rejected(one.line, f"{said}their comments."))
        else:
            owned.append((EntityId(uid), event_value(one.event)))
    return owned


def _fresh(desk: Desk, owned: list[tuple[EntityId, list[Any]]]) -> list[tuple[EntityId, list[Any]]]:
    """Return the events that do not stand in their incidents yet."""
    told: dict[EntityId, set[tuple[int, str]]] = {}
    fresh = []
    for uid, event in owned:
        if uid not in told:
            story = incident_reader.read(desk.connection, uid).timeline
            told[uid] = {(to_ms(each.at), each.text) for each in story if not each.undone}
        mark = (event[0], event[3])
        if mark not in told[uid]:
            told[uid].add(mark)
            fresh.append((uid, event))
    return fresh


def _write(action: Action, fresh: list[tuple[EntityId, list[Any]]]) -> None:
    for uid, (at, author, kind, text, changes) in fresh:
        note = {"kind": kind, "text": text, "author": author, "changes": changes}
        action.create("note", note, root=uid, at=at)
