"""The report of a period is asked for, made away from the window, shown and saved."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDialogButtonBox

from app.reports.verify import read_content
from app.services import period_reporting, quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.report.page_list import PAGE_ROLE
from app.ui.report.period_dialog import PeriodDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def made(qtbot: QtBot, tmp_path: Path, theme: Theme) -> PeriodDialog:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz", zone="Europe/London")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    dialog = PeriodDialog(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_a_preset_fills_in_the_days_and_a_day_is_ones_own(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    dialog = made(qtbot, tmp_path, theme)
    assert (dialog.first.date(), dialog.last.date()) == (QDate(2026, 2, 1), QDate(2026, 2, 28))
    dialog.preset.setFocus()
    qtbot.keyClick(dialog.preset, Qt.Key.Key_Up)
    assert dialog.last.date() == QDate(2026, 3, 31)
    dialog.last.setFocus()
    qtbot.keyClick(dialog.last, Qt.Key.Key_Down)
    assert dialog.preset.currentData() == "own"


def test_it_is_made_shown_and_saved(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    dialog = made(qtbot, tmp_path, theme)
    dialog.preset.setCurrentIndex(dialog.preset.findData("this_month"))
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    preview = dialog.preview
    assert preview is not None
    qtbot.addWidget(preview)
    assert len(preview.pages) >= 2
    assert not preview.pages[0].data(PAGE_ROLE).isNull()
    path = tmp_path / "march.pdf"
    preview.save_to(path)
    assert path.read_bytes().startswith(b"%PDF-")
    assert "march.pdf" in preview.words.text()


def test_it_is_made_in_the_language_that_is_chosen(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    dialog = made(qtbot, tmp_path, theme)
    dialog.preset.setCurrentIndex(dialog.preset.findData("this_month"))
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    preview = dialog.preview
    assert preview is not None
    qtbot.addWidget(preview)
    preview.save_to(tmp_path / "march.pdf")
    assert read_content((tmp_path / "march.pdf").read_bytes()).language == "de-DE"


def test_what_cannot_be_made_is_said(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    dialog = made(qtbot, tmp_path, theme)
    dialog.first.setDate(QDate(2026, 5, 1))
    dialog.last.setDate(QDate(2026, 4, 1))
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    assert "turn them round" in dialog.words.text()
    assert dialog.preview is None
    assert dialog.findChild(QDialogButtonBox) is not None


def test_stop_ends_the_run_and_the_dialog_can_be_used_again(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = Profile(tmp_path / "profile")
    open_desk(profile, CLOCK, person="Ana Ruiz", zone="Europe/London").close()
    began = threading.Event()

    def endless(*_: object, cancelled: object, **__: object) -> None:
        began.set()
        while not cancelled():  # type: ignore[operator]
            threading.Event().wait(0.01)
        raise period_reporting.ReportCancelledError

    monkeypatch.setattr(period_reporting, "report_bytes", endless)
    jobs = JobRunner(lambda: open_desk(profile, CLOCK, person="Ana Ruiz", zone="Europe/London"))
    dialog = PeriodDialog(Workbench(jobs, ChangeBus(), theme))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.make.isEnabled)
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(began.is_set)
    run = dialog.run
    assert run is not None
    run.reject()
    qtbot.waitUntil(dialog.make.isEnabled)
    assert "stopped" in dialog.words.text()
    assert jobs.shutdown()
