"""Writes prepared records in batches: one transaction each, all of them one action.

Numbers are leased first, then the names that nobody has are made, then the incidents follow as one
run of packed `create` rows, so that rows and journal are written with few statements. What a later
file says of an incident that is here already is written as edits (`app.services.import_updates`).
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.catalogue import NAME_LIMIT
from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.identity import id_from_hex
from app.domain.incident import EntityId, EntryKind
from app.intake.byte_source import ByteSource
from app.intake.package import Package, is_package, open_package
from app.services import import_updates
from app.storage import (
    attachments,
    catalogue,
    import_keys,
    incident_reader,
    numbers,
    record_clocks,
)
from app.system.clock import to_ms
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.services.desk import Desk
    from app.services.import_values import Prepared
    from app.services.journal_joining import Joined
    from app.storage.import_keys import Known
    from app.storage.journal import Action


UNKNOWN = "application/octet-stream"
"""What a file is when nobody has said; the ending of its name may tell more."""


class Done(NamedTuple):
    """What writing a batch came to."""

    created: int
    updated: int
    unchanged: int


def look_up(desk: Desk, mapping: str, batch: list[Prepared]) -> dict[str, Known]:
    """Return which records of a batch are incidents here already, by key."""
    known = import_keys.find(desk.connection, mapping, [one.key for one in batch])
    own = [one.own_id for one in batch if one.own_id]
    return {**known, **import_keys.find_ids(desk.connection, own)} if own else known


class BatchWriter:
    """One import about to be written: keeps what its batches share."""

    def __init__(self, desk: Desk, title: str, mapping: str, path: Path | str | bytes) -> None:
        self._desk = desk
        self.title = title
        self._mapping = mapping
        self._path = path
        self.action_id: EntityId | None = None
        self._touched: list[EntityId] = []
        self._names: dict[tuple[str, str], str] = {}
        self._linked: list[tuple[EntityId, Prepared]] = []
        self._by_number: dict[str, EntityId] = {}
        self._no_bytes = 0
        self._of_this_store = 0

    def changes(self) -> ChangeSet:
        """Return what all batches changed."""
        action = self.action_id if self._touched else None
        return ChangeSet(action, self.title, {"incident": tuple(self._touched)})

    def touch(self, joined: Joined) -> None:
        """Count in what entries beside the incidents have changed."""
        known = set(self._touched)
        self._touched += [uid for uid in joined.touched if uid not in known]
        self.action_id = self.action_id or joined.action

    def notes(self) -> list[str]:
        """Return sentences about what could not be taken along."""
        said = []
        if self._no_bytes:
            said.append(
                f"{self._no_bytes} attached files are only named in the file; export a .zip "
                "package to take them along."
            )
        if self._of_this_store:
            said.append(
                f"{self._of_this_store} incidents are of this very store and were left as they are."
            )
        return said

    def write(self, batch: list[Prepared]) -> Done:
        """Write one batch in one transaction; raises StoreError, then nothing of it is written."""
        stored = self._store_files(batch)
        with self._desk.write(self.title, action_id=self.action_id) as action:
            self.action_id = action.id
            known = look_up(self._desk, self._mapping, batch)
            fresh = [one for one in batch if one.key not in known]
            old = [(one, known[one.key]) for one in batch if one.key in known]
            self._create(action, fresh, stored)
            updated = restored = 0
            for one, found in old:
                if found.deleted:
                    self._restore(action, one, found)
                    restored += 1
                elif found.fingerprint not in ("", one.fingerprint):
                    self._update(action, one, found)
                    updated += 1
                elif not found.fingerprint:
                    self._of_this_store += 1
                self._remember(EntityId(found.uid), one)
        return Done(len(fresh) + restored, updated, len(old) - updated - restored)

    def write_beside(self, beside: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Make the problems and articles that nobody has here; those that are here stay.

        Raises:
            StoreError: the database refused; nothing of them is written.
        """
        if not any(beside.values()):
            return
        with self._desk.write(self.title, action_id=self.action_id) as action:
            self.action_id = action.id
            for listed, kind in (("problems", "problem"), ("articles", "article")):
                for told in beside.get(listed, ()):
                    name = str(told.get("name") or "").strip()
                    if not name or len(name) > NAME_LIMIT:
                        continue
                    item = catalogue.find(action.connection, kind, name)
                    if item is None or not item.data:
                        data = {key: value for key, value in told.items() if key != "name"}
                        self._names[kind, name] = catalogue.put(action, kind, name, data).hex()

    def _create(
        self, action: Action, fresh: list[Prepared], stored: dict[str, attachments.StoredFile]
    ) -> None:
        used: set[str] = set()
        kept = []
        for one in fresh:
            kept.append(numbers.keep(action, one.own_number, used) if one.own_number else "")
            used.add(kept[-1])
        fresh_numbers = iter(numbers.take_many(action, kept.count("")))
        given = [number or next(fresh_numbers) for number in kept]
        values = [self._value(action, one) for one in fresh]
        rules = self._desk.rules
        uids = []
        for one, number, value in zip(fresh, given, values, strict=True):
            give_way()
            value["number"] = number
            if one.own_number and one.own_number != number:
                if "external_id" in value:
                    value["aliases"] = [one.own_number]
                else:
                    value["external_id"] = one.own_number
            at = value.setdefault("registered_at", action.now_ms)
            derived, results = record_clocks.derive(rules, value, at, action.now_ms)
            value.update(results)
            entity = EntityId(id_from_hex(one.own_id)) if one.own_id else None
            uids.append(action.create("incident", value, entity=entity, at=at))
            action.derived[uids[-1]] = derived
        for one, uid in zip(fresh, uids, strict=True):
            if one.attachments or one.extras:
                self._children(action, uid, one, stored)
            self._remember(uid, one)
        self._touched += uids

    def _value(self, action: Action, one: Prepared) -> dict[str, Any]:
        """Return the packed value of a record with the ids of the names in it."""
        value = dict(one.value)
        for field, name in one.names.items():
            value[field] = self.named(action, import_updates.kind_of(field), name)
        if one.problem:
            value["problem_id"] = self.named(action, "problem", one.problem)
        if one.watchers:
            value["watchers"] = [self.named(action, "person", name) for name in one.watchers]
        value[import_keys.FIELD] = import_keys.value(self._mapping, one.key, one.fingerprint)
        return value

    def named(self, action: Action, kind: str, name: str) -> str:
        """Return the id (32 digits) of the item of this name, made when nobody has it."""
        key = (kind, name)
        found = self._names.get(key)
        if found is None:
            gone = catalogue.find_deleted(action.connection, kind, name)
            if gone is not None:  # an import that was undone and is done again
                action.set(kind, gone, "deleted", False)
                found = gone.hex()
            else:
                found = catalogue.ensure(action, kind, name).hex()
            self._names[key] = found
        return found

    def _restore(self, action: Action, one: Prepared, found: Known) -> None:
        """Bring back an incident that an undo had taken away, with its number."""
        uid = EntityId(found.uid)
        self._value(action, one)
        action.set("incident", uid, "deleted", False)
        if found.fingerprint != one.fingerprint:
            self._update(action, one, found)
        else:
            self._touched.append(uid)

    def _update(self, action: Action, one: Prepared, found: Known) -> None:
        uid = EntityId(found.uid)
        value = self._value(action, one)
        at = value.setdefault("registered_at", action.now_ms)
        value.update(record_clocks.derive(self._desk.rules, value, at, action.now_ms)[1])
        import_updates.update(action, uid, value)
        self._touched.append(uid)

    # -- files and other children ------------------------------------------------------------------

    def _store_files(self, batch: list[Prepared]) -> dict[str, attachments.StoredFile]:
        """Copy the bytes of the batch's files into the store, before its transaction begins."""
        wanted = {file.sha256: file.name for one in batch for file in one.attachments}
        if not wanted or (source := self._package()) is None:
            return {}
        stored = {}
        with ExitStack() as stack:
            package: Package = stack.enter_context(open_package(source))
            inside = set(package.attachments())
            for sha256, name in wanted.items():
                if sha256 in inside:
                    content = b"".join(package.attachment(sha256))
                    folder = self._desk.profile.attachments
                    stored[sha256] = attachments.add_bytes(folder, content, name)
        return stored

    def _package(self) -> ByteSource | None:
        source = ByteSource(self._path)
        return source if is_package(source) else None

    def _children(
        self,
        action: Action,
        uid: EntityId,
        one: Prepared,
        stored: dict[str, attachments.StoredFile],
    ) -> None:
        history = one.value.get("history", ())
        told = {event[3] for event in history if event[2] == EntryKind.FILE}
        for file in one.attachments:
            kept = stored.get(file.sha256)
            if kept is None:
                self._no_bytes += 1
                continue
            value: dict[str, Any] = {
                "name": attachments.safe_name(file.name),
                "size": kept.size,
                "sha256": kept.sha256,
                "media_type": file.media_type if file.media_type != UNKNOWN else kept.media_type,
                "quiet": file.name in told,
            }
            if file.added_by:
                value["added_by"] = self.named(action, "person", file.added_by)
            at = None if file.added_at is None else to_ms(file.added_at)
            action.create("attachment", value, root=uid, at=at)
        for kind, value, at in import_updates.children(one.extras, bool(history)):
            if kind == "outage" and value.get("service"):
                value["service"] = self.named(action, "service", value["service"])
            if kind == "article":
                article = self.named(action, kind, value["name"])
                action.member(uid, f"article:{article}", article, present=True)
            elif kind == "check":
                action.set("incident", uid, f"check:{value.pop('item')}", value, at=at)
            else:
                action.create(kind, value, root=uid, at=at)

    # -- links between incidents -------------------------------------------------------------------

    def _remember(self, uid: EntityId, one: Prepared) -> None:
        if one.own_number:
            self._by_number[one.own_number] = uid
        if one.related or one.merged_into:
            self._linked.append((uid, one))

    def link(self) -> None:
        """Tie together what the file says is related or merged, once all of it is in."""
        if not self._linked:
            return
        pairs: set[frozenset[bytes]] = set()
        with self._desk.write(self.title, action_id=self.action_id) as action:
            for uid, one in self._linked:
                there = incident_reader.read(action.connection, uid, story=False)
                for number in one.related:
                    other = self._find(number)
                    if other is None or other == uid:
                        continue
                    shown: Any = action.connection.execute(
                        "SELECT number FROM incident WHERE uid = ?", (other,)
                    ).get
                    pair = frozenset((bytes(uid), bytes(other)))
                    if shown not in there.related and pair not in pairs:
                        pairs.add(pair)
                        action.member(uid, f"related:{other.hex()}", other.hex(), present=True)
                survivor = self._find(one.merged_into) if one.merged_into else None
                if survivor is not None and survivor != uid and not there.merged_into:
                    action.set("incident", uid, "merged_into", survivor.hex())

    def _find(self, number: str) -> EntityId | None:
        known = self._by_number.get(number)
        if known is not None:
            return known
        try:
            return incident_reader.find(self._desk.connection, number)
        except (NotFoundError, InvalidInputError):
            return None
