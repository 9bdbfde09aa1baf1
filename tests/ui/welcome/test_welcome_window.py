"""The first minute by keys alone: two Enters on a new computer, a folder, a server, a way back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services import sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.jobs import InlineJobs
from app.ui.sharing.place_form import FOLDER, HERE, SERVER
from app.ui.welcome.welcome_window import Answers, WelcomeWindow
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


class Opened:
    """The desks that were opened, by the names of their people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desks: list[Desk] = []

    def open_as(self, name: str) -> Callable[[], Desk]:
        def opened() -> Desk:
            clock = PinnedClock(datetime.now(UTC))
            self.desks.append(open_desk(Profile(self.folder), clock, login=name))
            return self.desks[-1]

        return opened


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return Opened(tmp_path / "profile")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, opened: Opened) -> WelcomeWindow:
    del theme
    nothing: Any = None
    made = WelcomeWindow(
        InlineJobs(nothing),
        lambda opener: InlineJobs(opener()),
        opened.open_as,
        account="Ana Ruiz",
        now_ms=lambda: int(time.time() * 1000),
    )
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def press(qtbot: QtBot, key: Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key)


def test_two_enters_are_enough(qtbot: QtBot, window: WelcomeWindow, opened: Opened) -> None:
    assert window.store.way() == HERE
    press(qtbot, Key.Key_Return)
    assert window.person.isVisible()
    assert window.person.line.selectedText() == "Ana Ruiz"
    press(qtbot, Key.Key_Return)
    assert window.answers == Answers("Ana Ruiz", "")
    assert opened.desks == [], "nothing was made before the window is there"


def test_arrow_keys_choose_a_card_and_its_fields(qtbot: QtBot, window: WelcomeWindow) -> None:
    press(qtbot, Key.Key_Right)
    assert window.store.way() == FOLDER
    assert window.store.folder.isVisible()
    press(qtbot, Key.Key_Right)
    assert window.store.way() == SERVER
    assert window.store.host.isVisible()
    assert not window.store.folder.isVisible()
    press(qtbot, Key.Key_Left)
    press(qtbot, Key.Key_Left)
    assert window.store.way() == HERE
    assert not window.store.folder.isVisible()


def test_a_folder_is_tested_at_once_and_joined_at_the_end(
    qtbot: QtBot, window: WelcomeWindow, opened: Opened, tmp_path: Path
) -> None:
    hub = tmp_path / "share"
    hub.mkdir()
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_Return)
    assert window.store.said.text() == "Name the folder that your team shares."
    assert QApplication.focusWidget() is window.store.folder
    qtbot.keyClicks(window.store.folder, str(hub))
    qtbot.waitUntil(window.store.checks.isVisible, timeout=5_000)
    lines = [window.store.checks.item(n).text() for n in range(window.store.checks.count())]
    assert any(line.startswith("Exclusive create: passed") for line in lines)
    assert any(line.startswith("Clock: passed") for line in lines)
    assert any("You begin a team there" in line for line in lines)
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Return)
    assert window.answers == Answers("Ana Ruiz", str(hub))
    (desk,) = opened.desks
    assert desk.person.name == "Ana Ruiz"
    assert sharing.place(desk) == str(hub)


def test_enter_before_the_test_waits_for_it(
    qtbot: QtBot, window: WelcomeWindow, tmp_path: Path
) -> None:
    press(qtbot, Key.Key_Right)
    window.store.folder.setFocus()
    qtbot.keyClicks(window.store.folder, str(tmp_path))
    press(qtbot, Key.Key_Return)
    assert window.person.isVisible()


def test_a_folder_that_is_not_there_keeps_the_page(
    qtbot: QtBot, window: WelcomeWindow, tmp_path: Path
) -> None:
    press(qtbot, Key.Key_Right)
    window.store.folder.setFocus()
    qtbot.keyClicks(window.store.folder, str(tmp_path / "nothing"))
    press(qtbot, Key.Key_Return)
    assert window.store.isVisible()
    assert window.store.checks.item(0).text().startswith("Folder: failed.")
    press(qtbot, Key.Key_Return)
    assert window.store.isVisible()


def test_a_server_needs_three_fields_and_an_answer(qtbot: QtBot, window: WelcomeWindow) -> None:
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_Right)
    assert window.store.way() == SERVER
    qtbot.keyClick(window.store.test, Key.Key_Space)
    assert window.store.said.text() == "Name the host, the database and the user."
    assert QApplication.focusWidget() is window.store.host
    for field, text in (("host", "127.0.0.1:1"), ("database", "desk"), ("user", "ana")):
        qtbot.keyClicks(getattr(window.store, field), text)
    qtbot.keyClick(window.store.test, Key.Key_Space)
    assert window.store.checks.item(0).text().startswith("Server: failed.")
    assert window.store.isVisible()


def test_esc_goes_one_step_back_and_keeps_what_was_typed(
    qtbot: QtBot, window: WelcomeWindow
) -> None:
    press(qtbot, Key.Key_Return)
    qtbot.keyClicks(window.person.line, "Jon Park")
    press(qtbot, Key.Key_Escape)
    assert window.store.isVisible()
    press(qtbot, Key.Key_Escape)
    assert window.isVisible()
    press(qtbot, Key.Key_Return)
    assert window.person.name() == "Jon Park"


def test_nobody_starts_without_a_name(qtbot: QtBot, window: WelcomeWindow) -> None:
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Delete)
    press(qtbot, Key.Key_Return)
    assert window.answers is None
    assert window.person.said.text() == "Type your name."


def test_a_share_that_goes_away_can_be_tried_again_or_left_for_later(
    qtbot: QtBot, window: WelcomeWindow, tmp_path: Path
) -> None:
    hub = tmp_path / "share"
    hub.mkdir()
    press(qtbot, Key.Key_Right)
    window.store.folder.setFocus()
    qtbot.keyClicks(window.store.folder, str(hub))
    press(qtbot, Key.Key_Return)
    hub.rmdir()
    hub.write_text("a file now")
    press(qtbot, Key.Key_Return)
    assert window.answers is None
    assert window.person.said.text().endswith("You can start without the team and join it later.")
    assert window.next.text() == "&Try again"
    qtbot.keyClick(window.alone, Key.Key_Space)
    assert window.answers == Answers("Ana Ruiz", "")


def test_every_stop_has_a_name_and_the_window_fits(window: WelcomeWindow) -> None:
    assert faults(window) == []
    assert window.minimumSizeHint().width() <= 800
    assert window.minimumSizeHint().height() <= 520
