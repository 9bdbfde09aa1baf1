"""The hard cases of domain.md, SLA clocks, each by itself and against a walk over the minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import Calendar
from app.domain.incident import PendingReason, Status
from app.domain.incident_record import ClockState, StatusPeriod
from app.domain.instants import elapsed_s, iso, parse_instant, zone_named
from app.domain.sla import EarlierTarget, due, resolution_clock, response_clock, target_seconds

H = 3600
WORK, WAIT, DONE, SHUT = Status.IN_PROGRESS, Status.PENDING, Status.RESOLVED, Status.CLOSED


def calendar(zone: str, *holidays: str, **days: str) -> Calendar:
    windows = {day: text.split() for day, text in days.items()}
    return Calendar.from_json(
        {"name": "C", "zone": zone, "open": windows, "holidays": list(holidays)}
    )


def local(text: str, zone: str) -> datetime:
    return parse_instant(text, zone_named(zone))


@pytest.mark.parametrize(
    ("zone", "window", "start", "hours", "end"),
    [
        # The clocks change inside one open window: elapsed hours count, not the wall clock.
        ("Europe/London", {"sun": "00:00-12:00"}, "2026-03-29 00:00", 6, "2026-03-29 07:00"),
        ("Europe/London", {"sun": "00:00-12:00"}, "2026-10-25 00:00", 6, "2026-10-25 05:00"),
        # A night shift over the change, one hour shorter or longer.
        ("Europe/London", {"sat": "22:00-06:00"}, "2026-03-28 22:00", 7, "2026-03-29 06:00"),
        ("Europe/London", {"sat": "22:00-06:00"}, "2026-10-24 22:00", 9, "2026-10-25 06:00"),
        # Half an hour of summer time, and an offset of half an hour.
        ("Australia/Lord_Howe", {"sun": "00:00-06:00"}, "2026-10-04 00:00", 5, "2026-10-04 05:30"),
        ("Australia/Lord_Howe", {"sun": "00:00-6:00"}, "2026-04-05 00:00", 6.5, "2026-04-05 06:00"),
        ("Asia/Kolkata", {"mon": "09:00-17:30"}, "2026-03-09 16:30", 1, "2026-03-09 17:30"),
        # Zones that changed their rules for good: Moscow in 2014, Pyongyang in 2018.
        ("Europe/Moscow", {"sun": "00:00-06:00"}, "2014-10-26 00:00", 7, "2014-10-26 06:00"),
        ("Asia/Pyongyang", {"fri": "22:00-06:00"}, "2018-05-04 22:00", 7.5, "2018-05-05 06:00"),
    ],
)  # fmt: skip
def test_open_time_is_elapsed_time_whatever_the_clocks_do(
    zone: str, window: dict[str, str], start: str, hours: float, end: str
) -> None:
    subject = calendar(zone, **window)
    begins, ends = local(start, zone), local(end, zone)
    assert subject.open_between_s(begins, ends) == hours * H
    assert subject.add_open_time(begins, hours * H) == ends


def test_the_instants_over_the_change_are_those_of_a_table_of_offsets() -> None:
    kolkata = calendar("Asia/Kolkata", mon="09:00-17:30")
    due = kolkata.add_open_time(datetime(2026, 3, 9, 3, 30, tzinfo=UTC), 8.5 * H)
    assert iso(due) == "2026-03-09T12:00:00+00:00"
    night = calendar("Asia/Pyongyang", fri="22:00-06:00")
    (window,) = night.open_windows(
        datetime(2018, 5, 4, 12, tzinfo=UTC), datetime(2018, 5, 5, 12, tzinfo=UTC)
    )
    assert [iso(edge) for edge in window] == [
        "2018-05-04T13:30:00+00:00",
        "2018-05-04T21:00:00+00:00",
    ]


def test_a_night_shift_into_a_holiday_is_worked_and_that_of_the_holiday_is_not() -> None:
    zone = "Europe/London"
    nights = dict.fromkeys(("thu", "fri", "sat"), "22:00-06:00")
    subject = calendar(zone, "2026-03-27", **nights)
    start, end = local("2026-03-26 12:00", zone), local("2026-03-30 00:00", zone)
    assert [(iso(a), iso(b)) for a, b in subject.open_windows(start, end)] == [
        ("2026-03-26T22:00:00+00:00", "2026-03-27T06:00:00+00:00"),
        ("2026-03-28T22:00:00+00:00", "2026-03-29T05:00:00+00:00"),
    ]
    assert subject.add_open_time(start, 15 * H) == local("2026-03-29 06:00", zone)


def test_what_two_days_share_is_counted_once_and_is_left_when_one_of_them_is_a_holiday() -> None:
    zone = "UTC"
    days = {"fri": "20:00-04:00", "sat": "02:00-08:00 03:00-05:00"}
    start, end = local("2026-03-06 00:00", zone), local("2026-03-09 00:00", zone)
    for holidays, hours in (((), 12), (("2026-03-07",), 8), (("2026-03-06",), 6)):
        subject = calendar(zone, *holidays, **days)
        assert subject.open_between_s(start, end) == hours * H
        assert len(list(subject.open_windows(start, end))) == 1


OFFICE = calendar("Europe/London", **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"),
                                                   "09:00-17:00"))  # fmt: skip


def at(text: str) -> datetime:
    return local(text if "-" in text else f"2026-03-09 {text}", "Europe/London")


def clock(target_s: int | None, now: str, *moves: Any, **more: Any) -> ClockState:
    entered = [at(move[0]) for move in moves]
    periods = [
        StatusPeriod(move[1], move[2] if len(move) > 2 else None, one, left)
        for move, one, left in zip(moves, entered, [*entered[1:], None], strict=True)
    ]
    return resolution_clock(target_s, OFFICE, entered[0], periods, at(now), **more)


CALLER, VENDOR = PendingReason.CALLER, PendingReason.VENDOR


def test_a_pause_by_night_costs_no_open_time_and_leaves_the_due_time() -> None:
    night = clock(
        10 * H, "2026-03-10 12:00", ("09:00", WORK), ("17:30", WAIT, CALLER),
        ("2026-03-10 08:00", WORK),
    )  # fmt: skip
    assert (night.paused_s, night.due_at) == (0, at("2026-03-10 11:00"))


def test_a_target_used_up_at_closing_time_before_a_night_in_pending_is_due_at_closing_time() -> (
    None
):
    state = clock(8 * H, "2026-03-10 09:30", ("09:00", WORK), ("17:30", WAIT, CALLER))
    assert (state.due_at, state.breached, state.paused) == (at("17:00"), True, True)


def test_pauses_that_follow_each_other_by_reason_are_one_union() -> None:
    state = clock(
        4 * H, "15:00", ("09:00", WORK), ("10:00", WAIT, CALLER), ("11:00", WAIT, VENDOR),
        ("11:30", WAIT, PendingReason.CHANGE), ("12:00", WAIT, CALLER), ("13:00", WORK),
    )  # fmt: skip
    assert (state.paused_s, state.counted_s, state.due_at) == (2.5 * H, 3.5 * H, at("15:30"))


def test_a_second_reopening_leaves_out_both_gaps() -> None:
    moves: list[Any] = [
        ("09:00", WORK), ("10:00", DONE), ("12:00", WORK), ("13:00", DONE),
        ("13:30", SHUT), ("15:00", WORK),
    ]  # fmt: skip
    state = clock(3 * H, "15:30", *moves)
    assert (state.counted_s, state.due_at) == (2.5 * H, at("16:00"))
    again = clock(3 * H, "2026-03-10 12:00", *moves, ("16:00", DONE))
    assert (again.met, again.counted_s, again.stopped_at) == (True, 3 * H, at("16:00"))
    gap = clock(3 * H, "14:00", *moves)
    assert (gap.met, gap.stopped_at, gap.breached) == (True, at("13:00"), False)


def test_a_breach_stays_through_pauses_and_reopenings() -> None:
    moves: list[Any] = [
        ("09:00", WORK), ("12:00", WAIT, CALLER), ("13:00", WORK), ("14:00", DONE),
        ("15:00", WORK),
    ]  # fmt: skip
    for now in ("11:01", "12:30", "13:30", "14:30", "16:00"):
        state = clock(2 * H, now, *moves)
        assert (state.breached, state.due_at) == (True, at("11:00")), now


def test_no_breach_fires_while_paused_and_one_may_fire_after() -> None:
    moves: list[Any] = [("09:00", WORK), ("10:30", WAIT, CALLER)]
    for now in ("11:00", "16:59", "2026-03-20 12:00"):
        state = clock(2 * H, now, *moves)
        assert (state.breached, state.due_at, state.remaining_s) == (False, None, H // 2)
    moves.append(("15:00", WORK))
    assert not clock(2 * H, "15:30", *moves).breached
    assert clock(2 * H, "15:30:00.001", *moves).breached


def test_a_warning_comes_at_three_quarters_of_the_counted_time() -> None:
    state = clock(4 * H, "15:00", ("09:00", WORK), ("10:00", WAIT, VENDOR), ("12:00", WORK))
    assert (state.warn_at, state.due_at) == (at("14:00"), at("15:00"))


def test_a_day_of_a_target_is_the_working_day_of_its_own_calendar() -> None:
    half = calendar("UTC", mon="09:00-13:00", tue="09:00-15:00")
    assert target_seconds("2d", half) == 10 * H
    assert target_seconds("2d", OFFICE) == 16 * H
    assert target_seconds("2d", Calendar.around_the_clock()) == 48 * H


def test_a_lower_priority_after_a_breach_takes_it_back_and_a_higher_one_is_told_once() -> None:
    moves: list[Any] = [("09:00", WORK)]
    was = EarlierTarget(at("14:00"), 8 * H, OFFICE)
    state = clock(4 * H, "15:00", *moves, earlier=[was])
    assert (state.retroactive, sum("retroactive" in line for line in state.trace)) == (True, 1)
    ordinary = clock(4 * H, "15:00", *moves, earlier=[EarlierTarget(at("12:00"), 8 * H, OFFICE)])
    assert (ordinary.breached, ordinary.retroactive) == (True, False)
    assert not any("retroactive" in line for line in ordinary.trace)


def test_a_breach_is_retroactive_only_when_its_due_time_lies_before_the_change() -> None:
    moves: list[Any] = [("09:00", WORK)]
    for changed, new_target, old_target, retroactive in (
        ("13:00", 4 * H, 8 * H, False),
        ("13:00:00.001", 4 * H, 8 * H, True),
        ("13:00", 2 * H, 4 * H, True),
        ("13:00:00.001", 2 * H, 4 * H, False),
    ):
        was = EarlierTarget(at(changed), old_target, OFFICE)
        state = clock(new_target, "16:00", *moves, earlier=[was])
        assert (state.breached, state.retroactive) == (True, retroactive), changed
        assert clock(new_target, "16:00", *moves, earlier=[was], trace=False).trace == ()


def test_a_retroactive_breach_stays_one_while_the_incident_waits() -> None:
    was = EarlierTarget(at("12:00"), 8 * H, OFFICE)
    state = clock(2 * H, "16:00", ("09:00", WORK), ("13:00", WAIT, CALLER), earlier=[was])
    assert (state.paused, state.breached, state.retroactive) == (True, True, True)


def test_a_clock_is_judged_with_what_begins_at_that_very_instant() -> None:
    moves: list[Any] = [
        ("09:00", WORK), ("10:00", WAIT, VENDOR), ("10:30", WORK), ("11:00", WAIT, CALLER),
        ("12:00", WORK), ("13:00", DONE),
    ]  # fmt: skip
    assert clock(8 * H, "11:00", *moves).paused
    assert clock(8 * H, "11:59", *moves).paused
    assert clock(8 * H, "11:59", *moves).due_at is None
    resumed = clock(8 * H, "12:00", *moves)
    assert (resumed.paused, resumed.due_at) == (False, at("2026-03-10 10:30"))
    assert clock(8 * H, "12:59", *moves).stopped_at is None
    assert clock(8 * H, "13:00", *moves).stopped_at == at("13:00")


def test_a_cancellation_after_a_resolution_takes_the_verdict_back() -> None:
    state = clock(2 * H, "15:00", ("09:00", WORK), ("10:00", DONE), ("12:00", Status.CANCELLED))
    assert (state.met, state.stopped_at) == (None, at("12:00"))


def test_pauses_after_a_stop_leave_the_due_time_and_a_lasting_one_counts_what_was_before() -> None:
    stopped = due(at("09:00"), "8h", OFFICE, [(at("14:00"), None)], stop_at=at("12:00"))
    assert (stopped.due_at, stopped.counted_s, stopped.met) == (at("17:00"), 3 * H, True)
    pauses = [(at("10:00"), at("11:00")), (at("14:00"), None)]
    lasting = due(at("09:00"), "8h", OFFICE, pauses)
    assert (lasting.due_at, lasting.counted_s, lasting.paused_s) == (None, 4 * H, H)


def test_the_response_clock_runs_through_pending_and_stops_once() -> None:
    running = response_clock(2 * H, OFFICE, at("09:00"), None, at("12:00"))
    assert (running.due_at, running.paused, running.breached) == (at("11:00"), False, True)
    stopped = response_clock(2 * H, OFFICE, at("09:00"), at("11:00"), at("2026-03-20 09:00"))
    assert (stopped.met, stopped.counted_s) == (True, 2 * H)


def test_a_negative_duration_is_nothing_with_a_flag() -> None:
    assert elapsed_s(at("10:00"), at("09:59")) == (0, True)
    assert elapsed_s(at("10:00"), at("10:00")) == (0, False)
    assert elapsed_s(at("10:00"), at("10:01")) == (60, False)


REASONS = st.sampled_from(list(PendingReason))
STEPS = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from([WORK, WAIT, DONE, SHUT]), REASONS), max_size=8
)


@settings(max_examples=120, deadline=None)
@given(start=st.integers(0, 7 * 1440), target=st.integers(1, 20 * 60), steps=STEPS)
def test_a_clock_is_what_a_walk_over_the_minutes_of_its_history_gives(
    start: int, target: int, steps: list[tuple[int, Status, PendingReason]]
) -> None:
    zone = zone_named("Europe/London")
    monday = datetime(2026, 3, 23, tzinfo=UTC)
    begins = monday + timedelta(minutes=start)
    entered, periods = begins, []
    status, reason = WORK, None
    for minutes, following, why in [*steps, (600, WORK, CALLER)]:
        left = entered + timedelta(minutes=minutes)
        periods.append(StatusPeriod(status, reason, entered, left))
        entered, status, reason = left, following, why if following is WAIT else None
    periods.append(StatusPeriod(WORK, None, entered, None))
    now = entered + timedelta(minutes=400)
    pausing = {CALLER, VENDOR, PendingReason.SCHEDULED}
    counted, due, minute = 0, None, begins
    while minute < now:
        here = minute.astimezone(zone)
        period = next(
            p for p in reversed(periods) if p.entered_at <= minute and p.entered_at != p.left_at
        )
        held = period.status in {DONE, SHUT} or (period.status is WAIT and period.reason in pausing)
        if here.weekday() < 5 and 9 <= here.hour < 17 and not held:
            counted += 1
            if counted == target:
                due = minute + timedelta(minutes=1)
        minute += timedelta(minutes=1)
    state = resolution_clock(target * 60, OFFICE, begins, periods, now)
    assert state.counted_s == counted * 60
    assert state.breached is (due is not None and now > due)
    if due is not None:
        assert state.due_at == due
