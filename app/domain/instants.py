"""Read and write instants and durations, so that no local time is ever guessed.

Instants are aware UTC datetimes to the millisecond; on hot paths, whole milliseconds since 1970 in
UTC. Source of the rules: domain.md, Time, and cli.md, Formats.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from datetime import date

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DURATION: Final = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?)\s*d(?:ays?)?)?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*h(?:ours?|rs?)?)?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?)?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*s(?:ec(?:onds?)?)?)?\s*",
    re.IGNORECASE,
)
_LONGEST_S: Final = 100 * 366 * 86_400


class LocalTimeError(InvalidInputError):
    """A local time that does not exist or happens twice; `readings` are the instants it may mean.

    The code is "nonexistent_time" or "ambiguous_time".
    """

    def __init__(
        self, message: str, readings: tuple[datetime, datetime], *, code: str, field: str = ""
    ) -> None:
        super().__init__(message, field=field, code=code)
        self.readings = readings


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone of that name; raise InvalidInputError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(
            f"The zone {name!r} is unknown; give an IANA name such as Europe/London or UTC.",
            field="zone",
        ) from None


def to_ms(at: datetime) -> int:
    """Return an aware instant as whole milliseconds since 1970 in UTC (exact, rounded down)."""
    return (at - EPOCH) // _MS


def from_ms(at_ms: int) -> datetime:
    """Return the aware UTC instant of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=at_ms)


def from_ms_or_none(at_ms: int | None) -> datetime | None:
    """Return the instant, or None for None."""
    return None if at_ms is None else EPOCH + timedelta(milliseconds=at_ms)


def elapsed_s(from_at: datetime, to_at: datetime) -> tuple[int, bool]:
    """Return (seconds, clock skew); a negative duration is 0 with the flag set (domain.md)."""
    passed = (to_at - from_at) // timedelta(seconds=1)
    return (passed, False) if to_at >= from_at else (0, True)


def resolve_local(local: datetime, zone: ZoneInfo, *, field: str = "") -> datetime:
    """Return the UTC instant of a local time.

    Raises LocalTimeError with both readings when the time does not exist or happens twice.
    """
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return _to_the_ms(first.astimezone(UTC))
    readings = sorted((first.astimezone(UTC), second.astimezone(UTC)))
    written = " or ".join(iso(reading, zone) for reading in readings)
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == local
    what = "happens twice" if exists else "does not exist"
    raise LocalTimeError(
        f"{_plain(local)} {what} in {zone.key}, where the clocks change then; write {written}.",
        (readings[0], readings[1]),
        code="ambiguous_time" if exists else "nonexistent_time",
        field=field,
    )


def parse_instant(text: str, zone: ZoneInfo | None = None, *, field: str = "") -> datetime:
    """Read an ISO 8601 instant with an offset, or a local one in `zone`, as UTC.

    A day alone means its midnight. Raises InvalidInputError for anything else, LocalTimeError for
    a local time that a change of clocks skips or repeats.
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInputError(
            f"{text!r} is no date and time; write 2026-03-09T09:00:00Z, or 2026-03-09 09:00 for "
            "local time.",
            field=field,
        ) from None
    try:
        if read.tzinfo is not None:
            return _to_the_ms(read.astimezone(UTC))
        if zone is not None:
            return resolve_local(read, zone, field=field)
    except OverflowError:
        raise InvalidInputError(
            f"{text!r} is too far away; give a year from 1 to 9999.", field=field
        ) from None
    raise InvalidInputError(
        f"{text!r} has no zone; add an offset, as in 2026-03-09T09:00:00Z, or name the zone.",
        field=field,
    )


def parse_span(
    text: str, zone: ZoneInfo | None = None, *, field: str = ""
) -> tuple[datetime, datetime | None]:
    """Read FROM..TO (cli.md: `--pause`, `--period`); nothing after the dots means "still lasting".

    Raises InvalidInputError when it is no such pair or ends before it starts.
    """
    start, dots, end = text.partition("..")
    if not dots or not start.strip():
        raise InvalidInputError(
            f"{text!r} is no span of time; write FROM..TO, as in 2026-03-09T10:00Z..2026-03-09"
            "T12:00Z.",
            field=field,
        )
    from_at = parse_instant(start, zone, field=field)
    to_at = parse_instant(end, zone, field=field) if end.strip() else None
    if to_at is not None and to_at < from_at:
        raise InvalidInputError(f"{text!r} ends before it starts; turn it round.", field=field)
    return from_at, to_at


def parse_duration(text: str, day_s: int | None = None, *, field: str = "") -> int:
    """Read `90m`, `8h`, `1h30m` or `2d` as seconds.

    Args:
        text: what a person typed; unit words ("2 hours") and fractions are read too.
        day_s: length of a day: a calendar's `working_day_s`, or 86,400 for calendar days.
        field: the field to name in the error.

    Raises InvalidInputError for anything else, for nothing at all, for days without `day_s` and
    for more than a century.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise InvalidInputError(
            f"{text!r} is no duration; write 90m, 8h, 1h30m or 2d.", field=field
        )
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    if days and day_s is None:
        raise InvalidInputError(
            f"{text!r} counts working days; name the calendar that says how long one is.",
            field=field,
        )
    total = days * (day_s or 0) + hours * 3600 + minutes * 60 + seconds
    if not 1 <= total <= _LONGEST_S:
        raise InvalidInputError(
            f"{text!r} is not between one second and a hundred years; write 90m, 8h or 2d.",
            field=field,
        )
    return round(total)


def format_duration(seconds: float) -> str:
    """Word a duration for people: "2 h 47 min", "40 h", "45 s"; a negative one has a minus sign."""
    sign = "\u2212" if seconds < 0 else ""
    whole = int(abs(seconds))
    if 0 < whole < 60:
        return f"{sign}{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    parts = [f"{hours} h"] if hours else []
    if minutes or not hours:
        parts.append(f"{minutes} min")
    return sign + " ".join(parts)


def format_elapsed(seconds: float) -> str:
    """Word elapsed time for people, in days of 24 h from two days on: "3 d 4 h"."""
    if abs(seconds) < 2 * 86_400:
        return format_duration(seconds)
    days, rest = divmod(int(abs(seconds)), 86_400)
    hours = rest // 3600
    sign = "\u2212" if seconds < 0 else ""
    return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"


def iso(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Write an instant as ISO 8601 with offset, in UTC or in `zone`; ms only if there are some."""
    shown = at.astimezone(zone or UTC)
    return shown.isoformat(timespec="milliseconds" if shown.microsecond else "seconds")


def iso_or_none(at: datetime | None, zone: ZoneInfo | None = None) -> str | None:
    """Write an instant as `iso` does, or None for None."""
    return None if at is None else iso(at, zone)


def zone_label(at: datetime, zone: ZoneInfo) -> str:
    """Return what to print after a time: "GMT", or "UTC+03" where the zone has no letters."""
    letters = at.astimezone(zone).tzname() or zone.key
    return f"UTC{letters}" if letters[:1] in "+-" else letters


def show_local(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant for a trace: "Mon 2026-03-09 16:00 GMT" (English, whatever the locale)."""
    return f"{show_day(at, zone)} {show_clock(at, zone)} {zone_label(at, zone)}"


def show_day(at: datetime, zone: ZoneInfo) -> str:
    """Write the local day of an instant: "Mon 2026-03-09"."""
    return show_date(at.astimezone(zone).date())


def show_date(day: date) -> str:
    """Write a date with its weekday: "Mon 2026-03-09"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def show_clock(at: datetime, zone: ZoneInfo) -> str:
    """Write the local time of day, with seconds only when there are some: "16:00"."""
    local = at.astimezone(zone)
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def show_span(from_at: datetime, to_at: datetime, zone: ZoneInfo) -> str:
    """Write a stretch of time: "Mon 2026-03-09 09:00-16:00 GMT", or both ends in full."""
    same_day = show_day(from_at, zone) == show_day(to_at, zone)
    if same_day and zone_label(from_at, zone) == zone_label(to_at, zone):
        times = f"{show_clock(from_at, zone)}-{show_clock(to_at, zone)}"
        return f"{show_day(from_at, zone)} {times} {zone_label(from_at, zone)}"
    return f"{show_local(from_at, zone)} to {show_local(to_at, zone)}"


def _plain(local: datetime) -> str:
    """Write a local time as people type it."""
    return local.isoformat(" ", timespec="minutes" if not local.second else "seconds")


def _to_the_ms(at: datetime) -> datetime:
    """Drop what is finer than a millisecond (domain.md stores instants to the millisecond)."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
