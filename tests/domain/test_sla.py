"""The two clocks: every worked example and every rule of domain.md, SLA clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.calendar import Calendar
from app.domain.errors import InvalidInputError
from app.domain.incident import PendingReason, Status
from app.domain.incident_record import ClockState, StatusPeriod
from app.domain.instants import parse_instant, zone_named
from app.domain.sla import (
    PAUSING_REASONS,
    DueAnswer,
    EarlierTarget,
    due,
    resolution_clock,
    response_clock,
    target_seconds,
    target_sentence,
)

LONDON = zone_named("Europe/London")
L = Calendar.from_json(
    {
        "name": "L",
        "zone": "Europe/London",
        "open": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-04-03", "2026-04-06"],
    }
)
ALWAYS = Calendar.around_the_clock()
H, MONDAY = 3600, "2026-03-09"
CALLER, VENDOR, PROBLEM = PendingReason.CALLER, PendingReason.VENDOR, PendingReason.PROBLEM

Move = tuple[str, Status] | tuple[str, Status, PendingReason]


def at(text: str) -> datetime:
    return parse_instant(text if "-" in text else f"{MONDAY} {text}", LONDON)


def answer(start: str, target: str, *pauses: tuple[str, str], stop: str = "") -> DueAnswer:
    return due(
        at(start),
        target,
        L,
        [(at(from_), at(to) if to else None) for from_, to in pauses],
        stop_at=at(stop) if stop else None,
    )


def history(*moves: Move) -> list[StatusPeriod]:
    """Turn (entered, status, reason) into periods; the last one lasts."""
    instants = [at(move[0]) for move in moves]
    return [
        StatusPeriod(
            status=move[1],
            reason=move[2] if len(move) > 2 else None,
            entered_at=entered,
            left_at=left,
        )
        for move, entered, left in zip(moves, instants, [*instants[1:], None], strict=True)
    ]


def clock(target_s: int | None, periods: list[StatusPeriod], now: str, **more: Any) -> ClockState:
    more.setdefault("calendar", L)
    return resolution_clock(
        target_s, registered_at=periods[0].entered_at, periods=periods, at=at(now), **more
    )


@pytest.mark.parametrize(
    ("start", "target", "due_at", "warn_at"),
    [
        ("2026-03-06 16:00", "8h", "2026-03-09 16:00", "2026-03-09 14:00"),
        ("2026-03-09 09:00", "8h", "2026-03-09 17:00", "2026-03-09 15:00"),
        ("2026-03-09 17:00", "1h", "2026-03-10 10:00", "2026-03-10 09:45"),
        ("2026-03-27 16:00", "2h", "2026-03-30 10:00", "2026-03-30 09:30"),
        ("2026-04-02 16:00", "2h", "2026-04-07 10:00", "2026-04-07 09:30"),
        ("2026-03-07 12:00", "90m", "2026-03-09 10:30", "2026-03-09 10:07:30"),
        ("2026-03-06 16:00", "2d", "2026-03-10 16:00", "2026-03-10 12:00"),
    ],
)
def test_the_worked_examples_without_pauses(
    start: str, target: str, due_at: str, warn_at: str
) -> None:
    found = answer(start, target)
    assert found.due_at == at(due_at)
    assert found.warn_at == at(warn_at)
    assert found.counted_s == target_seconds(target, L)
    assert found.paused_s == 0
    assert found.met is None


def test_the_worked_example_over_the_change_of_clocks_is_ten_in_summer_time() -> None:
    assert answer("2026-03-27 16:00", "2h").to_json()["due_at"] == "2026-03-30T10:00:00+01:00"
    assert at("2026-03-30 10:00") == parse_instant("2026-03-30T09:00Z")


def test_the_worked_example_with_two_pauses_that_overlap() -> None:
    found = answer("09:00", "4h", ("10:00", "12:00"), ("11:00", "13:00"))
    assert found.due_at == at("16:00")
    assert found.paused_s == 3 * H
    assert found.counted_s == 4 * H


@pytest.mark.parametrize(
    ("stop", "met", "overrun_s", "counted_s"),
    [
        ("15:59", True, 0, 7 * H - 60),
        ("16:00", True, 0, 7 * H),
        ("16:12", False, 720, 7 * H + 720),
        ("18:00", False, 2 * H, 8 * H),
        ("08:00", True, 0, 0),
    ],
)
def test_met_is_a_stop_at_the_due_time_at_the_latest(
    stop: str, met: bool, overrun_s: int, counted_s: int
) -> None:
    found = answer("09:00", "7h", stop=stop)
    assert (found.met, found.overrun_s, found.counted_s) == (met, overrun_s, counted_s)
    assert found.to_json()["met"] is met
    assert found.to_json()["overrun_s"] == overrun_s


def test_a_target_used_up_at_closing_time_is_due_then_and_breached_in_the_evening() -> None:
    assert answer("09:00", "8h", stop="17:00").met is True
    assert answer("09:00", "8h", stop="17:00:01").met is False
    assert answer("09:00", "8h", ("17:00", "2026-03-10 12:00")).due_at == at("17:00")


def test_a_pause_that_lasts_leaves_no_due_time_unless_it_came_after_it() -> None:
    waiting = answer("09:00", "4h", ("10:00", ""))
    assert waiting.due_at is None
    assert waiting.warn_at is None
    assert waiting.counted_s == H
    assert waiting.to_json()["due_at"] is None
    late = answer("09:00", "4h", ("14:00", ""))
    assert late.due_at == at("13:00")
    warned = answer("09:00", "4h", ("12:30", ""))
    assert warned.due_at is None
    assert warned.warn_at == at("12:00")


def test_pauses_before_the_start_after_the_stop_or_empty_change_nothing() -> None:
    found = answer(
        "09:00", "4h", ("07:00", "08:00"), ("10:00", "10:00"), ("15:00", ""), stop="12:00"
    )
    assert found.due_at == at("13:00")
    assert found.paused_s == 0
    assert found.met is True


def test_a_pause_over_the_start_holds_the_clock_from_the_start() -> None:
    assert answer("09:00", "4h", ("08:00", "11:00")).due_at == at("15:00")


def test_paused_time_is_open_time() -> None:
    found = answer("2026-03-06 15:00", "4h", ("2026-03-06 16:00", "2026-03-09 10:00"))
    assert found.paused_s == 2 * H
    assert found.due_at == at("13:00")


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ends before it starts"):
        answer("09:00", "4h", ("11:00", "10:00"))


def test_a_target_in_days_says_what_it_comes_to() -> None:
    assert target_seconds("2d", L) == 16 * H
    assert target_sentence("2d", L) == "2d = 16 h (a working day of L is 8 h)"
    assert target_sentence("90m", L) == "1 h 30 min"
    assert target_seconds("2d", ALWAYS) == 48 * H


def test_the_response_clock_runs_to_the_first_answer_and_has_a_verdict_then() -> None:
    running = response_clock(H, L, at("09:00"), None, at("09:30"))
    assert (running.due_at, running.met, running.breached) == (at("10:00"), None, False)
    assert (running.counted_s, running.remaining_s) == (H // 2, H // 2)
    met = response_clock(H, L, at("09:00"), at("10:00"), at("15:00"))
    assert (met.met, met.breached, met.stopped_at) == (True, False, at("10:00"))
    late = response_clock(H, L, at("09:00"), at("10:20"), at("15:00"))
    assert (late.met, late.breached, late.remaining_s) == (False, True, -20 * 60)
    silent = response_clock(H, L, at("09:00"), None, at("10:00:01"))
    assert (silent.met, silent.breached) == (None, True)


def test_an_incident_cancelled_unanswered_has_no_verdict_on_its_response() -> None:
    withdrawn = response_clock(H, L, at("09:00"), None, at("15:00"), cancelled_at=at("09:30"))
    assert (withdrawn.met, withdrawn.breached) == (None, False)
    assert (withdrawn.stopped_at, withdrawn.counted_s) == (at("09:30"), H // 2)
    assert withdrawn.trace[-1].endswith("cancelled, not judged")


def test_the_resolution_clock_pauses_for_the_reasons_that_pause() -> None:
    for reason in PendingReason:
        periods = history(
            ("09:00", Status.IN_PROGRESS),
            ("10:00", Status.PENDING, reason),
            ("12:00", Status.IN_PROGRESS),
        )
        state = clock(4 * H, periods, "12:30")
        pauses = reason in {CALLER, VENDOR, PendingReason.SCHEDULED}
        assert (reason in PAUSING_REASONS) is pauses
        assert state.due_at == at("15:00" if pauses else "13:00")
        assert state.paused_s == (2 * H if pauses else 0)
        assert state.counted_s == int(1.5 * H if pauses else 3.5 * H)
        assert not state.paused


def test_which_reasons_pause_is_configurable() -> None:
    periods = history(
        ("09:00", Status.IN_PROGRESS),
        ("10:00", Status.PENDING, PROBLEM),
        ("11:00", Status.PENDING, CALLER),
        ("12:00", Status.IN_PROGRESS),
    )
    assert clock(4 * H, periods, "12:30", pausing={PROBLEM}).due_at == at("14:00")
    assert clock(4 * H, periods, "12:30", pausing=()).due_at == at("13:00")
    assert clock(4 * H, periods, "12:30", pausing=frozenset(PendingReason)).due_at == at("15:00")


def test_while_paused_there_is_no_due_time_and_no_breach() -> None:
    periods = history(("09:00", Status.IN_PROGRESS), ("10:00", Status.PENDING, CALLER))
    state = clock(2 * H, periods, "2026-03-12 15:00")
    assert state.paused
    assert (state.due_at, state.warn_at, state.breached, state.met) == (None, None, False, None)
    assert (state.counted_s, state.remaining_s, state.paused_s) == (H, H, (7 + 8 + 8 + 6) * H)


def test_a_target_used_up_at_the_moment_of_pausing_breaches_only_when_the_clock_runs_on() -> None:
    moves: list[Move] = [("09:00", Status.IN_PROGRESS), ("11:00", Status.PENDING, CALLER)]
    waiting = clock(2 * H, history(*moves), "15:00")
    assert (waiting.due_at, waiting.breached, waiting.remaining_s) == (None, False, 0)
    resumed = clock(2 * H, history(*moves, ("16:00", Status.IN_PROGRESS)), "16:01")
    assert (resumed.due_at, resumed.breached) == (at("11:00"), True)


def test_a_later_pause_never_clears_a_breach() -> None:
    periods = history(("09:00", Status.IN_PROGRESS), ("12:00", Status.PENDING, CALLER))
    state = clock(2 * H, periods, "16:00")
    assert (state.paused, state.breached, state.due_at) == (True, True, at("11:00"))
    assert state.remaining_s == -H


def test_resolving_stops_the_clock_and_closing_later_does_not_matter() -> None:
    periods = history(
        ("09:00", Status.IN_PROGRESS), ("11:00", Status.RESOLVED), ("16:00", Status.CLOSED)
    )
    state = clock(2 * H, periods, "2026-03-20 09:00")
    assert (state.met, state.breached, state.stopped_at) == (True, False, at("11:00"))
    assert (state.due_at, state.counted_s, state.remaining_s) == (at("11:00"), 2 * H, 0)
    assert not clock(2 * H - 1, periods, "2026-03-20 09:00").met


def test_resolving_out_of_pending_keeps_the_due_time_that_it_would_have_had() -> None:
    periods = history(
        ("09:00", Status.IN_PROGRESS), ("10:00", Status.PENDING, CALLER), ("12:00", Status.RESOLVED)
    )
    state = clock(2 * H, periods, "15:00")
    assert (state.met, state.due_at, state.paused_s) == (True, at("13:00"), 2 * H)
    assert not state.paused


def test_the_time_between_resolved_and_reopened_is_not_counted_and_what_was_used_is_kept() -> None:
    moves: list[Move] = [
        ("09:00", Status.IN_PROGRESS),
        ("10:00", Status.RESOLVED),
        ("11:00", Status.CLOSED),
        ("15:00", Status.IN_PROGRESS),
    ]
    state = clock(2 * H, history(*moves), "15:30")
    assert (state.counted_s, state.paused_s, state.due_at) == (int(1.5 * H), 0, at("16:00"))
    again = clock(2 * H, history(*moves, ("16:30", Status.RESOLVED)), "17:00")
    assert (again.met, again.stopped_at, again.counted_s) == (False, at("16:30"), int(2.5 * H))


def test_a_clock_can_be_judged_as_it_stood_at_an_earlier_instant() -> None:
    periods = history(
        ("09:00", Status.IN_PROGRESS),
        ("10:00", Status.PENDING, CALLER),
        ("12:00", Status.IN_PROGRESS),
        ("13:00", Status.RESOLVED),
        ("15:00", Status.IN_PROGRESS),
    )
    assert clock(4 * H, periods, "09:30").due_at == at("13:00")
    assert clock(4 * H, periods, "11:00").paused
    assert clock(4 * H, periods, "12:30").due_at == at("15:00")
    resolved = clock(4 * H, periods, "14:00")
    assert (resolved.met, resolved.stopped_at) == (True, at("13:00"))
    assert clock(4 * H, periods, "16:00").met is None


def test_an_import_without_a_history_says_when_it_was_resolved() -> None:
    state = resolution_clock(2 * H, L, at("09:00"), [], at("16:00"), stopped_at=at("12:00"))
    assert (state.met, state.counted_s) == (False, 3 * H)
    cancelled = resolution_clock(2 * H, L, at("09:00"), [], at("16:00"), cancelled_at=at("12:00"))
    assert (cancelled.met, cancelled.breached, cancelled.counted_s) == (None, True, 3 * H)


def test_a_cancelled_incident_has_no_verdict() -> None:
    periods = history(("09:00", Status.NEW), ("10:00", Status.CANCELLED))
    state = clock(2 * H, periods, "2026-03-20 09:00")
    assert (state.met, state.breached, state.stopped_at) == (None, False, at("10:00"))


def test_without_a_target_the_time_is_counted_and_nothing_is_due() -> None:
    periods = history(("09:00", Status.NEW), ("12:00", Status.RESOLVED))
    state = clock(None, periods, "15:00")
    assert (state.target_s, state.due_at, state.warn_at, state.remaining_s) == (None,) * 4
    assert (state.met, state.breached, state.counted_s) == (None, False, 3 * H)
    assert state.stopped_at == at("12:00")
    assert response_clock(None, L, at("09:00"), at("10:00"), at("12:00")).met is None


def test_a_change_of_priority_counts_the_new_target_from_the_start() -> None:
    periods = history(
        ("09:00", Status.NEW), ("10:00", Status.PENDING, VENDOR), ("11:00", Status.IN_PROGRESS)
    )
    was = EarlierTarget(at("12:00"), 8 * H, L)
    state = clock(4 * H, periods, "12:30", earlier=[was])
    assert (state.due_at, state.breached, state.retroactive) == (at("14:00"), False, False)
    late = clock(4 * H, periods, "14:30", earlier=[was])
    assert (late.breached, late.retroactive) == (True, False)


def test_a_change_of_priority_that_makes_a_breach_is_flagged_retroactive() -> None:
    periods = history(("09:00", Status.NEW))
    was = EarlierTarget(at("14:00"), 8 * H, L)
    state = clock(4 * H, periods, "14:30", earlier=[was])
    assert (state.due_at, state.breached, state.retroactive) == (at("13:00"), True, True)
    none_before = EarlierTarget(at("14:00"), None, L)
    assert clock(4 * H, periods, "14:30", earlier=[none_before]).retroactive


def test_a_breach_that_stood_before_the_change_of_priority_is_not_retroactive() -> None:
    periods = history(("09:00", Status.NEW))
    was = EarlierTarget(at("14:00"), 4 * H, L)
    state = clock(2 * H, periods, "14:30", earlier=[was])
    assert (state.breached, state.retroactive) == (True, False)


def test_a_retroactive_breach_stays_one_through_further_changes() -> None:
    periods = history(("09:00", Status.NEW))
    changes = [EarlierTarget(at("14:00"), 8 * H, L), EarlierTarget(at("15:00"), 4 * H, L)]
    state = clock(2 * H, periods, "15:30", earlier=changes)
    assert (state.breached, state.retroactive) == (True, True)
    lowered = clock(8 * H, periods, "15:30", earlier=changes)
    assert (lowered.breached, lowered.retroactive) == (False, False)


def test_an_earlier_target_counts_on_its_own_calendar() -> None:
    periods = history(("2026-03-06 16:00", Status.NEW))
    by_night = EarlierTarget(at("12:00"), 8 * H, ALWAYS)
    state = clock(2 * H, periods, "12:30", earlier=[by_night])
    assert (state.breached, state.retroactive) == (True, False)


def test_a_stop_before_the_start_counts_nothing_and_is_met() -> None:
    state = response_clock(H, L, at("12:00"), at("11:00"), at("13:00"))
    assert (state.met, state.counted_s, state.remaining_s) == (True, 0, H)


def test_the_share_at_which_to_warn_is_configurable() -> None:
    state = response_clock(2 * H, L, at("09:00"), None, at("09:00"), warn_percent=50)
    assert state.warn_at == at("10:00")


def test_the_fast_path_differs_only_in_the_trace() -> None:
    periods = history(("09:00", Status.IN_PROGRESS), ("10:00", Status.PENDING, CALLER))
    whole = clock(2 * H, periods, "12:00")
    quick = clock(2 * H, periods, "12:00", trace=False)
    assert quick.trace == ()
    assert whole.trace
    assert (quick.due_at, quick.counted_s, quick.paused_s, quick.paused) == (
        whole.due_at,
        whole.counted_s,
        whole.paused_s,
        whole.paused,
    )


def test_the_due_document_has_the_names_of_the_command_line_page() -> None:
    document = answer("09:00", "4h", ("10:00", "12:00")).to_json()
    assert list(document) == ["due_at", "warn_at", "counted_s", "paused_s", "trace"]
    assert document["due_at"] == "2026-03-09T15:00:00+00:00"
    assert isinstance(document["trace"], list)
    with_stop = answer("09:00", "4h", stop="12:00").to_json()
    assert list(with_stop)[-2:] == ["met", "overrun_s"]


def test_an_instant_far_off_does_not_break_a_clock() -> None:
    late = at("09:00") + timedelta(days=365 * 30)
    state = response_clock(H, L, at("09:00"), None, late)
    assert state.breached
