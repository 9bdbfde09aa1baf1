"""The materialised rows of incidents: inserted from packed creates, updated field by field."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from app.domain.folding import fold
from app.domain.incident import FINISHED
from app.storage import (
    clocks,
    contested,
    import_keys,
    record_clocks,
    search_queue,
    search_texts,
    status_periods,
)
from app.storage.fields import FIELDS, FLAG, INTEGER, NOT_NULL, REFERENCE, FieldColumn, column_value
from app.system.courtesy import courteously, give_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import apsw

    from app.domain.journal_entry import Change
    from app.storage.materialise import Clock, Derive

_FINISHED = frozenset(str(status) for status in FINISHED)


def _fields_of(table: str) -> list[str]:
    return [name for name, column in FIELDS.items() if column.table == table]


def _insert_sql(table: str, names: Sequence[str], *extra: str) -> str:
    columns = [*extra, *(FIELDS[name].column for name in names)]
    marks = ",".join("?" * len(columns))
    return f"INSERT OR IGNORE INTO {table} ({','.join(columns)}) VALUES ({marks})"


class _Row:
    """Turns packed values into the fields of one table, in the order of its statement."""

    def __init__(self, table: str) -> None:
        self.names = _fields_of(table)
        self._defaults = [NOT_NULL.get(name) for name in self.names]
        kinds = [FIELDS[name].kind for name in self.names]
        self._references = [place for place, kind in enumerate(kinds) if kind == REFERENCE]
        self._flags = [place for place, kind in enumerate(kinds) if kind == FLAG]

    def of(self, value: dict[str, Any]) -> list[Any]:
        """Return the columns of a value; what it lacks has its default."""
        row = list(map(value.get, self.names, self._defaults))
        for place in self._references:
            if row[place] is not None:
                row[place] = bytes.fromhex(row[place])
        for place in self._flags:
            row[place] = 1 if row[place] else 0
        return row


_INCIDENT, _DETAIL = _Row("incident"), _Row("incident_detail")
_BESIDE = ("id", "uid", "number", "updated_at", "is_open", *record_clocks.COLUMNS)
_INSERT_INCIDENT = _insert_sql("incident", _INCIDENT.names, *_BESIDE)
_INSERT_DETAIL = _insert_sql("incident_detail", _DETAIL.names, "id", "periods")
_NO_CLOCK = (None, 0, 0, 0, 0, 0, 0, 0, None, None, 0, None, 0)


class Creation(Protocol):
    """What is needed of the row that made an incident."""

    @property
    def entity(self) -> bytes:
        """Its id."""

    @property
    def at(self) -> int:
        """When it was made, in milliseconds."""


class Created(NamedTuple):
    """An incident that is written as its history left it: `at` is that of its last change."""

    entity: bytes
    at: int


def without_clock(periods: str) -> record_clocks.Derived:
    """Return what stands beside a new incident whose clocks are refreshed afterwards."""
    return record_clocks.Derived(periods, _NO_CLOCK)


def insert(
    connection: apsw.Connection,
    batch: Sequence[tuple[Creation, Any]],
    *,
    derive: Derive | None = None,
    index: bool = True,
) -> bool:
    """Insert incidents from their packed `create` rows, with all that belongs to them.

    Returns False, and has written nothing, when an id or a number of them is here already. Without
    `derive` the clocks are left empty, to be refreshed afterwards; without `index` the search index
    is left as it is.
    """
    rowid = connection.execute("SELECT coalesce(max(id), 0) FROM incident").get
    incidents, details, tags, customs, aliases, links = [], [], [], [], [], []
    keys = []
    ids = []
    for change, value in batch:
        give_way()
        rowid += 1
        ids.append(rowid)
        history = value.get("history")
        updated = max(change.at, *[event[0] for event in history]) if history else change.at
        if derive is None:
            periods, clock = status_periods.from_create(change.at, value), _NO_CLOCK
        else:
            periods, clock = derive(change.entity, change.at, value)
        is_open = 0 if value.get("status", "new") in _FINISHED else 1
        beside = (rowid, change.entity, value["number"], updated, is_open)
        incidents.append((*beside, *clock, *_INCIDENT.of(value)))
        details.append((rowid, periods, *_DETAIL.of(value)))
        if "tags" in value:
            tags += [(rowid, fold(tag), tag) for tag in value["tags"]]
        if "custom" in value:
            customs += [_custom_row(rowid, name, v) for name, v in value["custom"].items()]
        aliases += [(fold(alias), rowid) for alias in _aliases(value)]
        links += [(rowid, "related", bytes.fromhex(uid)) for uid in value.get("related", ())]
        links += [(rowid, "watcher", bytes.fromhex(uid)) for uid in value.get("watchers", ())]
        told = value.get(import_keys.FIELD)
        if told is not None:
            keys.append((told["mapping"], told["key"], change.entity, told["fingerprint"]))
    before = connection.total_changes()
    connection.executemany(_INSERT_INCIDENT, courteously(incidents))
    if connection.total_changes() - before != len(incidents):
        connection.execute("DELETE FROM incident WHERE id > ?", (ids[0] - 1,))
        return False
    connection.executemany(_INSERT_DETAIL, courteously(details))
    connection.executemany("INSERT OR IGNORE INTO incident_tag VALUES (?,?,?)", courteously(tags))
    connection.executemany(
        "INSERT OR REPLACE INTO custom_value VALUES (?,?,?,?)", courteously(customs)
    )
    connection.executemany("INSERT OR IGNORE INTO number_alias VALUES (?,?)", courteously(aliases))
    connection.executemany("INSERT OR IGNORE INTO incident_link VALUES (?,?,?)", courteously(links))
    connection.executemany("INSERT OR REPLACE INTO import_key VALUES (?,?,?,?)", courteously(keys))
    if index:
        search_texts.index_created(connection, ids, batch)
    return True


def _aliases(value: dict[str, Any]) -> list[str]:
    external = value.get("external_id")
    return [*([external] if external else []), *value.get("aliases", ())]


def _custom_row(rowid: int, name: str, value: Any) -> tuple[int, str, str, float | None]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return rowid, name, text, float(value) if is_number else None


def update(
    connection: apsw.Connection, batch: list[tuple[Change, Any]], clock: Clock | None = None
) -> None:
    """Bring rows up to what the batch says; several fields of one incident are one statement.

    Without `clock` the clocks are left as they are, to be refreshed afterwards.
    """
    by_entity: dict[bytes, list[tuple[Change, Any]]] = {}
    for change, value in batch:
        by_entity.setdefault(change.entity, []).append((change, value))
    searched: list[int] = []
    for uid, work in by_entity.items():
        fields = {change.field for change, _ in work}
        moves = clock is not None and not fields.isdisjoint(clocks.RELEVANT)
        facts: Any = clocks.facts(connection, uid) if moves else None
        if moves:
            rowid = None if facts is None else facts["id"]
        else:
            rowid = connection.execute("SELECT id FROM incident WHERE uid = ?", (uid,)).get
        if rowid is None:
            continue
        _update_one(connection, rowid, uid, work, clock, facts)
        if not fields.isdisjoint(search_texts.FIELDS) or any(
            field.startswith(("tag:", "custom.")) for field in fields - FIELDS.keys()
        ):
            searched.append(rowid)
    if searched:
        search_queue.put(connection, searched)


def _update_one(
    connection: apsw.Connection,
    rowid: int,
    uid: bytes,
    work: list[tuple[Change, Any]],
    clock: Clock | None,
    facts: dict[str, Any] | None,
) -> None:
    """Write what the work says; with `facts` it moves the clocks."""
    assigned: dict[str, dict[str, Any]] = {
        "incident": {},
        "incident_detail": {},
    }
    latest = 0
    for change, value in work:
        name = change.field
        latest = max(latest, change.at)
        place = FIELDS.get(name)
        if place is not None:
            _assign(assigned, name, place, value)
        else:
            _update_other(connection, rowid, name, change.op, value)
    main, detail = assigned["incident"], assigned["incident_detail"]
    if "status" in main:
        main["is_open"] = 0 if main["status"] in _FINISHED else 1
        detail["periods"] = status_periods.from_journal(connection, uid, main["status"])
    if clock is not None and facts is not None:
        facts.update(main)
        facts.update(detail)
        main.update(clock(facts))
    connection.execute(_update_sql("incident", tuple(main)), (latest, *main.values(), rowid))
    if detail:
        sql = _update_sql("incident_detail", tuple(detail))
        connection.execute(sql, (*detail.values(), rowid))
    if main.get("external_id"):
        connection.execute(
            "INSERT OR IGNORE INTO number_alias VALUES (?,?)", (fold(main["external_id"]), rowid)
        )


@lru_cache(maxsize=512)
def _update_sql(table: str, columns: tuple[str, ...]) -> str:
    sets = [f"{column} = ?" for column in columns]
    if table == "incident":
        sets.insert(0, "updated_at = max(updated_at, ?)")
    return f"UPDATE {table} SET {', '.join(sets)} WHERE id = ?"


def _assign(assigned: dict[str, dict[str, Any]], name: str, place: FieldColumn, value: Any) -> None:
    assigned[place.table][place.column] = column_value(name, _fitting(place, value))


def _fitting(place: FieldColumn, value: Any) -> Any:
    """Return a later value of a field, or None for one that its column cannot hold."""
    if place.kind == INTEGER and not isinstance(value, int):
        return None
    if place.kind == REFERENCE and not isinstance(value, str):
        return None
    return value


def overlay(value: dict[str, Any], later: Iterable[tuple[str, Any]]) -> None:
    """Give a packed value the later values of its fields, so that `insert` writes those."""
    for name, told in later:
        fitting = _fitting(FIELDS[name], told)
        if fitting is None:
            value.pop(name, None)
        else:
            value[name] = fitting


def update_member(
    connection: apsw.Connection, uid: bytes, field: str, op: str, text: str | None
) -> None:
    """Bring a tag, link, tick or field of the team up to one journal row."""
    rowid = connection.execute("SELECT id FROM incident WHERE uid = ?", (uid,)).get
    if rowid is not None:
        value = None if text is None else json.loads(text)
        _update_other(connection, rowid, field, op, value)


def _update_other(connection: apsw.Connection, rowid: int, field: str, op: str, value: Any) -> None:
    prefix, _, rest = field.partition(":")
    present = op == "add"
    if prefix == "tag":
        _member(connection, "incident_tag", (rowid, fold(rest), value), present=present)
    elif prefix in {"related", "watcher", "article", "parent"}:
        _member(connection, "incident_link", (rowid, prefix, bytes.fromhex(rest)), present=present)
    elif prefix == "alias" and present:
        connection.execute("INSERT OR IGNORE INTO number_alias VALUES (?,?)", (fold(rest), rowid))
    elif prefix == "check":
        done, note = (value or {}).get("done", False), (value or {}).get("note", "")
        connection.execute(
            "INSERT OR REPLACE INTO checklist_tick VALUES (?,?,?,?)", (rowid, rest, done, note)
        )
    elif field == import_keys.FIELD:
        if value is not None:
            uid: Any = connection.execute("SELECT uid FROM incident WHERE id = ?", (rowid,)).get
            import_keys.put(connection, uid, value)
    elif field.startswith("custom."):
        name = field.removeprefix("custom.")
        if value is None:
            connection.execute(
                "DELETE FROM custom_value WHERE incident = ? AND field = ?", (rowid, name)
            )
        else:
            connection.execute(
                "INSERT OR REPLACE INTO custom_value VALUES (?,?,?,?)",
                _custom_row(rowid, name, value),
            )


_KEYS = {"incident_tag": ("incident", "folded"), "incident_link": ("incident", "kind", "target")}


def _member(
    connection: apsw.Connection, table: str, row: tuple[Any, ...], *, present: bool
) -> None:
    keys = _KEYS[table]
    where = " AND ".join(f"{key} = ?" for key in keys)
    connection.execute(f"DELETE FROM {table} WHERE {where}", row[: len(keys)])
    if present:
        marks = ",".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def mark_conflict(connection: apsw.Connection, uid: bytes) -> None:
    """Set or clear the mark that people must choose between values of this incident."""
    connection.execute(
        "UPDATE incident SET conflict = ? WHERE uid = ?",
        (int(bool(contested.conflicts(connection, uid))), uid),
    )
