"""A new version comes as a notification with its words and page; a test says what stands there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.services import configuration, sharing, updates
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.system.version_file import NAME
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.notifications import version_watch
from app.ui.notifications.notifier import Notifier
from app.ui.notifications.version_window import VersionWindow
from tests.ui.notifications.test_notifier import FakeTray

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme
    from app.ui.workbench import Message

FILE = "9.1 https://example.org/desk <b>Prints</b> faster."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "p"), clock, person="Ana Ruiz")


@pytest.fixture
def hub(desk: Desk, tmp_path: Path) -> Path:
    hub = tmp_path / "hub"
    hub.mkdir()
    sharing.create(desk, str(hub))
    return hub


@pytest.fixture
def tray() -> FakeTray:
    return FakeTray()


def opened(qtbot: QtBot, theme: Theme, desk: Desk, tray: FakeTray) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w.notifier, "quitting", True))
    vars(window)["notifier"] = Notifier(window, tray)  # type: ignore[arg-type]
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    window.notifier.start()
    window.versions.start()
    return window


def test_a_new_version_is_shown_once_and_opens_its_words_and_page(
    qtbot: QtBot,
    theme: Theme,
    desk: Desk,
    hub: Path,
    tray: FakeTray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (hub / NAME).write_text(FILE, "utf-8")
    configuration.set_setting(desk, "updates.source", "folder")
    window = opened(qtbot, theme, desk, tray)
    qtbot.waitUntil(lambda: bool(tray.said))
    headline, text, urgent = tray.said[0]
    assert headline == "Incident Desk 9.1 is there"
    assert "https://example.org/desk" in text
    assert not urgent
    window.versions.look()
    window.notifier.look()
    assert len(tray.said) == 1

    window.notifier.open_list()
    qtbot.keyClick(window.notifier.panel.list, Qt.Key.Key_Return)
    told = window.findChild(VersionWindow)
    assert told is not None
    assert told.words.toPlainText() == "<b>Prints</b> faster."
    assert told.address.text() == "https://example.org/desk"
    went: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(went.append(url.toString())))
    qtbot.mouseClick(told.open_address, Qt.MouseButton.LeftButton)
    assert went == ["https://example.org/desk"]
    assert "copy" in told.said.text()
    qtbot.mouseClick(told.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "https://example.org/desk"
    told.reject()


def test_nothing_is_read_while_it_is_off(
    qtbot: QtBot, theme: Theme, desk: Desk, tray: FakeTray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "read", lambda _where: pytest.fail("nobody wants it"))
    window = opened(qtbot, theme, desk, tray)
    said: list[Message] = []
    window.bench.said.connect(said.append)
    window.actions_.run("help.check_version")
    assert "wants no notices" in said[-1].text


@pytest.mark.parametrize(
    ("content", "words", "tone"),
    [
        (FILE, "says 9.1", "ok"),
        ("0.0.1", "older than this", "ok"),
        ("<html>", "where a version such as 1.2.0 is expected", "danger"),
        ("9.1 " + "x" * 100_000, "larger than 16 KB", "danger"),
        (None, f"There is no file {NAME}", "danger"),
    ],
)
def test_the_test_says_what_stands_there(
    qtbot: QtBot,
    theme: Theme,
    desk: Desk,
    hub: Path,
    tray: FakeTray,
    content: str | None,
    words: str,
    tone: str,
) -> None:
    window = opened(qtbot, theme, desk, tray)
    configuration.set_setting(desk, "updates.source", "folder")
    if content is not None:
        (hub / NAME).write_text(content, "utf-8")
    said: list[Message] = []
    window.bench.said.connect(said.append)
    window.actions_.run("help.check_version")
    qtbot.waitUntil(lambda: bool(said))
    assert words in said[0].text
    assert said[0].tone == tone


def test_a_look_that_fails_by_itself_is_a_line_of_the_log(
    qtbot: QtBot,
    theme: Theme,
    desk: Desk,
    hub: Path,
    tray: FakeTray,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (hub / NAME).write_text("<html>", "utf-8")
    configuration.set_setting(desk, "updates.source", "folder")
    with caplog.at_level("INFO", logger=version_watch.__name__):
        window = opened(qtbot, theme, desk, tray)
        said: list[Message] = []
        window.bench.said.connect(said.append)
        qtbot.waitUntil(lambda: "version such as 1.2.0" in caplog.text)
    assert said == []
    assert tray.said == []
