"""Downtime as the union of outages inside agreed time, planned maintenance out of both."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.availability import measure_services
from app.domain.calendar import Calendar
from app.domain.instants import to_ms
from app.domain.metric_values import Distribution, Figure, Metric, MetricRow, Outage, Period
from app.domain.metrics import measure

HOUR = 3_600_000
ALWAYS = Calendar.around_the_clock()
OFFICE = Calendar.from_json(
    {
        "name": "office",
        "zone": "UTC",
        "open": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
)
MONDAY = to_ms(datetime(2026, 3, 9, tzinfo=UTC))
WEEK = MONDAY + 7 * 24 * HOUR


def down(from_h: float, to_h: float, service: str = "mail", planned: bool = False) -> Outage:
    return Outage(
        service, MONDAY + int(from_h * HOUR), MONDAY + int(to_h * HOUR) if to_h else 0, planned
    )


def figures(found: dict[str, Metric]) -> tuple[Distribution, Figure, Figure]:
    mtrs, mtbf, availability = found["mtrs"], found["mtbf"], found["availability"]
    assert isinstance(mtrs, Distribution)
    assert isinstance(mtbf, Figure)
    assert isinstance(availability, Figure)
    return mtrs, mtbf, availability


def test_restoring_failing_and_availability_around_the_clock() -> None:
    found = measure_services([down(10, 12), down(50, 56)], {"mail": ALWAYS}, MONDAY, WEEK)
    mtrs, mtbf, availability = figures(found)
    assert (mtrs.mean, mtrs.n) == (4 * 3600, 2)
    assert mtbf.value == (168 - 8) / 2 * 3600
    assert mtbf.more["mtbsi_s"] == mtbf.value + mtrs.mean
    assert availability.value == (168 - 8) / 168


def test_outages_that_overlap_are_one_failure_of_their_union() -> None:
    found = measure_services([down(10, 12), down(11, 13), down(12.5, 14)], {}, MONDAY, WEEK)
    mtrs, _, availability = figures(found)
    assert (mtrs.mean, mtrs.n) == (4 * 3600, 1)
    assert availability.value == 164 / 168


def test_only_downtime_inside_agreed_time_counts() -> None:
    outages = [down(16, 34), down(40, 42), down(7, 8)]
    found = measure_services(outages, {"mail": OFFICE}, MONDAY, WEEK)
    mtrs, mtbf, availability = figures(found)
    assert (mtrs.mean, mtrs.n) == (1.5 * 3600, 2)
    assert availability.value == (40 - 3) / 40
    assert mtbf.value == pytest.approx(37 / 2 * 3600)


def test_an_outage_over_a_night_is_one_failure() -> None:
    mtrs, _, _ = figures(measure_services([down(16, 34)], {"mail": OFFICE}, MONDAY, WEEK))
    assert (mtrs.mean, mtrs.n) == (2 * 3600, 1)


def test_planned_maintenance_is_out_of_downtime_and_of_agreed_time() -> None:
    outages = [down(9, 13, planned=True), down(12, 15), down(10, 11)]
    found = measure_services(outages, {"mail": OFFICE}, MONDAY, WEEK)
    mtrs, _, availability = figures(found)
    assert (mtrs.mean, mtrs.n) == (2 * 3600, 1)
    assert availability.value == (36 - 2) / 36


def test_an_outage_that_lasts_counts_up_to_the_end_of_the_period() -> None:
    outages = [Outage("mail", WEEK - 2 * HOUR, 0), Outage("mail", WEEK, 0)]
    mtrs, _, _ = figures(measure_services(outages, {}, MONDAY, WEEK))
    assert (mtrs.mean, mtrs.n) == (2 * 3600, 1)


def test_availability_is_over_all_services_with_each_beside() -> None:
    found = measure_services([down(9, 13)], {"mail": OFFICE, "web": ALWAYS}, MONDAY, WEEK)
    _, _, availability = figures(found)
    assert availability.value == (208 - 4) / 208
    assert availability.more["by_service"] == {"mail": 36 / 40, "web": 1.0}


def test_without_failures_there_is_nothing_to_restore_and_no_time_between() -> None:
    found = measure_services([], {"mail": ALWAYS}, MONDAY, WEEK)
    assert found["mtrs"].to_json() == {"no_data": True}
    assert found["mtbf"].to_json() == {"no_data": True}
    assert found["availability"].to_json()["value"] == 1.0
    empty = measure_services([], {"mail": ALWAYS}, MONDAY, WEEK, any_incident=False)
    assert empty["availability"].to_json() == {"no_data": True}
    assert measure_services([], {}, MONDAY, WEEK)["availability"].to_json() == {"no_data": True}


def test_an_open_ended_period_starts_with_the_first_thing_that_is_known() -> None:
    row = MetricRow(id=b"1", registered_ms=MONDAY, status="new")
    found = measure([row], Period(None, None, WEEK), [down(10, 12)], {"mail": ALWAYS})
    assert found["availability"].to_json()["value"] == 166 / 168
    assert found["mtrs"].to_json()["mean"] == 7200
