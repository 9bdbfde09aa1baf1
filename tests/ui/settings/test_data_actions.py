"""Export, backup, restore and a configuration from the settings, with the files looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QFileDialog

from app.services import browsing, configuration, quick_logging
from app.services.desk import Desk, open_desk
from app.system.paths import Profile
from app.ui.keeping.long_run import LongRun

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.main_window import MainWindow
    from app.ui.settings.data_actions import DataActions
    from app.ui.settings.settings_dialog import SettingsDialog


@pytest.fixture
def actions(dialog: SettingsDialog, desk: Desk) -> DataActions:
    quick_logging.log_lines(desk, ["printer jams", "vpn drops"])
    dialog.reveal("files.limit_mb")
    found = [group.data for group in dialog.groups.values() if group.data is not None]
    return found[0]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    started: list[list[str]] = []

    def answered(method: str, path: object) -> list[list[str]]:
        given = str(path) if method == "getExistingDirectory" else (str(path), "")
        monkeypatch.setattr(QFileDialog, method, lambda *_words: given)
        return started

    monkeypatch.setattr(QProcess, "startDetached", lambda _program, words: started.append(words))
    return answered


def press(qtbot: QtBot, actions: DataActions, name: str) -> None:
    button = actions.buttons[name]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def refusal(actions: DataActions) -> str:
    """Return the sentence of the run that could not be done, and close it."""
    runs = [each for each in actions.window().parent().findChildren(LongRun) if each.isVisible()]
    sentence = runs[0].words.text()
    runs[0].reject()
    return sentence


def test_every_line_is_a_command_of_the_menus(actions: DataActions, window: MainWindow) -> None:
    assert all(name in window.actions_ for name in actions.buttons)


def test_a_backup_is_written_and_restored_into_another_folder(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk
) -> None:
    answer("getSaveFileName", tmp_path / "all.zip")
    press(qtbot, actions, "file.backup")
    assert actions.said.text() == "Backed up and proven: 2 incidents"
    answer("getOpenFileName", tmp_path / "all.zip")
    started = answer("getExistingDirectory", tmp_path / "again")
    press(qtbot, actions, "file.restore")
    assert actions.said.text() == "Restored 2 incidents in another window"
    assert started == [["-m", "app", "--profile", str(tmp_path / "again")]]
    again = open_desk(Profile(tmp_path / "again"), desk.clock)
    assert browsing.counts(again, [""]) == [2]


def test_what_is_open_is_never_overwritten_by_a_backup(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk
) -> None:
    answer("getSaveFileName", tmp_path / "all.zip")
    press(qtbot, actions, "file.backup")
    answer("getOpenFileName", tmp_path / "all.zip")
    started = answer("getExistingDirectory", desk.profile.directory)
    press(qtbot, actions, "file.restore")
    assert "Nothing was changed" in refusal(actions)
    assert started == []
    assert not actions.said.isVisible()
    assert all(button.isEnabled() for button in actions.buttons.values())


def test_incidents_are_exported_and_a_wrong_ending_is_refused(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "out.csv")
    press(qtbot, actions, "file.export_all")
    assert actions.said.text() == "2 incidents exported"
    assert "vpn drops" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    answer("getSaveFileName", tmp_path / "out.doc")
    press(qtbot, actions, "file.export_all")
    assert "end it in .csv, .json or .zip" in refusal(actions)


def test_a_configuration_is_taken_over_and_shown_at_once(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk, dialog: Any
) -> None:
    file = tmp_path / "team.toml"
    file.write_text('[report]\nclassification = "Secret"\n', encoding="utf-8")
    answer("getOpenFileName", file)
    press(qtbot, actions, "file.configuration")
    assert actions.said.text() == "Imported: configuration"
    assert configuration.get_setting(desk, "report.classification") == "Secret"
    assert dialog.line("report.classification").editor.field.text() == "Secret"
