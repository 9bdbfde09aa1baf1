"""Reads one incident whole: its row, what belongs to it, and its story from the journal.

Hot path (speed.md, goal 8): plain SQL on the thread's connection, one statement for each table.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, replace
from dataclasses import fields as fields_of
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from app.domain import timeline
from app.domain.errors import NotFoundError
from app.domain.folding import fold
from app.domain.incident import (
    CancelReason,
    Channel,
    EntityId,
    Named,
    PendingReason,
    Status,
)
from app.domain.incident_record import Attachment, Incident, StatusPeriod
from app.domain.journal_entry import Change
from app.storage import numbers
from app.storage.fields import FIELDS, INSTANT, INTEGER, IS_FLAG, REFERENCE, TEXT
from app.storage.numbers import number_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import apsw

_MAIN = [(name, c.kind) for name, c in FIELDS.items() if c.table == "incident"]
_DETAIL = [(name, c.kind) for name, c in FIELDS.items() if c.table == "incident_detail"]
_SELECT = (
    "SELECT i.id, i.uid, i.number, d.periods, "
    + ", ".join(f"i.{name}" for name, _ in _MAIN)
    + ", "
    + ", ".join(f"d.{name}" for name, _ in _DETAIL)
    + """,
    EXISTS (SELECT 1 FROM incident_tag WHERE incident = i.id),
    EXISTS (SELECT 1 FROM custom_value WHERE incident = i.id),
    EXISTS (SELECT 1 FROM attachment WHERE incident = i.id),
    EXISTS (SELECT 1 FROM incident_link WHERE incident = i.id)
        OR EXISTS (SELECT 1 FROM incident_link WHERE target = i.uid)
        OR EXISTS (SELECT 1 FROM incident WHERE merged_into = i.uid)
    FROM incident i JOIN incident_detail d ON d.id = i.id WHERE """
)
"""The last four tell which other tables have anything of the incident: most have nothing."""

_CODES: dict[str, Callable[[str], Any]] = {
    "status": Status,
    "pending_reason": PendingReason,
    "channel": Channel,
    "cancel_reason": CancelReason,
}
_NOT_IN_RECORD = frozenset({"merged_into", "problem_id", "response_result", "resolution_result"})
_ALIAS = {"incident": "i", "incident_detail": "d"}
_DEFAULTS = {f.name: f.default for f in fields_of(Incident) if f.default is not MISSING}


def find(connection: apsw.Connection, number: str) -> EntityId:
    """Return the id of the incident that a number, an old number or an alias names.

    Raises:
        NotFoundError: nothing has that number.
    """
    text = number.strip()
    value = numbers.number_value(text)
    for candidate in (text.upper(), number_text(value) if value is not None else None):
        if candidate is not None:
            uid = connection.execute(
                "SELECT uid FROM incident WHERE number = ? AND deleted = 0", (candidate,)
            ).get
            if uid is not None:
                return EntityId(uid)
    uid = connection.execute(
        "SELECT i.uid FROM number_alias a JOIN incident i ON i.id = a.incident "
        "WHERE a.folded = ? AND i.deleted = 0 ORDER BY i.id DESC LIMIT 1",
        (fold(text),),
    ).get
    if uid is None:
        raise NotFoundError(f'No incident has the number "{text}". Search for it by its words.')
    return EntityId(uid)


def with_priorities(connection: apsw.Connection, incident: Incident) -> Incident:
    """Return the incident with its timeline where its priority was ever changed.

    A clock that becomes final tells by it a breach that a change of priority made (domain.md).
    """
    changed = connection.execute(
        "SELECT 1 FROM change WHERE root = ? AND kind = 'incident' AND field = 'priority' LIMIT 1",
        (incident.id,),
    ).get
    if incident.timeline or not changed:
        return incident
    return replace(incident, timeline=read(connection, incident.id).timeline)


def read(connection: apsw.Connection, uid: bytes, *, story: bool = True) -> Incident:
    """Read an incident whole, without its clocks (services add them for an instant).

    Without `story` the timeline, people told, follow-ups and time spent are left out: what an edit
    needs costs the same however long an incident's history is.

    Raises:
        NotFoundError: no incident has that id.
    """
    row = connection.execute(_SELECT + "i.uid = ?", (uid,)).get
    if row is None:
        raise NotFoundError(f"No incident has the id {uid.hex()}.")
    rowid, uid, number, periods, *values, tagged, customised, has_files, linked = row
    names = _Names(connection)
    fields = zip((*_MAIN, *_DETAIL), values, strict=True)
    names.fetch([value for (_, kind), value in fields if kind == REFERENCE and value is not None])
    record: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    for (name, kind), value in zip((*_MAIN, *_DETAIL), values, strict=True):
        raw[name] = value
        if value is None or name in _NOT_IN_RECORD:
            continue
        record[name] = _rich(name, kind, value, names)
    record.update(
        _links(connection, rowid, uid, raw, names, linked=bool(linked)),
        tags=_tags(connection, rowid) if tagged else (),
        custom=_custom(connection, rowid) if customised else {},
        attachments=attachments(connection, rowid, names) if has_files else (),
        periods=_periods(periods),
    )
    if story:
        told = timeline.tell(changes_of(connection, uid), names.resolve, names.author)
        record.update(
            timeline=tuple(told.entries),
            told=tuple(told.told),
            follow_ups=tuple(told.follow_ups),
            time_spent_s=told.time_spent_s,
        )
    record["deleted"] = bool(raw["deleted"])
    return Incident(id=EntityId(uid), number=number, **record)


def read_fields(connection: apsw.Connection, uid: bytes, names: frozenset[str]) -> Incident:
    """Read the id, the number and some fields of an incident; any other one is not there.

    An edit reads what it depends on and no more, so that it costs the same however much an incident
    holds. Asking the result for a field that is not among `names` raises AttributeError.

    Args:
        connection: the thread's.
        uid: the incident.
        names: fields of FIELDS, and "custom" for those of the team.

    Raises:
        NotFoundError: no incident has that id.
    """
    sql, fields = _some(names)
    row = connection.execute(sql, (uid,)).get
    if row is None:
        raise NotFoundError(f"No incident has the id {uid.hex()}.")
    rowid, number, *values = row
    known: _Names | None = None
    incident = object.__new__(Incident)
    fill = partial(object.__setattr__, incident)
    fill("id", EntityId(uid))
    fill("number", number)
    for (name, kind), value in zip(fields, values, strict=True):
        if value is None:
            fill(name, _DEFAULTS[name])
        elif kind == INTEGER or (kind == TEXT and name not in _CODES):
            fill(name, value)
        else:
            known = known or _Names(connection)
            fill(name, _rich(name, kind, value, known))
    if "custom" in names:
        fill("custom", _custom(connection, rowid))
    return incident


@lru_cache(maxsize=256)
def _some(names: frozenset[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the statement that reads some fields, and their names and kinds in its order."""
    fields = sorted(names - _NOT_IN_RECORD - {"custom"})
    wanted = ["i.id", "i.number"]
    wanted += [f"{_ALIAS[FIELDS[name].table]}.{FIELDS[name].column}" for name in fields]
    detail = any(FIELDS[name].table == "incident_detail" for name in fields)
    join = " JOIN incident_detail d ON d.id = i.id" if detail else ""
    sql = f"SELECT {', '.join(wanted)} FROM incident i{join} WHERE i.uid = ?"
    return sql, [(name, FIELDS[name].kind) for name in fields]


def changes_of(connection: apsw.Connection, uid: bytes) -> list[Change]:
    """Return the journal rows of an incident in the order of cause."""
    rows = connection.execute(
        "SELECT * FROM said WHERE root = ? ORDER BY hlc, station, sseq", (uid,)
    )
    return [Change._make(row) for row in rows]


def _rich(name: str, kind: str, value: Any, names: _Names) -> Any:
    code = _CODES.get(name)
    if code is not None:
        return code(value)
    if kind == INSTANT:
        return timeline.instant(value)
    if kind == REFERENCE:
        return Named(EntityId(value), names.of(value))
    return bool(value) if kind == "flag" else value


def _tags(connection: apsw.Connection, rowid: int) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT tag FROM incident_tag WHERE incident = ? ORDER BY folded", (rowid,)
    )
    return tuple(tag for (tag,) in rows)


def _links(
    connection: apsw.Connection,
    rowid: int,
    uid: bytes,
    raw: dict[str, Any],
    names: _Names,
    *,
    linked: bool,
) -> dict[str, Any]:
    def number_of(other: bytes | None, *, kept: bool = False) -> str:
        """Return the number of an incident; "" for none, and with `kept` for one taken back."""
        if other is None:
            return ""
        sql = f"SELECT number FROM incident WHERE uid = ?{' AND deleted = 0' if kept else ''}"
        found = connection.execute(sql, (other,)).get
        return found or ""

    own = {
        "merged_into": number_of(raw["merged_into"]),
        "problem": names.of(raw["problem_id"]) if raw["problem_id"] else "",
    }
    if not linked:
        return own
    related, watchers = set(), []
    for kind, target in connection.execute(
        "SELECT kind, target FROM incident_link WHERE incident = ?", (rowid,)
    ):
        if kind == "related":
            related.add(number_of(target, kept=True))
        elif kind == "watcher":
            watchers.append(Named(EntityId(target), names.of(target)))
    back = connection.execute(
        "SELECT i.number FROM incident_link l JOIN incident i ON i.id = l.incident "
        "WHERE l.kind = 'related' AND l.target = ? AND i.deleted = 0",
        (uid,),
    )
    related.update(number for (number,) in back)
    merged = connection.execute(
        "SELECT number FROM incident WHERE merged_into = ? ORDER BY id", (uid,)
    )
    return {
        "related": tuple(sorted(filter(None, related))),
        "watchers": tuple(watchers),
        "duplicates": tuple(number for (number,) in merged),
        **own,
    }


def _custom(connection: apsw.Connection, rowid: int) -> dict[str, Any]:
    rows: list[Any] = connection.execute(
        f"SELECT field, value, number, {IS_FLAG.format('v')} FROM custom_value v "
        "WHERE incident = ? ORDER BY field",
        (rowid,),
    ).fetchall()
    custom: dict[str, Any] = {}
    for field, text, number, is_flag in rows:
        if is_flag:
            custom[field] = text == "True"
        elif number is None:
            custom[field] = text
        else:
            custom[field] = int(number) if number == int(number) else number
    return custom


def attachments(
    connection: apsw.Connection, rowid: int, names: _Names | None = None
) -> tuple[Attachment, ...]:
    """Return the files of an incident, oldest first."""
    names = names or _Names(connection)
    return tuple(
        Attachment(
            EntityId(uid), name, size, sha256, timeline.instant(at), names.of(by), media_type
        )
        for uid, name, size, sha256, media_type, at, by in connection.execute(
            "SELECT uid, name, size, sha256, media_type, added_at, added_by FROM attachment "
            "WHERE incident = ? AND deleted = 0 ORDER BY added_at, name, uid",
            (rowid,),
        )
    )


def ticks(connection: apsw.Connection, uid: bytes) -> dict[str, tuple[bool, str]]:
    """Return the checklist items that people ticked or unticked, with their notes."""
    return {
        item: (bool(done), note)
        for item, done, note in connection.execute(
            "SELECT item, done, note FROM checklist_tick WHERE incident = "
            "(SELECT id FROM incident WHERE uid = ?)",
            (uid,),
        )
    }


def _periods(text: str) -> tuple[StatusPeriod, ...]:
    rows = json.loads(text)
    ends: list[datetime | None] = [timeline.instant(row[2]) for row in rows[1:]]
    ends.append(None)
    return tuple(
        StatusPeriod(
            Status(status),
            PendingReason(reason) if reason else None,
            timeline.instant(entered),
            left,
        )
        for (status, reason, entered), left in zip(rows, ends, strict=True)
    )


class _Names:
    """Names of catalogue items and numbers of incidents, looked up once each."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, str] = {}

    def of(self, uid: bytes) -> str:
        """Return the name of an item."""
        name = self._known.get(uid)
        if name is None:
            found = self._connection.execute(
                "SELECT name FROM catalogue_item WHERE uid = ?", (uid,)
            ).get
            name = self._known[uid] = uid.hex() if found is None else found
        return name

    def fetch(self, uids: list[bytes]) -> None:
        """Look several names up at once."""
        marks = ",".join("?" * len(uids))
        sql = f"SELECT uid, name FROM catalogue_item WHERE uid IN ({marks})"
        self._known.update(self._connection.execute(sql, uids))

    def author(self, uid: bytes) -> str:
        """Return an author's name, "" for the program itself."""
        return self.of(uid) if uid else ""

    def resolve(self, field: str, value: Any) -> str:
        """Word the value of a field as people read it."""
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        place = FIELDS.get(field)
        if field in {"merged_into", "related", "parent"}:
            found = self._connection.execute(
                "SELECT number FROM incident WHERE uid = ?", (bytes.fromhex(value),)
            ).get
            return found or str(value)
        if field in {"watcher", "article"} or (place is not None and place.kind == REFERENCE):
            return self.of(bytes.fromhex(value))
        if place is not None and place.kind == INSTANT:
            return timeline.instant(value).isoformat(timespec="seconds")
        return str(value)
