"""A report is genuine, its record changed since, the file was altered, or it is not ours."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pikepdf
import pytest

from app.domain.incident import CauseClass, EntityId, FixType, Outcome
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    configuration,
    incidents,
    moves,
    period_reporting,
    quick_logging,
    report_batch,
    reporting,
    stakeholders,
    undoing,
    verification,
)
from app.services.desk import Desk, open_desk
from app.services.verification import Verdict
from app.storage import audit, issued_reports, rebuild
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FLIPS = 200


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    yield desk
    desk.close()


def closed(desk: Desk, text: str = "printer jams @Nina") -> EntityId:
    """Log an incident and close it; return its id."""
    quick_logging.log_lines(desk, [text])
    uid = browsing.find(desk, "1")
    given = Given(
        outcome=Outcome.FIXED,
        fix_type=FixType.BUG_FIX,
        cause_class=CauseClass.SOFTWARE,
        resolution="Driver replaced",
    )
    confirmed = {"verified_by": "Nina", "verified_how": "phone", "verified_at": NOW}
    moves.resolve_and_close(desk, uid, given, extra=confirmed)
    return uid


def issued(desk: Desk, path: Path, **options: str) -> Path:
    """Write the report of the first incident."""
    reporting.write_report(desk, "1", path, **options)
    return path


def test_a_report_that_was_issued_is_genuine_and_says_when_and_by_whom(
    desk: Desk, tmp_path: Path
) -> None:
    closed(desk)
    found = verification.verify_file(desk, issued(desk, tmp_path / "r.pdf"))
    assert found.verdict is Verdict.GENUINE
    assert (found.issued_at, found.issued_by) == (NOW, "Ana Ruiz")
    assert found.number == browsing.incident(desk, "1").number
    assert found.to_json()["record_sha256"] == found.record_sha256
    assert "2026-03-09 09:00 UTC by Ana Ruiz" in found.reason


def test_a_byte_that_was_flipped_anywhere_is_found(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    content = issued(desk, tmp_path / "r.pdf").read_bytes()
    chance = random.Random(20261128)
    places = chance.sample(range(len(content)), FLIPS)
    for place in [0, len(content) - 1, *places]:
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        found = verification.verify_content(desk, bytes(flipped))
        assert found.verdict is Verdict.FILE_ALTERED, place
        assert found.number == browsing.incident(desk, "1").number


@pytest.mark.parametrize("keep", [3_000, 40_000, -1])
def test_a_report_that_was_cut_off_is_altered(desk: Desk, tmp_path: Path, keep: int) -> None:
    closed(desk)
    content = issued(desk, tmp_path / "r.pdf").read_bytes()
    found = verification.verify_content(desk, content[:keep])
    assert found.verdict is Verdict.FILE_ALTERED


def test_what_was_added_to_the_end_is_told(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    content = issued(desk, tmp_path / "r.pdf").read_bytes()
    found = verification.verify_content(desk, content + b"\n% more")
    assert found.verdict is Verdict.FILE_ALTERED
    assert "added to the end" in found.reason


def test_another_record_in_our_report_is_altered(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    with pikepdf.open(path) as document:
        stream = document.Root.AF[0].EF.F
        stream.write(stream.read_bytes().replace(b"printer jams", b"printer burns"))
        out = io.BytesIO()
        document.save(out)
    found = verification.verify_content(desk, out.getvalue())
    assert found.verdict is Verdict.FILE_ALTERED
    assert "not the one whose checksum its page prints" in found.reason


def test_a_record_that_changed_is_told_field_by_field(desk: Desk, tmp_path: Path) -> None:
    uid = closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    incidents.edit(desk, [uid], {"root_cause": "A worn roller"})
    found = verification.verify_file(desk, path)
    assert found.verdict is Verdict.RECORD_CHANGED
    fields = {change.field: change for change in found.changes}
    assert fields["root_cause"].was == ""
    assert fields["root_cause"].now == "A worn roller"
    assert "root_cause" in found.reason


def test_a_change_that_was_undone_is_still_a_change_of_the_timeline(
    desk: Desk, tmp_path: Path
) -> None:
    uid = closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    incidents.add_note(desk, [uid], "One more thing")
    undoing.undo(desk)
    found = verification.verify_file(desk, path)
    assert found.verdict is Verdict.RECORD_CHANGED
    assert {change.field for change in found.changes} == {"timeline"}


def test_who_was_told_of_it_afterwards_leaves_it_genuine(desk: Desk, tmp_path: Path) -> None:
    uid = closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    stakeholders.tell(desk, uid, "Nina", "mail", at=NOW + timedelta(minutes=1))
    stakeholders.survey(desk, uid, sent=True, answer=5)
    found = verification.verify_file(desk, path)
    assert found.verdict is Verdict.GENUINE
    assert any("Nina (mail)" in line for line in found.since)


def test_a_clock_that_runs_on_leaves_an_interim_report_genuine(desk: Desk, tmp_path: Path) -> None:
    quick_logging.log_lines(desk, ["printer jams @Nina !1"])
    path = issued(desk, tmp_path / "r.pdf")
    desk.clock._ms += 3_600_000  # type: ignore[attr-defined]
    incidents.edit(desk, [browsing.find(desk, "1")], {})
    assert verification.verify_file(desk, path).verdict is Verdict.GENUINE


def test_the_report_of_another_profile_is_not_ours(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    other = open_desk(Profile(tmp_path / "other"), PinnedClock(NOW), person="Bo")
    closed(other)
    foreign = issued(other, tmp_path / "foreign.pdf")
    other.close()
    issued(desk, tmp_path / "own.pdf")
    found = verification.verify_file(desk, foreign)
    assert found.verdict is Verdict.NOT_OURS
    assert "another team or profile" in found.reason


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"Hello", bytes(9_000)])
def test_what_is_no_report_is_not_ours(desk: Desk, content: bytes) -> None:
    closed(desk)
    assert verification.verify_content(desk, content).verdict is Verdict.NOT_OURS


def test_a_report_that_nobody_remembered_is_made_again_to_prove_it(desk: Desk) -> None:
    closed(desk)
    content = reporting.report_bytes(desk, "1", paper="letter")
    found = verification.verify_content(desk, content)
    assert found.verdict is Verdict.GENUINE
    assert found.issued_at is None
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    assert verification.verify_content(desk, bytes(flipped)).verdict is not Verdict.GENUINE


def test_an_old_report_that_nobody_remembered_and_that_cannot_be_made_again_is_altered(
    desk: Desk,
) -> None:
    uid = closed(desk)
    content = reporting.report_bytes(desk, "1")
    incidents.add_note(desk, [uid], "One more thing")
    assert verification.verify_content(desk, content).verdict is Verdict.FILE_ALTERED


def test_a_journal_that_somebody_rewrote_is_told(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    desk.connection.execute("DROP TRIGGER change_is_never_edited")
    with desk.store.writing():
        desk.connection.execute("SAVEPOINT forged")
        desk.connection.execute("UPDATE change SET value = '\"other\"' WHERE sseq = 3")
        found = verification.verify_file(desk, path)
        desk.connection.execute("ROLLBACK TO forged")
    assert found.verdict is Verdict.RECORD_CHANGED
    assert "the audit chain is broken: entry 3" in found.reason


def test_an_entry_that_is_not_in_the_chain_is_told(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    desk.connection.execute("UPDATE issued_report SET head = hex(zeroblob(32))")
    found = verification.verify_file(desk, path)
    assert found.verdict is Verdict.RECORD_CHANGED
    assert "is not in it" in found.reason


def test_issuing_changes_no_incident_and_nothing_that_undo_takes_back(
    desk: Desk, tmp_path: Path
) -> None:
    uid = closed(desk)
    before = audit.own_last_entry(desk.connection, uid)
    last = undoing.what_to_undo(desk)
    first = issued(desk, tmp_path / "a.pdf").read_bytes()
    rows: int = desk.connection.execute("SELECT count(*) FROM change").get
    again = issued(desk, tmp_path / "b.pdf").read_bytes()
    assert first == again
    assert desk.connection.execute("SELECT count(*) FROM change").get == rows
    assert audit.own_last_entry(desk.connection, uid) == before
    assert undoing.what_to_undo(desk) == last


def test_each_paper_and_zone_is_an_issue_of_its_own(desk: Desk, tmp_path: Path) -> None:
    closed(desk)
    paths = [
        issued(desk, tmp_path / "a4.pdf", paper="a4"),
        issued(desk, tmp_path / "letter.pdf", paper="letter"),
        issued(desk, tmp_path / "tokyo.pdf", zone="Asia/Tokyo"),
    ]
    assert len({path.read_bytes() for path in paths}) == 3
    assert all(verification.verify_file(desk, path).genuine for path in paths)


@pytest.mark.parametrize("kind", ["report", "bundle", "period"])
def test_a_german_file_is_genuine_whether_its_issue_is_remembered_or_not(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    uids = [closed(desk), *quick_logging.log_lines(desk, ["vpn drops"]).ids["incident"]]
    start = NOW - timedelta(days=1)
    path = tmp_path / "r.pdf"
    if kind == "report":
        content = reporting.report_bytes(desk, "1", language="de")
    elif kind == "bundle":
        content = report_batch.bundle_bytes(desk, uids, language="de")
    else:
        content = period_reporting.report_bytes(desk, start, language="de")[0]
    again = verification.verify_content(desk, content)
    assert (again.verdict, again.issued_by) == (Verdict.GENUINE, "")
    if kind == "report":
        reporting.write_report(desk, "1", path, language="de")
    elif kind == "bundle":
        report_batch.write_bundle(desk, uids, path, language="de")
    else:
        period_reporting.write_report(desk, path, start, language="de")
    remembered = verification.verify_file(desk, path)
    assert (remembered.verdict, remembered.issued_by) == (Verdict.GENUINE, "Ana Ruiz")
    assert path.read_bytes() == content


def test_a_rebuilt_store_still_knows_what_was_issued(desk: Desk, tmp_path: Path) -> None:
    uid = closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    before = issued_reports.of_incident(desk.connection, uid)
    rebuild.rebuild(desk.store)
    assert issued_reports.of_incident(desk.connection, uid) == before
    assert verification.verify_file(desk, path).genuine


def test_a_team_setting_that_changed_leaves_what_was_issued_genuine(
    desk: Desk, tmp_path: Path
) -> None:
    closed(desk)
    path = issued(desk, tmp_path / "r.pdf")
    configuration.set_setting(desk, "organisation.name", "Kestrel Freight IT")
    assert verification.verify_file(desk, path).genuine
