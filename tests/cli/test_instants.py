"""The instants of an incident's record: set, shown, exported, taken back (domain.md)."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident_record import INSTANTS
from tests.cli.conftest import Line

if TYPE_CHECKING:
    from pathlib import Path

BY_HAND = {
    "occurred_at": "Occurred",
    "detected_at": "Detected",
    "reported_at": "Reported",
    "escalated_at": "Escalated",
    "major_declared_at": "Major declared",
    "workaround_applied_at": "Workaround applied",
    "restored_at": "Restored",
    "verified_at": "Verified",
    "review_due_at": "Review due",
    "review_done_at": "Review done",
    "survey_sent_at": "Survey sent",
    "survey_answered_at": "Survey answered",
}
DOMAIN_MD = (
    "occurred, detected, reported, registered, acknowledged, first assigned, first response, "
    "escalated, major declared, workaround applied, restored, resolved, first resolved, closed, "
    "cancelled, review due, review done, survey sent, survey answered"
)


def whole(line: Line, tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "all.json"
    line.done("export", "--filter", "status:any", "-o", str(path))
    (incident,) = json.loads(path.read_text())["incidents"]
    return dict(incident)


def test_every_instant_of_domain_md_is_kept() -> None:
    kept = {name.removesuffix("_at").replace("_", " ") for name in INSTANTS}
    assert set(DOMAIN_MD.split(", ")) <= kept


@pytest.mark.parametrize("name", BY_HAND)
def test_an_instant_is_set_shown_and_emptied(line: Line, tmp_path: Path, name: str) -> None:
    number = line.resolved()
    line.done("set", number, f"{name}=2026-03-09T08:15:00Z")
    assert f"{BY_HAND[name]}: 2026-03-09T08:15:00+00:00" in line.said("show", number).out
    assert whole(line, tmp_path)[name] == "2026-03-09T08:15:00+00:00"
    line.done("set", number, f"{name}=")
    assert whole(line, tmp_path)[name] is None


@pytest.mark.parametrize("suffix", ["json", "zip", "csv"])
def test_all_instants_come_back_from_an_export(
    line: Line,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    number = line.resolved()
    for minute, name in enumerate(BY_HAND, 1):
        line.done("set", number, f"{name}=2026-03-09T08:{minute:02}:00Z")
    before = whole(line, tmp_path)
    path = tmp_path / f"out.{suffix}"
    line.done("export", "--filter", "status:any", "-o", str(path))
    if suffix == "csv":
        (row,) = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        assert all(row[name] for name in BY_HAND)
    other = Line(tmp_path / "second", capsys, monkeypatch)
    other.done("import", str(path))
    after = whole(other, tmp_path)
    assert {name: after[name] for name in INSTANTS} == {name: before[name] for name in INSTANTS}


def test_the_survey_keeps_when_it_was_sent_and_answered(line: Line, tmp_path: Path) -> None:
    number = line.resolved()
    line.at("2026-03-10T09:00:00Z")
    line.done("survey", number, "--sent")
    line.at("2026-03-11T10:00:00Z")
    line.done("survey", number, "--answer", "5")
    told = whole(line, tmp_path)
    assert told["survey_sent_at"] == "2026-03-10T09:00:00+00:00"
    assert told["survey_answered_at"] == "2026-03-11T10:00:00+00:00"
    line.done("undo", number)
    assert whole(line, tmp_path)["survey_answered_at"] is None
