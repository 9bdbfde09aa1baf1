"""The report on the screen: every page, saved where it is asked to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report.report_dialog import ReportDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def test_every_page_is_shown_and_saved(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    dialog = ReportDialog(bench, "INC-000001")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.pages))
    first = dialog.pages[0].pixmap().toImage()
    colours = {
        first.pixelColor(x, y).name()
        for x in range(0, first.width(), 5)
        for y in range(0, first.height() // 3, 5)
    }
    assert len(colours) > 1, "the page is not blank"

    dialog.save_to(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "report.pdf" in dialog.words.text()


def test_what_is_not_there_is_said_in_words(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    dialog = ReportDialog(Workbench(InlineJobs(desk), ChangeBus(), theme), "INC-000009")
    qtbot.addWidget(dialog)
    assert "INC-000009" in dialog.words.text()
