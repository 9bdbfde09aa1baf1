"""`osticket`, `zammad`, `spiceworks`, `otrs`, `rt`: lists that other help desks export.

One row is one ticket. Column names are those of osTicket 1.18 (export of a queue), Zammad 6 (CSV,
and its interface with `expand=true`), Spiceworks Desktop 7.5 and Cloud, OTRS 6 and Znuny 6
(`SearchCSVData`), and Request Tracker 5 (Results.tsv). Scales that run the other way (5 is the
highest) are turned here.
"""

from __future__ import annotations

from app.intake.column_mapping import ColumnMapping
from app.intake.comments import COMMENTS

OSTICKET = ColumnMapping(
    name="osticket",
    title="osTicket tickets",
    aliases={
        "ticket_number": "external_id",
        "subject": "title",
        "from": "requester",
        "from_email": "custom.from_email",
        "priority": "priority",
        "department": "team",
        "help_topic": "category",
        "source": "channel",
        "current_status": "status",
        "status": "status",
        "date_created": "registered_at",
        "closed_date": "closed_at",
        "date_closed": "closed_at",
        "agent_assigned": "assignee",
        "assigned_to": "assignee",
        "team_assigned": "custom.team_assigned",
        "reopen_count": "reopen_count",
    },
    marks=("ticket_number", "date_created", "subject", "help_topic", "department"),
    values={"priority": {"emergency": "critical"}, "channel": {"web": "portal", "api": "import"}},
)

ZAMMAD = ColumnMapping(
    name="zammad",
    title="Zammad tickets",
    aliases={
        "number": "external_id",
        "title": "title",
        "state": "status",
        "state_id": "status",
        "priority": "priority",
        "priority_id": "priority",
        "group": "team",
        "owner": "assignee",
        "customer": "requester",
        "organization": "custom.organization",
        "created_at": "registered_at",
        "first_response_at": "first_response_at",
        "close_at": "closed_at",
        "pending_time": "follow_up_at",
        "create_article_type": "channel",
        "tags": "tags",
        "note": "description",
        "articles": COMMENTS,
    },
    marks=("number", "title", "state", "group", "owner", "customer", "close_at"),
    values={
        "assignee": {"": ""},
        # The numbers of a new installation; another number refuses its row.
        "status": {
            "1": "new",
            "2": "open",
            "3": "pending_reminder",
            "4": "closed",
            "5": "merged",
        },
        "priority": {
            "1_low": "low",
            "2_normal": "medium",
            "3_high": "high",
            "1": "low",
            "2": "medium",
            "3": "high",
        },
        "channel": {"note": "direct"},
    },
)

SPICEWORKS = ColumnMapping(
    name="spiceworks",
    title="Spiceworks tickets",
    aliases={
        "ticket_number": "external_id",
        "number": "external_id",
        "id": "external_id",
        "summary": "title",
        "description": "description",
        "status": "status",
        "priority": "priority",
        "category": "category",
        "creator": "requester",
        "created_by": "requester",
        "assignee": "assignee",
        "assigned_to": "assignee",
        "organization": "custom.organization",
        "created_on": "registered_at",
        "created_at": "registered_at",
        "closed_on": "closed_at",
        "closed_at": "closed_at",
        "due_on": "custom.due_on",
        "due_at": "custom.due_at",
        "related_to": "ci",
        "site": "location",
    },
    marks=("summary", "status", "priority", "created_on", "closed_on", "assignee", "due_on"),
)

OTRS = ColumnMapping(
    name="otrs",
    title="OTRS and Znuny tickets",
    aliases={
        "ticket": "external_id",
        "ticketnumber": "external_id",
        "ticket_number": "external_id",
        "title": "title",
        "subject": "title",
        "state": "status",
        "priority": "priority",
        "queue": "team",
        "owner": "assignee",
        "agent": "assignee",
        "responsible": "custom.responsible",
        "from": "requester",
        "articletree": "description",
        "article_tree": "description",
        "customer_user": "requester",
        "customeruserid": "requester",
        "customer_id": "custom.customer_id",
        "customerid": "custom.customer_id",
        "service": "service",
        "type": "category",
        "created": "registered_at",
        "close_time": "closed_at",
        "closed": "closed_at",
        "firstresponse": "first_response_at",
    },
    marks=("ticket", "state", "queue", "lock", "created"),
    values={
        "priority": {
            "1_very_low": "low", "2_low": "low", "3_normal": "medium", "4_high": "high",
            "5_very_high": "critical",
        },
    },
)  # fmt: skip

RT = ColumnMapping(
    name="rt",
    title="Request Tracker tickets",
    aliases={
        "id": "external_id",
        "subject": "title",
        "status": "status",
        "queue": "team",
        "queuename": "team",
        "owner": "assignee",
        "ownername": "assignee",
        "requestors": "requester",
        "requestor": "requester",
        # A number from 0 to 100 whose meaning each queue chooses: kept, not judged.
        "priority": "custom.priority",
        "created": "registered_at",
        "started": "acknowledged_at",
        "resolved": "resolved_at",
        "told": "custom.told",
    },
    marks=("id", "subject", "status", "queue", "requestors", "lastupdated", "timeworked"),
    values={"assignee": {"nobody": ""}, "status": {"stalled": "pending"}},
)

HELP_DESKS = (OSTICKET, ZAMMAD, SPICEWORKS, OTRS, RT)
