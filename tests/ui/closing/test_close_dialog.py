"""Resolve and close over a real profile, by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.incident import Status
from app.services import browsing, drafts, moves, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.closing.close_dialog import CloseDialog
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina to:me"])
    moves.start(desk, [browsing.find(desk, "1")])
    return desk


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, theme: Theme) -> CloseDialog:
    return opened(qtbot, desk, theme)


def opened(qtbot: QtBot, desk: Desk, theme: Theme) -> CloseDialog:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    made = CloseDialog(bench, browsing.incident(desk, "1"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def commit(qtbot: QtBot, dialog: CloseDialog) -> None:
    qtbot.keyClick(dialog.note, Qt.Key.Key_Return, CTRL)


def test_a_missing_step_takes_the_focus_and_says_its_line(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk
) -> None:
    commit(qtbot, dialog)
    assert "resolution note" in dialog.problem.text()
    assert QApplication.focusWidget() is dialog.note
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    commit(qtbot, dialog)
    assert "confirmed" in dialog.problem.text()
    assert QApplication.focusWidget() is dialog.confirmed_how
    assert browsing.incident(desk, "1").status is Status.IN_PROGRESS


def test_everything_is_written_in_one_action(qtbot: QtBot, dialog: CloseDialog, desk: Desk) -> None:
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    qtbot.keyClicks(dialog.confirmed_how, "phone")
    qtbot.keyClicks(dialog.told, "Head of IT, Dispatch")
    commit(qtbot, dialog)
    made = browsing.incident(desk, "1")
    assert made.status is Status.CLOSED
    assert (made.verified_by, made.verified_how) == ("Nina", "phone")
    assert [one.who for one in made.told] == ["Head of IT", "Dispatch"]
    assert made.resolution == "Roller cleaned"
    assert not dialog.isVisible()


def test_resolve_only_leaves_closing_for_later(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk
) -> None:
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    dialog.resolve_only()
    assert browsing.incident(desk, "1").status is Status.RESOLVED


def test_esc_keeps_what_was_typed(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk, theme: Theme
) -> None:
    qtbot.keyClicks(dialog.note, "Half a sent")
    qtbot.keyClicks(dialog.told, "Dispatch")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    again = opened(qtbot, desk, theme)
    assert again.note.toPlainText() == "Half a sent"
    assert again.told.text() == "Dispatch"
    qtbot.keyClicks(again.confirmed_how, "phone")
    commit(qtbot, again)
    assert drafts.all(desk, "closing") == []


def test_the_page_follows_the_keys(qtbot: QtBot, dialog: CloseDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.page.pixmap().isNull(), timeout=5000)
    before = dialog.page.pixmap().toImage()
    qtbot.keyClicks(dialog.note, "Roller cleaned and the tray set straight")
    qtbot.waitUntil(lambda: dialog.page.pixmap().toImage() != before, timeout=5000)


def test_what_is_left_is_named(qtbot: QtBot, dialog: CloseDialog) -> None:
    assert "Required:" in dialog.left.text()
    assert dialog.done_bar.maximum() == dialog.steps.count()
    before = dialog.done_bar.value()
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    assert dialog.done_bar.value() > before
    assert "Resolution note" not in dialog.left.text()


def test_it_fits_the_smallest_window(dialog: CloseDialog) -> None:
    hint = dialog.minimumSizeHint()
    assert hint.width() <= 800
    assert hint.height() <= 520


def test_tab_goes_through_the_fields_in_reading_order(qtbot: QtBot, dialog: CloseDialog) -> None:
    order = [dialog.outcome, dialog.note, dialog.fix_type, dialog.cause_class]
    order += [dialog.confirmed_by, dialog.confirmed_how, dialog.told, dialog.told_how]
    for field in order:
        assert QApplication.focusWidget() is field
        qtbot.keyClick(field, Qt.Key.Key_Tab)
