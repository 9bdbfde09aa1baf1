"""Parent and child incidents in the main window, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.services import browsing, families
from app.ui.asking.question import Question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Message

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_child_is_tied_to_its_parent_and_resolved_with_it(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    parent = browsing.find(desk, "INC-000001")
    (chosen,) = window.chosen()
    if chosen.id == parent:
        window.queue.step(1)
        (chosen,) = window.chosen()
    assert window.actions_.run("incident.parent")
    form = window.findChild(Question)
    assert form is not None
    qtbot.keyClicks(form.fields["number"], "1")
    qtbot.keyClick(form.fields["number"], Key.Key_Return)
    assert form.error.text() == ""
    assert [one.id for one in families.children_of(desk, parent)] == [chosen.id]
    form.deleteLater()
    qtbot.wait(20)

    window.queue.select(parent)
    assert [one.id for one in window.chosen()] == [parent]
    assert window.actions_.run("incident.resolve_family")
    form = next(one for one in window.findChildren(Question) if "resolution" in one.fields)
    assert "1 open children" in form.windowTitle()
    qtbot.keyClicks(form.fields["resolution"], "Restarted")
    qtbot.keyClick(form.fields["resolution"], Key.Key_Return, CTRL)
    for uid in (parent, chosen.id):
        assert str(browsing.incident(desk, uid).status) == "resolved"


def test_an_incident_without_children_says_so(window: MainWindow) -> None:
    heard: list[Message] = []
    window.bench.said.connect(heard.append)
    assert window.actions_.run("incident.children")
    assert window.actions_.run("incident.resolve_family")
    assert [one.text.partition(" ")[2] for one in heard] == ["has no children."] * 2
