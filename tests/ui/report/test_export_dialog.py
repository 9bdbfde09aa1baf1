"""Export this view as PDF: what is chosen of it, in which shape, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.reports.pages import page_count
from app.reports.verify import read_content
from app.services import browsing, demonstration, quick_logging, report_batch
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report.export_dialog import ExportPdfDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a desk with one closed and two open incidents."""
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    demonstration.close_one(desk)
    quick_logging.log_lines(desk, ["printer jams @Nina !2", "vpn drops"])
    return desk


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Workbench:
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


@pytest.fixture
def dialog(qtbot: QtBot, bench: Workbench) -> ExportPdfDialog:
    dialog = ExportPdfDialog(bench, "", "All open", date(2026, 3, 9))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def answer(patch: pytest.MonkeyPatch, name: str, result: Any) -> None:
    patch.setattr(QFileDialog, name, staticmethod(lambda *_given: result))


def test_closed_ones_go_into_one_pdf(
    qtbot: QtBot, dialog: ExportPdfDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "getSaveFileName", (str(tmp_path / "view"), ""))
    with qtbot.waitSignal(dialog.exported) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert told.args[0]["written"] == 1
    assert page_count((tmp_path / "view.pdf").read_bytes()) == told.args[0]["pages"]
    assert not dialog.isVisible()


def test_they_are_written_in_the_language_that_is_chosen(
    qtbot: QtBot, dialog: ExportPdfDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "getSaveFileName", (str(tmp_path / "view"), ""))
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    with qtbot.waitSignal(dialog.exported):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert read_content((tmp_path / "view.pdf").read_bytes()).language == "de-DE"


def test_all_of_them_go_into_a_folder(
    qtbot: QtBot, dialog: ExportPdfDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    answer(monkeypatch, "getExistingDirectory", str(folder))
    dialog.which.setCurrentIndex(1)
    dialog.shape.setCurrentIndex(1)
    with qtbot.waitSignal(dialog.exported):
        dialog.export.click()
    assert len(list(folder.glob("INC-*.pdf"))) == 3


def test_a_period_is_when_they_were_closed(
    dialog: ExportPdfDialog, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for place in range(dialog.period.count()):
        dialog.period.setCurrentIndex(place)
        try:
            uids = report_batch.chosen(desk, dialog.filter_text())
        except report_batch.InvalidInputError:
            uids = []
        found.append([browsing.incident(desk, uid).number for uid in uids])
    assert found == [["INC-000001"], ["INC-000001"], [], ["INC-000001"], []]
    answer(monkeypatch, "getSaveFileName", (str(tmp_path / "view.pdf"), ""))
    dialog.export.click()
    assert "No incident matches" in dialog.words.text()
    assert not (tmp_path / "view.pdf").exists()
    assert dialog.isVisible()


def test_the_months_before_january_are_those_of_last_year(qtbot: QtBot, bench: Workbench) -> None:
    dialog = ExportPdfDialog(bench, "priority:p1", "x", date(2026, 1, 31))
    qtbot.addWidget(dialog)
    dialog.period.setCurrentIndex(2)
    assert dialog.filter_text() == "priority:p1 status:closed closed:2025-12"
