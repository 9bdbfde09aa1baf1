"""Keeps what somebody is typing on this workstation, each save committed at once.

Drafts survive a killed process, because a save is its own transaction at `synchronous=FULL`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.storage.rows import DraftRow

if TYPE_CHECKING:
    from app.storage.store import Store

KEPT_AFTER_DISCARD_MS = 7 * 86_400_000
"""How long a discarded draft can be brought back."""


class KeptDraft(NamedTuple):
    """One draft as it is stored; `data` is JSON."""

    key: str
    kind: str
    data: str
    saved_at: int


def save(store: Store, draft: KeptDraft) -> None:
    """Write a draft over its last state; one that was discarded is there again."""
    with store.known_errors():
        query = DraftRow.insert(**draft._asdict(), discarded_at=None)
        query.on_conflict_replace().execute(store.database.peewee)


def kept(store: Store, kind: str = "", key: str = "") -> list[KeptDraft]:
    """Return the drafts that are not discarded, newest first; of one kind or key when given."""
    query = DraftRow.select(DraftRow.key, DraftRow.kind, DraftRow.data, DraftRow.saved_at).where(
        DraftRow.discarded_at.is_null()
    )
    if kind:
        query = query.where(DraftRow.kind == kind)
    if key:
        query = query.where(DraftRow.key == key)
    query = query.order_by(DraftRow.saved_at.desc(), DraftRow.key)
    return [KeptDraft._make(row) for row in query.tuples().execute(store.database.peewee)]


def discard(store: Store, key: str) -> bool:
    """Take a draft out of the list; tell whether there was one."""
    now_ms = store.now_ms()
    with store.writing():
        DraftRow.delete().where(DraftRow.discarded_at < now_ms - KEPT_AFTER_DISCARD_MS).execute(
            store.database.peewee
        )
        changed = (
            DraftRow.update(discarded_at=now_ms)
            .where(DraftRow.key == key, DraftRow.discarded_at.is_null())
            .execute(store.database.peewee)
        )
    return bool(changed)


def restore(store: Store, key: str) -> bool:
    """Put a discarded draft back; tell whether there was one."""
    with store.known_errors():
        changed = (
            DraftRow.update(discarded_at=None)
            .where(DraftRow.key == key, DraftRow.discarded_at.is_null(False))
            .execute(store.database.peewee)
        )
    return bool(changed)
