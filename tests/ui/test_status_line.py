"""The line at the foot says where the data are safe, or why they cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMainWindow

from app.domain.errors import StoreError
from app.ui.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> Iterator[StatusLine]:
    window = QMainWindow()
    qtbot.addWidget(window)
    yield StatusLine(window, theme)
    window.close()


def test_it_says_that_all_is_saved_and_what_is_chosen(line: StatusLine) -> None:
    assert line.saved.text() == "Saved on this computer"
    line.show_selection(2, 14_000)
    assert line.selection.text() == "2 of 14,000 selected"
    line.show_selection(0, 0)
    assert line.selection.text() == ""


def test_a_store_that_cannot_be_reached_is_said_until_it_can(line: StatusLine) -> None:
    line.show_locked(StoreError("desk.sqlite is of a newer program. Nothing was changed."))
    assert line.saved.text() == "desk.sqlite is of a newer program"
    assert "Nothing was changed" in line.saved.toolTip()
    locked = line.mark.pixmap().toImage()
    line.show_saved()
    assert line.saved.text() == "Saved on this computer"
    assert line.saved.toolTip() == ""
    assert line.mark.pixmap().toImage() != locked
