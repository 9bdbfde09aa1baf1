"""Instants as other tools write them, read so that day and month are never silently exchanged.

The order of day and month is decided by all values of a column together: one value that can only
be read one way decides for the others. A table that leaves it open is refused with both readings.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError
from app.domain.instants import LocalTimeError, resolve_local
from app.intake.import_record import RowError

MISSING = frozenset({"", "?", "-", "--", "null", "none", "nil", "n/a", "na", "nan", "(empty)"})
"""Words of other tools for "no value", in lower case."""

_NUMERIC = re.compile(
    r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})"
    r"(?:\.(\d+))?)?\s*([AaPp]\.?[Mm]\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$"
)
_YEAR_FIRST = re.compile(
    r"\s*(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$"
)
_WORDY = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s+)?"
    r"(?:(\d{1,2})[ ./-]+([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?\s+(\d{1,2}))"
    r"(?:st|nd|rd|th)?[ ,./-]+(\d{4}|\d{2})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"\s*([AaPp]\.?[Mm]\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_EXCEL_DAY_0 = datetime(1899, 12, 30)
_EXCEL_RANGE = (20000.0, 80000.0)
"""Days 1954 to 2119: a number outside is no date that Excel wrote for an incident."""
_CACHE_LIMIT = 200_000
_NOISE = 0.05
"""Share of values of the other order that is taken for slips of one row, not for a mixed column."""
_EVIDENCE = 4
"""Different values of one order that outweigh a single slip."""

DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"


def is_missing(value: object) -> bool:
    """Tell whether a cell says "no value" in one of the usual ways."""
    return value is None or (isinstance(value, str) and value.strip().lower() in MISSING)


class DateSurvey:
    """Counts, column by column, which orders of day and month the values allow."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}
        self._day: Counter[str] = Counter()
        self._month: Counter[str] = Counter()
        self._open: dict[str, str] = {}

    def add(self, column: str, value: object) -> None:
        """Look at one value."""
        if not isinstance(value, str) or len(value) < 6:
            return
        # The first five signs decide (`29/2/`, `05-03`), so that few values need the pattern.
        known = self._seen.setdefault(column, set())
        head = value[:5]
        if head in known:
            return
        found = _NUMERIC.match(value)
        if not found:
            if head[:4].isdigit():
                known.add(head)
            return
        known.add(head)
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            self._day[column] += 1
        elif second > 12 >= first:
            self._month[column] += 1
        elif first != second and max(first, second) <= 12 and found[2] != ".":
            self._open.setdefault(column, value.strip())

    def orders(self) -> dict[str, str]:
        """Return the order of each column that has such dates.

        A column that its own values leave open follows the others of the table. Raises
        InvalidInputError when values contradict each other or nothing decides.
        """
        result: dict[str, str] = {}
        for column in self._seen:
            day, month = self._day[column], self._month[column]
            fewer, more = sorted((day, month))
            if fewer > max(1, more * _NOISE) or (fewer and more < _EVIDENCE):
                raise InvalidInputError(
                    f"The column {column} mixes day/month and month/day ({day} different values"
                    f" can only be the one, {month} only the other); correct it before importing.",
                    code="mixed_dates",
                )
            if day or month:
                result[column] = DAY_FIRST if day >= month else MONTH_FIRST
        common = set(result.values())
        for column, example in self._open.items():
            if column in result:
                continue
            if len(common) != 1:
                raise InvalidInputError(_question(column, example), code="ambiguous_dates")
            result[column] = next(iter(common))
        return result


def _question(column: str, example: str) -> str:
    found = _NUMERIC.match(example)
    a, b, year = (found[1], found[3], found[4]) if found else ("1", "2", "")
    readings = " or ".join(
        f"{int(day)} {list(_MONTHS)[int(month) - 1].title()} {year}"
        for day, month in ((a, b), (b, a))
    )
    return (
        f"The dates of the column {column} can be read two ways ({example} is {readings}) and no"
        " value of the file decides; say date_order dmy or mdy."
    )


class InstantReader:
    """Reads the instants of one column into aware UTC datetimes."""

    def __init__(self, zone: tzinfo, order: str = "") -> None:
        """Take local times as of `zone`; `order` is "dmy", "mdy" or "" where no value needs it."""
        self._zone = zone
        self._order = order
        self._cache: dict[str, datetime] = {}

    def read(self, value: object) -> datetime | None:
        """Return the instant, None for a missing one; raise RowError for what is no date."""
        if isinstance(value, str):
            cached = self._cache.get(value)
            if cached is not None:
                return cached
            if value.strip().lower() in MISSING:
                return None
            result = self._aware(self._parse(value))
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            self._cache[value] = result
            return result
        if value is None:
            return None
        if isinstance(value, datetime):
            return self._aware(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._aware(_from_number(float(value), value))
        raise RowError(f"{_short(value)} is not a date.")

    def _aware(self, moment: datetime) -> datetime:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        if self._zone is UTC:
            return moment.replace(tzinfo=UTC)
        local = moment.replace(tzinfo=self._zone)
        if local.replace(fold=1).utcoffset() != local.utcoffset() and isinstance(
            self._zone, ZoneInfo
        ):
            try:
                return resolve_local(moment, self._zone)
            except LocalTimeError as error:  # none or two: cli.md, formats
                raise RowError(error.message) from error
        return local.astimezone(UTC)

    def _parse(self, text: str) -> datetime:
        for pattern, read in ((_NUMERIC, self._numeric), (_YEAR_FIRST, _year_first)):
            found = pattern.match(text)
            if found:
                try:
                    return read(found)
                except ValueError as error:
                    raise RowError(f"{_short(text)} is not a date ({error}).") from error
        return _other(text)

    def _numeric(self, found: re.Match[str]) -> datetime:
        first, second = int(found[1]), int(found[3])
        order = self._order or (DAY_FIRST if found[2] == "." or first == second else "")
        if not order:
            order = DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 else ""
        if not order:
            raise ValueError("day and month cannot be told apart")
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        if month > 12:
            words = "day/month/year" if order == DAY_FIRST else "month/day/year"
            raise ValueError(f"the column is {words}")
        return _moment(_year(found[4]), month, day, *found.group(5, 6, 7, 8, 9, 10))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _moment(
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    half: str | None,
    offset: str | None,
) -> datetime:
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("the hour is not on a 12-hour clock")
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(year, month, day, hours, int(minute or 0), int(second or 0), micro)
    if not offset:
        return moment
    if offset in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    plain = offset.replace(":", "")
    shift = timedelta(hours=int(plain[1:3]), minutes=int(plain[3:5]))
    return (moment - shift if plain[0] == "+" else moment + shift).replace(tzinfo=UTC)


def _year_first(found: re.Match[str]) -> datetime:
    return _moment(int(found[1]), int(found[2]), int(found[3]), *found.group(4, 5, 6, 7, 8, 9))


def _other(text: str) -> datetime:
    """Read month names, numbers, RFC 5322 and the rest of ISO 8601."""
    found = _WORDY.match(text)
    if found:
        day, name = found[1] or found[4], (found[2] or found[3])[:3].lower()
        if name in _MONTHS:
            try:
                clock = (found[6], found[7], found[8], None, found[9], found[10])
                return _moment(_year(found[5]), _MONTHS[name], int(day), *clock)
            except ValueError as error:
                raise RowError(f"{_short(text)} is not a date ({error}).") from error
    try:
        return _from_number(float(text), text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise RowError(f"{_short(text)} is not a date.") from error


def _from_number(number: float, told: object) -> datetime:
    """Read an Excel serial (days), or seconds or milliseconds since 1970 UTC."""
    if _EXCEL_RANGE[0] <= number <= _EXCEL_RANGE[1]:
        seconds = round(number * 86400 * 1000) / 1000
        return _EXCEL_DAY_0 + timedelta(seconds=seconds)
    if 1e8 <= number < 1e10:
        return datetime.fromtimestamp(number, UTC)
    if 1e11 <= number < 1e13:
        return datetime.fromtimestamp(number / 1000, UTC)
    raise RowError(f"{_short(told)} is not a date.")


def _short(value: Any) -> str:
    text = str(value).strip()
    return repr(text if len(text) <= 40 else text[:39] + "…")
