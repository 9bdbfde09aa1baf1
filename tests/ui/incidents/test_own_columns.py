"""The team's own fields as columns of the queue, over a real profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.services import browsing, cataloguing, incidents, quick_logging, undoing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock, to_ms
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.incidents.column_chooser import ColumnChooser
from app.ui.incidents.columns import ColumnModel
from app.ui.incidents.queue_panel import QueuePanel
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FLAT = {"group": "none", "sort": "number"}
CHOSEN = ["number", "title", "custom.Floor", "custom.Loaner", "custom.Back"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), PinnedClock(NOW), person="Ana Ruiz")
    for name, kind in (("Floor", "number"), ("Loaner", "yes_no"), ("Back", "date")):
        cataloguing.add(desk, "custom_field", name, {"type": kind})
    quick_logging.log_lines(desk, ("laptop does not start", "phone rings twice"))
    values = {"custom.Floor": 3, "custom.Loaner": True, "custom.Back": "2026-04-17"}
    incidents.edit(desk, [browsing.find(desk, "1")], values)
    return desk


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk, theme: Theme) -> QueuePanel:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    panel = QueuePanel(bench, now_ms=lambda: to_ms(NOW))
    panel.bench = bench
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.show()
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    QAbstractItemModelTester(panel.columns, QAbstractItemModelTester.FailureReportingMode.Fatal)
    panel.show_view("All open", "is:open", FLAT)
    qtbot.waitUntil(lambda: panel.model.total == 2)
    return panel


def line(panel: QueuePanel, at: int) -> list[str]:
    return [
        panel.model.index(at, section).data() or "" for section in range(panel.model.columnCount())
    ]


def header(panel: QueuePanel) -> list[str]:
    across = Qt.Orientation.Horizontal
    return [panel.model.headerData(at, across) for at in range(panel.model.columnCount())]


def listed(columns: ColumnModel) -> list[str]:
    return [columns.index(at).data() for at in range(columns.rowCount())]


def heard(desk: Desk) -> list[str]:
    """Return a list that gets every statement from now on."""
    asked: list[str] = []

    def hear(_cursor: Any, sql: str, _values: Any) -> bool:
        asked.append(sql)
        return True

    desk.connection.exec_trace = hear
    return asked


def test_the_chooser_lists_the_fields_and_a_check_shows_the_values(
    qtbot: QtBot, panel: QueuePanel
) -> None:
    panel.choose_columns()
    chooser = panel.findChild(ColumnChooser)
    assert chooser is not None
    assert chooser.list.currentIndex().isValid()
    assert listed(panel.columns)[-3:] == ["Back", "Floor", "Loaner"]
    at = listed(panel.columns).index("Loaner")
    checked = Qt.CheckState.Checked
    assert panel.columns.setData(
        panel.columns.index(at), checked.value, Qt.ItemDataRole.CheckStateRole
    )
    assert header(panel)[-1] == "Loaner"
    qtbot.waitUntil(lambda: line(panel, 0)[-1] == "yes")
    assert line(panel, 1)[-1] == ""


def test_values_are_words_numbers_and_days_of_the_readers_language(
    qtbot: QtBot, panel: QueuePanel, desk: Desk
) -> None:
    incidents.edit(desk, [browsing.find(desk, "2")], {"custom.Loaner": False})
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        panel.show_view("Lent", "is:open", {**FLAT, "columns": CHOSEN})
        qtbot.waitUntil(lambda: line(panel, 0)[2] == "3")
        assert [text.strip("\u2068\u2069") for text in line(panel, 0)[2:]] == [
            "3",
            "yes",
            "17.04.26",
        ]
        assert line(panel, 1)[2:] == ["", "no", ""]
    finally:
        QLocale.setDefault(before)
    panel.grab()  # painted, and clicking such a header sorts by nothing
    panel.fitter._on_section_clicked(2)
    assert panel.fitter.sort == "number"


def test_a_saved_view_brings_its_own_columns_back(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.show_view("Lent", "is:open", {**FLAT, "columns": CHOSEN})
    panel.columns.set_width("custom.Floor", 77)
    saved = panel.save_state()
    assert saved["columns"] == CHOSEN
    panel.columns.reset()
    assert panel.columns.custom == ()
    panel.show_view("Lent", "is:open", saved)
    assert panel.columns.shown == tuple(CHOSEN)
    assert panel.columns.width("custom.Floor") == 77
    qtbot.waitUntil(lambda: line(panel, 0)[2] == "3")


def test_a_page_with_own_columns_costs_one_statement_more_and_one_without_none(
    panel: QueuePanel, desk: Desk, qtbot: QtBot
) -> None:
    def refreshed() -> list[str]:
        asked = heard(desk)
        panel.model.refresh()
        qtbot.wait(5)
        desk.connection.exec_trace = None
        return asked

    without = refreshed()
    assert without
    assert not [sql for sql in without if "custom_" in sql]
    panel.columns.set_order(CHOSEN)
    qtbot.waitUntil(lambda: line(panel, 0)[2] == "3")
    shown = refreshed()
    assert len([sql for sql in shown if "custom_value" in sql]) == 1
    assert len(shown) == len(without) + 1
    panel.columns.set_shown("custom.Floor", False)
    panel.columns.set_shown("custom.Loaner", False)
    panel.columns.set_shown("custom.Back", False)
    assert refreshed() == without


def test_a_deleted_field_leaves_the_columns_quietly_and_comes_back_with_undo(
    qtbot: QtBot, panel: QueuePanel, desk: Desk
) -> None:
    panel.columns.set_order(CHOSEN)
    field = next(one for one in cataloguing.entries(desk, "custom_field") if one.name == "Loaner")
    panel.bench.bus.published.emit(cataloguing.remove(desk, "custom_field", field.id))
    qtbot.waitUntil(lambda: header(panel) == ["ID", "Summary", "Floor", "Back"])
    assert "Loaner" not in listed(panel.columns)
    panel.bench.bus.published.emit(undoing.undo(desk))
    qtbot.waitUntil(lambda: header(panel) == ["ID", "Summary", "Floor", "Loaner", "Back"])
    qtbot.waitUntil(lambda: line(panel, 0)[3] == "yes")


def test_a_view_that_names_a_field_nobody_has_shows_the_other_columns(panel: QueuePanel) -> None:
    panel.show_view("Old", "is:open", {"columns": ["custom.Gone", "custom.", "number", "title"]})
    assert header(panel) == ["ID", "Summary"]


def test_columns_are_moved_past_those_that_are_not_listed(qtbot: QtBot) -> None:
    columns = ColumnModel()
    QAbstractItemModelTester(columns, QAbstractItemModelTester.FailureReportingMode.Fatal)
    columns.set_order(["title", "custom.Gone", "custom.Floor", "number"])
    columns.set_fields(["Floor"])
    assert columns.shown == ("title", "custom.Floor", "number")
    assert columns.move("custom.Floor", -1)
    assert columns.shown == ("custom.Floor", "title", "number")
    assert columns.move("custom.Floor", +1)
    assert columns.move("custom.Floor", +1)
    assert columns.shown == ("title", "number", "custom.Floor")
    assert columns.save()["columns"] == ["title", "custom.Gone", "number", "custom.Floor"]


def test_columns_are_kept_when_the_window_closes_before_the_fields_were_read(qtbot: QtBot) -> None:
    columns = ColumnModel()
    state = {"columns": ["title", "custom.Floor"], "widths": {"custom.Floor": 80}}
    columns.restore(state)
    assert columns.shown == ("title", "custom.Floor")
    kept = columns.save()
    assert {key: kept[key] for key in state} == state
