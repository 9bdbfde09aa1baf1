"""The mapping screen: unknown columns are placed, seen as incidents, saved and used again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import importing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.importing.import_dialog import ImportDialog
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Workbench:
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


def test_the_first_rows_are_shown_as_incidents_and_change_with_the_columns(
    bench: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "Case,What,How urgent\n"
        + "".join(f"A-{n},Printer {n},{'High' if n % 2 else 'Purple'}\n" for n in range(15))
    )
    dialog = ImportDialog(bench)
    qtbot.addWidget(dialog)
    dialog.open_file(str(path))
    for column, field in (("What", "title"), ("How urgent", "priority"), ("Case", "external_id")):
        box = dialog.columns.box_of(column)
        box.setCurrentIndex(box.findData(field))
        box.activated.emit(box.currentIndex())

    model = dialog.first_incidents
    rows = [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert len(rows) == 10
    assert rows[1][:5] == ["2", "A-1", "Printer 1", "", "P2"]
    assert rows[0][1] == ""
    assert rows[0][-1].startswith("The priority 'Purple' is not known")


def test_a_mapping_is_saved_under_a_name_and_reads_the_next_file(
    bench: Workbench, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Case,What\nA-1,Printer\n")
    dialog = ImportDialog(bench)
    qtbot.addWidget(dialog)
    dialog.open_file(str(path))
    for column, field in (("What", "title"), ("Case", "external_id")):
        box = dialog.columns.box_of(column)
        box.setCurrentIndex(box.findData(field))
        box.activated.emit(box.currentIndex())
    dialog.saver.line.setText("Front desk")
    qtbot.keyClick(dialog.saver.line, Qt.Key.Key_Return)

    assert dialog.problem.text() == ""
    first = importing.import_file(desk, path, mapping="front desk")
    again = importing.import_file(desk, path, mapping="Front desk")
    assert (first.created, again.unchanged, first.mapping) == (1, 1, "Front desk")

    other = ImportDialog(bench)
    qtbot.addWidget(other)
    place = other.reading.mapping.findText("Front desk")
    assert place > 0
    other.open_file(str(path))
    other.reading.mapping.setCurrentIndex(place)
    other.reading.mapping.activated.emit(place)
    assert other.first_incidents.index(0, 2).data() == "Printer"


@pytest.mark.parametrize("name", ["generic", "../x", "a/b", "nul", "-"])
def test_a_name_that_cannot_be_used_is_refused_in_a_sentence(
    bench: Workbench, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("number,title\nT-1,Printer is down\n")
    dialog = ImportDialog(bench)
    qtbot.addWidget(dialog)
    dialog.open_file(str(path))

    dialog.saver.save_requested.emit(name)

    assert "ame" in dialog.problem.text()
    assert dialog.reading.mapping.findText(name) < 0
