"""Held mails in the window: found by count and command, decided by keys; mails dropped on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.services import browsing, mail_intake, mail_quarantine
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.mailing.fetch_keeper import FetchKeeper
from app.ui.mailing.mail_drop import mails_of
from app.ui.mailing.quarantine_dialog import QuarantineDialog
from app.ui.main_window import MainWindow
from tests.services.test_mail_intake import mail
from tests.services.test_mail_quarantine import HELD, held

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    held(desk)
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    assert "tools.held_mails" in window.actions_
    return window


def opened(qtbot: QtBot, window: MainWindow) -> QuarantineDialog:
    window.window_commands.mailing.open_quarantine()
    dialog = window.findChild(QuarantineDialog)
    assert isinstance(dialog, QuarantineDialog)
    qtbot.waitUntil(lambda: dialog.preview.toPlainText() != "")
    return dialog


def test_the_status_bar_counts_what_waits(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    keeper = FetchKeeper(window.bench, window)
    keeper.count_held()
    assert keeper.held.text() == "1 mail held"
    with qtbot.waitSignal(keeper.held_requested):
        qtbot.mouseClick(keeper.held, Qt.MouseButton.LeftButton)
    mail_quarantine.discard(desk, HELD)
    keeper.count_held()
    assert not keeper.held.isVisible()


def test_a_held_mail_is_read_and_let_in_by_keys(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    dialog = opened(qtbot, window)
    assert "mal@evil.example takes no part in it" in dialog.reason.text()
    assert "Please reset my password." in dialog.preview.toPlainText()
    with qtbot.waitSignal(dialog.decided):
        qtbot.keyClick(dialog.let_in, Key.Key_Space)
    assert "reset my password" in "".join(x.text for x in browsing.incident(desk, "1").timeline)
    assert dialog.items == []
    assert dialog.reason.text() == "No mail is held on this computer."
    assert not dialog.let_in.isEnabled()


def test_as_a_new_incident(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    dialog = opened(qtbot, window)
    qtbot.keyClick(dialog.as_new, Key.Key_Space)
    assert browsing.incident(desk, "2").title == "Re: INC-000001"


def test_attached_to_the_number_that_was_typed_or_told_why_not(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    mail_intake.take_in(desk, mail(message_id="<2@x>", subject="Another"), "box")
    dialog = opened(qtbot, window)
    qtbot.keyClicks(dialog.number, "99")
    qtbot.keyClick(dialog.number, Key.Key_Return)
    assert "99" in dialog.reason.text()
    assert len(dialog.items) == 1
    dialog.number.selectAll()
    qtbot.keyClicks(dialog.number, "2")
    qtbot.keyClick(dialog.number, Key.Key_Return)
    assert dialog.items == []
    assert "reset my password" in "".join(x.text for x in browsing.incident(desk, "2").timeline)


def test_a_discarded_mail_is_taken_back(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    dialog = opened(qtbot, window)
    assert not dialog.back.isEnabled()
    qtbot.keyClick(dialog.discard, Key.Key_Space)
    assert dialog.items == []
    qtbot.keyClick(dialog.back, Key.Key_Space)
    assert [one.message_id for one in dialog.items] == [HELD]
    assert not dialog.back.isEnabled()
    assert mail_quarantine.count_waiting(desk) == 1


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag files over the window and drop them; tell whether it took the drag."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy = Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    enter.setAccepted(False)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(
        window, QDropEvent(QPointF(5, 5), copy, data, left, none, QEvent.Type.Drop)
    )
    return True


def test_mails_dropped_on_the_window_become_incidents(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    heard: list[Any] = []
    window.bench.said.connect(heard.append)
    path = tmp_path / "new.eml"
    path.write_bytes(mail(message_id="<drop@x>", subject="Dropped"))
    assert drop(window, path)
    assert browsing.incident(desk, "2").title == "Dropped"
    assert "INC-000002 New incident from Nina Berg" in heard[-1].text
    qtbot.waitUntil(lambda: getattr(window.pages.front.incident, "number", "") == "INC-000002")
    assert drop(window, path)
    assert "is in INC-000002 already" in heard[-1].text


def test_other_files_are_not_taken_for_mails(window: MainWindow, tmp_path: Path) -> None:
    assert not drop(window, tmp_path / "a.eml", tmp_path / "b.txt")
    assert mails_of(QMimeData()) == []
