"""A major incident in the window, driven by keys: declared, run, reviewed, followed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.major_incident import is_room_open
from app.services import browsing, incidents, major_incidents, work_records
from app.ui.asking.question import Question
from app.ui.sample_band import show_sample_band
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow
    from app.ui.major.room_page import RoomPage

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def asked(qtbot: QtBot) -> Question:
    """Return the question that is open, once it has the keys."""
    form = QApplication.activeModalWidget()
    assert isinstance(form, Question)
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form)
    return form


def commit(qtbot: QtBot, **values: str) -> None:
    form = asked(qtbot)
    for name, text in values.items():
        field = form.fields[name]
        field.setFocus()
        qtbot.keyClick(field, Key.Key_A, CTRL)
        qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return, CTRL)
    assert form.error.text() == ""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def room_of(qtbot: QtBot, window: MainWindow) -> RoomPage:
    assert window.actions_.run("incident.major")
    commit(qtbot, reason="Nobody can work")
    page = window.window_commands.major.room
    qtbot.waitUntil(page.isVisible)
    return page


def test_the_band_shows_its_words_and_its_button_however_narrow_the_window_is(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    number = window.chosen()[0].number
    incidents.edit(desk, [browsing.find(desk, number)], {"title": "Nobody can pay " * 12})
    window.resize(820, 560)
    show_sample_band(window)
    page = room_of(qtbot, window)
    band = window.window_commands.major.band
    for width in (820, 1400):
        window.resize(width, 560)
        QApplication.processEvents()
        for part in (band.text, band.open):
            assert part.isVisible()
            assert band.rect().contains(part.geometry())
        assert number in band.text.text()
        assert "status update" in band.text.text()
    assert page.isVisible()


def test_it_is_declared_and_the_band_stays_until_it_is_stood_down(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    band = window.window_commands.major.band
    assert not band.isVisible()
    number = window.chosen()[0].number
    page = room_of(qtbot, window)
    assert band.isVisible()
    assert number in band.text.text()
    assert "status update" in band.text.text()
    assert "Incident manager: Ana Ruiz" in page.roles.text()
    assert "Nobody can work" in page.state.text()
    assert faults(window) == []

    qtbot.keyClick(page, Key.Key_Escape)
    assert window.queue.isVisible()
    band.open.setFocus()
    qtbot.keyClick(band.open, Key.Key_Space)
    qtbot.waitUntil(page.isVisible)
    page.stand_down.setFocus()
    qtbot.keyClick(page.stand_down, Key.Key_Space)
    commit(qtbot, reason="All is well")
    assert not is_room_open(browsing.incident(desk, number))
    assert not band.isVisible()
    assert not page.post.isVisible()
    assert "All is well" in page.state.text()


def test_a_status_update_notes_who_was_told(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    number = window.chosen()[0].number
    page = room_of(qtbot, window)
    page.post.setFocus()
    qtbot.keyClick(page.post, Key.Key_Space)
    commit(qtbot, text="Half of it is back", told="Board, Press")
    incident = browsing.incident(desk, number)
    assert [one.text for one in major_incidents.updates(incident)] == ["Half of it is back"]
    told = [page.told.data(page.told.index(row, 1)) for row in range(page.told.rowCount())]
    assert sorted(told) == ["Board", "Press"]
    story = [page.story.data(page.story.index(row, 1)) for row in range(page.story.rowCount())]
    assert any("Status update: Half of it is back" in line for line in story)


def test_roles_and_pace_are_given(qtbot: QtBot, window: MainWindow) -> None:
    page = room_of(qtbot, window)
    page.give.setFocus()
    qtbot.keyClick(page.give, Key.Key_Space)
    form = asked(qtbot)
    qtbot.keyClicks(form.fields["scribe"], "Nobody Known")
    form.commit()
    assert form.error.isVisible()
    qtbot.keyClick(form.fields["scribe"], Key.Key_A, CTRL)
    qtbot.keyClicks(form.fields["scribe"], "Ana Ruiz")
    qtbot.keyClick(form.fields["scribe"], Key.Key_Return, CTRL)
    assert "Scribe: Ana Ruiz" in page.roles.text()
    page.pace.setFocus()
    qtbot.keyClick(page.pace, Key.Key_Space)
    qtbot.keyClick(asked(qtbot).fields["every_s"], Key.Key_Up)
    qtbot.keyClick(asked(qtbot).fields["every_s"], Key.Key_Return, CTRL)
    assert "an update every 15 minute" in page.state.text()


def test_the_review_is_written_and_its_actions_are_followed_up(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    number = window.chosen()[0].number
    page = room_of(qtbot, window)
    whys = page.texts["five_whys"]
    whys.setFocus()
    qtbot.keyClicks(whys, "The disk was full")
    qtbot.keyClick(whys, Key.Key_Return, CTRL)
    assert browsing.incident(desk, number).five_whys == "The disk was full"
    page.add.setFocus()
    qtbot.keyClick(page.add, Key.Key_Space)
    commit(qtbot, action="Watch the disk", owner="Ana Ruiz")
    (action,) = browsing.incident(desk, number).follow_ups
    assert (action.action, action.owner) == ("Watch the disk", "Ana Ruiz")
    assert action.due_at is not None

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.actions_.run("go.follow_ups")
    actions = window.window_commands.major.actions_page
    assert actions.isVisible()
    assert faults(window) == []
    view = actions.follow_ups.view
    assert view.hasFocus()
    assert actions.count.text() == "1 open, 0 overdue"
    qtbot.keyClick(view, Key.Key_Space)
    assert browsing.incident(desk, number).follow_ups[0].done
    assert actions.nothing.isVisible()
    window.actions_.run("edit.undo")
    assert not browsing.incident(desk, number).follow_ups[0].done
    assert actions.count.text() == "1 open, 0 overdue"
    qtbot.keyClick(view, Key.Key_Return)
    assert window.pages.is_open
    assert window.chosen()[0].number == number


def test_an_overdue_action_says_so(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    uid = window.chosen()[0].id
    work_records.add_follow_up(desk, uid, "Watch the disk", "Jon", desk.now())
    window.actions_.run("go.follow_ups")
    actions = window.window_commands.major.actions_page
    assert actions.count.text() == "1 open, 1 overdue"  # the clock of the window is later
    table = actions.follow_ups.table
    assert table.data(table.index(0, 0)) == "! Overdue"
    actions.mine.setChecked(True)
    assert actions.follow_ups.items == []


def test_what_is_no_major_incident_has_no_room(qtbot: QtBot, window: MainWindow) -> None:
    said: list[str] = []
    window.bench.said.connect(lambda message: said.append(message.text))
    window.actions_.run("incident.room")
    assert "Declare it one first" in said[-1]
    window.actions_.run("go.room")
    assert said[-1] == "No major incident is open."
