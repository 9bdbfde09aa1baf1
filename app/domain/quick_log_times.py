"""Read the instants of a quick-log line: `10:30`, `-15m`, `yesterday 16:30`, `tomorrow 9:00`, `2h`.

What is typed is local time in the person's zone; what comes out is UTC. A local time that the
clocks skip or show twice is never guessed: the problem names the readings (cli.md, formats).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final

from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_DURATION = re.compile(
    r"([+-]?)(?=\d)(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?:in)?)?\Z"
)
_CLOCK = re.compile(
    r"(?:(\d{1,2})[:h](\d{2})(?::(\d{2}))?\s?(am|pm)?|(\d{1,2})\s?(am|pm))"
    r"\s?(z|utc|[+-]\d{2}:?\d{2})?\Z"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_LOCAL_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2})?)?\Z")
_SPLIT = re.compile(r"[\s,]+|(?<=\d)t(?=\d)")
_DAYS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEARS: Final = range(1970, 2200)
_NIGHT: Final = timedelta(hours=12)
_HOW_AT: Final = "write 10:30, -15m or yesterday 16:30"
_HOW_DUE: Final = "write 2h, tomorrow 9:00 or a date"


@dataclass(frozen=True, slots=True)
class InstantReading:
    """An instant in UTC, or the problem with its possible readings as they can be typed."""

    at: datetime | None = None
    problem: str = ""
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeContext:
    """Where and when a time is read: `now` is aware, `end_of_day` completes a bare due date."""

    now: datetime
    zone: tzinfo
    day_first: bool = True
    end_of_day: time = time(17)
    words: Mapping[str, str] | None = None


def local_instant(local: datetime, zone: tzinfo) -> InstantReading:
    """Return the instant of a local time; refuse one that does not exist or comes twice."""
    try:
        first, second = (local.replace(tzinfo=zone, fold=fold_) for fold_ in (0, 1))
        offsets = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
        at = first.astimezone(UTC)
        if offsets[0] == offsets[1]:
            return InstantReading(at)
        back = at.astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return InstantReading(problem="That date is out of range; use years 1970 to 2199.")
    shown = f"{local:%Y-%m-%d %H:%M}"
    if back != local:
        after = f"{back:%Y-%m-%d %H:%M}"
        before = f"{second.astimezone(UTC).astimezone(zone):%Y-%m-%d %H:%M}"
        return InstantReading(
            problem=f"{shown} does not exist in {zone}: the clocks go forward over it. "
            f"Write {before} or {after}.",
            readings=(before, after),
        )
    readings = tuple(f"{shown}{_offset(offset)}" for offset in offsets)
    return InstantReading(
        problem=f"{shown} comes twice in {zone}, when the clocks go back. "
        f"Write {readings[0]} or {readings[1]}.",
        readings=readings,
    )


def read_occurred(text: str, context: TimeContext) -> InstantReading:
    """Read when something happened: never later than now.

    A time without a day that lies ahead is last evening's, up to 12 hours back.
    """
    return _checked(text, context, ahead=False)


def read_due(text: str, context: TimeContext) -> InstantReading:
    """Read by when something is promised: always later than now.

    Hours and minutes are elapsed time; days and weeks keep the local time of day. A time without
    a day is the next one; a day without a time ends at `end_of_day`.
    """
    return _checked(text, context, ahead=True)


def _checked(text: str, context: TimeContext, *, ahead: bool) -> InstantReading:
    folded = fold(text)
    if not folded:
        return InstantReading(problem=f"The time is missing: {_how(ahead)}.")
    reading = _read(folded, context, ahead=ahead)
    if reading.at is not None and (reading.at < context.now) == ahead and reading.at != context.now:
        local = reading.at.astimezone(context.zone)
        where = "over already" if ahead else "still to come"
        return InstantReading(problem=f"{local:%Y-%m-%d %H:%M %Z} is {where}: {_how(ahead)}.")
    return reading


def _read(text: str, context: TimeContext, *, ahead: bool) -> InstantReading:
    if (moved := _DURATION.match(text)) is not None:
        return _moved(moved, context, ahead=ahead)
    words = context.words or {}
    if words.get(text, text) == "now":
        return InstantReading(context.now.astimezone(UTC))
    unreadable = InstantReading(problem=f'"{text}" cannot be read as a time: {_how(ahead)}.')
    day: date | int | None = None
    clock: time | None = None
    for part in _SPLIT.split(text):
        part_word = words.get(part, part)
        if clock is None and (found := _CLOCK.match(part)) is not None:
            clock = _clock(found)
            if clock is None:
                return InstantReading(problem=f"{part} is no time of day: {_how(ahead)}.")
        elif day is None:
            day = _day(part_word, context, ahead=ahead)
            if day is None:
                return unreadable
        else:
            return unreadable
    return _combined(day, clock, context, ahead=ahead)


def _combined(
    day: date | int | None, clock: time | None, context: TimeContext, *, ahead: bool
) -> InstantReading:
    if clock is None:
        if not ahead:
            return InstantReading(problem="The time of day is missing: write yesterday 16:30.")
        clock = context.end_of_day
    if isinstance(day, date):
        return _instant(day, clock, context)
    today = context.now.astimezone(clock.tzinfo or context.zone).date()
    if day is not None:
        return _on_weekday(day, clock, today, context, ahead=ahead)
    reading = _instant(today, clock, context)
    if reading.at is None:
        return reading
    if ahead and reading.at < context.now:
        return _instant(today + timedelta(days=1), clock, context)
    if not ahead and reading.at > context.now:
        earlier = _instant(today - timedelta(days=1), clock, context)
        if earlier.at is None or context.now - earlier.at <= _NIGHT:
            return earlier
    return reading


def _on_weekday(
    weekday: int, clock: time, today: date, context: TimeContext, *, ahead: bool
) -> InstantReading:
    """Take today when it fits, else the nearest such day in the direction that is meant."""
    away = (weekday - today.weekday()) % 7
    nearest = today + timedelta(days=away if ahead or not away else away - 7)
    reading = _instant(nearest, clock, context)
    if away or reading.at is None or (reading.at > context.now) == ahead:
        return reading
    return _instant(nearest + timedelta(days=7 if ahead else -7), clock, context)


def _instant(day: date, clock: time, context: TimeContext) -> InstantReading:
    if day.year not in _YEARS:
        return InstantReading(problem=f"The year {day.year} is out of range; use 1970 to 2199.")
    if clock.tzinfo is not None:
        return InstantReading(datetime.combine(day, clock).astimezone(UTC))
    return local_instant(datetime.combine(day, clock), context.zone)


def _moved(found: re.Match[str], context: TimeContext, *, ahead: bool) -> InstantReading:
    sign, weeks, days, hours, minutes = found.groups()
    if sign and (sign == "+") != ahead:
        return InstantReading(problem=f"{found[0]} points the wrong way: {_how(ahead)}.")
    direction = 1 if ahead else -1
    whole = timedelta(weeks=int(weeks or 0), days=int(days or 0)) * direction
    rest = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * direction
    start = context.now
    if whole:
        local = context.now.astimezone(context.zone).replace(tzinfo=None) + whole
        reading = _instant(local.date(), local.time(), context)
        if reading.at is None:
            return reading
        start = reading.at
    at = (start + rest).astimezone(UTC)
    if at.year not in _YEARS:
        return InstantReading(problem=f"{found[0]} is too long; use a date.")
    return InstantReading(at)


def _clock(found: re.Match[str]) -> time | None:
    hour = int(found[1] or found[5])
    half = found[4] or found[6]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone: tzinfo | None = None
    if (offset := found[7]) is not None:
        digits = offset.replace(":", "")
        if digits in ("z", "utc"):
            zone = UTC
        else:
            minutes = int(digits[1:3]) * 60 + int(digits[3:5])
            if minutes > 14 * 60:
                return None
            zone = timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0), tzinfo=zone)
    except ValueError:
        return None


def _day(word: str, context: TimeContext, *, ahead: bool) -> date | int | None:
    """Return the date, or the number of a weekday (0 is Monday), or None."""
    today = context.now.astimezone(context.zone).date()
    if word in _DAYS:
        return today + timedelta(days=_DAYS[word])
    if len(word) >= 3:
        for number, name in enumerate(_WEEKDAYS):
            if name.startswith(word):
                return number
    if (iso := _ISO.match(word)) is not None:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    return _local_date(word, context, today, ahead=ahead)


def _local_date(word: str, context: TimeContext, today: date, *, ahead: bool) -> date | None:
    found = _LOCAL_DATE.match(word)
    if found is None:
        return None
    day, month = int(found[1]), int(found[3])
    if not context.day_first and found[2] != ".":
        day, month = month, day
    if found[4] is not None:
        year = int(found[4])
        return _date(year if year > 99 else 2000 + year, month, day)
    near = [_date(year, month, day) for year in range(today.year - 8, today.year + 9)]
    if ahead:
        return next((one for one in near if one is not None and one >= today), None)
    return next((one for one in reversed(near) if one is not None and one <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _how(ahead: bool) -> str:
    return _HOW_DUE if ahead else _HOW_AT
