"""Read and write the parts of a calendar file: days, windows and holidays (cli.md, Formats)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from app.domain.errors import InvalidInputError

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_DAY_MIN: Final = 1_440
_WINDOW: Final = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})\s*")


def read_list(name: str, field: str, values: object) -> list[object]:
    """Return a list of texts or dates; a single one counts as a list of one, nothing as none."""
    if values is None:
        return []
    if isinstance(values, (str, date)):
        return [values]
    if isinstance(values, (list, tuple)):
        return list(values)
    what = "windows" if field == "open" else "holidays"
    raise InvalidInputError(
        f"The calendar {name!r} needs its {what} as a list, not {values!r}.", field=field
    )


def read_weekday(name: str, key: str) -> int:
    """Return the number of a day, Monday 0, from "mon" or "Monday"."""
    word = key.strip().lower()
    for index, full in enumerate(_DAY_NAMES):
        if word in (WEEKDAYS[index], full.lower()):
            return index
    raise InvalidInputError(
        f"The calendar {name!r} names the day {key!r}; use mon, tue, wed, thu, fri, sat and sun.",
        field="open",
    )


def read_window(name: str, weekday: int, text: object) -> tuple[int, int]:
    """Read "09:00-17:00" or "22:00-06:00" as (opens, closes) in minutes from midnight."""
    match = _WINDOW.fullmatch(str(text))
    place = f"The calendar {name!r} has the window {str(text)!r} on {_DAY_NAMES[weekday]}"
    if match is None:
        raise InvalidInputError(f"{place}; write it as 09:00-17:00.", field="open")
    from_h, from_m, to_h, to_m = (int(part) for part in match.groups())
    opens, closes = from_h * 60 + from_m, to_h * 60 + to_m
    if from_m > 59 or to_m > 59 or opens >= _DAY_MIN or closes > _DAY_MIN:
        raise InvalidInputError(
            f"{place}, which is no time of day; hours run from 00:00 to 24:00.", field="open"
        )
    if opens == closes:
        raise InvalidInputError(
            f"{place}, which has no open hour; write 00:00-24:00 for the whole day.", field="open"
        )
    return opens, closes if closes > opens else closes + _DAY_MIN


def window_text(opens: int, closes: int) -> str:
    """Write a window as its file has it."""
    closes = closes if closes <= _DAY_MIN else closes - _DAY_MIN
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def read_holiday(name: str, day: object) -> date:
    """Read a holiday from a date (as TOML has it) or its ISO text."""
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    try:
        return date.fromisoformat(str(day).strip())
    except ValueError:
        raise InvalidInputError(
            f"The calendar {name!r} has the holiday {str(day)!r}; write it as 2026-04-03.",
            field="holidays",
        ) from None
