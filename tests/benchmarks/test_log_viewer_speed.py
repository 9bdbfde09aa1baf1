"""A log of a million lines in the viewer: its first screen, and the memory that it takes.

Nothing fails on time.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, configuration, evidence, log_viewing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.logs.log_viewer import LogViewer
from app.ui.theme import Theme
from app.ui.workbench import Workbench
from tests.benchmarks.telling import tell, tell_amount

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]
NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
LINES = 1_000_000
SCREEN_GOAL_MS = 300.0
MEMORY_GOAL = 3.0
READ_MS = 600_000
FORMS = (
    "INFO  session {} opened for user u{}", "INFO  GET /api/{} took {} ms",
    "ERROR cannot reach db{}:{}, retry", "WARN  job {} done in {} s",
)  # fmt: skip


def used_mb() -> float:
    """Return the memory of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return next(int(line.split()[1]) / 1024 for line in status if "VmRSS" in line)
    except OSError:
        return 0.0


def write(path: Path, lines: int) -> Path:
    rng = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for n in range(lines):
            at = NOW - timedelta(seconds=(lines - n) / 50)
            text = rng.choice(FORMS).format(rng.randrange(10_000), rng.randrange(10_000))
            file.write(f"{at:%Y-%m-%d %H:%M:%S},{n % 1000:03} {text}\n")
    return path


@pytest.fixture
def open_again(tmp_path: Path) -> Callable[[], Desk]:
    """Give what opens the desk of the test, for each lane."""
    return lambda: open_desk(
        Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz", zone="UTC"
    )


def test_a_million_lines(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    open_again: Callable[[], Desk],
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    """Open a short log first: what a program loads once is loaded then."""
    desk = open_again()
    quick_logging.log_lines(desk, ["vpn drops @Nina"])
    uid = browsing.find(desk, "1")
    configuration.set_setting(desk, "files.limit_mb", 200)
    path = write(tmp_path / "long.log", LINES)
    evidence.attach(desk, uid, [write(tmp_path / "short.log", 1_000), path])
    files = {one.name: one for one in browsing.incident(desk, uid).attachments}
    jobs = JobRunner(open_again)
    bench = Workbench(jobs, ChangeBus(), Theme(qapp))
    for name in ("short.log", "long.log"):
        before = used_mb()
        begin = perf_counter()
        log = log_viewing.open_log(desk, files[name])
        assert log is not None
        viewer = LogViewer(bench, log)
        viewer.show()
        viewer.lines.viewport().repaint()
        spent = (perf_counter() - begin) * 1000
        most = [0.0]

        def read(viewer: LogViewer = viewer, most: list[float] = most) -> bool:
            most[0] = max(most[0], used_mb())
            return viewer.done_

        qtbot.waitUntil(read, timeout=READ_MS)
        count = viewer.model.rowCount()
        templates = len(log.summary().templates)
        viewer.close()
    tell_amount(capsys, record_property, "first screen of a long log", spent, SCREEN_GOAL_MS)
    size = path.stat().st_size / 1_048_576
    tell(capsys, record_property, "long log, memory", most[0] - before, size, MEMORY_GOAL, "MB")
    assert (count, templates) == (LINES, len(FORMS))
    jobs.shutdown()
