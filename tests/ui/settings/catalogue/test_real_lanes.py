"""A page over the real lanes: answers come late, and keys are pressed before they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services.desk import open_desk
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.settings.catalogue import catalogue_pages
from app.ui.settings.catalogue.catalogue_view import CatalogueView
from app.ui.workbench import Message, Workbench
from tests.ui.settings.catalogue.page_driving import choose, data, line, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.theme import Theme

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def slow_bench(desk: Desk, theme: Theme) -> Iterator[Workbench]:
    runner = JobRunner(lambda: open_desk(desk.profile, desk.clock, person="Ana Ruiz"))
    made = Workbench(runner, ChangeBus(), theme)
    yield made
    assert runner.shutdown()
    made.deleteLater()


def opened(qtbot: QtBot, bench: Workbench, kind: str) -> CatalogueView:
    page = next(one for one in catalogue_pages(bench) if one.spec.kind == kind)
    view = page.widget()
    assert isinstance(view, CatalogueView)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    view.search.setFocus()
    qtbot.waitUntil(view.search.hasFocus)
    qtbot.waitUntil(lambda: view.model.rowCount() > 0)
    return view


def test_fields_of_a_new_item_left_before_it_is_made_are_written_to_it(
    qtbot: QtBot, slow_bench: Workbench, desk: Desk
) -> None:
    view = opened(qtbot, slow_bench, "team")
    qtbot.keyClick(view.search, Key.Key_N, Mod.ControlModifier)
    qtbot.keyClicks(line(view, "name"), "Network")
    qtbot.keyClick(line(view, "name"), Key.Key_Return)
    line(view, "mail").setFocus()
    qtbot.keyClicks(line(view, "mail"), "net@example.org")
    qtbot.keyClick(line(view, "mail"), Key.Key_Return)
    qtbot.waitUntil(lambda: "Network" in names(desk, "team"))
    qtbot.waitUntil(lambda: data(desk, "team", "Network")["mail"] == "net@example.org")
    qtbot.waitUntil(lambda: view.form.heading.text() == "Network")
    assert names(desk, "team") == ["Desk", "Network"]
    assert view.table.currentIndex().data() == "Network"


def test_a_refusal_that_comes_late_is_said_and_kept_with_its_item(
    qtbot: QtBot, slow_bench: Workbench, desk: Desk
) -> None:
    said: list[Message] = []
    slow_bench.said.connect(said.append)
    view = opened(qtbot, slow_bench, "category")
    choose(view, desk, "network/vpn")
    line(view, "name").setFocus()
    line(view, "name").selectAll()
    qtbot.keyClicks(line(view, "name"), "network/lan")
    qtbot.keyClick(line(view, "name"), Key.Key_Return)
    choose(view, desk, "email")
    qtbot.waitUntil(lambda: any("already" in message.text for message in said))
    assert line(view, "name").text() == "email"
    choose(view, desk, "network/vpn")
    assert line(view, "name").text() == "network/lan"
    assert "already" in view.form.boxes["name"].problem.text()
    assert "network/vpn" in names(desk, "category")
