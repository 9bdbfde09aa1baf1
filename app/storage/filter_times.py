"""Turn the dates and durations of a filter into limits for columns of milliseconds.

Days are local days of the reader's zone, so that one may last 23 or 25 hours; durations are
elapsed time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.filter_syntax import Duration, Moment, Period, RelativePeriod

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from app.domain.filter_syntax import Interval, Operand

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment and zone in which a filter is read; weeks begin on `week_start` (0: Monday)."""

    now_ms: int
    zone: tzinfo
    week_start: int = 0

    def bounds(self, operand: Period | RelativePeriod | Moment) -> tuple[int, int]:
        """Return the first millisecond of a stretch of local time and the one after its last."""
        match operand:
            case Moment():
                start = _ms(operand.local.replace(tzinfo=self.zone))
                return start, start + operand.seconds * 1000
            case RelativePeriod():
                operand = self._period(operand)
        return self._start(operand.first), self._start(operand.last + timedelta(days=1))

    def _start(self, day: date) -> int:
        return _ms(datetime.combine(day, time(), self.zone))

    def _period(self, relative: RelativePeriod) -> Period:
        today = (_EPOCH + self.now_ms * _MILLISECOND).astimezone(self.zone).date()
        match relative.unit:
            case "day":
                day = today + timedelta(days=relative.offset)
                return Period(day, day)
            case "week":
                back = (today.weekday() - self.week_start) % 7
                first = today + timedelta(days=7 * relative.offset - back)
                return Period(first, first + timedelta(days=6))
            case "month":
                months = today.year * 12 + today.month - 1 + relative.offset
                first = date(months // 12, months % 12 + 1, 1)
                after = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
                return Period(first, after - timedelta(days=1))
        year = today.year + relative.offset
        return Period(date(year, 1, 1), date(year, 12, 31))


def instant_condition(
    column: str, interval: Interval, clock: Clock, bind: Callable[[object], str], *, ahead: bool
) -> str:
    """Return the condition that an instant lies in the interval; no instant (NULL or 0) never does.

    A duration is counted back from now, or `ahead`: `<7d` is less than 7 days ago, or left.
    """
    parts = [f"{column} > 0"]
    low, high = interval.low, interval.high
    if isinstance(low, Duration) or isinstance(high, Duration):
        sign = 1000 if ahead else -1000
        for limit, out, comparison in (
            (low, interval.low_out, ">" if ahead else "<"),
            (high, interval.high_out, "<" if ahead else ">"),
        ):
            if isinstance(limit, Duration):
                instant = bind(clock.now_ms + sign * limit.seconds)
                parts.append(f"{column} {comparison}{'' if out else '='} {instant}")
        return " AND ".join(parts)
    if low is not None:
        parts.append(f"{column} >= {bind(_bounds(clock, low)[1 if interval.low_out else 0])}")
    if high is not None:
        parts.append(f"{column} < {bind(_bounds(clock, high)[0 if interval.high_out else 1])}")
    return " AND ".join(parts)


def number_condition(column: str, interval: Interval, bind: Callable[[object], str]) -> str:
    """Return the condition that a number lies in the interval."""
    parts = []
    if interval.low is not None:
        comparison = ">" if interval.low_out else ">="
        parts.append(f"{column} {comparison} {bind(interval.low)}")
    if interval.high is not None:
        comparison = "<" if interval.high_out else "<="
        parts.append(f"{column} {comparison} {bind(interval.high)}")
    return " AND ".join(parts)


def date_text_condition(column: str, interval: Interval, bind: Callable[[object], str]) -> str:
    """Return the condition that a date written as text (ISO 8601) lies in the interval."""
    parts = []
    if isinstance(interval.low, Period):
        limit = interval.low.last + timedelta(days=1) if interval.low_out else interval.low.first
        parts.append(f"{column} >= {bind(limit.isoformat())}")
    if isinstance(interval.high, Period):
        high = interval.high
        limit = high.first if interval.high_out else high.last + timedelta(days=1)
        parts.append(f"{column} < {bind(limit.isoformat())} AND {column} > ''")
    return " AND ".join(parts)


def _bounds(clock: Clock, operand: Operand) -> tuple[int, int]:
    if isinstance(operand, Period | RelativePeriod | Moment):
        return clock.bounds(operand)
    raise TypeError(f"no stretch of time: {operand!r}")


def _ms(instant: datetime) -> int:
    return (instant.astimezone(UTC) - _EPOCH) // _MILLISECOND
