"""Two values of a field are told in one sentence, and one of them is kept by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import browsing, choosing, incidents
from app.ui.detail.compare_dialog import CompareDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton
    from pytestqt.qtbot import QtBot

    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel


def disagree(desk: Desk, field: str, *values: object) -> EntityId:
    """Let several people write upon the same version."""
    uid = browsing.find(desk, "1")
    seen = browsing.heads(desk, uid, {field})
    for who, value in zip(("Jon", "Ana Ruiz", "Noah"), values, strict=False):
        incidents.edit(desk.acting_as(who), [uid], {field: value}, seen=seen)
    return uid


def button(panel: DetailPanel, words: str) -> QPushButton:
    return next(b for b in panel.header.conflicts.buttons() if b.text() == words)


def test_without_a_conflict_there_is_no_band(panel: DetailPanel) -> None:
    assert panel.header.conflicts.isHidden()
    assert panel.header.conflicts.buttons() == []


def test_one_click_settles_a_field_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, panel: DetailPanel
) -> None:
    uid = disagree(desk, "title", "From Jon", "From me")
    panel.show_incident(uid)
    band = panel.header.conflicts
    assert band.isVisible()
    told = choosing.of_incident(desk, uid)[0]
    assert [one.value for one in told.values] == ["From me", "From Jon"]
    words = [b.text() for b in band.buttons()]
    assert words == ["Keep mine", "Keep Jon's"]

    button(panel, "Keep Jon's").click()

    assert browsing.incident(desk, uid).title == "From Jon"
    assert choosing.of_incident(desk, uid) == ()
    assert band.isHidden()


def test_a_long_text_is_compared_and_nothing_is_dropped(
    qtbot: QtBot, desk: Desk, panel: DetailPanel
) -> None:
    one, other = " first line\nof Jon " * 4, "second line\n of mine " * 4
    uid = disagree(desk, "workaround", one, other)
    panel.show_incident(uid)
    button(panel, "Compare...").click()
    dialog = panel.findChild(CompareDialog)
    assert dialog is not None
    assert len(dialog.keep) == 2

    dialog.both.click()

    kept = browsing.incident(desk, uid).workaround
    assert one.strip() in kept
    assert other.strip() in kept
    assert choosing.of_incident(desk, uid) == ()


def test_the_very_value_is_kept_whatever_it_says(desk: Desk) -> None:
    uid = disagree(desk, "title", "mine", "theirs")
    told = choosing.of_incident(desk, uid)[0]
    choosing.resolve(desk, uid, "title", told.values[1].keep)
    assert browsing.incident(desk, uid).title == "mine"


def test_more_conflicts_than_have_room_follow_one_after_the_other(
    qtbot: QtBot, desk: Desk, panel: DetailPanel
) -> None:
    uid = browsing.find(desk, "1")
    fields = ("title", "workaround", "root_cause", "business_effect", "detection")
    seen = browsing.heads(desk, uid, set(fields))
    for who in ("Jon", "Ana Ruiz"):
        incidents.edit(
            desk.acting_as(who), [uid], {name: f"{name} {who}" for name in fields}, seen=seen
        )
    panel.show_incident(uid)
    band = panel.header.conflicts
    for left in range(len(fields), 0, -1):
        assert len(choosing.of_incident(desk, uid)) == left
        assert len(band.buttons()) == 2 * min(left, 3)
        band.buttons()[0].click()
    assert band.isHidden()
