"""Every metric worked out a second time, by plain loops over the same incidents (domain.md).

The incidents are drawn by a seeded generator on a coarse grid of instants, so that many fall on the
edges of periods; the real log is measured the same way where it is at hand.
"""

from __future__ import annotations

import csv
import lzma
import math
import random
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.calendar import Calendar
from app.domain.metric_values import MetricRow, Outage, Period
from app.domain.metrics import incidents_behind, measure, time_split, to_json

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_772_323_200_000
"""2026-03-01T00:00Z."""
NO_DATA = {"no_data": True}


def summed(durations_ms: list[int], left_out: int = 0) -> dict[str, Any]:
    """Return what a distribution must say; negative durations are clock skew and left out."""
    kept = sorted(one for one in durations_ms if one >= 0)
    skewed = len(durations_ms) - len(kept)
    if not kept:
        return NO_DATA
    middle = len(kept) // 2
    median = kept[middle] if len(kept) % 2 else (kept[middle - 1] + kept[middle]) / 2
    expected = {
        "n": len(kept),
        "mean": round(sum(kept) / len(kept) / 1000, 3),
        "median": round(median / 1000, 3),
        "p90": kept[math.ceil(0.9 * len(kept)) - 1] / 1000,
        "excluded": left_out + skewed,
    }
    return expected | ({"clock_skew": skewed} if skewed else {})


def shared(part: int, whole: int, **more: Any) -> dict[str, Any]:
    return {"value": part / whole, "n": whole, **more} if whole else NO_DATA


def apart(rows: list[MetricRow], period: Period) -> dict[str, dict[str, Any]]:
    """Work every metric that is made of incidents out, one after the other."""

    def held(at: int) -> bool:
        if not at or (period.from_ms is not None and at < period.from_ms):
            return False
        return period.to_ms is None or at < period.to_ms

    end = period.at_ms if period.to_ms is None else period.to_ms
    registered = [r for r in rows if held(r.registered_ms)]
    resolved = [r for r in rows if held(r.resolved_ms)]
    unknown = [r for r in rows if not r.resolved_ms and held(r.closed_ms)]
    found: dict[str, dict[str, Any]] = {}
    both = [r for r in registered if r.occurred_ms and r.detected_ms]
    found["mttd"] = summed(
        [r.detected_ms - r.occurred_ms for r in both], len(registered) - len(both)
    )
    known = [r for r in registered if r.acknowledged_ms]
    found["mtta"] = summed(
        [r.acknowledged_ms - r.registered_ms for r in known], len(registered) - len(known)
    )
    found["mttr"] = summed([r.resolved_ms - r.registered_ms for r in resolved], len(unknown))
    business = []
    without = len(unknown)
    for row in resolved:
        if row.counted_s is None:
            without += 1
        else:
            elapsed = row.resolved_ms - row.registered_ms
            business.append(elapsed if elapsed < 0 else row.counted_s * 1000)
    found["mttr_business"] = summed(business, without)
    at_once = 0
    for row in resolved:
        came_back = bool(row.reopen_count or row.reopened_ms)
        if row.reopened_ms and row.first_resolved_ms:
            came_back = row.reopened_ms[0] <= row.first_resolved_ms + 7 * DAY
        at_once += row.first_contact and row.reassignment_count == 0 and not came_back
    found["fcr"] = shared(at_once, len(resolved), first_contact=at_once)
    last = [r for r in rows if held(r.last_resolved_ms or r.resolved_ms or r.first_resolved_ms)]
    again = [r for r in last if r.reopen_count > 0]
    events = sum(r.reopen_count for r in again)
    found["reopen_rate"] = shared(len(again), len(last), reopened=len(again), events=events)
    for name in ("response", "resolution"):
        met = late = no_target = 0
        for row in rows:
            if row.cancelled_ms:
                continue
            target = getattr(row, f"{name}_target_s")
            due = getattr(row, f"{name}_due_ms")
            done = row.resolved_ms or row.closed_ms
            if done and (period.to_ms is None or done < period.to_ms):
                if held(done):
                    breached = getattr(row, f"{name}_breached")
                    no_target += not target
                    met += bool(target and not breached)
                    late += bool(target and breached)
            elif target and held(due) and due < end:
                answered = name == "response" and 0 < row.response_stopped_ms <= due
                late += not answered
        found[f"sla_{name}"] = shared(met, met + late, met=met, breached=late)
        if met + late:
            found[f"sla_{name}"]["excluded"] = no_target
    stood = [
        r
        for r in rows
        if r.registered_ms <= end and not 0 < r.closed_ms <= end and not 0 < r.cancelled_ms <= end
    ]
    found["backlog"] = {"value": len(stood), "n": len(stood)} if rows else NO_DATA
    ages = [end - r.registered_ms for r in stood]
    found["backlog_age"] = summed(ages)
    if ages:
        days = [age / DAY for age in ages]
        found["backlog_age"]["buckets"] = {
            "<1": sum(d < 1 for d in days),
            "1-7": sum(1 <= d < 7 for d in days),
            "7-30": sum(7 <= d < 30 for d in days),
            "30-90": sum(30 <= d < 90 for d in days),
            ">90": sum(d >= 90 for d in days),
        }
    sent = [r for r in rows if held(r.survey_sent_ms)]
    answers = [
        r.satisfaction
        for r in rows
        if r.satisfaction and held(r.survey_answered_ms or r.resolved_ms or r.registered_ms)
    ]
    rate = sum(r.satisfaction > 0 for r in sent) / len(sent) if sent else None
    found["csat"] = shared(
        sum(answer in (4, 5) for answer in answers),
        len(answers),
        sent=len(sent),
        answers=len(answers),
        response_rate=rate,
    )
    found["counts"] = NO_DATA
    if registered:
        found["counts"] = {
            "n": len(registered),
            **{
                f"by_{name}": dict(Counter(getattr(r, name) or "none" for r in registered))
                for name in ("priority", "status", "channel", "category", "team")
            },
        }
    return found


def split_apart(rows: list[MetricRow], period: Period) -> dict[str, dict[str, Any]]:
    low = -math.inf if period.from_ms is None else period.from_ms
    high = math.inf if period.to_ms is None else period.to_ms
    parts: dict[str, list[int]] = {
        name: [] for name in ("to_acknowledged", "to_restored", "to_resolved", "to_closed")
    }
    for row in rows:
        if row.resolved_ms and low <= row.resolved_ms < high:
            at = row.registered_ms
            for name in ("acknowledged", "restored", "resolved", "closed"):
                reached = getattr(row, f"{name}_ms")
                if reached:
                    parts[f"to_{name}"].append(reached - at)
                    at = reached
            for reason, seconds in row.pending_s:
                parts.setdefault(f"pending_{reason}", []).append(seconds * 1000)
    return {name: summed(durations) for name, durations in parts.items()}


def drawn(chance: random.Random, number: int) -> MetricRow:
    """Draw an incident whose instants lie on a grid of three days (and some a day beside it)."""

    def instant(often: float = 0.6) -> int:
        grid = START + chance.randrange(0, 13) * 3 * DAY + chance.choice((0, 0, 0, 1, -1))
        return grid if chance.random() < often else 0

    times = chance.choice((0, 0, 0, 1, 2))
    reopened = tuple(sorted(instant(1.0) for _ in range(times))) if chance.random() < 0.7 else ()
    target = chance.choice((0, 3600))
    return MetricRow(
        id=number.to_bytes(16, "big"),
        registered_ms=instant(1.0),
        status=chance.choice(("new", "resolved", "closed")),
        priority=chance.choice(("P1", "P2")),
        channel=chance.choice(("", "phone")),
        category=chance.choice(("", "hardware")),
        team=chance.choice(("", "Desk")),
        occurred_ms=instant(),
        detected_ms=instant(),
        acknowledged_ms=instant(),
        restored_ms=instant(),
        first_resolved_ms=instant(),
        resolved_ms=instant(),
        last_resolved_ms=instant(0.3),
        closed_ms=instant(0.3),
        cancelled_ms=instant(0.1),
        reopen_count=times,
        reopened_ms=reopened,
        reassignment_count=chance.choice((0, 0, 1)),
        first_contact=chance.random() < 0.7,
        response_target_s=chance.choice((0, 900)),
        response_due_ms=instant(0.8),
        response_stopped_ms=instant(0.5),
        response_breached=chance.random() < 0.5,
        resolution_target_s=target,
        resolution_due_ms=instant(0.8),
        resolution_breached=chance.random() < 0.5,
        counted_s=chance.choice((None, 0, 5_000)),
        survey_sent_ms=instant(0.5),
        survey_answered_ms=instant(0.5),
        satisfaction=chance.randrange(0, 6),
        pending_s=chance.choice(((), (("caller", 60),), (("vendor", 7), ("caller", 11)))),
    )


def compared(rows: list[MetricRow], period: Period) -> None:
    document = to_json(measure(rows, period))
    for key, expected in apart(rows, period).items():
        told = {name: document[key].get(name) for name in expected}
        assert told == expected, key
    split = {key: part.to_json() for key, part in time_split(rows, period).items()}
    expected_split = split_apart(rows, period)
    assert split.keys() == expected_split.keys()
    for key, expected in expected_split.items():
        assert {name: split[key].get(name) for name in expected} == expected, key


@pytest.mark.parametrize("seed", range(60))
def test_every_metric_is_what_plain_loops_make_of_the_same_incidents(seed: int) -> None:
    chance = random.Random(seed)
    rows = [drawn(chance, number) for number in range(chance.choice((0, 1, 3, 12, 40)))]
    low, high = sorted(chance.sample(range(13), 2))
    asked = START + 40 * DAY
    for period in (
        Period(START + low * 3 * DAY, START + high * 3 * DAY, asked),
        Period(START + low * 3 * DAY, None, START + high * 3 * DAY),
        Period(None, START + high * 3 * DAY, asked),
        Period(None, None, asked + 60 * DAY),
    ):
        compared(rows, period)
        for row in rows:
            compared([row], period)


def test_the_incidents_behind_a_metric_are_those_that_it_counts() -> None:
    chance = random.Random(5)
    rows = [drawn(chance, number) for number in range(200)]
    period = Period(START + 9 * DAY, START + 30 * DAY, START + 40 * DAY)
    document = to_json(measure(rows, period))
    for key in ("mttd", "mtta", "mttr", "mttr_business", "fcr", "backlog", "reopen_rate", "counts"):
        assert len(incidents_behind(key, rows, period)) == document[key]["n"], key
    for key, part in (("sla_response", "met"), ("sla_resolution", "breached")):
        found = incidents_behind(key, rows, period, part)
        assert len(found) == document[key][part]
        assert set(found) < set(incidents_behind(key, rows, period))
    assert incidents_behind("counts", rows, period, "met") == []
    assert (
        len(incidents_behind("fcr", rows, period, "first_contact"))
        == (document["fcr"]["first_contact"])
    )


def minute_by_minute(outages: list[Outage], low: int, high: int, step: int) -> tuple[int, int, int]:
    """Return agreed time, downtime (ms) and failures of one service around the clock."""
    agreed = down = failures = 0
    was_down = False
    for at in range(low, high, step):
        here = [one for one in outages if one.from_ms <= at < (one.to_ms or high)]
        planned = any(one.planned for one in here)
        broken = any(not one.planned for one in here)
        agreed += 0 if planned else step
        down += step if broken and not planned else 0
        failures += broken and not was_down
        was_down = broken
    return agreed, down, failures


@pytest.mark.parametrize("seed", range(25))
def test_availability_is_what_looking_at_every_hour_gives(seed: int) -> None:
    chance = random.Random(seed)
    low, high = START, START + 10 * DAY
    outages = []
    for number in range(chance.randrange(1, 6)):
        begins = START + chance.randrange(-24, 240) * HOUR
        lasts = chance.choice((0, chance.randrange(1, 60) * HOUR))
        planned = chance.random() < 0.3
        outages.append(
            Outage("VPN", begins, begins + lasts if lasts else 0, planned, bytes(number))
        )
    found = to_json(measure([], Period(low, high, high), outages))
    agreed, down, failures = minute_by_minute(outages, low, high, HOUR)
    hidden = to_json(measure([], Period(low, high, high), [o for o in outages if not o.planned]))
    if not failures or not down:
        assert found["mtrs"] == NO_DATA
        assert found["mtbf"] == NO_DATA
        assert found["availability"] == NO_DATA
        return
    # A failure that maintenance hides whole takes nothing of the agreed time and is none.
    counted = found["mtrs"]["n"]
    assert counted <= failures == hidden["mtrs"]["n"]
    assert found["availability"]["value"] == pytest.approx((agreed - down) / agreed)
    assert found["availability"]["agreed_s"] == agreed / 1000
    assert found["availability"]["downtime_s"] == found["mtrs"]["downtime_s"] == down / 1000
    assert found["mtrs"]["mean"] == pytest.approx(down / counted / 1000, abs=1e-3)
    assert found["mtbf"]["value"] == pytest.approx((agreed - down) / counted / 1000)
    assert found["mtbf"]["mtbsi_s"] == pytest.approx(agreed / counted / 1000)


def test_a_period_without_a_start_begins_with_the_first_incident_or_outage() -> None:
    first = MetricRow(id=b"1", registered_ms=START, status="new")
    down = Outage("VPN", START + DAY, START + 2 * DAY)
    ends = START + 4 * DAY
    for rows, since in (([first], START), ([], START + DAY)):
        found = to_json(measure(rows, Period(None, ends, ends), [down]))
        assert found["availability"]["agreed_s"] == (ends - since) / 1000


def logged(path: Path) -> list[MetricRow]:
    """Read the real log: the last row of each incident, with its waits and reopenings."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        last = {line["number"]: line for line in csv.DictReader(file)}

    def ms(text: str) -> int:
        if text == "?":
            return 0
        at = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
        return int(at.timestamp() * 1000)

    return [
        MetricRow(
            id=number.encode(),
            registered_ms=ms(line["opened_at"]),
            status=line["incident_state"].casefold(),
            priority=f"P{line['priority'][0]}",
            channel=line["contact_type"],
            category=line["category"],
            team=line["assignment_group"],
            resolved_ms=ms(line["resolved_at"]),
            closed_ms=ms(line["closed_at"]),
            reopen_count=int(line["reopen_count"]),
            reassignment_count=int(line["reassignment_count"]),
            first_contact=line["sys_mod_count"] == "1",
            resolution_target_s=3600,
            resolution_breached=line["made_sla"] == "false",
        )
        for number, line in last.items()
    ]


def test_the_real_log_measures_as_plain_loops_do(real_data: Path) -> None:
    rows = logged(real_data / "uci_servicenow_incidents" / "incident_event_log.csv.xz")
    asked = int(datetime(2017, 6, 1, tzinfo=UTC).timestamp() * 1000)
    april = int(datetime(2016, 4, 1, tzinfo=UTC).timestamp() * 1000)
    may = int(datetime(2016, 5, 1, tzinfo=UTC).timestamp() * 1000)
    for period in (Period(None, None, asked), Period(april, may, asked)):
        compared(rows, period)


def test_a_service_is_measured_in_its_agreed_hours_and_one_without_outages_too() -> None:
    office = Calendar.from_json({"name": "O", "zone": "UTC", "open": {"mon": ["09:00-17:00"]}})
    monday = START + 8 * DAY
    down = Outage("VPN", monday, monday + 11 * HOUR)
    row = MetricRow(id=b"1", registered_ms=monday, status="new")
    agreed = {"VPN": office, "Mail": office}
    period = Period(monday, monday + DAY, monday + DAY)
    found = to_json(measure([row], period, [down], agreed))["availability"]
    assert found["by_service"] == {"VPN": 6 / 8, "Mail": 1.0}
    assert (found["value"], found["agreed_s"]) == (14 / 16, 16 * 3600)
    quiet = to_json(measure([row], period, [], agreed))
    assert (quiet["availability"]["value"], quiet["mtbf"]) == (1.0, NO_DATA)
    lasting = to_json(measure([row], period, [down._replace(to_ms=0)], agreed))
    assert lasting["availability"]["by_service"]["VPN"] == 0.0
