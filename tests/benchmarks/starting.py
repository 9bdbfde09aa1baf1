"""Processes of their own for the benchmarks of a start: a bare window of Qt, and the program."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]

BARE = """
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
application = QApplication([])
class Model(QAbstractTableModel):
    def rowCount(self, parent=None):
        return {rows}
    def columnCount(self, parent=None):
        return 7
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return "cell" if role == Qt.ItemDataRole.DisplayRole else None
window, table = QMainWindow(), QTableView()
model = Model()
table.setModel(model)
window.setCentralWidget(table)
window.resize(1440, 900)
window.show()
QTest.qWaitForWindowExposed(window)
window.repaint()
print("painted", flush=True)
"""
OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from app.bootstrap import desk_opener
from app.system.paths import Profile
from app.ui import theme
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.main_window import MainWindow
application = QApplication([])
jobs = JobRunner(desk_opener(Profile(Path(sys.argv[1])), person="Ana Ruiz"))
window = MainWindow(jobs, ChangeBus(), theme.install())
window.resize(1440, 900)
window.show()
QTest.qWaitForWindowExposed(window)
while not window.queue.total():
    application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
window.repaint()
print("painted", flush=True)
sys.stdin.readline()
jobs.shutdown()
"""


def environment() -> dict[str, str]:
    """Return an environment with compiled modules, as every installed program has them."""
    given = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    given["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "incident-desk-benchmark")
    return given


def seconds_to_paint(script: str, *arguments: str) -> float:
    """Return the seconds from the start of a process to its painted window."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        spent = time.perf_counter() - start
        process.communicate("\n", timeout=30)
    assert line == "painted\n"
    return spent


def seconds_to_list(profile: str, program: Sequence[str] = (sys.executable, "-m", "app")) -> float:
    """Return the seconds from the start of the program itself to its painted list."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*program, "--profile", profile, "--as", "Ana Ruiz"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environment(), "INCIDENT_DESK_EVENTS": "1"},
    ) as process:
        assert process.stdout is not None
        told = next((line for line in process.stdout if '"list_painted"' in line), "")
        spent = time.perf_counter() - start
        process.terminate()
    assert told, "the program ended before its list was painted"
    return spent
