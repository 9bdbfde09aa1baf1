"""Fields of the team in the detail pane and in the dialog for a new incident, by keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.domain.incident_record import IncidentDraft
from app.services import browsing, cataloguing, drafts, logging_incidents
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    for name, data in (
        ("Cost & effect", {"type": "number"}),
        ("On site", {"type": "yes_no"}),
        ("Shift", {"type": "choice", "choices": ["early", "late"]}),
        ("Toner", {"category": "hardware/printer"}),
    ):
        cataloguing.add(desk, "custom_field", name, data)
    logging_incidents.log(desk, IncidentDraft(title="no sound"))
    logging_incidents.log(
        desk,
        IncidentDraft(title="streaks", category="hardware/printer", custom={"On site": "yes"}),
    )
    return desk


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Iterator[Workbench]:
    made = Workbench(InlineJobs(desk), ChangeBus(), theme)
    yield made
    made.deleteLater()


def test_a_new_incident_takes_them(qtbot: QtBot, desk: Desk, bench: Workbench) -> None:
    dialog = NewIncidentDialog(bench, "", "")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.form.title.hasFocus())
    qtbot.keyClicks(dialog.form.title, "Odd smell")
    boxes = dialog.form.own.boxes
    cost, shift, toner = (boxes[name].field for name in ("Cost & effect", "Shift", "Toner"))
    assert isinstance(cost, QLineEdit)
    assert isinstance(shift, QComboBox)
    assert not toner.isVisible()
    cost.setFocus()
    qtbot.keyClicks(cost, "lots")
    shift.setFocus()
    qtbot.keyClick(shift, Key.Key_Down)
    qtbot.keyClick(shift, Key.Key_Return, CTRL)
    assert "Give a number" in boxes["Cost & effect"].problem.text()
    assert dialog.isVisible()
    cost.setFocus()
    cost.selectAll()
    qtbot.keyClicks(cost, "7")
    assert boxes["Cost & effect"].problem.text() == ""
    dialog.form.category.setText("hardware/printer")
    assert toner.isVisible()
    qtbot.keyClick(cost, Key.Key_Return, CTRL)
    made = browsing.incident(desk, "3")
    assert made.custom == {"Cost & effect": 7, "Shift": "early"}


def test_what_was_typed_is_in_the_draft(qtbot: QtBot, desk: Desk, bench: Workbench) -> None:
    dialog = NewIncidentDialog(bench, "", "")
    qtbot.addWidget(dialog)
    dialog.show()
    field = dialog.form.own.boxes["Cost & effect"].field
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(dialog, Key.Key_Escape)
    (kept,) = drafts.all(desk)
    again = NewIncidentDialog(bench, kept.key, "")
    qtbot.addWidget(again)
    assert again.form.own.typed() == {"Cost & effect": "7"}
