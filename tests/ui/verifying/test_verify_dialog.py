"""A PDF that is dropped on the window is verified, and the answer is read out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from app.services import browsing, incidents, quick_logging, reporting
from app.services.desk import Desk, open_desk
from app.services.verification import Verdict
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.verifying.verify_dialog import VerifyDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
Copy, Left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    assert "tools.verify" in window.actions_
    return window


@pytest.fixture
def report(desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "Report of printer.PDF"
    reporting.write_report(desk, "1", path)
    return path


def drag(widget: QWidget, *paths: Path) -> bool:
    """Drag files over a widget and drop them if it takes them; tell whether it did."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(9, 9), Copy, data, Left, NONE)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(9, 9), Copy, data, Left, NONE, QEvent.Type.Drop)
    QApplication.sendEvent(widget, drop)
    return drop.isAccepted()


def dialog_of(window: MainWindow) -> VerifyDialog:
    found = window.findChildren(VerifyDialog)
    assert len(found) == 1
    return found[0]


def test_a_pdf_dropped_on_the_window_is_verified(window: MainWindow, report: Path) -> None:
    assert drag(window, report)
    dialog = dialog_of(window)
    assert dialog.found is not None
    assert dialog.found.verdict is Verdict.GENUINE
    assert dialog.verdict.text() == "Genuine"
    assert "by Ana Ruiz" in dialog.reason.text()
    assert not dialog.table.isVisible()


def test_other_files_and_several_are_left_to_others(
    window: MainWindow, report: Path, tmp_path: Path
) -> None:
    assert not drag(window, tmp_path / "notes.txt")
    assert not drag(window, report, report)
    assert window.findChildren(VerifyDialog) == []


@pytest.mark.spoils_reports
def test_each_answer_is_shown_in_words_with_what_differs(
    window: MainWindow, desk: Desk, report: Path, tmp_path: Path
) -> None:
    incidents.add_note(desk, [browsing.find(desk, "1")], "One more thing")
    window.actions_.run("tools.verify")
    dialog = dialog_of(window)
    dialog.verify(report)
    assert dialog.verdict.text() == "The record has changed since"
    assert dialog.table.isVisible()
    assert "One more thing" in dialog.changes.index(0, 2).data()

    altered = tmp_path / "altered.pdf"
    altered.write_bytes(report.read_bytes()[:-9])
    assert drag(dialog, altered)
    assert dialog.verdict.text() == "The file was altered"
    assert not dialog.table.isVisible()

    alien = tmp_path / "alien.docx"
    alien.write_bytes(b"PK")
    assert drag(dialog, alien)
    assert dialog.verdict.text() == "Not a report of ours"

    dialog.verify(tmp_path / "gone.pdf")
    assert dialog.verdict.text() == "The file could not be verified"
    assert "There is no file" in dialog.reason.text()
    assert not dialog.copy.isVisible()


def test_the_answer_is_announced_and_can_be_copied(
    qtbot: QtBot, window: MainWindow, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: heard.append(event.message())
    )
    answer = staticmethod(lambda *_given: (str(report), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    window.actions_.run("tools.verify")
    dialog = dialog_of(window)
    qtbot.keyClick(dialog.choose, Qt.Key.Key_Space)
    assert any(text.startswith("Genuine. ") for text in heard)
    qtbot.keyClick(dialog.copy, Qt.Key.Key_Space)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Genuine\n")
    assert str(report) in copied


def test_an_answer_about_a_file_that_was_left_is_not_shown(
    window: MainWindow, report: Path, tmp_path: Path
) -> None:
    window.actions_.run("tools.verify")
    dialog = dialog_of(window)
    dialog.verify(report)
    found = dialog.found
    assert found is not None
    dialog._path = tmp_path / "other.pdf"
    dialog.found = None
    dialog._on_found((report, found))
    assert dialog.found is None
