"""A real profile, a workbench over it, and the dialog opened on it as a person would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
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


@pytest.fixture
def open_dialog(qtbot: QtBot, bench: Workbench) -> Callable[..., NewIncidentDialog]:
    def show(draft_key: str = "", text: str = "") -> NewIncidentDialog:
        dialog = NewIncidentDialog(bench, draft_key, text)
        qtbot.addWidget(dialog)
        dialog.resize(bench.theme.px(920), bench.theme.px(612))  # the screen of the tests is small
        dialog.show()
        dialog.activateWindow()
        qtbot.waitExposed(dialog)
        qtbot.waitUntil(lambda: dialog.form.title.hasFocus())
        return dialog

    return show
