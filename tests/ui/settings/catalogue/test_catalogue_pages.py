"""The lists of the team are kept by keys alone, over a real profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.domain.incident import CauseClass, FixType, IncidentDraft, Outcome
from app.domain.lifecycle import Given
from app.domain.setting import Section
from app.services import (
    browsing,
    cataloguing,
    configuration,
    logging_incidents,
    moves,
    quick_logging,
    undoing,
)
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.settings.catalogue import catalogue_pages
from app.ui.settings.catalogue.catalogue_view import CatalogueView
from app.ui.settings.catalogue.field_editors import ChoiceField, ListField, TextField
from app.ui.settings.catalogue.steps_field import FACT, REQUIRED, TEXT, StepsField
from app.ui.settings.catalogue.week_field import WeekField
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Iterator[Workbench]:
    made = Workbench(InlineJobs(desk), ChangeBus(), theme)
    yield made
    made.deleteLater()


@pytest.fixture
def said(bench: Workbench) -> list[Message]:
    heard: list[Message] = []
    bench.said.connect(heard.append)
    return heard


@pytest.fixture
def open_page(qtbot: QtBot, bench: Workbench) -> Callable[[str], CatalogueView]:
    def show(kind: str) -> CatalogueView:
        page = next(one for one in catalogue_pages(bench) if one.spec.kind == kind)
        view = page.widget()
        assert isinstance(view, CatalogueView)
        qtbot.addWidget(view)
        view.resize(860, 560)
        view.show()
        view.activateWindow()
        qtbot.waitExposed(view)
        view.search.setFocus()
        qtbot.waitUntil(view.search.hasFocus)
        QAbstractItemModelTester(view.model, view)
        QAbstractItemModelTester(view.found, view)
        return view

    return show


def names(desk: Desk, kind: str) -> list[str]:
    return cataloguing.names(desk, kind)


def data(desk: Desk, kind: str, name: str) -> dict[str, Any]:
    return next(one.data for one in cataloguing.entries(desk, kind) if one.name == name)


def choose(view: CatalogueView, desk: Desk, name: str) -> None:
    kind = view.form._spec.kind
    uid = next(one.id for one in configuration.items(desk, kind) if one.name == name)
    assert view.select(uid)


def line(view: CatalogueView, name: str) -> TextField:
    field = view.form.boxes[name].field
    assert isinstance(field, TextField)
    return field


def write(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def pick(qtbot: QtBot, view: CatalogueView, name: str, words: str) -> None:
    """Choose a word of a combo box by its arrows."""
    box = view.form.boxes[name].field
    assert isinstance(box, ChoiceField)
    box.setFocus()
    assert box.findText(words) >= 0
    for _ in range(box.count()):
        if box.currentText() == words:
            return
        up = box.findText(words) < box.currentIndex()
        qtbot.keyClick(box, Key.Key_Up if up else Key.Key_Down)
    assert box.currentText() == words


def problem(view: CatalogueView, name: str) -> str:
    label = view.form.boxes[name].problem
    return label.text() if not label.isHidden() else ""


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


def test_a_category_made_here_is_understood_by_the_quick_log(
    qtbot: QtBot, open_page: Callable[[str], CatalogueView], desk: Desk
) -> None:
    view = open_page("category")
    view.table.setFocus()
    qtbot.keyClick(view.table, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "hardware/plotter")
    qtbot.keyClick(line(view, "name"), Key.Key_Tab)
    pick(qtbot, view, "team", "Desk")
    assert data(desk, "category", "hardware/plotter")["team"] == "Desk"
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
