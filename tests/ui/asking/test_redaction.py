"""Redacting in the window: an entry offers its words, a file goes, and nothing happens by Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from app.domain.incident import EntryKind
from app.services import browsing, evidence, incidents
from app.ui.asking.question import Question
from app.ui.detail.timeline_view import THING_ROLE
from tests.ui.detail.conftest import bench, desk, panel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.ui.detail.detail_panel import DetailPanel

__all__ = ["bench", "desk", "panel"]
Key = Qt.Key


def incident(desk: Desk) -> Incident:
    return browsing.incident(desk, browsing.find(desk, "1"))


def question(panel: DetailPanel) -> Question:
    return panel.findChildren(Question)[-1]


def choose(panel: DetailPanel, kind: EntryKind) -> None:
    model = panel.timeline.entries
    rows = [model.index(row) for row in range(model.rowCount())]
    row = next(each for each in rows if each.data(THING_ROLE).kind is kind)
    panel.timeline.setCurrentIndex(row)


def test_an_entry_offers_its_words_and_they_are_gone(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    panel._bench.bus.publish(incidents.add_note(desk, [incident(desk).id], "the pin is 4711-0815"))
    choose(panel, EntryKind.NOTE)
    panel.timeline.redact.trigger()
    form = question(panel)
    words: Any = form.fields["words"]
    assert isinstance(words, QPlainTextEdit)
    assert words.toPlainText() == "the pin is 4711-0815"
    told = " ".join(label.text() for label in form.findChildren(QLabel))
    assert "cannot be undone" in told
    assert "Backups, exports and printed reports" in told
    words.setPlainText("4711-0815")
    reason = form.fields["reason"]
    qtbot.keyClicks(reason, "a pin")
    qtbot.keyClick(reason, Key.Key_Return)
    assert form.isVisible()
    heard: list[Any] = []
    panel._bench.said.connect(heard.append)
    assert "the pin is 4711-0815" in [entry.text for entry in incident(desk).timeline]
    qtbot.mouseClick(form.do, Qt.MouseButton.LeftButton)
    texts = [entry.text for entry in incident(desk).timeline]
    assert "the pin is [redacted]" in texts
    assert texts[-1] == "a pin"
    assert [(one.text, one.undo) for one in heard] == [("INC-000001 redacted", False)]
    shown = panel.timeline.entries
    assert "Redacted" in shown.index(0).data()


def test_without_a_reason_nothing_goes_and_the_field_is_shown(
    qtbot: QtBot, panel: DetailPanel, desk: Desk
) -> None:
    choose(panel, EntryKind.CREATED)
    panel.timeline.redact.trigger()
    form = question(panel)
    qtbot.mouseClick(form.do, Qt.MouseButton.LeftButton)
    assert form.error.text().startswith("Say why it has to go")
    assert form.isVisible()


def test_a_file_goes_with_its_reason(qtbot: QtBot, panel: DetailPanel, desk: Desk) -> None:
    panel._bench.bus.publish(evidence.attach(desk, incident(desk).id, [("list.txt", b"secret")]))
    panel.tabs.setCurrentWidget(panel.files)
    panel.files.list.setFocus()
    panel.files.actions_["redact"].trigger()
    form = question(panel)
    assert form.windowTitle() == "Redact list.txt"
    qtbot.keyClicks(form.fields["reason"], "passwords")
    qtbot.keyClick(form.fields["reason"], Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert incident(desk).attachments == ()
    assert panel.files.list.count() == 0
