"""The SLA trace: every due time explains itself in plain words, zone included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import Calendar
from app.domain.incident import PendingReason, Status
from app.domain.incident_record import StatusPeriod
from app.domain.instants import parse_instant, to_ms, zone_named
from app.domain.sla import due, resolution_clock, response_clock
from app.domain.sla_time import Stretch
from app.domain.sla_trace import explain

if TYPE_CHECKING:
    from datetime import datetime

LONDON = zone_named("Europe/London")
L = Calendar.from_json(
    {
        "name": "L",
        "zone": "Europe/London",
        "open": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-04-03", "2026-04-06"],
    }
)
H = 3600


def at(text: str) -> datetime:
    return parse_instant(text if "-" in text else f"2026-03-09 {text}", LONDON)


def test_the_trace_names_what_was_counted_paused_and_skipped() -> None:
    found = due(
        at("2026-04-02 15:00"),
        "2d",
        L,
        [(at("2026-04-07 10:00"), at("2026-04-07 12:00")),
         (at("2026-04-07 11:00"), at("2026-04-07 13:00"))],
    )  # fmt: skip
    assert found.trace == (
        "target 2d = 16 h (a working day of L is 8 h), counted in the open hours of L "
        "(Europe/London) from Thu 2026-04-02 15:00 BST",
        "counted 2 h Thu 2026-04-02 15:00-17:00 BST",
        "holiday Fri 2026-04-03 skipped",
        "holiday Mon 2026-04-06 skipped",
        "counted 1 h Tue 2026-04-07 09:00-10:00 BST",
        "paused 3 h Tue 2026-04-07 10:00-13:00 BST",
        "counted 4 h Tue 2026-04-07 13:00-17:00 BST",
        "counted 8 h Wed 2026-04-08 09:00-17:00 BST",
        "counted 1 h Thu 2026-04-09 09:00-10:00 BST",
        "due Thu 2026-04-09 10:00 BST",
    )


def test_the_trace_shows_both_zones_over_a_change_of_clocks() -> None:
    assert due(at("2026-03-27 16:00"), "2h", L).trace[1:] == (
        "counted 1 h Fri 2026-03-27 16:00-17:00 GMT",
        "counted 1 h Mon 2026-03-30 09:00-10:00 BST",
        "due Mon 2026-03-30 10:00 BST",
    )


def test_a_long_way_is_told_in_one_line_until_something_interrupts_it() -> None:
    found = due(
        at("2026-03-02 09:00"), "12d", L, [(at("2026-03-13 16:00"), at("2026-03-16 10:00"))]
    )
    assert found.trace[1:] == (
        "counted 79 h in 10 open windows, Mon 2026-03-02 09:00 GMT to Fri 2026-03-13 16:00 GMT",
        "paused 2 h of open time Fri 2026-03-13 16:00 GMT to Mon 2026-03-16 10:00 GMT",
        "counted 7 h Mon 2026-03-16 10:00-17:00 GMT",
        "counted 8 h Tue 2026-03-17 09:00-17:00 GMT",
        "counted 2 h Wed 2026-03-18 09:00-11:00 GMT",
        "due Wed 2026-03-18 11:00 GMT",
    )


def test_a_stop_is_judged_in_the_last_line() -> None:
    assert due(at("09:00"), "4h", L, stop_at=at("11:47")).trace[-1] == (
        "stopped Mon 2026-03-09 11:47 GMT: met, 1 h 13 min in hand"
    )
    assert due(at("09:00"), "4h", L, stop_at=at("13:12")).trace[-1] == (
        "stopped Mon 2026-03-09 13:12 GMT: breached, 12 min after the due time"
    )
    assert due(at("09:00"), "8h", L, stop_at=at("2026-03-10 09:30")).trace[-1] == (
        "stopped Tue 2026-03-10 09:30 GMT: breached, 16 h 30 min after the due time "
        "(30 min of it counted)"
    )


def periods(*moves: tuple[str, Status, PendingReason | None]) -> list[StatusPeriod]:
    ends = [at(move[0]) for move in moves[1:]]
    return [
        StatusPeriod(status, reason, at(entered), left)
        for (entered, status, reason), left in zip(moves, [*ends, None], strict=True)
    ]


def test_what_lies_ahead_is_not_worded_as_counted() -> None:
    state = response_clock(4 * H, L, at("15:00"), None, at("16:00"), target_text="half a day")
    assert state.trace == (
        "target half a day, counted in the open hours of L (Europe/London) "
        "from Mon 2026-03-09 15:00 GMT",
        "counted 1 h Mon 2026-03-09 15:00-16:00 GMT",
        "to count 1 h Mon 2026-03-09 16:00-17:00 GMT",
        "to count 2 h Tue 2026-03-10 09:00-11:00 GMT",
        "due Tue 2026-03-10 11:00 GMT",
    )


def test_pauses_name_their_reason_and_reopened_gaps_say_what_they_are() -> None:
    history = periods(
        ("09:00", Status.IN_PROGRESS, None),
        ("10:00", Status.PENDING, PendingReason.VENDOR),
        ("11:00", Status.PENDING, PendingReason.CALLER),
        ("11:30", Status.IN_PROGRESS, None),
        ("12:00", Status.RESOLVED, None),
        ("14:00", Status.IN_PROGRESS, None),
    )
    state = resolution_clock(4 * H, L, at("09:00"), history, at("17:00"))
    assert state.trace[1:] == (
        "counted 1 h Mon 2026-03-09 09:00-10:00 GMT",
        "paused 1 h Mon 2026-03-09 10:00-11:00 GMT (vendor)",
        "paused 30 min Mon 2026-03-09 11:00-11:30 GMT (caller)",
        "counted 30 min Mon 2026-03-09 11:30-12:00 GMT",
        "not counted 2 h Mon 2026-03-09 12:00-14:00 GMT (resolved, then reopened)",
        "counted 2 h 30 min Mon 2026-03-09 14:00-16:30 GMT",
        "due Mon 2026-03-09 16:30 GMT",
        "breached, 30 min after the due time",
    )


def test_a_clock_that_waits_says_since_when_and_for_whom() -> None:
    history = periods(
        ("09:00", Status.IN_PROGRESS, None), ("10:00", Status.PENDING, PendingReason.CALLER)
    )
    state = resolution_clock(4 * H, L, at("09:00"), history, at("12:00"))
    assert state.trace[1:] == (
        "counted 1 h Mon 2026-03-09 09:00-10:00 GMT",
        "paused since Mon 2026-03-09 10:00 GMT (caller), 2 h so far: "
        "no due time until the clock runs on",
    )


def test_a_pause_after_the_breach_does_not_hide_it() -> None:
    history = periods(
        ("09:00", Status.IN_PROGRESS, None), ("12:00", Status.PENDING, PendingReason.CALLER)
    )
    state = resolution_clock(2 * H, L, at("09:00"), history, at("13:00"))
    assert state.trace[-2:] == (
        "due Mon 2026-03-09 11:00 GMT",
        "breached, 2 h after the due time (1 h of it counted)",
    )


def test_a_clock_around_the_clock_is_one_stretch() -> None:
    always = Calendar.around_the_clock("24x7", "Europe/London")
    assert due(at("2026-03-28 12:00"), "1d", always).trace == (
        "target 1d = 24 h (a working day of 24x7 is 24 h), counted around the clock "
        "(Europe/London) from Sat 2026-03-28 12:00 GMT",
        "counted 24 h Sat 2026-03-28 12:00 GMT to Sun 2026-03-29 13:00 BST",
        "due Sun 2026-03-29 13:00 BST",
    )


def test_without_a_target_the_trace_only_tells_what_was_counted() -> None:
    state = response_clock(None, L, at("09:00"), at("10:00"), at("12:00"))
    assert state.trace == (
        "no target, counted in the open hours of L (Europe/London) from Mon 2026-03-09 09:00 GMT",
        "counted 1 h Mon 2026-03-09 09:00-10:00 GMT",
        "stopped Mon 2026-03-09 10:00 GMT",
    )


def explained(*stretches: Stretch, due_at: str = "", now: str = "", stop: str = "") -> list[str]:
    """Explain four hours from Monday 09:00."""
    ends = [ms(text) for text in (stop, due_at, now) if text]
    return explain(
        L,
        ms("09:00"),
        4 * H,
        ms(due_at) if due_at else None,
        ends[0],
        stretches,
        ms(stop) if stop else None,
        now_ms=ms(now) if now else None,
    )


def ms(text: str) -> int:
    return to_ms(at(text))


def held(from_: str, to: str, label: str = "", *, reopened: bool = False) -> Stretch:
    return Stretch(ms(from_), ms(to) if to else None, label, reopened)


def test_pauses_that_overlap_are_one_line_with_each_reason_once_in_any_order() -> None:
    nested = [held("10:00", "14:00", "caller"), held("11:00", "12:00", "vendor")]
    crossed = [held("11:00", "14:00", "vendor"), held("10:00", "12:00", "caller")]
    again = [held("10:00", "12:00", "caller"), held("11:00", "14:00", "vendor"),
             held("13:00", "13:30", "caller")]  # fmt: skip
    for stretches in (nested, crossed, again):
        for ordered in (stretches, stretches[::-1]):
            assert explained(*ordered, due_at="17:00")[1:] == [
                "counted 1 h Mon 2026-03-09 09:00-10:00 GMT",
                "paused 4 h Mon 2026-03-09 10:00-14:00 GMT (caller, vendor)",
                "counted 3 h Mon 2026-03-09 14:00-17:00 GMT",
                "due Mon 2026-03-09 17:00 GMT",
            ]


def test_a_pause_that_lasts_takes_in_those_that_overlap_it() -> None:
    waits = "paused since Mon 2026-03-09 10:00 GMT (caller, vendor), 4 h so far: "
    for stretches in (
        [held("10:00", "", "caller"), held("11:00", "12:00", "vendor")],
        [held("10:00", "12:00", "caller"), held("11:00", "", "vendor")],
    ):
        lines = explained(*stretches, now="14:00")
        assert lines[1:] == [
            "counted 1 h Mon 2026-03-09 09:00-10:00 GMT",
            f"{waits}no due time until the clock runs on",
        ]


def test_a_wait_that_held_nothing_yet_and_has_no_name_says_neither() -> None:
    assert explained(held("10:00", ""), now="10:00")[-1] == (
        "paused since Mon 2026-03-09 10:00 GMT: no due time until the clock runs on"
    )


def test_a_pause_before_the_start_or_of_no_length_has_no_line() -> None:
    lines = explained(held("07:00", "09:00"), held("10:00", "10:00"), due_at="13:00")
    assert not any("paused" in line for line in lines)
    assert sum("counted 4 h" in line for line in lines) == 1


def test_at_the_due_time_itself_nothing_is_breached() -> None:
    assert explained(due_at="13:00", now="13:00")[-1] == "due Mon 2026-03-09 13:00 GMT"
    assert explained(due_at="13:00", now="13:01")[-1] == "breached, 1 min after the due time"
    assert explained(due_at="13:00", stop="13:00")[-1] == (
        "stopped Mon 2026-03-09 13:00 GMT: met, 0 min in hand"
    )


def test_a_cancelled_clock_is_not_judged() -> None:
    state = response_clock(4 * H, L, at("09:00"), None, at("15:00"), cancelled_at=at("10:00"))
    assert state.trace[-1] == "stopped Mon 2026-03-09 10:00 GMT: cancelled, not judged"
    assert not any("met" in line or "to count" in line for line in state.trace)


def test_five_windows_in_a_row_get_a_line_each_and_six_share_one() -> None:
    assert len(due(at("2026-03-02 09:00"), "5d", L).trace) == 1 + 5 + 1
    assert due(at("2026-03-02 09:00"), "6d", L).trace[1] == (
        "counted 48 h in 6 open windows, Mon 2026-03-02 09:00 GMT to Mon 2026-03-09 17:00 GMT"
    )


def test_what_was_counted_and_what_is_to_come_never_share_a_line() -> None:
    state = response_clock(96 * H, L, at("2026-03-02 09:00"), None, at("2026-03-10 09:00"))
    assert state.trace[1:3] == (
        "counted 48 h in 6 open windows, Mon 2026-03-02 09:00 GMT to Mon 2026-03-09 17:00 GMT",
        "to count 48 h in 6 open windows, Tue 2026-03-10 09:00 GMT to Tue 2026-03-17 17:00 GMT",
    )
