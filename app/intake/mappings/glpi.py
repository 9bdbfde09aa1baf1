"""`glpi`: the list that GLPI 10 exports as CSV, and a dump of its database (GLPI 9.5 and 10).

Statuses: 1 new, 2 assigned, 3 planned, 4 pending, 5 solved, 6 closed. Urgency, impact and priority
run from 5 (very high) down to 1; priority 6 is "major". In a dump, texts are escaped HTML and
instants are UTC or the server's zone; deleted tickets are refused.
"""

from __future__ import annotations

import html
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntryKind
from app.intake.column_mapping import ColumnMapping, history_of, settle_status
from app.intake.field_values import KINDS, html_to_text, store_value
from app.intake.import_record import ImportedEvent, ImportedIncident, Rejected, RowError
from app.intake.instants import InstantReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.import_record import Record
    from app.intake.mapping import ImportContext
    from app.intake.table import Table

_SCALE = {"very_high": "high", "6": "high", "5": "high", "4": "high", "3": "medium", "2": "low",
          "1": "low", "very_low": "low"}  # fmt: skip
_VALUES = {
    "priority": {
        "6": "critical", "5": "critical", "4": "high", "3": "medium", "2": "low", "1": "low",
        "major": "critical",
    },
    "impact": _SCALE,
    "urgency": _SCALE,
    "status": {
        "1": "new", "2": "assigned", "3": "in_progress", "4": "pending", "5": "resolved",
        "6": "closed",
    },
}  # fmt: skip
_FIELDS = {
    "name": "title", "content": "description", "status": "status", "priority": "priority",
    "urgency": "urgency", "impact": "impact", "date": "registered_at", "solvedate": "resolved_at",
    "closedate": "closed_at",
}  # fmt: skip
_NEEDED = frozenset(
    ("tickets", "users", "groups", "itilcategories", "locations", "requesttypes", "tickets_users",
     "groups_tickets", "itilfollowups", "ticketfollowups", "itilsolutions")
)  # fmt: skip
_PREFIX = "glpi_"
_REQUESTER, _ASSIGNED, _OBSERVER = 1, 2, 3


class Glpi(ColumnMapping):
    """The mapping `glpi`."""

    def confidence(self, table: Table) -> float:
        """Be sure of a dump with GLPI's tables."""
        if table.kind != "sql":
            return ColumnMapping.confidence(self, table)
        found = any(str(row.get("table", "")).startswith(_PREFIX) for row in table.sample)
        return 1.0 if found else 0.0

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column; those of tickets in a dump."""
        return dict(_FIELDS) if table.kind == "sql" else ColumnMapping.columns(self, table)

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read every ticket."""
        if table.kind != "sql":
            yield from ColumnMapping.read(self, table, context)
            return
        rows: dict[str, list[Record]] = defaultdict(list)
        for row in table.rows(context.watch):
            if isinstance(row, Rejected):
                yield row
                continue
            name = str(row.values["table"]).rpartition(".")[2].removeprefix(_PREFIX)
            if name in _NEEDED:
                rows[name].append(row)
        dump = _Dump(rows, InstantReader(context.zone, context.date_order))
        later = {row.values["fields"].get("id"): row.line for row in rows["tickets"]}
        for row in rows["tickets"]:
            uid = row.values["fields"].get("id")
            if later[uid] != row.line:
                yield Rejected(row.line, f"Ticket {uid} comes again; the later row was taken.")
                continue
            try:
                yield dump.ticket(row)
            except RowError as error:
                yield Rejected(row.line, str(error))


class _Dump:
    """The tables of a dump, found by id."""

    def __init__(self, rows: dict[str, list[Record]], instants: InstantReader) -> None:
        self._instants = instants
        told = {name: [row.values["fields"] for row in table] for name, table in rows.items()}
        self._by_id = {name: {one.get("id"): one for one in table} for name, table in told.items()}
        self._links: dict[str, dict[Any, list[dict[str, Any]]]] = {}
        for name in ("tickets_users", "groups_tickets", "itilfollowups", "itilsolutions",
                     "ticketfollowups"):  # fmt: skip
            links: dict[Any, list[dict[str, Any]]] = defaultdict(list)
            for one in told.get(name, ()):
                if one.get("itemtype", "Ticket") == "Ticket":
                    links[one.get("tickets_id", one.get("items_id"))].append(one)
            self._links[name] = links

    def _name(self, table: str, uid: Any) -> str:
        found = self._by_id.get(table, {}).get(uid, {})
        return html.unescape(str(found.get("completename") or found.get("name") or ""))

    def _person(self, uid: Any) -> str:
        found = self._by_id.get("users", {}).get(uid, {})
        whole = f"{found.get('firstname') or ''} {found.get('realname') or ''}".strip()
        return html.unescape(whole or str(found.get("name") or ("" if not uid else f"User {uid}")))

    def ticket(self, row: Record) -> ImportedIncident:
        """Read one ticket with its people, follow-ups and solution."""
        told = row.values["fields"]
        uid = told.get("id")
        if told.get("is_deleted"):
            raise RowError("The ticket is deleted.")
        fields: dict[str, Any] = {}
        for column, field in _FIELDS.items():
            value = told.get(column)
            if value is None or value == "":
                continue
            if KINDS[field] == "instant":
                moment = self._instants.read(value)
                if moment is not None:
                    fields[field] = moment
            elif KINDS[field] == "text":
                fields[field] = _plain(value)
            else:
                store_value(fields, field, _VALUES[field].get(str(value), value))
        if not fields.get("title"):
            raise RowError("The ticket has no title.")
        self._add_names(fields, told, uid)
        solutions = self._links["itilsolutions"][uid]
        if solutions:
            fields["resolution"] = _plain(solutions[-1].get("content") or "")
        settle_status(fields)
        history = history_of(fields) + list(self._follow_ups(uid))
        history.sort(key=lambda event: event.at)
        return ImportedIncident(str(uid), fields, history, line=row.line).seal()

    def _add_names(self, fields: dict[str, Any], told: dict[str, Any], uid: Any) -> None:
        people: dict[int, list[str]] = defaultdict(list)
        for link in self._links["tickets_users"][uid]:
            name = self._person(link.get("users_id")) or str(link.get("alternative_email") or "")
            if name:
                people[link.get("type", 0)].append(name)
        groups = [
            self._name("groups", link.get("groups_id"))
            for link in self._links["groups_tickets"][uid]
            if link.get("type") == _ASSIGNED
        ]
        found = {
            "requester": (people[_REQUESTER] or [self._person(told.get("users_id_recipient"))])[0],
            "assignee": (people[_ASSIGNED] or [""])[0],
            "team": (groups or [""])[0],
            "category": self._name("itilcategories", told.get("itilcategories_id")),
            "location": self._name("locations", told.get("locations_id")),
            "channel": self._name("requesttypes", told.get("requesttypes_id")),
        }
        for field, name in found.items():
            if name:
                name = name.replace(" > ", "/") if field == "category" else name
                store_value(fields, field, name)
        if people[_OBSERVER]:
            fields["watchers"] = tuple(dict.fromkeys(people[_OBSERVER]))

    def _follow_ups(self, uid: Any) -> Iterator[ImportedEvent]:
        for table in ("itilfollowups", "ticketfollowups"):
            for one in self._links[table][uid]:
                at = self._instants.read(one.get("date") or one.get("date_creation"))
                text = _plain(one.get("content") or "")
                if at is not None and text:
                    kind = EntryKind.NOTE if one.get("is_private") else EntryKind.REPLY
                    yield ImportedEvent(at, self._person(one.get("users_id")), kind, text)


def _plain(value: Any) -> str:
    return html_to_text(html.unescape(str(value)))


GLPI = Glpi(
    name="glpi",
    title="GLPI tickets",
    aliases={
        "id": "external_id",
        "title": "title",
        "name": "title",
        "description": "description",
        "content": "description",
        "status": "status",
        "priority": "priority",
        "urgency": "urgency",
        "impact": "impact",
        "opening_date": "registered_at",
        "date": "registered_at",
        "solve_date": "resolved_at",
        "solution_date": "resolved_at",
        "closing_date": "closed_at",
        "requester_requester": "requester",
        "requester": "requester",
        "assigned_to_technician": "assignee",
        "assigned_to_technician_group": "team",
        "assigned_to_group": "team",
        "watcher": "watchers",
        "category": "category",
        "location": "location",
        "request_source": "channel",
        "associated_elements": "ci",
        "solution": "resolution",
    },
    marks=("id", "title", "opening_date", "requester_requester", "assigned_to_technician"),
    values=_VALUES,
)
