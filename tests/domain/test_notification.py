"""What is worth a notification, when it is shown, and that nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from app.domain.incident import EntityId, EntryKind, Status
from app.domain.incident_record import ClockState, FieldChange, Incident, TimelineEntry
from app.domain.instants import to_ms
from app.domain.notification import (
    EVERY_MS,
    News,
    Notice,
    NotificationKind,
    Pacing,
    Subject,
    SyncWatch,
    is_quiet,
    of_clock,
    of_news,
    watch_sync,
)
from app.domain.standing import Standing

ME, JON, NINA = "aa", "bb", "cc"
T0 = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
MINUTE = 60_000


def subject(**facts: object) -> Subject:
    usual = Subject("01", "INC-1", "printer down", True, ME, False, NINA)
    return usual._replace(**facts)  # type: ignore[arg-type]


def news(kind: str, op: str, field: str, value: object, **facts: object) -> News:
    usual = News(kind, op, field, value, JON, "Jon Park", 1_000, subject())
    return usual._replace(**facts)  # type: ignore[arg-type]


ASSIGNED = news("incident", "set", "assignee", ME)


def kinds(found: tuple[Notice, ...]) -> list[str]:
    return [str(one.kind) for one in found]


def test_what_others_give_me_is_told_with_their_name() -> None:
    (told,) = of_news(ASSIGNED, ME, 0)
    assert told == Notice(
        NotificationKind.ASSIGNED, 1_000, "01", "INC-1", "printer down", "Jon Park"
    )


@pytest.mark.parametrize(
    "quiet",
    [
        ASSIGNED._replace(author=ME),
        ASSIGNED._replace(at_ms=-1),
        ASSIGNED._replace(value=JON),
        ASSIGNED._replace(subject=subject(assignee=JON)),
        ASSIGNED._replace(subject=subject(is_open=False)),
        news("incident", "set", "title", ME),
        news("incident", "create", "*", {"assignee": ME, "imported": True}),
        news("incident", "set", "major", True),
        news("note", "create", "*", {"kind": "status", "text": "because"}),
        news("note", "create", "*", {"kind": "note", "text": "old", "author": "Somebody"}),
        news("note", "create", "*", {"text": "x"}, subject=subject(assignee=JON)),
    ],
)
def test_what_is_own_old_undone_imported_or_of_others_is_not_told(quiet: News) -> None:
    assert of_news(quiet, ME, 0) == ()


def test_a_major_incident_is_told_to_everybody() -> None:
    about = subject(assignee=JON, major=True)
    assert kinds(of_news(news("incident", "set", "major", True, subject=about), ME, 0)) == ["major"]
    created = news("incident", "create", "*", {"major": True, "assignee": ME})
    created = created._replace(subject=subject(major=True))
    assert kinds(of_news(created, ME, 0)) == ["assigned", "major"]


def test_a_note_and_the_callers_reply_are_told_with_their_words() -> None:
    (note,) = of_news(news("note", "create", "*", {"kind": "note", "text": "a\n b"}), ME, 0)
    assert (note.kind, note.text, note.by_caller) == ("reply", "a b", False)
    long = news("note", "create", "*", {"kind": "reply", "text": "x" * 500}, author=NINA)
    (reply,) = of_news(long, ME, 0)
    assert reply.by_caller
    assert len(reply.text) == 160


def incident(*entries: TimelineEntry) -> Incident:
    return Incident(
        EntityId(b"\x01" * 16),
        "INC-1",
        "printer down",
        Status.NEW,
        "P2",
        2,
        1,
        T0,
        timeline=entries,
    )


def state(**facts: object) -> ClockState:
    usual: dict[str, object] = {
        "target_s": 3600, "due_at": T0 + timedelta(hours=1), "warn_at": T0 + timedelta(minutes=45),
        "counted_s": 0, "paused_s": 0, "paused": False, "stopped_at": None, "met": None,
        "breached": False, "remaining_s": 0,
    }  # fmt: skip
    return ClockState(**(usual | facts))  # type: ignore[arg-type]


def at(minutes: float) -> int:
    return to_ms(T0 + timedelta(minutes=minutes))


def cross(
    minutes: float,
    told: frozenset[str] = frozenset(),
    *,
    entries: tuple[TimelineEntry, ...] = (),
    begun: int = 0,
    **facts: object,
) -> tuple[str, frozenset[str]]:
    notice, keys = of_clock(
        incident(*entries),
        "resolution",
        state(**facts),
        now_ms=at(minutes),
        begun_ms=begun,
        told=told,
    )
    return ("" if notice is None else str(notice.kind)), keys


def test_a_clock_is_told_at_75_per_cent_and_when_it_is_past_due() -> None:
    assert cross(44.9)[0] == ""
    warned, keys = cross(45)
    assert warned == "sla_warning"
    assert cross(59, keys) == ("", frozenset())
    assert cross(60, keys)[0] == "", "a target is met at the very instant that it is due"
    breached, more = cross(60.1, keys)
    assert breached == "sla_breach"
    assert cross(600, keys | more)[0] == ""


def test_a_breach_that_was_told_is_not_followed_by_its_warning() -> None:
    _, keys = cross(61)
    assert cross(50, keys)[0] == ""


@pytest.mark.parametrize(
    "facts", [{"paused": True}, {"stopped_at": T0}, {"target_s": None}, {"due_at": None}]
)
def test_a_clock_that_does_not_run_tells_nothing(facts: dict[str, object]) -> None:
    assert cross(600, **facts) == ("", frozenset())


def test_what_was_past_before_notifications_began_is_history() -> None:
    assert cross(600, begun=at(61))[0] == ""
    assert cross(600, begun=at(60))[0] == "sla_breach"


def entry(kind: EntryKind, minutes: float, *changes: FieldChange) -> TimelineEntry:
    when = T0 + timedelta(minutes=minutes)
    return TimelineEntry(EntityId(b""), T0, when, "Jon", "", kind, "", changes)


def test_a_new_priority_and_a_late_record_are_told_although_the_time_was_past() -> None:
    raised = entry(EntryKind.CHANGE, 500, FieldChange("priority", "P4", "P1"))
    assert cross(600, begun=at(400), entries=(raised,), retroactive=True)[0] == "sla_breach"
    late = entry(EntryKind.CREATED, 500)
    assert cross(600, begun=at(400), entries=(late,))[0] == "sla_breach"
    brought = entry(EntryKind.IMPORTED, 500)
    assert cross(600, begun=at(400), entries=(brought,))[0] == ""


def test_another_target_is_another_clock_and_another_calendar_is_not() -> None:
    _, keys = cross(61)
    assert cross(61, keys, target_s=1800)[0] == "sla_breach"
    assert cross(61, keys, due_at=T0 + timedelta(minutes=50))[0] == ""


AWAY = Standing(True, "offline", 3, 0, "Offline, 3 changes waiting")


def test_sharing_that_stands_still_for_15_minutes_is_told_once() -> None:
    watch, told = SyncWatch(), []
    for minute in range(40):
        watch, notice = watch_sync(watch, AWAY, 0, minute * MINUTE + 1)
        if notice is not None:
            told.append((minute, notice.text))
    assert told == [(15, "Offline, 3 changes waiting")]
    watch, _ = watch_sync(watch, AWAY._replace(state="in_sync"), 40 * MINUTE, 40 * MINUTE)
    assert watch.stopped_ms == 0
    assert not watch.told


def test_a_night_asleep_is_no_time_without_the_share() -> None:
    watch, _ = watch_sync(SyncWatch(), AWAY, 0, MINUTE)
    watch, notice = watch_sync(watch, AWAY, 0, 500 * MINUTE)
    assert notice is None
    assert watch.stopped_ms == MINUTE


def test_an_exchange_that_hangs_counts_as_stopped() -> None:
    fine, watch, told = AWAY._replace(state="in_sync"), SyncWatch(), 0
    for minute in range(40):
        watch, notice = watch_sync(watch, fine, MINUTE, minute * MINUTE + 1)
        told += notice is not None
    assert told == 1


@pytest.mark.parametrize("state", ["waiting_for_approval", "not_shared"])
def test_who_is_not_admitted_or_shares_with_nobody_is_not_told(state: str) -> None:
    standing, watch = AWAY._replace(state=state, shared=state != "not_shared"), SyncWatch()
    for minute in range(40):
        watch, notice = watch_sync(watch, standing, 0, minute * MINUTE + 1)
        assert notice is None


def test_several_come_together_and_at_most_one_every_30_seconds() -> None:
    pacing = Pacing()
    note, breach = Notice(NotificationKind.REPLY, 1), Notice(NotificationKind.SLA_BREACH, 2)
    pacing.add([note])
    assert pacing.take(0, silent=False) == (note,)
    pacing.add([note])
    pacing.add([breach])
    assert pacing.take(EVERY_MS - 1, silent=False) == ()
    assert pacing.take(EVERY_MS, silent=True) == ()
    assert pacing.take(EVERY_MS, silent=False) == (breach, note)
    assert pacing.take(9 * EVERY_MS, silent=False) == ()


def test_a_clock_that_is_set_back_does_not_hold_them_back() -> None:
    pacing = Pacing()
    pacing.add([Notice(NotificationKind.MAJOR, 1)])
    assert pacing.take(10**9, silent=False)
    pacing.add([Notice(NotificationKind.MAJOR, 1)])
    assert pacing.take(5, silent=False)


@pytest.mark.parametrize(
    ("hours", "now", "quiet"),
    [
        ("", time(3), False),
        ("22:00-06:00", time(21, 59), False),
        ("22:00-06:00", time(22), True),
        ("22:00-06:00", time(5, 59), True),
        ("22:00-06:00", time(6), False),
        ("12:00 - 13:30", time(13, 29), True),
        ("12:00-13:30", time(13, 30), False),
        ("08:00-08:00", time(8), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: str, now: time, quiet: bool) -> None:
    assert is_quiet(hours, now) is quiet


def test_a_notice_is_kept_and_read_again() -> None:
    told = Notice(NotificationKind.SLA_BREACH, 5, "01", "INC-1", "x", due_ms=3, retroactive=True)
    assert Notice.from_data(told.to_data()) == told
    with pytest.raises(ValueError, match="weather"):
        Notice.from_data({"kind": "weather", "at_ms": 1})
