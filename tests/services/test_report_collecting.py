"""Report files are read by the window: each once, in turn, not beside the listener, never lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import StoreError
from app.intake.drop_folder import DropFolder
from app.intake.report_file import write_report
from app.services import (
    alert_quarantine,
    configuration,
    health,
    lease,
    report_collecting,
    report_intake,
)
from app.services.desk import open_desk
from app.services.report_collecting import ELSEWHERE, FAILED, OFF, READ, Looked, ReportCollector
from tests.services.test_lease import Team, exchange, team
from tests.services.test_mail_intake import count
from tests.services.test_report_intake import REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk
    from app.system.clock import PinnedClock

__all__ = ["team"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


def twice(desk: Desk, folder: DropFolder) -> Looked:
    """Look until a file was seen not to grow any more."""
    report_collecting.look(desk, folder)
    return report_collecting.look(desk, folder)


def test_a_report_is_taken_once_and_put_away_and_what_is_none_is_left(
    desk: Desk, folder: Path
) -> None:
    (folder / "a.json").write_bytes(write_report(REPORT))
    (folder / "alert.json").write_bytes(b'{"title": "x"}')

    looked = twice(desk, DropFolder(folder))

    assert (looked.state, [one.action for one in looked.taken]) == (READ, ["opened"])
    assert sorted(path.name for path in folder.rglob("*.json")) == ["a.json", "alert.json"]
    assert (folder / "done" / "a.json").exists()
    (folder / "again.json").write_bytes(write_report(REPORT))
    assert [one.action for one in twice(desk, DropFolder(folder)).taken] == ["ignored"]
    assert count(desk) == 1


def test_a_broken_report_is_kept_with_its_reason(desk: Desk, folder: Path) -> None:
    (folder / "a.json").write_bytes(write_report(REPORT)[:-9])
    assert [one.action for one in twice(desk, DropFolder(folder)).taken] == ["quarantined"]
    assert (folder / "quarantine" / "a.json").exists()
    assert len(alert_quarantine.payloads(desk)) == 1


def test_what_cannot_be_written_stays_in_the_folder(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.json").write_bytes(write_report(REPORT))

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    reader = DropFolder(folder)
    report_collecting.look(desk, reader)
    with monkeypatch.context() as patch:
        patch.setattr(report_intake, "create_in", full)
        with pytest.raises(StoreError):
            report_collecting.look(desk, reader)
    assert (folder / "a.json").exists()
    assert [one.action for one in report_collecting.look(desk, reader).taken] == ["opened"]


def test_one_station_of_a_team_reads_and_another_takes_over(team: Team, folder: Path) -> None:
    first, second, _ = team
    (folder / "a.json").write_bytes(write_report(REPORT))
    assert twice(first, DropFolder(folder)).state == ELSEWHERE  # until the team can see the claim
    exchange(first, second)
    assert twice(second, DropFolder(folder)).state == ELSEWHERE
    assert [one.action for one in twice(first, DropFolder(folder)).taken] == ["opened"]
    lease.release(first, lease.REPORTS)
    exchange(first, second)
    (folder / "b.json").write_bytes(write_report(replace(REPORT, id="f" * 32)))
    twice(second, DropFolder(folder))
    exchange(second)
    assert [one.action for one in twice(second, DropFolder(folder)).taken] == ["opened"]


def test_the_listener_has_its_own_folder_to_itself(desk: Desk, folder: Path) -> None:
    assert report_collecting.folder_of(desk) is None
    configuration.set_setting(desk, "reports.folder", str(folder))
    configuration.set_setting(desk, "listener.drop", str(folder))
    assert report_collecting.folder_of(desk) == folder
    configuration.set_setting(desk, "listener.on", value=True)
    assert report_collecting.folder_of(desk) is None


def test_a_folder_that_is_gone_is_a_health_note_until_it_is_back(desk: Desk, folder: Path) -> None:
    reader = DropFolder(folder / "gone")
    looked = report_collecting.look(desk, reader)
    assert looked.state == FAILED
    (note,) = health.notes(desk)
    assert (note.kind, note.text) == ("reports", looked.text)
    (folder / "gone").mkdir()
    assert report_collecting.look(desk, reader).state == READ
    assert health.notes(desk) == []


def test_the_thread_reads_wakes_and_ends(
    desk: Desk, folder: Path, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_collecting, "LOOK_S", 0.05)
    (folder / "a.json").write_bytes(write_report(REPORT))
    told: list[Looked] = []
    off, taken = threading.Event(), threading.Event()

    def hear(one: Looked) -> None:
        told.append(one)
        if one.state == OFF:
            off.set()
        if one.taken:
            taken.set()

    thread = ReportCollector(lambda: open_desk(desk.profile, clock), hear)
    thread.start()
    assert off.wait(60)
    configuration.set_setting(desk, "reports.folder", str(folder))
    thread.wake()
    assert taken.wait(60)
    assert thread.stop(20)
    assert [one.state for one in told] == [OFF, READ, READ]
    assert count(desk) == 1


def test_a_window_without_a_folder_writes_nothing_while_it_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[str] = []
    monkeypatch.setattr(lease, "release", lambda _desk, what: given_up.append(what))
    told: list[Looked] = []
    collector = ReportCollector(lambda: desk, told.append)
    for _ in range(3):
        collector._try(desk, None)
    assert given_up == [lease.REPORTS], "once, for what the last run may have left"
    assert [one.state for one in told] == [OFF]
