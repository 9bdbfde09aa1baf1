"""Resolve and close over a real profile, by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget

from app.domain.incident import Outcome, Status
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    configuration,
    drafts,
    major_incidents,
    moves,
    quick_logging,
    stakeholders,
)
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

TOLD_AT = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
SOLVED = Given(outcome="fixed", fix_type="other", cause_class="human", resolution="Cleaned")
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
    made = CloseDialog(bench, browsing.incident(desk, "1"), codes=desk.rules.codes)
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
    dialog.told.ask()
    qtbot.keyClicks(dialog.told.who, "Head of IT, Dispatch")
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
    dialog.told.ask()
    qtbot.keyClicks(dialog.told.who, "Dispatch")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    again = opened(qtbot, desk, theme)
    assert again.note.toPlainText() == "Half a sent"
    assert [one.who for one in again.people_told()] == ["Dispatch"]
    qtbot.keyClicks(again.confirmed_how, "phone")
    commit(qtbot, again)
    assert drafts.all(desk, "closing") == []


def test_the_page_follows_the_keys(qtbot: QtBot, dialog: CloseDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.page.pixmap().isNull(), timeout=5000)
    before = dialog.page.pixmap().toImage()
    qtbot.keyClicks(dialog.note, "Roller cleaned and the tray set straight")
    qtbot.waitUntil(lambda: dialog.page.pixmap().toImage() != before, timeout=5000)


def test_what_is_left_is_named(qtbot: QtBot, dialog: CloseDialog) -> None:
    assert "required left" in dialog.left.text()
    assert "Resolution note" in dialog.problem.text()
    assert dialog.done_bar.maximum() == len(dialog.steps.boxes)
    before = dialog.done_bar.value()
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    assert dialog.done_bar.value() > before
    assert "Resolution note" not in dialog.problem.text()


def test_it_fits_the_smallest_window(dialog: CloseDialog) -> None:
    hint = dialog.minimumSizeHint()
    assert hint.width() <= 800
    assert hint.height() <= 520


def test_tab_goes_through_the_fields_in_reading_order(qtbot: QtBot, dialog: CloseDialog) -> None:
    boxes = list(dialog.steps.boxes.values())
    order = [dialog.outcome.buttons[Outcome.FIXED], dialog.note]
    order += [dialog.fix_type, dialog.cause_class, dialog.cause, dialog.confirmed_by]
    order += [dialog.confirmed_how, dialog.confirmed_when, *boxes]
    for field in order:
        assert QApplication.focusWidget() is field
        # Tab goes through day, month, hour and minute of an instant first.
        for _ in range(4 if field is dialog.confirmed_when else 1):
            qtbot.keyClick(field, Qt.Key.Key_Tab)


def test_a_required_step_that_is_left_takes_the_focus(
    qtbot: QtBot, desk: Desk, theme: Theme
) -> None:
    major_incidents.declare(desk, browsing.find(desk, "1"))
    dialog = opened(qtbot, desk, theme)
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    qtbot.keyClicks(dialog.confirmed_how, "phone")
    dialog.told.ask()
    qtbot.keyClicks(dialog.told.who, "Dispatch")
    commit(qtbot, dialog)
    box = dialog.focusWidget()
    assert isinstance(box, QCheckBox)
    assert box.text() in dialog.problem.text()
    assert browsing.incident(desk, "1").status is Status.IN_PROGRESS
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()


def test_the_outcome_is_chosen_by_arrow_keys(qtbot: QtBot, dialog: CloseDialog) -> None:
    assert dialog.outcome.outcome() == Outcome.FIXED
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert dialog.outcome.outcome() == Outcome.WORKAROUND
    assert QApplication.focusWidget() is dialog.outcome.buttons[Outcome.WORKAROUND]
    for _ in range(9):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert dialog.outcome.outcome() == list(Outcome)[-1]
    assert QApplication.focusWidget() is dialog.outcome.other


def test_a_step_that_only_a_fact_ticks_cannot_be_ticked_by_hand(
    qtbot: QtBot, dialog: CloseDialog
) -> None:
    box = dialog.steps.boxes["Resolution note"]
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()


def test_who_was_told_how_and_when_is_kept_and_written(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk
) -> None:
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    qtbot.keyClicks(dialog.confirmed_how, "phone")
    dialog.told.ask()
    dialog.told.how.setCurrentText("chat")
    dialog.told.when.show_instant(int(TOLD_AT.timestamp()))
    qtbot.keyClicks(dialog.told.who, "Dispatch")
    qtbot.keyClick(dialog.told.who, Qt.Key.Key_Return)
    assert dialog.told.who.text() == ""
    commit(qtbot, dialog)
    (told,) = browsing.incident(desk, "1").told
    assert (told.who, told.how, told.at) == ("Dispatch", "chat", TOLD_AT)


def test_somebody_proposed_counts_only_when_pressed(qtbot: QtBot, dialog: CloseDialog) -> None:
    assert dialog.people_told() == []
    chip = next(
        one for one in dialog.told.findChildren(QPushButton) if one.property("person") == "Nina"
    )
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert [one.who for one in dialog.people_told()] == ["Nina"]


def test_the_report_is_saved_with_what_is_typed(
    qtbot: QtBot, dialog: CloseDialog, tmp_path: Path
) -> None:
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    dialog.side.save_to(tmp_path / "report.pdf")
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    assert "Roller cleaned" in pdf[0].get_textpage().get_text_range()
    pdf.close()


def test_resolving_only_keeps_who_was_told_for_closing(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk, theme: Theme
) -> None:
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    dialog.told.ask()
    qtbot.keyClicks(dialog.told.who, "Dispatch")
    dialog.resolve_only()
    again = opened(qtbot, desk, theme)
    assert browsing.incident(desk, "1").status is Status.RESOLVED
    assert [one.who for one in again.people_told()] == ["Dispatch"]


def test_an_earlier_confirmation_keeps_its_time(qtbot: QtBot, desk: Desk, theme: Theme) -> None:
    uid = browsing.find(desk, "1")
    stakeholders.verify_with_requester(desk, uid, "Nina", "phone", at=TOLD_AT)
    dialog = opened(qtbot, desk, theme)
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    commit(qtbot, dialog)
    made = browsing.incident(desk, "1")
    assert (made.status, made.verified_at) == (Status.CLOSED, TOLD_AT)


def test_a_step_that_is_left_stands_out_until_it_is_done(qtbot: QtBot, dialog: CloseDialog) -> None:
    box = dialog.steps.boxes["Resolution note"]
    assert box.font().weight() == 600
    assert box.property("required")
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    assert box.font().weight() == 400
    assert not box.property("required")


def test_the_root_cause_is_typed_here_and_kept(
    qtbot: QtBot, dialog: CloseDialog, desk: Desk, theme: Theme
) -> None:
    qtbot.keyClicks(dialog.cause, "A worn roller")
    qtbot.keyClicks(dialog.note, "Roller cleaned")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    again = opened(qtbot, desk, theme)
    assert again.cause.toPlainText() == "A worn roller"
    again.resolve_only()
    assert browsing.incident(desk, "1").root_cause == "A worn roller"


def test_the_codes_of_the_team_are_offered_and_retired_ones_only_where_they_stand(
    qtbot: QtBot, desk: Desk, theme: Theme
) -> None:
    moves.resolve(desk, [browsing.find(desk, "1")], SOLVED)
    configuration.put_item(desk, "outcome", "Vendor swap", {"position": 1})
    for kind, name in (("outcome", "fixed"), ("cause_class", "human"), ("fix_type", "training")):
        configuration.put_item(desk, kind, name, {"retired": True})
    dialog = opened(qtbot, desk, theme)
    buttons = [button.text() for button in dialog.outcome.buttons.values()]
    assert buttons == ["Vendor swap", "Workaround", "No fault found"]
    menu = dialog.outcome.other.menu()
    assert [action.text() for action in menu.actions()][-1] == "Fixed"
    assert dialog.outcome.outcome() == "fixed", "what the incident has stays chosen"
    assert dialog.cause_class.currentText() == "Human"
    assert dialog.fix_type.findText("Training") < 0
    assert dialog.fix_type.currentText() == "Other"
    qtbot.mouseClick(next(iter(dialog.outcome.buttons.values())), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(dialog.confirmed_how, "phone")
    commit(qtbot, dialog)
    made = browsing.incident(desk, "1")
    assert (made.status, made.outcome) == (Status.CLOSED, "vendor_swap")
    assert (made.verified_by, made.verified_how) == ("Nina", "phone")


def first_ink(field: QWidget) -> int:
    """Return how far from the leading edge of a field its text begins, in pixels."""
    picture = field.grab().toImage()
    rows = range(8, picture.height() - 8)
    ground = picture.pixelColor(5, picture.height() // 2)
    return next(
        x
        for x in range(4, picture.width())
        if any(abs(picture.pixelColor(x, y).lightness() - ground.lightness()) > 80 for y in rows)
    )


def test_the_fields_of_the_confirmation_are_of_one_measure(dialog: CloseDialog) -> None:
    dialog.confirmed_by.setText("28 Nov")
    when, by = dialog.confirmed_when, dialog.confirmed_by
    assert abs(when.height() - by.height()) <= 1
    assert abs(first_ink(when) - first_ink(by)) <= 2
