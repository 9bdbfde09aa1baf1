"""The queue at 100,000 incidents (or a million): memory, start, scrolling, against bare Qt.

Goals 1, 2 and 4 of speed.md: processes of their own for start and memory; for scrolling a stock
QTableView whose C++ items hold the same rows. Nothing fails on time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from app.ui.change_bus import ChangeBus
from app.ui.incidents import cells
from app.ui.jobs import JobRunner
from app.ui.main_window import MainWindow
from app.ui.theme import install
from tests.benchmarks import made_database
from tests.benchmarks.starting import (
    BARE,
    OURS,
    ROOT,
    environment,
    seconds_to_list,
    seconds_to_paint,
)
from tests.benchmarks.telling import p95, spent_ms, tell, tell_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = 5
STEPS = 120
START_GOAL = 1.6
MEMORY_GOAL_MB = 150.0

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]

PEAK = """
import re
# Not ru_maxrss: a child starts with the peak of the process that it was forked from.
peak = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1)
print("peak", peak, flush=True)
"""
SCROLLED = """
bar = window.queue.tree.verticalScrollBar()
window.filter.setText("status:any")
for _ in range(400):
    application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
for place in range(20):
    bar.setValue(bar.maximum() * place // 19)
    for _ in range(10):
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
"""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = os.environ.get("INCIDENT_DESK_BENCHMARK_PROFILE")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("queue")
    if not kept:
        made_database.make(folder).close()
    return folder


def peak_mb(script: str, *arguments: str) -> float:
    """Return the most memory (MB) that a process had resident."""
    head, _, _ = script.partition('print("painted"')
    tail = "jobs.shutdown()" if "jobs" in head else ""
    done = subprocess.run(
        [sys.executable, "-c", head + PEAK + tail, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
        check=True,
        timeout=300,
    )
    return int(done.stdout.split()[-1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are told in KiB on Linux")
def test_memory_above_a_bare_window(profile: Path, record_property: Any, capsys: Any) -> None:
    bare = peak_mb(BARE.replace("{rows}", "1000"))
    opened = peak_mb(OURS, str(profile))
    scrolled = peak_mb(OURS.replace('print("painted"', SCROLLED + 'print("painted"'), str(profile))
    assert opened > bare, "a window with a list in it takes more than a bare one"
    for words, ours in (("queue open", opened), ("everything scrolled through", scrolled)):
        tell_amount(
            capsys,
            record_property,
            f"memory of {made_database.ROWS:,}, {words} ({ours:.0f} MB) above bare ({bare:.0f} MB)",
            ours - bare,
            MEMORY_GOAL_MB,
            "MB",
        )


def test_the_start_against_a_bare_window(profile: Path, record_property: Any, capsys: Any) -> None:
    bare = BARE.replace("{rows}", str(made_database.ROWS))
    seconds_to_list(str(profile))
    pairs = [(seconds_to_list(str(profile)), seconds_to_paint(bare)) for _ in range(TIMES)]
    ours, limit = (statistics.median(pair[side] for pair in pairs) * 1000 for side in (0, 1))
    words = f"start to the painted queue of {made_database.ROWS:,} / bare window"
    tell(capsys, record_property, words, ours, limit, START_GOAL)


@pytest.fixture
def window(qapp: QApplication, profile: Path) -> Iterator[MainWindow]:
    jobs = JobRunner(lambda: made_database.opened(profile))
    window = MainWindow(jobs, ChangeBus(), install("light", 100))
    window.resize(1440, 900)
    window.show()
    QTest.qWaitForWindowExposed(window)
    settle(lambda: window.queue.total() > 0)
    yield window
    window.close()
    shiboken6.delete(window)
    jobs.shutdown()


def settle(done: Any) -> None:
    """Handle events until a condition holds, and then those that follow."""
    for turn in range(4_000):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if turn > 40 and done():
            return
    raise AssertionError("it never came")


def stock_view(window: MainWindow, rows: int) -> QTableView:
    """Return Qt's own table with C++ items that hold the first rows of the queue as text."""
    tree, model = window.queue.tree, window.queue.model
    keys = model.keys
    table, items = QTableView(), QStandardItemModel()
    parent = model.index(0, 0)
    for place in range(rows):
        row = model.row(model.index(place % 128, 0, parent))
        assert row is not None
        items.appendRow([QStandardItem(cells.cell_text(key, row, 0)) for key in keys])
    table.setModel(items)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(window.queue.delegate.row_height())
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    for section in range(len(keys)):
        table.setColumnWidth(section, tree.columnWidth(section))
    table.resize(tree.size())
    table.show()
    table.selectRow(3)
    QTest.qWaitForWindowExposed(table)
    return table


def test_a_frame_of_scrolling_against_stock_items(
    window: MainWindow, record_property: Any, capsys: Any
) -> None:
    tree = window.queue.tree
    window.queue.step(1)
    settle(lambda: window.queue.current() is not None)
    # 128 rows are one page: what is fetched is measured elsewhere.
    stock = stock_view(window, 128)
    ours, limit = [], []
    for step in range(STEPS):
        for view, told in ((tree, ours), (stock, limit)):
            bar = view.verticalScrollBar()
            rows = view.viewport().height() // window.queue.delegate.row_height()
            per_row = 1 if view is stock else window.queue.delegate.row_height()
            bar.setValue(step * 3 % max(1, 120 - rows) * per_row)
            told.append(spent_ms(view.viewport().repaint))
    stock.close()
    shiboken6.delete(stock)
    words = "a frame of scrolling, p95, selection, elision, colours / stock C++ items"
    tell(capsys, record_property, words, p95(ours), p95(limit), 1.0)
    words = "a frame of scrolling, median / stock C++ items"
    tell(capsys, record_property, words, statistics.median(ours), statistics.median(limit), 1.0)
