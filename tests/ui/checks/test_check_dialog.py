"""Running a check by keys: it is allowed first, and what it said is kept and shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.services import browsing, cataloguing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.checks.check_dialog import CheckDialog
from app.ui.jobs import InlineJobs
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QPushButton
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")
    quick_logging.log_lines(desk, ["printer on floor two jams paper @Nina"])
    return desk


@pytest.fixture
def show(qtbot: QtBot, desk: Desk, theme: Theme) -> Callable[[], CheckDialog]:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)

    def opened() -> CheckDialog:
        dialog = CheckDialog(bench, browsing.find(desk, "1"), "INC-1")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return opened


def press(qtbot: QtBot, button: QPushButton) -> None:
    button.setFocus()
    qtbot.keyClick(button, Key.Key_Space)


def test_a_check_is_allowed_run_and_kept_by_keys(
    qtbot: QtBot, desk: Desk, show: Callable[[], CheckDialog], tmp_path: Path
) -> None:
    cataloguing.add(
        desk, "check", "Room", {"check": "disk_space", "target": str(tmp_path), "limit": 0}
    )
    dialog = show()
    assert (dialog.allow.isVisible(), dialog.run.isEnabled()) == (True, False)
    qtbot.keyClick(dialog.list, Key.Key_Return)
    assert browsing.incident(desk, browsing.find(desk, "1")).attachments == ()
    press(qtbot, dialog.allow)
    assert (dialog.allow.isVisible(), dialog.run.isEnabled()) == (False, True)
    qtbot.keyClick(dialog.list, Key.Key_Return)
    assert dialog.output.toPlainText().startswith("Passed: ")
    (file,) = browsing.incident(desk, browsing.find(desk, "1")).attachments
    assert file.name.startswith("check Room")
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_script_warns_with_its_hash(
    desk: Desk, show: Callable[[], CheckDialog], tmp_path: Path
) -> None:
    script = tmp_path / "fix"
    script.write_text("x")
    cataloguing.add(desk, "check", "Fix", {"check": "script", "target": str(script)})
    dialog = show()
    assert "may do anything" in dialog.warning.text()
    assert "2d711642b726" in dialog.warning.text()  # SHA-256 of "x"
    assert dialog.told.text() == f"Run {script}"


def test_without_checks_it_says_where_they_are_made(show: Callable[[], CheckDialog]) -> None:
    dialog = show()
    assert "settings" in dialog.told.text()
    assert not dialog.run.isEnabled()
