"""What is offered under a field stands clear of it, as wide as the field, framed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from app.ui.widgets import offers

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


def test_the_list_leaves_the_ring_of_the_field_free(qtbot: QtBot, theme: Theme) -> None:
    window, field = QWidget(), QLineEdit()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addStretch()
    completer = QCompleter(["printer", "priority"], field)
    completer.setWidget(field)
    offers.dress(completer)
    window.resize(400, 300)
    window.show()
    qtbot.waitExposed(window)

    offers.open_below(completer, field)

    popup = completer.popup()
    assert popup is not None
    assert popup.isVisible()
    below = field.mapToGlobal(QPoint(0, field.height()))
    assert popup.y() >= below.y() + offers.GAP - 1
    assert (popup.x(), popup.width()) == (below.x(), field.width())
    frame = popup.grab().toImage().pixelColor(0, popup.height() // 2)
    assert frame == theme.colour("control")
