"""Every metric of domain.md's table: formula, membership of the period, no data, clock skew."""

from __future__ import annotations

import csv
import json
import lzma
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.metric_values import Distribution, Figure, MetricRow, Period
from app.domain.metrics import DEFINITIONS, KEYS, incidents_behind, measure, time_split, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MIN = 60_000
HOUR = 60 * MIN
DAY = 24 * HOUR
START = 1_772_323_200_000
"""2026-03-01T00:00Z."""
MARCH = Period(START, START + 31 * DAY, START + 60 * DAY)
EVER = Period(None, None, START + 60 * DAY)


def row(number: int = 1, **fields: Any) -> MetricRow:
    values = {"registered_ms": START + 9 * HOUR, "status": "new", **fields}
    return MetricRow(id=number.to_bytes(16, "big"), **values)


def resolved(after_ms: int, number: int = 1, **fields: Any) -> MetricRow:
    registered = fields.setdefault("registered_ms", START + 9 * HOUR)
    at = registered + after_ms
    fields.setdefault("first_resolved_ms", at)
    return row(number, status="resolved", resolved_ms=at, **fields)


def distribution_of(rows: list[MetricRow], key: str, period: Period = MARCH) -> Distribution:
    found = measure(rows, period)[key]
    assert isinstance(found, Distribution)
    return found


def figure_of(rows: list[MetricRow], key: str, period: Period = MARCH) -> Figure:
    found = measure(rows, period)[key]
    assert isinstance(found, Figure)
    return found


def test_the_worked_example_of_acknowledging() -> None:
    rows = [row(n, acknowledged_ms=START + 9 * HOUR + n * MIN) for n in (4, 10, 6, 60, 20)]
    found = distribution_of([*rows, row(99)], "mtta")
    assert (found.mean, found.median, found.p90) == (20 * 60, 10 * 60, 60 * 60)
    assert (found.n, found.excluded, found.clock_skew) == (5, 1, 0)


def test_an_empty_period_says_no_data_for_every_metric() -> None:
    document = to_json(measure([], MARCH))
    assert list(document) == list(KEYS)
    assert set(map(str, document.values())) == {str({"no_data": True})}
    before = Period(START - 31 * DAY, START, START)
    late = to_json(measure([row(acknowledged_ms=START + 10 * HOUR)], before))
    assert late.pop("backlog")["value"] == 0
    assert all(value == {"no_data": True} for value in late.values())


def test_every_metric_prints_its_own_definition() -> None:
    assert set(KEYS) | {"time_split"} == set(DEFINITIONS)
    for metric in measure([], MARCH).values():
        assert metric.definition in DEFINITIONS.values()
    assert len(set(DEFINITIONS.values())) == len(DEFINITIONS)


def test_the_median_of_an_even_number_is_the_middle_and_p90_is_a_value_that_occurred() -> None:
    rows = [resolved(n * HOUR, n) for n in range(1, 11)]
    found = distribution_of(rows, "mttr")
    assert (found.mean, found.median, found.p90) == (5.5 * 3600, 5.5 * 3600, 9 * 3600)
    assert distribution_of(rows[:1], "mttr").p90 == 3600
    assert distribution_of([*rows, resolved(11 * HOUR, 11)], "mttr").p90 == 10 * 3600


def test_detection_needs_both_instants() -> None:
    rows = [
        row(1, occurred_ms=START, detected_ms=START + 5 * MIN),
        row(2, occurred_ms=START),
        row(3, detected_ms=START),
    ]
    found = distribution_of(rows, "mttd")
    assert (found.mean, found.n, found.excluded) == (300, 1, 2)


def test_a_negative_duration_is_left_out_of_the_mean_and_flagged_as_clock_skew() -> None:
    rows = [
        row(1, acknowledged_ms=START + 9 * HOUR + 10 * MIN),
        row(2, acknowledged_ms=START + 9 * HOUR - 1),
    ]
    found = distribution_of(rows, "mtta")
    assert (found.mean, found.n, found.excluded, found.clock_skew) == (600, 1, 1, 1)
    assert found.to_json()["clock_skew"] == 1
    assert "clock_skew" not in distribution_of(rows[:1], "mtta").to_json()
    only = distribution_of(rows[1:], "mtta")
    assert (only.n, only.excluded, only.clock_skew) == (0, 1, 1)
    assert only.to_json() == {"no_data": True}
    skewed = distribution_of([resolved(-5, counted_s=0)], "mttr_business")
    assert (skewed.n, skewed.clock_skew) == (0, 1)


def test_time_to_resolve_runs_to_the_last_resolution_and_belongs_to_its_period() -> None:
    rows = [
        resolved(2 * HOUR, 1),
        resolved(4 * HOUR, 2, registered_ms=START - DAY - 2 * HOUR),
        resolved(40 * DAY, 3),
        resolved(8 * HOUR, 4, first_resolved_ms=START + 10 * HOUR, reopen_count=1),
        row(5, first_resolved_ms=START + 11 * HOUR, reopen_count=1),
        row(6, status="closed", closed_ms=START + 20 * HOUR),
    ]
    found = distribution_of(rows, "mttr")
    assert (found.n, found.mean, found.excluded) == (2, 5 * 3600, 1)
    assert distribution_of(rows, "mttr", EVER).n == 4


def test_a_period_holds_its_first_instant_and_not_its_last() -> None:
    edge = Period(START, START + DAY, START + DAY)
    assert figure_of([resolved(0, registered_ms=START)], "fcr", edge).n == 1
    assert figure_of([resolved(0, registered_ms=START + DAY - 1)], "fcr", edge).n == 1
    assert not figure_of([resolved(0, registered_ms=START + DAY)], "fcr", edge).has_data
    assert not figure_of([resolved(0, registered_ms=START - 1)], "fcr", edge).has_data
    now = Period(START, None, START + DAY)
    assert figure_of([resolved(0, registered_ms=START + DAY)], "fcr", now).n == 1


def test_business_time_to_resolve_comes_from_the_clock() -> None:
    rows = [
        resolved(DAY, 1, counted_s=3600),
        resolved(DAY, 2, counted_s=7200),
        resolved(DAY, 3),
        row(4, counted_s=99),
    ]
    found = distribution_of(rows, "mttr_business")
    assert (found.n, found.mean, found.excluded) == (2, 5400, 1)


def test_first_contact_resolution_needs_all_three_conditions() -> None:
    once = START + 10 * HOUR
    rows = [
        resolved(HOUR, 1, first_contact=True),
        resolved(HOUR, 2, first_contact=False),
        resolved(HOUR, 3, first_contact=True, reassignment_count=1),
        resolved(9 * DAY, 4, first_contact=True, reopen_count=1, first_resolved_ms=once,
                 reopened_ms=(once + 7 * DAY,)),
        resolved(9 * DAY, 5, first_contact=True, reopen_count=1, first_resolved_ms=once,
                 reopened_ms=(once + 7 * DAY + 1,)),
        resolved(HOUR, 6, first_contact=True, reopen_count=1),
        row(7, first_contact=True),
    ]  # fmt: skip
    found = figure_of(rows, "fcr")
    assert (found.value, found.n) == (2 / 6, 6)


def test_the_reopen_rate_counts_incidents_with_the_events_beside() -> None:
    rows = [
        resolved(HOUR, 1),
        resolved(2 * HOUR, 2, reopen_count=3),
        row(3, reopen_count=1, first_resolved_ms=START + 10 * HOUR),
        row(4, reopen_count=2, first_resolved_ms=START - DAY, last_resolved_ms=START + 11 * HOUR),
        row(5, reopen_count=1, first_resolved_ms=START - DAY),
        row(6),
    ]
    found = figure_of(rows, "reopen_rate")
    assert (found.value, found.n) == (3 / 4, 4)
    assert (found.more["reopened"], found.more["events"]) == (3, 6)


@pytest.mark.parametrize("clock", ["response", "resolution"])
def test_sla_attainment_is_met_over_met_and_breached(clock: str) -> None:
    target = {f"{clock}_target_s": 3600, f"{clock}_due_ms": START + 10 * HOUR}
    late = {**target, f"{clock}_breached": True}
    rows = [
        resolved(HOUR, 1, **target),
        resolved(HOUR, 2, **target),
        resolved(HOUR, 3, **late),
        resolved(HOUR, 4),
        row(5, **target),
        row(6, **{**target, f"{clock}_due_ms": START + 32 * DAY}),
        row(7, **{**target, f"{clock}_due_ms": 0}),
        row(8, status="cancelled", cancelled_ms=START + 11 * HOUR, **late),
        resolved(HOUR, 9, registered_ms=START - DAY, **late),
    ]
    found = figure_of(rows, f"sla_{clock}")
    assert (found.value, found.n, found.excluded) == (0.5, 4, 1)
    assert (found.more["met"], found.more["breached"]) == (2, 2)


def test_what_was_overdue_at_the_end_of_a_past_period_stays_breached_in_it() -> None:
    overdue = {"resolution_target_s": 3600, "resolution_due_ms": START + 10 * HOUR}
    later = resolved(40 * DAY, 1, resolution_breached=True, **overdue)
    assert figure_of([later], "sla_resolution", MARCH).more["breached"] == 1
    april = Period(MARCH.to_ms, None, MARCH.at_ms)
    assert figure_of([later], "sla_resolution", april).more["breached"] == 1
    before = Period(START - 31 * DAY, START, START)
    assert not figure_of([later], "sla_resolution", before).has_data


def test_an_open_incident_answered_in_time_is_no_breach_and_one_answered_late_is() -> None:
    clock = {"response_target_s": 3600, "response_due_ms": START + 10 * HOUR}
    rows = [
        row(1, response_stopped_ms=START + 10 * HOUR, **clock),
        row(2, response_stopped_ms=START + 10 * HOUR + 1, response_breached=True, **clock),
    ]
    found = figure_of(rows, "sla_response")
    assert (found.value, found.n) == (0.0, 1)


def test_an_open_incident_that_is_not_due_yet_is_no_breach() -> None:
    soon = row(1, resolution_target_s=3600, resolution_due_ms=EVER.at_ms)
    assert not figure_of([soon], "sla_resolution", EVER).has_data


def test_the_backlog_is_what_was_registered_and_not_closed_at_an_instant() -> None:
    end = MARCH.end_ms
    rows = [
        row(1, registered_ms=end),
        row(2, registered_ms=end + 1),
        row(3, closed_ms=end),
        row(4, closed_ms=end + 1),
        row(5, cancelled_ms=end),
        row(6, cancelled_ms=end + 1),
        resolved(HOUR, 7),
    ]
    assert figure_of(rows, "backlog").value == 4
    assert incidents_behind("backlog", rows, MARCH) == [rows[n].id for n in (0, 3, 5, 6)]


def test_the_age_of_the_backlog_has_buckets_and_a_median() -> None:
    days = (0, 0.5, 1, 6.9, 7, 29, 30, 90, 91)
    rows = [row(n, registered_ms=int(MARCH.end_ms - age * DAY)) for n, age in enumerate(days)]
    found = distribution_of(rows, "backlog_age")
    assert found.more["buckets"] == {"<1": 2, "1-7": 2, "7-30": 2, "30-90": 1, ">90": 2}
    assert found.median == 7 * 86_400
    assert found.to_json()["buckets"][">90"] == 2


def test_satisfaction_is_answers_of_four_or_five_with_the_response_rate_beside() -> None:
    sent = START + 2 * DAY
    rows = [
        row(n, survey_sent_ms=sent, survey_answered_ms=sent + HOUR, satisfaction=answer)
        for n, answer in enumerate((5, 4, 3, 1))
    ]
    found = figure_of([*rows, row(9, survey_sent_ms=sent), row(10)], "csat")
    assert (found.value, found.n) == (0.5, 4)
    assert (found.more["sent"], found.more["response_rate"]) == (5, 0.8)
    assert not figure_of([row(9, survey_sent_ms=sent)], "csat").has_data
    assert figure_of([row(1, satisfaction=4)], "csat").value == 1.0


def test_counts_name_what_is_missing_none_and_put_the_most_frequent_first() -> None:
    rows = [
        row(1, priority="P3", channel="phone", category="hardware", team="Desk"),
        row(2, priority="P3", channel="email", status="closed"),
        row(3, priority="P1", channel="phone", registered_ms=START - 1),
    ]
    document = to_json(measure(rows, MARCH))["counts"]
    assert document["by_priority"] == {"P3": 2}
    assert document["by_status"] == {"new": 1, "closed": 1}
    assert document["by_channel"] == {"phone": 1, "email": 1}
    assert document["by_category"] == {"hardware": 1, "none": 1}
    assert document["by_team"] == {"Desk": 1, "none": 1}
    assert to_json(measure(rows, EVER))["counts"]["by_priority"] == {"P3": 2, "P1": 1}


def test_the_time_split_tells_where_the_time_goes() -> None:
    at = START + 9 * HOUR
    rows = [
        resolved(4 * HOUR, 1, acknowledged_ms=at + HOUR, restored_ms=at + 3 * HOUR,
                 closed_ms=at + DAY, pending_s=(("caller", 1800), ("vendor", 600))),
        resolved(2 * HOUR, 2, pending_s=(("caller", 600),)),
        row(3, acknowledged_ms=at + 9 * HOUR),
    ]  # fmt: skip
    split = time_split(rows, MARCH)
    assert {key: (part.n, part.mean) for key, part in split.items()} == {
        "to_acknowledged": (1, 3600),
        "to_restored": (1, 7200),
        "to_resolved": (2, 5400),
        "to_closed": (1, 20 * 3600),
        "pending_caller": (2, 1200),
        "pending_vendor": (1, 600),
    }


def test_a_metric_opens_the_incidents_behind_it() -> None:
    clock = {"resolution_target_s": 60, "resolution_due_ms": START + 10 * HOUR}
    rows = [
        resolved(HOUR, 1, **clock),
        resolved(HOUR, 2, resolution_breached=True, **clock),
        row(3, **clock),
        row(4),
    ]
    ids = [one.id for one in rows]
    assert incidents_behind("sla_resolution", rows, MARCH) == ids[:3]
    assert incidents_behind("sla_resolution", rows, MARCH, "breached") == ids[1:3]
    assert incidents_behind("sla_resolution", rows, MARCH, "met") == ids[:1]
    assert incidents_behind("mttr", rows, MARCH) == ids[:2]
    assert incidents_behind("counts", rows, MARCH) == ids


def test_the_document_has_the_names_of_the_command_line_page() -> None:
    document = to_json(measure([resolved(HOUR, acknowledged_ms=START + 10 * HOUR)], MARCH))
    assert list(document["mtta"]) == ["n", "mean", "median", "p90", "excluded", "definition"]
    assert list(document["fcr"])[:2] == ["value", "n"]
    assert document["csat"] == {"no_data": True}


def uci_rows(path: Path) -> Iterator[MetricRow]:
    """Read the last row of each incident as plain wall-clock time, as its facts do."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        last = {line[0]: line for line in lines}

    def ms(text: str) -> int:
        if text == "?":
            return 0
        at = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
        return int(at.timestamp() * 1000)

    for number, line in last.items():
        record = dict(zip(names, line, strict=True))
        yield MetricRow(
            id=number.encode(),
            registered_ms=ms(record["opened_at"]),
            status="closed",
            priority=f"P{record['priority'][0]}",
            channel=record["contact_type"],
            resolved_ms=ms(record["resolved_at"]),
            closed_ms=ms(record["closed_at"]),
            reopen_count=int(record["reopen_count"]),
            reassignment_count=int(record["reassignment_count"]),
        )


def test_the_real_log_gives_the_facts_that_were_worked_out_apart(real_data: Path) -> None:
    folder = real_data / "uci_servicenow_incidents"
    facts = json.loads((folder / "facts.json").read_text())
    rows = list(uci_rows(folder / "incident_event_log.csv.xz"))
    asked = int(datetime(2016, 5, 1, tzinfo=UTC).timestamp() * 1000)
    found = to_json(measure(rows, Period(None, None, asked + 9999 * DAY)))
    expected = facts["mttr_open_to_resolved_all"]
    assert found["mttr"]["n"] == expected["n"] == 11_554
    assert found["mttr"]["excluded"] == facts["incidents_without_resolved_at"]
    assert found["mttr"]["mean"] / 3600 == pytest.approx(expected["mean_h"], abs=5e-5)
    assert found["mttr"]["median"] / 3600 == pytest.approx(expected["median_h"], abs=5e-5)
    for name, fact in facts["mttr_open_to_resolved_by_final_priority"].items():
        mine = [row for row in rows if row.priority == f"P{name[0]}"]
        part = distribution_of(mine, "mttr", Period(None, None, asked))
        assert (part.n, part.excluded) == (fact["n"], len(mine) - fact["n"])
        assert part.mean / 3600 == pytest.approx(fact["mean_h"], abs=5e-5)
        assert part.median / 3600 == pytest.approx(fact["median_h"], abs=5e-5)
    assert sum(found["counts"]["by_priority"].values()) == len(rows) == 12_349
    for name, n in facts["final_priority"].items():
        assert found["counts"]["by_priority"][f"P{name[0]}"] == n
    assert found["counts"]["by_channel"] == facts["final_contact_type"]
    assert measure(rows, Period(None, asked, asked))["backlog"].to_json()["value"] == 1_458
