"""Which pictures of an incident its report prints, and that it is made whatever they are."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.domain.incident_record import IncidentDraft
from app.reports.evidence_pictures import MOST_PICTURES
from app.reports.language import ENGLISH
from app.services import browsing, evidence, logging_incidents, reporting
from app.services.desk import Desk, open_desk
from app.services.evidence_pictures import evidence_pictures
from app.storage import attachments
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    yield desk
    desk.close()


def png(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def test_pictures_come_in_the_order_of_the_files_and_others_do_not(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="Pictures")).ids["incident"][0]
    files = [("a.png", png(10)), ("log.txt", b"x"), ("b.png", png(20))]
    evidence.attach(desk, uid, files)

    incident = browsing.incident(desk, uid)

    found = evidence_pictures(desk, incident, ENGLISH)

    order = [file.name for file in incident.attachments if file.name != "log.txt"]
    assert [one.name for one in found] == order
    assert {one.name: one.content for one in found} == {"a.png": png(10), "b.png": png(20)}


def test_a_report_is_made_with_files_that_are_gone_damaged_or_no_pictures(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="Pictures")).ids["incident"][0]
    evidence.attach(desk, uid, [("gone.png", png(1)), ("odd.png", b"odd"), ("bad.png", png(2))])
    incident = browsing.incident(desk, uid)
    paths = {
        file.name: attachments.path_of(desk.profile.attachments, file.sha256)
        for file in incident.attachments
    }
    paths["gone.png"].unlink()
    paths["bad.png"].chmod(0o600)
    paths["bad.png"].write_bytes(b"altered")

    found = {one.name: one.content for one in evidence_pictures(desk, incident, ENGLISH)}
    assert found == {"gone.png": b"", "odd.png": b"odd", "bad.png": b""}
    assert reporting.report_bytes(desk, incident.number).startswith(b"%PDF-1.7")


def test_no_more_is_read_than_is_printed(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="Pictures")).ids["incident"][0]
    evidence.attach(desk, uid, [(f"{at}.png", png(at)) for at in range(MOST_PICTURES + 3)])

    found = evidence_pictures(desk, browsing.incident(desk, uid), ENGLISH)

    assert [bool(one.content) for one in found] == [True] * MOST_PICTURES + [False] * 3
