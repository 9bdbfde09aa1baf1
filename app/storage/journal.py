"""Writes actions: rows of the journal and what follows from them, in one transaction each.

An `Action` collects edits while the transaction is open, so that what a service reads before it
writes is what it writes upon. On leaving the block the edits become journal rows (sequence, clock
reading, salt, hash chain), heads and materialised rows, and the whole is committed; an exception
leaves nothing. Runs on the thread that owns the connection.
"""

from __future__ import annotations

import contextlib
import os
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain import hybrid_clock, identity
from app.domain.incident import EntityId
from app.domain.journal_entry import (
    GENESIS,
    SCHEMA,
    Change,
    HeaderWriter,
    Origin,
    Version,
    canonical,
    pack_versions,
    value_digest,
)
from app.storage import clocks, head_rows, materialise, numbers, record_clocks
from app.storage.head_rows import PACKED
from app.system.courtesy import courteously, give_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import apsw

    from app.storage.head_rows import Heads
    from app.storage.materialise import Clock, Derive
    from app.storage.record_clocks import Derived
    from app.storage.store import Store
    from app.storage.team_rules import TeamRules

SALT_BYTES = 16


class Edit(NamedTuple):
    """One intended change; `prevs` None means: the versions that are current now."""

    kind: str
    entity: EntityId
    root: EntityId
    op: str
    field: str
    value: Any
    prevs: bytes | None
    at: int
    undo_of: bytes


class Action:
    """What one person does at one time: the unit of undo. Make it with `write`."""

    def __init__(self, store: Store, author: bytes, title: str, action_id: EntityId) -> None:
        self.store = store
        self.connection: apsw.Connection = store.connection
        self.author = author
        self.title = title
        self.id = action_id
        self.undo_of = b""
        self.now_ms = store.now_ms()
        self.edits: list[Edit] = []
        self.derived: dict[EntityId, Derived] = {}
        """Periods and clocks of incidents made in this action, where they are known already."""
        self.made: dict[tuple[str, str], EntityId] = {}
        """Catalogue items made in this action by (kind, folded name): not in the tables yet."""
        self._heads: dict[bytes, Heads] = {}
        self._written = 0

    @cached_property
    def rules(self) -> TeamRules:
        """What the team has agreed on, as it stands before this action: it is asked for once."""
        return self.store.rules()

    def heads(self, entity: bytes) -> Heads:
        """Return the heads of an entity as they stand before this action, read at once.

        They are read again where anything was written meanwhile: by an action within this one.
        """
        written = self.connection.total_changes()
        if written != self._written:
            self._heads.clear()
            self._written = written
        known = self._heads.get(entity)
        if known is None:
            known = self._heads[entity] = head_rows.of(self.connection, entity)
        return known

    def heads_read(self) -> Mapping[bytes, Heads]:
        """Return the heads of all entities that were asked for."""
        return self._heads

    def new_id(self) -> EntityId:
        """Make a new entity id."""
        return identity.new_id(self.now_ms, os.urandom(10))

    def create(
        self,
        kind: str,
        value: dict[str, Any],
        *,
        entity: EntityId | None = None,
        root: EntityId | None = None,
        at: int | None = None,
    ) -> EntityId:
        """Make an entity as one packed row and return its id."""
        uid = entity or self.new_id()
        when = self.now_ms if at is None else at
        self.edits.append(Edit(kind, uid, root or uid, "create", PACKED, value, b"", when, b""))
        return uid

    def set(
        self,
        kind: str,
        entity: EntityId,
        field: str,
        value: Any,
        *,
        root: EntityId | None = None,
        prevs: bytes | None = None,
        at: int | None = None,
        op: str = "set",
        undo_of: bytes = b"",
    ) -> None:
        """Give a field a new value, naming the versions that it replaces."""
        when = self.now_ms if at is None else at
        self.edits.append(
            Edit(kind, entity, root or entity, op, field, value, prevs, when, undo_of)
        )

    def set_many(
        self, entity: EntityId, values: dict[str, Any], *, seen: dict[str, bytes] | None = None
    ) -> None:
        """Give several fields of an incident new values; `seen` holds the heads a form had read."""
        for field, value in values.items():
            self.set("incident", entity, field, value, prevs=(seen or {}).get(field))

    def member(self, entity: EntityId, field: str, value: Any, *, present: bool) -> None:
        """Add a member to an incident's set of tags, watchers or links, or remove it."""
        self.set("incident", entity, field, value, op="add" if present else "remove")

    def next_number(self) -> str:
        """Take the next incident number of this station, leasing a block when none is left."""
        return numbers.take(self)


@contextlib.contextmanager
def write(
    store: Store,
    author: bytes,
    title: str,
    *,
    action_id: EntityId | None = None,
    undo_of: bytes = b"",
) -> Iterator[Action]:
    """Open an action; commit its edits on leaving, or nothing when the block raises.

    Raises:
        StoreError: the disk is full, the file is locked or read-only; nothing was written.
    """
    with store.writing():
        now_ms = store.now_ms()
        action = Action(store, author, title, action_id or identity.new_id(now_ms, os.urandom(10)))
        action.undo_of = undo_of
        yield action
        if action.edits:
            _commit(action)


def _commit(action: Action) -> None:
    store, connection = action.store, action.connection
    station, sseq, previous, reading = _last_of(store)
    first, count = sseq + 1, len(action.edits)
    origin = Origin(station, store.zone, first, count, action.id, action.author)
    headers = HeaderWriter(origin)
    salts = os.urandom(SALT_BYTES * count)
    changes: list[Change] = []
    newest: dict[tuple[bytes, str], Version] = {}
    settled = True
    tick, digest = hybrid_clock.tick, value_digest
    for index, (kind, entity, root, op, field, value, prevs, at, undo_of) in enumerate(
        action.edits
    ):
        give_way()
        sseq += 1
        reading = tick(reading, action.now_ms)
        key = (entity, field)
        if op == "create":
            prevs = b""
        else:
            current = _current(action, entity, field, newest)
            if prevs is None:
                prevs = current
            elif prevs != current:
                settled = False
        newest[key] = Version(station, sseq)
        text = canonical(value)
        salt = salts[index * SALT_BYTES : (index + 1) * SALT_BYTES]
        place = (sseq, reading, at)
        head = headers.write(place, kind, entity, root, op, field, prevs, undo_of)
        previous = sha256(previous + head + digest(salt, text)).digest()
        changes.append(
            Change(
                station,
                sseq,
                reading,
                at,
                store.zone,
                first,
                count,
                action.id,
                kind,
                entity,
                root,
                op,
                field,
                text,
                salt,
                prevs,
                action.author,
                undo_of,
                SCHEMA,
                previous,
            )
        )
    insert_changes(connection, changes)
    before = action.rules if any(c.kind in CLOCK_KINDS for c in changes) else None
    materialise.apply(
        connection,
        changes,
        [edit.value for edit in action.edits],
        derive=_deriver(action),
        clock=_clock(action) if before is None else None,
        latest=newest if settled else None,
        before=action.heads_read(),
        late=False,
    )
    if before is not None:
        clocks.follow_rules(store, before, _touched(changes), action.now_ms)
    connection.execute(
        "INSERT INTO vv VALUES (?,?,?) ON CONFLICT (station) DO UPDATE SET sseq = excluded.sseq, "
        "hash = excluded.hash",
        (station, sseq, previous),
    )
    store.last_written = (previous, reading)
    connection.execute(
        "INSERT INTO action VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
        "last = excluded.last",
        (action.id, station, first, sseq, action.author, action.undo_of, action.title),
    )


SEEN_CLOCK = "hlc"
"""Under it stands the highest clock reading that came from another station, if any did."""


def _last_of(store: Store) -> tuple[bytes, int, bytes, int]:
    """Return this station, its last sequence and hash, and the clock reading to go on from.

    The reading of the last row is read from the journal only where this process did not write it:
    a row of the journal is the dearest to find.
    """
    connection = store.connection
    row: Any = connection.execute(
        "SELECT station, sseq, hash, (SELECT value FROM local WHERE key = ?) FROM vv "
        "WHERE station = (SELECT value FROM local WHERE key = 'station')",
        (SEEN_CLOCK,),
    ).get
    if row is None:
        return store.station, 0, GENESIS, int(store.local(SEEN_CLOCK, 0))
    station, sseq, previous, seen = row
    written, reading = store.last_written
    if written != previous:
        reading = connection.execute(
            "SELECT hlc FROM change WHERE station = ? AND sseq = ?", (station, sseq)
        ).get
    return station, sseq, previous, max(reading, seen or 0)


def _deriver(action: Action) -> Derive:
    """Return how periods and clocks of created incidents come about in this action."""

    def derive(entity: bytes, at: int, value: dict[str, Any]) -> Derived:
        known = action.derived.get(EntityId(entity))
        if known is not None:
            return known
        return record_clocks.derive(action.rules, value, at, action.now_ms)[0]

    return derive


CLOCK_KINDS = frozenset({"calendar", "target", "setting"})
"""What the clocks of all open incidents may depend on."""


def _touched(changes: list[Change]) -> set[bytes]:
    """Return the incidents whose clocks these rows move; those of new ones are worked out."""
    return {
        c.entity
        for c in changes
        if c.kind == "incident" and c.op != "create" and c.field in clocks.RELEVANT
    }


def _clock(action: Action) -> Clock:
    """Return how the clocks of incidents move in this action."""

    def moved(facts: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        return clocks.moved(action.rules, action.now_ms, facts)

    return moved


def insert_changes(connection: apsw.Connection, changes: list[Change]) -> None:
    """Append rows to the journal."""
    connection.executemany(
        "INSERT INTO change VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        courteously(changes),
    )


def _current(
    action: Action, entity: bytes, field: str, newest: Mapping[tuple[bytes, str], Version]
) -> bytes:
    """Return the versions that are current for a field, those of this action counted in."""
    own = newest.get((entity, field)) or newest.get((entity, PACKED))
    if own is not None:
        return pack_versions([own])
    heads = action.heads(entity)
    return pack_versions(heads.get(field) or heads.get(PACKED) or [])


def current_heads(connection: apsw.Connection, entity: bytes, field: str) -> bytes:
    """Return the packed versions that are current for a field (the packed create when no other)."""
    heads = head_rows.of(connection, entity)
    return pack_versions(heads.get(field) or heads.get(PACKED) or [])
