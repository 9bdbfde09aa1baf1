"""Count SLA time on milliseconds (UTC): the arithmetic under the clocks, fast enough for lists.

Source of the rules: domain.md, SLA clocks. Business time is the union of open windows minus the
union of what does not count; `due` is the earliest instant at which it reaches the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.calendar import Calendar

WARN_PERCENT: Final = 75
"""Share of the target after which a warning is given, by default (domain.md)."""

Span = tuple[int, int | None]
"""[from, to) in milliseconds; None while it lasts."""


class ClockRun(NamedTuple):
    """A clock in plain numbers (ms); `due_ms` is None without a target or while paused."""

    due_ms: int | None
    warn_ms: int | None
    counted_ms: int
    breached: bool


class Stretch(NamedTuple):
    """Time that a clock does not count (ms): a pause, or the gap between resolved and reopened."""

    from_ms: int
    to_ms: int | None
    label: str = ""
    reopened: bool = False


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return the union of stretches of time, apart and in order; empty ones fall out."""
    merged: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if end is not None and end <= start:
            continue
        if merged:
            last_start, last_end = merged[-1]
            if last_end is None:
                break
            if start <= last_end:
                merged[-1] = (last_start, None if end is None else max(last_end, end))
                continue
        merged.append((start, end))
    return merged


def reach_ms(
    calendar: Calendar, start_ms: int, amount_ms: int, spans: Sequence[Span] = ()
) -> int | None:
    """Return the earliest instant at which counted time reaches an amount; None while paused.

    `spans` do not count; they must be apart and in order (`merge_spans`).
    """
    if amount_ms <= 0:
        return start_ms
    at, left = start_ms, amount_ms
    for start, end in spans:
        if end is not None and end <= at:
            continue
        if start > at:
            counted = calendar.open_between_ms(at, start)
            if counted >= left:
                due = calendar.add_open_ms(at, left)
                # Used up at the very moment of pausing: that cannot turn into a breach while it
                # waits, so it has no due time until the clock runs on.
                return None if end is None and due == start else due
            left -= counted
        if end is None:
            return None
        at = end
    return calendar.add_open_ms(at, left)


def counted_between_ms(
    calendar: Calendar, start_ms: int, end_ms: int, spans: Sequence[Span] = ()
) -> int:
    """Return the open time of [start, end) without the spans (apart and in order)."""
    counted = calendar.open_between_ms(start_ms, end_ms)
    for start, end in spans:
        until = end_ms if end is None else min(end, end_ms)
        counted -= calendar.open_between_ms(max(start, start_ms), until)
    return counted


def run_clock(
    calendar: Calendar,
    start_ms: int,
    target_ms: int | None,
    end_ms: int,
    spans: Sequence[Span] = (),
    warn_percent: int = WARN_PERCENT,
) -> ClockRun:
    """Run a clock from its start to `end_ms`: where it stopped, else the instant to judge at.

    Spans do not count and are apart and in order. Breached means that the end lies after due.
    """
    counted = counted_between_ms(calendar, start_ms, end_ms, spans)
    if target_ms is None:
        return ClockRun(None, None, counted, breached=False)
    due = reach_ms(calendar, start_ms, target_ms, spans)
    warn = reach_ms(calendar, start_ms, target_ms * warn_percent // 100, spans)
    return ClockRun(due, warn, counted, breached=due is not None and end_ms > due)


def until_stop(stretches: Iterable[Stretch], stop_ms: int) -> list[Stretch]:
    """Cut stretches off where the clock stopped, so that its due time stays what it was."""
    return [
        one._replace(to_ms=stop_ms if one.to_ms is None else min(one.to_ms, stop_ms))
        for one in stretches
        if one.from_ms < stop_ms
    ]
