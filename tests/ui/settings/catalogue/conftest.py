"""A page of the catalogue over a real profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.settings.catalogue import catalogue_pages
from app.ui.settings.catalogue.catalogue_view import CatalogueView
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Iterator[Workbench]:
    made = Workbench(InlineJobs(desk), ChangeBus(), theme)
    yield made
    made.deleteLater()


@pytest.fixture
def said(bench: Workbench) -> list[Message]:
    heard: list[Message] = []
    bench.said.connect(heard.append)
    return heard


@pytest.fixture
def open_page(qtbot: QtBot, bench: Workbench) -> Callable[[str], CatalogueView]:
    def show(kind: str) -> CatalogueView:
        page = next(one for one in catalogue_pages(bench) if one.spec.kind == kind)
        view = page.widget()
        assert isinstance(view, CatalogueView)
        qtbot.addWidget(view)
        view.resize(860, 560)
        view.show()
        view.activateWindow()
        qtbot.waitExposed(view)
        view.search.setFocus()
        qtbot.waitUntil(view.search.hasFocus)
        QAbstractItemModelTester(view.model, view)
        QAbstractItemModelTester(view.found, view)
        return view

    return show
