"""The dialog that writes the form for the intranet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report_form.form_dialog import FormDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def dialog(
    tmp_path: Path, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> FormDialog:
    page = str(tmp_path / "report.html")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (page, ""))
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    made = FormDialog(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_page_for_mail_is_written(dialog: FormDialog, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.keyClicks(dialog.place, "desk@example.com")
    qtbot.keyClick(dialog.place, Qt.Key.Key_Return)

    assert "mailto:desk@example.com" in (tmp_path / "report.html").read_text("utf-8")
    assert not dialog.isVisible()


def test_the_page_for_a_folder_is_written(dialog: FormDialog, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.keyClick(dialog.by_file, Qt.Key.Key_Space)
    qtbot.keyClicks(dialog.place, r"\\files\reports")
    qtbot.mouseClick(dialog.write, Qt.MouseButton.LeftButton)

    assert r"<strong>\\files\reports</strong>" in (tmp_path / "report.html").read_text("utf-8")


def test_a_wrong_address_is_refused_in_the_dialog(
    dialog: FormDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClicks(dialog.place, "nobody")
    qtbot.keyClick(dialog.place, Qt.Key.Key_Return)

    assert "is no address" in dialog.problem.text()
    assert dialog.isVisible()
    assert not (tmp_path / "report.html").exists()
