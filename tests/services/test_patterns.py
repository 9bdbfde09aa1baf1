"""Patterns over a real store: groups, dismissal that is remembered, undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import NotFoundError
from app.services import configuration, patterns, quick_logging, undoing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    opened = open_desk(
        Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="Europe/London"
    )
    person = {"department": "Sales", "login": "nina"}
    configuration.put_item(opened, "person", "Nina Berg", person)
    return opened


def log(desk: Desk, clock: PinnedClock, text: str, *days_ago: float) -> list[str]:
    numbers = []
    for ago in sorted(days_ago, reverse=True):
        clock.set(MONDAY - timedelta(days=ago))
        numbers += quick_logging.log_lines(desk, [text]).numbers
    clock.set(MONDAY)
    return numbers


def test_what_recurs_is_found_by_each_kind_of_group(desk: Desk, clock: PinnedClock) -> None:
    numbers = log(desk, clock, "VPN drops with error 651 @nina loc:HQ", 1, 2, 3)
    found = {str(one.pattern.group): one for one in patterns.recurring(desk)}
    assert found["signature:error 651"].numbers == numbers
    assert found["department:Sales"].numbers == numbers
    assert found["location:HQ"].pattern.is_flagged
    assert found["hour:09"].numbers == numbers
    assert not {group for group in found if group.startswith("weekday")}


def test_the_hour_is_that_of_the_reader(desk: Desk, clock: PinnedClock) -> None:
    clock.set(datetime(2026, 7, 1, 9, 0, tzinfo=UTC))
    quick_logging.log_lines(desk, ["one"])
    quick_logging.log_lines(desk, ["two"])
    assert "hour:10" in {str(one.pattern.group) for one in patterns.recurring(desk)}


def test_a_dismissed_pattern_comes_back_with_a_new_incident(desk: Desk, clock: PinnedClock) -> None:
    log(desk, clock, "VPN drops with error 651", 1, 2, 3)
    patterns.dismiss(desk, "Signature:ERROR 651")
    assert patterns.find(desk, "signature:error 651").is_dismissed
    assert not patterns.find(desk, "signature:error 651").to_json()["flag"]
    log(desk, clock, "VPN drops with error 651", 0)
    assert not patterns.find(desk, "signature:error 651").is_dismissed


def test_a_dismissal_holds_when_old_incidents_leave_the_window(
    desk: Desk, clock: PinnedClock
) -> None:
    log(desk, clock, "VPN drops with error 651", 1, 2, 3, 6)
    patterns.dismiss(desk, "signature:error 651")
    clock.set(MONDAY + timedelta(days=2))
    assert patterns.find(desk, "signature:error 651").is_dismissed


def test_a_dismissal_is_undone_like_all_else(desk: Desk, clock: PinnedClock) -> None:
    log(desk, clock, "VPN drops with error 651", 1, 2, 3)
    patterns.dismiss(desk, "signature:error 651")
    undoing.undo(desk)
    assert not patterns.find(desk, "signature:error 651").is_dismissed


def test_what_does_not_recur_is_refused_with_what_does(desk: Desk, clock: PinnedClock) -> None:
    log(desk, clock, "VPN drops with error 651", 1, 2, 3)
    with pytest.raises(NotFoundError, match=r'No group "ci:X" recurs .*signature:error 651'):
        patterns.dismiss(desk, "ci:X")
