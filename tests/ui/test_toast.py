"""The toast: one sentence, the way back, and no theft of the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.domain.incident import EntityId
from app.ui.toast import STAYS_MS, Toast
from app.ui.workbench import Message

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> QWidget:
    del theme
    made = QWidget()
    made.resize(900, 500)
    made.line = QLineEdit(made)  # type: ignore[attr-defined]
    layout = QVBoxLayout(made)
    layout.addWidget(made.line)  # type: ignore[attr-defined]
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_change_offers_undo_and_the_incident(qtbot: QtBot, host: QWidget) -> None:
    toast = Toast(host)
    uid = EntityId(b"\x01" * 16)
    toast.show_message(Message("INC-2053 logged", undo=True, incident=uid))
    assert toast.isVisible()
    assert toast.accessibleName() == "INC-2053 logged"
    with qtbot.waitSignal(toast.undo_requested):
        qtbot.mouseClick(toast.undo, Qt.MouseButton.LeftButton)
    assert toast.isHidden()
    toast.show_message(Message("INC-2053 logged", undo=True, incident=uid))
    with qtbot.waitSignal(toast.open_requested) as opened:
        qtbot.mouseClick(toast.open, Qt.MouseButton.LeftButton)
    assert opened.args == [uid]


def test_a_sentence_without_a_way_back_has_no_buttons(host: QWidget) -> None:
    toast = Toast(host)
    toast.show_message(Message("Already saved"))
    assert toast.undo.isHidden()
    assert toast.open.isHidden()


def test_it_takes_no_focus_and_stands_inside_the_window(qtbot: QtBot, host: QWidget) -> None:
    line = host.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    toast = Toast(host)
    toast.show_message(Message("The name is not known. " * 12, "danger"))
    assert host.focusWidget() is line
    assert host.rect().contains(toast.geometry())
    host.resize(800, 520)
    qtbot.wait(1)
    assert host.rect().contains(toast.geometry())


def test_it_goes_by_itself_but_not_while_it_has_the_focus(qtbot: QtBot, host: QWidget) -> None:
    toast = Toast(host)
    toast.stays_ms = 30
    toast.show_message(Message("INC-2053 logged", undo=True))
    toast.undo.setFocus()
    qtbot.wait(90)
    assert toast.isVisible()
    toast.undo.clearFocus()
    qtbot.waitUntil(toast.isHidden, timeout=1000)


@pytest.mark.parametrize("tone", ["info", "warn", "danger"])
def test_a_refusal_stays_as_long_as_any_message(qtbot: QtBot, host: QWidget, tone: str) -> None:
    assert STAYS_MS == 10_000
    toast = Toast(host)
    toast.stays_ms = 30
    toast.show_message(Message("The file is too large", tone))
    qtbot.waitUntil(toast.isHidden, timeout=1000)


def test_it_stays_while_the_pointer_is_on_it(qtbot: QtBot, host: QWidget) -> None:
    toast = Toast(host)
    toast.stays_ms = 30
    toast.show_message(Message("INC-2053 logged", undo=True))
    place = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(place, place, place))
    qtbot.wait(120)
    assert toast.isVisible()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(toast.isHidden, timeout=1000)
