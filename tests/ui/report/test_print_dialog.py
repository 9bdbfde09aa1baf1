"""Ctrl+P: the pages that are printed, how, on what; saved, looked at, and refused in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.reports.pages import page_count
from app.services import browsing, quick_logging, report_batch, reporting
from app.services.desk import Desk, open_desk
from app.system import printers
from app.system.clock import PinnedClock
from app.system.faults import MachineError
from app.system.paths import Profile
from app.system.printers import PrintOptions
from app.ui.change_bus import ChangeBus
from app.ui.incident_commands import Chosen
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.report import picture_print
from app.ui.report.page_list import PAGE_ROLE
from app.ui.report.print_dialog import PrintDialog
from app.ui.workbench import Workbench
from tests.printing import QUEUE, print_system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
Key = Qt.Key
Asked = list[tuple[bytes, str, str, PrintOptions]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina !2", "vpn drops", "mail is slow"])
    return desk


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Stand for a print system with two queues, one of which holds Letter."""
    told: Asked = []

    def take(path: Path, queue: str, title: str, options: PrintOptions) -> str:
        told.append((path.read_bytes(), queue, title, options))
        return f"{queue}-{len(told)}"

    monkeypatch.setattr(printers, "takes_pdf", lambda: True)
    monkeypatch.setattr(printers, "queues", lambda: ["Front", "Attic"])
    monkeypatch.setattr(
        printers, "usual_media", lambda queue: "letter" if queue == "Attic" else "a4"
    )
    monkeypatch.setattr(printers, "print_file", take)
    return told


@pytest.fixture
def opened(
    qtbot: QtBot, theme: Theme, desk: Desk, asked: Asked
) -> Callable[[str], tuple[PrintDialog, list[str]]]:
    """Give what opens the dialog on the incidents of a filter, and what is said meanwhile."""
    del asked

    def open_(text: str = "") -> tuple[PrintDialog, list[str]]:
        found = [browsing.incident(desk, uid) for uid in report_batch.chosen(desk, text)]
        rows = [Chosen(one.id, one.number, one.title, str(one.status)) for one in found]
        bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
        said: list[str] = []
        bench.said.connect(lambda message: said.append(message.text))
        dialog = PrintDialog(bench, rows)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        dialog.bench = bench  # type: ignore[attr-defined]
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.waitUntil(lambda: dialog.view.area.count() > 0)
        return dialog, said

    return open_


def choose(box: Any, data: object) -> None:
    box.setCurrentIndex(box.findData(data))


def test_enter_prints_every_ticked_report_as_its_own_job(
    qtbot: QtBot, opened: Callable[..., Any], asked: Asked, desk: Desk
) -> None:
    dialog, said = opened()
    dialog.choices.incidents.item(1).setCheckState(Qt.CheckState.Unchecked)
    choose(dialog.choices.sides, "two-sided-long-edge")
    qtbot.keyClick(dialog.view.area, Key.Key_Return)
    assert [(queue, title) for _, queue, title, _ in asked] == [
        ("Front", "INC-000001"),
        ("Front", "INC-000003"),
    ]
    for report, _, title, options in asked:
        assert report == reporting.report_bytes(desk, title, paper="a4")
        assert options == PrintOptions("a4", "two-sided-long-edge", monochrome=False)
    assert said == ["2 reports sent to Front"]
    assert not dialog.isVisible()


def test_what_is_printed_and_saved_is_in_the_language_that_is_shown(
    qtbot: QtBot, opened: Callable[..., Any], asked: Asked, desk: Desk, tmp_path: Path
) -> None:
    dialog, _ = opened("number:1")
    choose(dialog.choices.language, "de")
    dialog.save_to(tmp_path / "one.pdf")
    qtbot.keyClick(dialog.view.area, Key.Key_Return)
    german = reporting.report_bytes(desk, "INC-000001", paper="a4", language="de")
    assert [report for report, *_ in asked] == [(tmp_path / "one.pdf").read_bytes()] == [german]


def test_pages_are_a_list_that_a_screen_reader_meets(
    qtbot: QtBot, opened: Callable[..., Any]
) -> None:
    dialog, _ = opened("number:1,2")
    area = dialog.view.area
    total = dialog.words.text().removeprefix("Pages: ")
    qtbot.waitUntil(lambda: str(area.count()) == total)
    names = [area.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(area.count())]
    assert names[0].startswith("INC-000001, page 1 of ")
    assert names[-1].startswith("INC-000002, page ")
    assert dialog.focusWidget() is area
    face = QAccessible.queryAccessibleInterface(area)
    assert face.text(QAccessible.Text.Name) == "Pages of the report"
    qtbot.keyClick(area, Key.Key_End)
    assert area.currentRow() == area.count() - 1
    for box in (dialog.choices.paper, dialog.choices.printer, dialog.choices.incidents):
        assert QAccessible.queryAccessibleInterface(box).text(QAccessible.Text.Name)


def test_zoom_paints_the_pages_anew(qtbot: QtBot, opened: Callable[..., Any]) -> None:
    dialog, _ = opened("number:1")
    area = dialog.view.area
    before = area.item(0).data(PAGE_ROLE).width()
    qtbot.keyClick(dialog, Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: area.count() > 0 and area.item(0).data(PAGE_ROLE).width() > before)
    assert dialog.view.zoom.text() == "125 %"
    dialog.view.smaller.click()
    qtbot.waitUntil(lambda: area.count() > 0 and area.item(0).data(PAGE_ROLE).width() == before)


def test_black_and_white_is_seen_and_asked_for(
    qtbot: QtBot, opened: Callable[..., Any], asked: Asked
) -> None:
    dialog, _ = opened("number:1")
    area = dialog.view.area

    def colourful() -> bool:
        picture = area.item(0).data(PAGE_ROLE).toImage()
        points = ((x, y) for x in range(0, picture.width(), 3) for y in range(0, 300, 3))
        colours = (picture.pixelColor(x, y) for x, y in points)
        return any(max(c.red(), c.blue()) - min(c.red(), c.blue()) > 40 for c in colours)

    assert colourful()
    choose(dialog.choices.colour, True)
    qtbot.waitUntil(lambda: area.count() > 0 and not colourful())
    dialog.print_.click()
    assert asked[0][3].monochrome


def test_another_sheet_in_the_printer_offers_a_report_on_it(
    qtbot: QtBot, opened: Callable[..., Any], asked: Asked
) -> None:
    dialog, _ = opened("number:1")
    choices = dialog.choices
    assert not choices.sheet.isVisible()
    choose(choices.printer, "Attic")
    assert choices.sheet.isVisible()
    assert "Attic holds Letter" in choices.sheet.text()
    choices.rebuild.click()
    assert choices.paper.currentData() == "letter"
    assert not choices.sheet.isVisible()
    dialog.print_.click()
    report, queue, _, options = asked[0]
    assert (queue, options.paper) == ("Attic", "letter")
    from app.reports.pages import page_sizes

    assert page_sizes(report)[0] == pytest.approx((612, 792))
    del qtbot


def test_ctrl_s_saves_one_report_or_all_in_one(
    qtbot: QtBot,
    opened: Callable[..., Any],
    tmp_path: Path,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "out.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(path), "")))
    dialog, _ = opened("number:1")
    qtbot.keyClick(dialog, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert path.read_bytes() == reporting.report_bytes(desk, "1", paper="a4")
    assert "out.pdf" in dialog.words.text()
    dialog, _ = opened()
    qtbot.keyClick(dialog, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    uids = report_batch.chosen(desk, "")
    assert path.read_bytes() == report_batch.bundle_bytes(desk, uids, paper="a4")


def test_the_viewer_of_the_system_is_always_offered(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def open_url(url: Any) -> bool:
        shown.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(open_url))
    dialog, _ = opened("number:1")
    dialog.look.click()
    from pathlib import Path

    [name] = shown
    assert name.endswith("INC-000001.pdf")
    assert page_count(Path(name).read_bytes())
    assert [dialog.choices.way.itemData(row) for row in range(2)] == ["pdf", "pictures"]


def test_no_printer_and_nothing_ticked_are_said(
    qtbot: QtBot, opened: Callable[..., Any], asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "queues", list)
    dialog, _ = opened("number:1")
    dialog.print_.click()
    assert "No printer is set up" in dialog.words.text()
    assert dialog.isVisible()
    dialog.choices.incidents.item(0).setCheckState(Qt.CheckState.Unchecked)
    dialog.print_.click()
    assert dialog.words.text() == "Tick an incident to print."
    assert not asked
    del qtbot


def test_a_refusal_leaves_the_dialog_for_another_printer(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> str:
        raise MachineError("Front did not take INC-000001: it is on fire.", code="not_printed")

    monkeypatch.setattr(printers, "print_file", refuse)
    dialog, _ = opened("number:1")
    dialog.print_.click()
    assert "on fire" in dialog.words.text()
    assert dialog.isVisible()


def test_a_printer_that_went_away_is_said(desk: Desk) -> None:
    report = reporting.report_bytes(desk, "1")
    with pytest.raises(MachineError, match="no printer"):
        picture_print.print_pictures(report, "none such", "INC-000001", PrintOptions())


@pytest.mark.real_printer
@pytest.mark.timeout(150)
def test_three_pages_arrive_both_ways(
    qtbot: QtBot, desk: Desk, theme: Theme, tmp_path: Path
) -> None:
    """Three pages of the right size, and the duplex flag (pdf.md 8, 18): CUPS with CUPS-PDF."""
    from app.services import incidents

    uid = browsing.find(desk, "1")
    for place in range(40):
        incidents.add_note(desk, [uid], f"Looked at it again, try {place}")
    row = Chosen(uid, "INC-000001", "printer jams", "new")
    profile = Profile(tmp_path / "profile")
    with print_system() as system:
        for count, (way, paper, points) in enumerate(
            (("pdf", "letter", (612, 792)), ("pictures", "a4", (595, 842))), 1
        ):
            # In its own threads, as in the program: Qt paints on the printer away from the window.
            runner = JobRunner(lambda: open_desk(profile, CLOCK, person="Ana Ruiz"))
            bench = Workbench(runner, ChangeBus(), theme)
            dialog = PrintDialog(bench, [row])
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
            qtbot.addWidget(dialog)
            dialog.show()
            choices = dialog.choices
            qtbot.waitUntil(lambda: choices.printer.currentData() == QUEUE, timeout=20_000)  # noqa: B023
            choose(choices.paper, paper)
            choose(choices.way, way)
            choose(choices.sides, "two-sided-long-edge")
            dialog.print_.click()
            qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=60_000)  # noqa: B023
            assert runner.shutdown()
            report = reporting.report_bytes(desk, uid, paper=paper)
            arrived = max(system.printed(count), key=lambda one: one.stat().st_mtime).read_bytes()
            from app.reports.pages import page_sizes

            sizes = page_sizes(arrived)
            assert len(sizes) == page_count(report) >= 3
            assert all(size == pytest.approx(points, abs=1.5) for size in sizes)
        asked = system.options()
        assert asked[0]["sides"] == "two-sided-long-edge"
        assert asked[0]["media"] == "Letter"
        assert asked[1]["media"] == "A4"


def test_every_report_of_many_can_be_looked_at(
    qtbot: QtBot, opened: Callable[..., Any], desk: Desk
) -> None:
    quick_logging.log_lines(desk, [f"printer {place} jams" for place in range(9)])
    dialog, _ = opened("")
    area = dialog.view.area
    assert dialog.words.text() == "Reports: 12; scroll on to see more. All are printed."
    assert area.item(area.count() - 1).data(PAGE_ROLE) is None

    def at_the_end() -> bool:
        qtbot.keyClick(area, Key.Key_End)
        return bool(dialog.words.text().startswith("Pages: "))

    qtbot.waitUntil(at_the_end, timeout=20_000)
    qtbot.waitUntil(
        lambda: at_the_end() and area.item(area.count() - 1).data(PAGE_ROLE) is not None
    )
    names = [area.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(area.count())]
    assert [name for name in names if "page 1 of" in name] == [
        f"INC-{number:06}, page 1 of {names[0].rpartition(' ')[2]}" for number in range(1, 13)
    ]
    assert dialog.words.text() == f"Pages: {len(names)}"
    assert area.item(area.count() - 1).data(PAGE_ROLE) is not None
