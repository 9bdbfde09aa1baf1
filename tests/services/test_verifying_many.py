"""A period report, a review and a bundle are verified and signed as a closure report is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.reports.signature import SignatureState
from app.services import (
    browsing,
    incidents,
    major_incidents,
    period_reporting,
    quick_logging,
    report_batch,
    reporting,
    signing,
    verification,
)
from app.services.desk import Desk, open_desk
from app.services.verification import Verdict
from app.storage import issued_reports, rebuild
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
"""A certificate is only valid about now."""
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    passwords: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", passwords.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", passwords.get)
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina", "vpn drops @Omar", "mail is slow @Nina"])
    major_incidents.declare(desk, browsing.find(desk, "2"))
    yield desk
    desk.close()


def period(desk: Desk, path: Path) -> dict[str, Any]:
    return period_reporting.write_report(desk, path, NOW - DAY, to_at=NOW + DAY, zone="UTC")


def review(desk: Desk, path: Path) -> dict[str, Any]:
    return reporting.write_report(desk, "2", path, review=True)


def bundle(desk: Desk, path: Path) -> dict[str, Any]:
    return report_batch.write_bundle(desk, report_batch.chosen(desk, ""), path)


KINDS = pytest.mark.parametrize("write", [period, review, bundle])
Write = "Callable[[Desk, Path], dict[str, Any]]"


@KINDS
def test_one_that_was_issued_is_genuine_and_says_when_and_by_whom(
    desk: Desk, clock: PinnedClock, tmp_path: Path, write: Write
) -> None:
    write(desk, tmp_path / "r.pdf")
    clock.set(NOW + timedelta(minutes=20))
    found = verification.verify_file(desk, tmp_path / "r.pdf")
    assert found.verdict is Verdict.GENUINE, found.reason
    assert (found.issued_at, found.issued_by) == (NOW, "Ana Ruiz")
    assert found.reason.endswith(("record says the same.", "records say the same.",
                                  "figures say the same."))  # fmt: skip


@KINDS
def test_what_changed_in_its_record_since_is_named(
    desk: Desk, clock: PinnedClock, tmp_path: Path, write: Write
) -> None:
    write(desk, tmp_path / "r.pdf")
    clock.set(NOW + timedelta(minutes=20))
    incidents.edit(desk, [browsing.find(desk, "2")], {"title": "vpn drops at noon"})
    found = verification.verify_file(desk, tmp_path / "r.pdf")
    assert found.verdict is Verdict.RECORD_CHANGED, found.reason
    assert any("vpn drops at noon" in change.now for change in found.changes)
    if write is not review:
        assert "INC-000002" in found.reason
        assert "INC-000001" not in found.reason


@KINDS
def test_a_byte_that_was_flipped_anywhere_is_found(
    desk: Desk, tmp_path: Path, write: Write
) -> None:
    write(desk, tmp_path / "r.pdf")
    content = (tmp_path / "r.pdf").read_bytes()
    chance = random.Random(20261128)
    for place in [0, len(content) - 1, *chance.sample(range(len(content)), 40)]:
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        found = verification.verify_content(desk, bytes(flipped))
        assert found.verdict is Verdict.FILE_ALTERED, place
    cut = verification.verify_content(desk, content[:3_000])
    assert cut.verdict is Verdict.FILE_ALTERED
    more = verification.verify_content(desk, content + b"\n% more")
    assert more.verdict is Verdict.FILE_ALTERED
    assert "added to the end" in more.reason


@KINDS
def test_another_team_says_that_it_is_not_theirs(desk: Desk, tmp_path: Path, write: Write) -> None:
    write(desk, tmp_path / "r.pdf")
    other = open_desk(Profile(tmp_path / "other"), PinnedClock(NOW), person="Bo")
    try:
        found = verification.verify_file(other, tmp_path / "r.pdf")
    finally:
        other.close()
    assert found.verdict is Verdict.NOT_OURS
    assert "another team or profile" in found.reason


@KINDS
def test_it_is_signed_stays_an_archive_and_any_change_is_found(
    desk: Desk, tmp_path: Path, write: Write, failed_rules: Callable[[bytes], list[str]]
) -> None:
    pytest.importorskip("pyhanko")
    signing.make_certificate(desk, tmp_path / "ana.p12", "open sesame")
    write(desk, tmp_path / "r.pdf")
    content = (tmp_path / "r.pdf").read_bytes()
    assert failed_rules(content) == []
    found = verification.verify_content(desk, content)
    assert found.verdict is Verdict.GENUINE, found.reason
    assert found.signature is not None
    assert (found.signature.state, found.signature.signer) == (SignatureState.VALID, "Ana Ruiz")
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 16
    found = verification.verify_content(desk, bytes(flipped))
    assert found.verdict is Verdict.FILE_ALTERED
    assert found.signature is None or found.signature.state is SignatureState.ALTERED


@KINDS
def test_what_was_issued_is_known_after_a_rebuild(desk: Desk, tmp_path: Path, write: Write) -> None:
    write(desk, tmp_path / "r.pdf")
    before = desk.connection.execute("SELECT * FROM issued_report").fetchall()
    assert len(before) == 1
    rebuild.rebuild(desk.store)
    assert desk.connection.execute("SELECT * FROM issued_report").fetchall() == before
    assert verification.verify_file(desk, tmp_path / "r.pdf").verdict is Verdict.GENUINE


def test_one_that_only_was_looked_at_is_genuine_while_its_record_stands(desk: Desk) -> None:
    """A print of the preview is not issued, and is known by being made again."""
    looked_at = [
        reporting.report_bytes(desk, "2", review=True),
        report_batch.bundle_bytes(desk, report_batch.chosen(desk, "")),
        period_reporting.report_bytes(desk, NOW - DAY, NOW + DAY, zone="UTC")[0],
    ]
    for content in looked_at:
        found = verification.verify_content(desk, content)
        assert found.verdict is Verdict.GENUINE, found.reason
        assert "made again" in found.reason
        assert issued_reports.by_digest(desk.connection, "") is None


def test_a_bundle_that_nobody_issued_is_no_report_of_ours_once_its_records_changed(
    desk: Desk,
) -> None:
    content = report_batch.bundle_bytes(desk, report_batch.chosen(desk, ""))
    incidents.edit(desk, [browsing.find(desk, "2")], {"title": "vpn drops at noon"})
    found = verification.verify_content(desk, content)
    assert found.verdict is Verdict.FILE_ALTERED
    assert "3 records, 3 of them" in found.reason


def test_a_bundle_of_one_report_is_told_of_as_a_record(desk: Desk, tmp_path: Path) -> None:
    report_batch.write_bundle(desk, [browsing.find(desk, "1")], tmp_path / "one.pdf")
    found = verification.verify_file(desk, tmp_path / "one.pdf")
    assert found.verdict is Verdict.GENUINE
    assert found.reason.endswith("and the record says the same.")
    incidents.edit(desk, [browsing.find(desk, "1")], {"title": "printer is mended"})
    found = verification.verify_file(desk, tmp_path / "one.pdf")
    assert found.verdict is Verdict.RECORD_CHANGED
    assert "the record changed: " in found.reason
    assert "INC-000001: title" in found.reason
