"""What a later export of another tool changes on an incident that came from an earlier one.

Only what the other tool itself has changed since is written, so that work done here in the meantime
stays: the new record is compared with the last imported one, never with what is shown.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.domain.folding import fold
from app.storage import import_keys
from app.storage.fields import FIELDS, REFERENCE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.incident import EntityId
    from app.storage.journal import Action

_APART = frozenset({"number", "history", "custom", "tags", "watchers", "related", "aliases"})
_MOVES = frozenset({"status", "pending_reason"})


def kind_of(field: str) -> str:
    """Return the catalogue that a field refers to."""
    return REFERENCE_KINDS[field]


def children(extras: dict[str, Any], quiet: bool) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield (kind, value, at ms) of what our own exports tell beside fields."""
    for kind in ("told", "time_entry", "follow_up", "outage", "check", "article"):
        for told in extras.get(kind, ()):
            value = dict(told)
            at = value.pop("at", None)
            if quiet and kind in {"told", "time_entry"}:
                value["quiet"] = True
            yield kind, value, at


def update(action: Action, uid: EntityId, value: dict[str, Any]) -> None:
    """Add the edits that bring an incident up to a later record of the same key."""
    before, events = _last_imported(action, uid)
    told = value.get("history", [])
    fresh = _new_events(events, told)
    for field in sorted({*before, *value} - _APART - _MOVES):
        if before.get(field) != value.get(field):
            known = field in FIELDS or field == import_keys.FIELD
            if known and field not in {"registered_at", "zone"}:
                action.set("incident", uid, field, value.get(field))
    _update_sets(action, uid, before, value)
    moved = _move(action, uid, fresh)
    if not moved and before.get("status") != value.get("status"):
        for field in ("status", "pending_reason"):
            action.set("incident", uid, field, value.get(field))
    for at, author, kind, text, changes in fresh:
        note = {"kind": kind, "text": text, "author": author, "changes": changes}
        action.create("note", note, root=uid, at=at)


def _last_imported(action: Action, uid: EntityId) -> tuple[dict[str, Any], list[Any]]:
    """Return the record as the last import gave it, and the events that imports brought."""
    record: dict[str, Any] = {}
    events: list[Any] = []
    rows: Any = action.connection.execute(
        "SELECT c.kind, c.op, c.field, c.at, c.value FROM change c WHERE c.root = ?1 AND "
        "(c.op = 'create' AND c.kind IN ('incident', 'note') OR (c.station, c.tx_first) IN "
        "(SELECT station, tx_first FROM change WHERE root = ?1 AND field = 'imported' "
        "AND undo_of = x'')) ORDER BY c.hlc, c.station",
        (uid,),
    )
    for kind, op, field, at, text in rows:
        content = None if text is None else json.loads(text)
        if kind == "note" and op == "create":
            if not content or "author" not in content:  # written here, by a person
                continue
            told = (content["author"], content["kind"], content["text"], content["changes"])
            events.append([at, *told])
        elif kind != "incident":
            continue
        elif op == "create":
            record = content or {}
            events += record.get("history", ())
        elif field.startswith("custom."):
            record.setdefault("custom", {})[field.removeprefix("custom.")] = content
        elif op == "add":
            record["tags"] = [*record.get("tags", ()), content]
        elif op == "remove":
            record["tags"] = [tag for tag in record.get("tags", ()) if tag != content]
        else:
            record[field] = content
    return record, events


def _new_events(known: list[Any], told: list[Any]) -> list[Any]:
    """Return the events that are not known yet; equal ones count as often as they stand there."""
    left = Counter(json.dumps(event, sort_keys=True) for event in known)
    fresh = []
    for event in told:
        key = json.dumps(event, sort_keys=True)
        if left[key]:
            left[key] -= 1
        else:
            fresh.append(event)
    return fresh


def _update_sets(
    action: Action, uid: EntityId, before: dict[str, Any], value: dict[str, Any]
) -> None:
    old, new = before.get("custom", {}), value.get("custom", {})
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            action.set("incident", uid, f"custom.{name}", new.get(name))
    had, has = before.get("tags", ()), value.get("tags", ())
    for tag in sorted({*had} ^ {*has}):
        action.member(uid, f"tag:{fold(tag)}", tag, present=tag in has)


def _move(action: Action, uid: EntityId, fresh: list[Any]) -> bool:
    """Follow the new moves of the history at their own instants; tell whether there were any."""
    moved = False
    for at, _author, _kind, _text, changes in fresh:
        for field, _old, new in changes:
            if field in _MOVES:
                action.set("incident", uid, field, new or None, at=at)
                moved = True
    return moved
