"""`jira`, `github`, `linear`: trackers of work whose issues teams also use as incidents.

Column names are those of Jira's CSV export (Cloud 2024 and Data Center 9: a column comes again for
each label, watcher and comment) and REST answers (versions 2 and 3), of GitHub's API (2022-11-28)
and its command line 2, and of Linear's CSV export (2024).
"""

from __future__ import annotations

from app.intake.column_mapping import ColumnMapping
from app.intake.comments import COMMENTS

JIRA = ColumnMapping(
    name="jira",
    title="Jira issues",
    aliases={
        "issue_key": "external_id",
        "key": "external_id",
        "summary": "title",
        "description": "description",
        "status": "status",
        "priority": "priority",
        "severity": "severity",
        "impact": "impact",
        "urgency": "urgency",
        "reporter": "requester",
        "creator": "requester",
        "assignee": "assignee",
        "created": "registered_at",
        "resolved": "resolved_at",
        "resolutiondate": "resolved_at",
        "resolution": "custom.resolution",
        "labels": "tags",
        "component_s": "service",
        "components": "service",
        "request_type": "category",
        "custom_field_request_type": "category",
        "custom_field_request_participants": "watchers",
        "watchers": "watchers",
        "root_cause": "root_cause",
        "custom_field_root_cause": "root_cause",
        "workaround": "workaround",
        "comment": COMMENTS,
        "comments": COMMENTS,
        "issue_type": "custom.issue_type",
        "issuetype": "custom.issue_type",
    },
    marks=("issue_key", "summary", "issue_type", "project_key"),
    values={
        "priority": {"p0": "highest", "severity_1": "highest"},
        "status": {
            "triage": "new", "selected_for_development": "new", "in_review": "in_progress",
            "waiting_for_approval": "pending",
        },
    },
    left_out=frozenset(("self", "expand", "fields", "last_viewed", "lastviewed", "watchers_id")),
    inside="fields",
    inside_marks=("key", "fields"),
)  # fmt: skip

GITHUB = ColumnMapping(
    name="github",
    title="GitHub issues",
    aliases={
        "number": "external_id",
        "title": "title",
        "body": "description",
        "state": "status",
        "user": "requester",
        "author": "requester",
        "assignee": "assignee",
        "assignees": "assignee",
        "labels": "tags",
        "created_at": "registered_at",
        "createdat": "registered_at",
        "closed_at": "closed_at",
        "closedat": "closed_at",
        "html_url": "custom.url",
        "url": "custom.url",
        "comments": COMMENTS,
        "milestone": "custom.milestone",
        "state_reason": "custom.state_reason",
        "statereason": "custom.state_reason",
    },
    marks=("number", "title", "body", "state", "labels"),
    keep_others=False,
)

LINEAR = ColumnMapping(
    name="linear",
    title="Linear issues",
    aliases={
        "id": "external_id",
        "identifier": "external_id",
        "title": "title",
        "description": "description",
        "status": "status",
        "priority": "priority",
        "creator": "requester",
        "assignee": "assignee",
        "team": "team",
        "labels": "tags",
        "created": "registered_at",
        "started": "acknowledged_at",
        "completed": "resolved_at",
        "canceled": "cancelled_at",
    },
    marks=("id", "team", "title", "status", "cycle_number", "creator", "completed", "canceled"),
    values={
        "priority": {"no_priority": "low", "0": "low"},
        "status": {"triage": "new", "in_review": "in_progress"},
    },
)

TRACKERS = (JIRA, GITHUB, LINEAR)
