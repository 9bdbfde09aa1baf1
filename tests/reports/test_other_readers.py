"""qpdf, poppler and mutool agree on every kind of report (pdf.md 8, 3), each with its control."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.incident import Status
from app.reports import sign
from app.reports.closure_report import closure_report_bytes
from app.reports.report_bundle import report_bundle_bytes
from app.reports.review_record import review_record
from app.services import period_reporting
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY
from tests.services.test_period_reporting import APRIL, HOUR, MARCH, worked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.incident_record import Incident
    from app.reports.record_parts import ClosureRecord

KINDS = ("letter", "interim", "review", "bundle", "signed", "period")
MISSING = [name for name in ("qpdf", "mutool", "pdffonts") if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


def said(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def reports(
    incident: Incident,
    record: ClosureRecord,
    record_of: Callable[..., ClosureRecord],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, bytes]:
    """Make one report of each kind beside the usual one."""
    pytest.importorskip("pyhanko")
    interim = record_of(replace(incident, status=Status.IN_PROGRESS, closed_at=None))
    review = review_record(incident, organisation="Kestrel", record_json=record.record_json)
    key = sign.open_key(sign.make_own_certificate("Ana", "Kestrel", "sesame", MONDAY), "sesame")
    to_sign = replace(record, signed="Ana, 9 Mar 2026, 09:00 UTC", signature_field=sign.FIELD)
    clock = PinnedClock(MONDAY)
    folder = tmp_path_factory.mktemp("readers")
    desk = open_desk(Profile(folder), clock, person="Ana Ruiz", zone="Europe/London")
    try:
        worked(desk, clock)
        clock.set(APRIL + 9 * HOUR)
        period = period_reporting.report_bytes(desk, MARCH, APRIL - HOUR, paper="letter")[0]
    finally:
        desk.close()
    return {
        "letter": closure_report_bytes(replace(record, paper="letter"))[0],
        "interim": closure_report_bytes(interim)[0],
        "review": closure_report_bytes(review)[0],
        "bundle": report_bundle_bytes([interim, record])[0],
        "signed": sign.sign_report(closure_report_bytes(to_sign)[0], key),
        "period": period,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_other_readers_find_nothing_wrong(
    kind: str, reports: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"{kind}.pdf"
    path.write_bytes(reports[kind])

    assert "No syntax or stream encoding errors" in said("qpdf", "--check", path)
    assert "error" not in said("mutool", "draw", "-r", 30, "-o", tmp_path / "page-%d.png", path)
    fonts = said("pdffonts", path).splitlines()[2:]
    assert len(fonts) >= 3
    for font in fonts:
        assert re.search(r" yes yes yes +\d+", font), font
        assert "Helvetica" not in font


@pytest.mark.spoils_reports
def test_a_broken_file_is_told_by_both_readers(reports: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    content = reports["letter"]
    path.write_bytes(content[: len(content) // 2])

    assert "No syntax or stream encoding errors" not in said("qpdf", "--check", path)
    assert "error" in said("mutool", "draw", "-r", 30, "-o", tmp_path / "page-%d.png", path)
