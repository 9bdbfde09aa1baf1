"""Export, backup, restore and a configuration from the settings, with the files looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.services import browsing, configuration, quick_logging
from app.services.desk import Desk, open_desk
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

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
    def answered(method: str, path: object) -> None:
        given = str(path) if method == "getExistingDirectory" else (str(path), "")
        monkeypatch.setattr(QFileDialog, method, lambda *_words: given)

    return answered


def press(qtbot: QtBot, actions: DataActions, name: str) -> None:
    button = actions.buttons[name]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_backup_is_written_and_restored_into_another_folder(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk
) -> None:
    answer("getSaveFileName", tmp_path / "all.zip")
    press(qtbot, actions, "backup")
    assert actions.said.text().startswith("2 incidents and 0 files are in")
    answer("getOpenFileName", tmp_path / "all.zip")
    answer("getExistingDirectory", tmp_path / "again")
    press(qtbot, actions, "restore")
    assert actions.open.isVisible()
    again = open_desk(Profile(tmp_path / "again"), desk.clock)
    assert browsing.counts(again, [""]) == [2]


def test_what_is_open_is_never_overwritten_by_a_backup(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk
) -> None:
    answer("getSaveFileName", tmp_path / "all.zip")
    press(qtbot, actions, "backup")
    answer("getOpenFileName", tmp_path / "all.zip")
    answer("getExistingDirectory", desk.profile.directory)
    press(qtbot, actions, "restore")
    assert "Nothing was changed" in actions.said.text()
    assert not actions.open.isVisible()
    assert all(button.isEnabled() for button in actions.buttons.values())


def test_incidents_are_exported_and_a_wrong_ending_is_refused(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "out.csv")
    press(qtbot, actions, "export")
    assert actions.said.text().startswith("2 incidents written to")
    assert "vpn drops" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    answer("getSaveFileName", tmp_path / "out.doc")
    press(qtbot, actions, "export")
    assert "end it in .csv, .json or .zip" in actions.said.text()


def test_a_configuration_is_taken_over_and_shown_at_once(
    qtbot: QtBot, actions: DataActions, answer: Any, tmp_path: Path, desk: Desk, dialog: Any
) -> None:
    file = tmp_path / "team.toml"
    file.write_text('[report]\nclassification = "Secret"\n', encoding="utf-8")
    answer("getOpenFileName", file)
    press(qtbot, actions, "configuration")
    assert actions.said.text().startswith("1 thing changed")
    assert configuration.get_setting(desk, "report.classification") == "Secret"
    assert dialog.line("report.classification").editor.field.text() == "Secret"
