"""Attached files: on the hub before their row, fetched by themselves, never trusted (I11)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.incident_record import IncidentDraft
from app.services import browsing, evidence, exchanging, logging_incidents, sharing
from app.services.desk import Desk, open_desk
from app.storage import attachments
from app.sync import engine
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.simulation.invariants import i11_no_attachment_without_its_file

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
CONTENT = b"a picture of the fault"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def team(tmp_path: Path) -> tuple[Desk, Desk]:
    ana, jon = (open_desk(Profile(tmp_path / name), CLOCK, person=name) for name in ("Ana", "Jon"))
    sharing.create(ana, str(tmp_path / "hub"))
    sharing.join(jon, str(tmp_path / "hub"))
    uid = logging_incidents.log(ana, IncidentDraft(title="Printer down")).ids["incident"][0]
    evidence.attach(ana, uid, [("shot.png", CONTENT)])
    return ana, jon


def blob(folder: Path) -> Path:
    return folder / "hub" / "blob" / DIGEST[:2] / DIGEST


def test_a_file_comes_with_its_incident(team: tuple[Desk, Desk], tmp_path: Path) -> None:
    ana, jon = team
    sharing.sync(ana)
    assert blob(tmp_path).read_bytes() == CONTENT
    sharing.sync(jon)
    assert attachments.read(jon.profile.attachments, DIGEST) == CONTENT
    assert browsing.incident(jon, "1").attachments[0].sha256 == DIGEST


@pytest.mark.parametrize("content", [None, b"", b"another picture"])
def test_a_missing_or_altered_file_is_still_arriving(
    team: tuple[Desk, Desk], tmp_path: Path, content: bytes | None
) -> None:
    ana, jon = team
    sharing.sync(ana)
    if content is None:
        blob(tmp_path).unlink()
    else:
        blob(tmp_path).write_bytes(content)
    site = exchanging.site_of(jon, exchanging.open_hub(str(tmp_path / "hub")))
    engine.exchange(site)

    assert browsing.incident(jon, "1").attachments[0].sha256 == DIGEST
    assert site.arriving == {DIGEST}
    assert (
        i11_no_attachment_without_its_file(jon.connection, jon.profile.attachments, site.arriving)
        == ""
    )
    assert [p for p in jon.profile.attachments.rglob("*") if p.is_file()] == []

    blob(tmp_path).write_bytes(CONTENT)
    engine.exchange(site)
    assert site.arriving == set()
    assert attachments.read(jon.profile.attachments, DIGEST) == CONTENT


def test_a_digest_that_leads_elsewhere_is_no_path(team: tuple[Desk, Desk], tmp_path: Path) -> None:
    ana, jon = team
    uid = browsing.find(ana, "1")
    with ana.write("Forge") as action:
        value = {"name": "x", "size": 1, "sha256": "../" * 20 + "team.json", "media_type": "a/b"}
        action.create("attachment", value, root=uid)
    sharing.sync(ana)
    assert sharing.sync(jon)[0]["state"] == "in_sync"
    assert not (tmp_path / "Jon" / "team.json").exists()
