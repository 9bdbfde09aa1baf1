"""Explain a due time in plain words: what was counted, what paused, which holiday was skipped.

Source of the rule: domain.md, "every due time can explain itself". The words are English, like the
rest of the domain; every line that gives a time names its zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.instants import (
    format_duration,
    format_elapsed,
    from_ms,
    show_date,
    show_local,
    show_span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.calendar import Calendar
    from app.domain.sla_time import Stretch

_LONGEST_RUN: Final = 5
"""Open windows in a row that get a line each; longer runs share one."""


class _Part(NamedTuple):
    """A piece of the way to the due time, in order of its start."""

    from_ms: int
    to_ms: int
    kind: str
    text: str = ""


def explain(
    calendar: Calendar,
    start_ms: int,
    target_s: int | None,
    due_ms: int | None,
    end_ms: int,
    stretches: Sequence[Stretch],
    stop_ms: int | None = None,
    *,
    now_ms: int | None = None,
    verdict: bool = True,
    target_text: str = "",
) -> list[str]:
    """Return the lines that lead from the start to the due time, or to the end without one.

    With `now_ms` a time still to come is worded as such. `verdict` is False for a clock that was
    withdrawn (a cancelled incident).
    """
    until_ms = max(start_ms, end_ms if due_ms is None else due_ms)
    lines = [_opening(calendar, start_ms, target_s, target_text)]
    counted = _counted(calendar, start_ms, until_ms, stretches)
    if now_ms is not None and stop_ms is None:
        counted = _split(counted, now_ms)
    parts = [
        *counted,
        *_held(calendar, start_ms, until_ms, stretches),
        *(
            _Part(at_ms, at_ms, "holiday", f"holiday {show_date(day)} skipped")
            for at_ms, day in calendar.holidays_between_ms(start_ms, until_ms)
        ),
    ]
    parts.sort(key=lambda part: (part.from_ms, part.kind == "counted"))
    lines.extend(_worded(calendar, parts, now_ms if stop_ms is None else None))
    lines.extend(
        _closing(calendar, start_ms, target_s, due_ms, stretches, stop_ms, now_ms, verdict)
    )
    return lines


def _opening(calendar: Calendar, start_ms: int, target_s: int | None, text: str) -> str:
    """Say what is counted, on which calendar, from when."""
    start = show_local(from_ms(start_ms), calendar.zone_info)
    what = "no target" if target_s is None else f"target {text or format_duration(target_s)}"
    hours = "around the clock" if calendar.always else f"in the open hours of {calendar.name}"
    return f"{what}, counted {hours} ({calendar.zone}) from {start}"


def _counted(
    calendar: Calendar, start_ms: int, until_ms: int, stretches: Sequence[Stretch]
) -> list[_Part]:
    """List the open windows without what is not counted."""
    held = sorted((one.from_ms, until_ms if one.to_ms is None else one.to_ms) for one in stretches)
    parts = []
    for opens, closes in calendar.open_windows_ms(start_ms, until_ms):
        at = opens
        for from_, to in held:
            if to <= max(at, from_) or from_ >= closes:
                continue
            if from_ > at:
                parts.append(_Part(at, from_, "counted"))
            at = max(at, to)
        if at < closes:
            parts.append(_Part(at, closes, "counted"))
    return parts


def _split(parts: Sequence[_Part], now_ms: int) -> list[_Part]:
    """Tell apart what was counted and what is still to come."""
    split = []
    for part in parts:
        if part.from_ms < now_ms < part.to_ms:
            split += [part._replace(to_ms=now_ms), part._replace(from_ms=now_ms)]
        else:
            split.append(part)
    return split


def _held(
    calendar: Calendar, start_ms: int, until_ms: int, stretches: Sequence[Stretch]
) -> list[_Part]:
    """List pauses and reopened gaps, those that overlap joined, with the open time they held."""
    parts: list[_Part] = []
    for joined in _joined(stretches):
        if joined.to_ms is None:
            continue
        from_, to = max(joined.from_ms, start_ms), min(joined.to_ms, until_ms)
        if from_ >= to:
            continue
        open_s = calendar.open_between_ms(from_, to) // 1000
        amount = format_duration(open_s)
        if open_s < (to - from_) // 1000:
            amount += " of open time"
        when = show_span(from_ms(from_), from_ms(to), calendar.zone_info)
        if joined.reopened:
            text = f"not counted {amount} {when} (resolved, then reopened)"
        else:
            text = f"paused {amount} {when}" + (f" ({joined.label})" if joined.label else "")
        parts.append(_Part(from_, to, "held", text))
    return parts


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Join stretches that overlap; one that only follows another keeps its own line."""
    joined: list[Stretch] = []
    for one in sorted(stretches, key=lambda stretch: stretch.from_ms):
        last = joined[-1] if joined else None
        if last is None or (last.to_ms is not None and one.from_ms >= last.to_ms):
            joined.append(one)
            continue
        labels = dict.fromkeys(filter(None, (*last.label.split(", "), one.label)))
        end = None
        if last.to_ms is not None and one.to_ms is not None:
            end = max(last.to_ms, one.to_ms)
        joined[-1] = last._replace(to_ms=end, label=", ".join(labels))
    return joined


def _worded(calendar: Calendar, parts: Sequence[_Part], now_ms: int | None) -> list[str]:
    """Word the parts in order; a long run of whole windows becomes one line."""
    lines: list[str] = []
    run: list[_Part] = []

    def flush() -> None:
        if len(run) > _LONGEST_RUN:
            total = format_duration(sum(part.to_ms - part.from_ms for part in run) // 1000)
            when = show_span(from_ms(run[0].from_ms), from_ms(run[-1].to_ms), calendar.zone_info)
            lines.append(f"{_verb(run[0], now_ms)} {total} in {len(run)} open windows, {when}")
        else:
            for part in run:
                amount = format_duration((part.to_ms - part.from_ms) // 1000)
                when = show_span(from_ms(part.from_ms), from_ms(part.to_ms), calendar.zone_info)
                lines.append(f"{_verb(part, now_ms)} {amount} {when}")
        run.clear()

    for part in parts:
        if part.kind != "counted":
            flush()
            lines.append(part.text)
            continue
        if run and _verb(run[0], now_ms) != _verb(part, now_ms):
            flush()
        run.append(part)
    flush()
    return lines


def _verb(part: _Part, now_ms: int | None) -> str:
    """Say "counted", or "to count" for what lies ahead."""
    return "to count" if now_ms is not None and part.from_ms >= now_ms else "counted"


def _closing(
    calendar: Calendar,
    start_ms: int,
    target_s: int | None,
    due_ms: int | None,
    stretches: Sequence[Stretch],
    stop_ms: int | None,
    now_ms: int | None,
    verdict: bool,
) -> list[str]:
    """Say when it is due, whether it waits, where it stopped and how that is judged."""
    zone = calendar.zone_info
    lines = []
    if due_ms is not None:
        lines.append(f"due {show_local(from_ms(due_ms), zone)}")
    lasting = next((one for one in _joined(stretches) if one.to_ms is None), None)
    if stop_ms is None and lasting is not None and due_ms is None and target_s is not None:
        from_ = max(lasting.from_ms, start_ms)
        why = f" ({lasting.label})" if lasting.label else ""
        held = calendar.open_between_ms(from_, now_ms or from_) // 1000
        so_far = f", {format_duration(held)} so far" if held else ""
        since = show_local(from_ms(from_), zone)
        lines.append(f"paused since {since}{why}{so_far}: no due time until the clock runs on")
    if stop_ms is not None:
        stopped = f"stopped {show_local(from_ms(stop_ms), zone)}"
        if not verdict:
            lines.append(f"{stopped}: cancelled, not judged")
        elif target_s is None:
            lines.append(stopped)
        elif due_ms is None or stop_ms <= due_ms:
            left = 0 if due_ms is None else _left_s(calendar, stop_ms, due_ms, stretches)
            lines.append(f"{stopped}: met, {format_duration(left)} in hand")
        else:
            lines.append(f"{stopped}: {_over(calendar, due_ms, stop_ms, stretches)}")
    elif now_ms is not None and due_ms is not None and now_ms > due_ms:
        lines.append(_over(calendar, due_ms, now_ms, stretches))
    return lines


def _over(calendar: Calendar, due_ms: int, end_ms: int, stretches: Sequence[Stretch]) -> str:
    """Word a breach: the time since due, and what of it the calendar counts if that differs."""
    elapsed = (end_ms - due_ms) // 1000
    counted = _left_s(calendar, due_ms, end_ms, stretches)
    words = f"breached, {format_elapsed(elapsed)} after the due time"
    return words if counted == elapsed else f"{words} ({format_duration(counted)} of it counted)"


def _left_s(calendar: Calendar, from_: int, to: int, stretches: Sequence[Stretch]) -> int:
    """Return the counted seconds between two instants."""
    parts = _counted(calendar, from_, to, stretches)
    return sum(part.to_ms - part.from_ms for part in parts) // 1000
