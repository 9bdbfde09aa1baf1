"""The list of what completes a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCompleter, QLineEdit

from app.ui.widgets.offered_list import GAP, OfferedList, clear_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


def test_it_is_as_wide_as_its_longest_offer(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(80, 30)
    field.show()
    qtbot.waitExposed(field)
    field.setFocus()
    completer = QCompleter(["Mei Chen   +47 555 0171, HQ ground floor, the third desk"], field)
    offered = OfferedList(completer, "Names on offer")
    field.setCompleter(completer)
    qtbot.keyClicks(field, "M")
    qtbot.waitUntil(offered.isVisible)
    qtbot.waitUntil(lambda: offered.viewport().width() >= offered.sizeHintForColumn(0))
    assert offered.accessibleName() == "Names on offer"
    offered.hide()


def test_it_leaves_the_ring_of_the_field_free(qtbot: QtBot, theme: Theme) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(200, 30)
    field.show()
    qtbot.waitExposed(field)
    completer = QCompleter(["printer", "priority"], field)
    completer.setWidget(field)
    offered = OfferedList(completer, "Words on offer")
    completer.complete(clear_of(field))
    assert offered.y() >= field.mapToGlobal(QPoint(0, field.height())).y() + GAP - 1
    frame = offered.grab().toImage().pixelColor(0, offered.height() // 2)
    assert frame == theme.colour("control")
    offered.hide()
