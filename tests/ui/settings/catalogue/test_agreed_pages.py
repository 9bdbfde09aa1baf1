"""Calendars, targets and checklists as they are kept by keys, and what then follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    cataloguing,
    logging_incidents,
    moves,
    undoing,
)
from app.ui.closing.close_dialog import CloseDialog
from app.ui.settings.catalogue.field_editors import ListField
from app.ui.settings.catalogue.steps_field import FACT, REQUIRED, TEXT, StepsField
from app.ui.settings.catalogue.week_field import WeekField

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.settings.catalogue.catalogue_view import CatalogueView
    from app.ui.workbench import Workbench

from tests.ui.settings.catalogue.page_driving import choose, data, line, pick, problem, write

Key, Mod = Qt.Key, Qt.KeyboardModifier


def test_a_calendar_without_an_open_hour_is_refused_and_its_text_is_kept(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("calendar")
    choose(view, desk, "Office hours")
    week = view.form.boxes["open"].field
    assert isinstance(week, WeekField)
    for day in ("mon", "tue", "wed", "thu"):
        write(qtbot, week.days[day], "")
    assert problem(view, "open") == ""
    write(qtbot, week.days["fri"], "")
    assert "no open hour" in problem(view, "open")
    assert data(desk, "calendar", "Office hours")["open"] == {"fri": ["09:00-17:00"]}
    write(qtbot, week.days["sat"], "22:00-06:00, 9-5")
    assert "9-5" in problem(view, "open")
    assert week.days["sat"].text() == "22:00-06:00, 9-5"
    write(qtbot, week.days["sat"], "22:00-06:00, 09:00-12:00")
    assert problem(view, "open") == ""
    assert data(desk, "calendar", "Office hours")["open"] == {"sat": ["09:00-12:00", "22:00-06:00"]}


def test_hours_changed_on_the_screen_move_open_incidents_only(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    made = [
        logging_incidents.log(desk, IncidentDraft(title=title, impact=1, urgency=2)).number
        for title in ("finished", "lasting")
    ]
    finished = browsing.incident(desk, made[0])
    moves.start(desk, [finished.id])
    done = Given(
        resolution="Done",
        outcome=Outcome.FIXED,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.HARDWARE,
    )
    moves.resolve(desk, [finished.id], done)
    before = [browsing.incident(desk, number).resolution_clock for number in made]
    view = open_page("calendar")
    choose(view, desk, "Office hours")
    week = view.form.boxes["open"].field
    assert isinstance(week, WeekField)
    write(qtbot, week.days["mon"], "09:00-12:00")
    after = [browsing.incident(desk, number).resolution_clock for number in made]
    assert after[0] == before[0]
    assert before[1] is not None
    assert before[1].due_at == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    assert after[1] is not None
    assert after[1].due_at == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def test_a_calendar_is_always_open_with_holidays(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("calendar")
    choose(view, desk, "Office hours")
    box = view.form.boxes["always"].field
    qtbot.keyClick(box, Key.Key_Space)
    assert data(desk, "calendar", "Office hours")["always"] is True
    assert view.form.boxes["open"].isHidden()
    days = view.form.boxes["holidays"].field
    assert isinstance(days, ListField)
    days.setFocus()
    qtbot.keyClicks(days, "2026-12-25")
    qtbot.keyClick(days, Key.Key_Return)
    qtbot.keyClicks(days, "2026-02-30")
    qtbot.keyClick(days, Key.Key_Return, Mod.ControlModifier)
    assert "2026-02-30" in problem(view, "holidays")
    assert not data(desk, "calendar", "Office hours").get("holidays")
    for _ in "2026-02-30":
        qtbot.keyClick(days, Key.Key_Backspace)
    qtbot.keyClick(days, Key.Key_Tab)
    assert data(desk, "calendar", "Office hours")["holidays"] == ["2026-12-25"]
    qtbot.keyClick(box, Key.Key_Space)
    assert data(desk, "calendar", "Office hours")["open"]["mon"] == ["09:00-17:00"]


def test_a_target_in_days_says_what_it_comes_to_and_moves_due_times(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    number = logging_incidents.log(desk, IncidentDraft(title="slow", impact=1, urgency=2)).number
    view = open_page("target")
    choose(view, desk, "P2 resolution")
    write(qtbot, line(view, "target"), "soon")
    assert "Write a duration" in problem(view, "target")
    write(qtbot, line(view, "target"), "2d")
    assert "a working day of Office hours is 8 h" in view.form.boxes["target"]._beside
    clock = browsing.incident(desk, number).resolution_clock
    assert clock is not None
    assert clock.due_at == datetime(2026, 3, 10, 17, 0, tzinfo=UTC)


def test_steps_are_written_ordered_and_required_by_keys(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    number = logging_incidents.log(desk, IncidentDraft(title="slow")).number
    view = open_page("checklist")
    choose(view, desk, "Closure")
    steps = view.form.boxes["items"].field
    assert isinstance(steps, StepsField)
    QAbstractItemModelTester(steps.model, steps)
    steps.table.setFocus()
    steps.table.setCurrentIndex(steps.model.index(0, TEXT))
    qtbot.keyClick(steps.table, Key.Key_Insert)
    editor = steps.table.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "Cables tidied")
    qtbot.keyClick(editor, Key.Key_Return)
    steps.table.setFocus()
    steps.table.setCurrentIndex(steps.model.index(1, REQUIRED))
    qtbot.keyClick(steps.table, Key.Key_Space)
    qtbot.keyClick(steps.table, Key.Key_Up, Mod.AltModifier)
    first = data(desk, "checklist", "Closure")["items"][0]
    assert first == {"text": "Cables tidied", "required": True, "fact": ""}
    shown = browsing.incident(desk, number).checklist[0]
    assert (shown.item, shown.required) == ("Cables tidied", True)
    qtbot.keyClick(steps.table, Key.Key_Delete)
    assert data(desk, "checklist", "Closure")["items"][0]["text"] == "Resolution note"
    undoing.undo(desk)
    assert data(desk, "checklist", "Closure")["items"][0]["text"] == "Cables tidied"


def test_a_fact_is_chosen_for_a_step(open_page: Callable[[str], CatalogueView], desk: Desk) -> None:
    view = open_page("checklist")
    choose(view, desk, "Major incident")
    steps = view.form.boxes["items"].field
    assert isinstance(steps, StepsField)
    assert steps.model.setData(steps.model.index(4, FACT), "evidence_attached")
    assert data(desk, "checklist", "Major incident")["items"][4]["fact"] == "evidence_attached"


def test_a_list_made_here_is_asked_for_when_an_incident_of_its_category_is_closed(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk, bench: Workbench
) -> None:
    view = open_page("checklist")
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "Printers")
    qtbot.keyClick(line(view, "name"), Key.Key_Return)
    steps = view.form.boxes["items"].field
    assert isinstance(steps, StepsField)
    steps.table.setFocus()
    qtbot.keyClick(steps.table, Key.Key_Insert)
    editor = steps.table.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "Test page printed")
    qtbot.keyClick(editor, Key.Key_Return)
    categories = open_page("category")
    choose(categories, desk, "hardware/printer")
    pick(qtbot, categories, "checklist", "Printers")
    changes = logging_incidents.log(
        desk, IncidentDraft(title="streaks", category="hardware/printer")
    )
    dialog = CloseDialog(bench, browsing.incident(desk, changes.number))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert list(dialog.steps.boxes) == ["Test page printed"]


def test_a_check_is_made_and_changed_on_the_screen(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    cataloguing.add(desk, "check", "Gate", {"check": "ping", "target": "gate"})
    view = open_page("check")
    choose(view, desk, "Gate")
    assert view.form.boxes["port"].isHidden()
    target = view.form.boxes["target"].field
    assert isinstance(target, QLineEdit)
    write(qtbot, target, "gate.example.org")
    assert data(desk, "check", "Gate")["target"] == "gate.example.org"
    write(qtbot, target, "-f gate")
    assert "name or address of a computer" in problem(view, "target")
    assert data(desk, "check", "Gate")["target"] == "gate.example.org"
