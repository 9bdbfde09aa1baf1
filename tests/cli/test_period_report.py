"""`report --period FROM..TO -o FILE` (cli.md)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def test_the_report_of_a_period(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer jams @Nina !2")
    out = tmp_path / "march.pdf"
    told = line.done("report", "--period", "2026-03-01..2026-04-01", "-o", str(out))
    assert set(told) == {"path", "pages", "sha256", "record_sha256"}
    assert told["sha256"] == sha256(out.read_bytes()).hexdigest()
    assert told["pages"] >= 2

    refused = line.refused("report", "--period", "2026-04-01..2026-03-01", "-o", str(out))
    assert refused.startswith("invalid_input:")
    both = line.refused("report", "INC-000001", "--period", "2026-03-01..", "-o", str(out))
    assert "leave it out" in both
    zone = line.refused("--zone", "Mars/X", "report", "--period", "2026-03-01..", "-o", str(out))
    assert "Mars/X" in zone
    verdict = line("verify", str(out))
    assert verdict[0] in {1, 3}


def test_the_review_of_a_major_incident_only(line: Line, tmp_path: Path) -> None:
    number = line.done("log", "printer jams @Nina !2")["number"]
    out = tmp_path / "review.pdf"
    refused = line.refused("report", number, "--review", "-o", str(out))
    assert "no major incident" in refused
    line.done("set", number, "major=yes")
    told = line.done("report", number, "--review", "-o", str(out))
    assert told["sha256"] == sha256(out.read_bytes()).hexdigest()
    assert line.done("verify", str(out))["verdict"] == "genuine"
