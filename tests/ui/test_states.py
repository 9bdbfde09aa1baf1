"""The states of the list, as ux.md 2.1 words them, in the running window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.domain.errors import StoreError
from app.services import configuration, moves, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.saved_views import put_view

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def open_window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: window.after_paint.is_done)
    return window


def test_a_first_run_says_what_to_do(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    window = open_window(qtbot, theme, desk)
    state = window.queue.state
    assert state.isVisible()
    assert state.text.text() == (
        "Nothing here yet. Type what is wrong in the bar above, press Enter."
    )
    assert state.sample.isVisible()
    assert state.sample.text() == "Add sample data"


def test_an_empty_view_links_to_the_next_one_with_work(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["printer down"])
    window = open_window(qtbot, theme, desk)
    window.sidebar.choose("pending")
    qtbot.waitUntil(window.queue.state.isVisible)
    qtbot.mouseClick(window.queue.state.next, LEFT)
    qtbot.waitUntil(lambda: window.queue.total() == 1)


def test_no_match_offers_to_clear_and_to_search_closed_ones(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["printer down", "phone dead"])
    window = open_window(qtbot, theme, desk)
    window.filter.setText("is:open phone")
    qtbot.waitUntil(lambda: window.queue.total() == 1)
    uid = window.queue.selected()[0] if window.queue.selected() else None
    if uid is None:
        window.queue.step(+1)
        uid = window.queue.current()
    assert uid is not None
    window.bench.bus.publish(moves.cancel(desk, [uid], "unnecessary"))
    state = window.queue.state
    qtbot.waitUntil(state.isVisible)
    assert state.text.text() == "No incident matches “is:open phone”."
    assert state.clear.text() == "Clear filter"
    assert state.finished.text() == "Search closed ones too (1)"
    qtbot.mouseClick(state.finished, LEFT)
    qtbot.waitUntil(lambda: window.queue.total() == 1)


def test_a_list_that_cannot_be_read_says_since_when_and_the_rest_goes_on(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    window = open_window(qtbot, theme, desk)
    queue = window.queue
    queue.model.failed.emit(StoreError("The database is locked by another program."))
    first = queue.state.text.text()
    assert first.startswith("The database is locked by another program.\nSince ")
    assert queue.state.again.isVisible()
    qtbot.mouseClick(queue.state.copy, LEFT)
    assert "The database is locked by another program." in QGuiApplication.clipboard().text()
    window.quick.setFocus()
    qtbot.keyClicks(window.quick, "printer down")
    qtbot.keyClick(window.quick, Qt.Key.Key_Return)
    qtbot.mouseClick(queue.state.again, LEFT)
    qtbot.waitUntil(lambda: queue.body.currentWidget() is queue.tree)
    assert queue.total() == 1


def test_a_slow_list_shows_a_thin_bar_and_never_hides_the_rows(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["printer down"])
    window = open_window(qtbot, theme, desk)
    queue = window.queue
    queue.model.loading_changed.emit(True)
    assert queue.progress.isHidden()
    assert queue.slow.interval() == 300
    qtbot.waitUntil(queue.progress.isVisible, timeout=2000)
    assert queue.progress.height() == 2
    assert queue.body.currentWidget() is queue.tree
    queue.model.loading_changed.emit(False)
    assert queue.progress.isHidden()


def test_a_changed_view_can_be_saved_or_reset(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    put_view(desk, "Printers", {"filter": "is:open printer"}, shared=False)
    window = open_window(qtbot, theme, desk)
    head = window.queue.head
    window.sidebar.choose("saved:Printers")
    assert head.reset.isHidden()
    window.filter.setText("printer !1")
    assert head.reset.isVisible()
    assert [each.text() for each in head.reset.menu().actions() if each.isVisible()] == [
        "Save",
        "Save as…",
        "Reset",
    ]
    head.back.trigger()
    assert window.filter.text() == "is:open printer"
    window.filter.setText("is:open toner")
    head.save.trigger()
    (kept,) = configuration.items(desk, "saved_view")
    assert kept.data["filter"] == "is:open toner"
    assert kept.data["shared"] is False
    qtbot.waitUntil(head.reset.isHidden)


def test_a_view_of_the_program_is_saved_under_a_new_name_only(
    qtbot: QtBot, theme: Theme, desk: Desk
) -> None:
    window = open_window(qtbot, theme, desk)
    window.filter.setText("toner")
    assert not window.queue.head.save.isVisible()
    assert window.queue.head.save_as.isVisible()
