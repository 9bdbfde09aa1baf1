"""Know when a team works: weekly open windows in a zone, minus holidays; count and add open time.

Source of the rules: domain.md, SLA clocks, and the calendar file of cli.md. Lists ask for a hundred
thousand due times, so the arithmetic runs on whole milliseconds since 1970 in UTC, over blocks of
half a year whose windows and running totals are worked out once and then found by bisection.

A local time that a change of clocks skips counts as the moment of the change; one that happens
twice counts as its first reading. So windows that follow each other never overlap or leave a hole.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.calendar_text import (
    WEEKDAYS,
    read_holiday,
    read_list,
    read_weekday,
    read_window,
    window_text,
)
from app.domain.errors import InvalidInputError
from app.domain.instants import from_ms, to_ms, zone_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

_MINUTE_MS: Final = 60_000
_DAY_MIN: Final = 1_440
_DAY_MS: Final = _DAY_MIN * _MINUTE_MS
_BLOCK_MS: Final = 182 * _DAY_MS
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1)
_FIRST_DAY: Final = date(1, 1, 10).toordinal()
_LAST_DAY: Final = date(9999, 12, 20).toordinal()
_LONGEST_SEARCH: Final = 400
"""Blocks (about 200 years) that are looked through; a date further off is a mistake."""

Week = tuple[tuple[tuple[int, int], ...], ...]
"""For Monday to Sunday the windows as (opens, closes) in minutes; closes > 1440 is the next day."""


class _Block(NamedTuple):
    """Open windows of one stretch of time, apart and in order, with running totals (all ms)."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    after: list[int]
    total: int

    def counted_until(self, at: int) -> int:
        """Return the open time of this block before an instant."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a team works. A window belongs to the day on which it starts, so does its holiday.

    Raises InvalidInputError for an unknown zone and when there is no open hour.
    """

    name: str
    zone: str
    week: Week
    holidays: frozenset[date] = frozenset()
    always: bool = False
    zone_info: ZoneInfo = field(init=False, repr=False, compare=False)
    working_day_s: int = field(init=False, repr=False, compare=False)
    version: str = field(init=False, repr=False, compare=False)
    _holiday_days: frozenset[int] = field(init=False, repr=False, compare=False)
    _block_ms: int = field(init=False, repr=False, compare=False)
    _blocks: dict[int, _Block] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS) or not any(self.week):
            raise InvalidInputError(
                f"The calendar {self.name!r} has no open hour; give at least one window such as "
                "mon = 09:00-17:00.",
                field="open",
            )
        put = object.__setattr__
        put(self, "zone_info", zone_named(self.zone))
        week_min = _open_week_min(self.week)
        put(self, "working_day_s", round(week_min * 60 / sum(map(bool, self.week))))
        put(self, "_block_ms", week_min * _MINUTE_MS * (_BLOCK_MS // (7 * _DAY_MS)))
        put(self, "_holiday_days", frozenset(day.toordinal() for day in self.holidays))
        put(self, "_blocks", {})
        content = self.to_json()
        del content["name"]
        text = json.dumps(content, sort_keys=True)
        put(self, "version", hashlib.sha256(text.encode()).hexdigest()[:16])

    @classmethod
    def around_the_clock(cls, name: str = "24x7", zone: str = "UTC") -> Calendar:
        """Return the calendar that is always open."""
        return cls(name, zone, (((0, _DAY_MIN),),) * 7, frozenset(), always=True)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calendar:
        """Read the calendar file of cli.md; a holiday may be a date or its ISO text.

        Raises InvalidInputError with what is wrong: a name, zone, day, window or holiday.
        """
        name = str(data.get("name") or "").strip()
        if not name:
            raise InvalidInputError("The calendar has no name; give it one.", field="name")
        zone = str(data.get("zone") or "").strip()
        if not zone:
            raise InvalidInputError(
                f"The calendar {name!r} has no zone; give one such as Europe/London.", field="zone"
            )
        days_off = read_list(name, "holidays", data.get("holidays"))
        holidays = frozenset(read_holiday(name, day) for day in days_off)
        always = data.get("always", False)
        if not isinstance(always, bool):
            raise InvalidInputError(
                f"The calendar {name!r} has always = {always!r}; write true or false.",
                field="always",
            )
        if always:
            return cls(name, zone, (((0, _DAY_MIN),),) * 7, holidays, always=True)
        days = data.get("open") or {}
        if not hasattr(days, "items"):
            raise InvalidInputError(
                f'The calendar {name!r} needs its windows by day, such as "open": '
                '{"mon": ["09:00-17:00"]}.',
                field="open",
            )
        week: list[tuple[tuple[int, int], ...]] = [()] * 7
        for key, windows in days.items():
            index = read_weekday(name, str(key))
            texts = read_list(name, "open", windows)
            week[index] = tuple(
                sorted({*week[index], *(read_window(name, index, t) for t in texts)})
            )
        return cls(name, zone, tuple(week), holidays)

    def to_json(self) -> dict[str, Any]:
        """Return the calendar as its file has it."""
        data: dict[str, Any] = {"name": self.name, "zone": self.zone}
        if self.always:
            data["always"] = True
        else:
            data["open"] = {
                day: [window_text(*window) for window in windows]
                for day, windows in zip(WEEKDAYS, self.week, strict=True)
                if windows
            }
        if self.holidays or not self.always:
            data["holidays"] = [day.isoformat() for day in sorted(self.holidays)]
        return data

    def open_between_ms(self, from_ms: int, to_ms: int) -> int:
        """Return the open milliseconds in [from, to); 0 when `to` is not after `from`."""
        if to_ms <= from_ms:
            return 0
        if self.always and not self.holidays:
            return to_ms - from_ms
        first, last = from_ms // _BLOCK_MS, to_ms // _BLOCK_MS
        block = self._block(first)
        if first == last:
            return block.counted_until(to_ms) - block.counted_until(from_ms)
        counted = block.total - block.counted_until(from_ms)
        counted += self._block(last).counted_until(to_ms)
        if last - first > _LONGEST_SEARCH:
            # Only a mistyped year is centuries away: take the mean and keep no blocks of it.
            return counted + (last - first - 1) * self._block_ms
        for index in range(first + 1, last):
            counted += self._block(index).total
        return counted

    def add_open_ms(self, from_ms: int, amount_ms: int) -> int:
        """Return the earliest instant by which `amount_ms` of open time have passed.

        An amount used up exactly at closing time ends then, not next morning (domain.md). Raises
        InvalidInputError when that is centuries away.
        """
        if amount_ms <= 0:
            return from_ms
        if self.always and not self.holidays:
            return from_ms + amount_ms
        index = from_ms // _BLOCK_MS
        block = self._block(index)
        wanted = block.counted_until(from_ms) + amount_ms
        for ahead in range(index + 1, index + _LONGEST_SEARCH):
            if wanted <= block.total:
                at = bisect_left(block.after, wanted)
                return block.ends[at] - (block.after[at] - wanted)
            wanted -= block.total
            block = self._block(ahead)
        raise InvalidInputError(
            f"A target of {amount_ms // 3_600_000} h is more than the calendar {self.name!r} is "
            "open in the next 200 years; give a smaller one.",
            field="target",
        )

    def open_windows_ms(self, from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
        """Yield the open windows of [from, to), apart, merged and in order (ms)."""
        if self.always and not self.holidays:
            if from_ms < to_ms:
                yield from_ms, to_ms
            return
        start = end = from_ms
        for index in range(from_ms // _BLOCK_MS, to_ms // _BLOCK_MS + 1):
            block = self._block(index)
            for opens, closes in zip(block.starts, block.ends, strict=True):
                opens, closes = max(opens, from_ms), min(closes, to_ms)
                if opens >= closes:
                    continue
                if opens == end:
                    end = closes
                    continue
                if start < end:
                    yield start, end
                start, end = opens, closes
        if start < end:
            yield start, end

    def open_windows(
        self, from_at: datetime, to_at: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open windows of [from, to), apart, merged and in order (UTC)."""
        for opens, closes in self.open_windows_ms(to_ms(from_at), to_ms(to_at)):
            yield from_ms(opens), from_ms(closes)

    def open_between_s(self, from_at: datetime, to_at: datetime) -> int:
        """Return the whole open seconds in [from, to)."""
        return self.open_between_ms(to_ms(from_at), to_ms(to_at)) // 1000

    def add_open_time(self, at: datetime, seconds: float) -> datetime:
        """Return the earliest instant (UTC) by which so many open seconds have passed."""
        return from_ms(self.add_open_ms(to_ms(at), round(seconds * 1000)))

    def is_open(self, at: datetime) -> bool:
        """Tell whether an instant lies in an open window [open, close)."""
        at_ms = to_ms(at)
        return self.open_between_ms(at_ms, at_ms + 1) > 0

    def holidays_between_ms(self, from_ms: int, to_ms: int) -> list[tuple[int, date]]:
        """List the holidays that took a working day out of [from, to), each with its start (ms)."""
        found = []
        for day in sorted(self.holidays):
            windows = self.week[day.weekday()]
            if not windows:
                continue
            opens = self._utc_ms(day.toordinal(), windows[0][0])
            closes = self._utc_ms(day.toordinal(), max(end for _, end in windows))
            if closes > from_ms and opens < to_ms:
                found.append((opens, day))
        return found

    def _block(self, index: int) -> _Block:
        """Return a block of windows, worked out on first use (the dict is safe across threads)."""
        block = self._blocks.get(index)
        if block is None:
            block = self._blocks[index] = self._build(index * _BLOCK_MS, (index + 1) * _BLOCK_MS)
        return block

    def _build(self, from_ms: int, to_ms: int) -> _Block:
        """Lay the weekly windows over the days of a block and merge what overlaps."""
        # A window may last up to two days and a zone be a day off UTC, hence the days around.
        first = max(from_ms // _DAY_MS + _EPOCH_DAY - 3, _FIRST_DAY)
        last = min(to_ms // _DAY_MS + _EPOCH_DAY + 2, _LAST_DAY)
        windows: list[tuple[int, int]] = []
        for day in range(first, last):
            if day not in self._holiday_days:
                windows.extend(
                    (self._utc_ms(day, opens), self._utc_ms(day, closes))
                    for opens, closes in self.week[(day - 1) % 7]
                )
        starts: list[int] = []
        ends: list[int] = []
        for opens, closes in sorted(windows):
            opens, closes = max(opens, from_ms), min(closes, to_ms)
            if opens >= closes:
                continue
            if ends and opens <= ends[-1]:
                ends[-1] = max(ends[-1], closes)
            else:
                starts.append(opens)
                ends.append(closes)
        before: list[int] = []
        after: list[int] = []
        total = 0
        for opens, closes in zip(starts, ends, strict=True):
            before.append(total)
            total += closes - opens
            after.append(total)
        return _Block(starts, ends, before, after, total)

    def _utc_ms(self, day: int, minute: int) -> int:
        """Return the instant of a local minute of a day (ordinal), whatever the clocks do then."""
        local_ms = (day - _EPOCH_DAY) * _DAY_MS + minute * _MINUTE_MS
        local = _EPOCH + timedelta(milliseconds=local_ms)
        earlier = _offset_ms(self.zone_info, local)
        later = _offset_ms(self.zone_info, local.replace(fold=1))
        if earlier >= later:
            return local_ms - earlier
        # The clocks jump over this time: find the second of the jump between the two readings.
        low, high = (local_ms - later) // 1000, (local_ms - earlier) // 1000
        before = self._offset_at_s(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_at_s(middle) == before:
                low = middle
            else:
                high = middle
        return high * 1000

    def _offset_at_s(self, at_s: int) -> timedelta | None:
        """Return the zone's offset at an instant (seconds since 1970)."""
        return from_ms(at_s * 1000).astimezone(self.zone_info).utcoffset()


def _offset_ms(zone: ZoneInfo, local: datetime) -> int:
    """Return the zone's offset for a local time (its fold chooses the reading)."""
    offset = zone.utcoffset(local)
    return 0 if offset is None else offset // timedelta(milliseconds=1)


def _open_week_min(week: Week) -> int:
    """Return the open time of a week, overlaps counted once (minutes)."""
    spans = sorted(
        (index * _DAY_MIN + opens, index * _DAY_MIN + closes)
        for index, windows in enumerate(week)
        for opens, closes in windows
    )
    week_min = 7 * _DAY_MIN
    # What runs over the end of Sunday comes back at the start of Monday.
    spans = sorted(
        [(opens, min(closes, week_min)) for opens, closes in spans]
        + [(0, closes - week_min) for _, closes in spans if closes > week_min]
    )
    total = end = 0
    for opens, closes in spans:
        total += max(0, closes - max(opens, end))
        end = max(end, closes)
    return total
