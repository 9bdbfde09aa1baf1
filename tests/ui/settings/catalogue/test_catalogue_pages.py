"""The lists of the team are kept by keys alone, over a real profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.domain.errors import InvalidInputError
from app.domain.setting import Section
from app.services import (
    browsing,
    cataloguing,
    configuration,
    quick_logging,
)
from app.ui.settings.catalogue import catalogue_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.settings.catalogue.catalogue_view import CatalogueView
    from app.ui.workbench import Message, Workbench


from app.ui.new_incident import questions
from tests.ui.settings.catalogue.page_driving import choose, data, line, names, pick, problem, write

Key, Mod = Qt.Key, Qt.KeyboardModifier


def test_there_is_a_page_for_every_list_of_the_team(bench: Workbench) -> None:
    pages = catalogue_pages(bench)
    kinds = {page.spec.kind for page in pages}
    assert kinds == set(configuration.KINDS) - {"saved_view"}
    assert all(page.title and isinstance(page.section, Section) for page in pages)


def test_every_focusable_widget_of_every_page_has_a_name(
    bench: Workbench, open_page: Callable[[str], CatalogueView]
) -> None:
    nameless = []
    for page in catalogue_pages(bench):
        view = open_page(page.spec.kind)
        nameless += [
            f"{page.title}: {type(widget).__name__}"
            for widget in view.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not widget.accessibleName()
            and not (isinstance(widget, QAbstractButton) and widget.text())
            and not isinstance(widget.parent(), QComboBox | QLineEdit)
            and widget.focusProxy() is None
            and widget.window() is view  # not the popup of a combo box
        ]
    assert nameless == []


def test_a_team_is_made_by_keys_and_undone(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, said: list[Message]
) -> None:
    view = open_page("team")
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    assert line(view, "name").hasFocus()
    qtbot.keyClicks(line(view, "name"), "Network")
    qtbot.keyClick(line(view, "name"), Key.Key_Tab)
    assert names(desk, "team") == ["Desk", "Network"]
    assert view.form.heading.text() == "Network"
    assert line(view, "lead").hasFocus()
    qtbot.keyClicks(line(view, "lead"), "Ana Ruiz")
    completer = line(view, "lead").completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    assert popup.isVisible()
    qtbot.keyClick(popup, Key.Key_Tab)
    assert data(desk, "team", "Network")["lead"] == "Ana Ruiz"
    assert said[0].text == "Add team Network"
    assert said[0].undo
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_Z, Mod.ControlModifier)
    assert data(desk, "team", "Network")["lead"] == ""
    assert line(view, "lead").text() == ""


def test_a_list_is_searched_and_gone_through_by_arrows(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView]
) -> None:
    view = open_page("category")
    qtbot.keyClick(view.table, Key.Key_F, Mod.ControlModifier)
    qtbot.keyClicks(view.search, "wireless")
    assert view.found.rowCount() == 1
    assert view.form.heading.text() == "network/wifi"
    qtbot.keyClick(view.search, Key.Key_Escape)
    assert view.found.rowCount() == view.model.rowCount() > 20
    qtbot.keyClick(view.search, Key.Key_Down)
    assert view.table.hasFocus()
    before = view.table.currentIndex().row()
    qtbot.keyClick(view.table, Key.Key_Down)
    assert view.table.currentIndex().row() == before + 1
    qtbot.keyClick(view.table, Key.Key_F2)
    assert line(view, "name").hasFocus()


def test_what_was_refused_stays_under_its_field_and_comes_back(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    cataloguing.add(desk, "person", "Nina", {})
    view = open_page("person")
    choose(view, desk, "Nina")
    write(qtbot, line(view, "mail"), "nina at home")
    assert "name@company.example" in problem(view, "mail")
    choose(view, desk, "Ana Ruiz")
    assert line(view, "mail").text() == ""
    choose(view, desk, "Nina")
    assert line(view, "mail").text() == "nina at home"
    assert "name@company.example" in problem(view, "mail")
    assert data(desk, "person", "Nina")["mail"] == ""
    qtbot.keyClick(line(view, "mail"), Key.Key_Escape)
    assert line(view, "mail").text() == ""
    assert problem(view, "mail") == ""


def test_a_name_that_is_taken_is_refused_under_the_name(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("category")
    choose(view, desk, "network/vpn")
    write(qtbot, line(view, "name"), "network/lan")
    assert "already" in problem(view, "name")
    assert line(view, "name").text() == "network/lan"
    assert "network/vpn" in names(desk, "category")


def test_an_item_is_removed_without_a_question_and_comes_back(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, said: list[Message]
) -> None:
    view = open_page("category")
    choose(view, desk, "network/vpn")
    qtbot.keyClick(view.table, Key.Key_Delete)
    assert "network/vpn" not in names(desk, "category")
    assert said[-1].undo
    qtbot.keyClick(view.table, Key.Key_Z, Mod.ControlModifier)
    assert "network/vpn" in names(desk, "category")


def test_what_is_needed_says_by_what(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, said: list[Message]
) -> None:
    view = open_page("calendar")
    choose(view, desk, "24x7")
    qtbot.keyClick(view.table, Key.Key_Delete)
    assert "needed by target P1" in said[-1].text
    assert said[-1].tone == "danger"
    assert "24x7" in names(desk, "calendar")


def test_a_category_made_here_is_offered_and_understood_by_the_quick_log(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("category")
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "hardware/plotter")
    qtbot.keyClick(line(view, "name"), Key.Key_Tab)
    pick(qtbot, view, "team", "Desk")
    assert data(desk, "category", "hardware/plotter")["team"] == "Desk"
    offered = questions.names(desk, "category", "plot").found
    assert [name.name for name in offered] == ["hardware/plotter"]
    made = quick_logging.log_lines(desk, ["streaks #plotter"])
    assert str(browsing.incident(desk, made.number).category) == "hardware/plotter"


def test_a_choice_asks_for_its_choices_and_a_text_has_none(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("custom_field")
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "Shift")
    qtbot.keyClick(line(view, "name"), Key.Key_Return)
    pick(qtbot, view, "type", "Choice")
    assert "List what can be chosen" in problem(view, "choices")
    choices = view.form.boxes["choices"].field
    assert isinstance(choices, QPlainTextEdit)
    choices.setFocus()
    qtbot.keyClicks(choices, "early")
    qtbot.keyClick(choices, Key.Key_Return)
    qtbot.keyClicks(choices, "late")
    qtbot.keyClick(choices, Key.Key_Tab)
    assert data(desk, "custom_field", "Shift")["choices"] == ["early", "late"]
    pick(qtbot, view, "type", "Text")
    assert data(desk, "custom_field", "Shift")["type"] == "text"
    assert data(desk, "custom_field", "Shift")["choices"] == []


def test_what_others_change_is_shown_but_typing_stays(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, bench: Workbench
) -> None:
    view = open_page("team")
    write_to = line(view, "mail")
    write_to.setFocus()
    qtbot.keyClicks(write_to, "desk@exam")
    uid = next(one.id for one in configuration.items(desk, "team"))
    bench.bus.publish(cataloguing.change(desk, "team", uid, {"lead": "Ana Ruiz"}))
    assert line(view, "lead").text() == "Ana Ruiz"
    assert write_to.text() == "desk@exam"
    qtbot.keyClicks(write_to, "ple.org")
    qtbot.keyClick(write_to, Key.Key_Return)
    assert data(desk, "team", "Desk") == {"lead": "Ana Ruiz", "mail": "desk@example.org"}


@pytest.mark.parametrize("kind", ["team", "location", "custom_field"])
def test_a_copy_has_its_name_under_the_cursor(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, kind: str
) -> None:
    if kind == "custom_field":
        cataloguing.add(desk, kind, "Shift", {})
    view = open_page(kind)
    before = names(desk, kind)[0]
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_D, Mod.ControlModifier)
    assert f"{before} 2" in names(desk, kind)
    assert line(view, "name").hasFocus()
    assert line(view, "name").selectedText() == f"{before} 2"


def test_closing_the_window_keeps_what_is_being_typed(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("team")
    line(view, "mail").setFocus()
    qtbot.keyClicks(line(view, "mail"), "desk@example.org")
    assert data(desk, "team", "Desk")["mail"] == ""
    view.close()
    assert data(desk, "team", "Desk")["mail"] == "desk@example.org"


def test_a_closure_code_is_added_worded_placed_and_retired_by_keys(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("outcome")
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "Vendor swapped it")
    qtbot.keyClick(line(view, "name"), Key.Key_Return)
    made = data(desk, "outcome", "vendor_swapped_it")
    assert (made["words"], made["position"]) == ("Vendor swapped it", 80)
    write(qtbot, line(view, "position"), "15")
    assert [one.name for one in desk.rules.codes.offered("outcome")][:2] == [
        "fixed",
        "vendor_swapped_it",
    ]
    write(qtbot, line(view, "position"), "soon")
    assert "whole number" in problem(view, "position")
    write(qtbot, line(view, "position"), "15")
    write(qtbot, line(view, "name"), "another_code")
    assert "keeps its name" in problem(view, "name")
    choose(view, desk, "fixed")
    retired = view.form.boxes["retired"].field
    qtbot.keyClick(retired, Key.Key_Space)
    assert data(desk, "outcome", "fixed")["retired"] is True
    assert desk.rules.codes.offered("outcome")[0].name == "vendor_swapped_it"


def test_the_last_code_that_is_offered_cannot_be_removed(desk: Desk) -> None:
    kept = [one for one in cataloguing.entries(desk, "fix_type") if one.name != "other"]
    for one in kept:
        cataloguing.remove(desk, "fix_type", one.id)
    (last,) = cataloguing.entries(desk, "fix_type")
    with pytest.raises(InvalidInputError, match="last fix type"):
        cataloguing.remove(desk, "fix_type", last.id)
