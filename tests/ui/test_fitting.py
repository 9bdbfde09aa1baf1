"""The window at its smallest, with large text and mirrored: nothing is cut, nothing is empty."""

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
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sample_band import SampleBand, show_sample_band
from tests.ui.cut_words import cut
from tests.ui.sights import Longer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    translator = Longer()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def open_window(qtbot: QtBot, theme: Theme, tmp_path: Path, size: tuple[int, int]) -> MainWindow:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer down !2", "phone dead !3"])
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    show_sample_band(window)
    window.resize(*size)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 2)
    window.queue.step(+1)
    qtbot.wait(50)
    return window


@pytest.mark.parametrize(
    ("size", "text"), [((800, 520), 100), ((1280, 720), 100), ((1440, 900), 160)]
)
def test_the_list_begins_where_the_sidebar_ends(
    qtbot: QtBot, theme: Theme, tmp_path: Path, size: tuple[int, int], text: int
) -> None:
    theme.set_text_size(text)
    window = open_window(qtbot, theme, tmp_path, size)
    assert (window.width(), window.height()) == size
    gap = window.queue.x() - window.sidebar.geometry().right()
    assert 0 < gap <= window.panes.handleWidth() + 1


@pytest.mark.parametrize("size", [(800, 520), (1280, 720), (1440, 900)])
def test_longer_words_are_not_cut(
    qtbot: QtBot, theme: Theme, tmp_path: Path, longer: None, size: tuple[int, int]
) -> None:
    window = open_window(qtbot, theme, tmp_path, size)
    assert (window.width(), window.height()) == size
    assert cut(window.sidebar) + cut(window.queue) == []


def test_a_title_without_room_is_left_away_and_told_in_the_tooltip(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    window = open_window(qtbot, theme, tmp_path, (1280, 720))
    model, at = window.queue.model, window.queue.model.keys.index("assignee")
    across = Qt.Orientation.Horizontal
    assert model.headerData(at, across) == ""
    assert model.headerData(at, across, Qt.ItemDataRole.ToolTipRole) == "Assignee"
    window.resize(1500, 720)
    assert model.headerData(at, across) == "Assignee"


def test_every_title_of_the_list_fits_its_column(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    window = open_window(qtbot, theme, tmp_path, (1280, 720))
    header, model = window.queue.tree.header(), window.queue.model
    for section in range(header.count()):
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        if not header.isSectionHidden(section):
            assert header.fontMetrics().horizontalAdvance(words) <= header.sectionSize(section)


@pytest.mark.usefixtures("mirrored")
def test_the_window_is_mirrored(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    window = open_window(qtbot, theme, tmp_path, (1280, 720))
    left = {name: getattr(window, name).x() for name in ("sidebar", "queue", "detail")}
    assert left["sidebar"] > left["queue"] > left["detail"]
    bar, side = window.queue.tree.header(), window.queue.tree.viewport().width()
    assert bar.sectionViewportPosition(0) > side / 2


def test_the_sample_band_keeps_its_words_off_the_edge(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    window = open_window(qtbot, theme, tmp_path, (1280, 720))
    band = window.findChild(SampleBand)
    assert band is not None
    assert band.text.mapTo(window, band.text.contentsRect().topLeft()).x() >= theme.px(12)
