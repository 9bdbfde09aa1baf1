"""The completion of a filter tells how many incidents each value would leave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.incidents.filter_field import COUNT_AFTER_MS, FilterField
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def field(qtbot: QtBot, tmp_path: Path, theme: Theme) -> FilterField:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(
        desk, ["printer jams @Nina !2", "toner empty @Nina !3", "no sound @Noah !3"]
    )
    made = FilterField(Workbench(InlineJobs(desk), ChangeBus(), theme))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def offered(field: FilterField) -> list[str]:
    return [field.choices.item(n).text() for n in range(field.choices.rowCount())]


def test_values_stand_beside_how_many_they_leave(qtbot: QtBot, field: FilterField) -> None:
    qtbot.keyClicks(field, "is:open priority:")
    assert {"p1", "p2", "p3"} <= set(offered(field)), "values are offered before they are counted"
    qtbot.waitUntil(lambda: "p1 \u00b7 0" in offered(field))
    assert {"p1 \u00b7 0", "p2 \u00b7 1", "p3 \u00b7 2"} <= set(offered(field))


def test_names_are_counted_within_the_rest_of_the_line(qtbot: QtBot, field: FilterField) -> None:
    qtbot.keyClicks(field, "priority:p3 requester:n")
    assert {"Nina", "Noah"} <= set(offered(field))
    qtbot.waitUntil(lambda: "Nina \u00b7 1" in offered(field))
    assert {"Nina \u00b7 1", "Noah \u00b7 1"} <= set(offered(field))
    qtbot.keyClick(field.popup, Qt.Key.Key_Down)
    qtbot.keyClick(field.popup, Qt.Key.Key_Tab)
    assert "\u00b7" not in field.text()
    assert field.text().startswith("priority:p3 requester:")


def test_an_order_is_no_value_to_count(qtbot: QtBot, field: FilterField) -> None:
    qtbot.keyClicks(field, "sort:s")
    assert offered(field)
    qtbot.wait(2 * COUNT_AFTER_MS)
    assert not any("\u00b7" in each for each in offered(field))


def test_a_count_that_arrives_keeps_what_is_chosen(qtbot: QtBot, field: FilterField) -> None:
    qtbot.keyClicks(field, "is:open priority:")
    qtbot.keyClick(field.popup, Qt.Key.Key_Down)
    qtbot.keyClick(field.popup, Qt.Key.Key_Down)
    chosen = field.popup.currentIndex().row()
    assert chosen >= 0
    qtbot.waitUntil(lambda: "p1 \u00b7 0" in offered(field))
    assert field.popup.currentIndex().row() == chosen
