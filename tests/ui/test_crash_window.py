"""What failed before is told at the next start, once, and nothing leaves the computer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.ui.application import tell_crashes
from app.ui.crash_window import CrashWindow
from tests.ui.test_application import make_window

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.bootstrap import run_window
from app.system.paths import Profile
from app.ui import crash_window

class Quick(crash_window.CrashWindow):
    def showEvent(self, event):
        super().showEvent(event)
        print("TOLD", self.details.toPlainText(), flush=True)

crash_window.CrashWindow = Quick

def then():
    {what}

def look():
    windows = [one for one in QApplication.topLevelWidgets() if hasattr(one, "after_paint")]
    if windows and windows[0].after_paint.is_done:
        looking.stop()
        QTimer.singleShot(300, then)

looking = QTimer()
looking.setInterval(50)
looking.timeout.connect(look)
from app.ui import application
begin = application._application
def started():
    made = begin()
    looking.start()
    return made
application._application = started
run_window(Profile(Path(sys.argv[1])), person="Ana Ruiz")
"""
QUIT = "QApplication.instance().quit()"


def start(profile: Path, what: str) -> str:
    """Open the window in a process of its own, do something in it; return what was told."""
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(what=what), str(profile)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
    )
    return done.stdout


def test_a_hard_abort_is_told_at_the_next_start_once(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    assert "TOLD" not in start(profile, "import os; os.abort()")
    told = start(profile, QUIT)
    assert told.count("TOLD") == 1
    assert "Fatal Python error: Aborted" in told
    assert "Qt: " in told
    assert "TOLD" not in start(profile, QUIT)


def test_an_exception_in_a_slot_is_told_at_the_next_start_once(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    failing = "QTimer.singleShot(500, QApplication.instance().quit); raise ValueError(3)"
    assert "TOLD" not in start(profile, failing)
    told = start(profile, QUIT)
    assert told.count("TOLD") == 1
    assert "ValueError" in told
    assert "SQLite: " in told
    assert "TOLD" not in start(profile, QUIT)


def test_copy_open_folder_and_forget(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(qtbot, tmp_path, theme)
    crashes = tmp_path / "crashes"
    crashes.mkdir()
    file = crashes / "crash-20260309T090000Z.txt"
    file.write_text("where it happened", encoding="utf-8")
    tell_crashes(window, crashes)
    told = window.findChild(CrashWindow)
    assert told is not None
    assert told.isVisible()
    assert not told.isModal()
    qtbot.mouseClick(told.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "where it happened"
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toLocalFile()))
    )
    qtbot.mouseClick(told.open_folder, Qt.MouseButton.LeftButton)
    assert opened == [str(crashes)]
    assert str(crashes) in told.said.text()
    assert not told.forget.isDefault()
    assert not told.forget.autoDefault()
    qtbot.mouseClick(told.forget, Qt.MouseButton.LeftButton)
    assert not told.isVisible()
    assert not file.exists()
