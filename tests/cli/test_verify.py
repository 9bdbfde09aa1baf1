"""`verify FILE` on the command line: the answer, its exit code, and one sentence for what fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def reported(line: Line, path: Path) -> str:
    """Close an incident and write its report."""
    number = line.resolved()
    line.done("close", number)
    line.done("report", number, "-o", str(path))
    return number


@pytest.mark.spoils_reports
def test_each_answer_has_its_exit_code(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    number = reported(line, path)
    code, genuine = line("verify", str(path))
    assert (code, genuine["verdict"], genuine["number"]) == (0, "genuine", number)
    assert len(genuine["record_sha256"]) == 64

    altered = tmp_path / "altered.pdf"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    altered.write_bytes(content)
    code, answer = line("verify", str(altered))
    assert (code, answer["verdict"], answer["number"]) == (1, "file_altered", number)

    alien = tmp_path / "alien.pdf"
    alien.write_bytes(b"")
    code, answer = line("verify", str(alien))
    assert (code, answer["verdict"], answer["number"]) == (1, "not_ours", None)

    line.done("note", number, "One more thing")
    code, answer = line("verify", str(path))
    assert (code, answer["verdict"]) == (1, "record_changed_since")
    assert answer["changes"][0]["field"] == "timeline"


def test_a_file_that_is_missing_is_a_known_error(line: Line, tmp_path: Path) -> None:
    assert line.refused("verify", str(tmp_path / "gone.pdf")).startswith("not_found: There is no")
    assert line.refused("verify", str(tmp_path)).startswith("cannot_read: ")


def test_people_read_the_answer_and_what_changed(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    number = reported(line, path)
    said = line.said("verify", str(path))
    assert (said.code, said.out.splitlines()[0]) == (0, "Genuine")
    line.done("note", number, "One more thing")
    said = line.said("verify", str(path))
    assert said.code == 1
    assert said.out.splitlines()[0] == "Record changed since"
    assert "One more thing" in said.out


def test_a_report_is_signed_with_a_certificate_from_a_file(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyhanko")
    from app.reports.sign import make_own_certificate

    certificate = tmp_path / "bo.p12"
    certificate.write_bytes(make_own_certificate("Bo", "", "pw", datetime.now(UTC)))
    number, out = line.resolved(), str(tmp_path / "signed.pdf")
    assert "password is wrong" in line.refused(
        "report", number, "-o", out, "--sign", str(certificate)
    )
    monkeypatch.setenv("INCIDENT_DESK_SIGN_PASSWORD", "pw")
    facts = line.done("report", number, "-o", out, "--sign", str(certificate))
    assert facts["signed_by"] == "Bo"
    answer = line.done("verify", out)
    assert answer["verdict"] == "genuine"
    assert (answer["signature"]["state"], answer["signature"]["signer"]) == ("unknown_signer", "Bo")
    assert "Signature: unknown signer, Bo" in line.said("verify", out).out
