"""Closing with a letter by keys, the outbox, and what the window says of each letter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit

from app.domain.errors import MailHeldError
from app.domain.incident import Status
from app.domain.letter import LetterState
from app.services import (
    browsing,
    configuration,
    mail_settings,
    moves,
    outgoing,
    posting,
    quick_logging,
    sending,
)
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.closing.close_dialog import CloseDialog
from app.ui.jobs import InlineJobs
from app.ui.mailing.mail_page import MailSettings
from app.ui.mailing.outbox_dialog import OutboxDialog
from app.ui.main_window import MainWindow
from tests.mail_server import BreakingServer, Received, mail_server

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina to:me"])
    moves.start(desk, [browsing.find(desk, "1")])
    configuration.set_setting(desk, "outgoing.sender", "IT desk <desk@example.org>")
    configuration.set_setting(desk, "outgoing.server", "127.0.0.1")
    configuration.set_setting(desk, "outgoing.security", "none")
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    assert "tools.outbox" in window.actions_
    return window


@pytest.fixture
def said(window: MainWindow) -> list[Any]:
    heard: list[Any] = []
    window.bench.said.connect(heard.append)
    return heard


def close_by_keys(qtbot: QtBot, window: MainWindow, desk: Desk, to: str) -> CloseDialog:
    dialog = CloseDialog(window.bench, browsing.incident(desk, "1"), window)
    dialog.show()
    qtbot.waitExposed(dialog)
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    qtbot.keyClicks(dialog.confirmed_how, "phone")
    row = dialog.told.mail
    assert not row.field.isEnabled()
    qtbot.keyClick(row.box, Key.Key_Space)
    assert row.field.text() == "Nina"
    row.field.selectAll()
    qtbot.keyClicks(row.field, to)
    qtbot.keyClick(dialog.note, Key.Key_Return, CTRL)
    return dialog


def standing(window: MainWindow, desk: Desk) -> None:
    """Let the keeper see what the thread would tell it."""
    keeper = window.window_commands.mailing.keeper
    keeper._on_told(posting.standing(desk, sending.send_next(desk)))


def later(desk: Desk, seconds: float) -> None:
    desk.clock._ms += int(seconds * 1000)  # type: ignore[attr-defined]


def test_closing_with_a_letter_announces_it_and_undo_takes_both_back(
    qtbot: QtBot, window: MainWindow, desk: Desk, said: list[Any]
) -> None:
    dialog = close_by_keys(qtbot, window, desk, "Nina <nina@example.org>")
    assert dialog.problem.text() == ""
    qtbot.waitUntil(lambda: any("goes to Nina by mail in 15 s" in one.text for one in said))
    message = said[-1]
    assert message.undo
    assert message.least_s == 15
    assert window.toast._timer.interval() >= 15_000
    assert window.window_commands.mailing.keeper.status.text() == "1 letter leaving"
    window.toast.undo.click()
    assert browsing.incident(desk, "1").status is not Status.CLOSED
    assert outgoing.letters(desk)[0].state is LetterState.STOPPED
    qtbot.waitUntil(lambda: window.window_commands.mailing.keeper.status.isHidden())


def test_somebody_without_an_address_keeps_the_dialog_open(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    dialog = close_by_keys(qtbot, window, desk, "Nina")
    assert "Nina has no mail address here" in dialog.problem.text()
    assert dialog.isVisible()
    assert browsing.incident(desk, "1").status is Status.IN_PROGRESS


def test_the_people_of_a_letter_are_kept_as_a_draft(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    dialog = close_by_keys(qtbot, window, desk, "Nina")
    qtbot.keyClick(dialog, Key.Key_Escape)
    again = CloseDialog(window.bench, browsing.incident(desk, "1"), window)
    assert again.told.mail.to() == "Nina"
    assert again.people_told() == []


def test_a_letter_that_was_sent_is_said_and_the_record_is_shown_anew(
    qtbot: QtBot, window: MainWindow, desk: Desk, said: list[Any]
) -> None:
    published: list[Any] = []
    with mail_server(Received()) as port:
        configuration.set_setting(desk, "outgoing.port", port)
        close_by_keys(qtbot, window, desk, "nina@example.org")
        later(desk, 16)
        window.bench.bus.published.connect(published.append)
        standing(window, desk)
    assert said[-1].text.endswith("was mailed to nina@example.org")
    assert published[-1].ids["incident"] == (browsing.find(desk, "1"),)
    assert window.window_commands.mailing.keeper.status.isHidden()


def test_a_server_that_is_away_is_told_in_the_status_with_the_next_try(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    with BreakingServer("never") as gone:
        port = gone.port
    configuration.set_setting(desk, "outgoing.port", port)
    close_by_keys(qtbot, window, desk, "nina@example.org")
    later(desk, 16)
    standing(window, desk)
    status = window.window_commands.mailing.keeper.status
    assert status.text().startswith("1 letter waiting for the mail server, next try")
    assert "cannot be reached" in status.toolTip()
    qtbot.keyClick(status, Key.Key_Space)
    (dialog,) = window.findChildren(OutboxDialog)
    assert "Waits until" in dialog.table.index(0, 2).data()
    assert "cannot be reached" in dialog.words.text()


def test_a_letter_that_needs_a_person_is_said_and_sent_from_the_outbox(
    qtbot: QtBot, window: MainWindow, desk: Desk, said: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise MailHeldError("The password of desk is wrong.")

    close_by_keys(qtbot, window, desk, "nina@example.org")
    later(desk, 16)
    with monkeypatch.context() as patch:
        patch.setattr("app.intake.smtp_client.deliver", refuse)
        standing(window, desk)
    assert said[-1].tone == "danger"
    assert "The password of desk is wrong." in said[-1].text
    keeper = window.window_commands.mailing.keeper
    assert keeper.status.text() == "1 letter could not be sent"
    window.actions_.run("tools.outbox")
    (dialog,) = window.findChildren(OutboxDialog)
    assert dialog.table.index(0, 2).data() == "Held back"
    qtbot.keyClick(dialog.send, Key.Key_Space)
    assert outgoing.letters(desk)[0].state is LetterState.WAITING
    qtbot.keyClick(dialog.stop, Key.Key_Space)
    assert outgoing.letters(desk)[0].state is LetterState.STOPPED
    assert not dialog.send.isEnabled()
    assert not dialog.stop.isEnabled()


def test_without_a_server_the_letter_opens_in_the_mail_program(
    qtbot: QtBot, window: MainWindow, desk: Desk, said: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def take(url: Any) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    configuration.set_setting(desk, "outgoing.server", "")
    close_by_keys(qtbot, window, desk, "nina@example.org")
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].endswith("INC-000001.eml")
    qtbot.waitUntil(lambda: "open in your mail program" in said[-1].text)
    assert len(browsing.incident(desk, "1").told) == 1
    assert len(opened) == 1


def test_the_outbox_of_a_new_profile_says_that_it_is_empty(
    window: MainWindow,
) -> None:
    window.actions_.run("tools.outbox")
    (dialog,) = window.findChildren(OutboxDialog)
    assert "Nothing was mailed" in dialog.words.text()
    assert not dialog.send.isEnabled()


def test_the_password_is_kept_and_the_server_tried(
    qtbot: QtBot, window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(mail_settings, "set_password", lambda _desk, word: kept.append(word))
    page = MailSettings(window.bench)
    qtbot.addWidget(page)
    assert page.password.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(page.password, "open sesame")
    qtbot.keyClick(page.keep, Key.Key_Space)
    assert kept == ["open sesame"]
    assert page.password.text() == ""
    with mail_server(Received()) as port:
        configuration.set_setting(desk, "outgoing.port", port)
        qtbot.keyClick(page.try_, Key.Key_Space)
        assert "takes mail from desk@example.org" in page.words.text()
    qtbot.keyClick(page.try_, Key.Key_Space)
    assert "cannot be reached" in page.words.text()


def test_a_reply_is_typed_sent_and_shown_with_its_state(
    qtbot: QtBot, window: MainWindow, desk: Desk, said: list[Any]
) -> None:
    configuration.put_item(desk, "person", "Nina", {"mail": "nina@example.org"})
    uid = browsing.find(desk, "1")
    window.bench.open_incident(uid)
    panel = window.pages.front
    qtbot.waitUntil(lambda: panel.incident is not None)
    panel.composer.focus(reply=True)
    qtbot.keyClicks(panel.composer.text, "Which tray?")
    qtbot.keyClick(panel.composer.text, Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: any("The reply on INC-000001 goes to Nina" in x.text for x in said))

    def first() -> str:
        return str(panel.timeline.entries.index(0, 0).data())

    qtbot.waitUntil(lambda: "Leaves by mail at" in first())
    later(desk, 16)
    with mail_server(Received()) as port:
        configuration.set_setting(desk, "outgoing.port", port)
        standing(window, desk)
    qtbot.waitUntil(lambda: "Sent by mail" in first())
    assert "The reply on INC-000001 was mailed to Nina" in said[-1].text
