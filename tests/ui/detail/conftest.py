"""What tests of the detail share: a desk with two incidents, and the pane on the first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.services import browsing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.detail.detail_panel import DetailPanel
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(
        desk, ["printer on floor two jams paper @Nina", "printer on floor three jams paper @Noah"]
    )
    return desk


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Workbench:
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk, bench: Workbench) -> DetailPanel:
    panel = DetailPanel(bench)
    qtbot.addWidget(panel)
    panel.resize(440, 800)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_incident(browsing.find(desk, "1"))
    return panel
