"""`report --period FROM..TO -o FILE` (cli.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

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
    assert verdict[0] == 0


def test_the_review_of_a_major_incident_only(line: Line, tmp_path: Path) -> None:
    number = line.done("log", "printer jams @Nina !2")["number"]
    out = tmp_path / "review.pdf"
    refused = line.refused("report", number, "--review", "-o", str(out))
    assert "no major incident" in refused
    line.done("set", number, "major=yes")
    told = line.done("report", number, "--review", "-o", str(out))
    assert told["sha256"] == sha256(out.read_bytes()).hexdigest()
    assert line.done("verify", str(out))["verdict"] == "genuine"


@pytest.mark.parametrize("language", ["en", "de"])
def test_two_processes_zones_and_hash_seeds_give_the_same_bytes(
    process: Callable[..., CompletedProcess[str]], tmp_path: Path, language: str
) -> None:
    for title in ("printer jams @Nina !2", "vpn down @Omar !1", "password forgotten @Ida !4"):
        logged = process("log", title, env={"INCIDENT_DESK_NOW": "2026-03-09T09:00:00Z"})
        assert logged.returncode == 0, logged.stderr
    made = []
    for name, zone, seed in (("a", "Asia/Tokyo", "1"), ("b", "America/Lima", "7")):
        out = tmp_path / f"{name}.pdf"
        now = f"2027-0{seed}-09T09:00:00Z"
        environment = {"TZ": zone, "PYTHONHASHSEED": seed, "INCIDENT_DESK_NOW": now}
        words = ("--period", "2026-01-01..2026-12-31", "--paper", "letter", "-o", str(out))
        words = (*words, "--language", language)
        done = process("--zone", "Europe/London", "report", *words, env=environment)
        assert done.returncode == 0, done.stderr
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_period_and_a_bundle_are_signed_and_verified(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyhanko")
    from app.reports.sign import make_own_certificate

    certificate = tmp_path / "ana.p12"
    certificate.write_bytes(make_own_certificate("Ana", "", "pw", datetime.now(UTC)))
    monkeypatch.setenv("INCIDENT_DESK_SIGN_PASSWORD", "pw")
    line.done("log", "printer jams @Nina !2")
    line.done("log", "vpn drops")
    sign = ("--sign", str(certificate))
    period, bundle = str(tmp_path / "march.pdf"), str(tmp_path / "all.pdf")
    told = line.done("report", "--period", "2026-03-01..2026-04-01", "-o", period, *sign)
    assert told["signed_by"] == "Ana"
    told = line.done("report", "--filter", "status:new", "-o", bundle, *sign)
    assert told["signed_by"] == "Ana"
    for path in (period, bundle):
        found = line.done("verify", path)
        assert found["verdict"] == "genuine"
        assert found["signature"]["signer"] == "Ana"
    both = line.refused("report", "INC-000001", "--period", "2026-03-01..", "-o", period, *sign)
    assert "leave it out" in both
