"""Named periods begin and end where the calendar says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.period_presets import PRESETS, days_of


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("this_week", date(2026, 3, 9), date(2026, 3, 15)),
        ("last_week", date(2026, 3, 2), date(2026, 3, 8)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("this_quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("last_quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("this_year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_each_on_a_wednesday_in_march(preset: str, first: date, last: date) -> None:
    assert days_of(preset, date(2026, 3, 11)) == (first, last)


def test_every_day_lies_in_its_own_periods_and_the_last_one_ends_the_day_before() -> None:
    for n in range(0, 1_600, 3):
        today = date(2023, 12, 30) + timedelta(days=n)
        for preset in PRESETS[::2]:
            first, last = days_of(preset, today)
            assert first <= today <= last
            assert days_of(preset.replace("this", "last"), today)[1] == first - timedelta(days=1)
