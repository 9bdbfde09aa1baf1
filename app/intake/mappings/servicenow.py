"""`servicenow`: ServiceNow's list export, one row per incident (CSV, XLSX, XML or table JSON).

Column names are those of the incident table (Vancouver release); JSON is what the Table API gives,
also with `sysparm_display_value`. Journals ("comments and work notes") become timeline entries.
"""

from __future__ import annotations

from app.intake.column_mapping import SUBCATEGORY, ColumnMapping
from app.intake.comments import COMMENTS

_STATES = {
    "1": "new",
    "2": "in_progress",
    "3": "on_hold",
    "4": "awaiting_problem",
    "5": "on_hold",
    "6": "resolved",
    "7": "closed",
    "8": "cancelled",
}

SERVICENOW = ColumnMapping(
    name="servicenow",
    title="ServiceNow, one row per incident",
    aliases={
        "number": "external_id",
        "sys_id": "custom.sys_id",
        "short_description": "title",
        "description": "description",
        "incident_state": "status",
        "state": "status",
        "hold_reason": "custom.hold_reason",
        "priority": "priority",
        "impact": "impact",
        "urgency": "urgency",
        "severity": "severity",
        "category": "category",
        "subcategory": SUBCATEGORY,
        "business_service": "service",
        "service": "service",
        "cmdb_ci": "ci",
        "configuration_item": "ci",
        "location": "location",
        "contact_type": "channel",
        "channel": "channel",
        "caller_id": "requester",
        "caller": "requester",
        "assigned_to": "assignee",
        "assignment_group": "team",
        "opened_at": "registered_at",
        "opened": "registered_at",
        "sys_created_on": "registered_at",
        "created": "registered_at",
        "resolved_at": "resolved_at",
        "resolved": "resolved_at",
        "closed_at": "closed_at",
        "closed": "closed_at",
        "reopen_count": "reopen_count",
        "reassignment_count": "reassignment_count",
        "close_notes": "resolution",
        "resolution_notes": "resolution",
        "work_around": "workaround",
        "comments_and_work_notes": COMMENTS,
        "comments": COMMENTS,
        "additional_comments": COMMENTS,
        "work_notes": COMMENTS,
    },
    marks=("number", "short_description", "caller_id", "assignment_group"),
    values={"status": _STATES},
)
