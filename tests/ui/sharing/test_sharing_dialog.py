"""Sharing is begun, joined, looked at, tested and left from one dialog, by keys alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.sharing.place_form import FOLDER, SERVER
from app.ui.sharing.sharing_dialog import SharingDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


def desk_of(tmp_path: Path, name: str) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / name), clock, person=name)
    quick_logging.log_lines(desk, [f"from {name}"])
    return desk


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme, tmp_path: Path) -> object:
    def make(name: str) -> tuple[SharingDialog, Desk]:
        desk = desk_of(tmp_path, name)
        bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
        dialog = SharingDialog(bench)
        dialog._kept = bench  # the dialog does not own it
        qtbot.addWidget(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog, desk

    return make


def press(qtbot: QtBot, dialog: SharingDialog, name: str) -> None:
    qtbot.keyClick(getattr(dialog, name), Key.Key_Space)


def choose(qtbot: QtBot, dialog: SharingDialog, way: str, text: str) -> None:
    dialog.form.ways[way].click()
    field = dialog.form.folder if way == FOLDER else dialog.form.address
    field.clear()
    qtbot.keyClicks(field, text)


def test_two_people_share_a_folder(qtbot: QtBot, opened: object, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    ana, ana_desk = opened("Ana")
    choose(qtbot, ana, FOLDER, str(tmp_path / "share"))
    press(qtbot, ana, "begin")
    assert "Your workstation's code is" in ana.said.text()
    assert ana.body.currentIndex() == 1
    assert ana.begin.isHidden()
    jon, jon_desk = opened("Jon")
    choose(qtbot, jon, FOLDER, str(tmp_path / "share"))
    press(qtbot, jon, "join")
    assert {row.title for row in browsing.rows(jon_desk, browsing.ids_in(jon_desk, ""))} == {
        "from Ana",
        "from Jon",
    }
    press(qtbot, ana, "sync")
    assert "1 received" in ana.said.text() or "received" in ana.said.text()
    assert len(browsing.ids_in(ana_desk, "")) == 2
    press(qtbot, jon, "leave")
    assert jon.said.text() == "You share with nobody now. Everything is still here."
    assert jon.body.currentIndex() == 0
    assert len(browsing.ids_in(jon_desk, "")) == 2


def test_a_second_team_or_no_team_is_refused_in_words(
    qtbot: QtBot, opened: object, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    ana, _ = opened("Ana")
    choose(qtbot, ana, FOLDER, str(tmp_path / "share"))
    press(qtbot, ana, "join")
    assert "There is no team in" in ana.said.text()
    assert ana.said.property("tone") == "danger"
    press(qtbot, ana, "begin")
    jon, jon_desk = opened("Jon")
    choose(qtbot, jon, FOLDER, str(tmp_path / "share"))
    press(qtbot, jon, "begin")
    assert "There is a team in" in jon.said.text()
    assert sharing.place(jon_desk) == ""
    assert jon.join.isEnabled()


def test_a_missing_place_gets_the_focus_and_a_sentence(qtbot: QtBot, opened: object) -> None:
    dialog, desk = opened("Ana")
    dialog.form.ways[SERVER].click()
    press(qtbot, dialog, "join")
    assert dialog.said.text() == "Name the folder or the database that your team shares."
    assert dialog.focusWidget() is dialog.form.address
    assert sharing.place(desk) == ""
    qtbot.keyClicks(dialog.form.address, "nonsense")
    assert dialog.said.isHidden()


def test_the_doctor_tells_each_test_in_words(qtbot: QtBot, opened: object, tmp_path: Path) -> None:
    dialog, _ = opened("Ana")
    choose(qtbot, dialog, FOLDER, str(tmp_path))
    press(qtbot, dialog, "check")
    told = [dialog.checks.item(n).text() for n in range(dialog.checks.count())]
    assert any(line.startswith("Exclusive create: passed.") for line in told)
    assert told[0].startswith("Clock: failed.")  # the tests' clock stands still
    assert dialog.said.text().startswith("Something does not work as sharing needs it")
    choose(qtbot, dialog, FOLDER, str(tmp_path / "nowhere"))
    press(qtbot, dialog, "check")
    assert dialog.checks.item(0).text().startswith("Folder: failed.")


def test_a_waiting_workstation_is_admitted(qtbot: QtBot, opened: object, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    ana, ana_desk = opened("Ana")
    choose(qtbot, ana, FOLDER, str(tmp_path / "share"))
    ana.form.approve.click()
    press(qtbot, ana, "begin")
    jon, jon_desk = opened("Jon")
    choose(qtbot, jon, FOLDER, str(tmp_path / "share"))
    press(qtbot, jon, "join")
    assert len(browsing.ids_in(ana_desk, "")) == 1
    press(qtbot, ana, "sync")
    assert len(browsing.ids_in(ana_desk, "")) == 1
    code = next(s["code"] for s in sharing.status(jon_desk)["stations"] if s["own"])
    ana.team.admit_requested.emit(code)
    assert len(browsing.ids_in(ana_desk, "")) == 2


@pytest.mark.parametrize(
    ("address", "password", "place"),
    [
        ("postgresql://nina@db/desk", "s:/@ 1", "postgresql://nina:s%3A%2F%40%201@db/desk"),
        ("postgresql://db/desk", "pw", "postgresql://:pw@db/desk"),
        ("postgresql://nina@db/desk", "", "postgresql://nina@db/desk"),
        ("postgresql://nina:own@db/desk", "pw", "postgresql://nina:own@db/desk"),
        ("nonsense", "pw", "nonsense"),
    ],
)
def test_the_password_typed_beside_an_address_goes_with_it(
    qtbot: QtBot, opened: object, address: str, password: str, place: str
) -> None:
    dialog, _ = opened("Ana")
    dialog.form.ways[SERVER].click()
    qtbot.keyClicks(dialog.form.address, address)
    qtbot.keyClicks(dialog.form.password, password)
    assert dialog.form.place() == place
