"""The mailbox in the window: its page in the settings, and what the status bar says of fetching."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from app.domain.errors import MailHeldError
from app.services import configuration, mailbox_settings
from app.services.collecting import Collected
from app.services.desk import Desk, open_desk
from app.services.mail_intake import Taken
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.mailing.fetch_keeper import FetchKeeper
from app.ui.mailing.mail_page import MailPage, MailSettings, incoming
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    configuration.set_setting(desk, "incoming.server", "imap.example.org")
    configuration.set_setting(desk, "incoming.user", "desk")
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


def test_the_password_is_kept_and_the_mailbox_tested_by_keys(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", kept.get)
    asked: list[Any] = []
    monkeypatch.setattr("app.intake.mailbox.count_unseen", lambda server: asked.append(server) or 2)
    page = MailPage(window.bench, incoming)
    assert page.title == "Mailbox"
    settings = page.widget(window)
    assert isinstance(settings, MailSettings)
    qtbot.keyClicks(settings.password, "open sesame")
    qtbot.keyClick(settings.password, Qt.Key.Key_Return)
    assert kept == {"imap:desk@imap.example.org": "open sesame"}
    assert (settings.password.text(), settings.words.text()) == ("", "Kept.")
    qtbot.keyClick(settings.try_, Qt.Key.Key_Space)
    assert settings.words.text() == (
        "imap.example.org has the folder INBOX of desk; 2 new mails wait in it."
    )
    assert asked[0].password == "open sesame"


def test_of_several_mailboxes_one_is_chosen_for_its_password(
    qtbot: QtBot, window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", kept.__setitem__)
    settings = MailPage(window.bench, incoming).widget(window)
    assert isinstance(settings, MailSettings)
    assert settings.box.isHidden()
    mailbox = {"server": "imap.example.org", "user": "sales"}
    window.bench.write(lambda at: configuration.put_item(at, "mailbox", "Sales", mailbox))
    assert not settings.box.isHidden()
    qtbot.keyClick(settings.box, Qt.Key.Key_Down)
    qtbot.keyClicks(settings.password, "secret")
    qtbot.keyClick(settings.password, Qt.Key.Key_Return)
    assert kept == {"imap:sales@imap.example.org": "secret"}


def test_a_test_that_fails_says_why(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_desk: Desk, _name: str) -> str:
        raise MailHeldError("The password is wrong. Type it again.")

    monkeypatch.setattr(mailbox_settings, "try_mailbox", refuse)
    settings = MailPage(window.bench, incoming).widget(window)
    assert isinstance(settings, MailSettings)
    qtbot.keyClick(settings.try_, Qt.Key.Key_Space)
    assert settings.words.text() == "The password is wrong. Type it again."


def test_the_status_bar_says_how_fetching_goes(qtbot: QtBot, window: MainWindow) -> None:
    keeper = FetchKeeper(window.bench, window)
    heard: list[Any] = []
    window.bench.said.connect(heard.append)
    keeper.on_told(Collected("off"))
    assert not keeper.status.isVisible()
    keeper.on_told(Collected("elsewhere", "Desk 2"))
    assert keeper.status.text() == "Desk 2 fetches the mail"
    keeper.on_told(Collected("fetched", "desk at imap.example.org"))
    assert keeper.status.text() == "Mail is fetched here"
    assert heard == []
    for _ in range(2):
        keeper.on_told(Collected("failed", "The mailbox cannot be reached."))
    assert keeper.status.text() == "Mail cannot be fetched"
    assert keeper.status.toolTip() == "The mailbox cannot be reached."
    assert [one.text for one in heard] == ["The mailbox cannot be reached."]
    with qtbot.waitSignal(keeper.settings_requested):
        qtbot.mouseClick(keeper.status, Qt.MouseButton.LeftButton)
    keeper.on_told(Collected("fetched", "sales at imap.example.org", mailbox="Sales"))
    assert keeper.status.text() == "Mail cannot be fetched"
    assert "Sales: sales at imap.example.org" in keeper.status.toolTip()
    held = Taken("desk:1", "quarantined", "", "It names INC-000001.", "<x@y>")
    keeper.on_told(Collected("fetched", "", (held,)))
    assert heard[-1].text == "desk:1: It names INC-000001."
