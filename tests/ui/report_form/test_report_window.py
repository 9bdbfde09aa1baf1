"""The window of a user's own report: nothing leaves that was not shown, and it is written once."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage

from app.intake.report_file import read_report
from app.ui.report_form.report_window import ReportWindow, mail_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def screen() -> QImage:
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


@pytest.fixture
def window(theme: Theme, qtbot: QtBot, tmp_path: Path) -> ReportWindow:
    made = ReportWindow(drop=str(tmp_path), user="Nina Berg", now=lambda: NOW, take=screen)
    qtbot.addWidget(made)
    made.show()
    return made


def take(window: ReportWindow, qtbot: QtBot) -> None:
    window.picture.setFocus()
    qtbot.keyClick(window.picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.shot.image is not None, timeout=10_000)


def test_a_report_is_written_to_the_drop_folder(
    window: ReportWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClicks(window.title, "The printer smokes")
    qtbot.keyClicks(window.description, "Since noon")
    qtbot.mouseClick(window.send, Qt.MouseButton.LeftButton)

    (file,) = tmp_path.iterdir()
    report = read_report(file.read_bytes())
    assert (report.title, report.requester) == ("The printer smokes", "Nina Berg")
    assert (report.written_at, report.effect) == (NOW, "one")
    assert report.picture == b""
    assert window.written == str(file)
    shown = window.facts.text()
    assert all(f"{name}: {value}" in shown for name, value in report.machine.items())


def test_what_is_wrong_has_to_be_said(window: ReportWindow, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.mouseClick(window.send, Qt.MouseButton.LeftButton)

    assert window.problem.text() == "Say in one line what is wrong."
    assert window.title.hasFocus()
    assert not list(tmp_path.iterdir())


def test_facts_stay_here_when_they_are_not_wanted(window: ReportWindow) -> None:
    window.with_facts.setChecked(False)

    assert window.report().machine == {}


def test_a_blacked_out_part_is_gone_from_the_picture(window: ReportWindow, qtbot: QtBot) -> None:
    take(window, qtbot)
    window.shot.apply(QRect(100, 100, 200, 200))

    sent = QImage.fromData(window.report().picture)
    assert sent.size() == screen().size()
    assert sent.pixelColor(150, 150) == QColor("black")
    assert sent.pixelColor(350, 350) == QColor("red")

    window.shot.undo()
    assert QImage.fromData(window.report().picture).pixelColor(150, 150) == QColor("red")


def test_a_part_is_cut_out_by_the_keyboard(window: ReportWindow, qtbot: QtBot) -> None:
    take(window, qtbot)
    window.shot.crop.setChecked(True)
    canvas = window.shot.canvas
    assert canvas is not None
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(canvas, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: window.shot.image.width() < 800, timeout=10_000)
    assert window.shot.image is not None
    assert window.shot.image.height() < 600


def test_no_picture_is_sent_without_being_asked_for_or_once_removed(
    window: ReportWindow, qtbot: QtBot
) -> None:
    assert window.report().picture == b""
    take(window, qtbot)
    assert window.report().picture
    qtbot.mouseClick(window.shot.remove, Qt.MouseButton.LeftButton)
    assert window.report().picture == b""


def test_a_desktop_without_pictures_is_told(theme: Theme, qtbot: QtBot) -> None:
    window = ReportWindow(now=lambda: NOW, take=QImage)
    qtbot.addWidget(window)
    window.show()
    qtbot.mouseClick(window.picture, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: "no program" in window.problem.text(), timeout=10_000)


def test_a_folder_that_has_gone_is_told_and_the_report_stays(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    window = ReportWindow(drop=str(tmp_path / "gone"), user="Nina", now=lambda: NOW)
    qtbot.addWidget(window)
    window.show()
    qtbot.keyClicks(window.title, "Help")
    qtbot.mouseClick(window.send, Qt.MouseButton.LeftButton)

    assert "is not there" in window.problem.text()
    assert window.isVisible()


def test_the_mail_is_a_draft_with_the_picture(window: ReportWindow, qtbot: QtBot) -> None:
    window.title.setText("Smoke")
    take(window, qtbot)

    mail = message_from_bytes(mail_of(window.report(), "desk@example.com"), policy=policy.default)

    assert (mail["To"], mail["Subject"], mail["X-Unsent"]) == ("desk@example.com", "Smoke", "1")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["screen.png"]
