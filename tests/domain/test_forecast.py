"""A forecast is given only where it beats last year's same week, and says so."""

from __future__ import annotations

from app.domain.forecast import JUDGED, LEAST_JUDGED, WEIGHT, YEAR, forecast


def test_a_short_history_says_how_much_is_needed() -> None:
    found = forecast([5] * (YEAR + LEAST_JUDGED - 1))
    assert found.expected is None
    assert "60 whole weeks" in found.sentence()
    assert "you have 59" in found.sentence()
    assert forecast([]).expected is None


def test_a_desk_that_grew_is_forecast_better_by_smoothing() -> None:
    weeks = [10] * 52 + [30] * 40
    found = forecast(weeks)
    assert found.judged == JUDGED
    assert found.error < found.error_last_year == 20
    assert found.expected is not None
    assert round(found.expected) == 30
    assert found.sentence().startswith("About 30 incidents next week")


def test_a_desk_with_seasons_is_not_forecast_when_last_year_is_better() -> None:
    weeks = [50 if week % 52 < 4 or week % 2 else 5 for week in range(52 * 3)]
    found = forecast(weeks)
    assert found.error_last_year == 0
    assert found.expected is None
    assert found.sentence().startswith("No forecast: over the last 26 weeks")


def test_the_errors_are_those_of_plain_loops() -> None:
    weeks = [(week * 37) % 23 + week // 9 for week in range(90)]
    level, errors = float(weeks[0]), []
    for count in weeks[1:]:
        errors.append(abs(count - level))
        level = WEIGHT * count + (1 - WEIGHT) * level
    found = forecast(weeks)
    assert abs(found.error - sum(errors[-JUDGED:]) / JUDGED) < 1e-9
    naive = [abs(weeks[at] - weeks[at - YEAR]) for at in range(90 - JUDGED, 90)]
    assert found.error_last_year == sum(naive) / JUDGED
    assert found.expected is None or abs(found.expected - level) < 1e-9
