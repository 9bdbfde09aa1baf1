"""What reviews have left to do is followed up: in order, by owner, overdue, done and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident_record import IncidentDraft
from app.services import browsing, follow_ups, logging_incidents, undoing, work_records

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

DAY = timedelta(days=1)


def test_actions_of_all_incidents_stand_by_their_day(desk: Desk, clock: PinnedClock) -> None:
    one, two = (
        logging_incidents.log(desk, IncidentDraft(title=title)).ids["incident"][0]
        for title in ("No mail", "No print")
    )
    work_records.add_follow_up(desk, one, "Write it down", "Jon")
    work_records.add_follow_up(desk, two, "Second server", "Ana", desk.now() + 2 * DAY)
    work_records.add_follow_up(desk, one, "Watch the disk", "jon ", desk.now() + DAY)
    assert [item.action for item in follow_ups.actions(desk)] == [
        *("Watch the disk", "Second server", "Write it down"),
    ]
    assert [item.action for item in follow_ups.actions(desk, owner="JON")] == [
        *("Watch the disk", "Write it down"),
    ]
    assert follow_ups.overdue(desk) == []
    clock.set(clock.now() + DAY * 1.5)
    (late,) = follow_ups.overdue(desk)
    assert (late.number, late.action) == ("INC-000001", "Watch the disk")

    work_records.finish_follow_up(desk, one, late.id)
    assert follow_ups.overdue(desk) == []
    assert len(follow_ups.actions(desk)) == 2
    assert follow_ups.actions(desk, done=True)[-1].done
    undoing.undo(desk)
    assert follow_ups.overdue(desk) == [late]


def test_an_action_is_changed_and_one_undo_gives_it_back(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="No mail")).ids["incident"][0]
    work_records.add_follow_up(desk, uid, "Watch the disk", "Jon", desk.now())
    (item,) = browsing.incident(desk, uid).follow_ups
    follow_ups.change(desk, uid, item.id, text="Watch both", owner="Ana", due_at=desk.now() + DAY)
    (after,) = follow_ups.actions(desk)
    assert (after.action, after.owner, after.due_at) == ("Watch both", "Ana", desk.now() + DAY)
    undoing.undo(desk)
    assert browsing.incident(desk, uid).follow_ups == (item,)
    with pytest.raises(InvalidInputError, match="what is to be done"):
        follow_ups.change(desk, uid, item.id, text=" ", owner="", due_at=None)


def test_what_was_taken_back_is_nothing_to_do(desk: Desk) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="No mail")).ids["incident"][0]
    work_records.add_follow_up(desk, uid, "Watch the disk")
    undoing.undo(desk)
    assert follow_ups.actions(desk, done=True) == []
