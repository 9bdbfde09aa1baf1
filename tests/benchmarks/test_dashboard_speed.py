"""The dashboard at 100,000 incidents: all figures read, and the first paint of the page.

Nothing fails on time. Goal: the first paint within 300 ms (issue: finding the cause); the limit
beside it is the same counting in one plain pass over every row of the store.
"""

from __future__ import annotations

import os
import statistics
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEventLoop

from app.services import dashboard
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock, from_ms
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.dashboard.dashboard_page import DashboardPage
from app.ui.jobs import JobRunner
from app.ui.theme import install
from app.ui.workbench import Workbench
from tests.benchmarks import made_database
from tests.benchmarks.telling import spent_ms, tell, tell_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

GOAL_MS = 300
TIMES = 5
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give the made store at the evening of its last day."""
    kept = os.environ.get("INCIDENT_DESK_BENCHMARK_PROFILE")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("dashboard")
    if not kept:
        made_database.make(folder).close()
    first = made_database.opened(folder)
    last: Any = first.connection.execute("SELECT max(registered_at) FROM incident").get
    first.close()
    clock = PinnedClock(from_ms(last) + timedelta(hours=9))
    opened = open_desk(Profile(folder), clock, person="Ana Ruiz", zone="Europe/London")
    yield opened
    opened.close()


def test_every_figure_of_28_days(desk: Desk, record_property: Any, capsys: Any) -> None:
    sql = (
        "SELECT status, priority, category, team, count(*), avg(resolved_at - registered_at), "
        "avg(acknowledged_at - registered_at), sum(breached) FROM incident GROUP BY 1, 2, 3, 4"
    )
    dashboard.read(desk)
    ours = statistics.median(spent_ms(lambda: dashboard.read(desk)) for _ in range(TIMES))
    plain = statistics.median(
        spent_ms(lambda: desk.connection.execute(sql).fetchall()) for _ in range(TIMES)
    )
    told = f"figures of 28 days, {made_database.ROWS:,} incidents / one plain aggregate over all"
    tell(capsys, record_property, told, ours, plain, 3.0)
    tell_amount(capsys, record_property, f"figures, {made_database.ROWS:,}", ours, GOAL_MS)


def test_the_first_paint(qapp: QApplication, desk: Desk, record_property: Any, capsys: Any) -> None:
    """Wait as the person does: figures come from another thread, and are on the screen then."""
    theme = install("light", 100)
    jobs = JobRunner(lambda: open_desk(desk.profile, desk.clock, person="Ana Ruiz", zone="UTC"))
    spent = []
    for _ in range(TIMES + 1):
        page = DashboardPage(Workbench(jobs, ChangeBus(), theme))
        page.resize(1200, 860)
        loop = QEventLoop()
        page.shown.connect(loop.quit)

        def paint(page: DashboardPage = page, loop: QEventLoop = loop) -> None:
            page.show()
            loop.exec()
            page.repaint()

        spent.append(spent_ms(paint))
        assert page.board is not None
        assert page.board.has_enough
        page.close()
        page.deleteLater()
        qapp.processEvents()
    jobs.shutdown()
    told = f"first paint of the dashboard, {made_database.ROWS:,}"
    tell_amount(capsys, record_property, told, statistics.median(spent[1:]), GOAL_MS)
