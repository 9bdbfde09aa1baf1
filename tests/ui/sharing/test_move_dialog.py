"""A team is moved and followed from one dialog, by keys alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import browsing, moving, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.sharing.move_dialog import MoveDialog
from app.ui.sharing.place_form import FOLDER
from app.ui.sharing.sharing_dialog import SharingDialog
from app.ui.workbench import Workbench
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def team(tmp_path: Path) -> tuple[Desk, Desk]:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    ana, jon = (open_desk(Profile(tmp_path / n), clock, person=n) for n in ("Ana", "Jon"))
    quick_logging.log_lines(ana, ["from Ana"])
    sharing.create(ana, str(tmp_path / "old"))
    sharing.join(jon, str(tmp_path / "old"))
    return ana, jon


def opened(qtbot: QtBot, theme: Theme, desk: Desk) -> MoveDialog:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    dialog = MoveDialog(bench)
    dialog._kept = bench  # type: ignore[attr-defined]  # the dialog does not own it
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_one_moves_the_team_and_the_other_follows(
    qtbot: QtBot, theme: Theme, team: tuple[Desk, Desk], tmp_path: Path
) -> None:
    ana, jon = team
    dialog = opened(qtbot, theme, ana)
    assert f"The team meets at {tmp_path / 'old'} now." in dialog.now.text()
    assert faults(dialog) == []
    dialog.form.folder.setFocus()
    qtbot.keyClick(dialog.form.folder, Key.Key_Return)
    assert dialog.said.text() == "Name the folder or the database to move to."
    qtbot.keyClicks(dialog.form.folder, str(tmp_path / "new"))
    qtbot.keyClick(dialog.form.folder, Key.Key_Return)
    assert dialog.title.text() == f"The team meets at {tmp_path / 'new'} now"
    assert dialog.said.text().split(" ", 1)[1].startswith("entries are there. ")
    assert "The others are told" in dialog.said.text()
    assert sharing.place(ana) == str(tmp_path / "new")
    quick_logging.log_lines(jon, ["meanwhile"])
    sharing.sync(jon)
    follow = opened(qtbot, theme, jon)
    assert follow.title.text() == f"Ana moved the team to {tmp_path / 'new'}"
    assert follow.form.way() == FOLDER
    assert follow.form.folder.text() == str(tmp_path / "new")
    assert follow.move_.text() == "&Follow the team"
    follow.form.folder.setFocus()
    qtbot.keyClick(follow.form.folder, Key.Key_Return)
    assert moving.pending(jon) is None
    sharing.sync(ana)
    assert len(browsing.ids_in(ana, "")) == 2


def test_a_place_that_cannot_be_used_is_said_and_moves_nobody(
    qtbot: QtBot, theme: Theme, team: tuple[Desk, Desk], tmp_path: Path
) -> None:
    ana, _ = team
    dialog = opened(qtbot, theme, ana)
    dialog.form.folder.setFocus()
    qtbot.keyClicks(dialog.form.folder, str(tmp_path / "nowhere"))
    dialog.check.setFocus()
    qtbot.keyClick(dialog.check, Key.Key_Space)
    assert dialog.checks.item(0).text().startswith("Folder: failed.")
    dialog.form.folder.setFocus()
    qtbot.keyClick(dialog.form.folder, Key.Key_Return)
    assert dialog.said.property("tone") == "danger"
    assert dialog.move_.isEnabled()
    assert sharing.place(ana) == str(tmp_path / "old")


def test_the_dialog_of_sharing_offers_it(
    qtbot: QtBot, theme: Theme, team: tuple[Desk, Desk], tmp_path: Path
) -> None:
    ana, jon = team
    moving.move(ana, str(tmp_path / "new"))
    sharing.sync(jon)
    bench = Workbench(InlineJobs(jon), ChangeBus(), theme)
    dialog = SharingDialog(bench)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.team.state.text() == f"Ana moved the team to {tmp_path / 'new'}"
    assert dialog.move_.text() == "&Follow the team..."
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.move_.setFocus()
    with qtbot.waitSignal(dialog.move_requested):
        qtbot.keyClick(dialog.move_, Key.Key_Space)
