"""The post-incident review is shown and saved; it is refused for what is no major incident."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services import browsing, major_incidents, quick_logging, reporting, verification
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report.page_list import PAGE_ROLE
from app.ui.report.review_preview import ReviewPreview
from app.ui.workbench import Message, Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


def test_the_review_of_a_major_incident(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    window = QWidget()
    qtbot.addWidget(window)
    said: list[Message] = []
    bench.said.connect(said.append)
    refused = ReviewPreview(bench, "INC-000001", window)
    assert refused.preview is None
    assert "no major incident" in said[-1].text

    major_incidents.declare(desk, browsing.find(desk, "INC-000001"))
    shown = ReviewPreview(bench, "INC-000001", window).preview
    assert shown is not None
    assert "INC-000001" in shown.windowTitle()
    assert len(shown.pages) >= 1
    path = tmp_path / "review.pdf"
    shown.save_to(path)
    assert "review.pdf" in shown.words.text()
    assert verification.verify_file(desk, path).genuine


def test_the_review_is_shown_and_saved_in_another_language(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    major_incidents.declare(desk, browsing.find(desk, "INC-000001"))
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    window = QWidget()
    qtbot.addWidget(window)
    shown = ReviewPreview(bench, "INC-000001", window).preview
    assert shown is not None
    assert shown.language.isVisible()
    english = shown.pages[0].data(PAGE_ROLE).toImage()

    shown.language.setFocus()
    qtbot.keyClick(shown.language, Qt.Key.Key_End)

    assert shown.pages[0].data(PAGE_ROLE).toImage() != english
    path = tmp_path / "review.pdf"
    shown.save_to(path)
    german = reporting.report_bytes(desk, "INC-000001", review=True, language="de")
    assert path.read_bytes() == german
    assert verification.verify_file(desk, path).genuine
