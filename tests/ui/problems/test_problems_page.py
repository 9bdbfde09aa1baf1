"""The page of problems in the main window, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.problem import ProblemStatus
from app.services import browsing, configuration, drafts, patterns, problems
from app.ui.asking.name_question import NameQuestion
from app.ui.asking.question import Question
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow
    from app.ui.problems.problems_page import ProblemsPage

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def go_there(qtbot: QtBot, window: MainWindow) -> ProblemsPage:
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_G)
    qtbot.keyClick(window.queue.tree, Key.Key_P)
    page = window.window_commands.problems.page
    assert page.isVisible()
    return page


def a_problem(desk: Desk, **values: str) -> problems.Problem:
    ids = [row.id for row in patterns.recurring(desk)[0].pattern.incidents]
    problems.open_problem(desk, "Tunnel", values, incidents=ids)
    return problems.find(desk, "Tunnel")


def test_g_p_opens_it_in_place_of_the_list_and_esc_leaves(qtbot: QtBot, window: MainWindow) -> None:
    page = go_there(qtbot, window)
    assert not window.queue.isVisible()
    assert window.chosen() == []
    assert page.list.hasFocus()
    qtbot.keyClick(page.list, Key.Key_Escape)
    assert not page.isVisible()
    assert window.queue.isVisible()
    assert window.queue.tree.hasFocus()
    assert window.chosen()


def test_a_view_of_the_sidebar_leaves_it(qtbot: QtBot, window: MainWindow) -> None:
    page = go_there(qtbot, window)
    qtbot.keyClick(page.list, Key.Key_G)
    qtbot.keyClick(page.list, Key.Key_A)
    assert not page.isVisible()
    assert window.queue.isVisible()


def test_a_view_that_is_counted_anew_leaves_the_page_open(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    page = go_there(qtbot, window)
    configuration.put_item(desk, "team", "Desk", {})
    changes = configuration.put_item(desk, "person", "Ana Ruiz", {"team": "Desk"})
    window.bench.bus.publish(changes)

    def filter_now() -> str:
        view = window.sidebar.current()
        return view.filter if view is not None else ""

    qtbot.waitUntil(lambda: filter_now() == "team:Desk is:open")
    assert page.isVisible()
    assert not window.queue.isVisible()


def test_the_band_names_the_likeliest_and_opens_it(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    page = go_there(qtbot, window)
    assert page.band.isVisible()
    assert "4 incidents since 9 Mar share the error" in page.band.words.text()
    page.band.open_one.setFocus()
    qtbot.keyClick(page.band.open_one, Key.Key_Space)
    (listed,) = problems.every(desk)
    assert (listed.problem.pattern, listed.incidents) == ("signature:error 651", 4)
    assert page.current() == listed.problem.id
    assert page.detail.isVisible()
    assert "651" not in page.band.words.text() or not page.band.isVisible()


def test_the_band_shows_its_incidents_in_the_list(qtbot: QtBot, window: MainWindow) -> None:
    page = go_there(qtbot, window)
    page.band.show_them.setFocus()
    qtbot.keyClick(page.band.show_them, Key.Key_Space)
    assert window.queue.isVisible()
    assert window.queue.filter.text().startswith("number:INC-")
    qtbot.waitUntil(lambda: window.queue.total() == 4)


def test_what_is_dismissed_stays_away(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    page = go_there(qtbot, window)
    for _ in range(12):
        if not page.band.isVisible():
            break
        qtbot.keyClick(page.band.dismiss, Key.Key_Space)
    assert not page.band.isVisible()
    assert problems.likeliest(desk) is None


def test_a_text_is_kept_as_a_draft_and_saved_with_ctrl_enter(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    problem = a_problem(desk)
    page = go_there(qtbot, window)
    field = page.detail.fields["workaround"]
    field.setFocus()
    qtbot.keyClicks(field, "Switch off IPv6")
    key = f"problem:{problem.id.hex()}:workaround"
    qtbot.waitUntil(lambda: drafts.find(desk, key) is not None)
    assert problems.find(desk, "Tunnel").workaround == ""
    qtbot.keyClick(field, Key.Key_Return, CTRL)
    assert problems.find(desk, "Tunnel").workaround == "Switch off IPv6"
    assert drafts.find(desk, key) is None
    assert page.detail.apply.isVisible()
    assert "4 open" in page.detail.apply.text()
    page.detail.apply.setFocus()
    qtbot.keyClick(page.detail.apply, Key.Key_Space)
    ids = [one.id for one in problems.details(desk, problem.id).incidents]
    assert {browsing.incident(desk, uid).workaround for uid in ids} == {"Switch off IPv6"}
    assert not page.detail.apply.isVisible()
    window.actions_.run("edit.undo")
    assert {browsing.incident(desk, uid).workaround for uid in ids} == {""}
    assert page.detail.apply.isVisible()


def test_a_draft_is_there_again_in_a_new_window(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    problem = a_problem(desk)
    drafts.save(desk, f"problem:{problem.id.hex()}:cause", "problem", {"text": "half a thou"})
    page = go_there(qtbot, window)
    assert page.detail.fields["cause"].toPlainText() == "half a thou"
    assert problems.find(desk, "Tunnel").cause == ""


def test_resolving_offers_to_resolve_the_incidents(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    problem = a_problem(desk)
    page = go_there(qtbot, window)
    actions = {action.text(): action for action in page.detail.moves.actions()}
    assert list(actions) == ["Investigating", "Known error", "Resolved"]
    actions["Resolved"].trigger()
    form = window.findChild(Question)
    assert form is not None
    assert "4 open incidents" in form.fields["too"].currentText()
    form.fields["resolution"].setFocus()
    qtbot.keyClicks(form.fields["resolution"], "Client 5.3")
    qtbot.keyClick(form.fields["resolution"], Key.Key_Return, CTRL)
    found = problems.details(desk, problem.id)
    assert found.problem.status is ProblemStatus.RESOLVED
    assert {str(one.status) for one in found.incidents} == {"resolved"}
    window.actions_.run("edit.undo")
    again = problems.details(desk, problem.id)
    assert {str(one.status) for one in again.incidents} == {"new"}
    assert again.problem.status is ProblemStatus.LOGGED


def test_enter_on_an_incident_opens_it_and_esc_comes_back(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    a_problem(desk)
    page = go_there(qtbot, window)
    page.detail.view.setFocus()
    qtbot.keyClick(page.detail.view, Key.Key_Return)
    assert window.pages.page.isVisible()
    assert not page.isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Key.Key_Escape)
    assert page.isVisible()
    assert not window.pages.page.isVisible()


def test_incidents_are_linked_to_a_problem_by_name(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    assert window.actions_.run("incident.problem")
    form = window.findChild(NameQuestion)
    assert form is not None
    qtbot.keyClicks(form.line, "Gateway")
    qtbot.keyClick(form.line, Key.Key_Return)
    (listed,) = problems.every(desk)
    assert (listed.problem.name, listed.incidents) == ("Gateway", 1)


def test_an_incident_opens_a_problem_that_is_shown(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    (chosen,) = window.chosen()
    assert window.actions_.run("incident.open_problem")
    page = window.window_commands.problems.page
    assert page.isVisible()
    assert page.detail.name.text() == chosen.title


def test_everything_has_a_name(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    a_problem(desk, workaround="Switch off IPv6")
    page = go_there(qtbot, window)
    assert faults(window) == []
    for field in page.detail.fields.values():
        assert field.accessibleName()
    assert page.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Tunnel, Known error, 4 incidents, 4 open"
    )
