"""Each thing is told once at the workstation of the person it is about, also across restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.incident import EntityId, EntryKind, PendingReason
from app.domain.incident_record import IncidentDraft
from app.domain.notification import SyncWatch
from app.services import (
    configuration,
    incidents,
    logging_incidents,
    major_incidents,
    moves,
    notifying,
    sharing,
    work_records,
)
from app.services.desk import Desk, open_desk
from app.system.clock import from_ms, to_ms
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


class MovingClock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        return to_ms(self.at)

    def go(self, **spans: float) -> None:
        self.at += timedelta(**spans)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def desk(folder: Path, clock: MovingClock) -> Desk:
    desk = reopened(folder, clock)
    configuration.set_setting(desk, "sla.default_calendar", "24x7")
    look(desk)
    clock.go(seconds=1)
    return desk


def reopened(folder: Path, clock: MovingClock, person: str = "Ana Ruiz") -> Desk:
    return open_desk(Profile(folder), clock, person=person)  # type: ignore[arg-type]


def look(desk: Desk, watch: SyncWatch | None = None) -> list[str]:
    found = notifying.look(desk, watch or SyncWatch())
    return [f"{one.kind} {one.number}" for one in found.fresh]


def log(desk: Desk, title: str = "printer down", **facts: object) -> EntityId:
    (uid,) = logging_incidents.log(desk, IncidentDraft(title=title, **facts)).ids["incident"]  # type: ignore[arg-type]
    return uid


def test_what_another_process_gives_me_is_told_once_also_after_a_restart(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    jon = reopened(folder, clock, "Jon Park")
    uid = log(jon)
    assert look(desk) == []
    moves.assign(jon, [uid], "Ana Ruiz")
    found = notifying.look(desk, SyncWatch())
    (told,) = found.fresh
    assert (told.kind, told.who, told.title) == ("assigned", "Jon Park", "printer down")
    assert found.unseen == 1
    assert look(desk) == []
    again = reopened(folder, clock)
    assert look(again) == []
    assert [one.number for one in notifying.look(again, SyncWatch()).shelf] == [told.number]


def test_what_i_do_myself_is_not_told(desk: Desk) -> None:
    uid = log(desk)
    moves.assign(desk, [uid], "Ana Ruiz")
    incidents.add_note(desk, [uid], "looked at it")
    incidents.edit(desk, [uid], {"major": True})
    assert look(desk) == []


def test_a_note_of_a_colleague_and_of_the_caller(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = log(desk, requester="Nina Berg", assignee="Ana Ruiz")
    incidents.add_note(reopened(folder, clock, "Jon Park"), [uid], "restarted the spooler")
    incidents.add_note(
        reopened(folder, clock, "Nina Berg"), [uid], "still down", kind=EntryKind.REPLY
    )
    found = notifying.look(desk, SyncWatch()).fresh
    assert [(one.who, one.text, one.by_caller) for one in found] == [
        ("Jon Park", "restarted the spooler", False),
        ("Nina Berg", "still down", True),
    ]


def test_a_major_incident_of_others_is_told(desk: Desk, folder: Path, clock: MovingClock) -> None:
    jon = reopened(folder, clock, "Jon Park")
    uid = log(jon, assignee="Jon Park")
    incidents.edit(jon, [uid], {"major": True})
    assert look(desk) == ["major INC-000001"]


def resolution(desk: Desk, uid: EntityId) -> tuple[datetime, datetime]:
    from app.services import browsing

    state = browsing.incident(desk, uid).resolution_clock
    assert state is not None
    assert state.warn_at is not None
    assert state.due_at is not None
    return state.warn_at, state.due_at


def own(desk: Desk, **facts: object) -> EntityId:
    """Log an incident of mine whose response clock has stopped."""
    uid = log(desk, assignee="Ana Ruiz", **facts)
    moves.start(desk, [uid])
    return uid


def test_the_real_clock_warns_and_breaches_once_each(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = own(desk)
    warn_at, due_at = resolution(desk, uid)
    clock.at = warn_at - timedelta(milliseconds=1)
    assert look(desk) == []
    clock.at = warn_at
    assert look(desk) == ["sla_warning INC-000001"]
    clock.go(minutes=1)
    assert look(desk) == []
    clock.at = due_at
    assert look(desk) == []
    clock.go(seconds=30)
    again = reopened(folder, clock)
    assert look(again) == ["sla_breach INC-000001"]
    clock.go(hours=5)
    incidents.add_note(again, [uid], "still at it")
    assert look(again) == []


def test_what_was_crossed_while_the_program_was_closed_is_told_at_the_start(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = own(desk)
    look(desk)
    clock.at = resolution(desk, uid)[1] + timedelta(days=3)
    assert look(reopened(folder, clock)) == ["sla_breach INC-000001"]


def test_a_paused_clock_is_silent_and_goes_on_later(desk: Desk, clock: MovingClock) -> None:
    uid = own(desk)
    warn_at, _ = resolution(desk, uid)
    moves.pend(desk, [uid], PendingReason.CALLER, clock.at + timedelta(days=30))
    clock.at = warn_at + timedelta(days=1)
    assert look(desk) == []
    moves.resume(desk, [uid])
    assert look(desk) == []
    clock.at = resolution(desk, uid)[0]
    assert look(desk) == ["sla_warning INC-000001"]


def test_a_higher_priority_may_breach_at_once_and_says_so(desk: Desk, clock: MovingClock) -> None:
    uid = own(desk, impact=3, urgency=3)
    warn_at, _ = resolution(desk, uid)
    clock.at = warn_at - timedelta(minutes=1)
    look(desk)
    incidents.edit(desk, [uid], {"impact": 1, "urgency": 1})
    (told,) = notifying.look(desk, SyncWatch()).fresh
    assert told.kind == "sla_breach"
    assert told.retroactive
    clock.go(days=9)
    assert look(desk) == []


def test_an_unanswered_incident_of_nobody_is_told_by_its_response_clock(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    jon = reopened(folder, clock, "Jon Park")
    log(jon, "nobody's", impact=1, urgency=1)
    log(jon, "Jon's", impact=1, urgency=1, assignee="Jon Park")
    told = []
    for _ in range(60 * 24):
        clock.go(minutes=1)
        told += [(one.kind, one.clock) for one in notifying.look(desk, SyncWatch()).fresh]
    assert [one for one in told if one[1] == "response"] == [
        ("sla_warning", "response"),
        ("sla_breach", "response"),
    ]
    assert len([one for one in told if one[1] == "resolution"]) == 2


def test_incidents_of_another_team_are_not_my_business(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    configuration.put_item(desk, "team", "Network", {})
    configuration.put_item(desk, "person", "Ana Ruiz", {"team": "Desk"})
    log(reopened(folder, clock, "Jon Park"), impact=1, urgency=1, team="Network")
    clock.go(days=9)
    assert look(desk) == []


def test_a_kind_that_is_off_is_neither_shown_nor_listed_nor_told_later(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    configuration.set_setting(desk, "notifications.kinds", ["sla_breach"])
    jon = reopened(folder, clock, "Jon Park")
    moves.assign(jon, [log(jon)], "Ana Ruiz")
    assert look(desk) == []
    configuration.set_setting(desk, "notifications.kinds", ["assigned"])
    found = notifying.look(desk, SyncWatch())
    assert (found.fresh, found.shelf) == ((), ())


def test_quiet_hours_and_a_pause_make_it_silent(desk: Desk, clock: MovingClock) -> None:
    assert not notifying.look(desk, SyncWatch()).silent
    paused = notifying.pause(desk, 3600)
    assert paused.silent
    assert from_ms(paused.paused_until_ms) == clock.at + timedelta(hours=1)
    clock.go(minutes=59)
    assert notifying.look(desk, SyncWatch()).silent
    clock.go(minutes=2)
    assert not notifying.look(desk, SyncWatch()).silent
    notifying.pause(desk, 3600)
    assert not notifying.pause(desk, 0).silent
    configuration.set_setting(desk, "notifications.quiet_hours", "09:00-17:00")
    assert notifying.look(desk, SyncWatch()).silent


def test_the_list_keeps_the_newest_and_what_was_seen(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    jon = reopened(folder, clock, "Jon Park")
    uids = [log(jon, f"n {n}") for n in range(notifying.KEPT + 5)]
    moves.assign(jon, uids, "Ana Ruiz")
    found = notifying.look(desk, SyncWatch())
    assert len(found.fresh) == notifying.KEPT + 5
    assert found.unseen == len(found.shelf) == notifying.KEPT
    assert notifying.mark_seen(desk).unseen == 0
    assert len(notifying.look(desk, SyncWatch()).shelf) == notifying.KEPT


def test_what_jon_does_at_his_workstation_is_told_here(
    desk: Desk, tmp_path: Path, clock: MovingClock
) -> None:
    hub = tmp_path / "share"
    hub.mkdir()
    jon = reopened(tmp_path / "jon", clock, "Jon Park")
    log(jon, "old", assignee="Ana Ruiz")
    sharing.create(jon, str(hub))
    clock.go(minutes=1)
    sharing.join(desk, str(hub))
    assert look(desk) == [], "what was there before this workstation joined is history"
    clock.go(minutes=1)
    sharing.sync(jon)
    moves.assign(jon, [log(jon, "switch off")], "Ana Ruiz")
    sharing.sync(jon)
    sharing.sync(desk)
    found = notifying.look(desk, SyncWatch()).fresh
    assert [(one.kind, one.who, one.title) for one in found] == [
        ("assigned", "Jon Park", "switch off")
    ]
    sharing.sync(desk)
    assert look(desk) == []


def test_a_share_that_is_away_for_15_minutes_is_told_once_also_after_a_restart(
    desk: Desk, folder: Path, tmp_path: Path, clock: MovingClock
) -> None:
    hub = tmp_path / "share"
    hub.mkdir()
    sharing.create(desk, str(hub))
    hub.rename(tmp_path / "gone")
    told: list[str] = []
    watch = SyncWatch()
    for _ in range(2 * 40):
        clock.go(seconds=30)
        sharing.sync(desk)
        found = notifying.look(desk, watch)
        watch = found.watch
        told += [f"{one.kind}: {one.text}" for one in found.fresh]
    assert len(told) == 1
    assert told[0].startswith("sync_stopped: Offline")
    again, watch = reopened(folder, clock), SyncWatch()
    for _ in range(2 * 40):
        clock.go(seconds=30)
        found = notifying.look(again, watch)
        watch = found.watch
        assert found.fresh == ()


def test_the_list_keeps_no_word_of_an_incident(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = log(desk, "secret title", assignee="Ana Ruiz")
    incidents.add_note(reopened(folder, clock, "Jon Park"), [uid], "secret password")
    look(desk)
    assert "secret" not in str(desk.store.local("notify.shelf"))
    incidents.edit(desk, [uid], {"title": "plain title"})
    assert [one.title for one in notifying.look(desk, SyncWatch()).shelf] == ["plain title"]
    with desk.write("Delete") as action:
        action.set("incident", uid, "deleted", True)
    assert notifying.look(desk, SyncWatch()).shelf == ()


def test_a_damaged_memory_begins_anew(desk: Desk) -> None:
    with desk.store.writing():
        desk.store.set_local("notify.state", "{")
        desk.store.set_local("notify.shelf", '[{"kind": "weather"}, 7]')
    assert notifying.look(desk, SyncWatch()).shelf == ()


def test_a_late_status_update_and_an_overdue_action_are_told_once(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = log(desk, assignee="Jon Park")
    major_incidents.declare(desk, uid, desk.person, every_s=900)
    work_records.add_follow_up(desk, uid, "Watch it", "ana ruiz", clock.at + timedelta(minutes=20))
    work_records.add_follow_up(desk, uid, "Buy it", "Jon Park", clock.at + timedelta(minutes=20))
    assert look(desk) == []
    clock.go(minutes=16)
    assert look(desk) == ["update_late INC-000001"]
    assert look(reopened(folder, clock)) == []
    clock.go(minutes=5)
    assert look(desk) == ["action_overdue INC-000001"]
    assert look(desk) == []
    major_incidents.post_update(desk, uid, "We look")
    clock.go(minutes=10)
    assert look(desk) == []
    clock.go(minutes=6)
    assert look(desk) == ["update_late INC-000001"]


def test_a_late_status_update_is_told_to_who_speaks(
    desk: Desk, folder: Path, clock: MovingClock
) -> None:
    uid = log(desk, assignee="Jon Park")
    major_incidents.declare(desk, uid, reopened(folder, clock, "Jon Park").person, every_s=900)
    look(desk)
    clock.go(minutes=16)
    assert look(desk) == []
