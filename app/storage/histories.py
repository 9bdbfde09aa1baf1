"""Turns whole histories of incidents into their rows and heads, a batch at a time.

A history is straight when each change of a field names just the one before it: then the last value
of a field is what is shown, its row is the head, and an incident can be written once, as it ends.
Any other history is left to `materialise`, which knows how versions compete. The rules of a field
are those of `incident_rows`; that both ways give the same is invariant I3, which tests hold.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.journal_entry import Change
from app.storage import (
    child_rows,
    incident_rows,
    late_rows,
    materialise,
    not_understood,
    status_periods,
)
from app.storage.fields import FIELDS, NOT_NULL

if TYPE_CHECKING:
    import apsw

    from app.storage.record_clocks import Derived

CREATE_COLUMNS = ("hlc", "station", "sseq", "at", "entity", "value")
"""What is read of a creation."""

COLUMNS = (
    "station", "sseq", "at", "tx_first", "kind", "entity", "op", "field", "value", "prevs", "root",
)  # fmt: skip
"""What is read of a later change, after the number of its incident and its clock reading."""

PACKED = "*"
_REDACTED = '{"number": "?"}'
_PERIOD_FIELDS = frozenset({"status", "pending_reason"})


class _Straight(NamedTuple):
    """What the later changes of one straight history come to."""

    heads: list[tuple[bytes, str, bytes, int]]
    values: dict[str, str | None]
    """The last value of each field that has a column."""
    external_ids: list[str]
    """External ids that were given and replaced: they stay aliases."""
    members: list[tuple[str, str, str | None]]
    """Changes of tags, links, ticks and fields of the team (field, op, value), in order."""
    statuses: list[tuple[Any, ...]]
    """Rows of status and pending reason as `status_periods.extended` wants them."""
    children: list[tuple[bytes, int]]
    """Versions that give a child its row."""
    at: int


class Batch:
    """Incidents that are written together."""

    def __init__(self, connection: apsw.Connection, *, alone: bool) -> None:
        """Begin; `alone` when one station wrote the journal: nothing comes twice then."""
        self._connection, self._alone = connection, alone
        self._work: list[tuple[tuple[Any, ...], _Straight | None]] = []
        self._crooked: list[bytes] = []
        self._seen: set[bytes | str] = set()
        self._held_back = not_understood.roots(connection)

    def __len__(self) -> int:
        return len(self._work)

    def add(self, create: tuple[Any, ...], later: list[tuple[Any, ...]]) -> None:
        """Take in an incident: its creation and all later rows under it, in the order of cause."""
        straight = None
        if later:
            if later[0][-1] != create[4]:
                raise RuntimeError("a history was put beside another incident")
            straight = None if create[4] in self._held_back else _straight(create, later)
            if straight is None:
                self._crooked.append(create[4])
        self._work.append((create, straight))

    def write(self) -> None:
        """Write the incidents, their heads and all that belongs to them."""
        work, self._work = self._work, []
        crooked, self._crooked = self._crooked, []
        connection = self._connection
        if not work:
            return
        self._seen.clear()
        doubtful: list[tuple[Any, ...]] = []
        values = json.loads(
            "[" + ",".join([_REDACTED if c[5] is None else c[5] for c, _ in work]) + "]"
        )
        told = [t for _, s in work if s is not None for t in s.values.values()]
        last = iter(json.loads("[" + ",".join(["null" if t is None else t for t in told]) + "]"))
        heads: list[tuple[bytes, str, bytes, int]] = []
        batch: list[tuple[Any, Any]] = []
        periods: list[str] = []
        kept = []
        for (create, straight), value in zip(work, values, strict=True):
            _, station, sseq, at, entity, text = create
            if text is None or self._is_doubtful(entity, value):
                doubtful.append(create)
                for _ in straight.values if straight is not None else ():
                    next(last)
                continue
            kept.append((create, straight))
            heads.append((entity, PACKED, station, sseq))
            before = [] if text is None else status_periods.of_create(at, value)
            if straight is not None:
                told_periods = status_periods.extended(before, straight.statuses)
                heads += straight.heads
                if "external_id" in straight.values:
                    given = [value.get("external_id"), *straight.external_ids]
                    value["aliases"] = [*value.get("aliases", ()), *filter(None, given)]
                incident_rows.overlay(value, zip(straight.values, last, strict=False))
                if "status" in straight.values:
                    shown = value.get("status", NOT_NULL["status"])
                    told_periods = status_periods.ending_at(told_periods, shown)
                periods.append(told_periods)
                at = max(at, straight.at)
            else:
                periods.append(status_periods.packed(before))
            batch.append((incident_rows.Created(entity, at), value))
        connection.executemany("INSERT INTO head VALUES (?,?,?,?)", heads)
        following = iter(periods)

        def derived(_entity: bytes, _at: int, _value: dict[str, Any]) -> Derived:
            return incident_rows.without_clock(next(following))

        if not incident_rows.insert(connection, batch, derive=derived, index=False):
            raise RuntimeError("an id or a number is there already, and nothing tells whose")
        for create, straight in kept:
            if straight is not None:
                self._write_members(create[4], straight)
        for create in doubtful:
            change = _change(connection, create[1], create[2])
            materialise.apply(connection, [change], replay=True)
            if create[4] not in crooked:
                crooked.append(create[4])
        for root in crooked:
            for _, changes in groupby(_later_of(connection, root), key=_transaction):
                materialise.apply(connection, list(changes), replay=True)

    def _is_doubtful(self, entity: bytes, value: dict[str, Any]) -> bool:
        """Tell whether another station may have made the same incident, or taken its number."""
        if self._alone:
            return False
        number = str(value.get("number", ""))
        known = {entity, number} & self._seen
        self._seen |= {entity, number}
        return bool(known) or late_rows.is_known(self._connection, entity, number)

    def _write_members(self, uid: bytes, straight: _Straight) -> None:
        connection = self._connection
        for field, op, text in straight.members:
            incident_rows.update_member(connection, uid, field, op, text)
        if straight.children:
            changes = [_change(connection, *version) for version in straight.children]
            values = [None if c.value is None else json.loads(c.value) for c in changes]
            child_rows.apply(connection, list(zip(changes, values, strict=True)))


def _straight(create: tuple[Any, ...], later: list[tuple[Any, ...]]) -> _Straight | None:
    """Fold the later rows of an incident; None when versions of a field compete."""
    uid = create[4]
    first = {uid: create[1] + create[2].to_bytes(8)}
    newest: dict[tuple[bytes, str], bytes] = {}
    heads: dict[tuple[bytes, str], tuple[bytes, str, bytes, int]] = {}
    values: dict[str, str | None] = {}
    external_ids: list[str] = []
    members: list[tuple[str, str, str | None]] = []
    statuses: list[tuple[Any, ...]] = []
    children: list[tuple[bytes, int]] = []
    latest = 0
    for _, _, station, sseq, at, tx_first, kind, entity, op, field, text, prevs, _ in later:
        version = station + sseq.to_bytes(8)
        if at > latest:
            latest = at
        key = (entity, field)
        if op == "create":
            if entity in first or kind not in child_rows.KINDS:
                return None
            first[entity] = version
        else:
            if prevs != (newest.get(key) or first.get(entity)):
                return None
            newest[key] = version
        heads[key] = (entity, field, station, sseq)
        if kind != "incident":
            if kind not in child_rows.KINDS:
                return None
            if kind in child_rows.WITH_ROWS:
                children.append((station, sseq))
            continue
        if entity != uid:
            return None
        if field == "deleted":
            return None  # whether it counts depends on what others wrote meanwhile
        if field not in FIELDS:
            members.append((field, op, text))
            continue
        values[field] = text
        if field in _PERIOD_FIELDS:
            statuses.append((station, tx_first, at, op, field, text))
        elif field == "external_id" and text is not None:
            external_ids.append(json.loads(text))
    return _Straight(
        sorted(heads.values()),
        values,
        external_ids,
        members,
        statuses,
        children,
        latest,
    )


def _transaction(change: Change) -> tuple[bytes, int]:
    return change.station, change.tx_first


def _later_of(connection: apsw.Connection, root: bytes) -> list[Change]:
    rows: list[Any] = connection.execute(
        "SELECT * FROM said WHERE root = ? AND NOT (kind = 'incident' AND op = 'create') "
        "ORDER BY hlc, station, sseq",
        (root,),
    ).fetchall()
    return [Change._make(row) for row in rows]


def _change(connection: apsw.Connection, station: bytes, sseq: int) -> Change:
    row: Any = connection.execute(
        "SELECT * FROM said WHERE station = ? AND sseq = ?", (station, sseq)
    ).get
    return Change._make(row)
