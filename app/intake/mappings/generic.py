"""`generic`: any table whose columns are called like an incident's fields, and our own exports.

Our CSV marks texts that a spreadsheet would run as a formula with an apostrophe; it is taken off
again here, so that export and import give the same text back.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntryKind
from app.domain.incident_record import FieldChange
from app.intake.code_words import word
from app.intake.column_mapping import SUBCATEGORY, ColumnMapping, history_of, settle_status
from app.intake.export_csv import plain_text
from app.intake.field_values import KINDS, text_of
from app.intake.import_record import (
    CUSTOM,
    ImportedAttachment,
    ImportedEvent,
    ImportedIncident,
    Record,
)
from app.intake.import_record import RowError as _RowError
from app.intake.instants import InstantReader
from app.intake.own_export import read_extras

if TYPE_CHECKING:
    from app.intake.mapping import ImportContext
    from app.intake.table import Table

_OWN_ID = re.compile(r"[0-9a-f]{32}")
_OWN_MARKS = ("id", "number", "title", "status", "priority", "registered_at", "external_id")
_DERIVED = frozenset(
    ("response", "resolution_clock", "conflicts", "attachments", "timeline", "custom", "deleted",
     "due_at", "response_due_at", "resolution_due_at", "age_s", "problem", "duplicates_of",
     "related", "checklist", "told", "follow_ups", "periods", "duplicates", "merged_into",
     "outages", "checks", "articles")
)  # fmt: skip
"""Parts of our own exports that are worked out again, or read apart from the columns."""

_NESTED = frozenset(
    ("timeline", "attachments", "told", "follow_ups", "outages", "checks", "articles")
)
"""Parts of our own JSON that are lists of things."""

_SYNONYMS = {
    "title": ("summary", "subject", "short_description", "headline", "topic"),
    "description": ("details", "body", "long_description", "text"),
    "status": ("state", "incident_state", "ticket_status"),
    "priority": ("prio", "priority_name"),
    "category": ("categories", "type_of_incident"),
    "service": ("business_service", "affected_service"),
    "ci": ("cmdb_ci", "configuration_item", "asset", "device"),
    "location": ("site", "office"),
    "channel": ("contact_type", "source", "origin", "request_type_source"),
    "requester": (
        "caller", "caller_id", "reporter", "requested_by", "requested_for", "customer",
        "submitter", "requestor", "requester_name", "contact",
    ),
    "assignee": ("assigned_to", "owner", "technician", "agent", "responder", "assigned"),
    "team": ("assignment_group", "group", "queue", "support_group", "assigned_group"),
    "tags": ("labels", "keywords"),
    "registered_at": (
        "registered", "opened_at", "opened", "created_at", "created", "created_on", "date_created",
        "creation_date", "open_date", "opened_date", "logged", "logged_at", "date_opened",
        "created_date", "create_time", "opening_date", "date_submitted",
    ),
    "occurred_at": ("occurred",),
    "detected_at": ("detected",),
    "reported_at": ("reported",),
    "acknowledged_at": ("acknowledged",),
    "resolved_at": (
        "resolved", "resolution_date", "resolved_on", "solved_at", "date_resolved",
        "resolved_date", "solve_date",
    ),
    "closed_at": ("closed", "closed_on", "date_closed", "closing_date", "close_date", "close_time"),
    "resolution": ("resolution_notes", "close_notes", "solution", "resolution_note"),
    "root_cause": ("cause",),
    "external_id": (
        "number", "ticket_number", "incident_number", "ticket_id", "incident_id", "case_number",
        "case_id", "issue_key", "key", "ticket", "incident", "case", "reference", "ref", "id",
    ),
}  # fmt: skip


def _aliases() -> dict[str, str]:
    result = {field: field for field in KINDS if field not in ("number", "id")}
    for field, names in _SYNONYMS.items():
        for name in names:
            result.setdefault(name, field)
    result["subcategory"] = result["sub_category"] = SUBCATEGORY
    return result


class Generic(ColumnMapping):
    """The mapping `generic`, which also takes back what we export."""

    def confidence(self, table: Table) -> float:
        """Be sure of our own exports; else count the columns whose names are known."""
        words = [word(column) for column in table.columns]
        if all(mark in words for mark in _OWN_MARKS):
            return 1.0
        known = sum(name in self.aliases for name in words)
        if "title" not in {self.aliases.get(name) for name in words}:
            return 0.05 * min(known, 4)
        return 0.2 + 0.5 * known / max(len(words), 1)

    def key(self, values: dict[str, Any], column: str) -> str:
        """Tell our own incidents by their id: most of them never had an external one."""
        identity = values.get("id")
        if isinstance(identity, str) and _OWN_ID.fullmatch(identity):
            return identity
        return super().key(values, column)

    def incident(
        self, row: Record, columns: dict[str, str], context: ImportContext
    ) -> ImportedIncident:
        """Read one row, and what only our own JSON has: timeline, files, links, custom fields."""
        if context.of_cells:
            row = Record(row.line, _without_marks(row.values))
        found = super().incident(row, columns, context)
        values, fields = row.values, found.fields
        identity = values.get("id")
        if isinstance(identity, str) and _OWN_ID.fullmatch(identity):
            found.own_id = identity
            found.own_number = text_of(values.get("number"))
            found.external_id = text_of(values.get("external_id")) or found.own_number
            fields.get("custom", {}).pop("number", None)
            fields.get("custom", {}).pop("id", None)
        if isinstance(values.get("custom"), dict):
            fields.setdefault("custom", {}).update(values["custom"])
        if not fields.get("custom", True):
            del fields["custom"]
        for source, target in (("related", "related"), ("duplicates_of", "merged_into"),
                               ("problem", "problem")):  # fmt: skip
            link = values.get(source)
            if not link:
                continue
            if target == "related":
                numbers = link if isinstance(link, list) else text_of(link).split(",")
                fields[target] = tuple(text_of(number).strip() for number in numbers)
            else:
                fields[target] = text_of(link)
        told = _NESTED & values.keys()
        if told:
            self._nested_parts(found, values, InstantReader(context.zone, context.date_order))
        return found.seal(told="timeline" in told)

    def _nested_parts(
        self, found: ImportedIncident, values: dict[str, Any], reader: InstantReader
    ) -> None:
        if isinstance(values.get("timeline"), list):
            found.history = [_event(entry, reader) for entry in values["timeline"]]
        if isinstance(values.get("attachments"), list):
            found.attachments = tuple(_file(file, reader) for file in values["attachments"])
        found.extras = read_extras(values, reader)

    def finish(self, row: Record, fields: dict[str, Any]) -> ImportedIncident:
        """Complete an incident; a text of blanks is a title too when it is our own."""
        external_id = str(fields.pop("external_id", "")).strip()
        title = fields.get("title", "")
        if not title:
            first = str(fields.get("description", "")).strip().split("\n", 1)[0]
            if not first:
                raise _RowError("The row has no title.")
            fields["title"] = first[:200]
        settle_status(fields)
        return ImportedIncident(external_id, fields, history_of(fields), line=row.line)


def _without_marks(values: dict[str, Any]) -> dict[str, Any]:
    """Take the apostrophes off again that keep the texts of our CSV from being formulas."""
    return {
        name: plain_text(value) if type(value) is str and value[:1] == "'" else value
        for name, value in values.items()
    }


def _event(entry: Any, reader: InstantReader) -> ImportedEvent:
    """Read one entry of our own timeline."""
    at = reader.read(entry.get("at")) if isinstance(entry, dict) else None
    if at is None:
        raise _RowError("An entry of the timeline has no instant.")
    try:
        kind = EntryKind(entry.get("kind", "note"))
    except ValueError:
        kind = EntryKind.NOTE
    changes = tuple(
        FieldChange(text_of(c.get("field")), text_of(c.get("old")), text_of(c.get("new")))
        for c in entry.get("changes") or ()
        if isinstance(c, dict)
    )
    return ImportedEvent(
        at.astimezone(UTC), text_of(entry.get("author")), kind, text_of(entry.get("text")), changes
    )


def _file(entry: Any, reader: InstantReader) -> ImportedAttachment:
    if not isinstance(entry, dict) or not entry.get("name"):
        raise _RowError("An attachment has no name.")
    return ImportedAttachment(
        name=text_of(entry["name"]),
        size=int(entry.get("size") or 0),
        sha256=text_of(entry.get("sha256")),
        media_type=text_of(entry.get("media_type")) or "application/octet-stream",
        added_at=reader.read(entry.get("added_at")),
        added_by=text_of(entry.get("added_by")),
    )


GENERIC = Generic(
    name="generic",
    title="Columns named like an incident's fields",
    aliases=_aliases(),
    left_out=_DERIVED,
)
__all__ = ["CUSTOM", "GENERIC", "Generic"]
