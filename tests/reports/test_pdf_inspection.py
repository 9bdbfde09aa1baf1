"""No PDF that a test makes escapes the validator, whichever way it came to be; the controls."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from app.reports import sign
from app.reports.closure_report import closure_report_bytes, write_closure_report
from tests.pdf_inspection import Inspection
from tests.services.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from app.reports.record_parts import ClosureRecord

NO_PACKET = b"<x/>"


@pytest.fixture
def unmarked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reports forget to say that they are archives."""
    monkeypatch.setattr("app.reports.archive.xmp_packet", lambda **_: NO_PACKET)


@pytest.mark.usefixtures("unmarked")
def test_a_report_is_validated_as_it_is_made(inspection: Inspection, record: ClosureRecord) -> None:
    closure_report_bytes(record)

    broken = inspection.found()
    assert any(failed.startswith("PDFUA1-ID-") for failed in broken)
    assert any(failed.startswith("PDFA3A-ID-") for failed in broken)


def test_a_signed_report_is_validated_again(inspection: Inspection, record: ClosureRecord) -> None:
    pytest.importorskip("pyhanko")
    made = sign.make_own_certificate("Ana Ruiz", "Kestrel Freight IT", "open sesame", MONDAY)
    key = sign.open_key(made, "open sesame")
    named = replace(record, signed="Ana Ruiz", signature_field=sign.FIELD)
    report = closure_report_bytes(named)[0]
    assert inspection.found() == []

    signed = sign.sign_report(report, key)

    assert sha256(signed).digest() in inspection.seen
    assert inspection.found() == []
    inspection.look(signed.replace(b"/Lang", b"/Long", 1))
    assert any("LANG" in failed for failed in inspection.found())


def test_a_file_that_another_process_wrote_is_validated(
    record: ClosureRecord, tmp_path: Path
) -> None:
    path = tmp_path / "written.pdf"
    write_closure_report(record, path)
    other = "import sys; p = sys.argv[1]; b = open(p, 'rb').read(); "
    other += "open(p, 'wb').write(b.replace(b'<pdfuaid:part>1', b'<pdfuaid:part>9'))"
    subprocess.run([sys.executable, "-c", other, str(path)], check=True, timeout=60)
    own = Inspection()

    own.look_through(tmp_path)

    assert any(failed.startswith("written.pdf: PDFUA1-") for failed in own.found())
    path.unlink()


def test_a_file_that_ends_too_early_is_found(record: ClosureRecord) -> None:
    own = Inspection()
    own.look(closure_report_bytes(record)[0][:-9])
    assert own.found() != []


def test_files_of_other_programs_and_spoilt_ones_are_left_alone(
    record: ClosureRecord, tmp_path: Path
) -> None:
    path = tmp_path / "spoilt.pdf"
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.4 of another program")
    path.write_bytes(closure_report_bytes(record)[0].replace(b"pdfaid:part>3", b"pdfaid:part>9"))
    own = Inspection()
    own.look_through(tmp_path, spoilt=True)
    own.look_through(tmp_path)
    assert own.found() == []
    stranger = Inspection()
    stranger.look_through(tmp_path)
    assert stranger.found() != []
    path.unlink()
