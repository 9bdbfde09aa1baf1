"""A report of any length can be looked at: pages are painted as they come into sight."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PySide6.QtCore import Qt

from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.report.page_list import KEPT_PAGES, PAGE_ROLE
from app.ui.report.pdf_preview import PdfPreview, Shown
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

PAGES = 150


@pytest.fixture
def preview(qtbot: QtBot, tmp_path: Path, theme: Theme) -> PdfPreview:
    document = pikepdf.new()
    for _ in range(PAGES):
        document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out)
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    bench = Workbench(
        InlineJobs(open_desk(Profile(tmp_path / "profile"), clock)), ChangeBus(), theme
    )
    shown = Shown(out.getvalue(), PAGES, "long.pdf", "Period report")
    dialog = PdfPreview(bench, shown, lambda _desk, _path, _code: None)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def painted(preview: PdfPreview) -> list[int]:
    return [row for row, page in enumerate(preview.pages) if page.data(PAGE_ROLE) is not None]


def test_the_last_page_of_a_long_report_is_painted_when_it_is_looked_at(
    qtbot: QtBot, preview: PdfPreview
) -> None:
    assert preview.area.count() == PAGES
    qtbot.waitUntil(lambda: 0 in painted(preview))
    assert len(painted(preview)) < 10
    qtbot.keyClick(preview.area, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: PAGES - 1 in painted(preview))
    assert preview.pages[-1].data(Qt.ItemDataRole.AccessibleTextRole) == "Page 150 of 150"


def test_pages_that_are_far_away_are_forgotten_and_painted_again(
    qtbot: QtBot, preview: PdfPreview
) -> None:
    seen: set[int] = set()
    for _ in range(4 * PAGES):
        qtbot.keyClick(preview.area, Qt.Key.Key_PageDown)
        seen |= set(painted(preview))
        assert len(painted(preview)) <= 2 * KEPT_PAGES + 5
    assert seen == set(range(PAGES)), "each was painted on the way"
    assert 0 not in painted(preview)
    qtbot.keyClick(preview.area, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: 0 in painted(preview))
