"""Times on the screen name their zone where it is not plain (domain.md, Time; ux.md 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident_record import IncidentDraft
from app.services import browsing, logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui import reader_time
from app.ui.detail.sla_band import SlaBand
from app.ui.incidents import cells

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NOW_MS = int(AT.timestamp() * 1000)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(
        Profile(tmp_path / "profile"), PinnedClock(AT), person="Ana", zone="Europe/London"
    )
    logging_incidents.log(desk, IncidentDraft(title="Printer"))
    return desk


@pytest.fixture
def tokyo() -> Iterator[None]:
    reader_time.set_zone("Asia/Tokyo")
    yield
    reader_time.set_zone("")


def test_the_band_names_the_readers_zone_where_the_record_has_another(
    qtbot: QtBot, theme: Theme, desk: Desk, tokyo: None
) -> None:
    band = SlaBand()
    qtbot.addWidget(band)
    incident = browsing.incident(desk, "1")
    assert incident.zone == "Europe/London"
    band.show_clock(incident, NOW_MS)
    assert reader_time.abbreviation(NOW_MS) in band.why.text()
    band.show_clock(replace(incident, zone="Asia/Tokyo"), NOW_MS)
    assert reader_time.abbreviation(NOW_MS) not in band.why.text()


def test_the_list_names_a_zone_that_was_chosen_and_always_under_the_pointer(theme: Theme) -> None:
    plain = cells.moment(NOW_MS)
    assert reader_time.zone_name() in cells.moment_with_zone(NOW_MS)
    reader_time.set_zone("Asia/Tokyo")
    try:
        told = cells.moment(NOW_MS)
        assert told != plain
        assert reader_time.abbreviation(NOW_MS) in told
        row: Any = SimpleNamespace(due_ms=NOW_MS, registered_ms=NOW_MS, updated_ms=0)
        assert "(Asia/Tokyo)" in cells.hint("due", row, NOW_MS)
        assert "(Asia/Tokyo)" in cells.hint("registered", row, NOW_MS)
        assert cells.hint("updated", row, NOW_MS) == ""
    finally:
        reader_time.set_zone("")
