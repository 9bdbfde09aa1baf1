"""The window says how sharing stands, and its commands begin and hurry it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.errors import WrongHubError
from app.domain.standing import Standing
from app.services import browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock, SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sharing.help_dialog import SharingHelp
from app.ui.sharing.sharing_dialog import SharingDialog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "ana"), clock, person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, desk: Desk, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    if made.keeper is not None:
        made.keeper.stop()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Standing(False, "not_shared", 0, 0, ""), "Saved on this computer"),
        (Standing(True, "in_sync", 0, 0, ""), "Saved and shared with the team"),
        (Standing(True, "in_sync", 2, 0, ""), "Saved, on its way to the team"),
        (Standing(True, "offline", 0, 0, ""), "Working offline"),
        (Standing(True, "offline", 1, 0, ""), "Working offline, 1 change will sync"),
        (Standing(True, "offline", 3, 0, ""), "Working offline, 3 changes will sync"),
        (Standing(True, "hub_full", 3, 0, "The shared folder is full, 3 changes waiting"),
         "The shared folder is full, 3 changes waiting"),
        (WrongHubError("It is another team's. Choose yours."), "It is another team's"),
    ],
)  # fmt: skip
def test_the_status_line_says_how_it_stands(window: MainWindow, told: object, words: str) -> None:
    window.status.show_sharing(told)
    assert window.status.saved.text() == words
    window.queue.model.changed.emit()  # another list does not hide it
    assert window.status.saved.text() == words


def test_sync_now_without_a_team_says_where_to_begin(window: MainWindow) -> None:
    window.actions_.run("tools.sync")
    assert "You share with nobody. Begin with Tools" in window.toast.text.text()
    window.actions_.run("tools.sharing")
    assert window.findChild(SharingDialog) is None, "the sample data was shared"


def test_a_window_in_step_shows_what_another_station_wrote(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    jon = open_desk(Profile(tmp_path / "jon"), SystemClock(), person="Jon")
    quick_logging.log_lines(jon, ["from Jon"])
    sharing.create(jon, str(tmp_path / "share"))
    sharing.join(desk, str(tmp_path / "share"))
    profile = desk.profile
    window.keep_in_step(lambda: open_desk(profile, SystemClock(), person="Ana Ruiz"))
    qtbot.waitUntil(
        lambda: window.status.saved.text() == "Saved and shared with the team", timeout=20_000
    )
    quick_logging.log_lines(jon, ["later from Jon"])
    sharing.sync(jon)
    qtbot.keyClick(window, Qt.Key.Key_F5)

    def titles() -> set[str]:
        return {row.title for row in browsing.rows(desk, browsing.ids_in(desk, ""))}

    qtbot.waitUntil(lambda: titles() == {"from Jon", "later from Jon"}, timeout=20_000)
    window.actions_.run("tools.sharing")
    assert window.findChild(SharingDialog) is not None
    jon.close()


def test_the_help_says_what_is_safe_and_what_is_not(window: MainWindow) -> None:
    window.actions_.run("help.sharing")
    page = window.findChild(SharingHelp)
    assert page is not None
    text = page.page.toPlainText()
    for heading in ("How sharing works", "What is safe", "What is not safe", "Leaving"):
        assert heading in text
    assert "**" not in text
