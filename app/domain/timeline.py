"""The story of an incident, told from its journal rows: what happened, when, by whom.

Pure: rows in the order of cause go in, entries come out, oldest first. Nothing is stored twice: the
journal is the timeline (sync.md). Each group of rows written together is one entry, unless it
brought notes, files or people told, which are entries of their own and carry the changes made with
them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain import hybrid_clock
from app.domain.incident import EntityId, EntryKind
from app.domain.incident_record import FieldChange, FollowUp, TimelineEntry, Told
from app.domain.journal_entry import Change, unpack_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Resolve = Callable[[str, Any], str]
    NameOf = Callable[[bytes], str]

SILENT_FIELDS = frozenset(
    [
        "acknowledged_at",
        "first_assigned_at",
        "first_response_at",
        "first_resolved_at",
        "resolved_at",
        "closed_at",
        "cancelled_at",
        "reopen_count",
        "reassignment_count",
        "response_result",
        "resolution_result",
        "escalated_at",
        "major_declared_at",
        "stood_down_at",
        "next_update_at",
        "update_every_s",
        "workaround_applied_at",
        "survey_sent_at",
        "survey_answered_at",
        "imported",
    ]
)
"""Fields that follow from an action: told by the action itself, not as changes of their own."""

TAKEN_OFF, BROUGHT_BACK = "deleted", "restored"
"""How an entry of undoing ends: a note, file or booking was deleted, or is there again."""

_CHILD_KINDS = {
    "attachment": EntryKind.FILE,
    "told": EntryKind.TOLD,
    "time_entry": EntryKind.TIME,
    "status_update": EntryKind.UPDATE,
}


@dataclass(slots=True)
class Story:
    """What the journal of one incident says besides its fields."""

    entries: list[TimelineEntry] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    time_spent_s: int = 0


def instant(ms: int) -> datetime:
    """Turn milliseconds since 1970 into an aware UTC instant."""
    return datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)


def tell(changes: Sequence[Change], resolve: Resolve, name_of: NameOf) -> Story:
    """Tell the story; `resolve` words a field's value, `name_of` names an author."""
    story = Story()
    values = {c.version: None if c.value is None else json.loads(c.value) for c in changes}
    packed = {c.version for c in changes if c.op == "create"}
    gone = _deleted_children(changes, values)
    things = {
        c.entity: _child_text(c.kind, value)
        for c in changes
        if c.op == "create" and c.kind in _CHILD_KINDS and (value := values[c.version])
    }
    for _, group in groupby(changes, key=lambda c: (c.station, c.tx_first)):
        rows = list(group)
        fields = [
            _field_change(c, values, packed, resolve)
            for c in rows
            if c.kind == "incident" and c.op != "create" and c.field not in SILENT_FIELDS
        ]
        entries = [
            entry
            for c in rows
            if c.op == "create"
            for entry in _entries_of_create(c, values[c.version], story, gone, resolve, name_of)
        ]
        brought = {change.field for entry in entries for change in entry.changes}
        fields = [change for change in fields if change.field not in brought]
        redacted = [c for c in rows if c.op == "redact"]
        if redacted:
            why = str((values[redacted[0].version] or {}).get("why", ""))
            entries.append(_entry(redacted[0], EntryKind.REDACTED, why, name_of))
        entries += [
            _entry(c, EntryKind.UNDO, _undone_text(c, things.get(c.entity, "")), name_of)
            for c in rows
            if c.kind != "incident" and c.field == "deleted"
        ]
        if fields:
            _attach_changes(entries, rows, fields, name_of)
        story.entries += entries
    story.follow_ups = _follow_ups(changes, values)
    story.entries.sort(key=lambda entry: entry.at)
    return story


def _deleted_children(changes: Iterable[Change], values: dict[Any, Any]) -> set[bytes]:
    gone: set[bytes] = set()
    for change in changes:
        if change.field == "deleted" and change.kind != "incident":
            (gone.add if values[change.version] else gone.discard)(change.entity)
    return gone


def _undone_text(change: Change, thing: str) -> str:
    """Say what was taken off or brought back, by its name where it has one."""
    word = TAKEN_OFF if change.value == "true" else BROUGHT_BACK
    return f"{thing}: {word}" if thing else word


def undone_parts(text: str) -> tuple[str, str]:
    """Return what an entry of undoing is about, "" for no name, and which of the words it ends in.

    The word is "" for a text that says something else.
    """
    thing, _, word = text.rpartition(": ")
    return (thing, word) if word in {TAKEN_OFF, BROUGHT_BACK} else (text, "")


def _entry(
    change: Change,
    kind: EntryKind,
    text: str,
    name_of: NameOf,
    changes: tuple[FieldChange, ...] = (),
    *,
    undone: bool = False,
) -> TimelineEntry:
    return TimelineEntry(
        EntityId(change.entity),
        instant(change.at),
        instant(hybrid_clock.wall_ms(change.hlc)),
        name_of(change.author),
        change.station.hex()[-6:],
        kind,
        text,
        changes,
        undone,
    )


def _field_change(
    change: Change, values: dict[Any, Any], packed: set[Any], resolve: Resolve
) -> FieldChange:
    name, value = change.field, values[change.version]
    prefix, colon, rest = name.partition(":")
    if colon:
        label = value.get("done") if prefix == "check" and isinstance(value, dict) else None
        if label is not None:
            return FieldChange(name, "", "done" if label else "open")
        shown = resolve(prefix, rest if prefix != "tag" else value or rest)
        return FieldChange(prefix, *(("", shown) if change.op == "add" else (shown, "")))
    old: Any = None
    for previous in unpack_versions(change.prevs):
        before = values.get(previous)
        if previous in packed and isinstance(before, dict):
            before = _packed_field(before, name)
        if before is not None:
            old = before
    return FieldChange(name, resolve(name, old), resolve(name, value))


def _packed_field(value: dict[str, Any], name: str) -> Any:
    if name.startswith("custom."):
        return value.get("custom", {}).get(name.removeprefix("custom."))
    return value.get(name)


def _entries_of_create(
    change: Change,
    value: Any,
    story: Story,
    gone: set[bytes],
    resolve: Resolve,
    name_of: NameOf,
) -> list[TimelineEntry]:
    undone = change.entity in gone
    if value is None and change.kind in {"note", *_CHILD_KINDS}:  # blanked, nothing left of it
        kind = _CHILD_KINDS.get(change.kind, EntryKind.NOTE)
        return [_entry(change, kind, "", name_of, undone=undone)]
    value = value or {}
    if change.kind == "incident":
        return _opening(change, value, resolve, name_of)
    if change.kind == "note":
        kind = EntryKind(value.get("kind", "note"))
        entry = _entry(change, kind, value.get("text", ""), name_of, undone=undone)
        if "author" in value:  # an event of another tool, brought by a later import
            changes = tuple(FieldChange(*told) for told in value.get("changes", ()))
            entry = replace(entry, author=value["author"], changes=changes)
        return [entry]
    if change.kind == "told" and not undone:
        story.told.append(Told(value["who"], instant(change.at), value["how"]))
    if change.kind == "time_entry" and not undone:
        story.time_spent_s += value["seconds"]
    kind_of = _CHILD_KINDS.get(change.kind)
    if kind_of is None or value.get("quiet"):  # quiet: the imported history tells it already
        return []
    return [_entry(change, kind_of, _child_text(change.kind, value), name_of, undone=undone)]


def _child_text(kind: str, value: dict[str, Any]) -> str:
    if kind == "attachment":
        return str(value["name"])
    if kind == "status_update":
        return str(value["text"])
    if kind == "told":
        return f"{value['who']} ({value['how']})"
    return f"{value['seconds'] // 60} min. {value.get('text', '')}".strip()


def _opening(
    change: Change, value: dict[str, Any], resolve: Resolve, name_of: NameOf
) -> list[TimelineEntry]:
    imported = any(value.get(key) for key in ("imported", "history"))
    imported = imported or value.get("channel") == "import"
    kind = EntryKind.IMPORTED if imported else EntryKind.CREATED
    text = resolve("channel", value.get("channel"))
    opening = _entry(change, kind, text, name_of)
    if value.get("registered_at"):
        opening = replace(opening, at=instant(value["registered_at"]))
    entries = [opening]
    for at, author, event_kind, words, changes in value.get("history", ()):
        entries.append(
            TimelineEntry(
                EntityId(change.entity),
                instant(at),
                opening.recorded_at,
                author,
                opening.station,
                EntryKind(event_kind),
                words,
                tuple(FieldChange(f, old or "", new or "") for f, old, new in changes),
            )
        )
    return entries


def _attach_changes(
    entries: list[TimelineEntry],
    rows: list[Change],
    fields: list[FieldChange],
    name_of: NameOf,
) -> None:
    changes = tuple(fields)
    for index, entry in enumerate(entries):
        if entry.changes:
            continue
        if entry.kind in {EntryKind.STATUS, EntryKind.CHANGE, EntryKind.MERGE, EntryKind.UNDO}:
            del entries[index]
            last = max(
                (at for at, other in enumerate(entries) if other.kind is EntryKind.TOLD),
                default=index - 1,
            )
            # It tells the last move of its group too, which came after people were told.
            entries.insert(max(index, last + 1), replace(entry, changes=changes))
            return
    first = next(c for c in rows if c.kind == "incident")
    names = {change.field for change in fields}
    if any(c.undo_of for c in rows):
        kind = EntryKind.UNDO
    elif "status" in names:
        kind = EntryKind.STATUS
    elif names <= {"related", "article", "parent"}:
        kind = EntryKind.LINK
    elif all(name.startswith("check:") for name in names):
        kind = EntryKind.CHECK
    else:
        kind = EntryKind.CHANGE
    entries.append(_entry(first, kind, "", name_of, changes))


def follow_ups_of(changes: Sequence[Change]) -> list[FollowUp]:
    """Tell the follow-up actions among rows of an incident, as they stand after them."""
    values = {c.version: None if c.value is None else json.loads(c.value) for c in changes}
    return _follow_ups(changes, values)


def _follow_ups(changes: Iterable[Change], values: dict[Any, Any]) -> list[FollowUp]:
    state: dict[bytes, dict[str, Any]] = {}
    for change in changes:
        if change.kind != "follow_up":
            continue
        if change.op == "create":
            state[change.entity] = dict(values[change.version] or {})
        elif change.entity in state:
            state[change.entity][change.field] = values[change.version]
    return [
        FollowUp(
            EntityId(uid),
            facts.get("action", ""),
            facts.get("owner", ""),
            instant(facts["due_at"]) if facts.get("due_at") else None,
            bool(facts.get("done")),
        )
        for uid, facts in state.items()
        if not facts.get("deleted")
    ]
