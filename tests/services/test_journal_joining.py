"""ServiceNow's sys_journal_field: entries find their incidents, once, from any kind of file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import EntryKind
from app.services import browsing, importing, undoing
from app.services.importing import import_file

if TYPE_CHECKING:
    from app.services.desk import Desk

INCIDENTS = (
    "number,sys_id,short_description,caller_id,assignment_group,opened_at\n"
    "INC0010001,9d385017c611228701d22104cc95c371,Mail is down,Ana Ruiz,Desk,2026-03-02 08:00:00\n"
    "INC0010002,e8caedcbc0a80164017df472f39eaed1,VPN drops,Jon Li,Desk,2026-03-02 09:00:00\n"
)
FIRST, SECOND = "9d385017c611228701d22104cc95c371", "e8caedcbc0a80164017df472f39eaed1"
ROWS: list[dict[str, Any]] = [
    {"sys_id": "a1", "name": "incident", "element": "work_notes", "element_id": FIRST,
     "value": "Looked at the queue", "sys_created_on": "2026-03-02 08:30:00",
     "sys_created_by": "jon.li"},
    {"sys_id": "a2", "name": "incident", "element": "comments", "element_id": FIRST,
     "value": "[code]<p>We are <b>on it</b></p>[/code]", "sys_created_on": "2026-03-02 08:45:00",
     "sys_created_by": "jon.li"},
    {"sys_id": "a3", "name": "incident", "element": "work_notes",
     "element_id": "Incident: INC0010002", "value": "Replaced\nthe router",
     "sys_created_on": "2026-03-02 10:00:00", "sys_created_by": "ana.ruiz"},
]  # fmt: skip


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    lines = [",".join(rows[0])]
    lines += [",".join(json.dumps(row[key]).replace("\\n", "\n") for key in rows[0])
              for row in rows]  # fmt: skip
    return "\n".join(lines).encode()


def as_xml(rows: list[dict[str, Any]], record: str = "sys_journal_field") -> str:
    def cells(row: dict[str, Any]) -> str:
        return "".join(
            f"<{key}>{str(value).replace('<', '&lt;')}</{key}>" for key, value in row.items()
        )

    return "".join(f"<{record} action='INSERT_OR_UPDATE'>{cells(row)}</{record}>" for row in rows)


def told(desk: Desk, number: str) -> list[tuple[EntryKind, str, str]]:
    found = browsing.incident(desk, number).timeline
    notes = (EntryKind.NOTE, EntryKind.REPLY)
    return [
        (one.kind, one.author, one.text) for one in found if one.kind in notes and not one.undone
    ]


FILES = {
    "csv": as_csv(ROWS),
    "json": json.dumps({"result": ROWS}).encode(),
    "records": json.dumps({"records": ROWS}).encode(),
    "both values": json.dumps(
        [{**row, "element_id": {"value": row["element_id"], "display_value": "INC"}}
         for row in ROWS]
    ).encode(),
    "xml": f"<?xml version='1.0'?><unload>{as_xml(ROWS)}</unload>".encode(),
}  # fmt: skip


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_entries_come_into_their_incidents_once_and_under_one_undo(desk: Desk, data: bytes) -> None:
    import_file(desk, INCIDENTS.encode())
    first = import_file(desk, data)
    again = import_file(desk, data)

    assert first.mapping == "servicenow-journal"
    assert (first.read, first.events, first.created, first.updated) == (3, 3, 0, 2)
    assert (again.events, again.updated, again.unchanged) == (0, 0, 3)
    assert told(desk, "INC0010001") == [
        (EntryKind.NOTE, "jon.li", "Looked at the queue"),
        (EntryKind.REPLY, "jon.li", "We are on it"),
    ]  # fmt: skip
    assert told(desk, "INC0010002") == [(EntryKind.NOTE, "ana.ruiz", "Replaced\nthe router")]
    undoing.undo(desk)
    assert told(desk, "INC0010001") == told(desk, "INC0010002") == []
    assert import_file(desk, data).events == 3
    assert len(told(desk, "INC0010001")) == 2


def test_one_file_may_hold_incidents_and_their_entries(desk: Desk) -> None:
    keys = INCIDENTS.splitlines()[0].split(",")
    rows = [dict(zip(keys, line.split(","), strict=True)) for line in INCIDENTS.splitlines()[1:]]
    both = f"<unload>{as_xml(rows, 'incident')}{as_xml(ROWS)}</unload>".encode()
    done = import_file(desk, both)
    assert (done.created, done.rejected_count, done.notes) == (2, 0, ())
    assert len(told(desk, "INC0010001")) == 2
    assert import_file(desk, both).events == 2  # the two that say when each was opened
    assert len(told(desk, "INC0010001")) == 2
    undoing.undo(desk)
    assert browsing.ids_in(desk, "") == []


def test_an_entry_that_the_incident_brought_itself_comes_once(desk: Desk) -> None:
    head, first, _ = INCIDENTS.splitlines()
    cell = "2026-03-02 08:30:00 - Jon Li (Work notes)\nLooked at the queue"
    import_file(desk, f'{head},comments_and_work_notes\n{first},"{cell}"\n'.encode())
    assert import_file(desk, as_csv(ROWS[:2])).events == 1
    assert len(told(desk, "INC0010001")) == 2
    changed = f'{head},comments_and_work_notes\n{first.replace("down", "up")},"{cell}\n\n'
    changed += '2026-03-02 08:45:00 - jon.li (Additional comments)\nWe are on it"\n'
    assert import_file(desk, changed.encode()).updated == 1
    assert [one.text for one in browsing.incident(desk, "INC0010001").timeline].count(
        "We are on it"
    ) == 1


def test_rows_that_belong_nowhere_are_rejected_one_by_one(desk: Desk) -> None:
    import_file(desk, INCIDENTS.encode())
    odd: list[dict[str, Any]] = [
        {"element_id": "f" * 32}, {"name": "change_request"}, {"element": "approval_history"},
        {"element_id": ""}, {"value": " "}, {"sys_created_on": ""}, {"sys_created_on": "soon"},
    ]  # fmt: skip
    rows = [ROWS[0], *({**ROWS[0], **one} for one in odd)]
    done = import_file(desk, as_csv(rows))
    assert (done.read, done.events, done.rejected_count) == (8, 1, 7)
    reasons = " ".join(one.reason for one in done.rejected)
    for words in ("Import the incidents first", "change_request", "neither a comment",
                  "which incident", "no text", "when it was written"):  # fmt: skip
        assert words in reasons


def test_a_dry_run_of_entries_writes_nothing(desk: Desk) -> None:
    import_file(desk, INCIDENTS.encode())
    tried = import_file(desk, as_csv(ROWS), dry_run=True)
    assert (tried.events, tried.updated, tried.changes.action) == (3, 2, None)
    assert told(desk, "INC0010001") == []


def test_it_can_be_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import_file(desk, INCIDENTS.encode())
    monkeypatch.setattr(importing.journal_joining, "BATCH", 1)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(told(desk, "INC0010001")) == 1

    assert import_file(desk, as_csv(ROWS), cancelled=stop).cancelled
    assert len(told(desk, "INC0010001")) == 1
