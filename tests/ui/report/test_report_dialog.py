"""The report on the screen: every page, saved where it is asked to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from app.services import browsing, incidents, quick_logging, reporting
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report.page_list import PAGE_ROLE
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
    first = dialog.pages[0].data(PAGE_ROLE).toImage()
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


def test_the_pages_come_one_by_one_sharp_and_scroll_by_keys(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    uid = browsing.find(desk, "1")
    for place in range(60):
        incidents.add_note(desk, [uid], f"Looked at it again, try {place}")
    dialog = ReportDialog(Workbench(InlineJobs(desk), ChangeBus(), theme), "INC-000001")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert len(dialog.pages) == 1
    qtbot.waitUntil(lambda: len(dialog.pages) >= 3)
    qtbot.waitUntil(lambda: dialog.area.verticalScrollBar().maximum() > 0)
    picture = dialog.pages[1].data(PAGE_ROLE)
    assert picture.devicePixelRatio() == dialog.devicePixelRatioF()
    names = [page.data(Qt.ItemDataRole.AccessibleTextRole) for page in dialog.pages]
    assert names[:2] == [f"Page {number} of {len(names)}" for number in (1, 2)]
    assert dialog.focusWidget() is dialog.area

    qtbot.keyClick(dialog.area, Qt.Key.Key_PageDown)

    assert dialog.area.verticalScrollBar().value() > 0
    qtbot.keyClick(dialog.area, Qt.Key.Key_End)
    assert dialog.area.currentItem() is dialog.pages[-1]
    face = QAccessible.queryAccessibleInterface(dialog.area)
    assert face.role() is QAccessible.Role.List
    assert face.text(QAccessible.Text.Name) == "Pages of the report"


def test_another_language_is_shown_and_saved(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2"])
    dialog = ReportDialog(Workbench(InlineJobs(desk), ChangeBus(), theme), "INC-000001")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.pages))
    english = dialog.pages[0].data(PAGE_ROLE).toImage()
    assert dialog.language_label.buddy() is dialog.language

    dialog.language.setFocus()
    qtbot.keyClick(dialog.language, Qt.Key.Key_End)

    assert dialog.pages[0].data(PAGE_ROLE).toImage() != english
    assert len(dialog.pages) == dialog.area.count()
    dialog.save_to(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes() == reporting.report_bytes(
        desk, "INC-000001", language="de"
    )
