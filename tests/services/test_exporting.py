"""Exports: safe for spreadsheets, whole or not at all, and equal again after an import."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import CauseClass, FixType, Outcome, PendingReason
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import (
    auditing,
    browsing,
    evidence,
    exporting,
    importing,
    incidents,
    logging_incidents,
    moves,
    stakeholders,
    work_records,
)
from app.services.desk import Desk, open_desk
from app.storage import attachments, audit
from app.system.paths import Profile
from tests.services.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from app.system.clock import PinnedClock

CODES = Given(
    outcome=Outcome.FIXED,
    fix_type=FixType.BUG_FIX,
    cause_class=CauseClass.SOFTWARE,
    resolution="=Driver renewed",
)


def opened(tmp_path: Path, name: str, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / name), clock, person="Ana Ruiz", zone="UTC")


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return opened(tmp_path, "first", clock)


def worked_on(desk: Desk, clock: PinnedClock) -> None:
    """Fill a desk with two incidents that have everything an export can tell."""
    draft = IncidentDraft(
        title='=HYPERLINK("http://x.example")',
        description='Line one\r\nLine two; with ; and , and "quotes"',
        requester="Nina Berg",
        category="hardware/printer",
        service="Printing",
        impact=2,
        urgency=1,
        tags=("vpn", "Büro"),
        custom={"floor": 2, "rack": "-4"},
    )
    uid = logging_incidents.log(desk, draft).ids["incident"][0]
    other = logging_incidents.log(desk, IncidentDraft(title="Second")).ids["incident"][0]
    incidents.link(desk, uid, other)
    clock.set(MONDAY + timedelta(minutes=10))
    moves.assign(desk, [uid], "Ana Ruiz")
    moves.start(desk, [uid])
    incidents.add_note(desk, [uid], "@cmd looked at it")
    evidence.attach(desk, uid, [("log.txt", b"line one\n"), ("empty.bin", b"")])
    clock.set(MONDAY + timedelta(hours=1))
    moves.pend(desk, [uid], PendingReason.VENDOR, MONDAY + timedelta(days=1), text="Parts")
    clock.set(MONDAY + timedelta(hours=2))
    moves.resume(desk, [uid])
    work_records.log_time(desk, uid, 900, "on site")
    work_records.add_follow_up(desk, uid, "Order a spare", "Ana Ruiz", MONDAY + timedelta(days=9))
    work_records.record_outage(desk, uid, "Printing", MONDAY, MONDAY + timedelta(hours=2))
    stakeholders.tell(desk, uid, "Head of sales", "phone")
    moves.resolve(desk, [uid], CODES)


def told(desk: Desk) -> list[dict[str, Any]]:
    """Return what the desk knows, apart from what an import itself adds."""
    chosen = exporting.exported_ids(desk)
    documents = [exporting.whole(desk, browsing.incident(desk, uid)) for uid in chosen]
    for document in documents:
        document["timeline"] = [
            {key: value for key, value in entry.items() if key != "station"}
            for entry in document["timeline"]
            if entry["kind"] not in {"imported", "link"}
        ]
        document["attachments"].sort(key=lambda file: file["name"])
    return documents


@pytest.mark.parametrize("ending", ["json", "zip"])
def test_a_new_profile_takes_an_export_back_equal(
    desk: Desk, tmp_path: Path, clock: PinnedClock, ending: str
) -> None:
    worked_on(desk, clock)
    path = tmp_path / f"all.{ending}"
    assert exporting.export_file(desk, path) == 2
    second = opened(tmp_path, "second", clock)

    result = importing.import_file(second, path)

    assert (result.created, result.rejected) == (2, ())
    before, after = told(desk), told(second)
    if ending == "json":
        assert "2 attached files are only named in the file" in result.notes[0]
        assert after[0]["attachments"] == []
        for document in before:
            document["attachments"] = []
    assert after == before
    assert importing.import_file(second, path).unchanged == 2
    assert auditing.check(second)["ok"]
    state = audit.snapshot(second.connection)
    auditing.rebuild(second)
    assert audit.snapshot(second.connection) == state


def test_attachments_travel_in_a_package(desk: Desk, tmp_path: Path, clock: PinnedClock) -> None:
    worked_on(desk, clock)
    exporting.export_file(desk, tmp_path / "all.zip")
    second = opened(tmp_path, "second", clock)
    importing.import_file(second, tmp_path / "all.zip")

    found = browsing.incident(second, "INC-000001").attachments
    files = sorted(found, key=lambda file: file.name, reverse=True)

    assert [(file.name, file.size, file.media_type) for file in files] == [
        ("log.txt", 9, "text/plain"),
        ("empty.bin", 0, "application/octet-stream"),
    ]
    assert attachments.read(second.profile.attachments, files[0].sha256) == b"line one\n"


def test_a_csv_export_never_runs_as_a_formula_and_comes_back_equal(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    worked_on(desk, clock)
    path = tmp_path / "all.csv"
    assert exporting.export_file(desk, path) == 2

    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["title"].startswith("'=HYPERLINK")
    assert rows[0]["custom.rack"] == "'-4"
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

    second = opened(tmp_path, "second", clock)
    assert importing.import_file(second, path).created == 2
    found, original = browsing.incident(second, "1"), browsing.incident(desk, "1")
    for name in exporting.COLUMNS:
        if hasattr(original, name) and name not in ("related", "timeline", "verified_at"):
            assert str(getattr(found, name)) == str(getattr(original, name)), name
    assert found.related == original.related
    assert {k: str(v) for k, v in found.custom.items()} == {
        k: str(v) for k, v in original.custom.items()
    }


def test_importing_an_export_into_its_own_store_changes_nothing(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    worked_on(desk, clock)
    exporting.export_file(desk, tmp_path / "all.json")
    before = auditing.verify(desk)["entries"]

    result = importing.import_file(desk, tmp_path / "all.json")

    assert (result.created, result.updated, result.unchanged) == (0, 0, 2)
    assert "left as they are" in result.notes[0]
    assert auditing.verify(desk)["entries"] == before


def test_a_number_that_is_taken_here_stays_as_the_old_number(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    worked_on(desk, clock)
    exporting.export_file(desk, tmp_path / "all.json")
    second = opened(tmp_path, "second", clock)
    logging_incidents.log(second, IncidentDraft(title="Here before"))

    importing.import_file(second, tmp_path / "all.json")

    assert browsing.incident(second, "INC-000001").title == "Here before"
    taken = browsing.incident(second, "INC-000003")
    assert (taken.title[:6], taken.external_id) == ("=HYPER", "INC-000001")
    assert browsing.incident(second, "INC-000002").title == "Second"
    assert logging_incidents.log(second, IncidentDraft(title="Next")).number == "INC-000004"


def test_a_filter_chooses_what_is_written(desk: Desk, tmp_path: Path, clock: PinnedClock) -> None:
    worked_on(desk, clock)

    assert exporting.export_file(desk, tmp_path / "one.json", text="is:resolved") == 1
    document = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert [one["number"] for one in document["incidents"]] == ["INC-000001"]
    assert exporting.export_file(desk, tmp_path / "none.csv", text="is:cancelled") == 0


def test_another_ending_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"\.csv, \.json or \.zip"):
        exporting.export_file(desk, tmp_path / "all.pdf")


def test_an_older_file_stays_when_the_export_is_stopped_or_cannot_be_written(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    worked_on(desk, clock)
    path = tmp_path / "all.zip"
    path.write_text("older")

    with pytest.raises(KnownError, match="stopped"):
        exporting.export_file(desk, path, cancelled=lambda: True)
    assert path.read_text() == "older"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["all.zip", "first"]
    with pytest.raises(KnownError, match="folder"):
        exporting.export_file(desk, tmp_path / "nowhere" / "all.csv")


def test_a_package_whose_bytes_were_changed_is_refused_whole(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    worked_on(desk, clock)
    exporting.export_file(desk, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["incidents.json"] = parts["incidents.json"].replace(b"Second", b"Forged")
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    second = opened(tmp_path, "second", clock)

    with pytest.raises(InvalidInputError, match="does not match its hash"):
        importing.import_file(second, tmp_path / "forged.zip")
    assert browsing.counts(second, ["is:any"]) == [0]
