"""The dashboard: its figures over the last days, and the incidents behind each of them.

Nothing here writes. Safe on any thread that has its own desk.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from app.domain import dashboard, dashboard_groups, forecast
from app.domain.alert_rules import read_maintenance
from app.domain.dashboard_events import MAINTENANCE, MAJOR, Event, registered_between
from app.domain.dashboard_values import NEEDED, Board, Card, Span
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.filter_language import quote
from app.domain.folding import fold
from app.domain.incident import EntityId
from app.intake.safe_write import whole_file
from app.services import browsing, measuring, patterns
from app.storage import catalogue, dashboard_rows, metric_rows
from app.system.clock import from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from app.domain.metric_values import MetricRow, Outage
    from app.services.desk import Desk

PERIODS: Final = (7, 28, 90, 365)
"""How many days a dashboard can be about."""
_DAILY: Final = 35
"""Longer periods have one bin a week."""
COLUMNS: Final = (
    *("card", "figure", "label", "value", "unit", "n", "part", "before", "target", "beside"),
    *("formula", "team"),
)
"""The columns of the export."""
_PATTERN: Final = "pattern "
_kept = threading.local()
"""The last figure that a list of this thread asked for."""
_NAMED: Final = re.compile(r"(\d{1,3})d (.+)")
_TEAM: Final = " of team "
"""Stands between a figure and the team whose it is, in the filter that lists what is behind."""


def read(desk: Desk, days: int = 28, team: str = "") -> Board:
    """Return the dashboard of the last `days` days, of all incidents or those of a team."""
    span = span_of(desk, days)
    text = team_filter(team)
    connection = desk.connection
    resolved = dashboard_rows.resolved_up_to(connection, NEEDED)
    if resolved < NEEDED:
        return Board(span, (), resolved, team)
    chosen = browsing.selection(desk, text)
    values = chosen.bound(window=span.before_ms, **{"from": span.from_ms, "to": span.to_ms})
    where = f"({chosen.where}) AND {dashboard_rows.WINDOW}"
    beside = dashboard_rows.beside(connection, where, values)
    recent = f"{where} AND NOT {dashboard_rows.OLD}"
    rows = metric_rows.read(connection, recent, values, span.to_ms)
    every = [*rows, *beside.old]
    outages = metric_rows.outages(connection, dashboard_rows.outage_where(chosen.where), values)
    events = _events(
        desk, span, rows, outages, dashboard_rows.majors(connection, chosen.where, values)
    )
    agreed = measuring.agreed_hours(desk)
    if text:
        named = {one.service for one in outages}
        agreed = {name: calendar for name, calendar in agreed.items() if name in named}
    cards: list[Card] = [
        dashboard.figures(rows, span, beside.late, beside.old),
        dashboard.flow(rows, span, events),
        dashboard.inside_sla(every, span),
        dashboard_groups.waits(beside.waits),
        dashboard_groups.arrivals(rows, span, _Hours(ZoneInfo(desk.store.zone)).of),
        dashboard_groups.categories(rows, span),
        dashboard_groups.workload(beside.loads),
        dashboard_groups.teams(rows, span),
        dashboard.quality(every, span),
        dashboard_groups.services(outages, agreed, span),
    ]
    return Board(span, tuple(cards), resolved, team)


def _events(
    desk: Desk,
    span: Span,
    rows: Sequence[MetricRow],
    outages: Sequence[Outage],
    majors: Iterable[tuple[bytes, int, str]],
) -> list[Event]:
    """Return what happened in the period: major incidents, planned maintenance."""
    zone = ZoneInfo(desk.store.zone)

    def event(at_ms: int, kind: str, name: str, ids: tuple[bytes, ...]) -> Event:
        return Event(at_ms, from_ms(at_ms).astimezone(zone).date().isoformat(), kind, name, ids)

    found = [event(at_ms, MAJOR, title, (uid,)) for uid, at_ms, title in majors]
    found += [
        event(one.from_ms, MAINTENANCE, one.service, (one.id,) if one.id else ())
        for one in outages
        if one.planned and one.service
    ]
    for name, said in desk.rules.setting("alerts.maintenance").items():
        with suppress(InvalidInputError):  # an import or an older program wrote it
            window = read_maintenance(name, said)
            begins, ends = to_ms(window.start_at), to_ms(window.end_at)
            behind = registered_between(rows, begins, ends)
            found.append(event(begins, MAINTENANCE, name, behind))
    return [one for one in found if span.from_ms <= one.at_ms < span.to_ms]


def span_of(desk: Desk, days: int) -> Span:
    """Return the last `days` local days, today up to now, in bins of a day or a week."""
    now, zone = desk.now(), ZoneInfo(desk.store.zone)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    step = 1 if days <= _DAILY else 7
    dates = [first + timedelta(days=place) for place in range(0, days, step)]
    starts = [
        to_ms(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)) for day in dates
    ]
    until = to_ms(now) + 1  # what is registered at this very instant counts
    bins = tuple(
        (day.isoformat(), start, end)
        for day, start, end in zip(dates, starts, [*starts[1:], until], strict=True)
    )
    return Span(days, starts[0], until, bins)


def arrivals_forecast(desk: Desk) -> forecast.Forecast:
    """Say how many incidents the next week may bring, if that can be said from the history."""
    return forecast.forecast(
        dashboard_rows.arrivals_by_week(desk.connection, to_ms(desk.now()) + 1)
    )


def teams(desk: Desk) -> list[str]:
    """Return the names of the teams whose figures can be chosen, in their order."""
    return sorted((item.name for item in catalogue.every(desk.connection, "team")), key=fold)


def team_filter(team: str) -> str:
    """Return the filter for the incidents of a team; "" for all of them."""
    return f"team:{quote(team)}" if team else ""


def filter_of(days: int, key: str, team: str = "") -> str:
    """Return the filter that lists the incidents behind a figure, of a team or of all."""
    return f"figure:{quote(f'{days}d {key}{_TEAM}{team}' if team else f'{days}d {key}')}"


def filter_of_pattern(group: str) -> str:
    """Return the filter that lists the incidents of a recurring group."""
    return f"figure:{quote(f'{_PATTERN}{group}')}"


def export_csv(board: Board, path: Path) -> None:
    """Write every figure with its n, what it is compared with and its formula.

    Raises:
        InvalidInputError: the file cannot be written there.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for card in board.cards:
        for mark in card.marks:
            writer.writerow(
                [
                    *(card.key, mark.key, mark.label, _plain(mark.value), mark.unit, mark.n),
                    *(_plain(mark.part), _plain(mark.before), _plain(mark.target)),
                    "; ".join(f"{name} {_plain(number)}" for name, number in mark.more),
                    mark.definition or card.definition,
                    board.team,
                ]
            )
    with whole_file(path) as file:
        file.write(text.getvalue().encode("utf-8-sig"))


def _plain(number: float | None) -> str:
    """Write a number whole: as many digits as it takes to read the same one back."""
    return "" if number is None else str(number)


def ids_behind(desk: Desk, name: str) -> list[EntityId]:
    """Return the incidents behind a figure, named by days and key ("28d sla P1"), or none."""
    if name.casefold().startswith(_PATTERN):
        try:
            found_pattern = patterns.find(desk, name[len(_PATTERN) :].strip())
        except NotFoundError:
            return []
        return [EntityId(one.id) for one in found_pattern.pattern.incidents]
    read_name = _NAMED.fullmatch(name.strip())
    days = int(read_name[1]) if read_name is not None else 0
    if read_name is None or not 1 <= days <= max(PERIODS):
        return []
    key, team = _of_team(desk, read_name[2])
    found = read(desk, days, team).mark(key)
    return [] if found is None else [EntityId(uid) for uid in found.ids]


def _of_team(desk: Desk, name: str) -> tuple[str, str]:
    """Return the key of a figure and its team, "" for all: names of teams may hold anything."""
    for team in sorted(teams(desk), key=len, reverse=True) if _TEAM in name else ():
        end = f"{_TEAM}{team}"
        if name.casefold().endswith(end.casefold()):
            return name[: -len(end)], team
    return name, ""


def figure_clause(desk: Desk, name: str) -> tuple[str, list[Any]]:
    """Return the condition over `incident i` that holds for the incidents behind a figure."""
    stamp = (
        *(str(desk.store.path), desk.store.zone, name, to_ms(desk.now()) // 60_000),
        *(browsing.data_version(desk), desk.connection.total_changes()),
    )
    # A list asks for its bands, its pages and its count: the figure is worked out once for them.
    if getattr(_kept, "stamp", None) != stamp:
        _kept.uids = json.dumps([uid.hex() for uid in ids_behind(desk, name)])
        _kept.stamp = stamp
    uids: str = _kept.uids
    return "i.uid IN (SELECT unhex(value) FROM json_each(?))", [uids]


class _Hours:
    """Weekday and hour of instants in a zone, worked out once for each quarter of an hour."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, at_ms: int) -> tuple[int, int]:
        """Return weekday (0 Monday) and hour."""
        quarter = at_ms // 900_000  # no zone changes its offset within a quarter of an hour
        found = self._known.get(quarter)
        if found is None:
            local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone)
            found = self._known[quarter] = (local.weekday(), local.hour)
        return found
