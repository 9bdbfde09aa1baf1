"""The import dialog over a real profile: looked at, tried, imported, stopped, rejects saved."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from app.services import browsing, importing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.importing import import_plan
from app.ui.importing.import_dialog import ImportDialog
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.widgets.text_table import TextTable
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier
HEADER = "number,title,status,priority,requester,registered_at\n"


def rows(count: int) -> str:
    return "".join(
        f"T-{n},Printer {n} is down,resolved,P{n % 4 + 1},Caller {n % 7},"
        f"2026-01-{n % 27 + 1:02} 08:00\n"
        for n in range(1, count + 1)
    )


def opened(folder: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(folder), clock, person="Ana Ruiz")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path / "profile")


@pytest.fixture
def bench(desk: Desk, theme: Theme) -> Workbench:
    return Workbench(InlineJobs(desk), ChangeBus(), theme)


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[Workbench], ImportDialog]:
    def made(bench: Workbench) -> ImportDialog:
        dialog = ImportDialog(bench)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.choose.hasFocus)
        return dialog

    return made


@pytest.fixture
def dialog(bench: Workbench, show: Callable[[Workbench], ImportDialog]) -> ImportDialog:
    return show(bench)


@pytest.fixture
def threaded(theme: Theme, tmp_path: Path) -> Iterator[Workbench]:
    opened(tmp_path / "profile").close()
    runner = JobRunner(lambda: opened(tmp_path / "profile"))
    yield Workbench(runner, ChangeBus(), theme)
    assert runner.shutdown()


def written(tmp_path: Path, text: str, name: str = "tickets.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def type_path(qtbot: QtBot, dialog: ImportDialog, path: str) -> None:
    dialog.path.setFocus()
    dialog.path.selectAll()
    qtbot.keyClicks(dialog.path, path)
    qtbot.keyClick(dialog.path, Qt.Key.Key_Return)


def focused() -> QWidget:
    found = QGuiApplication.focusObject()
    assert isinstance(found, QWidget)
    return found


def pick(qtbot: QtBot, dialog: ImportDialog, column: str, field: str) -> None:
    """Choose a field for a column with the keys of its list."""
    box = dialog.columns.box_of(column)
    place = box.findData(field)
    assert place >= 0
    box.setFocus()
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(place, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_file_is_shown_as_it_would_be_read(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    type_path(qtbot, dialog, written(tmp_path, (HEADER + rows(30)).replace(",", ";")))

    assert "semicolon-separated" in dialog.facts.text()
    assert "UTF-8" in dialog.facts.text()
    assert dialog.columns.box_of("title").currentData() == "title"
    assert dialog.columns.box_of("requester").currentData() == "requester"
    assert dialog.first_rows.rowCount() == 20
    second = dialog.first_rows.index(1, 1)
    assert dialog.first_rows.data(second) == "Printer 2 is down"


def test_a_dry_run_counts_and_names_the_rejected_lines_and_writes_nothing(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, tmp_path: Path
) -> None:
    text = HEADER + rows(4) + "T-9,Odd,resolved,P2,Nina,not a date\n"
    type_path(qtbot, dialog, written(tmp_path, text))
    dialog.try_.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Space)

    assert browsing.counts(desk, [""]) == [0]
    assert dialog.said.text().startswith("4 incidents would be created")
    assert dialog.tabs.currentIndex() == 3
    assert dialog.rejects.rowCount() == 1
    assert dialog.rejects.data(dialog.rejects.index(0, 0)) == "6"
    assert "not a date" in dialog.rejects.data(dialog.rejects.index(0, 1))
    assert dialog.import_.text() == "&Import 4"
    assert focused() is dialog.import_


def test_ctrl_enter_imports_publishes_and_a_second_run_adds_nothing(
    qtbot: QtBot, dialog: ImportDialog, bench: Workbench, desk: Desk, tmp_path: Path
) -> None:
    changes: list[object] = []
    said: list[tuple[str, bool]] = []
    bench.bus.incidents_changed.connect(changes.append)
    bench.said.connect(lambda message: said.append((message.text, message.undo)))
    type_path(qtbot, dialog, written(tmp_path, HEADER + rows(5)))
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)

    assert browsing.counts(desk, [""]) == [5]
    assert browsing.incident(desk, "T-2").title == "Printer 2 is down"
    assert len(changes) == 1
    assert said == [("5 incidents were created, 0 updated, 0 unchanged.", True)]
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert "5 unchanged" in dialog.said.text()
    assert (browsing.counts(desk, [""]), len(changes)) == ([5], 1)


def test_columns_can_be_placed_by_hand_where_nothing_fits(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, tmp_path: Path
) -> None:
    path = written(tmp_path, "aa,bb,cc\nx1,Mouse broken,Bo\nx2,Screen dark,Cy\n")
    type_path(qtbot, dialog, path)
    pick(qtbot, dialog, "bb", "title")
    pick(qtbot, dialog, "cc", "requester")
    pick(qtbot, dialog, "aa", "external_id")
    assert dialog.columns.box_of("bb").currentData() == "title"
    qtbot.keyClick(dialog.columns.box_of("bb"), Qt.Key.Key_Return, CTRL)

    assert dialog.said.text().startswith("2 incidents were created")
    made = browsing.incident(desk, "INC-000001")
    assert (made.title, str(made.requester), made.external_id) == ("Mouse broken", "Bo", "x1")


def test_a_column_that_takes_a_field_frees_it_from_the_one_before(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    type_path(qtbot, dialog, written(tmp_path, "number,title,note\n1,Wrong,Right\n"))
    pick(qtbot, dialog, "note", "title")
    targets = [dialog.columns.box(row).currentData() for row in range(3)]
    assert targets.count("title") == 1
    assert dialog.columns.box_of("note").currentData() == "title"
    assert dialog.columns.box_of("title").currentData() == "custom"


def test_a_wrong_guess_of_separator_and_encoding_can_be_corrected(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("title|requester\nDrucker defekt|J\u00f6rg\n".encode("cp437"))
    type_path(qtbot, dialog, str(path))
    for box, value in ((dialog.reading.encoding, "cp437"), (dialog.reading.delimiter, "|")):
        box.setFocus()
        while box.currentData() != value:
            before = box.currentIndex()
            qtbot.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() > before
    assert "CP437" in dialog.facts.text()
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert str(browsing.incident(desk, "1").requester) == "J\u00f6rg"


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "empty"), (None, "no file"), (b"\x00\x01\x02" * 500, "")]
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "odd.csv"
    if content is not None:
        path.write_bytes(content)
    type_path(qtbot, dialog, str(path))
    assert dialog.problem.isVisible()
    assert sentence in dialog.problem.text()
    assert dialog.problem.text().endswith(".")
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert dialog.result_ is None


def test_a_dropped_file_is_looked_at(dialog: ImportDialog, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + rows(2))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path)])
    at, copy = QPoint(50, 50), Qt.DropAction.CopyAction
    button, bare = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, copy, mime, button, bare)
    QGuiApplication.sendEvent(dialog, enter)
    assert enter.isAccepted()
    QGuiApplication.sendEvent(dialog, QDropEvent(QPointF(at), copy, mime, button, bare))
    assert Path(dialog.path.text()) == Path(path)
    assert dialog.columns.rowCount() == 6


def test_rejected_rows_are_saved_with_their_cells(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    text = HEADER + rows(2) + "T-9,=cmd(),resolved,P2,Nina,not a date\nT-10,too,short\n"
    type_path(qtbot, dialog, written(tmp_path, text))
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert dialog.save.isVisible()
    target = tmp_path / "rejected.csv"
    dialog.save_rejects(str(target))

    with target.open(encoding="utf-8-sig", newline="") as file:
        saved = list(csv.DictReader(file))
    assert [row["line"] for row in saved] == ["4", "5"]
    assert "not a date" in saved[0]["reason"]
    assert saved[0]["title"] == "'=cmd()"
    assert saved[0]["requester"] == "Nina"


def test_the_window_lives_while_a_file_is_imported_and_shows_how_far_it_is(
    qtbot: QtBot, threaded: Workbench, show: Callable[[Workbench], ImportDialog], tmp_path: Path
) -> None:
    dialog = show(threaded)
    type_path(qtbot, dialog, written(tmp_path, HEADER + rows(3000)))
    qtbot.waitUntil(lambda: dialog.columns.rowCount() == 6)
    told: list[int] = []
    dialog.progress.valueChanged.connect(told.append)
    beats: list[bool] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(dialog.progress.isVisible()))
    timer.start(5)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert dialog.progress.isVisible()
    qtbot.waitUntil(lambda: dialog.result_ is not None, timeout=60_000)
    timer.stop()

    assert dialog.result_ is not None
    assert dialog.result_.created == 3000
    assert sum(beats) > 5
    assert told == sorted(told)
    assert len(set(told)) > 3
    assert not dialog.progress.isVisible()


def test_escape_stops_an_import_and_what_was_in_stays_in(
    qtbot: QtBot, threaded: Workbench, show: Callable[[Workbench], ImportDialog], tmp_path: Path
) -> None:
    dialog = show(threaded)
    type_path(qtbot, dialog, written(tmp_path, HEADER + rows(20_000)))
    qtbot.waitUntil(lambda: dialog.columns.rowCount() == 6)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: dialog.progress.value() > 0, timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.result_ is not None, timeout=60_000)

    result = dialog.result_
    assert result is not None
    assert result.cancelled
    assert result.created < 20_000
    assert "was stopped" in dialog.said.text()
    desk = opened(tmp_path / "profile")
    assert browsing.counts(desk, [""]) == [result.created]
    desk.close()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_second_escape_closes_and_what_was_written_is_still_published(
    qtbot: QtBot, threaded: Workbench, show: Callable[[Workbench], ImportDialog], tmp_path: Path
) -> None:
    published: list[object] = []
    threaded.bus.incidents_changed.connect(published.append)
    dialog = show(threaded)
    type_path(qtbot, dialog, written(tmp_path, HEADER + rows(20_000)))
    qtbot.waitUntil(lambda: dialog.columns.rowCount() == 6)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: dialog.progress.value() > 600, timeout=60_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.result_ is not None, timeout=60_000)
    assert dialog.result_ is not None
    assert bool(published) == bool(dialog.result_.created)


def test_a_dialog_that_a_window_opened_is_gone_when_it_is_closed(
    qtbot: QtBot, bench: Workbench
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = ImportDialog(bench, parent=window)
    dialog.open()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_a_hand_placed_column_keeps_the_key_space_of_its_mapping(
    desk: Desk, tmp_path: Path
) -> None:
    path = written(tmp_path, "number,title,note\nT-1,One,Extra\n")
    importing.import_file(desk, path)
    choice = import_plan.Choice(path, "generic", (("note", "description"),))
    again = import_plan.run(
        desk, choice, dry_run=False, progress=lambda _done, _total: None, cancelled=lambda: False
    )
    assert (again.created, again.updated) == (0, 1)
    assert browsing.incident(desk, "T-1").description == "Extra"


def test_the_model_of_texts_is_sound(qtbot: QtBot) -> None:
    model = TextTable()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows(("a", "b"), [("1", "2"), ("3",)])
    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert model.data(model.index(1, 1)) == ""
    model.show_rows((), ())
    assert model.rowCount() == 0


def test_it_fits_the_smallest_window_and_names_what_can_have_the_focus(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    type_path(qtbot, dialog, written(tmp_path, HEADER + rows(9)))
    hint = dialog.minimumSizeHint()
    assert hint.width() <= 800
    assert hint.height() <= 520
    nameless = [
        each
        for each in dialog.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert nameless == []
