"""Lists of incidents as plain tuples: groups with counts, pages, and counts of whole views.

Hot path (speed.md): LIMIT/OFFSET pages read from the nearer end, counts by index, names joined for
the rows of one page only. The SLA groups depend on the instant, so they are ranges of `due_at` and
not a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.listing import SLA_GROUPS, Group, ListRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import apsw

HOUR_MS = 3_600_000

_BREACHED = "(i.breached = 1 OR (i.paused = 0 AND i.due_at > 0 AND i.due_at < :now))"
_RUNNING = "i.is_open = 1 AND i.paused = 0 AND i.breached = 0 AND i.due_at > 0 AND i.due_at >= :now"
_SLA_WHERE = {
    "breached": f"i.is_open = 1 AND {_BREACHED}",
    "due_1h": f"{_RUNNING} AND i.due_at <= :now + {HOUR_MS}",
    "due_today": f"{_RUNNING} AND i.due_at > :now + {HOUR_MS} AND i.due_at < :midnight",
    "later": f"{_RUNNING} AND i.due_at > :now + {HOUR_MS} AND i.due_at >= :midnight",
    "no_target": "i.is_open = 1 AND i.paused = 0 AND i.breached = 0 AND i.due_at = 0",
    "paused": "i.is_open = 1 AND i.paused = 1 AND i.breached = 0",
    "finished": "i.is_open = 0",
}
_SLA_CASE = (
    "CASE WHEN i.is_open = 0 THEN 6 "
    f"WHEN {_BREACHED} THEN 0 WHEN i.paused = 1 THEN 5 WHEN i.due_at = 0 THEN 4 "
    f"WHEN i.due_at <= :now + {HOUR_MS} THEN 1 WHEN i.due_at < :midnight THEN 2 ELSE 3 END"
)
SLA_LABELS = {
    "breached": "Breached",
    "due_1h": "Due within 1 hour",
    "due_today": "Due today",
    "later": "Later",
    "no_target": "No target",
    "paused": "Clock paused",
    "finished": "Finished",
}

_GROUP_COLUMNS = {
    "status": "i.status",
    "priority": "i.priority",
    "assignee": "i.assignee",
    "team": "i.team",
    "category": "i.category",
}
_STATUS_ORDER = ["new", "assigned", "in_progress", "pending", "resolved", "closed", "cancelled"]

SORTS = {
    "sla": "CASE WHEN i.due_at = 0 THEN 9223372036854775807 ELSE i.due_at END",
    "registered": "i.registered_at",
    "age": "-i.registered_at",
    "updated": "i.updated_at",
    "priority": "i.priority",
    "number": "i.id",
    "title": "i.title COLLATE NOCASE",
    "status": "i.status",
    "assignee": "(SELECT folded FROM catalogue_item WHERE uid = i.assignee)",
    "requester": "(SELECT folded FROM catalogue_item WHERE uid = i.requester)",
    "team": "(SELECT folded FROM catalogue_item WHERE uid = i.team)",
    "category": "(SELECT folded FROM catalogue_item WHERE uid = i.category)",
    "service": "(SELECT folded FROM catalogue_item WHERE uid = i.service)",
    "location": "(SELECT folded FROM catalogue_item WHERE uid = i.location)",
    "impact": "i.impact",
    "urgency": "i.urgency",
    "severity": "i.severity",
    "channel": "i.channel",
    "due": "i.due_at",
    "closed": "i.closed_at",
}

_ROW = """SELECT i.uid, i.number, i.title, i.priority, i.status, coalesce(i.pending_reason, ''),
    i.registered_at, i.updated_at, i.due_at, i.paused, i.stopped, i.breached,
    coalesce(a.name, ''), coalesce(t.name, ''), coalesce(r.name, ''), coalesce(c.name, ''),
    coalesce(s.name, ''), coalesce(ci.name, ''), coalesce(l.name, ''),
    i.impact, i.urgency, coalesce(i.severity, 0), i.channel,
    coalesce((SELECT group_concat(tag, ', ') FROM incident_tag WHERE incident = i.id), ''),
    i.major, i.unread, i.conflict
    FROM ({ids}) p JOIN incident i ON i.id = p.id
    LEFT JOIN catalogue_item a ON a.uid = i.assignee
    LEFT JOIN catalogue_item t ON t.uid = i.team
    LEFT JOIN catalogue_item r ON r.uid = i.requester
    LEFT JOIN catalogue_item c ON c.uid = i.category
    LEFT JOIN catalogue_item s ON s.uid = i.service
    LEFT JOIN catalogue_item ci ON ci.uid = i.ci
    LEFT JOIN catalogue_item l ON l.uid = i.location ORDER BY p.place"""


class Selection(NamedTuple):
    """A compiled query: which incidents (`where` over alias i, with named values) and the moment.

    `now` and `midnight` (the end of the reader's day) are milliseconds.
    """

    where: str
    values: dict[str, Any]
    now: int
    midnight: int

    def bound(self, **more: Any) -> dict[str, Any]:
        """Return all values to bind."""
        return {**self.values, "now": self.now, "midnight": self.midnight, **more}


def count(connection: apsw.Connection, selection: Selection) -> int:
    """Return how many incidents a view holds."""
    found: int = connection.execute(
        f"SELECT count(*) FROM incident i WHERE {selection.where}", selection.bound()
    ).get
    return found


def groups(connection: apsw.Connection, selection: Selection, by: str) -> list[Group]:
    """Return the bands of a list with their counts, empty ones left out, in the order of work."""
    if by == "sla":
        # One pass without a sorter, which GROUP BY would fill with every row (measured: a third).
        counted = ", ".join(f"count(*) FILTER (WHERE {_SLA_WHERE[key]})" for key in SLA_GROUPS)
        counts: Any = connection.execute(
            f"SELECT {counted} FROM incident i WHERE {selection.where}", selection.bound()
        ).fetchone()
        return [
            Group(key, SLA_LABELS[key], number)
            for key, number in zip(SLA_GROUPS, counts, strict=True)
            if number
        ]
    column = _GROUP_COLUMNS.get(by)
    if column is None:
        total = count(connection, selection)
        return [Group("", "", total)] if total else []
    rows: Any = connection.execute(
        f"SELECT {column}, count(*), (SELECT name FROM catalogue_item WHERE uid = {column}) "
        f"FROM incident i WHERE {selection.where} GROUP BY 1",
        selection.bound(),
    ).fetchall()
    found = [_group(by, key, n, name) for key, n, name in rows]
    return sorted(found, key=lambda group: _group_rank(by, group))


def _group(by: str, key: Any, n: int, name: str | None) -> Group:
    if isinstance(key, bytes):
        return Group(key.hex(), name or key.hex(), n)
    if key is None:
        return Group("none", {"assignee": "Unassigned"}.get(by, f"No {by}"), n)
    label = key if by == "priority" else key.replace("_", " ").capitalize()
    return Group(key, label, n)


def _group_rank(by: str, group: Group) -> tuple[int, str]:
    if by == "status" and group.key in _STATUS_ORDER:
        return _STATUS_ORDER.index(group.key), ""
    return (1 if group.key == "none" else 0), group.label.casefold()


def group_clause(by: str, key: str) -> tuple[str, dict[str, Any]]:
    """Return the condition that picks the rows of one group."""
    if by == "sla":
        return _SLA_WHERE[key], {}
    column = _GROUP_COLUMNS.get(by)
    if column is None:
        return "1", {}
    if key == "none":
        return f"{column} IS NULL", {}
    value: Any = key if by in {"status", "priority"} else bytes.fromhex(key)
    return f"{column} = :group_key", {"group_key": value}


def page(
    connection: apsw.Connection,
    selection: Selection,
    *,
    by: str,
    key: str,
    sort: str,
    offset: int,
    limit: int,
    total: int | None = None,
) -> list[ListRow]:
    """Return `limit` rows of one group from `offset`; `total` lets it read from the nearer end."""
    clause, values = group_clause(by, key)
    order = _order(sort)
    back = total is not None and offset > total // 2
    if back and total is not None:
        limit = max(0, min(limit, total - offset))
        offset = total - offset - limit
        order = [(expression, not descending) for expression, descending in order]
    direction = ", ".join(f"{e} {'DESC' if d else 'ASC'}" for e, d in order)
    ids = (
        f"SELECT i.id, row_number() OVER () AS place FROM (SELECT i.id FROM incident i "
        f"WHERE ({selection.where}) AND {clause} ORDER BY {direction} "
        "LIMIT :limit OFFSET :offset) i"
    )
    rows = connection.execute(
        _ROW.format(ids=ids), selection.bound(**values, limit=limit, offset=offset)
    ).fetchall()
    if back:
        rows.reverse()
    return [_list_row(row) for row in rows]


def can_begin(by: str) -> bool:
    """Tell whether the first rows of a list so grouped can be read before its bands are counted."""
    return by in {"sla", ""}


def first_rows(
    connection: apsw.Connection, selection: Selection, *, by: str, sort: str, limit: int
) -> list[tuple[Group, list[ListRow]]]:
    """Return the first rows of a list in their bands, whose counts are those of these rows only.

    Nothing is counted, so that what is on the screen first waits for nothing else. Only for the
    groupings of `can_begin`.
    """
    if by != "sla":
        found = page(connection, selection, by="", key="", sort=sort, offset=0, limit=limit)
        return [(Group("", "", len(found)), found)] if found else []
    found = _in_bands(connection, selection, "i.is_open = 1", f"{_SLA_CASE}, ", sort, limit)
    if len(found) < limit:
        rest = limit - len(found)
        found += _in_bands(connection, selection, _SLA_WHERE["finished"], "", sort, rest)
    bands: dict[str, list[ListRow]] = {}
    for row in found:
        bands.setdefault(group_of(selection, row, by), []).append(row)
    return [
        (Group(key, SLA_LABELS[key], len(bands[key])), bands[key])
        for key in SLA_GROUPS
        if key in bands
    ]


def _in_bands(
    connection: apsw.Connection, selection: Selection, which: str, band: str, sort: str, limit: int
) -> list[ListRow]:
    order = ", ".join(f"{e} {'DESC' if d else 'ASC'}" for e, d in _order(sort))
    ids = (
        f"SELECT i.id, row_number() OVER () AS place FROM (SELECT i.id FROM incident i "
        f"WHERE ({selection.where}) AND {which} ORDER BY {band}{order} LIMIT :limit) i"
    )
    rows = connection.execute(_ROW.format(ids=ids), selection.bound(limit=limit))
    return [_list_row(row) for row in rows.fetchall()]


def _order(sort: str) -> list[tuple[str, bool]]:
    order: list[tuple[str, bool]] = []
    for part in sort.split(","):
        descending = part.startswith("-")
        expression = SORTS.get(part.lstrip("-"), SORTS["sla"])
        order.append((expression, descending))
        if expression == SORTS["sla"]:
            order.append(("i.priority", descending))
    order.append(("i.id", order[0][1]))
    return order


def rows_by_id(connection: apsw.Connection, uids: Iterable[bytes]) -> list[ListRow]:
    """Return the rows of these incidents, in their order: what a change refetches."""
    wanted: Sequence[bytes] = list(uids)
    marks = ",".join("?" * len(wanted))
    ids = f"SELECT id, id AS place FROM incident WHERE uid IN ({marks})"
    rows = {
        row[0]: _list_row(row)
        for row in connection.execute(_ROW.format(ids=ids), tuple(wanted)).fetchall()
    }
    return [rows[uid] for uid in wanted if uid in rows]


def group_of(selection: Selection, row: ListRow, by: str) -> str:
    """Return the key of the group that a row stands in."""
    if by != "sla":
        return {"status": row.status, "priority": row.priority}.get(by, "")
    if row.status in {"resolved", "closed", "cancelled"}:
        return "finished"
    if row.breached or (not row.paused and 0 < row.due_ms < selection.now):
        return "breached"
    if row.paused:
        return "paused"
    if not row.due_ms:
        return "no_target"
    if row.due_ms <= selection.now + HOUR_MS:
        return "due_1h"
    return "due_today" if row.due_ms < selection.midnight else "later"


def _list_row(row: tuple[Any, ...]) -> ListRow:
    values = list(row)
    for index in _FLAGS:
        values[index] = bool(values[index])
    values.append(())
    return ListRow._make(values)


_FLAGS = tuple(
    ListRow._fields.index(name)
    for name in ("paused", "stopped", "breached", "major", "unread", "conflict")
)
