"""Bugs come to the window with their file; the sample data say what they are."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QToolBar

from app.services.desk import open_desk
from app.system import crash
from app.system.clock import PinnedClock
from app.system.paths import DEMO_NAME, Profile
from app.ui.application import Bugs
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sample_band import show_sample_band

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def make_window(qtbot: QtBot, folder: Path, theme: Theme) -> MainWindow:
    desk = open_desk(Profile(folder / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_bug_of_any_thread_is_shown_with_its_file(
    qtbot: QtBot,
    tmp_path: Path,
    theme: Theme,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    window = make_window(qtbot, tmp_path, theme)
    bugs = Bugs(window)
    crash.install(tmp_path / "crashes", now=lambda: NOW, on_crash=bugs.met.emit)

    def fails() -> None:
        raise ZeroDivisionError("a bug of ours")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    qtbot.waitUntil(window.errors.isVisible)
    (file,) = (tmp_path / "crashes").glob("crash-*.txt")
    assert "a bug of ours" in file.read_text(encoding="utf-8")
    window.errors.done(0)
    assert file.name in caplog.text

    bugs.raise_anew(ValueError("of a job"))
    qtbot.waitUntil(window.errors.isVisible)
    window.errors.done(0)


def test_sample_data_say_so_and_can_be_left(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    window = make_window(qtbot, tmp_path, theme)
    show_sample_band(window)
    band = window.findChild(QToolBar)
    assert band is not None
    qtbot.waitUntil(band.isVisible)
    leave = band.findChild(QPushButton)
    assert leave is not None
    leave.click()
    assert not window.isVisible()


def test_only_the_sample_profile_is_sample_data(tmp_path: Path) -> None:
    assert Profile(tmp_path / DEMO_NAME).is_sample
    assert not Profile(tmp_path / "incident-desk").is_sample
