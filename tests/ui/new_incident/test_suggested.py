"""What the dialog suggests from the history of the team, and how likely it says that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.services import importing, knowledge, problems
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.new_incident.new_incident_dialog import NewIncidentDialog


def test_category_and_team_are_suggested_from_the_history_with_their_score(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog], tmp_path: Path
) -> None:
    table = tmp_path / "past.csv"
    rows = [
        *(f"T-{n},zorblax jams tray {n},hardware/zorblax,Desk" for n in range(20)),
        *(f"T-{n},quuxnet drops hub {n},network/quuxnet,Wires" for n in range(20, 40)),
    ]
    table.write_text("\n".join(["number,title,category,team", *rows]), "utf-8")
    importing.import_file(desk, table)
    dialog = open_dialog()
    boxes = dialog.form.boxes
    qtbot.keyClicks(dialog.form.title, "quuxnet drops")
    qtbot.waitUntil(lambda: dialog.form.category.value() == "network/quuxnet")
    assert boxes["category"].aside.toolTip().startswith("suggested from the text, 9")
    assert boxes["assignee"].aside.toolTip().startswith("suggested team: Wires, 9")

    dialog.form.title.selectAll()
    qtbot.keyClicks(dialog.form.title, "nothing known here")
    qtbot.waitUntil(lambda: dialog.form.category.value() == "")
    assert boxes["assignee"].aside.toolTip() == ""


def test_articles_and_known_errors_come_while_typing(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    knowledge.write(desk, "Zorblax jams on thick paper", "Use tray 2.")
    problems.open_problem(desk, "Zorblax firmware 4", {"workaround": "Switch it off and on"})
    dialog = open_dialog()
    qtbot.keyClicks(dialog.form.title, "zorblax jams")
    first, second = (card.text for card in dialog.similar.answers.cards)
    qtbot.waitUntil(second.isVisible)
    assert dialog.similar.answers.isVisible()
    assert "Zorblax jams on thick paper\nUse tray 2.\nShares zorblax, jams" in first.text()
    assert second.text().startswith("Known error: Zorblax firmware 4\nSwitch it off and on\n")
    assert second.text().endswith("Shares zorblax; has a workaround")
    dialog.form.title.selectAll()
    qtbot.keyClicks(dialog.form.title, "nothing known here")
    qtbot.waitUntil(lambda: not first.isVisible())
    assert not dialog.similar.answers.isVisible()


def test_an_answer_is_read_by_a_key_and_esc_goes_back_to_what_was_typed(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    knowledge.write(desk, "Zorblax jams on thick paper", "## Do\n\nUse **tray 2**.")
    problems.open_problem(desk, "Zorblax firmware 4", {"workaround": "Switch it off and on"})
    dialog = open_dialog()
    field = dialog.form.title
    qtbot.keyClick(field, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert dialog.similar.answers.reading is None, "nothing is offered yet"
    qtbot.keyClicks(field, "zorblax jams")
    card = dialog.similar.answers.cards[0]
    qtbot.waitUntil(lambda: "Shares zorblax, jams" in card.text.text())
    field.setCursorPosition(7)
    qtbot.keyClick(field, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    reading = dialog.similar.answers.reading
    assert reading is not None
    qtbot.waitUntil(reading.reader.hasFocus)
    assert reading.windowTitle().startswith("Article KB-")
    assert reading.title.text() == "Zorblax jams on thick paper"
    assert reading.reader.toPlainText() == "Do\nUse tray 2."
    assert "Shares zorblax, jams" in reading.why.text()
    assert faults(reading) == []
    qtbot.keyClick(reading.reader, Qt.Key.Key_Escape)
    qtbot.waitUntil(field.hasFocus)
    assert (field.text(), field.cursorPosition()) == ("zorblax jams", 7)
    assert dialog.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert reading.windowTitle() == "Known error"
    assert reading.reader.toPlainText().startswith("Workaround: Switch it off and on")
