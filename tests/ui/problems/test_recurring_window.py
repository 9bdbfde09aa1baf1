"""What recurs: every pattern with its arithmetic, and the way from it to the list or a problem."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.domain.patterns import Group
from app.services import problems, quick_logging
from app.ui.pattern_words import group_words
from app.ui.problems.recurring_window import RecurringWindow
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow


def opened(qtbot: QtBot, window: MainWindow) -> RecurringWindow:
    window.actions_.run("tools.recurring")
    shown: RecurringWindow = window.findChildren(RecurringWindow)[-1]
    qtbot.waitUntil(lambda: shown.list.count() > 0)
    return shown


def lines(shown: RecurringWindow, row: int) -> list[str]:
    return shown.list.item(row).text().split("\n")


def test_each_pattern_has_its_arithmetic_and_enter_lists_its_incidents(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    shown = opened(qtbot, window)
    assert faults(shown) == []
    kinds = [str(one.recurring.pattern.group) for one in problems.flagged(desk)]
    assert {"signature:error 651", "hour:09", "weekday:mon"} <= set(kinds)
    row = kinds.index("signature:error 651")
    assert lines(shown, row) == [
        "4 incidents share the error “error 651”",
        "4 in the last 7 days; 0 in the 12 weeks before, so 0.00 per week are usual; "
        "P(X >= 4) = 0; not enough history: it covers 0 of the 12 weeks",
    ]
    shown.list.setCurrentRow(row)
    qtbot.keyClick(shown.list, Qt.Key.Key_Return)
    assert not shown.isVisible()
    numbers = problems.flagged(desk)[row].recurring.numbers
    assert window.queue.filter_text() == f"number:{','.join(numbers)}"
    qtbot.waitUntil(lambda: window.queue.total() == 4)


def test_a_dismissed_pattern_says_so_and_one_with_a_problem_names_it(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    shown = opened(qtbot, window)
    shown.list.setCurrentRow(0)
    shown.dismiss.click()
    qtbot.waitUntil(lambda: lines(shown, 0)[-1].startswith("Dismissed"))
    assert not shown.dismiss.isEnabled()
    shown.list.setCurrentRow(1)
    shown.open_one.click()
    assert not shown.isVisible()
    named = [one.problem for one in problems.flagged(desk)]
    assert named[1].startswith("Recurring: ")
    again = opened(qtbot, window)
    assert lines(again, 1)[-1] == f"Problem: {named[1]}"
    again.list.setCurrentRow(1)
    assert not again.open_one.isEnabled()


def test_weekday_and_hour_are_said_in_words() -> None:
    assert group_words(Group("weekday", "mon")) == "the weekday Monday"
    assert group_words(Group("hour", "09")) == "the hour from 09:00"


def test_without_anything_more_than_chance_it_says_so(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    for _ in range(13):  # the same four each week: usual
        desk.clock.set(desk.now() + timedelta(days=7))  # type: ignore[attr-defined]
        quick_logging.log_lines(desk, [f"tunnel drops error 651 {n} @Nina" for n in range(4)])
    window.actions_.run("tools.recurring")
    (shown,) = window.findChildren(RecurringWindow)
    qtbot.waitUntil(lambda: shown.nothing.text() == "Nothing recurs more than chance.")
    assert not shown.list.isVisible()
