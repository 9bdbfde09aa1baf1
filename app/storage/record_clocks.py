"""What follows from a record: its status periods at creation and its clocks, in plain numbers.

`clocks` tells the same of one incident with rich values and words; every edit, and an import of a
hundred thousand, need it without. Both follow domain.md (SLA clocks), and a test holds them equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.journal_entry import canonical, decoded
from app.domain.sla_time import (
    Span,
    counted_between_ms,
    merge_spans,
    run_clock,
)
from app.storage import status_periods

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.storage.team_rules import ClockTarget, TeamRules

COLUMNS = (
    "target_s", "due_at", "warn_at", "counted_s", "paused_s", "paused", "stopped", "breached",
    "met", "response_target_s", "response_due_at", "response_met", "response_breached",
)  # fmt: skip
"""The columns of a clock, in the order of `Derived.clock`."""

_DONE = frozenset({"resolved", "closed", "cancelled"})
_FINISHED = frozenset({"resolved", "closed"})


class Derived(NamedTuple):
    """What stands beside the fields of a new incident: its periods (JSON) and clock columns."""

    periods: str
    clock: tuple[Any, ...]


class _Clock(NamedTuple):
    """One clock as it stands (ms); `stop_ms` is None while it runs."""

    target: ClockTarget
    due_ms: int | None
    warn_ms: int | None
    counted_s: int
    paused_s: int
    paused: bool
    stop_ms: int | None
    met: bool | None
    breached: bool

    def packed(self) -> str:
        """Return it as the journal keeps a final result; the trace is worked out when read.

        Put together by hand, in the order of canonical JSON: numbers and codes need no escapes.
        """
        calendar = self.target.calendar
        name = canonical(calendar.name)
        return (
            f'{{"breached":{_json(self.breached)},"calendar":{name},'
            f'"calendar_version":"{calendar.version}","counted_s":{self.counted_s},'
            f'"due_at":{_json(self.due_ms)},"met":{_json(self.met)},"paused_s":{self.paused_s},'
            f'"stopped_at":{_json(self.stop_ms)},"target_s":{_json(self.target.seconds)},'
            f'"trace":[],"warn_at":{_json(self.warn_ms)}}}'
        )


def _json(value: int | bool | None) -> str:
    return "null" if value is None else str(value).lower()


def derive(
    rules: TeamRules, value: dict[str, Any], at_ms: int, now_ms: int
) -> tuple[Derived, dict[str, str]]:
    """Return what follows from a packed value, and the clock results that are final by it.

    Results that the value brings along are kept; `results` holds only those that it lacks.
    """
    rows = status_periods.of_create(at_ms, value)
    columns, results = settle(rules, value, value.get("registered_at") or at_ms, rows, now_ms)
    return Derived(status_periods.packed(rows), columns), results


def settle(
    rules: TeamRules, value: Mapping[str, Any], start: int, rows: list[list[Any]], now_ms: int
) -> tuple[tuple[Any, ...], dict[str, str]]:
    """Return the clock columns of an incident, and the clock results that are final by it.

    Args:
        rules: what the team has agreed on.
        value: its status, priority, stops and stored results, as the journal has them.
        start: when it was registered (ms).
        rows: its status periods, as `status_periods` keeps them.
        now_ms: the present.
    """
    status = value.get("status", "new")
    results: dict[str, str] = {}
    stops = [at for at in (value.get("acknowledged_at"), value.get("first_response_at")) if at]
    stored = value.get("response_result")
    if stored:
        one = _response_columns(decoded(stored))
    else:
        clock = _response(rules, value, start, min(stops) if stops else None, now_ms)
        one = (clock.target.seconds, clock.due_ms or 0, clock.met, clock.breached)
        if stops or status == "cancelled":
            results["response_result"] = clock.packed()
    # Only of a finished one: another station may have gone on with the incident.
    stored = value.get("resolution_result") if status in _DONE else None
    if stored:
        two = _resolution_columns(decoded(stored))
    else:
        clock = _resolution(rules, value, start, status, rows, now_ms)
        two = (
            clock.target.seconds, clock.due_ms or 0, clock.warn_ms or 0, clock.counted_s,
            clock.paused_s, clock.paused, clock.stop_ms is not None, clock.breached, clock.met,
        )  # fmt: skip
        if status in _DONE:
            results["resolution_result"] = clock.packed()
    return (*two, *one), results


def _response_columns(told: dict[str, Any]) -> tuple[Any, ...]:
    return (told["target_s"], told["due_at"] or 0, told["met"], told["breached"])


def _resolution_columns(told: dict[str, Any]) -> tuple[Any, ...]:
    return (
        told["target_s"], told["due_at"] or 0, told["warn_at"] or 0, told["counted_s"],
        told["paused_s"], False, told["stopped_at"] is not None, told["breached"], told["met"],
    )  # fmt: skip


def _response(
    rules: TeamRules, value: Mapping[str, Any], start: int, stop: int | None, now_ms: int
) -> _Clock:
    target = rules.target(value["priority"], "response")
    verdict = stop is not None
    if stop is None:
        stop = value.get("cancelled_at")
    return _run(target, start, stop, verdict, (), (), now_ms, rules.warn_percent)


def _resolution(
    rules: TeamRules,
    value: Mapping[str, Any],
    start: int,
    status: str,
    rows: list[list[Any]],
    now_ms: int,
) -> _Clock:
    target = rules.target(value["priority"], "resolution")
    stop, verdict = _stop_of(rows, now_ms)
    if (
        status in _FINISHED
        and value.get("resolved_at")
        and not any(row[0] in _FINISHED for row in rows)
    ):
        stop, verdict = value["resolved_at"], True
    pauses, gaps = _stretches(rows, rules.pausing, stop, now_ms)
    merged = merge_spans(pauses) if pauses else ()
    spans = merge_spans([*pauses, *gaps]) if gaps else merged
    return _run(target, start, stop, verdict, spans, merged, now_ms, rules.warn_percent)


def _run(
    target: ClockTarget,
    start: int,
    stop: int | None,
    verdict: bool,
    spans: Sequence[Span],
    pauses: Sequence[Span],
    now_ms: int,
    warn_percent: int,
) -> _Clock:
    calendar, seconds = target.calendar, target.seconds
    end = now_ms if stop is None else stop
    run = run_clock(
        calendar, start, None if seconds is None else seconds * 1000, end, spans, warn_percent
    )
    paused_ms = 0
    if pauses:
        paused_ms = calendar.open_between_ms(start, end)
        paused_ms -= counted_between_ms(calendar, start, end, pauses)
    judged = stop is not None and verdict and seconds is not None
    return _Clock(
        target,
        run.due_ms,
        run.warn_ms,
        run.counted_ms // 1000,
        paused_ms // 1000,
        stop is None and bool(pauses) and pauses[-1][1] is None,
        stop,
        not run.breached if judged else None,
        run.breached,
    )


def _stop_of(rows: list[list[Any]], now_ms: int) -> tuple[int | None, bool]:
    """Find where the finished period began that lasts now; False for a cancelled one."""
    stop: int | None = None
    verdict = False
    for status, _, entered in rows:
        if entered > now_ms:
            break
        if status not in _DONE:
            stop = None
        elif stop is None or status == "cancelled":
            stop, verdict = entered, status != "cancelled"
    return stop, verdict


def _stretches(
    rows: list[list[Any]], pausing: Collection[str], stop: int | None, now_ms: int
) -> tuple[list[Span], list[Span]]:
    """Return the pauses and the gaps between resolved and reopened, as known now."""
    pauses: list[Span] = []
    gaps: list[Span] = []
    count = len(rows)
    for index, (status, reason, entered) in enumerate(rows):
        if status == "pending":
            if reason not in pausing:
                continue
        elif status not in _DONE:
            continue
        left = rows[index + 1][2] if index + 1 < count else None
        if stop is not None:
            if entered >= stop:
                continue
            left = stop if left is None else min(left, stop)
        else:
            if entered > now_ms:
                continue
            if left is not None and left > now_ms:
                left = None
        (pauses if status == "pending" else gaps).append((entered, left))
    return pauses, gaps
