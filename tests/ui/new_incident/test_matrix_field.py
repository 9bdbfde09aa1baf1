"""The matrix by itself: keys at its edges, in both directions, and keys that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from app.domain.priority import PriorityMatrix
from app.ui.new_incident.matrix_field import MatrixField

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
    from app.ui.theme import Theme


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> MatrixField:
    matrix = MatrixField()
    qtbot.addWidget(matrix)
    matrix.show()
    matrix.activateWindow()
    qtbot.waitExposed(matrix)
    matrix.button(3, 3).setFocus()
    qtbot.waitUntil(matrix.button(3, 3).hasFocus)
    return matrix


def press(qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QGuiApplication.focusObject(), key)


def test_arrows_stop_at_the_edges(qtbot: QtBot, field: MatrixField) -> None:
    press(qtbot, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert field.cell() == (3, 3)
    press(qtbot, *[Qt.Key.Key_Down] * 5, *[Qt.Key.Key_Right] * 5)
    assert field.cell() == (1, 1)


def test_left_and_right_follow_the_line_of_reading(qtbot: QtBot, field: MatrixField) -> None:
    field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    press(qtbot, Qt.Key.Key_Left)
    assert field.cell() == (3, 2)


def test_a_key_that_qt_has_no_name_for_is_left_alone(field: MatrixField) -> None:
    strange = QKeyEvent(QEvent.Type.KeyPress, 0x1F0FFF1, Qt.KeyboardModifier.NoModifier)
    QGuiApplication.sendEvent(field.button(3, 3), strange)
    assert field.cell() == (3, 3)


def test_only_the_chosen_cell_takes_the_tab_key(qtbot: QtBot, field: MatrixField) -> None:
    press(qtbot, Qt.Key.Key_Right)
    stops = [
        (impact, urgency)
        for impact in (1, 2, 3)
        for urgency in (1, 2, 3)
        if field.button(impact, urgency).focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == [(3, 2)]


def test_a_click_chooses_and_every_cell_says_what_it_is(qtbot: QtBot, field: MatrixField) -> None:
    field.set_matrix(PriorityMatrix((("P1", "P1", "P1"), ("P2", "P2", "P2"), ("P3", "P4", "P4"))))
    qtbot.mouseClick(field.button(2, 3), Qt.MouseButton.LeftButton)
    assert (field.cell(), field.priority()) == ((2, 3), "P2")
    assert field.button(2, 3).accessibleName() == "Impact Medium, urgency Low: P2"


def test_me_is_offered_for_the_assignee(
    qtbot: QtBot, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog(text="No light")
    assignee = dialog.form.assignee
    assignee.setFocus()
    qtbot.keyClicks(assignee, "m")
    popup = assignee.popup
    qtbot.waitUntil(popup.isVisible)
    assert assignee.choices.item(0).text() == "Me (Ana Ruiz)"
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert assignee.text() == "Ana Ruiz"
