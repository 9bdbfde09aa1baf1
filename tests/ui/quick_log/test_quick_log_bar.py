"""The quick-log bar over a real profile, driven by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMessageBox

from app.services import browsing, drafts, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.quick_log.quick_log_bar import DRAFT, PAUSE_MS, QuickLogBar
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["laptop is slow @Nina", "no sound @Noah"])
    return desk


@pytest.fixture
def bar(qtbot: QtBot, desk: Desk, theme: Theme) -> QuickLogBar:
    bar = QuickLogBar(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(bar)
    bar.resize(700, 90)
    bar.show()
    qtbot.waitExposed(bar)
    bar.line.setFocus()
    return bar


def test_enter_logs_the_line_and_empties_the_field(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    qtbot.keyClicks(bar.line, "printer down !high")
    with qtbot.waitSignal(bar.logged) as logged:
        qtbot.keyClick(bar.line, Key.Key_Return)
    (uid,) = logged.args[0].ids["incident"]
    made = browsing.incident(desk, uid)
    assert (made.title, made.priority) == ("printer down", "P2")
    assert bar.line.text() == ""


def test_the_chips_say_what_will_be_stored(qtbot: QtBot, bar: QuickLogBar) -> None:
    qtbot.keyClicks(bar.line, "printer down @nina !high @")
    bar.line.popup.hide()
    texts = [chip.text for chip in bar.chips.chips]
    assert texts[0] == "Nina"
    assert any(text.startswith("P2") for text in texts)
    assert texts[-1].endswith("SLA")
    assert "Nina" in bar.line.accessibleDescription()


def test_an_unknown_person_is_marked_as_new(qtbot: QtBot, bar: QuickLogBar) -> None:
    qtbot.keyClicks(bar.line, "printer down @zora ")
    assert bar.chips.chips[0].text == "zora (new)"
    assert bar.chips.chips[0].dashed


def test_tab_takes_the_name_on_offer(qtbot: QtBot, bar: QuickLogBar) -> None:
    qtbot.keyClicks(bar.line, "printer down @n")
    assert bar.line.popup.isVisible()
    assert bar.line.offered.rowCount() == 2
    first = bar.line.offered.item(0).data(Qt.ItemDataRole.UserRole)
    qtbot.keyClick(bar.line.popup, Key.Key_Tab)
    assert bar.line.text() == f"printer down @{first} "


def test_enter_logs_a_line_that_ends_in_the_full_name_of_a_place_with_rooms(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["no light loc:HQ", 'no heat loc:"HQ/Floor 1"'])
    qtbot.keyClicks(bar.line, "printer down loc:hq")
    assert bar.line.offered.rowCount() == 2, "what is below HQ is still on offer"
    assert not bar.line.popup.currentIndex().isValid()
    chips = bar.chips.mapToGlobal(bar.chips.rect().bottomLeft()).y()
    assert bar.line.popup.frameGeometry().top() > chips, "the chips stay in sight"
    with qtbot.waitSignal(bar.logged) as logged:
        qtbot.keyClick(bar.line.popup, Key.Key_Return)
    assert len(logged.args[0].ids["incident"]) == 1
    found = browsing.counts(desk, ['location:HQ -location:"HQ/Floor 1"'])
    assert found == [2]


def test_enter_takes_the_likeliest_while_the_name_is_not_whole(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    quick_logging.log_lines(desk, ["no light loc:HQ", 'no heat loc:"HQ/Floor 1"'])
    qtbot.keyClicks(bar.line, "printer down loc:h")
    qtbot.keyClick(bar.line.popup, Key.Key_Return)
    assert bar.line.text() == "printer down loc:HQ "


def test_a_line_without_a_summary_stays_with_its_reason(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    before = browsing.counts(desk, [""])
    qtbot.keyClicks(bar.line, "!high")
    bar.line.popup.hide()
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert bar.line.text() == "!high"
    assert "what is wrong" in bar.problem.text()
    assert bar.problem.isVisible()
    assert browsing.counts(desk, [""]) == before


def test_what_is_not_understood_is_underlined_and_kept(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    qtbot.keyClicks(bar.line, "printer down !urgentish")
    assert any("urgentish" in reason for reason in bar.line._problems)
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert browsing.incident(desk, "3").title == "printer down !urgentish"


def test_up_recalls_the_last_line(qtbot: QtBot, bar: QuickLogBar) -> None:
    qtbot.keyClicks(bar.line, "printer down")
    qtbot.keyClick(bar.line, Key.Key_Return)
    qtbot.keyClick(bar.line, Key.Key_Up)
    assert bar.line.text() == "printer down"


def test_a_pause_keeps_a_draft_and_a_new_bar_brings_it_back(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk, theme: Theme
) -> None:
    qtbot.keyClicks(bar.line, "half a sent")
    qtbot.waitUntil(lambda: drafts.find(desk, DRAFT) is not None, timeout=PAUSE_MS * 6)
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    again = QuickLogBar(bench)
    qtbot.addWidget(again)
    again.show()
    again.read_draft()
    again.line.setFocus()
    assert again.line.text() == "half a sent"
    qtbot.keyClick(again.line, Key.Key_Return)
    assert drafts.find(desk, DRAFT) is None


def test_pasting_several_lines_offers_to_log_each(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    QGuiApplication.clipboard().setText("first thing\n\nsecond thing\nthird thing")
    qtbot.keyClick(bar.line, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    question = bar.findChild(QMessageBox)
    assert question is not None
    assert "3" in question.text()
    qtbot.mouseClick(question.defaultButton(), Qt.MouseButton.LeftButton)
    assert browsing.counts(desk, [""]) == [5]


def test_tokens_are_coloured(qtbot: QtBot, bar: QuickLogBar) -> None:
    plain = QLineEdit()
    qtbot.addWidget(plain)
    plain.resize(bar.line.size())
    plain.setText("printer @nina")
    bar.line.setText("printer @nina")
    assert isinstance(bar.line, QLineEdit)
    one, other = bar.line.grab().toImage(), plain.grab().toImage()
    seen = {one.pixelColor(x, y).name() for x in range(one.width()) for y in range(one.height())}
    base = {
        other.pixelColor(x, y).name() for x in range(other.width()) for y in range(other.height())
    }
    assert seen - base


def test_enter_on_a_finished_line_logs_it_at_once(
    qtbot: QtBot, bar: QuickLogBar, desk: Desk
) -> None:
    qtbot.keyClicks(bar.line, "printer down !2")
    assert not bar.line.popup.isVisible()
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert browsing.incident(desk, "3").priority == "P2"
