"""Each setting acts in the window: at once, and again at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSpinBox

from app.services import configuration, quick_logging
from app.system import autostart
from app.system.faults import MachineError
from app.ui import reader_time
from app.ui.application import FirstLook
from app.ui.change_bus import ChangeBus
from app.ui.incidents.columns import Density
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.settings.effects import dress
from app.ui.settings.keys_editor import KeysEditor
from app.ui.workbench import Message

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.settings.settings_dialog import SettingsDialog
    from app.ui.theme import Theme

Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def start_again(qtbot: QtBot, desk: Desk, theme: Theme) -> MainWindow:
    jobs = InlineJobs(desk)
    values = FirstLook(jobs).values()
    assert values is not None
    dress(values, theme)
    window = MainWindow(jobs, ChangeBus(), theme, values)
    qtbot.addWidget(window)
    window.show()
    return window


def choose(qtbot: QtBot, dialog: SettingsDialog, key: str, *keys: Key) -> None:
    dialog.reveal(key)
    for each in keys:
        qtbot.keyClick(dialog.line(key).editor.field, each)


def test_the_theme_switches_live_and_stays(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, theme: Theme
) -> None:
    box = dialog.line("appearance.theme").editor.field
    assert isinstance(box, QComboBox)
    choose(qtbot, dialog, "appearance.theme", Key.Key_End)
    assert theme.tokens.dark
    assert QApplication.palette().window().color() == theme.palette().window().color()
    theme.set_scheme("light")
    start_again(qtbot, desk, theme)
    assert theme.scheme == "dark"


def test_the_text_size_changes_live_and_by_the_command_too(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, desk: Desk, theme: Theme
) -> None:
    choose(qtbot, dialog, "appearance.text_size", Key.Key_Up)
    assert theme.text_size == 110
    window.actions_.run("view.text_larger")
    box = dialog.line("appearance.text_size").editor.field
    assert isinstance(box, QSpinBox)
    assert (theme.text_size, box.value()) == (120, 120)
    theme.set_text_size(100)
    start_again(qtbot, desk, theme)
    assert theme.text_size == 120


def test_rows_become_compact_here_and_in_the_column_chooser(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, desk: Desk, theme: Theme
) -> None:
    normal = window.queue.delegate.row_height()
    choose(qtbot, dialog, "appearance.density", Key.Key_Home)
    assert window.queue.delegate.row_height() < normal
    assert start_again(qtbot, desk, theme).queue.columns.density is Density.COMPACT
    window.queue.columns.choose_density(Density.COMFORTABLE)
    assert configuration.get_setting(desk, "appearance.density") == "comfortable"


def test_the_menu_bar_is_pinned(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, desk: Desk, theme: Theme
) -> None:
    assert not window.menus.bar.isVisible()
    choose(qtbot, dialog, "appearance.menu_bar", Key.Key_Space)
    assert window.menus.bar.isVisible()
    again = start_again(qtbot, desk, theme)
    assert again.menus.bar.isVisible()
    qtbot.keyClick(again, Key.Key_Alt)
    assert again.menus.bar.isVisible()


def test_nothing_moves_when_motion_is_off(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow
) -> None:
    window.toast.show_message(Message("Saved"))
    assert window.toast.graphicsEffect() is not None
    choose(qtbot, dialog, "appearance.motion", Key.Key_Space)
    window.toast.show_message(Message("Saved"))
    assert window.toast.graphicsEffect() is None
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateCombo)


def test_single_letters_rest(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, desk: Desk, theme: Theme
) -> None:
    choose(qtbot, dialog, "keys.single_letters", Key.Key_Space)
    assert not window.actions_["incident.assign"].action.shortcuts()
    assert window.actions_["file.new"].action.shortcuts()
    assert not start_again(qtbot, desk, theme).actions_.single_keys


def test_the_toast_stays_as_long_as_was_set(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow
) -> None:
    choose(qtbot, dialog, "notifications.toast_s", Key.Key_Down)
    assert window.toast.stays_ms == 9_000


def test_the_own_name_acts_from_now_on(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, desk: Desk
) -> None:
    field: Any = dialog.line("me.name").editor.field
    dialog.reveal("me.name")
    assert field.text() == "ana"
    field.selectAll()
    qtbot.keyClicks(field, "Ana Ruiz")
    qtbot.keyClick(field, Key.Key_Return)
    assert desk.person.name == "Ana Ruiz"
    qtbot.waitUntil(lambda: window.sidebar.person.text() == "Ana Ruiz")


def test_times_are_shown_in_the_own_zone(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, theme: Theme
) -> None:
    field: Any = dialog.line("me.zone").editor.field
    dialog.reveal("me.zone")
    qtbot.keyClicks(field, "Asia/Tokyo")
    field.completer().popup().hide()
    qtbot.keyClick(field, Key.Key_Return)
    assert reader_time.local(0).time().hour() == 9
    assert desk.store.zone == "Asia/Tokyo"
    reader_time.set_zone("")
    start_again(qtbot, desk, theme)
    assert reader_time.local(0).time().hour() == 9


# --- own keys ------------------------------------------------------------------------------------


@pytest.fixture
def keys(dialog: SettingsDialog) -> KeysEditor:
    dialog.reveal("keys.bindings")
    editor = dialog.line("keys.bindings").editor
    assert isinstance(editor, KeysEditor)
    return editor


def press(
    qtbot: QtBot,
    editor: KeysEditor,
    command_id: str,
    key: Key,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    editor.choose_command(command_id)
    qtbot.keyClick(editor.table, Key.Key_Return)
    qtbot.keyClick(editor.key, key, held)


def test_a_command_gets_another_key_at_once_and_for_good(
    qtbot: QtBot, keys: KeysEditor, window: MainWindow, desk: Desk, theme: Theme
) -> None:
    press(qtbot, keys, "edit.find", Key.Key_J, CTRL)
    assert window.actions_.keys_text("edit.find") == "Ctrl+J"
    assert configuration.get_setting(desk, "keys.bindings") == {"edit.find": "Ctrl+J"}
    assert start_again(qtbot, desk, theme).actions_["edit.find"].keys == ("Ctrl+J",)


def test_a_clash_is_named_and_changes_nothing(
    qtbot: QtBot, keys: KeysEditor, window: MainWindow, desk: Desk
) -> None:
    press(qtbot, keys, "edit.find", Key.Key_N, CTRL)
    assert keys.clash.isVisible()
    assert 'Ctrl+N runs "New incident..." already' in keys.clash.text()
    assert window.actions_["edit.find"].keys == ("Ctrl+F",)
    press(qtbot, keys, "incident.assign", Key.Key_G)
    assert "go to a view" in keys.clash.text()
    assert configuration.get_setting(desk, "keys.bindings") == {}


def test_keys_are_reset_one_by_one_or_all_together(
    qtbot: QtBot, keys: KeysEditor, dialog: SettingsDialog, window: MainWindow
) -> None:
    press(qtbot, keys, "edit.find", Key.Key_J, CTRL)
    press(qtbot, keys, "incident.assign", Key.Key_Z, ALT)
    keys.choose_command("edit.find")
    keys.back.setFocus()
    qtbot.keyClick(keys.back, Key.Key_Space)
    assert window.actions_["edit.find"].keys == ("Ctrl+F",)
    assert window.actions_["incident.assign"].keys == ("Alt+Z",)
    dialog.line("keys.bindings").reset.click()
    assert window.actions_["incident.assign"].keys == ("A",)


def test_a_command_can_go_without_a_key_and_tab_leaves_the_field(
    qtbot: QtBot, keys: KeysEditor, window: MainWindow
) -> None:
    press(qtbot, keys, "file.save", Key.Key_Backspace)
    assert window.actions_["file.save"].keys == ()
    press(qtbot, keys, "edit.find", Key.Key_Escape)
    assert window.actions_["edit.find"].keys == ("Ctrl+F",)
    assert keys.table.hasFocus() or keys.focusWidget() is keys.table


def test_the_new_key_runs_the_command(
    qtbot: QtBot, keys: KeysEditor, dialog: SettingsDialog, window: MainWindow, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["printer jams"])
    press(qtbot, keys, "app.palette", Key.Key_J, CTRL)
    dialog.reject()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    ran: list[str] = []
    window.actions_.triggered.connect(ran.append)
    window.queue.tree.setFocus()
    qtbot.keyClick(window, Key.Key_J, CTRL)
    assert ran == ["app.palette"]


def test_commands_are_found_by_name_or_key(
    qtbot: QtBot, keys: KeysEditor, dialog: SettingsDialog
) -> None:
    dialog.search.setText("closure report")
    rows = [row for row in range(keys.table.rowCount()) if not keys.table.isRowHidden(row)]
    found = [keys.table.item(row, 0) for row in rows]
    assert [item.text() for item in found if item is not None] == ["Print the closure report..."]


def test_flags_say_what_they_are(qtbot: QtBot, dialog: SettingsDialog) -> None:
    box = dialog.line("appearance.motion").editor.field
    assert isinstance(box, QCheckBox)
    assert box.text() == "On"
    choose(qtbot, dialog, "appearance.motion", Key.Key_Space)
    assert box.text() == "Off"


def test_the_program_starts_with_the_computer_once_that_is_chosen(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []

    def tell(on: bool, **_more: object) -> None:
        told.append(on)
        if len(told) == 2:
            raise MachineError("The registry is closed.")

    monkeypatch.setattr(autostart, "set_autostart", tell)
    choose(qtbot, dialog, "window.autostart", Key.Key_Space)
    assert told == [True]
    choose(qtbot, dialog, "window.autostart", Key.Key_Space)
    assert told == [True, False]


def test_autostart_is_off_until_asked_and_written_anew_at_each_start(
    qtbot: QtBot, desk: Desk, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[bool, object]] = []
    monkeypatch.setattr(
        autostart, "set_autostart", lambda on, *, command: told.append((on, command))
    )
    start_again(qtbot, desk, theme)
    assert told == []
    configuration.set_setting(desk, "window.autostart", True)
    start_again(qtbot, desk, theme)
    assert told == [(True, autostart.own_command())]
