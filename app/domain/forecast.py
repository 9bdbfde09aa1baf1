"""Forecast next week's arrivals, if the forecast is better than last year's same week.

Exponential smoothing with a fixed weight, judged on the weeks of the desk's own history: for each
of the last weeks both say the week from what was known before it. Only if the mean error of the
smoothing is smaller is there a forecast; else the sentence says why there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

WEIGHT: Final = 0.3
YEAR: Final = 52
JUDGED: Final = 26
LEAST_JUDGED: Final = 8


class Forecast(NamedTuple):
    """`expected` incidents next week (None for no forecast), and how both methods did."""

    expected: float | None
    weeks: int
    """Whole weeks of history."""
    judged: int = 0
    error: float = 0.0
    """Mean absolute error per week of the smoothing."""
    error_last_year: float = 0.0

    def sentence(self) -> str:
        """Say what is expected and why that may be said, or why nothing is."""
        needed = YEAR + LEAST_JUDGED
        if not self.judged:
            return (
                f"No forecast: it is judged against the same week of last year, which needs "
                f"{needed} whole weeks of history; you have {self.weeks}."
            )
        errors = (
            f"over the last {self.judged} weeks it was wrong by {self.error:.1f} a week on "
            f"average, last year's same week by {self.error_last_year:.1f}"
        )
        if self.expected is None:
            return f"No forecast: {errors}."
        return f"About {self.expected:.0f} incidents next week: {errors}."


def forecast(weeks: Sequence[int]) -> Forecast:
    """Judge the smoothing on whole weeks of arrivals, the oldest first, and forecast the next."""
    n = len(weeks)
    judged = min(n - YEAR, JUDGED)
    if judged < LEAST_JUDGED:
        return Forecast(None, n)
    levels = [float(weeks[0])]
    for count in weeks[1:]:
        levels.append(WEIGHT * count + (1 - WEIGHT) * levels[-1])
    places = range(n - judged, n)
    error = sum(abs(weeks[at] - levels[at - 1]) for at in places) / judged
    last_year = sum(abs(weeks[at] - weeks[at - YEAR]) for at in places) / judged
    expected = levels[-1] if error < last_year else None
    return Forecast(expected, n, judged, error, last_year)
