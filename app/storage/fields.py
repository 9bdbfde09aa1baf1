"""Where each field of an incident lives: the one map between journal values and columns.

A journal value is JSON: references are 32 hexadecimal digits, instants are milliseconds since 1970
in UTC. A column holds the same as SQLite likes it: 16-byte blobs and integers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

TEXT, INTEGER, FLAG, INSTANT, REFERENCE = "text", "integer", "flag", "instant", "reference"


class FieldColumn(NamedTuple):
    """A field's table, column and kind of value."""

    table: str
    column: str
    kind: str


def _columns(table: str, kind: str, names: str) -> dict[str, FieldColumn]:
    return {name: FieldColumn(table, name, kind) for name in names.split()}


FIELDS: dict[str, FieldColumn] = {
    **_columns("incident", TEXT, "title status pending_reason priority channel external_id"),
    **_columns("incident", TEXT, "outcome fix_type cause_class"),
    **_columns("incident", INTEGER, "impact urgency severity reopen_count reassignment_count"),
    **_columns("incident", INTEGER, "satisfaction"),
    **_columns("incident", FLAG, "major outage deleted"),
    **_columns("incident", REFERENCE, "requester assignee team category service ci location"),
    **_columns("incident", REFERENCE, "merged_into problem_id"),
    **_columns("incident", INSTANT, "registered_at occurred_at detected_at reported_at"),
    **_columns("incident", INSTANT, "acknowledged_at first_assigned_at first_response_at"),
    **_columns("incident", INSTANT, "first_resolved_at resolved_at closed_at cancelled_at"),
    **_columns("incident", INSTANT, "restored_at follow_up_at"),
    **_columns("incident_detail", TEXT, "description priority_override_reason cancel_reason"),
    **_columns("incident_detail", TEXT, "detection root_cause contributing_factors zone"),
    **_columns("incident_detail", TEXT, "business_effect workaround resolution"),
    **_columns("incident_detail", TEXT, "verified_by verified_how response_result"),
    **_columns("incident_detail", TEXT, "resolution_result"),
    **_columns("incident_detail", INTEGER, "people_affected"),
    **_columns("incident_detail", REFERENCE, "incident_manager"),
    **_columns("incident_detail", INSTANT, "major_declared_at escalated_at verified_at"),
    **_columns("incident_detail", INSTANT, "workaround_applied_at survey_sent_at"),
    **_columns("incident_detail", INSTANT, "review_due_at review_done_at survey_answered_at"),
    **_columns("incident_detail", TEXT, "major_reason stand_down_reason"),
    **_columns("incident_detail", TEXT, "five_whys went_well went_badly"),
    **_columns("incident_detail", REFERENCE, "communications_lead technical_lead scribe"),
    **_columns("incident_detail", INSTANT, "stood_down_at next_update_at"),
    **_columns("incident_detail", INTEGER, "update_every_s"),
}

REFERENCE_KINDS = {
    "requester": "person",
    "assignee": "person",
    "incident_manager": "person",
    "communications_lead": "person",
    "technical_lead": "person",
    "scribe": "person",
    "team": "team",
    "category": "category",
    "service": "service",
    "ci": "ci",
    "location": "location",
}
"""The catalogue in which a reference is looked up."""

IS_FLAG = (
    "{0}.value IN ('True', 'False') AND EXISTS (SELECT 1 FROM catalogue_item d "
    "WHERE d.kind = 'custom_field' AND d.name = {0}.field "
    "AND json_extract(d.data, '$.type') = 'yes_no')"
)
"""Whether a row of `custom_value` is yes or no, which the table holds as True and False."""

NOT_NULL = {
    "title": "",
    "description": "",
    "status": "new",
    "priority": "P4",
    "channel": "phone",
    "impact": 3,
    "urgency": 3,
    "major": 0,
    "outage": 0,
    "deleted": 0,
    "reopen_count": 0,
    "reassignment_count": 0,
    "registered_at": 0,
}
"""What stands in a column that cannot be empty when the journal says nothing."""


def column_value(field: str, value: Any) -> Any:
    """Turn a journal value into what its column holds."""
    if value is None:
        return NOT_NULL.get(field)
    kind = FIELDS[field].kind
    if kind == REFERENCE:
        return bytes.fromhex(value)
    if kind == FLAG:
        return 1 if value else 0
    return value
