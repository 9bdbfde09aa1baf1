"""`django-helpdesk`: the fixture that `manage.py dumpdata` writes, all models in one JSON array.

Tickets refer to queues, users and follow-ups by number, so the whole dump is gathered first.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.domain.incident import CancelReason, EntryKind, PendingReason, Status
from app.domain.incident_record import FieldChange
from app.intake.code_words import read_priority, word
from app.intake.import_record import (
    CUSTOM,
    ImportedAttachment,
    ImportedEvent,
    ImportedIncident,
    Rejected,
    RowError,
)
from app.intake.instants import InstantReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.intake.import_record import Record
    from app.intake.mapping import ImportContext
    from app.intake.table import Table

_STATUS = {
    1: Status.NEW,
    2: Status.IN_PROGRESS,
    3: Status.RESOLVED,
    4: Status.CLOSED,
    5: Status.CANCELLED,
}
"""Open, Reopened, Resolved, Closed, Duplicate."""

_COLUMNS = {
    "title": "title",
    "queue": "team",
    "created": "registered_at",
    "submitter_email": "requester",
    "assigned_to": "assignee",
    "status": "status",
    "on_hold": "status",
    "description": "description",
    "resolution": "resolution",
    "priority": "priority",
    "due_date": CUSTOM + "due_date",
    "modified": CUSTOM + "modified",
}

Models = dict[str, dict[Any, "Record"]]


class DjangoHelpdesk:
    """The mapping `django-helpdesk`."""

    name = "django-helpdesk"
    title = "django-helpdesk fixture"

    def confidence(self, table: Table) -> float:
        """Be sure when the rows are models of the app `helpdesk`."""
        if not {"model", "pk", "fields"} <= set(table.columns):
            return 0.0
        return max(
            (1.0 for row in table.sample if str(row.get("model", "")).startswith("helpdesk.")),
            default=0.0,
        )

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column of a ticket."""
        return dict(_COLUMNS)

    def read(self, table: Table, context: ImportContext) -> Iterator[ImportedIncident | Rejected]:
        """Read every ticket with its follow-ups."""
        models: Models = defaultdict(dict)
        for row in table.rows(context.watch):
            if isinstance(row, Rejected):
                yield row
            elif isinstance(row.values.get("fields"), dict):
                models[str(row.values.get("model", ""))][row.values.get("pk")] = row
            else:
                yield Rejected(row.line, "The entry is not a model with fields.")
        knowledge = len(models.get("helpdesk.kbitem", {}))
        if knowledge:
            context.notes.append(f"{knowledge} knowledge items of the file are not incidents.")
        dump = _Dump(models, InstantReader(context.zone, context.date_order))
        for pk, row in models["helpdesk.ticket"].items():
            try:
                yield dump.ticket(pk, row)
            except RowError as error:
                yield Rejected(row.line, str(error))


class _Dump:
    """The models of a dump, by kind and number."""

    def __init__(self, models: Models, instants: InstantReader) -> None:
        self._models = models
        self._instants = instants
        self._follow_ups = self._children("helpdesk.followup", "ticket")
        self._copies = self._children("helpdesk.ticketcc", "ticket")
        self._custom = self._children("helpdesk.ticketcustomfieldvalue", "ticket")
        self._files = self._children("helpdesk.followupattachment", "followup")

    def _children(self, model: str, parent: str) -> dict[Any, list[tuple[Any, dict[str, Any]]]]:
        result: dict[Any, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
        for pk, row in self._models.get(model, {}).items():
            fields = row.values["fields"]
            result[fields.get(parent)].append((pk, fields))
        return result

    def _fields(self, model: str, pk: Any) -> dict[str, Any]:
        row = self._models.get(model, {}).get(pk)
        found: dict[str, Any] = row.values["fields"] if row else {}
        return found

    def _user(self, pk: Any) -> str:
        user = self._fields("auth.user", pk)
        whole = f"{user.get('first_name', '')} {user.get('last_name', '')}".strip()
        return str(whole or user.get("username") or ("" if pk is None else f"User {pk}"))

    def ticket(self, pk: Any, row: Record) -> ImportedIncident:
        """Read one ticket."""
        told = row.values["fields"]
        queue = self._fields("helpdesk.queue", told.get("queue"))
        title = str(told.get("title") or "")
        if not title:
            raise RowError("The ticket has no title.")
        status = _STATUS.get(told.get("status", 1))
        if status is None:
            raise RowError(f"The status {told.get('status')!r} is not known.")
        fields: dict[str, Any] = {"title": title, "status": status}
        if told.get("on_hold") and status.is_open:
            fields["status"] = Status.PENDING
            fields["pending_reason"] = PendingReason.CALLER
        if status is Status.CANCELLED:
            fields["cancel_reason"] = CancelReason.DUPLICATE
        fields["registered_at"] = self._instants.read(told.get("created"))
        priority = read_priority(told.get("priority", ""))
        people = {
            "description": told.get("description"),
            "resolution": told.get("resolution"),
            "requester": told.get("submitter_email"),
            "team": queue.get("title"),
            "assignee": self._user(told.get("assigned_to")),
            "priority": priority,
        }
        fields.update({name: value for name, value in people.items() if value})
        watchers = tuple(
            str(copy.get("email") or self._user(copy.get("user")))
            for _, copy in self._copies[pk]
            if copy.get("email") or copy.get("user") is not None
        )
        if watchers:
            fields["watchers"] = watchers
        custom = {name: told[name] for name in ("due_date", "modified") if told.get(name)}
        for _, value in self._custom[pk]:
            label = self._fields("helpdesk.customfield", value.get("field")).get("name", "")
            if label and value.get("value") not in (None, ""):
                custom[word(label)] = value["value"]
        if custom:
            fields["custom"] = custom
        history, files = self._history(pk, fields)
        external_id = f"{queue.get('slug', 'ticket')}-{pk}"
        return ImportedIncident(
            external_id, fields, history, attachments=files, line=row.line
        ).seal()

    def _history(
        self, pk: Any, fields: dict[str, Any]
    ) -> tuple[list[ImportedEvent], tuple[ImportedAttachment, ...]]:
        events: list[ImportedEvent] = []
        files: list[ImportedAttachment] = []
        before = Status.NEW
        for number, follow_up in self._follow_ups[pk]:
            at = self._instants.read(follow_up.get("date"))
            if at is None:
                continue
            author = self._user(follow_up.get("user"))
            text = "\n".join(
                str(follow_up[part]) for part in ("title", "comment") if follow_up.get(part)
            )
            status = _STATUS.get(follow_up.get("new_status") or 0)
            changes: tuple[FieldChange, ...] = ()
            if status is not None:
                changes = (FieldChange("status", before.value, status.value),)
                kind, before = EntryKind.STATUS, status
                stamp = {Status.RESOLVED: "resolved_at", Status.CLOSED: "closed_at"}.get(status)
                if stamp:
                    fields[stamp] = at
            elif not events:
                kind = EntryKind.CREATED
            else:
                kind = EntryKind.REPLY if follow_up.get("public") else EntryKind.NOTE
            events.append(ImportedEvent(at, author, kind, text, changes))
            for _, file in self._files[number]:
                files.append(
                    ImportedAttachment(
                        name=str(file.get("filename") or "file"),
                        size=int(file.get("size") or 0),
                        media_type=str(file.get("mime_type") or "application/octet-stream"),
                        added_at=at,
                        added_by=author,
                    )
                )
        return sorted(events, key=lambda event: event.at), tuple(files)
