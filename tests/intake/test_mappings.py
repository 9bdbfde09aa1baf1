"""The exports of other tools: each is recognised, and its words become ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import Channel, PendingReason, Status
from app.intake.import_record import ImportedIncident, Rejected
from app.intake.mappings import MAPPINGS, mapping_by_name
from app.intake.table_import import guess_mapping, open_table, read_incidents

if TYPE_CHECKING:
    from pathlib import Path


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def read(data: Any, mapping: str | None = None) -> list[ImportedIncident]:
    source = data.encode() if isinstance(data, str) else data
    found = list(read_incidents(source, mapping=mapping))
    assert not [one for one in found if isinstance(one, Rejected)], found
    return [one for one in found if isinstance(one, ImportedIncident)]


SERVICENOW = """number,short_description,state,priority,caller_id,assigned_to,assignment_group,\
opened_at,resolved_at,contact_type,category,subcategory,impact,urgency,close_notes
INC0010001,VPN drops,On Hold,2 - High,Nina Berg,Ana Ruiz,Network,2026-03-02 09:00:00,,Phone,\
Network,VPN,2 - Medium,1 - High,
INC0010002,Mail slow,6,3 - Moderate,Tom Hale,Ana Ruiz,Mail,2026-03-02 10:00:00,2026-03-02 12:00:00,\
Self-service,Software,,3,3,Restarted
"""
JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Assignee,Reporter,\
Created,Resolved,Labels,Labels,Description
VPN drops,HELP-7,10007,Incident,Waiting for customer,HELP,Highest,Ana Ruiz,Nina Berg,\
05/Mar/26 9:12 AM,,vpn,,It drops
"""
JIRA_JSON = {
    "issues": [
        {
            "key": "HELP-7",
            "self": "x",
            "fields": {
                "summary": "VPN drops",
                "status": {"name": "In Progress"},
                "priority": {"name": "High"},
                "reporter": {"displayName": "Nina Berg"},
                "created": "2026-03-05T09:12:00.000+0100",
                "labels": ["vpn"],
            },
        }
    ]
}
GITHUB = [
    {
        "number": 12, "title": "Crash", "body": "On start", "state": "closed",
        "labels": [{"name": "bug"}], "user": {"login": "nina"}, "assignee": {"login": "ana"},
        "created_at": "2026-03-05T09:12:00Z", "closed_at": "2026-03-06T09:12:00Z",
    }
]  # fmt: skip
LINEAR = """ID,Team,Title,Description,Status,Priority,Creator,Assignee,Labels,Cycle Number,Created,\
Started,Completed,Canceled
OPS-3,Ops,Disk full,,Done,Urgent,nina,ana,"disk, raid",,2026-03-05T09:00:00Z,2026-03-05T09:30:00Z,\
2026-03-05T11:00:00Z,
"""
GLPI = """"ID";"Title";"Status";"Last update";"Opening date";"Priority";"Requester - Requester";\
"Assigned to - Technician";"Category";"Solve date"
"42";"Printer";"Processing (assigned)";"2026-03-05 10:00";"2026-03-05 09:00";"Very high";\
"Nina Berg";"Ana Ruiz";"Hardware > Printer";""
"""
OSTICKET = """Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,\
Source,Current Status,Agent Assigned
100042,2026-03-05 09:00:00,Printer,Nina Berg,nina@example.com,Emergency,Support,\
Report a Problem,Web,Open,Ana Ruiz
"""
ZAMMAD = """number,title,state,priority,group,owner,customer,created_at,close_at
65001,Printer,pending reminder,3 high,Users,Ana Ruiz,nina@example.com,2026-03-05T09:00:00Z,
"""
SPICEWORKS = """Ticket Number,Summary,Description,Status,Priority,Category,Creator,Assignee,\
Created On,Due On,Closed On
7,Printer,No paper,closed,Medium,Hardware,Nina Berg,Ana Ruiz,2026-03-05 09:00,,2026-03-05 10:00
"""
OTRS = """Ticket#;Age;Created;Closed;State;Priority;Queue;Lock;Owner;Customer User;Title
2026030542;1 h;2026-03-05 09:00:00;;closed successful;5 very high;Postmaster;lock;ana;nina;Printer
"""
RT = """id\tSubject\tStatus\tQueueName\tQueue\tOwner\tPriority\tRequestors\tCreated\tResolved\t\
LastUpdated\tTimeWorked
42\tPrinter\tstalled\tGeneral\tGeneral\tNobody\t50\tnina@example.com\t2026-03-05 09:00:00\t\t\
2026-03-05 10:00:00\t0
"""

CASES: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "servicenow",
        SERVICENOW,
        {
            "external_id": "INC0010001", "title": "VPN drops", "status": Status.PENDING,
            "pending_reason": PendingReason.CALLER, "priority": "P2", "category": "Network/VPN",
            "impact": 2, "urgency": 1, "requester": "Nina Berg", "channel": Channel.PHONE,
        },
    ),
    (
        "jira",
        JIRA,
        {
            "external_id": "HELP-7", "title": "VPN drops", "status": Status.PENDING,
            "priority": "P1", "requester": "Nina Berg", "registered_at": utc(2026, 3, 5, 9, 12),
            "tags": ("vpn",),
        },
    ),
    (
        "jira",
        json.dumps(JIRA_JSON),
        {
            "external_id": "HELP-7", "title": "VPN drops", "status": Status.IN_PROGRESS,
            "priority": "P2", "requester": "Nina Berg", "registered_at": utc(2026, 3, 5, 8, 12),
            "tags": ("vpn",),
        },
    ),
    (
        "github",
        json.dumps(GITHUB),
        {
            "external_id": "12", "title": "Crash", "status": Status.CLOSED, "requester": "nina",
            "assignee": "ana", "tags": ("bug",), "closed_at": utc(2026, 3, 6, 9, 12),
        },
    ),
    (
        "linear",
        LINEAR,
        {
            "external_id": "OPS-3", "status": Status.RESOLVED, "priority": "P1", "team": "Ops",
            "tags": ("disk", "raid"), "acknowledged_at": utc(2026, 3, 5, 9, 30),
            "resolved_at": utc(2026, 3, 5, 11),
        },
    ),
    (
        "glpi",
        GLPI,
        {
            "external_id": "42", "title": "Printer", "status": Status.ASSIGNED, "priority": "P1",
            "requester": "Nina Berg", "assignee": "Ana Ruiz", "category": "Hardware/Printer",
        },
    ),
    (
        "osticket",
        OSTICKET,
        {
            "external_id": "100042", "status": Status.NEW, "priority": "P1", "team": "Support",
            "channel": Channel.PORTAL, "category": "Report a Problem", "assignee": "Ana Ruiz",
        },
    ),
    (
        "zammad",
        ZAMMAD,
        {
            "external_id": "65001", "status": Status.PENDING, "priority": "P2", "team": "Users",
            "pending_reason": PendingReason.SCHEDULED, "requester": "nina@example.com",
        },
    ),
    (
        "spiceworks",
        SPICEWORKS,
        {
            "external_id": "7", "title": "Printer", "status": Status.CLOSED, "priority": "P3",
            "closed_at": utc(2026, 3, 5, 10), "requester": "Nina Berg",
        },
    ),
    (
        "otrs",
        OTRS,
        {
            "external_id": "2026030542", "status": Status.CLOSED, "priority": "P1",
            "team": "Postmaster", "assignee": "ana", "requester": "nina",
        },
    ),
    (
        "rt",
        RT,
        {
            "external_id": "42", "status": Status.PENDING, "team": "General",
            "requester": "nina@example.com", "custom": {"priority": "50"},
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[c[0] for c in CASES])
def test_an_export_is_recognised_and_read_in_our_words(
    name: str, data: str, expected: dict[str, Any]
) -> None:
    assert guess_mapping(open_table(data.encode())).mapping == name

    first = read(data)[0]

    found = {**first.fields, "external_id": first.external_id}
    if "custom" in expected:
        found["custom"] = {k: found["custom"].get(k) for k in expected["custom"]}
    assert {key: found.get(key) for key in expected} == expected


def test_every_mapping_of_the_design_page_is_there_by_its_name() -> None:
    wanted = [
        "servicenow-log",
        "servicenow-journal",
        "servicenow",
        "jira",
        "freshservice",
        "glpi",
        "osticket",
        "zammad",
        "spiceworks",
        "otrs",
        "rt",
        "django-helpdesk",
        "github",
        "linear",
        "generic",
    ]

    assert sorted(mapping.name for mapping in MAPPINGS) == sorted(wanted)
    for name in wanted:
        assert mapping_by_name(name).title


def test_numbers_of_servicenow_stand_for_states() -> None:
    found = read(SERVICENOW)[1]

    assert (found.fields["status"], found.fields["resolution"]) == (Status.RESOLVED, "Restarted")
    assert [event.changes[0].new for event in found.history] == ["new", "resolved"]


def test_tickets_of_freshservice_come_in_with_their_facts(real_data: Path) -> None:
    found = read((real_data / "exports_of_other_tools" / "freshservice_tickets.json").read_bytes())

    assert len(found) == 8
    counted = [one.fields["priority"] for one in found]
    assert {p: counted.count(p) for p in set(counted)} == {"P3": 3, "P4": 2, "P2": 2, "P1": 1}
    states = [one.fields["status"] for one in found]
    assert states.count(Status.PENDING) == 3
    assert all(state.is_open for state in states)
    assert not any("<" in one.fields.get("description", "") for one in found)
    assert found[0].fields["registered_at"] == utc(2023, 4, 9, 11, 21, 47)


def test_a_fixture_of_django_helpdesk_comes_in_with_its_follow_ups(real_data: Path) -> None:
    path = real_data / "exports_of_other_tools" / "django_helpdesk_demo.json"
    reader = read_incidents(path)

    found = [one for one in reader if isinstance(one, ImportedIncident)]

    assert reader.plan.mapping == "django-helpdesk"
    assert len(found) == 3
    assert sum(len(one.history) for one in found) == 4
    assert sum(len(one.attachments) for one in found) == 2
    assert any("3 knowledge items" in note for note in reader.plan.notes)


def test_columns_of_nobody_are_kept_as_custom_fields_and_nothing_is_lost() -> None:
    (found,) = read("number,title,Shelf No,severity\nT-1,Down,A4,odd\n")

    assert found.fields["custom"] == {"shelf_no": "A4", "severity": "odd"}


def test_a_status_that_nobody_knows_rejects_its_row_and_says_what_to_do() -> None:
    (found,) = list(read_incidents(b"number,title,status\nT-1,Down,parked\n"))

    assert found == Rejected(2, "The status 'parked' is not known; map it in a mapping file.")


def test_of_rows_with_one_key_the_last_counts_and_the_others_are_told() -> None:
    data = b"number,title\nT-1,Down\nT-2,Other\nT-1,Down again\n"

    found = list(read_incidents(data))

    assert [one.fields["title"] for one in found if isinstance(one, ImportedIncident)] == [
        "Down again",
        "Other",
    ]
    (early,) = [one for one in found if isinstance(one, Rejected)]
    assert early.line == 2
    assert "comes again in line 4" in early.reason


MAPPING = """
name = "helpline"
base = "generic"
date_order = "dmy"
zone = "Europe/London"
[columns]
"Ticket No" = "external_id"
"Short text" = "title"
"Opened" = "registered_at"
"Shelf" = "custom.shelf"
"Internal" = ""
"State" = "status"
[values.status]
"Parked" = "pending:vendor"
"""
HELPLINE = b"""Ticket No;Short text;Opened;Shelf;Internal;State;Priority
7;Down;03/07/2026 10:00;A4;x;Parked;High
"""


def test_a_mapping_file_says_which_column_is_what(tmp_path: Path) -> None:
    path = tmp_path / "helpline.toml"
    path.write_text(MAPPING, encoding="utf-8")

    (found,) = read(HELPLINE, str(path))

    assert found.external_id == "7"
    assert found.fields == {
        "title": "Down",
        "registered_at": utc(2026, 7, 3, 9),
        "custom": {"shelf": "A4"},
        "status": Status.PENDING,
        "pending_reason": PendingReason.VENDOR,
        "priority": "P2",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns = 3", "is needed"),
        ("[columns\n", "cannot be understood"),
        ('[columns]\n"A" = "nonsense"', "does not have"),
        ('surprise = 1\n[columns]\n"A" = "title"', "is not known"),
        ('date_order = "ymd"\n[columns]\n"A" = "title"', "say dmy or mdy"),
        ('encoding = "klingon"\n[columns]\n"A" = "title"', "klingon"),
        ('zone = "Mars/Base"\n[columns]\n"Short text" = "title"', "Mars/Base"),
        ('[columns]\n"Nowhere" = "title"', "has no column 'Nowhere'"),
    ],
)
def test_a_wrong_mapping_file_is_refused_with_what_is_wrong(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidInputError, match=says):
        read(HELPLINE, str(path))


def test_a_mapping_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="check its name"):
        read(HELPLINE, str(tmp_path / "none.json"))


def test_a_table_of_something_else_is_refused_with_its_columns() -> None:
    with pytest.raises(InvalidInputError, match=r"xx, yy"):
        read("xx,yy\n1,2\n")
