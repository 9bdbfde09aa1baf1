"""Calendar and SLA arithmetic against an oracle that looks at every single minute.

The oracle asks of each UTC minute whether its local time lies in a window of its day or of the day
before. Window edges keep out of the hours in which clocks change (the page leaves those to us; they
have examples of their own), everything else about such nights is in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import Calendar
from app.domain.instants import from_ms, to_ms
from app.domain.sla_time import (
    Stretch,
    counted_between_ms,
    merge_spans,
    reach_ms,
    run_clock,
    until_stop,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTE = 60_000
DAYS = 6
NIGHTS = {
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 10)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2027, 1, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 8, 15),),
    "UTC": (date(2026, 12, 31),),
}

hours = st.sampled_from([0, *range(4 * 60, 24 * 60, 7), 4 * 60, 9 * 60, 17 * 60])
edges = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1])
day_windows = st.lists(edges, max_size=3)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """Draw a calendar and the UTC midnight at which to start looking, near a change of clocks."""
    zone = draw(st.sampled_from(sorted(NIGHTS)))
    first = draw(st.sampled_from(NIGHTS[zone])) - timedelta(days=draw(st.integers(0, 3)))
    week = draw(st.lists(day_windows, min_size=7, max_size=7).filter(any))
    free = draw(st.sets(st.integers(-1, DAYS), max_size=2))
    subject = Calendar(
        "drawn",
        zone,
        tuple(
            tuple((opens, closes if closes > opens else closes + 1440) for opens, closes in day)
            for day in week
        ),
        frozenset(first + timedelta(days=offset) for offset in free),
    )
    return subject, datetime(first.year, first.month, first.day, tzinfo=UTC)


stretches = st.tuples(st.integers(0, DAYS * 1440), st.integers(0, DAYS * 1440))

Clock = tuple[tuple[Calendar, datetime], int, int, list[tuple[int, int]], bool]


def clocks() -> st.SearchStrategy[Clock]:
    """Draw a calendar, a start, a target, pauses (minutes) and whether the first pause lasts."""
    pauses = st.tuples(st.integers(-600, DAYS * 1440), st.integers(0, 1500))
    return st.tuples(
        cases(),
        st.integers(0, 3 * 1440),
        st.integers(1, 30 * 60),
        st.lists(pauses, max_size=4),
        st.booleans(),
    )


@lru_cache
def local_minutes(zone: ZoneInfo, start: datetime) -> list[tuple[date, int]]:
    """List the local day and minute of the day of every minute from the start on."""
    shown = ((start + timedelta(minutes=n)).astimezone(zone) for n in range(DAYS * 1440))
    return [(local.date(), local.hour * 60 + local.minute) for local in shown]


def open_minutes(subject: Calendar, start: datetime) -> list[bool]:
    """Tell of each minute from the start on whether the calendar is open, by looking."""
    found = []
    for today, now in local_minutes(subject.zone_info, start):
        is_open = False
        for day, clock in ((today, now), (today - timedelta(days=1), now + 1440)):
            if day not in subject.holidays:
                windows = subject.week[day.weekday()]
                is_open |= any(opens <= clock < closes for opens, closes in windows)
        found.append(is_open)
    return found


@settings(max_examples=10, deadline=None)
@given(cases(), stretches)
def test_open_time_agrees_with_looking_at_every_minute(
    case: tuple[Calendar, datetime], stretch: tuple[int, int]
) -> None:
    check_open_time(case, stretch)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(cases(), stretches)
def test_open_time_agrees_with_looking_at_every_minute_of_many_calendars(
    case: tuple[Calendar, datetime], stretch: tuple[int, int]
) -> None:
    check_open_time(case, stretch)


def check_open_time(case: tuple[Calendar, datetime], stretch: tuple[int, int]) -> None:
    """Compare counted time and windows with the minutes of a stretch."""
    subject, start = case
    low, high = sorted(stretch)
    minutes = open_minutes(subject, start)
    first = to_ms(start)
    expected = sum(minutes[low:high])
    assert subject.open_between_ms(first + low * MINUTE, first + high * MINUTE) == expected * MINUTE
    found = list(subject.open_windows_ms(first + low * MINUTE, first + high * MINUTE))
    assert sum(closes - opens for opens, closes in found) == expected * MINUTE
    assert all(opens < closes for opens, closes in found)
    assert all(one[1] < following[0] for one, following in pairwise(found))


@settings(max_examples=15, deadline=None)
@given(clocks())
def test_due_is_the_first_minute_at_which_the_counted_time_reaches_the_target(
    case: Clock,
) -> None:
    check_due(case)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(clocks())
def test_due_is_the_first_such_minute_on_many_calendars(case: Clock) -> None:
    check_due(case)


def check_due(case: Clock) -> None:
    """Compare due and counted time with a walk over the minutes."""
    (subject, start), begin, target, pauses, lasting = case
    first = to_ms(start)
    counts = open_minutes(subject, start)
    lasts_from = None
    spans: list[tuple[int, int | None]] = []
    for index, (at, length) in enumerate(pauses):
        if lasting and index == 0:
            lasts_from = at
            spans.append((first + at * MINUTE, None))
        else:
            spans.append((first + at * MINUTE, first + (at + length) * MINUTE))
        until = DAYS * 1440 if lasts_from == at and index == 0 else at + length
        for minute in range(max(0, at), min(until, DAYS * 1440)):
            counts[minute] = False
    totals = list(accumulate(counts[begin:], initial=0))
    merged = merge_spans(spans)
    found = reach_ms(subject, first + begin * MINUTE, target * MINUTE, merged)
    if target in totals:
        due = begin + totals.index(target)
        if lasts_from is not None and due == merged[-1][0] // MINUTE - first // MINUTE:
            assert found is None
        else:
            assert found == first + due * MINUTE
    elif lasts_from is not None:
        assert found is None
    else:
        assert found is not None
        assert found > first + DAYS * 1440 * MINUTE
    for end in (begin, (begin + DAYS * 1440) // 2, DAYS * 1440):
        counted = counted_between_ms(subject, first + begin * MINUTE, first + end * MINUTE, merged)
        assert counted == sum(counts[begin:end]) * MINUTE


@given(
    st.lists(st.tuples(st.integers(0, 50), st.one_of(st.none(), st.integers(0, 60))), max_size=6)
)
def test_merged_spans_cover_the_same_time_apart_and_in_order(
    spans: list[tuple[int, int | None]],
) -> None:
    merged = merge_spans(spans)

    def covered(pieces: list[tuple[int, int | None]]) -> set[int]:
        return {
            tick
            for tick in range(100)
            if any(start <= tick and (end is None or tick < end) for start, end in pieces)
        }

    assert covered(merged) == covered(spans)
    assert all(end is not None and end < following for (_, end), (following, _) in pairwise(merged))


def test_a_clock_without_a_target_only_counts() -> None:
    always = Calendar.around_the_clock()
    run = run_clock(always, 0, None, 5_000, [(1_000, 2_000)])
    assert run == (None, None, 4_000, False)


def test_a_clock_gives_due_warning_count_and_breach_in_one_go() -> None:
    always = Calendar.around_the_clock()
    assert run_clock(always, 0, 8_000, 8_000) == (8_000, 6_000, 8_000, False)
    assert run_clock(always, 0, 8_000, 8_001) == (8_000, 6_000, 8_001, True)
    assert run_clock(always, 0, 8_000, 9_000, [(7_000, None)]) == (None, 6_000, 7_000, False)


def test_nothing_to_count_is_due_at_once_even_in_a_pause() -> None:
    assert reach_ms(Calendar.around_the_clock(), 500, 0, [(0, None)]) == 500


def test_stretches_are_cut_off_where_the_clock_stopped() -> None:
    stretches = [Stretch(0, 10), Stretch(20, None), Stretch(30, 40)]
    assert until_stop(stretches, 25) == [Stretch(0, 10), Stretch(20, 25)]


def test_adding_open_time_and_counting_it_are_inverse_over_years() -> None:
    subject = Calendar.from_json(
        {
            "name": "N",
            "zone": "America/New_York",
            "open": {"mon": ["22:00-06:00"], "sat": "9:00-12:00"},
        }
    )
    start = to_ms(datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC))
    for hours_ in (1, 11, 500, 5_000):
        end = subject.add_open_ms(start, hours_ * 3_600_000)
        assert subject.open_between_ms(start, end) == hours_ * 3_600_000
        assert subject.open_between_ms(start, end - 1) == hours_ * 3_600_000 - 1
        assert subject.is_open(from_ms(end - 1))
