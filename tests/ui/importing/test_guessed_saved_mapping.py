"""The import screen guesses a mapping that was saved for a file of the same head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.services import import_mappings
from app.ui.change_bus import ChangeBus
from app.ui.importing.import_dialog import ImportDialog
from app.ui.importing.import_plan import Choice, look
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench
from tests.services.test_guessing_saved_mappings import COLUMNS, SECOND
from tests.ui.importing.test_import_dialog import opened

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path / "profile")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "next.csv"
    made.write_bytes(SECOND)
    return made


def test_the_next_file_is_read_as_the_last_one(
    qtbot: QtBot, theme: Theme, desk: Desk, path: Path
) -> None:
    file = import_mappings.save(desk, "Helpline", COLUMNS)
    dialog = ImportDialog(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.open_file(str(path))
    qtbot.waitUntil(lambda: "Helpline" in dialog.reading.mapping.itemText(0))
    assert "100 % sure" in dialog.facts.text()
    dialog.columns.placed.emit("Shelf", "location")
    qtbot.waitUntil(lambda: dialog.reading.mapping.currentData() == str(file))
    assert dialog.problem.isHidden()


def test_a_placed_column_changes_the_guessed_mapping_only_there(desk: Desk, path: Path) -> None:
    file = str(import_mappings.save(desk, "Helpline", COLUMNS))
    saved = import_mappings.to_guess(desk)
    found = look(Choice(str(path)), lambda: False, saved=saved)
    assert (found.mapping, found.columns, found.editable) == (file, COLUMNS, True)
    placed = Choice(str(path), file, (("Shelf", "location"),))
    assert look(placed, lambda: False, saved=saved).columns == {**COLUMNS, "Shelf": "location"}
