"""`freshservice`: tickets of Freshservice and Freshdesk as their API and exports give them.

Descriptions are HTML with a plain twin; times are UTC; numbers stand for words in API answers.
Field names are those of the interfaces v2 (with `include=conversations`) and of the account export
of Freshdesk, whose tickets are wrapped in `helpdesk_ticket`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.incident import Status
from app.intake.column_mapping import SUBCATEGORY, ColumnMapping, comments_of, history_of
from app.intake.comments import COMMENTS
from app.intake.field_values import html_to_text
from app.intake.import_record import ImportedIncident, RowError

if TYPE_CHECKING:
    from app.intake.import_record import Record
    from app.intake.mapping import ImportContext


class Freshservice(ColumnMapping):
    """The mapping `freshservice`."""

    def incident(
        self, row: Record, columns: dict[str, str], context: ImportContext
    ) -> ImportedIncident:
        """Read one ticket; deleted ones and spam are refused with the reason."""
        for flag in ("deleted", "spam"):
            if row.values.get(flag) in (True, "true", "True"):
                raise RowError(f"The ticket is marked as {flag}.")
        inner = row.values.get("custom_fields")
        found = super().incident(row, columns, context)
        if isinstance(inner, dict):
            kept = {name: value for name, value in inner.items() if value not in (None, "")}
            if kept:
                found.fields.setdefault("custom", {}).update(kept)
        # "Open" covers both waiting and taken tickets; an agent or group tells them apart.
        if found.fields.get("status") is Status.NEW and found.fields.keys() & {"assignee", "team"}:
            found.fields["status"] = Status.ASSIGNED
            found.history = [*history_of(found.fields), *comments_of(found.history)]
        return found.seal()

    def cell(self, target: str, value: Any) -> Any:
        """Turn HTML into text, and an API's empty list into nothing."""
        if target == "description" and isinstance(value, str):
            return html_to_text(value)
        return None if value == [] else value


FRESHSERVICE = Freshservice(
    name="freshservice",
    title="Freshservice and Freshdesk",
    aliases={
        "id": "external_id",
        "display_id": "external_id",
        "ticket_id": "external_id",
        "subject": "title",
        "description_text": "description",
        "description": "description",
        "status": "status",
        "priority": "priority",
        "impact": "impact",
        "urgency": "urgency",
        "source": "channel",
        "category": "category",
        "sub_category": SUBCATEGORY,
        "item_category": SUBCATEGORY,
        "requester_name": "requester",
        "requester": "requester",
        "requester_id": "requester",
        "responder_name": "assignee",
        "agent": "assignee",
        "responder_id": "assignee",
        "group": "team",
        "group_name": "team",
        "group_id": "team",
        "department": "custom.department",
        "tags": "tags",
        "created_at": "registered_at",
        "created_time": "registered_at",
        "resolved_at": "resolved_at",
        "resolved_time": "resolved_at",
        "closed_at": "closed_at",
        "closed_time": "closed_at",
        "resolution_note": "resolution",
        "resolution_notes": "resolution",
        "location_name": "location",
        "conversations": COMMENTS,
        "notes": COMMENTS,
    },
    inside="helpdesk_ticket",
    inside_marks=("helpdesk_ticket",),
    marks=("subject", "fr_due_by", "due_by", "requester_id", "is_escalated"),
    values={
        "status": {"2": "open", "3": "pending", "4": "resolved", "5": "closed"},
        "priority": {"1": "low", "2": "medium", "3": "high", "4": "urgent"},
        "channel": {
            "1": "email", "2": "portal", "3": "phone", "4": "chat", "7": "chat", "9": "portal",
            "10": "email", "14": "monitoring",
        },
        "impact": {"1": "low", "2": "medium", "3": "high"},
        "urgency": {"1": "low", "2": "medium", "3": "high"},
    },
    left_out=frozenset(
        ("deleted", "spam", "custom_fields", "to_emails", "cc_emails", "fwd_emails", "description",
         "reply_cc_emails", "email_config_id", "requested_for_id", "requester_id", "responder_id")
    ),
)  # fmt: skip
