"""Users' own reports: logged once, with their picture; what is broken is kept with the reason."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import Channel
from app.intake.report_file import Report, looks_like_report, read_report, write_report
from app.services import browsing, serving
from app.services.desk import Desk, open_desk
from app.services.report_intake import take_report
from app.services.serving import Places
from app.storage import alert_rows
from app.system.clock import PinnedClock
from app.system.machine_facts import machine_facts
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
REPORT = Report(
    id="0123456789abcdef" * 2,
    title="The printer smokes",
    requester="Nina Berg",
    description="Since noon",
    contact="nina@example.com",
    location="Room 4",
    effect="some",
    written_at=datetime(2026, 3, 9, 8, 30, tzinfo=UTC),
    machine={"Computer": "PC-7"},
    picture=PNG,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def test_a_report_becomes_an_incident_with_its_picture_and_facts(desk: Desk) -> None:
    taken = take_report(desk, write_report(REPORT), origin="a.json")

    assert (taken.action, taken.source) == ("opened", "report")
    incident = browsing.incident(desk, taken.number)
    assert incident.title == "The printer smokes"
    assert incident.requester is not None
    assert incident.requester.name == "Nina Berg"
    assert incident.channel is Channel.PORTAL
    assert incident.impact == 2
    assert incident.reported_at == REPORT.written_at
    for part in ("Since noon", "nina@example.com", "Computer: PC-7"):
        assert part in incident.description
    assert [(file.name, file.size) for file in incident.attachments] == [("screen.png", len(PNG))]


def test_the_same_report_is_never_logged_twice(desk: Desk) -> None:
    first = take_report(desk, write_report(REPORT))
    again = take_report(desk, write_report(REPORT))

    assert (again.action, again.number) == ("ignored", first.number)
    assert browsing.selection(desk, "") is not None
    assert len(list(desk.connection.execute("SELECT 1 FROM incident"))) == 1


def test_a_report_from_the_future_is_of_now(desk: Desk) -> None:
    ahead = json.loads(write_report(REPORT)) | {"written_at": "2031-01-01T00:00:00+00:00"}

    taken = take_report(desk, json.dumps(ahead).encode())

    assert browsing.incident(desk, taken.number).reported_at == desk.now()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": "../../x"}, "no id"),
        ({"title": "  "}, "what is wrong"),
        ({"requester": ""}, "who reports it"),
        ({"title": ["a"]}, "is no text"),
        ({"description": "x" * 20_001}, "more than 20,000"),
        ({"effect": "<script>"}, "is not known"),
        ({"version": 2}, "version 2"),
        ({"written_at": "noon"}, "cannot be read"),
        ({"written_at": "2026-03-09T08:30:00"}, "no offset"),
        ({"machine": {"a": {"b": 1}}}, "no short text"),
        ({"picture": "????"}, "damaged"),
        ({"picture": "TVqQAAMAAAAEAAAA"}, "neither PNG nor JPEG"),
    ],
)
def test_a_broken_report_goes_to_quarantine_with_the_reason(
    desk: Desk, changed: dict[str, Any], reason: str
) -> None:
    body = json.dumps(json.loads(write_report(REPORT)) | changed).encode()

    taken = take_report(desk, body, origin="bad.json")

    assert taken.action == "quarantined"
    assert reason in taken.reason
    assert not list(desk.connection.execute("SELECT 1 FROM incident"))
    (kept,) = alert_rows.quarantined(desk.connection)
    assert (kept.body, kept.source) == (body, "bad.json")


@pytest.mark.parametrize(
    "body",
    [
        b'{"format": "incident-desk-report"',
        b'{"format": "incident-desk-report", "a": ' + b"[" * 5000,
        b'{"format": "incident-desk-report", "id": NaN}',
        b'{"format": "incident-desk-report", "id": "a", "id": "b"}',
        b'["incident-desk-report"]',
        b'"incident-desk-report" \xff\xfe',
    ],
)
def test_rubbish_that_looks_like_a_report_is_kept_apart(desk: Desk, body: bytes) -> None:
    assert looks_like_report(body)
    assert take_report(desk, body).action == "quarantined"


def test_a_report_is_read_as_it_was_written() -> None:
    assert read_report(write_report(REPORT)) == REPORT


def test_this_computer_says_who_it_is_in_short_texts() -> None:
    facts = machine_facts()

    assert {"System", "Disk", "Network"} <= set(facts)
    assert (
        read_report(
            write_report(Report(id="a" * 32, title="t", requester="r", machine=facts))
        ).machine
        == facts
    )


def test_the_drop_folder_logs_a_report_and_puts_a_bad_one_away(desk: Desk, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    big = Report(**{**_fields(REPORT), "picture": PNG + b"\1" * (3 << 20)})
    (drop / "good.json").write_bytes(write_report(big))
    (drop / "bad.json").write_bytes(write_report(REPORT).replace(b"Nina Berg", b""))
    told: list[dict[str, Any]] = []

    async def run() -> None:
        stopped = asyncio.Event()

        def tell(event: dict[str, Any]) -> None:
            told.append(event)

        task = asyncio.create_task(serving.serve(desk, Places(drop=drop), tell, stopped))
        for _ in range(400):
            await asyncio.sleep(0.05)
            if not [path for path in drop.iterdir() if path.is_file()]:
                break
        stopped.set()
        await task

    asyncio.run(run())

    assert [path.name for path in (drop / "done").iterdir()] == ["good.json"]
    assert [path.name for path in (drop / "quarantine").iterdir()] == ["bad.json"]
    actions = sorted(event["action"] for event in told if event["event"] == "drop")
    assert actions == ["opened", "quarantined"]


def _fields(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__slots__}
