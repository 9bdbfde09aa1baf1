"""The report of a period: its numbers are those of the metrics, its pages can be read and found."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident import CancelReason, EntityId, PendingReason
from app.domain.incident_record import IncidentDraft
from app.domain.metrics import to_json
from app.reports.language import ENGLISH
from app.reports.period_parts import BarChart
from app.reports.period_record import span_words
from app.services import logging_incidents, measuring, moves, period_reporting, stakeholders
from app.services.period_reporting import ReportCancelledError
from tests.services.conftest import MONDAY, SOLVED

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk
    from app.system.clock import PinnedClock

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def worked(desk: Desk, clock: PinnedClock, count: int = 24) -> list[EntityId]:
    """Log incidents, five hours apart, and take each a different way."""
    made = []
    for number in range(count):
        at = MONDAY + 5 * number * HOUR
        clock.set(at)
        draft = IncidentDraft(
            title=f"Printer {number} prints nothing & more < less",
            team=("Network", "Desk")[number % 2],
            impact=1 + number % 3,
            urgency=2,
            category="Hardware/Printer",
        )
        uid = logging_incidents.log(desk, draft).ids["incident"][0]
        made.append(uid)
        if number % 6 == 5:
            moves.cancel(desk, [uid], CancelReason.UNNECESSARY)
            continue
        clock.set(at + timedelta(minutes=5 + number))
        moves.start(desk, [uid])
        if number % 4 == 1:
            moves.pend(desk, [uid], PendingReason.VENDOR, at + 9 * HOUR)
            clock.set(at + 2 * HOUR)
            moves.resume(desk, [uid])
        if number % 5:
            clock.set(at + 3 * HOUR)
            moves.resolve(desk, [uid], SOLVED)
        if number % 7 == 2:
            stakeholders.survey(desk, uid, answer=1 + number % 5)
    clock.set(APRIL + 9 * HOUR)
    return made


def text_of(pdf: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def test_every_number_is_that_of_the_metrics(desk: Desk, clock: PinnedClock) -> None:
    worked(desk, clock)
    figures = period_reporting.figures(desk, MARCH, APRIL)
    told = to_json(measuring.measure(desk, from_at=MARCH, to_at=APRIL))
    assert to_json(figures.metrics) == told
    assert sum(step.opened for step in figures.trend) == told["counts"]["n"] == 24
    assert sum(step.resolved for step in figures.trend) == told["mttr"]["n"]
    assert sum(one.resolution.n for one in figures.attainment) == told["sla_resolution"]["n"]
    for loads in (figures.teams, figures.people):
        assert sum(one.opened for one in loads) == told["counts"]["n"]
        assert sum(one.resolved for one in loads) == told["mttr"]["n"]
        assert sum(one.backlog for one in loads) == told["backlog"]["value"]
    assert sum(map(sum, figures.heat)) == told["counts"]["n"]
    assert sum(figures.answers) == told["csat"]["answers"]
    assert len(figures.listed) == 24


def test_each_chart_has_a_table_and_says_its_numbers_in_words(
    desk: Desk, clock: PinnedClock
) -> None:
    worked(desk, clock)
    charts = [part for part in period_reporting.record(desk, MARCH, APRIL).parts if part.chart]
    assert len(charts) >= 6
    for part in charts:
        assert part.chart is not None
        assert part.tables, part.title
        assert part.tables[0].rows, part.title
        told = part.chart.description
        assert told.endswith(".")
        if isinstance(part.chart, BarChart):
            for bar in part.chart.bars:
                assert bar.name.lower() in told.lower()
                assert bar.words in told
        else:
            assert "table below has all numbers" in told


def test_the_report_can_be_found_again_and_is_the_same_twice(
    desk: Desk, clock: PinnedClock, tmp_path: Path
) -> None:
    worked(desk, clock)
    facts = period_reporting.write_report(desk, tmp_path / "a.pdf", MARCH, to_at=APRIL, paper="a4")
    clock.set(APRIL + 30 * HOUR)
    period_reporting.write_report(desk, tmp_path / "b.pdf", MARCH, to_at=APRIL, paper="a4")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    text = text_of(tmp_path / "a.pdf")
    record: Any = period_reporting.record(desk, MARCH, APRIL, paper="a4")
    flat = " ".join(text.split())
    for part in record.parts:
        assert part.finding in flat
        for table in part.tables:
            for row in table.rows:
                assert all(cell in flat for cell in row), row
    for row in record.incidents:
        assert row[0] in text
        assert row[1] in flat
    assert facts["record_sha256"][:8] in text
    attached = json.loads(record.record_json)
    assert attached["metrics"]["counts"]["n"] == 24


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_period_without_incidents_says_no_data(desk: Desk, tmp_path: Path, paper: str) -> None:
    path = tmp_path / "empty.pdf"
    period_reporting.write_report(desk, path, MARCH, to_at=APRIL, paper=paper)
    text = text_of(path)
    assert "No data" in text
    assert "0%" not in text
    assert "100%" not in text


def test_a_day_with_one_incident_is_told_without_shares_of_one(
    desk: Desk, clock: PinnedClock
) -> None:
    draft = IncidentDraft(title="Mouse broken", team="Desk", impact=3, urgency=3)
    uid = logging_incidents.log(desk, draft).ids["incident"][0]
    day = MONDAY.replace(hour=0, minute=0)
    clock.set(MONDAY + HOUR)
    moves.start(desk, [uid])
    moves.resolve(desk, [uid], SOLVED)
    stakeholders.survey(desk, uid, answer=2)
    clock.set(day + 24 * HOUR)

    parts = period_reporting.record(desk, day, day + 24 * HOUR).parts

    hour = f"{MONDAY:%H}:00 to {MONDAY + HOUR:%H}:00"
    assert [part.finding for part in parts] == [
        "1 incident opened and 1 resolved: resolving kept pace",
        "P4 met the 95% target",
        "100% of the time to resolve passed before anybody took them up",
        "Nothing recurred more often than chance in the seven days before the period ended",
        "Desk had the one incident opened",
        "The one answer was below 4",
        "1 incident was open at the end, less than a day old",
        f"The one incident came on Monday {hour}",
    ]


def test_teams_that_tie_are_all_named_in_one_order(desk: Desk, clock: PinnedClock) -> None:
    for team in ("Network", "Desk", "Network", "Desk"):
        logging_incidents.log(desk, IncidentDraft(title="Broken", team=team))
    clock.set(MONDAY + HOUR)
    parts = period_reporting.record(desk, MARCH, MONDAY + HOUR).parts
    assert parts[4].finding == "Desk and Network had 50% of the incidents opened each"


def test_a_period_to_come_is_refused_in_a_sentence(desk: Desk, clock: PinnedClock) -> None:
    clock.set(MONDAY)
    with pytest.raises(InvalidInputError, match="has not begun: give a start that is past"):
        period_reporting.record(desk, MONDAY + HOUR, MONDAY + 24 * HOUR)


def test_a_filter_narrows_it_and_a_wrong_period_is_refused(desk: Desk, clock: PinnedClock) -> None:
    worked(desk, clock)
    some = period_reporting.figures(desk, MARCH, APRIL, text="team:network")
    assert {one.team for one in some.listed} == {"Network"}
    with pytest.raises(InvalidInputError, match="no length"):
        period_reporting.figures(desk, APRIL, MARCH)


def test_it_tells_how_far_it_is_and_stops_when_asked(
    desk: Desk, clock: PinnedClock, tmp_path: Path
) -> None:
    worked(desk, clock)
    told: list[int] = []
    path = tmp_path / "report.pdf"
    period_reporting.write_report(
        desk, path, MARCH, to_at=APRIL, progress=lambda done, _total: told.append(done)
    )
    assert told == sorted(told)
    assert told[-1] > 500
    path.unlink()
    with pytest.raises(ReportCancelledError):
        period_reporting.write_report(desk, path, MARCH, to_at=APRIL, cancelled=lambda: True)
    assert not path.exists()


def test_any_text_prints_and_hides_nothing(desk: Desk, clock: PinnedClock, tmp_path: Path) -> None:
    names = (
        "<para>& \U0001f600 team",
        "\u05e6\u05d5\u05d5\u05ea \u05e8\u05e9\u05ea",
        "\u7db2\u8def",
    )
    for name in names:
        logging_incidents.log(
            desk, IncidentDraft(title=f"Help <b>{name}</b> {'x' * 900}", team=name)
        )
    clock.set(APRIL)
    path = tmp_path / "any.pdf"
    period_reporting.write_report(desk, path, MARCH, to_at=APRIL)
    text = text_of(path)
    assert "<para>&" in text
    assert "\u7db2\u8def" in text
    assert "Help <b>" in text


def test_a_period_over_a_change_of_clocks_has_each_day_once(desk: Desk, clock: PinnedClock) -> None:
    worked(desk, clock)
    from_at, to_at = datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, 23, tzinfo=UTC)
    figures = period_reporting.figures(desk, from_at, to_at)
    assert [step.starts.day for step in figures.trend] == [28, 29, 30]


def test_what_happens_after_the_end_leaves_a_past_period_as_it_was(
    desk: Desk, clock: PinnedClock
) -> None:
    ids = worked(desk, clock)
    before = period_reporting.figures(desk, MARCH, APRIL)
    left = next(one for one in before.listed if one.state == "open")
    moves.resolve(desk, [left.id], SOLVED)  # type: ignore[list-item]
    after = period_reporting.figures(desk, MARCH, APRIL)
    assert after.listed == before.listed
    assert after.trend == before.trend
    assert len(ids) == 24


def test_a_period_that_is_not_over_ends_now(desk: Desk, clock: PinnedClock) -> None:
    logging_incidents.log(desk, IncidentDraft(title="Due tomorrow", impact=2, urgency=2))
    clock.set(MONDAY + HOUR)
    figures = period_reporting.figures(desk, MARCH, APRIL)
    sla: Any = figures.metrics["sla_resolution"]
    assert not sla.has_data, "what falls due later is not late"
    assert figures.period.high == round(clock.now().timestamp() * 1000) + 1
    with pytest.raises(InvalidInputError, match="not begun"):
        period_reporting.figures(desk, APRIL, APRIL + HOUR)


def test_a_list_that_is_too_long_says_where_it_ends(
    desk: Desk, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worked(desk, clock)
    monkeypatch.setattr("app.reports.period_record.LIST_LIMIT", 10)
    record = period_reporting.record(desk, MARCH, APRIL)
    assert len(record.incidents) == 10
    path = tmp_path / "cut.pdf"
    period_reporting.write_report(desk, path, MARCH, to_at=APRIL)
    assert "the first 10 of 24 incidents" in " ".join(text_of(path).split())


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((3, 1, 0), (4, 1, 0), "1 Mar 2026 to 31 Mar 2026"),
        ((3, 1, 0), (3, 2, 0), "1 Mar 2026"),
        ((3, 1, 0), (3, 20, 15), "1 Mar 2026 to 20 Mar 2026, 15:00"),
        ((3, 1, 8), (3, 20, 0), "1 Mar 2026, 08:00 to 20 Mar 2026, 00:00"),
    ],
)
def test_a_span_is_told_in_whole_days_where_it_is_made_of_them(
    start: tuple[int, int, int], end: tuple[int, int, int], words: str
) -> None:
    opens, closes = (datetime(2026, *at, tzinfo=UTC) for at in (start, end))
    assert span_words(ENGLISH, opens, closes, ZoneInfo("UTC")) == words


def test_it_can_be_stopped_at_every_step(desk: Desk, clock: PinnedClock, tmp_path: Path) -> None:
    worked(desk, clock, 12)
    path = tmp_path / "report.pdf"
    asked = 0

    def never() -> bool:
        nonlocal asked
        asked += 1
        return False

    period_reporting.write_report(desk, path, MARCH, to_at=APRIL, cancelled=never)
    path.unlink()
    assert asked > 20
    for stop_at in range(1, asked + 1, max(asked // 12, 1)):
        answers = iter([*[False] * (stop_at - 1), True])
        with pytest.raises(ReportCancelledError):
            period_reporting.write_report(
                desk, path, MARCH, to_at=APRIL, cancelled=answers.__next__
            )
        assert list(tmp_path.glob("*.pdf*")) == []
    again = period_reporting.write_report(desk, path, MARCH, to_at=APRIL)
    assert again["pages"] >= 2, "a stopped report leaves nothing locked"
