"""Rows of the catalogue: people, teams, categories and all else that a team names, and settings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from app.domain.closure_code import CODE_TYPES
from app.domain.folding import fold
from app.domain.incident import EntityId
from app.domain.journal_entry import canonical
from app.domain.knowledge import code_of
from app.storage import contested

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

    from app.domain.journal_entry import Change

KINDS = frozenset(
    [
        "person",
        "team",
        "category",
        "service",
        "ci",
        "location",
        "calendar",
        "target",
        "checklist",
        "check",
        "custom_field",
        "mailbox",
        "saved_view",
        *CODE_TYPES,
        "setting",
        "problem",
        "article",
        "pattern",
    ]
)
_RULES = frozenset({"calendar", "target", "setting", "category", "checklist", *CODE_TYPES})
"""What `team_rules` reads: a change of another kind leaves the team's rules as they are."""

_PHONE_NOISE = re.compile(r"[^\d+]")


def apply(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    """Insert or change the items named in the batch."""
    _count_change(connection, batch)
    for change, value in batch:
        if change.op == "create":
            data = {key: v for key, v in value.items() if key != "name"}
            name = value["name"]
            connection.execute(
                "INSERT OR IGNORE INTO catalogue_item VALUES (?,?,?,?,?,0)",
                (change.entity, change.kind, name, fold(name), canonical(data)),
            )
            _alias(connection, change.kind, change.entity, name, data)
        else:
            _set(connection, change, value)


def settle(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    """Bring the items named in the batch up to their heads, in whatever order rows came.

    Of several creations of one item (each station names its defaults by itself) the first stands.
    """
    _count_change(connection, batch)
    alone = {(c.entity, c.station, c.sseq): value for c, value in batch if c.op == "create"}
    for kind, uid in dict.fromkeys((change.kind, change.entity) for change, _ in batch):
        data = _alone(connection, uid, alone) or _settled(connection, uid)
        if data is None:
            continue
        name, deleted = str(data.pop("name", "")), bool(data.pop("deleted", False))
        _forget_aliases(connection, uid)
        connection.execute(
            "INSERT OR REPLACE INTO catalogue_item VALUES (?,?,?,?,?,?)",
            (uid, kind, name, fold(name), canonical(data), deleted),
        )
        _alias(connection, kind, uid, name, data)


def _alone(
    connection: apsw.Connection, uid: bytes, made: Mapping[tuple[bytes, bytes, int], Any]
) -> dict[str, Any] | None:
    """Return what a creation in `made` says where nothing else is known of its item: mostly."""
    rows: list[Any] = connection.execute(
        "SELECT entity, station, sseq FROM head WHERE entity = ? LIMIT 2", (uid,)
    ).fetchall()
    value = made.get(rows[0]) if len(rows) == 1 else None
    return None if value is None else dict(value)


def _settled(connection: apsw.Connection, uid: bytes) -> dict[str, Any] | None:
    """Return what the heads of an item come to; None where its creation is not known or blank."""
    text: Any = connection.execute(
        "SELECT c.value FROM head h CROSS JOIN said c ON c.station = h.station "
        "AND c.sseq = h.sseq WHERE h.entity = ? AND h.field = '*' AND c.value IS NOT NULL "
        "ORDER BY c.hlc, c.station LIMIT 1",
        (uid,),
    ).get
    if text is None:
        return None
    data: dict[str, Any] = json.loads(text)
    for field in contested.fields_of(connection, uid):
        told = contested.current(connection, uid, field)
        if told is not None and told.value is None:
            data.pop(field, None)
        elif told is not None:
            data[field] = told.value
    return data


def _count_change(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    if any(change.kind in _RULES for change, _ in batch):
        connection.execute(
            "INSERT INTO local VALUES ('catalogue_version', 1) "
            "ON CONFLICT (key) DO UPDATE SET value = value + 1"
        )


def _set(connection: apsw.Connection, change: Change, value: Any) -> None:
    row = connection.execute(
        "SELECT name, data FROM catalogue_item WHERE uid = ?", (change.entity,)
    ).get
    if row is None:
        return
    name, data = row[0], json.loads(row[1])
    if change.field == "deleted":
        connection.execute(
            "UPDATE catalogue_item SET deleted = ? WHERE uid = ?", (bool(value), change.entity)
        )
        return
    if change.field == "name":
        name = value
    elif value is None:
        data.pop(change.field, None)
    else:
        data[change.field] = value
    _forget_aliases(connection, change.entity)
    connection.execute(
        "UPDATE catalogue_item SET name = ?, folded = ?, data = ? WHERE uid = ?",
        (name, fold(name), canonical(data), change.entity),
    )
    _alias(connection, change.kind, change.entity, name, data)


def _alias(
    connection: apsw.Connection, kind: str, uid: bytes, name: str, data: dict[str, Any]
) -> None:
    """Make an item findable by its keys."""
    connection.executemany(
        "INSERT OR IGNORE INTO catalogue_alias VALUES (?,?,?)",
        [(kind, key, uid) for key in _keys(kind, uid, name, data)],
    )


def _forget_aliases(connection: apsw.Connection, uid: bytes) -> None:
    """Take away the keys of an item as it stands: the table is ordered by them, not by items."""
    row: Any = connection.execute(
        "SELECT kind, name, data FROM catalogue_item WHERE uid = ?", (uid,)
    ).get
    if row is not None:
        kind, name, data = row
        connection.executemany(
            "DELETE FROM catalogue_alias WHERE kind = ? AND folded = ? AND uid = ?",
            [(kind, key, uid) for key in _keys(kind, uid, name, json.loads(data))],
        )


def _keys(kind: str, uid: bytes, name: str, data: dict[str, Any]) -> set[str]:
    """Return by what an item is found: each word of its name, a person by login, mail and phone.

    An article is found by its code as well.
    """
    keys = {word for part in (name, name.replace("/", " ")) for word in fold(part).split()}
    keys.add(fold(name))
    if kind in CODE_TYPES and data.get("words"):
        words = fold(str(data["words"]))
        keys |= {words, *words.split()}
    if kind == "article":
        keys.add(fold(str(data.get("code") or code_of(EntityId(uid)))))
    if kind == "person":
        keys |= {fold(str(data[key])) for key in ("login", "mail") if data.get(key)}
        if data.get("phone"):
            digits = _PHONE_NOISE.sub("", str(data["phone"]))
            keys |= {digits, digits.lstrip("+"), digits[-4:]}
    keys.discard("")
    return keys
