"""How a report words instants, durations, sizes and codes, in the language that it is given.

Names of days and months are the catalogue's, never the system's locale. Durations are seconds;
instants are aware and told in the zone that the report names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError
from app.reports.code_words import (
    FILE_KINDS,
    FILE_KINDS_BY_ENDING,
    PRIORITY_WORDS,
    STATUS_IN_SENTENCE,
    STATUS_WORDS,
)
from app.reports.language import Message

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.domain.incident import Status
    from app.reports.language import Language

WEEKDAYS = (
    Message("Monday"),
    Message("Tuesday"),
    Message("Wednesday"),
    Message("Thursday"),
    Message("Friday"),
    Message("Saturday"),
    Message("Sunday"),
)
SHORT_WEEKDAYS = (
    Message("Mon"),
    Message("Tue"),
    Message("Wed"),
    Message("Thu"),
    Message("Fri"),
    Message("Sat"),
    Message("Sun"),
)
_MONTHS = (
    Message("January"),
    Message("February"),
    Message("March"),
    Message("April"),
    Message("May"),
    Message("June"),
    Message("July"),
    Message("August"),
    Message("September"),
    Message("October"),
    Message("November"),
    Message("December"),
)
_SHORT_MONTHS = (
    Message("Jan", "short month"),
    Message("Feb", "short month"),
    Message("Mar", "short month"),
    Message("Apr", "short month"),
    Message("May", "short month"),
    Message("Jun", "short month"),
    Message("Jul", "short month"),
    Message("Aug", "short month"),
    Message("Sep", "short month"),
    Message("Oct", "short month"),
    Message("Nov", "short month"),
    Message("Dec", "short month"),
)
DATE = "pattern of dates"
"""The context of a pattern; it may use day, month, year, short_month, long_month and weekday."""


def status(words: Language, code: Status) -> str:
    """Return a status: "In progress"."""
    return words.of(STATUS_WORDS[code])


def status_in_sentence(words: Language, code: Status) -> str:
    """Return a status as it reads inside a sentence: "in progress"."""
    return words.of(STATUS_IN_SENTENCE[code])


def priority(words: Language, code: str) -> str:
    """Return a priority with its word: "P2 High"; one of another scheme as it is."""
    known = PRIORITY_WORDS.get(code)
    return code if known is None else f"{code} {words.of(known)}"


def duration(words: Language, seconds: float) -> str:
    """Return a duration: "7 min", "2 h 47 min", "32 h 18 min"; minutes are cut, not rounded."""
    minutes = max(int(seconds), 0) // 60
    hours, rest = divmod(minutes, 60)
    if hours:
        return words.text("{hours} h {minutes:02} min", hours=hours, minutes=rest)
    return words.text("{minutes} min", minutes=rest)


def margin(words: Language, seconds: int) -> str:
    """Return how far from the target it ended: "73 min in hand", "3 h 05 min over"."""
    minutes = abs(seconds) // 60
    if minutes < 100:
        amount = words.text("{minutes} min", minutes=minutes)
    else:
        amount = duration(words, abs(seconds))
    if seconds < 0:
        return words.text("{amount} over", amount=amount)
    return words.text("{amount} in hand", amount=amount)


def unbroken(text: str) -> str:
    """Return words that stay together at the end of a line, such as a number and its unit."""
    return text.replace(" ", "\u00a0")


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of a name. Raises InvalidInputError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInputError(
            f"There is no time zone {name!r}; use a name such as Europe/London.", field="zone"
        ) from error


def date_in(words: Language, pattern: Message, local: date) -> str:
    """Write a day by a pattern of the catalogue."""
    return words.of(
        pattern,
        day=local.day,
        month=local.month,
        year=local.year,
        short_month=words.of(_SHORT_MONTHS[local.month - 1]),
        long_month=words.of(_MONTHS[local.month - 1]),
        weekday=words.of(WEEKDAYS[local.weekday()]),
    )


def plain_day(words: Language, local: date) -> str:
    """Return a day of the calendar: "14 Oct 2026"."""
    return date_in(words, Message("{day} {short_month} {year}", DATE), local)


def day_of_month(words: Language, local: date) -> str:
    """Return "14 Oct", for the axis of a chart."""
    return date_in(words, Message("{day} {short_month}", DATE), local)


def month_of_year(words: Language, local: date) -> str:
    """Return "Feb", and "Jan 2026" where a year begins, for the axis of a chart."""
    if local.month > 1:
        return words.of(_SHORT_MONTHS[local.month - 1])
    return date_in(words, Message("{short_month} {year}", DATE), local)


def day(words: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return "14 Oct 2026"."""
    return plain_day(words, at.astimezone(zone))


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return "08:12", which every language writes so."""
    local = at.astimezone(zone)
    return f"{local.hour:02}:{local.minute:02}"


def moment(words: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return "14 Oct 2026, 08:12"."""
    return words.text("{day}, {time}", day=day(words, at, zone), time=clock(at, zone))


def long_day(words: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return "14 October 2026"."""
    return date_in(words, Message("{day} {long_month} {year}", DATE), at.astimezone(zone))


def weekday(words: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return "Wednesday 14 October 2026"."""
    pattern = Message("{weekday} {day} {long_month} {year}", DATE)
    return date_in(words, pattern, at.astimezone(zone))


def offset(at: datetime, zone: ZoneInfo) -> str:
    """Return the difference from UTC that holds at an instant: "UTC+01:00", or "UTC"."""
    difference = at.astimezone(zone).utcoffset()
    minutes = int(difference.total_seconds()) // 60 if difference else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours:02}:{rest:02}"


def zone_words(at: datetime, zone: ZoneInfo) -> str:
    """Name a zone with its offset: "Europe/London, UTC+01:00"; plain "UTC" for UTC itself."""
    shown = offset(at, zone)
    return shown if zone.key in {shown, f"Etc/{shown}"} else f"{zone.key}, {shown}"


def elapsed(words: Language, start: datetime, at: datetime) -> str:
    """Return the time since the report: "0 min", "+1 h 20 min"; before it "−5 min"."""
    seconds = (at - start).total_seconds()
    if abs(seconds) < 60:
        return duration(words, 0)
    return f"{'+' if seconds > 0 else '−'}{duration(words, abs(seconds))}"


def size(words: Language, count: int) -> str:
    """Return a size in decimal units: "212 KB"."""
    if count < 1000:
        return words.text("{amount} B", amount=count)
    amount = float(count)
    for unit in (Message("{amount} KB"), Message("{amount} MB"), Message("{amount} GB")):
        amount /= 1000
        if amount < 999.5 or unit.text.endswith("GB"):
            break
    digits = 1 if amount < 9.95 and not unit.text.endswith("KB") else 0
    return words.of(unit, amount=words.number(amount, digits))


def file_kind(words: Language, name: str, media_type: str) -> str:
    """Name the kind of a file by its ending, else by its media type."""
    known = FILE_KINDS_BY_ENDING.get(name.rpartition(".")[2].lower() if "." in name else "")
    if known is None and media_type.startswith("image/"):
        return words.text("Picture")
    if known is None:
        known = FILE_KINDS.get(media_type, Message("File"))
    return words.of(known)
