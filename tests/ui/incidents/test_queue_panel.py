"""The queue over a real profile, driven by keys and the mouse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester

from app.domain.incident import PendingReason, Status
from app.services import browsing, moves, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock, to_ms
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.incidents.queue_model import ROW_ROLE
from app.ui.incidents.queue_panel import QueuePanel
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QPushButton
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
LINES = (
    "card payments fail at all tills !1 team:Desk",
    "vpn drops every few minutes !2",
    "calendar does not open !3",
    "desk phone shows the wrong name !4",
    "printer waits for toner !3",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    quick_logging.log_lines(desk, LINES)
    waits = browsing.find(desk, "5")
    moves.start(desk, [waits])
    moves.pend(desk, [waits], PendingReason.VENDOR, datetime(2026, 3, 20, tzinfo=UTC))
    return desk


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk, theme: Theme) -> QueuePanel:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    panel = QueuePanel(bench, now_ms=lambda: to_ms(NOW))
    panel.bench = bench
    qtbot.addWidget(panel)
    panel.resize(760, 700)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_view("All open", "is:open")
    qtbot.waitUntil(lambda: len(titles(panel)) == 5)
    return panel


def titles(panel: QueuePanel) -> list[str]:
    found = []
    for group in range(panel.model.rowCount()):
        parent = panel.model.index(group, 0)
        if panel.model.flat and parent.data(ROW_ROLE) is not None:
            found.append(parent.data(ROW_ROLE).title)
        for row in range(panel.model.rowCount(parent)):
            shown = panel.model.index(row, 0, parent).data(ROW_ROLE)
            if shown is not None:
                found.append(shown.title)
    return found


def test_the_list_is_the_order_of_work(panel: QueuePanel) -> None:
    found = titles(panel)
    assert found[0].startswith("card payments")
    assert found[-1].startswith("printer waits")
    labels = [panel.model.groups[n].label for n in range(panel.model.rowCount())]
    assert labels[-1] == "Clock paused"


def test_the_filter_follows_each_key(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.focus_filter()
    qtbot.keyClicks(panel.filter, "is:open vpn")
    qtbot.waitUntil(lambda: titles(panel) == ["vpn drops every few minutes"])
    assert panel.head.reset.isVisible()


def test_an_unknown_key_never_empties_the_list(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.filter.setText("is:open colour:vpn")
    assert "colour" in panel.filter.accessibleDescription()


def test_a_filter_without_a_match_says_so_and_can_be_cleared(
    qtbot: QtBot, panel: QueuePanel
) -> None:
    panel.filter.setText("is:open zeppelin")
    qtbot.waitUntil(lambda: panel.body.currentWidget() is panel.state)
    panel.state.filter_cleared.emit()
    qtbot.waitUntil(lambda: len(titles(panel)) == 5)
    assert panel.body.currentWidget() is panel.tree


def test_closed_ones_are_offered_when_nothing_open_matches(
    qtbot: QtBot, panel: QueuePanel, desk: Desk
) -> None:
    uid = browsing.find(desk, "4")
    panel.bench.bus.publish(moves.cancel(desk, [uid], "unnecessary"))  # type: ignore[attr-defined, arg-type]
    panel.filter.setText("is:open phone")
    qtbot.waitUntil(lambda: panel.body.currentWidget() is panel.state)
    panel.state.finished_too_requested.emit()
    qtbot.waitUntil(lambda: len(titles(panel)) == 1)


def test_an_empty_program_says_what_to_do(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    desk = open_desk(Profile(tmp_path / "empty"), PinnedClock(NOW), person="Ana Ruiz")
    panel = QueuePanel(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(panel)
    panel.show()
    panel.show_view("All open", "is:open")
    qtbot.waitUntil(lambda: panel.body.currentWidget() is panel.state)
    sample: list[QPushButton] = [
        button for button in panel.state.findChildren(type(panel.head.new)) if button.isVisible()
    ]
    assert sample, "a first run offers the sample data"


def test_j_and_k_go_through_the_rows_and_over_the_bands(qtbot: QtBot, panel: QueuePanel) -> None:
    chosen: list[object] = []
    panel.chosen.connect(chosen.append)
    for _ in range(5):
        panel.step(+1)
    assert len(set(map(bytes, chosen))) == 5  # type: ignore[arg-type]
    panel.step(-1)
    assert chosen[-1] == chosen[-3]


def test_space_ticks_for_bulk_and_the_bar_counts(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.tree.setFocus()
    for _ in range(2):
        panel.step(+1)
        panel.tick_current()
    assert len(panel.selected()) == 2
    assert panel.head.currentIndex() == 1
    assert "2" in panel.bulk.count.text()
    qtbot.mouseClick(panel.bulk.clear, Qt.MouseButton.LeftButton)
    assert panel.head.currentIndex() == 0
    assert len(panel.selected()) == 1


def test_ctrl_a_takes_all_in_view(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.tree.setFocus()
    panel.step(+1)
    qtbot.keyClick(panel.tree, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(panel.selected()) == 5


def test_a_changed_row_stays_chosen(qtbot: QtBot, panel: QueuePanel, desk: Desk) -> None:
    uid = browsing.find(desk, "3")
    panel.select(uid)
    assert panel.current() == uid
    panel.bench.bus.publish(moves.assign(desk, [uid], desk.person))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: panel.selected_rows()[0].status == Status.ASSIGNED)
    assert panel.current() == uid


def test_sorting_by_the_header_is_part_of_a_saved_view(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.show_view("By number", "is:open", {"group": "none", "sort": "-number"})
    qtbot.waitUntil(lambda: panel.model.flat and len(titles(panel)) == 5)
    assert titles(panel)[0].startswith("printer waits")
    assert panel.save_state()["sort"] == "-number"


def test_a_screen_reader_hears_the_row(panel: QueuePanel) -> None:
    panel.step(+1)
    index = panel.tree.currentIndex().siblingAtColumn(0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Priority 1, INC-000001, card payments")
    assert QAccessible.queryAccessibleInterface(panel.tree) is not None


def test_the_model_is_sound_through_filter_and_change(
    qtbot: QtBot, panel: QueuePanel, desk: Desk
) -> None:
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    panel.filter.setText("is:open vpn")
    qtbot.wait(30)
    panel.filter.setText("")
    qtbot.wait(30)
    panel.bench.bus.publish(quick_logging.log_lines(desk, ["one more"]))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: len(titles(panel)) == 6)


def test_the_list_is_mirrored_for_right_to_left(qtbot: QtBot, panel: QueuePanel) -> None:
    left = panel.grab().toImage()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.wait(30)
    right = panel.grab().toImage()
    assert panel.head.new.mapTo(panel, panel.head.new.rect().center()).x() < panel.width() / 2
    assert left != right
