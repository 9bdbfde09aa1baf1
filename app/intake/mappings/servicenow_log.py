"""`servicenow-log`: ServiceNow's audit export, one row per update of an incident.

The last row of an incident in file order is its final state (sys_mod_count goes back in real
logs, so it is not sorted by). What differs between two rows becomes a timeline event by
sys_updated_by at sys_updated_at. A question mark is a missing value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.incident import CancelReason, EntryKind, PendingReason, Status
from app.domain.incident_record import FieldChange
from app.intake import code_words
from app.intake.field_values import text_of
from app.intake.import_record import CUSTOM, ImportedEvent, ImportedIncident, Rejected, RowError
from app.intake.instants import is_missing
from app.intake.mapping import ImportContext, grouped, survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.intake.import_record import Record
    from app.intake.table import Table

_NUMBERS: dict[str, code_words.StatusWord] = {
    "1": (Status.NEW, None),
    "2": (Status.IN_PROGRESS, None),
    "3": (Status.PENDING, PendingReason.CALLER),
    "4": (Status.PENDING, PendingReason.PROBLEM),
    "5": (Status.PENDING, PendingReason.CALLER),
    "6": (Status.RESOLVED, None),
    "7": (Status.CLOSED, None),
    "8": (Status.CANCELLED, None),
}
"""State codes of ServiceNow's incident table."""

_FIELDS = {
    "caller_id": "requester",
    "location": "location",
    "cmdb_ci": "ci",
    "business_service": "service",
    "assignment_group": "team",
    "assigned_to": "assignee",
    "impact": "impact",
    "urgency": "urgency",
    "severity": "severity",
    "priority": "priority",
    "contact_type": "channel",
    "category": "category",
    "subcategory": "category",
    "reassignment_count": "reassignment_count",
    "reopen_count": "reopen_count",
    "short_description": "title",
    "description": "description",
    "close_notes": "resolution",
}
_NAMES = ("caller_id", "location", "cmdb_ci", "business_service", "assignment_group", "assigned_to")
_TEXTS = ("short_description", "description", "close_notes")
_DATES = ("opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at")
_OWN = frozenset(
    (*_FIELDS, *_DATES, "number", "incident_state", "state", "active", "sys_updated_by")
)
_UNTOLD = frozenset(
    ("number", "incident_state", "state", "active", "sys_updated_at", "sys_updated_by",
     "sys_mod_count", "reassignment_count")
)  # fmt: skip
"""Columns whose change is told otherwise, or is only bookkeeping of the old tool."""
_REQUIRED = ("number", "sys_updated_at", "opened_at")


class ServiceNowLog:
    """The mapping `servicenow-log`."""

    name = "servicenow-log"
    title = "ServiceNow, one row per update"

    def confidence(self, table: Table) -> float:
        """Be sure when the columns of the audit log are there and a number comes again."""
        if not all(column in table.columns for column in _REQUIRED):
            return 0.0
        if not ({"incident_state", "state"} & set(table.columns)):
            return 0.0
        numbers = [row.get("number") for row in table.sample]
        repeated = len(set(numbers)) < len(numbers)
        return 1.0 if repeated or "sys_mod_count" in table.columns else 0.4

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column."""
        return {column: self._target(column) for column in table.columns}

    def _target(self, column: str) -> str:
        known = {
            "number": "external_id",
            "incident_state": "status",
            "state": "status",
            "active": "",
            "opened_at": "registered_at",
            "resolved_at": "resolved_at",
            "closed_at": "closed_at",
            "sys_updated_at": "timeline",
            "sys_updated_by": "timeline",
            **_FIELDS,
        }
        return known.get(column, CUSTOM + column)

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read every incident with its history."""
        dates = [column for column in _DATES if column in table.columns]
        reader = _LogReader(table, context)
        last = survey(table, context, dates, _key).last_line
        for rows in grouped(table, context, _key, last, "number"):
            if isinstance(rows, Rejected):
                yield rows
            else:
                yield from reader.incident(rows)


def _key(values: dict[str, Any]) -> str:
    number = values.get("number")
    return "" if is_missing(number) else str(number).strip()


class _LogReader:
    """Turns the rows of one incident into the incident; keeps what all incidents share."""

    def __init__(self, table: Table, context: ImportContext) -> None:
        self._context = context
        columns = table.columns
        self._state = "incident_state" if "incident_state" in columns else "state"
        self._told = tuple(column for column in columns if column not in {*_UNTOLD, *_DATES})
        self._custom = tuple(column for column in columns if column not in _OWN)

    def incident(self, rows: list[Record]) -> Iterator[ImportedIncident | Rejected]:
        """Read the rows of one incident; a bad row is rejected and the others still count."""
        history: list[ImportedEvent] = []
        good: list[Record] = []
        status: code_words.StatusWord = (Status.NEW, None)
        previous: dict[str, Any] = {}
        first_seen: dict[str, datetime] = {}
        for row in rows:
            try:
                self._check(row.values)
                at = self._instant(row.values, "sys_updated_at")
                opened = self._instant(row.values, "opened_at")
                if at is None or opened is None:
                    missing = "sys_updated_at" if at is None else "opened_at"
                    raise RowError(f"The row has no {missing}.")
                now = self._status(row.values, status)
            except RowError as error:
                yield Rejected(row.line, str(error))
                continue
            if good:
                event = self._update(previous, row.values, status, now, at)
            else:
                event = self._created(row.values, now, at, opened)
            history.append(event)
            if now[0] is not Status.NEW:
                first_seen.setdefault("acknowledged_at", at)
            if now[0] is Status.RESOLVED:
                first_seen.setdefault("first_resolved_at", at)
            if not _none(row.values.get("assigned_to")):
                first_seen.setdefault("first_assigned_at", at)
            previous, status = row.values, now
            good.append(row)
        if not good:
            return
        fields = self._final(previous, status, first_seen)
        yield ImportedIncident(_key(previous), fields, history, line=good[0].line).seal()

    def _check(self, values: dict[str, Any]) -> None:
        for column, read in (
            ("priority", code_words.read_priority),
            ("impact", code_words.read_level),
            ("urgency", code_words.read_level),
        ):
            value = values.get(column)
            if not _none(value) and read(value) is None:
                raise RowError(f"The {column} {str(value)!r} is not known.")
        for column in ("resolved_at", "closed_at"):
            self._instant(values, column)

    def _instant(self, values: dict[str, Any], column: str) -> datetime | None:
        if column not in values:
            return None
        try:
            return self._context.readers[column].read(values[column])
        except RowError as error:
            raise RowError(f"{column}: {error}") from error

    def _status(
        self, values: dict[str, Any], before: code_words.StatusWord
    ) -> code_words.StatusWord:
        """Read the state; a code that nobody knows (logs hold -100) leaves it as it was."""
        value = text_of(values.get(self._state)).strip()
        return _NUMBERS.get(value) or code_words.read_status(value) or before

    def _created(
        self,
        values: dict[str, Any],
        status: code_words.StatusWord,
        at: datetime,
        opened: datetime,
    ) -> ImportedEvent:
        changes = [FieldChange("status", "", status[0].value)]
        if status[1] is not None:
            changes.append(FieldChange("pending_reason", "", status[1].value))
        for field in (
            "priority",
            "impact",
            "urgency",
            "category",
            "assignment_group",
            "assigned_to",
        ):
            shown = self._shown(field, values)
            if shown:
                changes.append(FieldChange(_FIELDS[field], "", shown))
        openers = (values.get(name) for name in ("opened_by", "sys_created_by", "sys_updated_by"))
        author = next((_name(value) for value in openers if not _none(value)), "")
        text = text_of(values.get(self._state)).strip()
        by = _name(values.get("sys_updated_by"))
        if at != opened or by != author:
            text = f"{text}; recorded {at:%Y-%m-%d %H:%M} UTC by {by or 'nobody named'}"
        return ImportedEvent(opened, author, EntryKind.CREATED, text, tuple(changes))

    def _update(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        before: code_words.StatusWord,
        now: code_words.StatusWord,
        at: datetime,
    ) -> ImportedEvent:
        changes: list[FieldChange] = []
        kind, text = EntryKind.CHANGE, ""
        if new.get(self._state) != old.get(self._state):
            text = text_of(new.get(self._state)).strip()
        if now != before:
            kind = EntryKind.STATUS
            if now[0] is not before[0]:
                changes.append(FieldChange("status", before[0].value, now[0].value))
            if now[1] is not before[1]:
                reasons = tuple(str(reason or "") for reason in (before[1], now[1]))
                changes.append(FieldChange("pending_reason", *reasons))
        for column in self._told:
            if new[column] != old[column]:
                shown = self._shown(column, old), self._shown(column, new)
                field = _FIELDS.get(column, CUSTOM + column)
                if shown[0] != shown[1] and not any(c.field == field for c in changes):
                    changes.append(FieldChange(field, *shown))
        if not changes and not text:
            text = "Updated; no recorded field changed"
        author = _name(new.get("sys_updated_by"))
        return ImportedEvent(at, author, kind, text, tuple(changes))

    def _shown(self, column: str, values: dict[str, Any]) -> str:
        """Return a cell as a change shows it: codes as ours, the category as its path."""
        value = values.get(column)
        if column in ("category", "subcategory"):
            return _category(values)
        if _none(value):
            return ""
        if column == "priority":
            return code_words.read_priority(value) or text_of(value)
        if column in ("impact", "urgency", "severity"):
            return str(code_words.read_level(value) or text_of(value))
        if column == "contact_type":
            return str(code_words.read_channel(value) or text_of(value))
        if column in _TEXTS:
            return text_of(value)
        return str(_custom_value(value)).lower() if _is_flag(value) else _name(value)

    def _final(
        self,
        values: dict[str, Any],
        status: code_words.StatusWord,
        first_seen: dict[str, datetime],
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {"title": _title(values), "status": status[0]}
        if status[1] is not None:
            fields["pending_reason"] = status[1]
        if status[0] is Status.CANCELLED:
            fields["cancel_reason"] = CancelReason.UNNECESSARY
        for column, field in _FIELDS.items():
            value = values.get(column)
            if column in _NAMES and not _none(value):
                fields[field] = _name(value)
            elif column in ("description", "close_notes") and not _none(value):
                fields[field] = text_of(value)
        category = _category(values)
        if category:
            fields["category"] = category
        if not _none(values.get("priority")):
            fields["priority"] = code_words.read_priority(values["priority"])
        for column in ("impact", "urgency", "severity"):
            level = None if _none(values.get(column)) else code_words.read_level(values[column])
            if level is not None:
                fields[column] = level
        for column in ("reassignment_count", "reopen_count"):
            count = text_of(values.get(column)).strip()
            if count.isdigit():
                fields[column] = int(count)
        fields["registered_at"] = self._instant(values, "opened_at")
        for column in ("resolved_at", "closed_at"):
            moment = self._instant(values, column)
            if moment is not None:
                fields[column] = moment
        fields.update(first_seen)
        fields["custom"] = self._final_custom(values, fields)
        return fields

    def _final_custom(self, values: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        kept = {
            column: _custom_value(values[column])
            for column in self._custom
            if not _none(values[column])
        }
        created = self._instant(values, "sys_created_at")
        if created is not None:
            kept["sys_created_at"] = created.isoformat()
        contact = values.get("contact_type")
        if not _none(contact):
            kept["contact_type"] = _name(contact)
            channel = code_words.read_channel(contact)
            if channel is not None:
                fields["channel"] = channel
        return kept


def _none(value: object) -> bool:
    return value is None or value in ("", "?")


def _name(value: Any) -> str:
    """Return a name with single blanks ("Opened by  8" and "Opened by 8" are one person)."""
    return "" if _none(value) else " ".join(text_of(value).split())


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or (
        isinstance(value, str) and value.lower() in ("true", "false")
    )


def _custom_value(value: Any) -> Any:
    if _is_flag(value):
        return value if isinstance(value, bool) else value.lower() == "true"
    text = _name(value)
    return int(text) if text.isdigit() and len(text) < 16 and str(int(text)) == text else text


def _category(values: dict[str, Any]) -> str:
    levels = (_name(values.get("category")), _name(values.get("subcategory")))
    return "/".join(level for level in levels if level)


def _title(values: dict[str, Any]) -> str:
    """Return the short description, or say what is known where the log has none."""
    told = values.get("short_description")
    if not _none(told):
        return text_of(told)
    parts = [
        _name(values.get(column))
        for column in ("category", "subcategory", "u_symptom")
        if not _none(values.get(column))
    ]
    return ": ".join((" / ".join(parts[:2]), *parts[2:])) if parts else f"Incident {_key(values)}"
