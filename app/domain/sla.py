"""Run the two SLA clocks of an incident: when they fall due, what was counted, met or breached.

Source of the rules: domain.md, SLA clocks. The arithmetic is in sla_time (use its `run_clock` for
bulk work), the words are in sla_trace. Nothing here reads a clock: the instant to judge at is an
argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.errors import InvalidInputError
from app.domain.incident import PendingReason, Status
from app.domain.incident_record import ClockState
from app.domain.instants import (
    format_duration,
    from_ms,
    from_ms_or_none,
    iso_or_none,
    parse_duration,
    to_ms,
)
from app.domain.sla_time import (
    WARN_PERCENT,
    Span,
    Stretch,
    counted_between_ms,
    merge_spans,
    reach_ms,
    run_clock,
    until_stop,
)
from app.domain.sla_trace import explain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from app.domain.calendar import Calendar
    from app.domain.incident_record import StatusPeriod

PAUSING_REASONS: Final = frozenset(
    {PendingReason.CALLER, PendingReason.VENDOR, PendingReason.SCHEDULED}
)
"""Which reasons for waiting stop the resolution clock, by default (domain.md)."""

_DONE: Final = (Status.RESOLVED, Status.CLOSED, Status.CANCELLED)


class EarlierTarget(NamedTuple):
    """A target that was in force before a change of priority, until that change."""

    until_at: datetime
    target_s: int | None
    calendar: Calendar


class Stop(NamedTuple):
    """Where a resolution clock stands still; `verdict` is False for a cancelled incident."""

    at_ms: int
    verdict: bool


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """The answer of the `due` command (cli.md); counted and paused are open time of the calendar.

    Without a stop `met` and `overrun_s` are None and the sums are those at the due time. The
    overrun is elapsed time from due to stop, 0 when met.
    """

    due_at: datetime | None
    warn_at: datetime | None
    counted_s: int
    paused_s: int
    trace: tuple[str, ...]
    calendar: Calendar
    met: bool | None = None
    overrun_s: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the document of cli.md, instants with the calendar's offset."""
        zone = self.calendar.zone_info
        answer: dict[str, Any] = {
            "due_at": iso_or_none(self.due_at, zone),
            "warn_at": iso_or_none(self.warn_at, zone),
            "counted_s": self.counted_s,
            "paused_s": self.paused_s,
            "trace": list(self.trace),
        }
        if self.met is not None:
            answer |= {"met": self.met, "overrun_s": self.overrun_s}
        return answer


def target_seconds(target: str, calendar: Calendar) -> int:
    """Return a target as seconds; days are working days of the calendar (their mean)."""
    return parse_duration(target, calendar.working_day_s, field="target")


def target_sentence(target: str, calendar: Calendar) -> str:
    """Say what a target typed in days comes to: "2d = 16 h (a working day of L is 8 h)"."""
    length = format_duration(target_seconds(target, calendar))
    if "d" not in target.lower():
        return length
    day = format_duration(calendar.working_day_s)
    return f"{target} = {length} (a working day of {calendar.name} is {day})"


def response_clock(
    target_s: int | None,
    calendar: Calendar,
    registered_at: datetime,
    stopped_at: datetime | None,
    at: datetime,
    *,
    cancelled_at: datetime | None = None,
    earlier: Sequence[EarlierTarget] = (),
    warn_percent: int = WARN_PERCENT,
    trace: bool = True,
    target_text: str = "",
) -> ClockState:
    """Return the response clock: it runs to the first acknowledgement or answer and never pauses.

    Args:
        target_s: open seconds that the answer may take, or None without a target.
        calendar: the hours in which it counts.
        registered_at: when it starts.
        stopped_at: when somebody first acknowledged or answered, if anybody did.
        at: the instant to judge at.
        cancelled_at: when the incident was cancelled unanswered; then there is no verdict.
        earlier: targets in force before changes of priority, oldest first.
        warn_percent: share of the target at which to warn.
        trace: whether to explain in words; leave it out for lists.
        target_text: the target as the trace should word it (`target_sentence`).
    """
    stop = None
    if stopped_at is not None:
        stop = Stop(to_ms(stopped_at), verdict=True)
    elif cancelled_at is not None:
        stop = Stop(to_ms(cancelled_at), verdict=False)
    case = _Case(
        target_s=target_s,
        target_text=target_text,
        calendar=calendar,
        start_ms=to_ms(registered_at),
        at_ms=to_ms(at),
        stop=stop,
        stretches=(),
        earlier=earlier,
        warn_percent=warn_percent,
    )
    return _state(case, trace)


def resolution_clock(
    target_s: int | None,
    calendar: Calendar,
    registered_at: datetime,
    periods: Sequence[StatusPeriod],
    at: datetime,
    *,
    stopped_at: datetime | None = None,
    cancelled_at: datetime | None = None,
    pausing: Collection[PendingReason] = PAUSING_REASONS,
    earlier: Sequence[EarlierTarget] = (),
    warn_percent: int = WARN_PERCENT,
    trace: bool = True,
    target_text: str = "",
) -> ClockState:
    """Return the resolution clock as it stood at `at`.

    It pauses in Pending for the reasons that pause, stands still between resolved and reopened, and
    stops at resolved: the start of the finished period that lasts at `at`, unless `stopped_at` is
    given (an import without a history). A change of priority restarts nothing.

    Args:
        target_s: open seconds that the resolution may take, or None without a target.
        calendar: the hours in which it counts.
        registered_at: when it starts.
        periods: the statuses that the incident went through, in order.
        at: the instant to judge at; what came later is left out of account.
        stopped_at: when it was last resolved, if the periods do not tell.
        cancelled_at: when it was cancelled, if the periods do not tell; then there is no verdict.
        pausing: the reasons for waiting that pause.
        earlier: targets in force before changes of priority, oldest first.
        warn_percent: share of the target at which to warn.
        trace: whether to explain in words; leave it out for lists.
        target_text: the target as the trace should word it (`target_sentence`).
    """
    at_ms = to_ms(at)
    if stopped_at is not None:
        stop: Stop | None = Stop(to_ms(stopped_at), verdict=True)
    elif cancelled_at is not None:
        stop = Stop(to_ms(cancelled_at), verdict=False)
    else:
        stop = _stop_of(periods, at_ms)
    case = _Case(
        target_s=target_s,
        target_text=target_text,
        calendar=calendar,
        start_ms=to_ms(registered_at),
        at_ms=at_ms,
        stop=stop,
        stretches=_stretches(periods, pausing, stop, at_ms),
        earlier=earlier,
        warn_percent=warn_percent,
    )
    return _state(case, trace)


def due(
    start_at: datetime,
    target: str,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
    *,
    stop_at: datetime | None = None,
    warn_percent: int = WARN_PERCENT,
) -> DueAnswer:
    """Do the SLA arithmetic by itself (cli.md: `due`), pauses counted as their union.

    With a stop the sums are those at the stop; pauses after it are left out. Raises
    InvalidInputError for a target that is no duration and a pause that ends before it starts.
    """
    target_s = target_seconds(target, calendar)
    start_ms, target_ms = to_ms(start_at), target_s * 1000
    stop_ms = None if stop_at is None else to_ms(stop_at)
    stretches = []
    for from_at, to_at in pauses:
        if to_at is not None and to_at < from_at:
            raise InvalidInputError(
                f"The pause from {from_at.isoformat()} ends before it starts; turn it round.",
                field="pause",
            )
        stretches.append(Stretch(to_ms(from_at), None if to_at is None else to_ms(to_at)))
    if stop_ms is not None:
        stretches = until_stop(stretches, stop_ms)
    spans = merge_spans((one.from_ms, one.to_ms) for one in stretches)
    run = run_clock(calendar, start_ms, target_ms, start_ms, spans, warn_percent)
    if stop_ms is not None:
        end_ms = stop_ms
    elif run.due_ms is not None:
        end_ms = run.due_ms
    else:
        end_ms = max(start_ms, spans[-1][0])
    counted_ms = counted_between_ms(calendar, start_ms, end_ms, spans)
    open_ms = calendar.open_between_ms(start_ms, end_ms)
    met = overrun_s = None
    if stop_ms is not None:
        met = run.due_ms is None or stop_ms <= run.due_ms
        overrun_s = 0 if met or run.due_ms is None else (stop_ms - run.due_ms) // 1000
    return DueAnswer(
        due_at=from_ms_or_none(run.due_ms),
        warn_at=from_ms_or_none(run.warn_ms),
        counted_s=counted_ms // 1000,
        paused_s=(open_ms - counted_ms) // 1000,
        trace=tuple(
            explain(
                calendar,
                start_ms,
                target_s,
                run.due_ms,
                end_ms,
                stretches,
                stop_ms,
                target_text=target_sentence(target, calendar),
            )
        ),
        calendar=calendar,
        met=met,
        overrun_s=overrun_s,
    )


class _Case(NamedTuple):
    """Everything that one clock is judged by (ms)."""

    target_s: int | None
    target_text: str
    calendar: Calendar
    start_ms: int
    at_ms: int
    stop: Stop | None
    stretches: Sequence[Stretch]
    earlier: Sequence[EarlierTarget]
    warn_percent: int


def _state(case: _Case, trace: bool) -> ClockState:
    """Judge a clock."""
    target_s, calendar, start_ms, stop = case.target_s, case.calendar, case.start_ms, case.stop
    target_ms = None if target_s is None else target_s * 1000
    end_ms = case.at_ms if stop is None else stop.at_ms
    spans = merge_spans((one.from_ms, one.to_ms) for one in case.stretches)
    run = run_clock(calendar, start_ms, target_ms, end_ms, spans, case.warn_percent)
    pauses = merge_spans((one.from_ms, one.to_ms) for one in case.stretches if not one.reopened)
    open_ms = calendar.open_between_ms(start_ms, end_ms)
    paused_ms = open_ms - counted_between_ms(calendar, start_ms, end_ms, pauses)
    counted_s = run.counted_ms // 1000
    judged = stop is not None and stop.verdict and target_s is not None
    retroactive = run.breached and _is_retroactive(case.earlier, start_ms, spans, run.due_ms)
    lines = _trace(case, run.due_ms, end_ms) if trace else ()
    if lines and retroactive:
        lines = (*lines, "breached by a change of priority (retroactive)")
    return ClockState(
        target_s=target_s,
        due_at=from_ms_or_none(run.due_ms),
        warn_at=from_ms_or_none(run.warn_ms),
        counted_s=counted_s,
        paused_s=paused_ms // 1000,
        paused=stop is None and bool(pauses) and pauses[-1][1] is None,
        stopped_at=None if stop is None else from_ms(stop.at_ms),
        met=not run.breached if judged else None,
        breached=run.breached,
        remaining_s=None if target_s is None else target_s - counted_s,
        retroactive=retroactive,
        trace=lines,
    )


def _trace(case: _Case, due_ms: int | None, end_ms: int) -> tuple[str, ...]:
    """Explain a clock in words."""
    stop = case.stop
    lines = explain(
        case.calendar,
        case.start_ms,
        case.target_s,
        due_ms,
        end_ms,
        case.stretches,
        None if stop is None else stop.at_ms,
        now_ms=case.at_ms,
        verdict=stop is None or stop.verdict,
        target_text=case.target_text,
    )
    return tuple(lines)


def _is_retroactive(
    earlier: Sequence[EarlierTarget], start_ms: int, spans: Sequence[Span], due_ms: int | None
) -> bool:
    """Tell whether a change of priority, and not the passing of time, made the breach."""
    since_ms = start_ms
    for target in earlier:
        until_ms = to_ms(target.until_at)
        if target.target_s is not None:
            was_due_ms = reach_ms(target.calendar, start_ms, target.target_s * 1000, spans)
            if was_due_ms is not None and was_due_ms < until_ms:
                return was_due_ms < since_ms
        since_ms = until_ms
    return due_ms is not None and due_ms < since_ms


def _stop_of(periods: Sequence[StatusPeriod], at_ms: int) -> Stop | None:
    """Find where the finished period began that lasts at an instant, if one does."""
    stop: Stop | None = None
    for period in periods:
        entered_ms = to_ms(period.entered_at)
        if entered_ms > at_ms:
            break
        if period.status not in _DONE:
            stop = None
        elif stop is None or period.status is Status.CANCELLED:
            stop = Stop(entered_ms, verdict=period.status is not Status.CANCELLED)
    return stop


def _stretches(
    periods: Sequence[StatusPeriod],
    pausing: Collection[PendingReason],
    stop: Stop | None,
    at_ms: int,
) -> list[Stretch]:
    """List what the resolution clock does not count, as it was known at an instant."""
    found = []
    for period in periods:
        if period.status is Status.PENDING:
            if period.reason not in pausing:
                continue
            label = "" if period.reason is None else period.reason.value
        elif period.status in _DONE:
            label = ""
        else:
            continue
        from_ms = to_ms(period.entered_at)
        to = None if period.left_at is None else to_ms(period.left_at)
        found.append(Stretch(from_ms, to, label, reopened=period.status in _DONE))
    if stop is not None:
        return until_stop(found, stop.at_ms)
    return [
        one._replace(to_ms=None) if one.to_ms is not None and one.to_ms > at_ms else one
        for one in found
        if one.from_ms <= at_ms
    ]
