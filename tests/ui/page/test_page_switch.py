"""The incident as a full page in the main window, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.services import browsing

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.main_window import MainWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def open_page(qtbot: QtBot, window: MainWindow) -> EntityId:
    qtbot.keyClick(window.queue.tree, Key.Key_Return)
    shown = window.pages.page.incident
    assert shown is not None
    return shown.id


def press(qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_enter_opens_the_incident_in_place_of_list_and_pane(
    qtbot: QtBot, window: MainWindow
) -> None:
    uid = open_page(qtbot, window)
    assert uid == window.queue.current()
    assert window.pages.page.isVisible()
    assert not window.queue.isVisible()
    assert not window.detail.isVisible()
    assert window.sidebar.isVisible()


def test_a_double_click_opens_the_page(qtbot: QtBot, window: MainWindow) -> None:
    tree = window.queue.tree
    at = tree.visualRect(tree.currentIndex()).center() + QPoint(1, 0)
    qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert window.pages.page.isVisible()


@pytest.mark.parametrize(("key", "modifier"), [(Key.Key_Escape, None), (Key.Key_Left, ALT)])
def test_the_way_back_leads_to_the_same_row(
    qtbot: QtBot, window: MainWindow, key: Key, modifier: Qt.KeyboardModifier | None
) -> None:
    uid = open_page(qtbot, window)
    press(qtbot, key, modifier)
    assert not window.pages.is_open
    assert window.queue.isVisible()
    assert window.detail.isVisible()
    assert window.queue.current() == uid
    assert [row.id for row in window.queue.selected_rows()] == [uid]
    assert QApplication.focusWidget() is window.queue.tree
    assert window.detail.incident is not None
    assert window.detail.incident.id == uid


def test_letters_work_on_the_page_as_in_the_list(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    uid = open_page(qtbot, window)
    press(qtbot, Key.Key_I)
    made = browsing.incident(desk, uid)
    assert made.assignee is not None
    assert made.assignee.name == "Ana Ruiz"
    press(qtbot, Key.Key_M)
    assert QApplication.focusWidget() is window.pages.page.composer.text


def test_letters_in_the_fields_of_the_page_are_text(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    uid = open_page(qtbot, window)
    for field in (window.pages.page.grid.fields["location"], window.pages.page.composer.text):
        field.setFocus()
        press(qtbot, Key.Key_I)
    assert window.pages.page.grid.fields["location"].text() == "i"
    assert window.pages.page.composer.text.toPlainText() == "i"
    assert browsing.incident(desk, uid).assignee is None


def test_j_and_k_go_to_the_next_incident_of_the_list(qtbot: QtBot, window: MainWindow) -> None:
    first = open_page(qtbot, window)
    press(qtbot, Key.Key_J)
    shown = window.pages.page.incident
    assert shown is not None
    assert shown.id != first
    assert window.queue.current() == shown.id
    press(qtbot, Key.Key_K)
    assert window.pages.page.incident is not None
    assert window.pages.page.incident.id == first


def test_a_command_on_the_page_leaves_ticked_rows_alone(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    qtbot.keyClick(window.queue.tree, Key.Key_A, CTRL)
    assert len(window.chosen()) == 3
    uid = open_page(qtbot, window)
    assert [each.id for each in window.chosen()] == [uid]


def test_a_link_is_followed_and_back_returns_before_it_leaves(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    window.queue.select(browsing.find(desk, "1"))
    first = open_page(qtbot, window)
    page = window.pages.page
    page.similar.setFocus()
    page.similar.setCurrentRow(0)
    press(qtbot, Key.Key_Return)
    assert page.incident is not None
    assert page.incident.id != first
    press(qtbot, Key.Key_Left, ALT)
    assert page.incident.id == first
    assert window.pages.is_open
    press(qtbot, Key.Key_Left, ALT)
    assert not window.pages.is_open


def test_a_note_half_written_in_the_pane_goes_on_on_the_page_and_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    pane = window.detail.composer.text
    pane.setFocus()
    qtbot.keyClicks(pane, "half")
    window.queue.tree.setFocus()
    open_page(qtbot, window)
    note = window.pages.page.composer.text
    assert note.toPlainText() == "half"
    note.setFocus()
    qtbot.keyClicks(note, " a note")
    press(qtbot, Key.Key_Escape)
    assert QApplication.focusWidget() is window.pages.page.timeline
    press(qtbot, Key.Key_Escape)
    assert pane.toPlainText() == "half a note"


def test_a_note_sent_on_the_page_is_no_draft_in_the_pane(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    uid = open_page(qtbot, window)
    press(qtbot, Key.Key_M)
    note = window.pages.page.composer.text
    qtbot.keyClicks(note, "Looked at it")
    press(qtbot, Key.Key_Return, CTRL)
    assert browsing.incident(desk, uid).timeline[-1].text == "Looked at it"
    assert note.toPlainText() == ""
    assert window.incident_commands.windows == []
    press(qtbot, Key.Key_Escape)
    press(qtbot, Key.Key_Escape)
    assert window.detail.composer.text.toPlainText() == ""


def test_a_view_of_the_sidebar_leads_back_to_the_list(qtbot: QtBot, window: MainWindow) -> None:
    open_page(qtbot, window)
    press(qtbot, Key.Key_G)
    press(qtbot, Key.Key_U)
    assert not window.pages.is_open
    view = window.sidebar.current()
    assert view is not None
    assert view.key == "unassigned"


@pytest.mark.parametrize(("key", "name"), [(Key.Key_L, "quick"), (Key.Key_F, "filter")])
def test_the_fields_of_the_list_are_reached_from_the_page(
    qtbot: QtBot, window: MainWindow, key: Key, name: str
) -> None:
    open_page(qtbot, window)
    press(qtbot, key, CTRL)
    assert not window.pages.is_open
    assert QApplication.focusWidget() is getattr(window, name)


def test_the_page_has_three_columns_or_two_with_tabs(qtbot: QtBot, window: MainWindow) -> None:
    open_page(qtbot, window)
    page = window.pages.page
    assert page.similar.isVisible()
    assert page.checks.isVisible()
    assert not page.tabs.isVisible()
    window.resize(800, 520)
    qtbot.wait(20)
    assert (window.width(), window.height()) == (800, 520)
    assert page.tabs.isVisible()
    assert page.tabs.count() == 4
    assert all(page.tabs.tabText(n) for n in range(4))
    window.resize(1440, 900)
    qtbot.wait(20)
    assert page.similar.isVisible()
    assert page.timeline.isVisible()


def test_every_field_of_the_page_that_takes_the_focus_has_a_name(
    qtbot: QtBot, window: MainWindow
) -> None:
    from PySide6.QtWidgets import QWidget

    open_page(qtbot, window)
    page = window.pages.page
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not widget.objectName().startswith("qt_")
        and widget.parentWidget() is not page.tabs
    ]
    assert nameless == []


def test_tab_goes_through_the_page_from_left_to_right(qtbot: QtBot, window: MainWindow) -> None:
    open_page(qtbot, window)
    page = window.pages.page
    columns = [
        page.header,
        page.grid,
        page.more,
        page.texts,
        page.story,
        page.composer,
        page.similar,
        page.files,
        page.checks,
    ]
    page.back.setFocus()
    met = []
    for _ in range(200):
        press(qtbot, Key.Key_Tab)
        focused = QApplication.focusWidget()
        at = [part for part in columns if focused is part or part.isAncestorOf(focused)]
        if not at:
            break
        if not met or met[-1] is not at[0]:
            met.append(at[0])
    assert met == columns


def test_the_order_of_the_timeline_is_the_same_in_pane_and_page(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.detail.choice.oldest_first.trigger()
    open_page(qtbot, window)
    assert not window.pages.page.choice.newest_first()
    window.pages.page.choice.oldest_first.trigger()
    assert window.detail.choice.newest_first()


def test_a_window_made_narrow_on_the_page_goes_back_to_the_list_alone(
    qtbot: QtBot, window: MainWindow
) -> None:
    open_page(qtbot, window)
    window.resize(800, 520)
    qtbot.wait(20)
    press(qtbot, Key.Key_Escape)
    assert window.queue.isVisible()
    assert not window.detail.isVisible()
    window.resize(1440, 900)
    qtbot.wait(20)
    assert window.queue.isVisible()
    assert window.detail.isVisible()
