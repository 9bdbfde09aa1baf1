"""Users' reports in the window: a real thread takes a file, the queue shows it, faults are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from app.intake.report_file import write_report
from app.services import configuration, report_collecting
from app.services.alert_intake import Taken
from app.services.desk import Desk, open_desk
from app.services.report_collecting import Looked
from app.system.clock import SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.report_form.reports_keeper import ReportsKeeper
from tests.services.test_report_intake import REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

LONG_MS = 30_000


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_report_in_the_folder_shows_in_the_queue(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_collecting, "LOOK_S", 0.05)
    folder = tmp_path / "reports"
    folder.mkdir()
    configuration.set_setting(desk, "reports.folder", str(folder))
    window.window_commands.report_form.start(lambda: open_desk(desk.profile, desk.clock))
    keeper = window.window_commands.report_form.reading
    assert keeper is not None
    watch = window.watch
    try:
        (folder / "a.json").write_bytes(write_report(REPORT))
        with qtbot.waitSignal(keeper.changed, check_params_cb=lambda one: bool(one.taken),
                              timeout=LONG_MS):  # fmt: skip
            pass
        watch.look()
        qtbot.waitUntil(lambda: window.queue.total() == 1, timeout=LONG_MS)
    finally:
        keeper.stop()


def test_what_is_wrong_is_said_and_leads_to_the_setting(qtbot: QtBot, window: MainWindow) -> None:
    keeper = ReportsKeeper(window.bench, window)
    heard: list[Any] = []
    window.bench.said.connect(heard.append)
    keeper.on_told(Looked("read", "/reports"))
    assert keeper.status.isHidden()
    keeper.on_told(Looked("failed", "The folder is gone."))
    assert (keeper.status.text(), keeper.status.toolTip()) == (
        "Reports cannot be read", "The folder is gone.",
    )  # fmt: skip
    with qtbot.waitSignal(keeper.settings_requested):
        qtbot.mouseClick(keeper.status, Qt.MouseButton.LeftButton)
    keeper.on_told(Looked("read", "", (Taken("a.json", "quarantined", "", "It is cut off."),)))
    assert [one.text for one in heard] == ["The folder is gone.", "a.json: It is cut off."]
    assert keeper.status.isHidden()
