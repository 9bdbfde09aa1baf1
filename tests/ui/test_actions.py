"""The registry of commands: keys, reasons, single letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QTreeView

from app.ui.actions import Actions
from app.ui.menus import Menus

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


class Window(QMainWindow):
    """A window with a list, a text field and two commands."""

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []
        self.tree = QTreeView(self)
        self.setCentralWidget(self.tree)
        self.line = QLineEdit(self)
        self.line.move(0, 200)
        self.commands = Actions(self)
        self.commands.add("file.new", "&New...", self.on_new, ["Ctrl+N"], menu="file", icon="plus")
        self.commands.add(
            "incident.assign", "Assign...", self.on_assign, ["A"], menu="incident", scope=self.tree
        )

    def on_new(self) -> None:
        self.ran.append("new")

    def on_assign(self) -> None:
        self.ran.append("assign")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Window:
    del theme
    made = Window()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_key_runs_its_command_and_counts_it(qtbot: QtBot, window: Window) -> None:
    window.tree.setFocus()
    qtbot.keyClick(window.tree, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.ran == ["new"]
    assert window.commands["file.new"].used == 1


def test_a_single_letter_acts_in_the_list_and_is_text_in_a_field(
    qtbot: QtBot, window: Window
) -> None:
    window.tree.setFocus()
    qtbot.keyClick(window.tree, Qt.Key.Key_A)
    window.line.setFocus()
    qtbot.keyClicks(window.line, "a")
    assert window.ran == ["assign"]
    assert window.line.text() == "a"


def test_single_letters_can_be_switched_off_as_a_whole(qtbot: QtBot, window: Window) -> None:
    window.commands.set_single_keys(False)
    window.tree.setFocus()
    qtbot.keyClick(window.tree, Qt.Key.Key_A)
    assert window.ran == []
    window.commands.set_single_keys(True)
    qtbot.keyClick(window.tree, Qt.Key.Key_A)
    assert window.ran == ["assign"]


def test_a_forbidden_command_does_not_run_and_says_why(qtbot: QtBot, window: Window) -> None:
    window.commands.set_reason("incident.assign", "Choose an incident first.")
    assert not window.commands.run("incident.assign")
    assert window.commands["incident.assign"].action.toolTip() == "Choose an incident first."
    window.commands.set_reason("incident.assign", "")
    assert window.commands.run("incident.assign")
    assert window.ran == ["assign"]


def test_a_clash_of_keys_is_named_and_changes_nothing(window: Window) -> None:
    assert window.commands.set_keys("incident.assign", ["Ctrl+N"]) == "file.new"
    assert window.commands["incident.assign"].keys == ("A",)
    assert window.commands.set_keys("incident.assign", ["Ctrl+G"]) == ""
    assert window.commands.keys_text("incident.assign") == "Ctrl+G"


def test_a_command_is_registered_once(window: Window) -> None:
    with pytest.raises(ValueError, match="twice"):
        window.commands.add("file.new", "Again", window.on_new, menu="file")


def test_every_command_stands_in_its_menu(window: Window) -> None:
    menus = Menus(window, window.commands)
    for command in window.commands:
        assert command.action in menus.by_name[command.menu].actions()


def test_alt_shows_the_menu_bar_and_hides_it_again(qtbot: QtBot, window: Window) -> None:
    menus = Menus(window, window.commands)
    assert menus.bar.isHidden()
    qtbot.keyPress(window, Qt.Key.Key_Alt)
    qtbot.keyRelease(window, Qt.Key.Key_Alt)
    assert not menus.bar.isHidden()
    qtbot.keyPress(window, Qt.Key.Key_Alt)
    qtbot.keyRelease(window, Qt.Key.Key_Alt)
    assert menus.bar.isHidden()
