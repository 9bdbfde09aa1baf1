"""When a line of a log was written: the format is guessed from the first lines and then kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_LOOKED_AT: Final = 120
"""Characters from the beginning of a line in which its time stands."""
_ENOUGH: Final = 0.3
"""Share of the first lines that must hold a time of one format (others go on a line before)."""

_ISO: Final = re.compile(
    r"(?<![\d-])(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?"
    r"\s?(Z|[+-]\d\d:?\d\d)?(?!\d)"
)
_ASCTIME: Final = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)"
    r"(?:\.\d+)? (\d{4})"
)
_WEB: Final = re.compile(
    r"\[?(\d{1,2})/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?: ([+-]\d{4}))?"
)
_SYSLOG: Final = re.compile(r"^(?:<\d+>)?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)\b")
_NUMBERED: Final = re.compile(
    r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})[ ,T]+(\d\d):(\d\d)(?::(\d\d))?(?!\d)"
)
_EPOCH: Final = re.compile(r"^\[?(1\d{9})(?:\.?(\d{3}))?\b")


@dataclass(slots=True)
class TimeFormat:
    """How a log writes its times; `read` returns the instant and where the time ends in a line."""

    name: str
    """What people are told, like "2026-03-09 09:00:00, no zone: Europe/London"."""
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], datetime]
    _last: tuple[str, int] = field(default=("", 0), repr=False)

    def read(self, line: str) -> tuple[datetime, int] | None:
        """Return when a line was written; None for one without a (real) time."""
        found = self.pattern.search(line, 0, _LOOKED_AT)
        if found is None:
            return None
        try:
            return self.build(found), found.end()
        except (ValueError, KeyError, OverflowError):
            return None

    def read_ms(self, line: str) -> tuple[int, int, int] | None:
        """Return when a line was written, in milliseconds since 1970 UTC, and where that stands.

        Lines of one time follow each other: its text is read once.
        """
        found = self.pattern.search(line, 0, _LOOKED_AT)
        if found is None:
            return None
        text, start, end = found[0], found.start(), found.end()
        known, at_ms = self._last
        if text != known:
            try:
                at_ms = round(self.build(found).timestamp() * 1000)
            except (ValueError, KeyError, OverflowError):
                return None
            self._last = text, at_ms
        return at_ms, start, end


def guess(lines: Sequence[str], zone: tzinfo, now: datetime) -> TimeFormat | None:
    """Return the time format of a log by its first lines; None when it has none.

    Args:
        lines: the first lines, some hundreds.
        zone: in which times without an offset are read.
        now: the present; a log without years ends before it.
    """
    best: TimeFormat | None = None
    most = max(1, int(len([line for line in lines if line.strip()]) * _ENOUGH)) - 1
    # A format without years remembers the month before: the one that is kept starts afresh.
    for one, fresh in zip(*(formats(lines, zone, now) for _ in range(2)), strict=True):
        count = sum(one.read(line) is not None for line in lines)
        if count > most:
            best, most = fresh, count
    return best


def formats(lines: Sequence[str], zone: tzinfo, now: datetime) -> list[TimeFormat]:
    """Return the formats that are known, as the first lines of a log suggest them."""
    day_first = _is_day_first(lines)
    numbered = "day/month/year" if day_first else "month/day/year"
    local = f"no zone: {zone}"
    return [
        TimeFormat(f"year-month-day, {local} unless a line says", _ISO, lambda m: _iso(m, zone)),
        TimeFormat(f"weekday month day time year, {local}", _ASCTIME, lambda m: _asctime(m, zone)),
        TimeFormat(
            f"day/month/year of a web server, {local} unless a line says",
            _WEB,
            lambda m: _web(m, zone),
        ),
        TimeFormat(f"month day time, no year, {local}", _SYSLOG, _Yearless(zone, now)),
        TimeFormat(
            f"{numbered}, {local}", _NUMBERED, lambda m: _numbered(m, zone, day_first=day_first)
        ),
        TimeFormat("seconds since 1970 UTC", _EPOCH, _epoch),
    ]


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text == "Z":
        return UTC
    found = datetime.strptime(text.replace(":", ""), "%z").tzinfo
    return found or zone


def _iso(m: re.Match[str], zone: tzinfo) -> datetime:
    text = m[0]
    if text[4] == "/" or " " in text[11:]:  # with slashes, or a blank before the offset
        return _slow_iso(m, zone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _slow_iso(m, zone)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _slow_iso(m: re.Match[str], zone: tzinfo) -> datetime:
    micro = int((m[7] or "0")[:6].ljust(6, "0"))
    return datetime(
        int(m[1]), int(m[2]), int(m[3]), int(m[4]), int(m[5]), int(m[6]), micro,
        _offset(m[8], zone),
    )  # fmt: skip


def _asctime(m: re.Match[str], zone: tzinfo) -> datetime:
    return datetime(
        int(m[6]), _MONTHS[m[1].lower()], int(m[2]), int(m[3]), int(m[4]), int(m[5]), 0, zone
    )


def _web(m: re.Match[str], zone: tzinfo) -> datetime:
    return datetime(
        int(m[3]), _MONTHS[m[2].lower()], int(m[1]), int(m[4]), int(m[5]), int(m[6]), 0,
        _offset(m[7], zone),
    )  # fmt: skip


def _numbered(m: re.Match[str], zone: tzinfo, *, day_first: bool) -> datetime:
    day, month = (int(m[1]), int(m[3])) if day_first else (int(m[3]), int(m[1]))
    return datetime(int(m[4]), month, day, int(m[5]), int(m[6]), int(m[7] or 0), 0, zone)


def _epoch(m: re.Match[str]) -> datetime:
    return datetime.fromtimestamp(int(m[1]) + int(m[2] or 0) / 1000, UTC)


def _is_day_first(lines: Sequence[str]) -> bool:
    """Tell by a number over 12, or by the sign between, which of two numbers is the day."""
    found = [m for line in lines if (m := _NUMBERED.search(line, 0, _LOOKED_AT))]
    if any(int(m[1]) > 12 for m in found):
        return True
    return not any(int(m[3]) > 12 for m in found)


class _Yearless:
    """Times without a year: the first one is the last that is not after now; a new year is seen."""

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        self._zone = zone
        self._now = now.astimezone(zone)
        self._year = 0
        self._month = 0

    def __call__(self, m: re.Match[str]) -> datetime:
        month = _MONTHS[m[1].lower()]
        time = (month, int(m[2]), int(m[3]), int(m[4]), int(m[5]))
        if not self._year:
            now = self._now
            later = time > (now.month, now.day, now.hour, now.minute, now.second)
            self._year = now.year - later
        elif month == 1 and self._month == 12:
            self._year += 1
        elif month == 12 and self._month == 1:
            self._year -= 1
        self._month = month
        return datetime(self._year, *time, 0, self._zone)
