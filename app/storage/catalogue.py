"""Looks things up in the catalogue, and makes what is missing inside an action."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.folding import fold
from app.domain.incident import EntityId, Named

if TYPE_CHECKING:
    import apsw

    from app.storage.journal import Action


class Item(NamedTuple):
    """One catalogue item: its id, its name and its data."""

    id: EntityId
    name: str
    data: dict[str, Any]


_COLUMNS = "SELECT uid, name, data FROM catalogue_item"
_FIRST_OF_NAME = (
    "NOT (i.kind IN ('person', 'team', 'category', 'service', 'ci', 'location') AND EXISTS "
    "(SELECT 1 FROM catalogue_item o WHERE o.kind = i.kind AND o.folded = i.folded "
    "AND o.deleted = 0 AND o.uid < i.uid))"
)
"""Two stations may give one name to two items, by renaming one: the smaller id stands for both."""


def _item(row: tuple[bytes, str, str]) -> Item:
    return Item(EntityId(row[0]), row[1], json.loads(row[2]))


def find(connection: apsw.Connection, kind: str, name: str) -> Item | None:
    """Return the item of exactly this name, case and accents aside."""
    row = connection.execute(
        f"{_COLUMNS} WHERE kind = ? AND folded = ? AND deleted = 0 ORDER BY uid LIMIT 1",
        (kind, fold(name)),
    ).get
    return None if row is None else _item(row)


def matches(connection: apsw.Connection, kind: str, text: str, limit: int = 20) -> list[Item]:
    """Return the items with a word, login, mail or phone number that begins with `text`.

    People who called lately stand first, then the alphabet decides.
    """
    key = fold(text)
    rows = connection.execute(
        "SELECT i.uid, i.name, i.data FROM catalogue_item i WHERE i.kind = ?1 AND i.deleted = 0 "
        f"AND {_FIRST_OF_NAME} "
        "AND i.uid IN (SELECT uid FROM catalogue_alias WHERE kind = ?1 AND folded >= ?2 AND "
        "folded < ?2 || char(0x10FFFF)) "
        "ORDER BY CASE WHEN ?1 = 'person' THEN coalesce((SELECT max(id) FROM incident "
        "WHERE requester = i.uid), 0) ELSE 0 END DESC, i.folded LIMIT ?3",
        (kind, key, limit),
    )
    return [_item(row) for row in rows]


def every(connection: apsw.Connection, kind: str) -> list[Item]:
    """Return all items of a kind, by name."""
    rows = connection.execute(
        f"{_COLUMNS} i WHERE kind = ? AND deleted = 0 AND {_FIRST_OF_NAME} ORDER BY folded", (kind,)
    )
    return [_item(row) for row in rows]


def by_id(connection: apsw.Connection, uid: bytes) -> Item | None:
    """Return the item of this id, deleted or not."""
    row = connection.execute(f"{_COLUMNS} WHERE uid = ?", (uid,)).get
    return None if row is None else _item(row)


def named(connection: apsw.Connection, uid: bytes | None) -> Named | None:
    """Return id and name of an item; an unknown id is named by its digits."""
    if uid is None:
        return None
    name = connection.execute("SELECT name FROM catalogue_item WHERE uid = ?", (uid,)).get
    return Named(EntityId(uid), uid.hex() if name is None else name)


def find_deleted(connection: apsw.Connection, kind: str, name: str) -> EntityId | None:
    """Return the id of a deleted item of this name, None when there is none or one in use."""
    row = connection.execute(
        "SELECT uid, deleted FROM catalogue_item WHERE kind = ? AND folded = ? "
        "ORDER BY deleted, uid LIMIT 1",
        (kind, fold(name)),
    ).get
    return EntityId(row[0]) if row is not None and row[1] else None


def ensure(action: Action, kind: str, name: str, data: dict[str, Any] | None = None) -> EntityId:
    """Return the id of the item of this name, making it in this action when nobody has it."""
    key = (kind, fold(name))
    made = action.made.get(key)
    if made is not None:
        return made
    found = find(action.connection, kind, name)
    if found is not None:
        action.made[key] = found.id
        return found.id
    return create(action, kind, name, data or {})


def create(action: Action, kind: str, name: str, data: dict[str, Any]) -> EntityId:
    """Make an item that nobody has; two stations that make the same one offline make one.

    Its id follows from kind and name, unless an item that was renamed since has that id.
    """
    uid: EntityId | None = item_id(kind, name)
    if uid is not None and by_id(action.connection, uid) is not None:
        uid = None
    made = action.create(kind, {"name": name, **data}, entity=uid)
    action.made[kind, fold(name)] = made
    return made


def item_id(kind: str, name: str) -> EntityId:
    """Return the entity id of an item when it is made: the same on every station."""
    import hashlib  # not before something of the catalogue is written

    return EntityId(hashlib.sha256(f"{kind}:{fold(name)}".encode()).digest()[:16])


def put(action: Action, kind: str, name: str, data: dict[str, Any]) -> EntityId:
    """Make the item of this name or bring its data up to `data`; unchanged keys write nothing."""
    found = find(action.connection, kind, name) or _brought_back(action, kind, name)
    if found is None:
        return ensure(action, kind, name, data)
    if found.name != name:
        action.set(kind, found.id, "name", name)
    for key in sorted({*data, *found.data}):
        if data.get(key) != found.data.get(key):
            action.set(kind, found.id, key, data.get(key))
    return found.id


def _brought_back(action: Action, kind: str, name: str) -> Item | None:
    """Take the deleted item of this name into use again, so that it is never there twice."""
    if (kind, fold(name)) in action.made:
        return None
    former = find_deleted(action.connection, kind, name)
    if former is None:
        return None
    action.set(kind, former, "deleted", None)
    return by_id(action.connection, former)


def setting_id(key: str) -> EntityId:
    """Return the entity id of a setting: the same on every station."""
    import hashlib  # not before something of the catalogue is written

    return EntityId(hashlib.sha256(f"setting:{key}".encode()).digest()[:16])


def setting(connection: apsw.Connection, key: str, default: Any = None) -> Any:
    """Read a setting of the team."""
    data = connection.execute(
        "SELECT data FROM catalogue_item WHERE uid = ? AND deleted = 0", (setting_id(key),)
    ).get
    return default if data is None else json.loads(data).get("value", default)


def team_settings(connection: apsw.Connection) -> dict[str, Any]:
    """Return all settings that the team has chosen, by key."""
    return {item.name: item.data.get("value") for item in every(connection, "setting")}


def put_setting(action: Action, key: str, value: Any) -> None:
    """Write a setting of the team."""
    uid = setting_id(key)
    deleted: Any = action.connection.execute(
        "SELECT deleted FROM catalogue_item WHERE uid = ?", (uid,)
    ).get
    if deleted is None:
        action.create("setting", {"name": key, "value": value}, entity=uid)
        return
    if deleted:
        action.set("setting", uid, "deleted", None)
    action.set("setting", uid, "value", value)
