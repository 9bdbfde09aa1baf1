"""Days, weeks and months of a filter are those of the reader's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.filter_syntax import Duration, Interval, Moment, Period, RelativePeriod
from app.storage.filter_times import Clock, instant_condition

LONDON = ZoneInfo("Europe/London")
HOUR = 3_600_000


def ms(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


# A Wednesday, 11:00 in London and 19:00 in Tokyo.
NOW = ms(2026, 10, 14, 10)
HERE = Clock(NOW, LONDON)


@pytest.mark.parametrize(
    ("unit", "offset", "first", "after"),
    [
        ("day", 0, (2026, 10, 13, 23), (2026, 10, 14, 23)),
        ("day", -1, (2026, 10, 12, 23), (2026, 10, 13, 23)),
        ("week", 0, (2026, 10, 11, 23), (2026, 10, 18, 23)),
        ("week", 1, (2026, 10, 18, 23), (2026, 10, 26, 0)),
        ("month", 0, (2026, 9, 30, 23), (2026, 11, 1, 0)),
        ("month", -10, (2025, 12, 1, 0), (2026, 1, 1, 0)),
        ("month", 2, (2026, 12, 1, 0), (2027, 1, 1, 0)),
        ("year", -1, (2025, 1, 1, 0), (2026, 1, 1, 0)),
    ],
)
def test_stretches_are_counted_from_today(
    unit: str, offset: int, first: tuple[int, ...], after: tuple[int, ...]
) -> None:
    assert HERE.bounds(RelativePeriod(unit, offset)) == (ms(*first), ms(*after))


def test_a_week_may_begin_on_sunday() -> None:
    sunday = Clock(NOW, LONDON, week_start=6)
    assert sunday.bounds(RelativePeriod("week", 0))[0] == ms(2026, 10, 10, 23)


def test_today_depends_on_the_zone() -> None:
    late = ms(2026, 10, 14, 16)
    assert Clock(late, ZoneInfo("Asia/Tokyo")).bounds(RelativePeriod("day", 0)) == (
        ms(2026, 10, 14, 15),
        ms(2026, 10, 15, 15),
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 5, 1), 24)]
)
def test_a_day_lasts_as_long_as_the_clocks_say(day: date, hours: int) -> None:
    first, after = HERE.bounds(Period(day, day))
    assert after - first == hours * HOUR


def test_a_moment_lasts_a_minute_or_a_second() -> None:
    first, after = HERE.bounds(Moment(datetime(2026, 10, 14, 11)))
    assert (first, after - first) == (NOW, 60_000)


def test_durations_count_back_or_ahead() -> None:
    interval = Interval(None, Duration(3600), high_out=True)
    for ahead, expected in ((False, ("x > :v", NOW - HOUR)), (True, ("x < :v", NOW + HOUR))):
        bound: list[object] = []

        def bind(value: object, bound: list[object] = bound) -> str:
            bound.append(value)
            return ":v"

        condition = instant_condition("x", interval, HERE, bind, ahead=ahead)
        assert (condition, bound) == (f"x > 0 AND {expected[0]}", [expected[1]])
