"""The periods that people ask for by name: this week, last month, this quarter and so on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

PRESETS: Final = (
    *("this_week", "last_week", "this_month", "last_month"),
    *("this_quarter", "last_quarter", "this_year", "last_year"),
)
"""Weeks begin on Monday (ISO 8601)."""


def days_of(preset: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a preset; raises KeyError for one that is not known."""
    which, _, unit = preset.partition("_")
    starts = _STARTS[unit](today)
    if which == "last":
        starts = _STARTS[unit](starts - timedelta(days=1))
    ends = _STARTS[unit](starts + timedelta(days=_LONGEST[unit])) - timedelta(days=1)
    return starts, ends


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _year(day: date) -> date:
    return date(day.year, 1, 1)


_STARTS: Final = {"week": _week, "month": _month, "quarter": _quarter, "year": _year}
_LONGEST: Final = {"week": 7, "month": 31, "quarter": 92, "year": 366}
