"""Open windows on both sides of midnight and of the change of clocks, holidays, bad calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.calendar import Calendar
from app.domain.errors import InvalidInputError
from app.domain.instants import iso, parse_instant, zone_named

LONDON = zone_named("Europe/London")
OFFICE: dict[str, Any] = {
    "name": "L",
    "zone": "Europe/London",
    "open": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2026-04-03", "2026-04-06"],
}
L = Calendar.from_json(OFFICE)


def at(text: str) -> datetime:
    return parse_instant(text, LONDON)


def calendar(open_: dict[str, Any], zone: str = "Europe/London", **more: Any) -> Calendar:
    return Calendar.from_json({"name": "C", "zone": zone, "open": open_, **more})


def windows(subject: Calendar, start: str, end: str) -> list[tuple[str, str]]:
    return [(iso(opens), iso(closes)) for opens, closes in subject.open_windows(at(start), at(end))]


def test_the_calendar_file_reads_and_writes_back() -> None:
    assert L.to_json() == OFFICE
    assert Calendar.from_json(L.to_json()) == L
    assert L.working_day_s == 8 * 3600


def test_open_windows_leave_out_nights_weekends_and_holidays() -> None:
    assert windows(L, "2026-04-02 12:00", "2026-04-08 10:00") == [
        ("2026-04-02T11:00:00+00:00", "2026-04-02T16:00:00+00:00"),
        ("2026-04-07T08:00:00+00:00", "2026-04-07T16:00:00+00:00"),
        ("2026-04-08T08:00:00+00:00", "2026-04-08T09:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-06 16:00", "2026-03-09 10:00", 2),
        ("2026-03-07 00:00", "2026-03-09 00:00", 0),
        ("2026-03-09 17:00", "2026-03-10 09:00", 0),
        ("2026-03-09 10:00", "2026-03-09 09:00", 0),
        ("2026-03-27 16:00", "2026-03-30 10:00", 2),
        ("2026-01-01 00:00", "2027-01-01 00:00", (261 - 2) * 8),
        ("2020-01-01 00:00", "2030-01-01 00:00", (2609 - 2) * 8),
    ],
)
def test_open_time_between_two_instants(start: str, end: str, hours: float) -> None:
    assert L.open_between_s(at(start), at(end)) == hours * 3600


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-06 16:00", 8, "2026-03-09 16:00"),
        ("2026-03-09 09:00", 8, "2026-03-09 17:00"),
        ("2026-03-09 17:00", 1, "2026-03-10 10:00"),
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),
        ("2026-04-02 16:30", 1, "2026-04-07 09:30"),
        ("2026-03-08 12:00", 0, "2026-03-08 12:00"),
        ("2026-01-01 00:00", (261 - 2) * 8, "2026-12-31 17:00"),
    ],
)
def test_adding_open_time_ends_as_early_as_it_can(start: str, hours: float, end: str) -> None:
    assert L.add_open_time(at(start), hours * 3600) == at(end)


def test_a_window_is_open_at_its_start_and_closed_at_its_end() -> None:
    assert L.is_open(at("2026-03-09 09:00"))
    assert not L.is_open(at("2026-03-09 08:59:59.999"))
    assert L.is_open(at("2026-03-09 16:59:59.999"))
    assert not L.is_open(at("2026-03-09 17:00"))


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    night = calendar({"fri": ["22:00-06:00"]}, holidays=["2026-03-07"])
    assert windows(night, "2026-03-06 00:00", "2026-03-09 00:00") == [
        ("2026-03-06T22:00:00+00:00", "2026-03-07T06:00:00+00:00")
    ]
    holiday_on_its_day = calendar({"fri": ["22:00-06:00"]}, holidays=["2026-03-06"])
    assert windows(holiday_on_its_day, "2026-03-06 00:00", "2026-03-09 00:00") == []
    assert night.to_json()["open"] == {"fri": ["22:00-06:00"]}


def test_a_window_over_the_end_of_sunday_runs_into_monday() -> None:
    night = calendar({"sun": ["22:00-06:00"], "mon": ["05:00-07:00"]}, zone="UTC")
    assert windows(night, "2026-03-08 00:00", "2026-03-10 00:00") == [
        ("2026-03-08T22:00:00+00:00", "2026-03-09T07:00:00+00:00")
    ]
    assert night.working_day_s == 9 * 3600 // 2


def test_overlapping_and_touching_windows_are_merged() -> None:
    subject = calendar({"mon": ["09:00-12:00", "11:00-13:00", "13:00-14:00", "15:00-16:00"]})
    assert windows(subject, "2026-03-09 00:00", "2026-03-10 00:00") == [
        ("2026-03-09T09:00:00+00:00", "2026-03-09T14:00:00+00:00"),
        ("2026-03-09T15:00:00+00:00", "2026-03-09T16:00:00+00:00"),
    ]
    assert subject.working_day_s == 6 * 3600


def test_a_working_day_is_the_mean_of_the_days_that_open() -> None:
    assert calendar({"mon": ["09:00-17:00"], "fri": ["09:00-13:00"]}).working_day_s == 6 * 3600
    assert Calendar.around_the_clock().working_day_s == 24 * 3600
    assert calendar({"mon": ["00:00-24:00"]}).working_day_s == 24 * 3600


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 5), ("2026-10-25", 7), ("2026-06-07", 6)]
)
def test_a_night_on_which_clocks_change_is_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    early = calendar({"sun": ["00:00-06:00"]})
    start = at(f"{day} 00:00")
    assert early.open_between_s(start, start + timedelta(days=1)) == hours * 3600


@pytest.mark.parametrize(
    ("window", "day", "opens", "closes"),
    [
        ("01:30-05:00", "2026-03-29", "01:00", "04:00"),
        ("00:00-01:30", "2026-03-29", "00:00", "01:00"),
        ("01:30-05:00", "2026-10-25", "00:30", "05:00"),
        ("00:00-01:30", "2026-10-25", "23:00", "00:30"),
    ],
)
def test_an_edge_in_the_hour_of_the_change_is_the_jump_or_the_first_reading(
    window: str, day: str, opens: str, closes: str
) -> None:
    subject = calendar({"sun": [window]})
    (found,) = windows(subject, f"{day} 00:00", f"{day} 12:00")
    assert found[0].endswith(f"{opens}:00+00:00")
    assert found[1].endswith(f"{closes}:00+00:00")


def test_a_window_that_the_clocks_skip_does_not_open() -> None:
    subject = calendar({"sun": ["01:00-02:00"]})
    assert windows(subject, "2026-03-28 00:00", "2026-03-30 00:00") == []
    assert len(windows(subject, "2026-03-28 00:00", "2026-04-06 00:00")) == 1


def test_a_day_that_a_zone_skips_does_not_open() -> None:
    subject = calendar({"fri": ["09:00-17:00"], "sat": ["09:00-17:00"]}, zone="Pacific/Apia")
    found = windows(subject, "2011-12-28 00:00", "2012-01-02 00:00")
    assert found == [("2011-12-30T19:00:00+00:00", "2011-12-31T03:00:00+00:00")]


def test_always_open_ignores_the_week_but_not_its_holidays() -> None:
    always = Calendar.from_json({"name": "A", "zone": "Europe/London", "always": True})
    assert always.to_json() == {"name": "A", "zone": "Europe/London", "always": True}
    start = at("2026-03-28 12:00")
    assert always.add_open_time(start, 86_400) == start + timedelta(days=1)
    assert list(always.open_windows(start, start + timedelta(days=400))) == [
        (start, start + timedelta(days=400))
    ]
    assert always.open_between_s(start, start) == 0
    closed = Calendar.from_json({**always.to_json(), "holidays": ["2026-03-29"]})
    assert closed.to_json()["holidays"] == ["2026-03-29"]
    assert closed.open_between_s(start, start + timedelta(days=2)) == (48 - 23) * 3600


def test_a_holiday_of_a_calendar_that_is_always_open_splits_its_window() -> None:
    closed = Calendar.from_json(
        {"name": "A", "zone": "UTC", "always": True, "holidays": ["2026-03-10"]}
    )
    assert windows(closed, "2026-03-09 12:00", "2026-03-11 12:00") == [
        ("2026-03-09T12:00:00+00:00", "2026-03-10T00:00:00+00:00"),
        ("2026-03-11T00:00:00+00:00", "2026-03-11T12:00:00+00:00"),
    ]
    assert closed.add_open_time(at("2026-03-09 12:00"), 24 * 3600) == at("2026-03-11 12:00")


def test_a_holiday_is_named_when_its_open_hours_touch_the_stretch_and_not_before_or_after() -> None:
    def named(start: str, end: str) -> list[str]:
        from_ms, to_ms = (int(at(text).timestamp() * 1000) for text in (start, end))
        return [day.isoformat() for _, day in L.holidays_between_ms(from_ms, to_ms)]

    good_friday = ["2026-04-03"]
    assert named("2026-04-03 16:59", "2026-04-05 12:00") == good_friday
    assert named("2026-04-03 17:00", "2026-04-05 12:00") == []
    assert named("2026-04-01 12:00", "2026-04-03 09:00") == []
    assert named("2026-04-01 12:00", "2026-04-03 09:01") == good_friday


def test_windows_are_whole_across_the_blocks_in_which_they_are_kept() -> None:
    all_week = calendar({day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri",
                                                          "sat", "sun")})  # fmt: skip
    start, end = at("2020-01-01 00:00"), at("2026-01-01 00:00")
    assert list(all_week.open_windows(start, end)) == [(start, end)]
    assert all_week.add_open_time(start, (end - start).total_seconds()) == end


def test_holidays_may_be_dates_and_days_may_have_their_full_names() -> None:
    toml = calendar({"Monday": "09:00-17:00", "sun": None}, holidays=[date(2026, 3, 9)])
    assert toml.holidays == {date(2026, 3, 9)}
    assert calendar({"Monday": "09:00-17:00"}, holidays="2026-03-09") == calendar(
        {"mon": ["09:00-17:00"]}, holidays=("2026-03-09",)
    )
    assert windows(toml, "2026-03-09 00:00", "2026-03-10 00:00") == []


def test_only_holidays_on_working_days_are_named() -> None:
    subject = Calendar.from_json({**OFFICE, "holidays": ["2026-04-03", "2026-04-04"]})
    from_ms, to_ms = (
        int(at(day).timestamp() * 1000) for day in ("2026-04-01 00:00", "2026-04-10 00:00")
    )
    assert [day for _, day in subject.holidays_between_ms(from_ms, to_ms)] == [date(2026, 4, 3)]
    assert subject.holidays_between_ms(from_ms, from_ms + 1) == []


def test_the_version_follows_the_hours_and_not_the_name() -> None:
    assert L.version == Calendar.from_json({**OFFICE, "name": "Renamed"}).version
    assert L.version != Calendar.from_json({**OFFICE, "holidays": []}).version
    assert L.version != Calendar.from_json({**OFFICE, "zone": "Europe/Paris"}).version
    assert len(L.version) == 16


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({**OFFICE, "open": {}}, "'L' has no open hour; give at least one window"),
        ({**OFFICE, "open": None}, "'L' has no open hour"),
        ({**OFFICE, "open": {"mon": []}}, "'L' has no open hour"),
        ({"name": "L", "zone": "UTC"}, "'L' has no open hour"),
        ({**OFFICE, "open": {"mon": ["09:00-09:00"]}}, "on Monday, which has no open hour"),
        ({**OFFICE, "open": {"mon": ["9-17"]}}, "'9-17' on Monday; write it as 09:00-17:00"),
        ({**OFFICE, "open": {"mon": ["09:00-25:00"]}}, "no time of day"),
        ({**OFFICE, "open": {"mon": ["24:00-06:00"]}}, "no time of day"),
        ({**OFFICE, "open": {"mon": ["09:60-17:00"]}}, "no time of day"),
        ({**OFFICE, "open": {"mon": [None]}}, "write it as 09:00-17:00"),
        ({**OFFICE, "open": {"mo": ["09:00-17:00"]}}, "names the day 'mo'; use mon, tue"),
        ({**OFFICE, "open": ["09:00-17:00"]}, "needs its windows by day"),
        ({**OFFICE, "zone": "Europe/Londen"}, "zone 'Europe/Londen' is unknown"),
        ({**OFFICE, "zone": ""}, "'L' has no zone"),
        ({**OFFICE, "open": {"mon": 9}}, "needs its windows as a list, not 9"),
        ({**OFFICE, "holidays": 20260403}, "needs its holidays as a list, not 20260403"),
        ({**OFFICE, "always": "no"}, "always = 'no'; write true or false"),
        ({**OFFICE, "name": " "}, "has no name"),
        ({**OFFICE, "holidays": ["3 April"]}, "holiday '3 April'; write it as 2026-04-03"),
    ],
)
def test_a_bad_calendar_is_refused_with_what_is_wrong(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        Calendar.from_json(data)


def test_a_target_centuries_away_is_refused_and_not_searched_for_ever() -> None:
    rare = calendar({"mon": ["09:00-09:01"]})
    with pytest.raises(InvalidInputError, match="open in the next 200 years"):
        rare.add_open_time(datetime(2026, 1, 1, tzinfo=UTC), 1000 * 3600)


def test_dates_at_the_ends_of_time_do_no_harm() -> None:
    early, late = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    assert L.open_between_s(early, early + timedelta(days=30)) >= 0
    assert L.open_between_s(late - timedelta(days=30), late) > 0


def test_a_mistyped_year_costs_no_time_and_is_right_on_the_mean() -> None:
    start = datetime(1, 3, 1, tzinfo=UTC)
    counted = L.open_between_s(start, datetime(2026, 3, 1, tzinfo=UTC))
    days = (datetime(2026, 3, 1, tzinfo=UTC) - start).days
    assert counted == pytest.approx(days / 7 * 40 * 3600, rel=1e-4)
