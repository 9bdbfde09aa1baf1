"""Metrics over a real store are what plain loops over its incidents give (domain.md, Metrics)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import (
    CancelReason,
    EntityId,
    PendingReason,
    Status,
)
from app.domain.incident_record import Incident, IncidentDraft
from app.domain.metrics import to_json
from app.services import (
    browsing,
    cataloguing,
    logging_incidents,
    measuring,
    moves,
    raising,
    stakeholders,
    work_records,
)
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.system.clock import PinnedClock

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def logged(desk: Desk, **fields: Any) -> EntityId:
    return logging_incidents.log(desk, IncidentDraft(title="Printer", **fields)).ids["incident"][0]


def measured(desk: Desk, from_at: datetime = MARCH, to_at: datetime = APRIL) -> dict[str, Any]:
    return to_json(measuring.measure(desk, from_at=from_at, to_at=to_at))


def worked(desk: Desk, clock: PinnedClock) -> list[Incident]:
    """Log 12 incidents, an hour apart, and take each a different way."""
    made = []
    for number in range(12):
        clock.set(MONDAY + number * HOUR)
        uid = logged(desk, impact=1 + number % 3, urgency=2, occurred_at=clock.now() - HOUR,
                     detected_at=clock.now() - HOUR / 2 if number % 2 else None)  # fmt: skip
        made.append(uid)
        if number == 11:
            moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
        if number > 8:
            continue
        clock.set(clock.now() + timedelta(minutes=5 + 3 * number))
        moves.start(desk, [uid])
        if number % 3 == 1:
            moves.pend(desk, [uid], PendingReason.CALLER, clock.now() + 9 * HOUR)
            clock.set(clock.now() + number * HOUR)
            moves.resume(desk, [uid])
        if number < 8:
            clock.set(clock.now() + (1 + number) * HOUR)
            moves.resolve(desk, [uid], SOLVED)
        if number in {2, 3}:
            clock.set(clock.now() + 26 * HOUR)
            moves.reopen(desk, [uid], "Again")
        if number == 3:
            clock.set(clock.now() + HOUR)
            moves.resolve(desk, [uid], SOLVED)
    clock.set(APRIL + 9 * HOUR)
    return [browsing.incident(desk, uid) for uid in made]


def seconds(durations: list[timedelta]) -> dict[str, Any]:
    kept = sorted(one.total_seconds() for one in durations)
    half = len(kept) // 2
    return {
        "n": len(kept),
        "mean": pytest.approx(sum(kept) / len(kept), abs=1e-3),
        "median": kept[half] if len(kept) % 2 else (kept[half - 1] + kept[half]) / 2,
        "p90": kept[math.ceil(len(kept) * 0.9) - 1],
    }


def test_durations_shares_and_counts_of_a_store(desk: Desk, clock: PinnedClock) -> None:
    known = worked(desk, clock)
    found = measured(desk)

    def check(key: str, durations: list[timedelta], excluded: int) -> None:
        told = {name: found[key][name] for name in ("n", "mean", "median", "p90")}
        assert told == seconds(durations), key
        assert found[key]["excluded"] == excluded, key

    detected = [i.detected_at - i.occurred_at for i in known if i.detected_at and i.occurred_at]
    check("mttd", detected, 12 - len(detected))
    answered = [i.acknowledged_at - i.registered_at for i in known if i.acknowledged_at]
    check("mtta", answered, 12 - len(answered))
    resolved = [i for i in known if i.status is Status.RESOLVED and i.resolved_at]
    check("mttr", [i.resolved_at - i.registered_at for i in resolved if i.resolved_at], 0)
    clocks = [i.resolution_clock for i in resolved if i.resolution_clock]
    check("mttr_business", [timedelta(seconds=c.counted_s) for c in clocks], 0)
    waited = [any(p.status is Status.PENDING for p in i.periods) for i in resolved]
    at_once = sum(
        not waits and not i.reopen_count for i, waits in zip(resolved, waited, strict=True)
    )
    assert (found["fcr"]["value"], found["fcr"]["n"]) == (at_once / len(resolved), len(resolved))
    ever = [i for i in known if i.first_resolved_at]
    again = [i for i in ever if i.reopen_count]
    assert found["reopen_rate"]["value"] == len(again) / len(ever)
    assert found["reopen_rate"]["events"] == sum(i.reopen_count for i in again) == 2
    for key, name in (("sla_response", "response"), ("sla_resolution", "resolution_clock")):
        met = sum(bool(getattr(i, name).met) for i in resolved)
        late = sum(getattr(i, name).breached for i in resolved)
        overdue = [
            i
            for i in known
            if i.status not in {Status.RESOLVED, Status.CANCELLED}
            and getattr(i, name).breached
            and getattr(i, name).due_at < APRIL
        ]
        assert (found[key]["met"], found[key]["breached"]) == (met, late + len(overdue))
        assert found[key]["value"] == met / (met + late + len(overdue))
    stands = [i for i in known if i.status is not Status.CANCELLED]
    assert found["backlog"]["value"] == len(stands)
    assert found["backlog_age"]["buckets"]["7-30"] == len(stands)
    assert found["counts"]["n"] == 12
    assert sum(found["counts"]["by_priority"].values()) == 12


def test_the_period_before_and_the_one_after_say_no_data(desk: Desk, clock: PinnedClock) -> None:
    worked(desk, clock)
    before = measured(desk, MARCH - timedelta(days=28), MARCH)
    assert before.pop("backlog")["value"] == 0
    assert all(value == {"no_data": True} for value in before.values())


def test_a_merged_incident_is_measured_with_its_survivor(desk: Desk, clock: PinnedClock) -> None:
    one, two = logged(desk), logged(desk)
    raising.merge(desk, [two], one)
    clock.set(APRIL)
    assert measured(desk)["counts"]["n"] == 1


def test_an_answer_belongs_to_the_period_in_which_it_was_given(
    desk: Desk, clock: PinnedClock
) -> None:
    answers: list[tuple[int, datetime]] = [(5, APRIL - HOUR), (2, APRIL + HOUR), (4, APRIL)]
    made = []
    for _ in answers:
        uid = logged(desk)
        made.append(uid)
        moves.start(desk, [uid])
        moves.resolve(desk, [uid], SOLVED)
        stakeholders.survey(desk, uid, sent=True)
    for uid, (answer, given_at) in sorted(
        zip(made, answers, strict=True), key=lambda pair: pair[1][1]
    ):
        clock.set(given_at)
        stakeholders.survey(desk, uid, answer=answer)
    clock.set(APRIL + timedelta(days=9))
    march, april = measured(desk)["csat"], measured(desk, APRIL, APRIL + 99 * HOUR)["csat"]
    assert (march["value"], march["n"], march["sent"]) == (1.0, 1, 3)
    assert (april["value"], april["n"], april["sent"]) == (0.5, 2, 0)
    assert march["response_rate"] == 1.0
    assert april["response_rate"] is None


def test_availability_is_of_agreed_time_without_maintenance_and_overlaps_once(
    desk: Desk, clock: PinnedClock
) -> None:
    cataloguing.add(desk, "service", "VPN", {"calendar": "Office hours"})
    uid = logged(desk, service="VPN")

    def down(from_hour: float, to_hour: float, *, planned: bool = False) -> None:
        start, end = (MONDAY.replace(hour=0) + h * HOUR for h in (from_hour, to_hour))
        work_records.record_outage(desk, uid, "VPN", start, end, planned=planned)

    clock.set(APRIL)
    down(10, 12)
    down(11, 13)
    down(16, 20)
    down(14, 15, planned=True)
    found = measured(desk, MONDAY, MONDAY + timedelta(days=1))
    # Agreed 09:00-17:00 and not 14:00-15:00: 7 h; down 10:00-13:00 and 16:00-17:00: 4 h, twice.
    assert found["availability"]["value"] == pytest.approx(3 / 7)
    assert found["availability"]["agreed_s"] == 7 * 3600
    assert (found["mtrs"]["n"], found["mtrs"]["mean"]) == (2, 2 * 3600)
    assert found["mtbf"]["value"] == 1.5 * 3600
    assert found["mtbf"]["mtbsi_s"] == 3.5 * 3600
