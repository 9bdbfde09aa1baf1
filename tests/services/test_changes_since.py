"""What others wrote since the window looked last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.incident_record import IncidentDraft
from app.services import browsing, incidents, logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def desk(profile: Profile) -> Desk:
    return open_desk(profile, CLOCK, person="Ana Ruiz")


def test_the_first_question_only_notes_where_the_journal_stands(desk: Desk) -> None:
    logging_incidents.log(desk, IncidentDraft(title="printer down"))
    since = browsing.changes_since(desk, {}, frozenset())
    assert since.mark
    assert since.changes == ()


def test_what_another_desk_wrote_is_named_once(desk: Desk, profile: Profile) -> None:
    mark = browsing.changes_since(desk, {}, frozenset()).mark
    other = open_desk(profile, CLOCK, person="Jon Park")
    logged = logging_incidents.log(other, IncidentDraft(title="disk full"))
    since = browsing.changes_since(desk, mark, frozenset())
    by_action = {change.action: change for change in since.changes}
    assert by_action[logged.action].ids["incident"] == logged.ids["incident"]
    assert browsing.changes_since(desk, since.mark, frozenset()).changes == ()


def test_own_actions_are_left_out(desk: Desk) -> None:
    mark = browsing.changes_since(desk, {}, frozenset()).mark
    logged = logging_incidents.log(desk, IncidentDraft(title="disk full"))
    noted = incidents.add_note(desk, logged.ids["incident"], "Looked at it")
    assert logged.action is not None
    since = browsing.changes_since(desk, mark, frozenset([logged.action]))
    assert [change.action for change in since.changes] == [noted.action]
