"""Export, configuration, backup, checks and the log, from the menu to the file and back."""

from __future__ import annotations

import csv
import json
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.domain.errors import InvalidInputError
from app.services import browsing, drafts, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.logs import LOG_NAME
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs, JobRunner
from app.ui.keeping.drafts_dialog import DraftsDialog
from app.ui.keeping.long_run import LongRun
from app.ui.main_window import MainWindow
from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
from app.ui.report.export_dialog import ExportPdfDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["vpn drops", "printer jams", "=1+1 as a summary"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.queue.total() == 3)
    return window


@pytest.fixture
def said(window: MainWindow) -> list[str]:
    texts: list[str] = []
    window.bench.said.connect(lambda message: texts.append(message.text))
    return texts


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path | str], None]:
    """Let the system's file dialogs answer with a path and a kind of file."""

    def give(name: str, path: Path | str, kind: str = "") -> None:
        result: Any = str(path) if name == "getExistingDirectory" else (str(path), kind)
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_given: result))

    return give


def test_the_view_is_exported_as_it_is_filtered(
    window: MainWindow, said: list[str], answer: Any, tmp_path: Path
) -> None:
    window.queue.filter.setText("is:open vpn")
    answer("getSaveFileName", tmp_path / "view.csv")
    window.actions_.run("file.export_view")
    with (tmp_path / "view.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == ["vpn drops"]
    assert "exported" in said[-1]


def test_what_is_chosen_is_exported(
    qtbot: QtBot, window: MainWindow, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "chosen.json")
    qtbot.keyClick(window.queue.tree, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.queue.tick_current()
    window.actions_.run("file.export_chosen")
    told = json.loads((tmp_path / "chosen.json").read_text(encoding="utf-8"))
    assert {one["number"] for one in told["incidents"]} == {one.number for one in window.chosen()}
    assert told["incidents"]


def test_everything_is_exported_and_the_ending_of_the_kind_is_added(
    window: MainWindow, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "all", "Package with files (*.zip)")
    window.actions_.run("file.export_all")
    with zipfile.ZipFile(tmp_path / "all.zip") as package:
        document = next(name for name in package.namelist() if name.endswith(".json"))
        assert len(json.loads(package.read(document))["incidents"]) == 3


def test_an_export_that_cannot_be_written_says_why_and_stays_until_it_is_read(
    window: MainWindow, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "no such folder" / "all.csv")
    window.actions_.run("file.export_all")
    run = window.findChild(LongRun)
    assert run is not None
    assert run.isVisible()
    assert "no such folder" in run.words.text()
    run.reject()
    assert not run.isVisible()


def test_this_view_is_offered_as_pdf(window: MainWindow) -> None:
    assert not window.actions_["file.export_pdf"].reason
    window.actions_.run("file.export_pdf")
    dialog = window.findChild(ExportPdfDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.filter_text() == f"{window.queue.filter_text()} status:closed".strip()
    dialog.reject()


def test_a_stopped_choice_of_a_file_does_nothing(
    window: MainWindow, said: list[str], answer: Any
) -> None:
    answer("getSaveFileName", "")
    answer("getOpenFileName", "")
    for name in ("file.export_view", "file.backup", "file.restore", "file.configuration"):
        window.actions_.run(name)
    assert said == []


def test_a_configuration_is_taken_over_and_a_bad_one_changes_nothing(
    window: MainWindow, said: list[str], answer: Any, tmp_path: Path, desk: Desk
) -> None:
    good = tmp_path / "team.toml"
    good.write_text('[[team]]\nname = "Field service"\n', encoding="utf-8")
    answer("getOpenFileName", good)
    window.actions_.run("file.configuration")
    assert browsing.names(desk, "team", "field")[0].name == "Field service"
    bad = tmp_path / "bad.toml"
    bad.write_text('[[team]]\nname = "Other"\n[[target]]\npriority = "P9"\n', encoding="utf-8")
    answer("getOpenFileName", bad)
    window.actions_.run("file.configuration")
    assert "P9" in said[-1]
    assert browsing.names(desk, "team", "other") == []


def test_a_backup_is_restored_into_a_folder_of_its_own(
    window: MainWindow,
    said: list[str],
    answer: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        QProcess, "startDetached", staticmethod(lambda _program, words: started.append(words))
    )
    answer("getSaveFileName", tmp_path / "kept.zip")
    window.actions_.run("file.backup")
    assert said[-1].startswith("Backed up and proven")
    (tmp_path / "second").mkdir()
    answer("getOpenFileName", tmp_path / "kept.zip")
    answer("getExistingDirectory", tmp_path / "second")
    window.actions_.run("file.restore")
    assert started == [["-m", "app", "--profile", str(tmp_path / "second")]]
    restored = open_desk(Profile(tmp_path / "second"), CLOCK, person="Ana Ruiz")
    assert browsing.counts(restored, [""]) == [3]
    restored.close()


def test_a_restore_over_data_is_refused_in_words(
    window: MainWindow, answer: Any, tmp_path: Path
) -> None:
    answer("getSaveFileName", tmp_path / "kept.zip")
    window.actions_.run("file.backup")
    answer("getOpenFileName", tmp_path / "kept.zip")
    answer("getExistingDirectory", tmp_path / "profile")
    window.actions_.run("file.restore")
    refused = [run for run in window.findChildren(LongRun) if run.words.text()]
    assert "There is a database in" in refused[0].words.text()
    refused[0].reject()


def test_sound_data_are_called_sound_and_the_journal_is_handed_out(
    window: MainWindow, said: list[str], answer: Any, tmp_path: Path
) -> None:
    window.actions_.run("tools.check")
    assert said[-1] == "The database and its journal are sound"
    answer("getSaveFileName", tmp_path / "journal.jsonl")
    window.actions_.run("tools.journal")
    lines = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 3
    assert "every chain whole" in said[-1]


def test_the_report_about_the_program_names_nobody(
    window: MainWindow, said: list[str], desk: Desk
) -> None:
    desk.profile.logs.mkdir(parents=True, exist_ok=True)
    (desk.profile.logs / LOG_NAME).write_text(
        f"mail from ana@example.org at {Path.home()}\n", encoding="utf-8"
    )
    window.actions_.run("help.report")
    text = QGuiApplication.clipboard().text()
    assert "SQLite: 3." in text
    assert "ana@example.org" not in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"
    assert "vpn drops" not in text
    assert said[-1].startswith("Copied")


def test_the_program_tells_what_it_stands_on(window: MainWindow) -> None:
    window.actions_.run("help.about")
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "SQLite: 3." in box.informativeText()
    box.reject()


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_is_gone_on_with(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    drafts.save(desk, "one", "new_incident", {"title": "scanner is dead"})
    drafts.save(desk, "other", "note", {"text": "not listed"})
    window.actions_.run("file.drafts")
    dialog = window.findChild(DraftsDialog)
    assert dialog is not None
    assert dialog.list.count() == 1
    qtbot.keyClick(dialog.list, Key.Key_Return)
    form = window.findChild(NewIncidentDialog)
    assert form is not None
    assert form.form.title.text() == "scanner is dead"
    form.reject()


def test_a_draft_that_was_thrown_away_is_brought_back(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    drafts.save(desk, "one", "new_incident", {"title": "scanner is dead"})
    window.actions_.run("file.drafts")
    dialog = window.findChild(DraftsDialog)
    assert dialog is not None
    qtbot.keyClick(dialog.list, Key.Key_Delete)
    assert drafts.all(desk, "new_incident") == []
    assert dialog.nothing.isVisible()
    dialog.bring_back.click()
    assert [draft.key for draft in drafts.all(desk, "new_incident")] == ["one"]
    dialog.reject()


def test_undo_of_a_kept_draft_opens_it_again(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_.run("file.new")
    form = window.findChild(NewIncidentDialog)
    assert form is not None
    qtbot.keyClicks(form.form.title, "scanner is dead")
    qtbot.keyClick(form.form.title, Key.Key_Escape)
    assert window.toast.text.text() == "Draft kept"
    qtbot.mouseClick(window.toast.undo, Qt.MouseButton.LeftButton)
    again = [each for each in window.findChildren(NewIncidentDialog) if each.isVisible()]
    assert [each.form.title.text() for each in again] == ["scanner is dead"]
    again[0].reject()


# --- a long run ----------------------------------------------------------------------------------


def test_a_long_run_shows_itself_and_stops_when_it_is_asked_to(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    runner = JobRunner(lambda: open_desk(Profile(tmp_path / "own"), CLOCK, person="Ana Ruiz"))
    bench = Workbench(runner, ChangeBus(), theme)
    begun = threading.Event()

    def work(_desk: Desk, run: LongRun) -> None:
        begun.set()
        run.tell(1, 4)
        while not run.is_stopped():
            threading.Event().wait(0.01)
        raise InvalidInputError("It was stopped; nothing was written.")

    run = LongRun(bench, "Exporting", work)
    refusals: list[str] = []
    run.refused.connect(refusals.append)
    run.start()
    qtbot.waitUntil(run.isVisible)
    qtbot.waitUntil(lambda: run.bar.value() == 250)
    qtbot.keyClick(run, Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(refusals))
    assert refusals == ["It was stopped; nothing was written."]
    runner.shutdown(5)


def test_a_run_that_ends_at_once_shows_nothing(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    run = LongRun(bench, "Checking", lambda _desk, _run: 7)
    answers: list[object] = []
    run.finished_with.connect(answers.append)
    run.start()
    assert answers == [7]
    assert not run.isVisible()
