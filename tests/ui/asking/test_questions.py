"""The questions of the commands over a real profile, answered by keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import (
    CauseClass,
    EntityId,
    FixType,
    Outcome,
    PendingReason,
    Status,
)
from app.domain.lifecycle import Given
from app.services import browsing, incidents, moves, quick_logging, stakeholders, undoing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.asking import questions
from app.ui.asking.name_question import NameQuestion
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QDialog
    from pytestqt.qtbot import QtBot

    from app.ui.asking.question import Question
    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams to:Mia", "screen flickers", "no sound to:me"])
    return desk


@pytest.fixture
def ask(qtbot: QtBot, desk: Desk, theme: Theme) -> Any:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def opened(question: Callable[..., QDialog], *numbers: str, more: Any = ()) -> Any:
        ids: list[EntityId] = [browsing.find(desk, number) for number in numbers]
        return question(bench, ids, *more, window)

    yield opened
    bench.deleteLater()


def fill(qtbot: QtBot, form: Question, **words: str) -> None:
    for name, text in words.items():
        field = form.fields[name]
        if isinstance(field, QComboBox):
            field.setCurrentIndex(field.findText(text))
        else:
            field.setFocus()
            qtbot.keyClicks(field, text)
    qtbot.keyClick(form, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_few_letters_and_enter_assign(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    dialog = ask(questions.ask_assignee, "1", "2")
    assert isinstance(dialog, NameQuestion)
    qtbot.keyClicks(dialog.line, "an")
    qtbot.keyClick(dialog.line, Key.Key_Return)
    for number in ("1", "2"):
        assignee = browsing.incident(desk, number).assignee
        assert assignee is not None
        assert assignee.name == "Ana Ruiz"
    undoing.undo(desk)
    assert browsing.incident(desk, "2").assignee is None


def test_arrows_choose_while_the_cursor_stays(qtbot: QtBot, ask: Any) -> None:
    dialog = ask(questions.ask_assignee, "1")
    assert dialog.list.count() >= 2
    qtbot.keyClick(dialog.line, Key.Key_Down)
    assert dialog.list.currentRow() == 1
    qtbot.keyClick(dialog.line, Key.Key_Up)
    assert dialog.list.currentRow() == 0


def test_a_name_that_nobody_has_is_refused_in_words(qtbot: QtBot, ask: Any) -> None:
    dialog = ask(questions.ask_assignee, "1")
    qtbot.keyClicks(dialog.line, "zeppelin")
    qtbot.keyClick(dialog.line, Key.Key_Return)
    assert "Nothing has that name" in dialog.error.text()
    assert dialog.line.text() == "zeppelin"
    assert dialog.isVisible()


def test_a_new_tag_is_taken(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    dialog = ask(questions.ask_tag, "1", "3")
    qtbot.keyClicks(dialog.line, "rollout")
    qtbot.keyClick(dialog.line, Key.Key_Return)
    assert browsing.incident(desk, "1").tags == browsing.incident(desk, "3").tags == ("rollout",)


def test_priority_follows_impact_and_urgency(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    fill(qtbot, ask(questions.ask_priority, "1"), impact="High", urgency="High")
    assert browsing.incident(desk, "1").priority == "P1"


def test_another_priority_needs_its_reason(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    form = ask(questions.ask_priority, "1")
    box = form.fields["priority"]
    box.setCurrentIndex(box.findData("P1"))
    qtbot.keyClick(form, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "say why" in form.error.text()
    fill(qtbot, form, priority_override_reason="Board meeting")
    made = browsing.incident(desk, "1")
    assert (made.priority, made.priority_override_reason) == ("P1", "Board meeting")


def test_pending_with_reason_and_day(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    moves.start(desk, [browsing.find(desk, "3")])
    fill(qtbot, ask(questions.ask_pending, "3"), reason="Vendor", text="waits for parts")
    made = browsing.incident(desk, "3")
    assert made.status is Status.PENDING
    assert made.pending_reason is PendingReason.VENDOR
    assert made.follow_up_at is not None


def test_an_escalation_needs_a_reason_and_keeps_what_was_typed(
    qtbot: QtBot, ask: Any, desk: Desk
) -> None:
    form = ask(questions.ask_escalation, "1")
    fill(qtbot, form, to="Head of IT")
    assert "why" in form.error.text()
    fill(qtbot, form, reason="Third time this week")
    made = browsing.incident(desk, "1")
    assert made.escalated_at is not None
    assert any("Third time" in entry.text for entry in made.timeline)


def test_only_common_moves_are_offered(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    form = ask(questions.ask_status, "1", "2", more=(["assigned", "new"],))
    box = form.fields["status"]
    assert [box.itemData(n) for n in range(box.count())] == [Status.IN_PROGRESS]
    fill(qtbot, form)
    assert browsing.incident(desk, "1").status is Status.IN_PROGRESS


def test_a_duplicate_is_merged(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    fill(qtbot, ask(questions.ask_merging, "2"), number="1")
    assert browsing.incident(desk, "2").status is Status.CANCELLED
    assert browsing.incident(desk, "2").merged_into == "INC-000001"


def test_an_unknown_number_is_refused_in_words(qtbot: QtBot, ask: Any) -> None:
    form = ask(questions.ask_link, "1")
    fill(qtbot, form, number="999")
    assert "999" in form.error.text()


def test_several_are_resolved_at_once_and_reopened(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    moves.start(desk, [browsing.find(desk, "1"), browsing.find(desk, "3")])
    fill(
        qtbot,
        ask(partial(questions.ask_resolution, codes=DEFAULT_CODES), "1", "3"),
        resolution="Cable replaced",
    )
    assert browsing.incident(desk, "3").status is Status.RESOLVED
    fill(qtbot, ask(questions.ask_reopening, "3"), reason="It is back")
    assert browsing.incident(desk, "3").status is Status.IN_PROGRESS


def test_who_confirmed_and_who_was_told(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    fill(qtbot, ask(questions.ask_confirmation, "1"), who="Nina")
    fill(qtbot, ask(questions.ask_telling, "1"), who="Head of IT")
    made = browsing.incident(desk, "1")
    assert made.verified_by == "Nina"
    assert made.told[0].who == "Head of IT"


def test_what_the_requester_answered_stands_in_the_record(
    qtbot: QtBot, ask: Any, desk: Desk
) -> None:
    form = ask(questions.ask_satisfaction, "1")
    assert form.fields["answer"].count() == 5
    fill(qtbot, form, answer="4 satisfied")
    assert browsing.incident(desk, "1").satisfaction == 4


def test_an_incident_is_cancelled_with_a_code(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    fill(qtbot, ask(questions.ask_cancelling, "2"), cancel_reason="Unnecessary", text="mistake")
    assert browsing.incident(desk, "2").status is Status.CANCELLED


def test_one_field_is_set_for_all_and_undone_at_once(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    form = ask(questions.ask_field, "1", "2", "3")
    which = form.fields["name"]
    which.setCurrentIndex(which.findData("title"))
    assert form.fields["value"].placeholderText() == "Mixed (3 values)"
    assert form.fields["value"].text() == ""
    which.setCurrentIndex(which.findData("location"))
    assert form.fields["value"].placeholderText() == "nothing yet"
    incidents.edit(desk, [browsing.find(desk, "1")], {"impact": 1})
    form.fields["value"].setFocus()
    which.setCurrentIndex(which.findData("people_affected"))
    qtbot.keyClicks(form.fields["value"], "many")
    qtbot.keyClick(form.fields["value"], Key.Key_Return)
    assert form.error.text() == '"many" is not a number of people.'
    form.fields["value"].clear()
    qtbot.keyClicks(form.fields["value"], "12")
    qtbot.keyClick(form.fields["value"], Key.Key_Return)
    assert [browsing.incident(desk, n).people_affected for n in "123"] == [12, 12, 12]
    undoing.undo(desk)
    assert [browsing.incident(desk, n).people_affected for n in "123"] == [None, None, None]


def test_an_unknown_channel_is_refused_with_the_known_ones(
    qtbot: QtBot, ask: Any, desk: Desk
) -> None:
    form = ask(questions.ask_field, "1")
    which = form.fields["name"]
    which.setCurrentIndex(which.findData("channel"))
    form.fields["value"].clear()
    qtbot.keyClicks(form.fields["value"], "pigeon")
    qtbot.keyClick(form.fields["value"], Key.Key_Return)
    assert form.error.text().startswith('There is no channel "pigeon". Use one of: phone')
    assert form.isVisible()


def test_a_note_is_given_to_all(qtbot: QtBot, ask: Any, desk: Desk) -> None:
    form = ask(questions.ask_note, "1", "3")
    qtbot.keyClicks(form.fields["text"], "Vendor called")
    form.commit()
    for number, has in (("1", True), ("2", False), ("3", True)):
        texts = [entry.text for entry in browsing.incident(desk, number).timeline]
        assert ("Vendor called" in texts) is has


def test_an_incident_that_was_closed_too_long_ago_is_followed_by_a_new_one(
    qtbot: QtBot, ask: Any, desk: Desk
) -> None:
    uid = browsing.find(desk, "1")
    given = Given(
        outcome=Outcome.FIXED,
        fix_type=FixType.OTHER,
        cause_class=CauseClass.UNDETERMINED,
        resolution="Done",
    )
    moves.resolve(desk, [uid], given)
    stakeholders.verify_with_requester(desk, uid, "Nina Berg", "phone")
    moves.close(desk, [uid])
    assert isinstance(desk.clock, PinnedClock)
    desk.clock.set(desk.clock.now() + timedelta(days=8))
    form = ask(questions.ask_reopening, "1")
    qtbot.keyClicks(form.fields["reason"], "It jams again")
    form.commit()
    assert browsing.incident(desk, uid).status is Status.CLOSED
    follower = browsing.incident(desk, "4")
    assert follower.title == "printer jams"
    assert "It jams again" in follower.description
    assert list(follower.related) == ["INC-000001"]


def test_the_cursor_is_in_the_first_field_and_tab_reaches_the_verb_last(
    qtbot: QtBot, ask: Any
) -> None:
    form = ask(questions.QUESTIONS["incident.tell"], "1")
    first, *others = form.fields.values()
    assert form.focusWidget() is first  # else Space in the first word would be the verb
    order, stop = [], first.nextInFocusChain()
    while stop is not first:
        if stop in (*others, form.do):
            order.append(stop)
        stop = stop.nextInFocusChain()
    assert order == [*others, form.do]
