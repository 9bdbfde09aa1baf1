"""The clocks of a whole record in plain numbers are those of the domain, case by case."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.incident import EntityId, PendingReason, Status
from app.domain.incident_record import Incident, StatusPeriod
from app.domain.instants import from_ms, from_ms_or_none
from app.services.desk import Desk, open_desk
from app.storage import clocks, record_clocks, status_periods
from app.system.clock import PinnedClock, to_ms
from app.system.paths import Profile

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
START = to_ms(datetime(2026, 3, 2, 7, 30, tzinfo=UTC))
MINUTE = 60_000
STATUSES = ["new", "assigned", "in_progress", "pending", "resolved", "closed", "cancelled"]
REASONS = ["caller", "vendor", "change", "problem", "scheduled"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    profile = Profile(tmp_path_factory.mktemp("clocks") / "profile")
    return open_desk(profile, PinnedClock(NOW), person="Ana Ruiz", zone="Europe/London")


@st.composite
def records(draw: Any) -> dict[str, Any]:
    """Draw a record with a history that may go back in time, as real ones do."""
    at = START
    before = "new"
    history = []
    for _ in range(draw(st.integers(0, 7))):
        at += draw(st.integers(-120, 9_000)) * MINUTE
        status = draw(st.sampled_from(STATUSES))
        changes = [["status", before, status]]
        if status == "pending" and draw(st.booleans()):
            changes.append(["pending_reason", "", draw(st.sampled_from(REASONS))])
        history.append([at, "Somebody", "status", "", changes])
        before = status
    value: dict[str, Any] = {
        "registered_at": START,
        "status": before if draw(st.integers(0, 4)) else draw(st.sampled_from(STATUSES)),
        "priority": draw(st.sampled_from(["P1", "P2", "P3", "P4", "P9"])),
        "history": history,
    }
    for name in ("acknowledged_at", "first_response_at", "resolved_at", "cancelled_at"):
        if draw(st.booleans()):
            value[name] = START + draw(st.integers(0, 30_000)) * MINUTE
    return value


def _rich(value: dict[str, Any], periods: str) -> Incident:
    """Return just enough of an incident for the domain's own clocks."""
    rows = json.loads(periods)
    ends = [from_ms(row[2]) for row in rows[1:]] + [None]
    return Incident(
        id=EntityId(bytes(16)),
        number="",
        title="",
        status=Status(value["status"]),
        priority=value["priority"],
        impact=3,
        urgency=3,
        registered_at=from_ms(START),
        acknowledged_at=from_ms_or_none(value.get("acknowledged_at")),
        first_response_at=from_ms_or_none(value.get("first_response_at")),
        resolved_at=from_ms_or_none(value.get("resolved_at")),
        cancelled_at=from_ms_or_none(value.get("cancelled_at")),
        periods=tuple(
            StatusPeriod(
                Status(name), PendingReason(reason) if reason else None, from_ms(entered), left
            )
            for (name, reason, entered), left in zip(rows, ends, strict=True)
        ),
    )


def _ms(instant: datetime | None) -> int:
    return 0 if instant is None else to_ms(instant)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(value=records())
def test_the_columns_are_what_the_domain_says(desk: Desk, value: dict[str, Any]) -> None:
    now_ms = to_ms(NOW)
    derived, results = record_clocks.derive(desk.rules, value, START, now_ms)

    periods = status_periods.from_create(START, value)
    assert derived.periods == periods
    incident = _rich(value, periods)
    one = clocks.response(desk.rules, incident, NOW, trace=False)
    two = clocks.resolution(desk.rules, incident, NOW, trace=False)
    expected = (
        two.target_s, _ms(two.due_at), _ms(two.warn_at), two.counted_s, two.paused_s, two.paused,
        two.stopped_at is not None, two.breached, two.met,
        one.target_s, _ms(one.due_at), one.met, one.breached,
    )  # fmt: skip
    assert derived.clock == expected
    for text in results.values():
        assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text
        assert clocks.unpacked(text) is not None
    again, more = record_clocks.derive(desk.rules, {**value, **results}, START, now_ms)
    assert more == {}
    if value["status"] in ("resolved", "closed"):
        assert set(results) >= {"resolution_result"}
        assert again.clock[:5] == expected[:5]


def test_a_result_that_the_journal_holds_is_never_worked_out_again(desk: Desk) -> None:
    value = {"registered_at": START, "status": "resolved", "priority": "P2", "resolved_at": START}
    derived, results = record_clocks.derive(desk.rules, value, START, to_ms(NOW))
    told = json.loads(results["resolution_result"])
    told.update(target_s=60, breached=True, met=False)
    kept = {**value, "resolution_result": json.dumps(told)}

    again, more = record_clocks.derive(desk.rules, kept, START, to_ms(NOW))

    assert "resolution_result" not in more
    assert again.clock[0] == 60
    assert again.clock[7:9] == (True, False)
    assert derived.clock[7:9] == (False, True)
