"""The settings screen over a real profile: found, changed, refused and reset by keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.domain.setting import Section
from app.domain.settings import SETTINGS
from app.services import configuration
from app.ui.settings import shown
from app.ui.settings.catalogue import catalogue_pages
from app.ui.settings.editors import ChoiceEditor, ChoicesEditor, MatrixEditor, TextEditor
from app.ui.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow

Key = Qt.Key


def shown_keys(dialog: SettingsDialog) -> list[str]:
    return [line.setting.key for line in dialog.lines() if line.isVisible()]


def search(qtbot: QtBot, dialog: SettingsDialog, text: str) -> None:
    dialog.search.setFocus()
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, text)


def type_into(qtbot: QtBot, dialog: SettingsDialog, key: str, text: str) -> None:
    dialog.reveal(key)
    editor = dialog.line(key).editor
    assert isinstance(editor, TextEditor)
    editor.line.selectAll()
    qtbot.keyClick(editor.line, Key.Key_Delete)
    qtbot.keyClicks(editor.line, text)
    qtbot.keyClick(editor.line, Key.Key_Return)


def test_every_setting_has_a_line_or_a_reason_to_have_none(dialog: SettingsDialog) -> None:
    lines = [line.setting.key for line in dialog.lines()]
    assert sorted([*lines, *shown.HIDDEN]) == sorted(SETTINGS)
    assert all(shown.HIDDEN.values())
    assert "alerts.routing" in shown.HIDDEN  # a button that forgets is no editor of rules


def test_each_section_shows_its_own_lines(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.sections.setFocus()
    seen = shown_keys(dialog)
    for _ in range(dialog.sections.count() - 1):
        qtbot.keyClick(dialog.sections, Key.Key_Down)
        now = shown_keys(dialog)
        assert {SETTINGS[key].section.value for key in now} <= {dialog.sections.section()}
        seen += now
    assert seen == [setting.key for setting in shown.visible_settings()]


def test_every_setting_is_found_by_its_name(qtbot: QtBot, dialog: SettingsDialog) -> None:
    for setting in shown.visible_settings():
        dialog.search.setText(setting.label)
        assert setting.key in shown_keys(dialog), setting.key


def test_search_goes_over_all_sections_and_enter_into_the_first_match(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    search(qtbot, dialog, "zone")
    assert shown_keys(dialog) == ["me.zone"]
    qtbot.keyClick(dialog.search, Key.Key_Return)
    assert dialog.focusWidget() is dialog.line("me.zone").editor.field
    search(qtbot, dialog, "dark")
    assert "appearance.theme" in shown_keys(dialog)


def test_a_page_that_matches_stands_first_and_enter_opens_it(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    search(qtbot, dialog, "calendars")
    links = [link for link in dialog.findChildren(QPushButton) if link.text() == "Calendars"]
    shown_groups = [group for group in dialog.groups.values() if group.isVisible()]
    assert [link.isVisible() for link in links] == [True]
    assert all(links[0].y() < group.y() for group in shown_groups)
    qtbot.keyClick(dialog.search, Key.Key_Return)
    assert dialog.sections.page() is not None
    assert dialog.search.text() == ""


def test_the_long_table_of_keys_stands_last_among_what_is_found(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    search(qtbot, dialog, "mail")
    found = [group for group in dialog.groups.values() if group.isVisible()]
    assert len(found) > 1
    assert max(found, key=lambda group: group.y()) is dialog.groups[Section.KEYS]


def test_what_nothing_answers_to_says_so_and_can_be_cleared(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    search(qtbot, dialog, "zeppelin")
    assert shown_keys(dialog) == []
    assert dialog.nothing.text() == 'No setting matches "zeppelin".'
    dialog.clear.setFocus()
    qtbot.keyClick(dialog.clear, Key.Key_Space)
    assert dialog.search.text() == ""
    assert shown_keys(dialog) == ["me.name", "me.zone"]


def test_a_text_is_kept_by_enter_and_reset_on_its_own(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    type_into(qtbot, dialog, "organisation.name", "Harbour Clinic")
    line = dialog.line("organisation.name")
    assert configuration.get_setting(desk, "organisation.name") == "Harbour Clinic"
    assert line.reset.isVisible()
    line.reset.setFocus()
    qtbot.keyClick(line.reset, Key.Key_Space)
    assert configuration.get_setting(desk, "organisation.name") == ""
    assert not line.reset.isVisible()


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("me.zone", "Narnia/Lamppost", "Time zone cannot be"),
        ("reopen.window", "soon", "Reopen within"),
        ("report.classification", "x" * 41, "Classification may have 40 characters"),
    ],
)
def test_a_refusal_stands_under_its_field_and_keeps_what_was_typed(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk, key: str, text: str, words: str
) -> None:
    before = configuration.get_setting(desk, key)
    type_into(qtbot, dialog, key, text)
    line = dialog.line(key)
    assert line.error.isVisible()
    assert line.error.text().startswith(words)
    assert key not in line.error.text()
    assert line.editor.field.accessibleDescription() == line.error.text()
    assert isinstance(line.editor, TextEditor)
    assert line.editor.line.text() == text
    assert configuration.get_setting(desk, key) == before
    type_into(qtbot, dialog, key, str(SETTINGS[key].default))
    assert not line.error.isVisible()


def test_a_cell_of_the_matrix_is_chosen_by_keys(
    qtbot: QtBot, dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.reveal("matrix.rows")
    editor = dialog.line("matrix.rows").editor
    assert isinstance(editor, MatrixEditor)
    qtbot.keyClick(editor.cells[3, 3], Key.Key_Up)
    assert configuration.get_setting(desk, "matrix.rows")[2][2] == "P3"
    assert desk.rules.matrix.priority_of(3, 3) == "P3"
    dialog.line("matrix.rows").reset.click()
    assert editor.cells[3, 3].currentData() == "P4"


def test_reasons_that_pause_are_ticked(qtbot: QtBot, dialog: SettingsDialog, desk: Desk) -> None:
    dialog.reveal("pending.pausing")
    editor = dialog.line("pending.pausing").editor
    assert isinstance(editor, ChoicesEditor)
    qtbot.keyClick(editor.boxes["caller"], Key.Key_Space)
    assert configuration.get_setting(desk, "pending.pausing") == ["vendor", "scheduled"]


def test_teams_and_calendars_are_offered_by_name(dialog: SettingsDialog, desk: Desk) -> None:
    for key, kind in (("team.default", "team"), ("sla.default_calendar", "calendar")):
        editor = dialog.line(key).editor
        assert isinstance(editor, ChoiceEditor)
        offered = [editor.box.itemText(n) for n in range(editor.box.count())]
        assert offered == [item.name for item in configuration.items(desk, kind)]
        assert editor.box.currentText() == configuration.get_setting(desk, key)


def test_what_another_hand_changes_is_shown(
    dialog: SettingsDialog, window: MainWindow, desk: Desk
) -> None:
    window.bench.write(lambda desk: configuration.set_setting(desk, "sla.warn_percent", 60))
    assert dialog.line("sla.warn_percent").editor.field.property("value") == 60


def test_every_field_has_a_name_and_every_label_its_field(dialog: SettingsDialog) -> None:
    for widget in dialog.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_")
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inner:
            text = widget.property("text") or ""
            assert widget.accessibleName() or text, widget
    for line in dialog.lines():
        assert line.label.buddy() is line.editor.field
        assert line.setting.label in line.reset.accessibleName()


def test_it_fits_the_smallest_window(dialog: SettingsDialog) -> None:
    dialog.resize(760, 460)
    assert (dialog.width(), dialog.height()) == (760, 460)
    for line in dialog.lines():
        dialog.reveal(line.setting.key)
        QApplication.processEvents()
        for words in (line.label, line.help):
            assert words.height() >= words.heightForWidth(words.width()), words.text()
        area = dialog.area.viewport().width()
        assert line.mapTo(dialog.area.widget(), line.rect().topRight()).x() <= area
        assert dialog.area.widget().minimumSizeHint().width() <= area


def test_another_screen_adds_its_page(qtbot: QtBot, window: MainWindow) -> None:
    class People:
        section, title = Section.TEAM_AND_SLA, "People"
        built = 0

        def widget(self, parent: QWidget) -> QWidget:
            self.built += 1
            return QLabel("who works here", parent)

    page = People()
    window.window_commands.settings_pages.append(page)
    window.window_commands.open_settings()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert page.built == 0
    dialog.sections.choose_page(len(catalogue_pages(window.bench)))
    assert page.built == 1
    label = dialog.body.currentWidget()
    assert isinstance(label, QLabel)
    assert label.text() == "who works here"
    search(qtbot, dialog, "people")
    assert dialog.body.currentWidget() is dialog.area


def test_esc_closes_and_the_sidebar_opens(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow
) -> None:
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    window.sidebar.settings.click()
    assert any(each.isVisible() for each in window.findChildren(SettingsDialog))


def test_a_damaged_value_in_the_store_shows_its_default(window: MainWindow, desk: Desk) -> None:
    with desk.store.database.atomic("IMMEDIATE"):
        desk.store.set_local("setting:appearance.density", json.dumps("gigantic"))
    window.settings.refresh()
    assert window.settings["appearance.density"] == "normal"
