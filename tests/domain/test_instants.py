"""Instants with and without an offset, the nights on which clocks change, durations, wording."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.domain.instants import (
    LocalTimeError,
    elapsed_s,
    format_duration,
    format_elapsed,
    from_ms,
    from_ms_or_none,
    iso,
    iso_or_none,
    parse_duration,
    parse_instant,
    parse_span,
    resolve_local,
    show_date,
    show_local,
    show_span,
    to_ms,
    zone_named,
)

LONDON = zone_named("Europe/London")
NEW_YORK = zone_named("America/New_York")
KOLKATA = zone_named("Asia/Kolkata")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-09T09:00:00Z", "2026-03-09T09:00:00+00:00"),
        ("2026-03-09T09:00+01:00", "2026-03-09T08:00:00+00:00"),
        ("2026-03-09 09:00", "2026-03-09T09:00:00+00:00"),
        ("2026-07-09 09:00", "2026-07-09T08:00:00+00:00"),
        ("2026-07-09", "2026-07-08T23:00:00+00:00"),
        (" 2026-03-09T09:00:00.123456Z ", "2026-03-09T09:00:00.123000+00:00"),
        ("20260309T0900Z", "2026-03-09T09:00:00+00:00"),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_instants_are_read_with_an_offset_or_as_local_time(text: str, utc: str) -> None:
    read = parse_instant(text, LONDON)
    assert read == datetime.fromisoformat(utc)
    assert read.tzinfo is UTC


def test_a_local_time_that_the_clocks_skip_is_refused_with_its_readings() -> None:
    with pytest.raises(LocalTimeError) as refused:
        parse_instant("2026-03-29 01:30", LONDON, field="start")
    assert refused.value.message == (
        "2026-03-29 01:30 does not exist in Europe/London, where the clocks change then; "
        "write 2026-03-29T00:30:00+00:00 or 2026-03-29T02:30:00+01:00."
    )
    assert refused.value.code == "nonexistent_time"
    assert refused.value.field == "start"
    assert refused.value.readings == (
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )


def test_a_local_time_that_happens_twice_is_refused_with_its_readings() -> None:
    with pytest.raises(LocalTimeError) as refused:
        parse_instant("2026-10-25 01:30", LONDON)
    assert refused.value.message == (
        "2026-10-25 01:30 happens twice in Europe/London, where the clocks change then; "
        "write 2026-10-25T01:30:00+01:00 or 2026-10-25T01:30:00+00:00."
    )
    assert refused.value.code == "ambiguous_time"
    assert [iso(reading) for reading in refused.value.readings] == [
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T01:30:00+00:00",
    ]


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("2026-03-29 00:59", ""),
        ("2026-03-29 01:00", "nonexistent_time"),
        ("2026-03-29 01:59:59", "nonexistent_time"),
        ("2026-03-29 02:00", ""),
        ("2026-10-25 00:59:59", ""),
        ("2026-10-25 01:00", "ambiguous_time"),
        ("2026-10-25 02:00", ""),
    ],
)
def test_only_the_hour_of_the_change_is_refused(local: str, code: str) -> None:
    if not code:
        assert parse_instant(local, LONDON).astimezone(LONDON).replace(
            tzinfo=None
        ) == datetime.fromisoformat(local)
        return
    with pytest.raises(LocalTimeError) as refused:
        parse_instant(local, LONDON)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("yesterday", "is no date and time; write 2026-03-09T09:00:00Z"),
        ("", "is no date and time"),
        ("2026-02-30T09:00Z", "is no date and time"),
        ("2026-03-09T25:00Z", "is no date and time"),
        ("0001-01-01T00:00+14:00", "too far away"),
    ],
)
def test_what_is_no_instant_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        parse_instant(text, LONDON)


def test_a_local_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="has no zone; add an offset"):
        parse_instant("2026-03-09 09:00")


@pytest.mark.parametrize("name", ["Europe/Londen", "", "../etc/passwd", "BST?", "\0"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="is unknown; give an IANA name"):
        zone_named(name)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)))
def test_a_local_time_that_is_accepted_reads_back_as_it_was_typed(local: datetime) -> None:
    for zone in (LONDON, NEW_YORK, KOLKATA):
        try:
            instant = resolve_local(local, zone)
        except LocalTimeError:
            continue
        millisecond = local.replace(microsecond=local.microsecond // 1000 * 1000)
        assert instant.astimezone(zone).replace(tzinfo=None) == millisecond


@given(st.integers(-(10**13), 10**14))
def test_milliseconds_and_instants_convert_exactly(at_ms: int) -> None:
    assert to_ms(from_ms(at_ms)) == at_ms
    assert parse_instant(iso(from_ms(at_ms))) == from_ms(at_ms)


def test_conversions_pass_none_on_and_drop_microseconds() -> None:
    assert to_ms(datetime(1970, 1, 1, 0, 0, 1, 1999, tzinfo=UTC)) == 1001
    assert from_ms_or_none(None) is None
    assert iso_or_none(None) is None
    assert from_ms_or_none(0) == datetime(1970, 1, 1, tzinfo=UTC)


def test_instants_are_written_with_offset_and_milliseconds_only_when_there_are_some() -> None:
    at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert iso(at) == "2026-07-01T12:00:00+00:00"
    assert iso(at, LONDON) == "2026-07-01T13:00:00+01:00"
    assert iso_or_none(at + timedelta(milliseconds=5)) == "2026-07-01T12:00:00.005+00:00"


def test_a_span_has_two_ends_or_is_still_lasting() -> None:
    assert parse_span("2026-03-09 10:00..2026-03-09T12:00Z", LONDON) == (
        datetime(2026, 3, 9, 10, 0, tzinfo=UTC),
        datetime(2026, 3, 9, 12, 0, tzinfo=UTC),
    )
    assert parse_span("2026-03-09T10:00Z..")[1] is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-03-09T10:00Z", "is no span of time; write FROM..TO"),
        ("..2026-03-09T10:00Z", "is no span of time"),
        ("2026-03-09T10:00Z..2026-03-09T09:00Z", "ends before it starts; turn it round"),
        ("2026-03-09T10:00Z..soon", "'soon' is no date and time"),
    ],
)
def test_what_is_no_span_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 5_400),
        ("8h", 28_800),
        ("1h30m", 5_400),
        ("2d", 54_000),
        ("1d 2h 3m 4s", 27_000 + 7_384),
        ("1.5h", 5_400),
        ("2 hours", 7_200),
        ("45 MIN", 2_700),
        ("30s", 30),
    ],
)
def test_durations_are_read_with_days_as_long_as_the_calendar_says(text: str, seconds: int) -> None:
    assert parse_duration(text, 27_000) == seconds


@pytest.mark.parametrize(
    "text", ["", " ", "8", "h", "8x", "-8h", "8h 2d", "1e3h", "٣h?", "0m", "0d", "99999999d"]
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInputError, match="write 90m, 8h"):
        parse_duration(text, 28_800, field="target")


def test_days_need_a_calendar() -> None:
    with pytest.raises(InvalidInputError, match="counts working days; name the calendar"):
        parse_duration("2d")


def test_a_negative_duration_is_shown_as_zero_with_the_flag_clock_skew() -> None:
    at = datetime(2026, 3, 9, tzinfo=UTC)
    assert elapsed_s(at, at + timedelta(seconds=61.5)) == (61, False)
    assert elapsed_s(at, at - timedelta(milliseconds=1)) == (0, True)


@pytest.mark.parametrize(
    ("seconds", "words", "elapsed"),
    [
        (10_020, "2 h 47 min", "2 h 47 min"),
        (28_800, "8 h", "8 h"),
        (45, "45 s", "45 s"),
        (0, "0 min", "0 min"),
        (59.9, "59 s", "59 s"),
        (3_599, "59 min", "59 min"),
        (172_799, "47 h 59 min", "47 h 59 min"),
        (273_600, "76 h", "3 d 4 h"),
        (259_200, "72 h", "3 d"),
        (-720, "\u221212 min", "\u221212 min"),
        (-273_600, "\u221276 h", "\u22123 d 4 h"),
    ],
)
def test_durations_are_worded_for_people(seconds: float, words: str, elapsed: str) -> None:
    assert format_duration(seconds) == words
    assert format_elapsed(seconds) == elapsed


def test_every_shown_time_names_its_zone() -> None:
    at = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
    assert show_local(at, LONDON) == "Fri 2026-03-27 16:00 GMT"
    assert show_local(at + timedelta(days=3), LONDON) == "Mon 2026-03-30 17:00 BST"
    assert show_local(at, zone_named("Asia/Dubai")) == "Fri 2026-03-27 20:00 UTC+04"
    assert show_date(date(2026, 4, 3)) == "Fri 2026-04-03"


def test_a_stretch_of_time_is_short_within_a_day_and_whole_beyond() -> None:
    at = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
    assert show_span(at, at + timedelta(hours=2), LONDON) == "Fri 2026-03-27 15:00-17:00 GMT"
    assert show_span(at, at + timedelta(seconds=5), LONDON) == ("Fri 2026-03-27 15:00-15:00:05 GMT")
    assert show_span(at, at + timedelta(days=3), LONDON) == (
        "Fri 2026-03-27 15:00 GMT to Mon 2026-03-30 16:00 BST"
    )
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert show_span(night, night + timedelta(hours=1), LONDON) == (
        "Sun 2026-03-29 00:30 GMT to Sun 2026-03-29 02:30 BST"
    )
