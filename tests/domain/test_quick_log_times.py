"""Times typed on the phone become instants, or a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quick_log_times import TimeContext, local_instant, read_due, read_occurred

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
# A Monday, 10:00 in London, 06:00 in New York.
NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
HERE = TimeContext(NOW, LONDON)


def shown(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("9:45", "2026-03-09 09:45"),
        ("9h45", "2026-03-09 09:45"),
        ("9:45am", "2026-03-09 09:45"),
        ("9am", "2026-03-09 09:00"),
        ("12am", "2026-03-09 00:00"),
        ("now", "2026-03-09 10:00"),
        ("-15m", "2026-03-09 09:45"),
        ("15min", "2026-03-09 09:45"),
        ("-1h30m", "2026-03-09 08:30"),
        ("-2d", "2026-03-07 10:00"),
        ("yesterday 16:30", "2026-03-08 16:30"),
        ("16:30 yesterday", "2026-03-08 16:30"),
        ("Yesterday, 4:30 PM", ""),
        ("yesterday 4:30pm", "2026-03-08 16:30"),
        ("23:30", "2026-03-08 23:30"),
        ("today 8:00", "2026-03-09 08:00"),
        ("mon 9:00", "2026-03-09 09:00"),
        ("mon 11:00", "2026-03-02 11:00"),
        ("friday 11:00", "2026-03-06 11:00"),
        ("2026-03-01 10:00", "2026-03-01 10:00"),
        ("2026-03-01T10:00Z", "2026-03-01 10:00"),
        ("2026-03-01T10:00:30+05:30", "2026-03-01 04:30"),
        ("1.3. 10:00", "2026-03-01 10:00"),
        ("1/3/26 10:00", "2026-03-01 10:00"),
        ("24.12. 10:00", "2025-12-24 10:00"),
        ("29/2 10:00", "2024-02-29 10:00"),
    ],
)
def test_what_happened_lies_in_the_past(typed: str, instant: str) -> None:
    assert shown(read_occurred(typed, HERE).at) == instant


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2h", "2026-03-09 12:00"),
        ("+90m", "2026-03-09 11:30"),
        ("1w", "2026-03-16 10:00"),
        ("3w", "2026-03-30 09:00"),
        ("12:00", "2026-03-09 12:00"),
        ("9:00", "2026-03-10 09:00"),
        ("tomorrow 9:00", "2026-03-10 09:00"),
        ("tomorrow", "2026-03-10 17:00"),
        ("today", "2026-03-09 17:00"),
        ("fri", "2026-03-13 17:00"),
        ("mon", "2026-03-09 17:00"),
        ("mon 9:00", "2026-03-16 09:00"),
        ("2026-04-01", "2026-04-01 16:00"),
        ("1/4", "2026-04-01 16:00"),
        ("8.3.", "2027-03-08 17:00"),
    ],
)
def test_what_is_due_lies_ahead(typed: str, instant: str) -> None:
    assert shown(read_due(typed, HERE).at) == instant


def test_the_order_of_day_and_month_is_the_locales() -> None:
    american = TimeContext(NOW, NEW_YORK, day_first=False)
    assert shown(read_due("4/5/2026", american).at) == "2026-04-05 21:00"
    assert shown(read_due("4/5/2026", HERE).at) == "2026-05-04 16:00"
    assert shown(read_due("4.5.2026", american).at) == "2026-05-04 21:00"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "missing"),
        ("soon", "cannot be read"),
        ("15", "cannot be read"),
        ("25:00", "no time of day"),
        ("10:75", "no time of day"),
        ("13pm", "no time of day"),
        ("0am", "no time of day"),
        ("10:00+19:00", "no time of day"),
        ("14:30", "still to come"),
        ("tomorrow 9:00", "still to come"),
        ("+15m", "wrong way"),
        ("yesterday", "time of day is missing"),
        ("31.02.2026 10:00", "cannot be read"),
        ("2026-02-30 10:00", "cannot be read"),
        ("0001-01-01 10:00", "out of range"),
        ("9999-12-31 23:00", "out of range"),
        ("9999w", "out of range"),
        ("10:00 11:00", "cannot be read"),
        ("yesterday today 10:00", "cannot be read"),
    ],
)
def test_a_time_that_cannot_be_meant_has_a_reason(typed: str, reason: str) -> None:
    reading = read_occurred(typed, HERE)
    assert reading.at is None
    assert reason in reading.problem


def test_a_due_time_that_is_over_has_a_reason() -> None:
    assert read_due("yesterday 9:00", HERE).problem.startswith(
        "2026-03-08 09:00 GMT is over already"
    )
    assert "wrong way" in read_due("-2h", HERE).problem


def test_an_elapsed_hour_crosses_a_change_of_the_clocks() -> None:
    saturday = TimeContext(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), LONDON)
    assert read_due("1h", saturday).at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    evening = TimeContext(datetime(2026, 3, 28, 18, 0, tzinfo=UTC), LONDON)
    assert read_due("1d", evening).at == datetime(2026, 3, 29, 17, 0, tzinfo=UTC)


def test_a_skipped_and_a_repeated_hour_are_never_guessed() -> None:
    skipped = local_instant(datetime(2026, 3, 29, 1, 30), LONDON)
    assert skipped.at is None
    assert skipped.readings == ("2026-03-29 00:30", "2026-03-29 02:30")
    repeated = local_instant(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    assert repeated.readings == ("2026-11-01 01:30-04:00", "2026-11-01 01:30-05:00")
    assert local_instant(datetime(2026, 10, 25, 3, 0), LONDON).at == datetime(
        2026, 10, 25, 3, 0, tzinfo=UTC
    )


@given(
    st.one_of(
        st.text(max_size=20),
        st.from_regex(r"\A-?\d{1,7}[wdhm]\Z"),
        st.from_regex(r"\A\d{1,4}[./-]\d{1,2}[./-]\d{0,4} \d{1,2}:\d\d\Z"),
    )
)
def test_any_text_is_an_instant_or_has_a_reason(text: str) -> None:
    for reading, sign in ((read_occurred(text, HERE), -1), (read_due(text, HERE), 1)):
        assert (reading.at is None) == bool(reading.problem)
        if reading.at is not None:
            assert reading.at.utcoffset() == timedelta()
            assert (reading.at - NOW) * sign >= timedelta()
