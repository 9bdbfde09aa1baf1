"""Instants of other tools: day and month are never silently exchanged."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import InvalidInputError
from app.intake.import_record import RowError
from app.intake.instants import DateSurvey, InstantReader

READ = InstantReader(UTC, "dmy").read


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("29/2/2016 01:16", utc(2016, 2, 29, 1, 16)),
        ("5/3/2016 12:00", utc(2016, 3, 5, 12)),
        ("05-03-2016 12:00:30", utc(2016, 3, 5, 12, 0, 30)),
        ("05.03.16", utc(2016, 3, 5)),
        ("2016-03-05T12:00:00Z", utc(2016, 3, 5, 12)),
        ("2016-03-05 12:00:00.250", utc(2016, 3, 5, 12, 0, 0, 250_000)),
        ("2016-03-05T14:00+02:00", utc(2016, 3, 5, 12)),
        ("2016/3/5", utc(2016, 3, 5)),
        ("5 Mar 2016 1:05 PM", utc(2016, 3, 5, 13, 5)),
        ("March 5, 2016", utc(2016, 3, 5)),
        ("Sat, 05 Mar 2016 12:00:00 +0100", utc(2016, 3, 5, 11)),
        (1457179200, utc(2016, 3, 5, 12)),
        (1457179200000, utc(2016, 3, 5, 12)),
        (42434.5, utc(2016, 3, 5, 12)),
        ("42434.5", utc(2016, 3, 5, 12)),
        ("12/31/2016 12:00 AM", None),
    ],
)
def test_the_usual_ways_of_writing_an_instant_are_read(
    text: object, moment: datetime | None
) -> None:
    if moment is None:
        with pytest.raises(RowError):
            READ(text)
        moment = utc(2016, 12, 31)
        assert InstantReader(UTC, "mdy").read(text) == moment
    else:
        assert READ(text) == moment


@pytest.mark.parametrize("text", ["", "?", "-", "NULL", "n/a", None])
def test_words_for_nothing_are_no_instant(text: str | None) -> None:
    assert READ(text) is None


@pytest.mark.parametrize(
    "text",
    ["31/2/2016", "yesterday", "2016-13-01", "29/2/2015 10:00", "25:00", True, 7, [], "1e400"],
)
def test_what_is_no_date_rejects_its_row(text: object) -> None:
    with pytest.raises(RowError):
        READ(text)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["1/2/2016", "29/2/2016"], "dmy"),
        (["1/2/2016", "2/29/2016"], "mdy"),
        ([*(f"{day}/2/2016" for day in range(13, 29)), "2/13/2016"], "dmy"),
    ],
)
def test_one_value_that_can_be_read_one_way_decides_for_its_column(
    values: list[str], order: str
) -> None:
    survey = DateSurvey()
    for value in values:
        survey.add("opened", value)

    assert survey.orders() == {"opened": order}


def test_a_column_that_leaves_it_open_follows_the_others_of_its_table() -> None:
    survey = DateSurvey()
    survey.add("opened", "3/4/2016")
    survey.add("closed", "13/4/2016")

    assert survey.orders() == {"opened": "dmy", "closed": "dmy"}


def test_a_table_that_leaves_it_open_is_refused_with_both_readings() -> None:
    survey = DateSurvey()
    survey.add("opened", "3/4/2016")

    with pytest.raises(InvalidInputError, match="3 Apr 2016 or 4 Mar 2016") as refused:
        survey.orders()
    assert refused.value.code == "ambiguous_dates"


def test_a_column_that_mixes_both_orders_is_refused() -> None:
    survey = DateSurvey()
    for value in ("13/4/2016", "14/4/2016", "4/13/2016", "4/14/2016"):
        survey.add("opened", value)

    with pytest.raises(InvalidInputError, match="mixes day/month") as refused:
        survey.orders()
    assert refused.value.code == "mixed_dates"


def test_local_times_are_of_the_zone_and_those_that_are_none_or_two_reject_their_row() -> None:
    reader = InstantReader(ZoneInfo("Europe/London"), "dmy")

    assert reader.read("1/7/2026 10:00") == utc(2026, 7, 1, 9)
    for told, what, readings in (
        ("29/3/2026 01:30", "does not exist", ("00:30:00+00:00", "02:30:00+01:00")),
        ("25/10/2026 01:30", "happens twice", ("01:30:00+01:00", "01:30:00+00:00")),
    ):
        with pytest.raises(RowError, match=what) as refused:
            reader.read(told)
        assert all(reading in str(refused.value) for reading in readings)
    assert reader.read("2026-10-25T01:30:00+00:00") == utc(2026, 10, 25, 1, 30)
