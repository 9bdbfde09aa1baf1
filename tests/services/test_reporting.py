"""The report of a real incident: the record inside it is the record of the store."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.incident_json import incident_to_json
from app.domain.incident_record import IncidentDraft
from app.services import browsing, demonstration, knowledge, logging_incidents, reporting
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.reports.record_parts import Detail


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    yield desk
    desk.close()


@pytest.mark.skipif(
    shutil.which("pdfdetach") is None, reason="poppler's pdfdetach is not installed"
)
def test_the_record_comes_out_of_the_report_as_it_is_in_the_store(
    desk: Desk, tmp_path: Path
) -> None:
    number = demonstration.close_one(desk)
    path = tmp_path / "report.pdf"
    facts = reporting.write_report(desk, number, path)

    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(
        ["pdfdetach", "-saveall", "-o", str(out), str(path)],
        capture_output=True,
        check=True,
        timeout=60,
    )

    [attached] = out.iterdir()
    content = attached.read_bytes()
    assert attached.name == f"{number}.json"
    assert hashlib.sha256(content).hexdigest() == facts["record_sha256"]
    incident = browsing.incident(desk, number)
    assert json.loads(content) == json.loads(json.dumps(incident_to_json(incident)))


def test_the_articles_that_were_used_are_cited(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="Printer jams")).ids["incident"][0]
    assert "Articles used" not in [one.label for one in details_of(desk, uid)]
    made = knowledge.write(desk, "Clear the tray", "Open it.")
    knowledge.use(desk, made.ids["article"][0], [uid])
    (cited,) = [one.value for one in details_of(desk, uid) if one.label == "Articles used"]
    assert cited.endswith(" Clear the tray")
    assert cited.startswith("KB-")


def details_of(desk: Desk, uid: EntityId) -> list[Detail]:
    made = reporting.record(desk, uid)
    return [*made.details_left, *made.details_right]
