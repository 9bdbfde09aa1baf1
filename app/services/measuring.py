"""Measures the desk: every metric of domain.md over the incidents of a filter and a period.

Nothing here writes. Safe on any thread that has its own desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import metrics
from app.domain.metric_values import Metric, MetricRow, Period
from app.services import browsing
from app.storage import metric_rows
from app.system.clock import to_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.domain.calendar import Calendar
    from app.domain.incident import EntityId
    from app.services.desk import Desk


def measure(
    desk: Desk,
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    text: str = "",
    rows: list[MetricRow] | None = None,
) -> dict[str, Metric]:
    """Return every metric by its key (cli.md, `metrics`); `text` is a line of the filter language.

    `rows` are those of the filter where they were read already.

    Raises:
        InvalidInputError: the filter cannot be understood.
    """
    chosen = browsing.selection(desk, text)
    period = _period(desk, from_at, to_at)
    if rows is None:
        rows = metric_rows.read(desk.connection, chosen.where, chosen.bound(), period.at_ms)
    outages = metric_rows.outages(desk.connection, chosen.where, chosen.bound())
    named = {outage.service for outage in outages}
    agreed = {
        name: calendar for name, calendar in agreed_hours(desk).items() if not text or name in named
    }
    return metrics.measure(rows, period, outages, agreed)


def agreed_hours(desk: Desk) -> dict[str, Calendar]:
    """Return the agreed service time of each service that names a calendar."""
    return {
        name: desk.rules.calendar(calendar)
        for name, calendar in metric_rows.services(desk.connection)
        if calendar
    }


def rows(desk: Desk, text: str = "", pause: Callable[[], object] | None = None) -> list[MetricRow]:
    """Return the incidents of a filter as metrics read them; `pause` is called every few rows."""
    chosen = browsing.selection(desk, text)
    now_ms = to_ms(desk.now())
    return metric_rows.read(desk.connection, chosen.where, chosen.bound(), now_ms, pause)


def incidents_behind(
    desk: Desk,
    key: str,
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    text: str = "",
    part: str = "",
) -> list[EntityId]:
    """Return the incidents that a metric counts, to be opened as a list; KeyError for no metric."""
    period = _period(desk, from_at, to_at)
    return metrics.incidents_behind(key, rows(desk, text), period, part)  # type: ignore[return-value]


def _period(desk: Desk, from_at: datetime | None, to_at: datetime | None) -> Period:
    return Period(
        None if from_at is None else to_ms(from_at),
        None if to_at is None else to_ms(to_at),
        to_ms(desk.now()),
    )
