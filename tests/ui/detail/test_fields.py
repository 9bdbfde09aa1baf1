"""Fields and long texts edited where they stand: instants, people, links, the team's own fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.domain.incident import EntityId, PendingReason
from app.services import browsing, drafts, incidents, major_incidents, moves, stakeholders
from app.storage import catalogue
from app.ui import reader_time
from app.ui.closing.people_told import WhenField
from app.ui.detail.field_values import instant_text
from app.ui.detail.text_fields import PAUSE_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.detail.inline_field import InlineField

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def uid(desk: Desk) -> EntityId:
    return browsing.find(desk, "1")


@pytest.fixture
def unfolded(panel: DetailPanel, qtbot: QtBot) -> DetailPanel:
    panel.fold.setFocus()
    qtbot.keyClick(panel.fold, Key.Key_Space)
    assert panel.more.isVisible()
    return panel


def enter(qtbot: QtBot, field: InlineField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    if text.isascii():
        qtbot.keyClicks(field, text)
    else:
        QGuiApplication.clipboard().setText(text)  # keys of Qt's tests are ASCII
        qtbot.keyClick(field, Key.Key_V, CTRL)
    if field.completer() is not None:
        field.completer().popup().hide()
    qtbot.keyClick(field, Key.Key_Return)


@pytest.mark.parametrize("name", ["occurred_at", "detected_at"])
def test_an_instant_is_typed_as_it_is_shown(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk, name: str
) -> None:
    at = datetime(2026, 3, 8, 14, 5, tzinfo=UTC)
    field = unfolded.more.fields[name]
    enter(qtbot, field, instant_text(at))
    assert getattr(browsing.incident(desk, uid(desk)), name) == at
    assert field.text() == instant_text(at)
    enter(qtbot, field, "")
    assert getattr(browsing.incident(desk, uid(desk)), name) is None


def test_an_instant_is_shown_and_typed_in_the_zone_that_the_reader_chose(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    at = datetime(2026, 3, 8, 14, 5, tzinfo=UTC)
    reader_time.set_zone("Asia/Tokyo")
    try:
        assert "11:05" in instant_text(at) or "23:05" in instant_text(at)
        enter(qtbot, unfolded.more.fields["occurred_at"], instant_text(at))
        assert browsing.incident(desk, uid(desk)).occurred_at == at
        field = WhenField()
        qtbot.addWidget(field)
        field.show_instant(int(at.timestamp()))
        assert field.text().endswith("23:05")
        assert field.instant() == at
    finally:
        reader_time.set_zone("")


def test_an_instant_is_also_typed_as_in_the_quick_log(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    enter(qtbot, unfolded.more.fields["occurred_at"], "2026-03-07 10:30")
    found = browsing.incident(desk, uid(desk)).occurred_at
    assert found is not None
    assert (found.day, found.minute) == (7, 30)


def test_an_instant_that_is_none_is_refused_in_words(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    before = browsing.incident(desk, uid(desk)).occurred_at
    enter(qtbot, unfolded.more.fields["occurred_at"], "some day")
    assert unfolded.more.error.isVisible()
    assert "10:30" in unfolded.more.error.text()
    assert browsing.incident(desk, uid(desk)).occurred_at == before


def test_people_affected_stand_beside_the_impact_and_are_typed_there_or_alone(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    enter(qtbot, unfolded.more.fields["people_affected"], "6")
    assert browsing.incident(desk, uid(desk)).people_affected == 6
    assert unfolded.grid.fields["impact"].text() == "Low \u00b7 6 people"
    enter(qtbot, unfolded.grid.fields["impact"], "High \u00b7 40 people")
    made = browsing.incident(desk, uid(desk))
    assert (made.impact, made.people_affected) == (1, 40)


def test_half_a_person_is_refused_in_words(qtbot: QtBot, unfolded: DetailPanel, desk: Desk) -> None:
    enter(qtbot, unfolded.more.fields["people_affected"], "many")
    assert "whole number" in unfolded.more.error.text()


def test_the_follow_up_is_shown_while_the_incident_waits(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    field = unfolded.more.fields["follow_up_at"]
    assert not field.isVisible()
    later = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
    moves.assign(desk, [uid(desk)], "Ana Ruiz")
    moves.start(desk, [uid(desk)])
    unfolded._bench.bus.publish(moves.pend(desk, [uid(desk)], PendingReason.VENDOR, later))
    assert field.isVisible()
    assert field.text() == instant_text(later)
    even_later = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
    enter(qtbot, field, instant_text(even_later))
    assert browsing.incident(desk, uid(desk)).follow_up_at == even_later


def test_a_category_reads_as_people_say_it_and_is_stored_as_its_path(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    field = panel.grid.fields["category"]
    field.setFocus()
    qtbot.keyClicks(field, "printer")
    labels = field.offered.stringList()
    assert labels
    assert all("/" not in label for label in labels)
    field.completer().popup().hide()
    enter(qtbot, field, labels[0])
    category = browsing.incident(desk, uid(desk)).category
    assert category is not None
    assert "printer" in category.name
    assert "\u203a" not in category.name
    assert field.text() == labels[0]


def test_a_telephone_number_is_a_link(
    qtbot: QtBot, panel: DetailPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.write("Give Nina a number") as action:
        catalogue.put(action, "person", "Nina", {"phone": "+47 555 0142"})
    panel.show_incident(uid(desk))
    called: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", called.append)
    field = panel.grid.fields["phone"]
    assert field.text() == "+47 555 0142"
    field.setFocus()
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert [url.toString() for url in called] == ["tel:+475550142"] * 2


def test_the_people_of_an_incident_have_their_faces(panel: DetailPanel, desk: Desk) -> None:
    faces = panel.grid._faces
    assert faces["requester"].accessibleName() == "Nina"
    assert faces["assignee"].accessibleName() == "Nobody"
    panel._bench.bus.publish(moves.assign(desk, [uid(desk)], "Ana Ruiz"))
    assert faces["assignee"].accessibleName() == "Ana Ruiz"


def test_the_teams_own_fields_are_edited_by_their_type(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    with desk.write("Add fields") as action:
        catalogue.put(action, "custom_field", "Floor", {"type": "number"})
        catalogue.put(
            action, "custom_field", "Only VPN", {"type": "text", "category": "network/vpn"}
        )
    unfolded.show_incident(uid(desk))
    assert "custom.Only VPN" not in unfolded.more.fields
    field = unfolded.more.fields["custom.Floor"]
    assert field.isVisible()
    enter(qtbot, field, "four")
    assert "Floor" in unfolded.more.error.text()
    enter(qtbot, field, "4")
    assert browsing.incident(desk, uid(desk)).custom == {"Floor": 4}


@pytest.mark.parametrize("name", ["description", "workaround", "root_cause"])
def test_a_long_text_is_saved_on_leaving_it(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk, name: str
) -> None:
    text = unfolded.texts.fields[name]
    text.setFocus()
    text.selectAll()
    qtbot.keyClicks(text, "first line")
    qtbot.keyClick(text, Key.Key_Return)
    qtbot.keyClicks(text, "second line")
    assert getattr(browsing.incident(desk, uid(desk)), name) == ""
    unfolded.composer.text.setFocus(Qt.FocusReason.TabFocusReason)
    assert getattr(browsing.incident(desk, uid(desk)), name) == "first line\nsecond line"


def test_a_long_text_is_saved_by_key_and_restored_with_esc(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    text = unfolded.texts.fields["description"]
    text.setFocus()
    qtbot.keyClicks(text, "paper everywhere")
    qtbot.keyClick(text, Key.Key_Return, CTRL)
    assert browsing.incident(desk, uid(desk)).description == "paper everywhere"
    text.selectAll()
    qtbot.keyClicks(text, "nothing")
    qtbot.keyClick(text, Key.Key_Escape)
    assert text.toPlainText() == "paper everywhere"
    assert browsing.incident(desk, uid(desk)).description == "paper everywhere"


def test_a_long_text_that_was_not_saved_is_there_after_a_crash(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    text = unfolded.texts.fields["description"]
    text.setFocus()
    qtbot.keyClicks(text, "half a descr")
    key = f"description:{uid(desk).hex()}"
    qtbot.waitUntil(lambda: drafts.find(desk, key) is not None, timeout=PAUSE_MS * 6)
    again = type(unfolded)(unfolded._bench)
    qtbot.addWidget(again)
    again.show_incident(uid(desk))
    assert again.texts.fields["description"].toPlainText() == "half a descr"
    assert browsing.incident(desk, uid(desk)).description == ""
    again.texts.fields["description"].save()
    assert browsing.incident(desk, uid(desk)).description == "half a descr"
    assert drafts.find(desk, key) is None


def test_a_text_being_typed_survives_a_change_by_others(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    text = unfolded.texts.fields["description"]
    text.setFocus()
    qtbot.keyClicks(text, "half a descr")
    unfolded._bench.bus.publish(incidents.add_note(desk, [uid(desk)], "from elsewhere"))
    assert text.toPlainText() == "half a descr"


def test_the_due_time_explains_itself(qtbot: QtBot, panel: DetailPanel) -> None:
    band = panel.header.band
    assert not band.trace.isVisible()
    band.why.setFocus()
    qtbot.keyClick(band.why, Key.Key_Space)
    assert band.trace.isVisible()
    shown = panel.incident
    assert shown is not None
    assert shown.resolution_clock is not None
    assert shown.resolution_clock.trace
    for line in shown.resolution_clock.trace:
        assert line in band.trace.text()
    assert band.why.accessibleName().endswith("Why?")


def test_the_instants_of_a_review_are_offered_for_a_major_incident_and_typed_there(
    qtbot: QtBot, unfolded: DetailPanel, desk: Desk
) -> None:
    more = unfolded.more
    assert not more.fields["review_due_at"].isVisible()
    assert not more.fields["survey_sent_at"].isVisible()
    assert more.fields["restored_at"].isVisible()
    unfolded._bench.bus.publish(major_incidents.declare(desk, uid(desk)))
    due, done = more.fields["review_due_at"], more.fields["review_done_at"]
    assert due.isVisible()
    assert done.isVisible()
    assert more.fields["major_declared_at"].isVisible()
    enter(qtbot, due, "tomorrow 10:30")
    enter(qtbot, done, "2026-03-08 09:00")
    found = browsing.incident(desk, uid(desk))
    assert found.review_due_at is not None
    assert found.review_due_at > datetime.now(UTC)
    assert found.review_done_at is not None
    assert found.review_done_at.day == 8
    unfolded._bench.bus.publish(stakeholders.survey(desk, uid(desk), sent=True))
    assert more.fields["survey_sent_at"].text()
