"""What people wrote in other tools comes along: comments, notes, follow-ups, with their authors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.incident import EntryKind, Status
from app.intake.import_record import ImportedIncident, Rejected
from app.intake.table_import import guess_mapping, open_table, read_incidents

SERVICENOW_CSV = (
    "number,short_description,state,caller_id,assignment_group,opened_at,comments_and_work_notes\n"
    "INC0010001,VPN drops,In Progress,Nina Berg,Network,2026-03-05 09:00:00,"
    '"2026-03-05 10:00:00 - Ana Ruiz (Work notes)\nLooked at it\n\n'
    '2026-03-05 09:30:00 - Nina Berg (Additional comments)\nStill down\n"\n'
)
SERVICENOW_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><incident>
<number>INC0010001</number><short_description>VPN drops</short_description><state>2</state>
<caller_id display_value="Nina Berg">6282</caller_id>
<assignment_group display_value="Network">287e</assignment_group>
<opened_at>2026-03-05 09:00:00</opened_at><priority>2</priority>
<work_notes>2026-03-05 10:00:00 - Ana Ruiz (Work notes)
Looked at it

2026-03-05 09:30:00 - Nina Berg (Additional comments)
Still down</work_notes></incident></xml>"""
SERVICENOW_JSON = {
    "result": [
        {
            "number": {"display_value": "INC0010001", "value": "INC0010001"},
            "short_description": {"display_value": "VPN drops", "value": "VPN drops"},
            "state": {"display_value": "In Progress", "value": "2"},
            "caller_id": {"display_value": "Nina Berg", "link": "x"},
            "assignment_group": {"display_value": "Network", "link": "x"},
            "opened_at": "2026-03-05 09:00:00",
            "comments_and_work_notes": "2026-03-05 10:00:00 - Ana Ruiz (Work notes)\nLooked at it"
            "\n\n2026-03-05 09:30:00 - Nina Berg (Additional comments)\nStill down\n",
        }
    ]
}
JIRA_CSV = (
    "\ufeffSummary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Assignee,Reporter,"
    "Created,Labels,Labels,Watchers,Watchers,Comment,Comment\r\n"
    "VPN drops,HELP-7,10007,Incident,In Progress,HELP,High,Ana Ruiz,Nina Berg,05/Mar/26 9:00 AM,"
    "vpn,remote,tom,eva,05/Mar/26 9:30 AM;Nina Berg;Still down,"
    '"05/Mar/26 10:00 AM;Ana Ruiz;Looked at it"\r\n'
)
JIRA_JSON = {
    "issues": [
        {
            "key": "HELP-7",
            "fields": {
                "summary": "VPN drops",
                "status": {"name": "In Progress"},
                "created": "2026-03-05T09:00:00.000+0000",
                "labels": ["vpn", "remote"],
                "description": {"type": "doc", "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": "It drops"}]}]},
                "comment": {"total": 2, "comments": [
                    {"author": {"displayName": "Nina Berg"}, "body": "Still down",
                     "created": "2026-03-05T09:30:00.000+0000"},
                    {"author": {"displayName": "Ana Ruiz"},
                     "body": {"type": "doc", "content": [{"type": "paragraph", "content": [
                         {"type": "text", "text": "Looked at it"}]}]},
                     "created": "2026-03-05T10:00:00.000+0000"},
                ]},
            },
        }
    ]
}  # fmt: skip
CONVERSATIONS = [
    {"body_text": "Still down", "incoming": True, "private": False, "from_email": "Nina Berg",
     "created_at": "2026-03-05T09:30:00Z"},
    {"body": "<div>Looked at it</div>", "incoming": False, "private": True, "user_id": "Ana Ruiz",
     "created_at": "2026-03-05T10:00:00Z"},
]  # fmt: skip
FRESHDESK = [
    {
        "id": 7, "subject": "VPN drops", "status": 3, "priority": 3, "requester_id": 5,
        "due_by": "2026-03-06T09:00:00Z", "fr_due_by": "2026-03-05T10:00:00Z",
        "is_escalated": False, "created_at": "2026-03-05T09:00:00Z",
        "conversations": CONVERSATIONS,
    }
]  # fmt: skip
FRESHDESK_ACCOUNT = [
    {
        "helpdesk_ticket": {
            "display_id": 7, "subject": "VPN drops", "status": 3, "priority": 3,
            "created_at": "2026-03-05T09:00:00Z",
            "notes": [{"note": {**one, "private": one["private"]}} for one in CONVERSATIONS],
        }
    }
]  # fmt: skip
ZAMMAD = [
    {
        "id": 1, "number": "65001", "title": "VPN drops", "group": "Users", "owner": "-",
        "customer": "nina@example.com", "state": "open", "priority": "3 high", "close_at": None,
        "created_at": "2026-03-05T09:00:00Z",
        "articles": [
            {"from": "Nina Berg", "body": "Still down", "internal": False,
             "created_at": "2026-03-05T09:30:00Z"},
            {"from": "Ana Ruiz", "body": "Looked at it", "internal": True,
             "created_at": "2026-03-05T10:00:00Z"},
        ],
    }
]  # fmt: skip
GITHUB = [
    {
        "number": 12, "title": "VPN drops", "body": "", "state": "OPEN", "labels": [],
        "author": {"login": "nina"}, "createdAt": "2026-03-05T09:00:00Z",
        "comments": [
            {"author": {"login": "Nina Berg"}, "body": "Still down",
             "createdAt": "2026-03-05T09:30:00Z"},
            {"author": {"login": "Ana Ruiz"}, "body": "Looked at it",
             "createdAt": "2026-03-05T10:00:00Z"},
        ],
    }
]  # fmt: skip
GLPI = r"""-- MariaDB dump 10.19
CREATE TABLE `glpi_groups` (
  `id` int, `name` text
);
INSERT INTO `glpi_groups` (`id`,`name`) VALUES (3,'Network');
INSERT INTO `glpi_groups_tickets` (`id`,`tickets_id`,`groups_id`,`type`) VALUES (1,42,3,2);
INSERT INTO `glpi_itilcategories` (`id`,`name`,`completename`) VALUES (5,'VPN','Network > VPN');
INSERT INTO `glpi_itilfollowups` (`id`,`itemtype`,`items_id`,`date`,`users_id`,
 `content`,`is_private`) VALUES (1,'Ticket',42,'2026-03-05 09:30:00',8,
 '&#60;p&#62;Still down&#60;/p&#62;',0),
 (2,'Ticket',42,'2026-03-05 10:00:00',9,'Looked at it',1),(3,'Change',42,'2026-03-05',9,'no',0);
INSERT INTO `glpi_tickets` (`id`,`name`,`date`,`closedate`,`solvedate`,`status`,`content`,`urgency`,
 `impact`,`priority`,`itilcategories_id`,`is_deleted`,`users_id_recipient`) VALUES
 (42,'VPN drops','2026-03-05 09:00:00',NULL,NULL,2,
 '&#60;p&#62;It doesn\'t hold&#60;/p&#62;',4,3,5,5,0,9),
 (43,'Gone','2026-03-05 09:00:00',NULL,NULL,2,'',4,3,5,0,1,9);
INSERT INTO `glpi_tickets_users` (`id`,`tickets_id`,`users_id`,`type`) VALUES (1,42,8,1),(2,42,9,2);
INSERT INTO `glpi_users` (`id`,`name`,`realname`,`firstname`) VALUES (8,'nberg','Berg','Nina'),
 (9,'aruiz','Ruiz','Ana');
"""

CASES: list[tuple[str, str, Any]] = [
    ("servicenow", "csv", SERVICENOW_CSV),
    ("servicenow", "xml", SERVICENOW_XML),
    ("servicenow", "json", SERVICENOW_JSON),
    ("jira", "csv", JIRA_CSV),
    ("jira", "json", JIRA_JSON),
    ("freshservice", "json", FRESHDESK),
    ("freshservice", "json", FRESHDESK_ACCOUNT),
    ("zammad", "json", ZAMMAD),
    ("github", "json", GITHUB),
    ("glpi", "sql", GLPI),
]


def as_bytes(data: Any) -> bytes:
    return (data if isinstance(data, str) else json.dumps(data)).encode()


def read(data: Any) -> tuple[list[ImportedIncident], list[Rejected]]:
    found = list(read_incidents(as_bytes(data)))
    return (
        [one for one in found if isinstance(one, ImportedIncident)],
        [one for one in found if isinstance(one, Rejected)],
    )


@pytest.mark.parametrize(("name", "kind", "data"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_what_people_wrote_comes_along_in_order(name: str, kind: str, data: Any) -> None:
    table = open_table(as_bytes(data))
    assert (guess_mapping(table).mapping, table.kind) == (name, kind)

    (first, *_), _ = read(data)

    said = [one for one in first.history if one.kind in (EntryKind.NOTE, EntryKind.REPLY)]
    assert [(one.author, one.text) for one in said] == [
        ("Nina Berg", "Still down"),
        ("Ana Ruiz", "Looked at it"),
    ]
    assert first.fields["title"] == "VPN drops"
    assert first.history == sorted(first.history, key=lambda one: one.at)
    assert "comments" not in first.fields.get("custom", {})


def test_columns_of_jira_that_come_again_are_one_list() -> None:
    (first,), _ = read(JIRA_CSV)

    assert first.fields["tags"] == ("vpn", "remote")
    assert first.fields["watchers"] == ("tom", "eva")


def test_a_dump_of_glpi_joins_people_group_and_category() -> None:
    (first,), rejected = read(GLPI)

    assert first.external_id == "42"
    told = {name: first.fields[name] for name in ("requester", "assignee", "team", "category")}
    assert told == {
        "requester": "Nina Berg", "assignee": "Ana Ruiz", "team": "Network",
        "category": "Network/VPN",
    }  # fmt: skip
    assert first.fields["description"] == "It doesn't hold"
    assert (first.fields["priority"], first.fields["status"]) == ("P1", Status.ASSIGNED)
    assert [one.reason for one in rejected] == ["The ticket is deleted."]


def test_a_comment_in_no_known_way_is_kept_as_a_field_of_its_own() -> None:
    (first,), _ = read(SERVICENOW_CSV.replace("2026-03-05 10:00:00 - Ana", "Once, Ana"))

    assert "Looked at it" in first.fields["custom"]["comments_and_work_notes"]


def test_an_owner_of_zammad_that_is_nobody_stays_nobody() -> None:
    (first,), _ = read(ZAMMAD)

    assert "assignee" not in first.fields


def test_the_same_comments_give_the_same_fingerprint_and_another_one_a_new_one() -> None:
    (before,), _ = read(JIRA_CSV)
    (again,), _ = read(JIRA_CSV)
    (later,), _ = read(JIRA_CSV.replace("Looked at it", "Looked at it twice"))

    assert before.fingerprint == again.fingerprint != later.fingerprint


def test_states_of_zammad_that_are_told_by_number_are_read_or_refuse_their_row() -> None:
    (ticket,) = [{k: v for k, v in one.items() if k not in ("state", "priority")} for one in ZAMMAD]
    told = [
        {**ticket, "number": "1", "state_id": 4, "priority_id": 3},
        {**ticket, "number": "2", "state_id": 9, "priority_id": 1},
    ]

    (first,), (refused,) = read(told)

    assert (first.fields["status"], first.fields["priority"]) == (Status.CLOSED, "P2")
    assert "The status '9' is not known" in refused.reason
