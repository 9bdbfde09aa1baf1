"""Who was told and who confirmed, at the time when it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.services import browsing, quick_logging, stakeholders
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_a_confirmation_stands_in_the_timeline_when_it_was_given(tmp_path: Path) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    given_at = NOW - timedelta(minutes=12)

    stakeholders.verify_with_requester(desk, browsing.find(desk, "1"), "Nina", "phone", at=given_at)

    incident = browsing.incident(desk, "1")
    entry = next(
        one
        for one in incident.timeline
        if any(change.field == "verified_by" for change in one.changes)
    )
    assert entry.at == given_at
    assert incident.verified_at == given_at
    desk.close()
