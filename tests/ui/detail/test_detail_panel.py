"""The detail pane over a real profile, driven by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester

from app.domain.incident import EntityId, EntryKind
from app.services import browsing, drafts, incidents
from app.ui.detail.composer import PAUSE_MS, draft_key
from app.ui.detail.new_files import files_of
from app.ui.detail.timeline_words import ARROW, clock

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel


Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def uid(desk: Desk, number: str = "1") -> EntityId:
    return browsing.find(desk, number)


def test_a_field_is_edited_where_it_stands(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    field = panel.grid.fields["location"]
    assert field.text() == ""
    field.setFocus()
    qtbot.keyClicks(field, "HQ")
    qtbot.keyClick(field, Key.Key_Return)
    made = browsing.incident(desk, "1")
    assert made.location is not None
    assert made.location.name == "HQ"


def test_leaving_a_field_saves_and_esc_does_not(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    field, other = panel.grid.fields["impact"], panel.grid.fields["urgency"]
    field.setFocus()
    qtbot.keyClicks(field, "high")
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.text() == "Low"
    field.selectAll()
    qtbot.keyClicks(field, "high")
    field.completer().popup().hide()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert browsing.incident(desk, "1").impact == 1


def test_a_word_that_is_no_level_is_refused_in_words(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    field = panel.grid.fields["impact"]
    field.setFocus()
    qtbot.keyClicks(field, "enormous")
    qtbot.keyClick(field, Key.Key_Return)
    assert "High, Medium or Low" in panel.grid.error.text()
    assert field.text() == "enormous"
    assert browsing.incident(desk, "1").impact == 3


def test_an_unknown_team_is_refused_in_words(qtbot: QtBot, panel: DetailPanel) -> None:
    field = panel.grid.fields["team"]
    field.setFocus()
    qtbot.keyClicks(field, "Zeppelins")
    qtbot.keyClick(field, Key.Key_Return)
    assert "Zeppelins" in panel.grid.error.text()


def test_tags_are_added_and_removed(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    field = panel.more.fields["tags"]
    for text, tags in (("vpn, rollout", ("rollout", "vpn")), ("vpn", ("vpn",))):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Key.Key_Return)
        assert tuple(sorted(browsing.incident(desk, "1").tags)) == tags


def test_the_summary_is_edited_in_place(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    title = panel.header.title
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, "Paper jam")
    qtbot.keyClick(title, Key.Key_Return)
    assert browsing.incident(desk, "1").title == "Paper jam"


def test_a_note_is_added_with_ctrl_enter(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    panel.focus_composer()
    qtbot.keyClicks(panel.composer.text, "Looked at it")
    qtbot.keyClick(panel.composer.text, Key.Key_Return, CTRL)
    assert browsing.incident(desk, "1").timeline[-1].text == "Looked at it"
    assert panel.composer.text.toPlainText() == ""
    first = panel.timeline.entries.index(0, 0).data()
    assert "Looked at it" in first


def test_a_reply_stops_the_response_clock(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    panel.focus_composer(reply=True)
    qtbot.keyClicks(panel.composer.text, "We are on it")
    qtbot.keyClick(panel.composer.text, Key.Key_Return, CTRL)
    made = browsing.incident(desk, "1")
    assert made.first_response_at is not None
    assert made.timeline[-1].kind is EntryKind.REPLY


def test_a_note_stays_with_its_incident(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    panel.focus_composer()
    qtbot.keyClicks(panel.composer.text, "half a no")
    panel.show_incident(uid(desk, "2"))
    assert panel.composer.text.toPlainText() == ""
    kept = drafts.find(desk, draft_key(uid(desk, "1")))
    assert kept is not None
    panel.show_incident(uid(desk, "1"))
    assert panel.composer.text.toPlainText() == "half a no"


def test_a_note_being_written_survives_a_change_by_others(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    panel.focus_composer()
    qtbot.keyClicks(panel.composer.text, "half a no")
    panel._bench.bus.publish(incidents.add_note(desk, [uid(desk)], "from elsewhere"))
    assert panel.composer.text.toPlainText() == "half a no"
    assert "from elsewhere" in panel.timeline.entries.index(0, 0).data()
    qtbot.waitUntil(
        lambda: drafts.find(desk, draft_key(uid(desk))) is not None, timeout=PAUSE_MS * 6
    )


def test_a_pasted_picture_becomes_a_file(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(panel, Key.Key_V, CTRL)
    (file,) = browsing.incident(desk, "1").attachments
    assert file.name.startswith("Screenshot")
    assert file.media_type == "image/png"
    assert panel.files.list.count() == 1


def test_dropped_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl("https://example.org/x")])
    assert files_of(data) == [path]


def test_incidents_like_this_one_are_listed_and_linked(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    assert panel.similar.count() == 1
    title, _facts, reason = panel.similar.item(0).text().split("\n")
    assert title
    assert " words: " in reason
    panel.tabs.setCurrentWidget(panel.similar)
    panel.similar.setCurrentRow(0)
    qtbot.keyClick(panel.similar, Key.Key_L)
    assert len(browsing.incident(desk, "1").related) == 1


def test_the_checklist_is_ticked_by_key(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    steps = browsing.incident(desk, "1").checklist
    by_hand = next(n for n, step in enumerate(steps) if step.item.startswith("Save as"))
    panel.tabs.setCurrentWidget(panel.checks)
    panel.checks.setFocus()
    panel.checks.setCurrentRow(by_hand)
    qtbot.keyClick(panel.checks, Key.Key_Space)
    assert browsing.incident(desk, "1").checklist[by_hand].done


def test_the_timeline_tells_priorities_with_their_arrow(panel: DetailPanel, desk: Desk) -> None:
    panel._bench.bus.publish(incidents.edit(desk, [uid(desk)], {"impact": 1, "urgency": 1}))
    assert f"P4 {ARROW} P1" in panel.timeline.entries.index(0, 0).data()
    assert panel.header.chip.accessibleName()


def test_the_timeline_is_a_sound_model(panel: DetailPanel, desk: Desk) -> None:
    QAbstractItemModelTester(
        panel.timeline.entries, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    panel.show_incident(uid(desk, "2"))
    assert panel.timeline.entries.rowCount() == 1


def test_every_field_that_takes_the_focus_has_a_name(panel: DetailPanel) -> None:
    from PySide6.QtWidgets import QWidget

    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not widget.objectName().startswith("qt_")
        and widget.parentWidget() is not panel.tabs
    ]
    assert nameless == []


def test_each_change_of_an_entry_has_a_line_of_its_own(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    def height() -> int:
        view = panel.timeline
        return view.sizeHintForIndex(view.entries.index(0, 0)).height()

    panel._bench.bus.publish(incidents.edit(desk, [uid(desk)], {"severity": 1}))
    alone = height()
    panel._bench.bus.publish(
        incidents.edit(desk, [uid(desk)], {"severity": 2, "people_affected": 6, "outage": True})
    )
    assert height() > alone + 2 * panel.fontMetrics().height()


def test_times_and_days_are_told_as_the_reader_writes_them(panel: DetailPanel, desk: Desk) -> None:
    at = datetime(2025, 3, 9, 8, 30, tzinfo=UTC)
    panel._bench.bus.publish(incidents.edit(desk, [uid(desk)], {"occurred_at": at}))
    told = panel.timeline.entries.index(0, 0).data()
    assert "2025-03-09" not in told
    assert clock(at) in told
    assert "+00:00" not in told


def test_a_value_longer_than_its_room_ends_in_an_ellipsis(qtbot: QtBot, panel: DetailPanel) -> None:
    field = panel.grid.fields["location"]
    field.resize(80, field.height())
    field.show_value("Headquarters, second floor")
    cut = field.grab().toImage()
    field.show_value("Headquarters, second floor, room 14 beside the stairs")
    assert field.grab().toImage() == cut
    assert field.text() == "Headquarters, second floor, room 14 beside the stairs"
    field.show_value("Headquarters")
    field.resize(200, field.height())
    assert field.grab().toImage() != cut
