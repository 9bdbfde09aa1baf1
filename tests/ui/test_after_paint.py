"""What a window makes after its first paint: nothing is missing when somebody is quicker."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from app.services import browsing, quick_logging
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
from app.ui import after_paint
from app.ui.after_paint import AfterPaint
from app.ui.application import FirstLook
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

Key = Qt.Key
LATE_MODULES = frozenset(
    {
        "app.domain.incident_record",
        "app.storage.migrations_runner",
        "app.storage.search",
        "app.ui.actions",
        "app.ui.detail.detail_panel",
        "app.ui.incidents.bulk_bar",
        "app.ui.incidents.column_chooser",
        "app.ui.menus",
        "app.ui.page.page_switch",
        "app.ui.tidying",
        "app.ui.toast",
        "app.ui.warm_up",
        "app.ui.window_commands",
        "difflib",
        "hashlib",
        "peewee",
        "plistlib",
        "reportlab",
        "tzlocal",
    }
)
UNTIL_PAINTED = """
import sys
from pathlib import Path
from app.bootstrap import desk_opener
from app.system.paths import Profile
from app.ui.application import FirstLook, _application
from app.ui.application import FirstLook
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.main_window import MainWindow
from app.ui.theme import install
application = _application()
jobs = JobRunner(desk_opener(Profile(Path(sys.argv[1])), person="Ana Ruiz"))
window = MainWindow(jobs, ChangeBus(), install(), FirstLook(jobs).values())
def on_painted():
    print(*sys.modules, *(f"made:{name}" for name in vars(window)), flush=True)
    application.quit()
window.queue.tree.first_painted.connect(on_painted)
window.show()
application.exec()
jobs.shutdown()
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer down", "vpn down"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    return window


def test_a_shortcut_of_the_first_moment_is_not_lost(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitExposed(window)
    assert not window.has_made("actions_")
    qtbot.keyClick(window.quick, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.filter.hasFocus()


def test_a_letter_in_the_list_acts_in_the_first_moment(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    qtbot.waitExposed(window)
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_J)
    chosen = window.queue.current()
    assert chosen is not None
    qtbot.keyClick(window.queue.tree, Key.Key_I)
    assert browsing.incident(desk, chosen).assignee is not None


def test_a_line_typed_in_the_first_moment_is_logged(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    qtbot.waitExposed(window)
    qtbot.keyClicks(window.quick, "phone dead")
    qtbot.keyClick(window.quick, Key.Key_Return)
    assert browsing.incident(desk, "3").title == "phone dead"
    assert window.toast.isVisible()


def test_alt_alone_shows_the_menu_bar_in_the_first_moment(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitExposed(window)
    qtbot.keyClick(window.quick, Key.Key_Alt)
    assert window.menus.bar.isVisible()


def test_the_menu_button_works_in_the_first_moment(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitExposed(window)
    qtbot.mouseClick(window.sidebar.menu, Qt.MouseButton.LeftButton)
    assert window.has_made("menus")


def test_a_draft_that_comes_late_never_replaces_what_is_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    qtbot.keyClicks(window.quick, "p")
    qtbot.waitUntil(lambda: window.after_paint.is_done)
    assert window.quick.text() == "p"


def test_everything_is_made_a_moment_later(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.after_paint.is_done)
    parts = ("actions_", "menus", "toast", "watch", "detail")
    assert [part for part in parts if not window.has_made(part)] == []
    assert window.sidebar.person.text() == "Ana Ruiz"


def test_the_first_frame_names_the_person(qtbot: QtBot, theme: Theme, desk: Desk) -> None:
    jobs = InlineJobs(desk)
    window = MainWindow(jobs, ChangeBus(), theme, FirstLook(jobs).values())
    qtbot.addWidget(window)
    assert window.sidebar.person.text() == "Ana Ruiz"


def test_the_list_is_painted_before_the_rest_is_loaded(desk: Desk) -> None:
    desk.close()
    command = [sys.executable, "-c", UNTIL_PAINTED, str(desk.profile.directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "app.ui.incidents.queue_tree" in loaded
    assert loaded & LATE_MODULES == set()
    assert loaded & {"made:actions_", "made:menus", "made:detail", "made:toast"} == set()


def test_a_window_closed_in_the_first_moment_makes_nothing_more(
    qtbot: QtBot, window: MainWindow
) -> None:
    qtbot.waitExposed(window)
    window.close()
    qtbot.wait(100)
    assert not window.has_made("detail")
    assert not window.has_made("watch")


class Steps:
    """Notes the order in which steps ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def step(self, name: str) -> None:
        self.ran.append(name)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    host.field = QLineEdit(host)
    qtbot.addWidget(host)
    host.show()
    qtbot.waitExposed(host)
    return host


def test_steps_run_one_a_turn_those_for_keys_first(qtbot: QtBot, host: QWidget) -> None:
    after, seen = AfterPaint(host), Steps()
    after.add(lambda: seen.step("second"))
    after.add(lambda: seen.step("third"))
    after.add(lambda: QTimer.singleShot(0, lambda: seen.step("between")))
    after.add(lambda: seen.step("last"))
    after.add(lambda: seen.step("first"), before_keys=True)
    after.begin()
    after.begin()
    assert seen.ran == []
    qtbot.waitUntil(lambda: after.is_done and len(seen.ran) == 5)
    assert seen.ran == ["first", "second", "third", "between", "last"]


def test_the_first_key_waits_for_what_it_may_need_only(qtbot: QtBot, host: QWidget) -> None:
    after, seen = AfterPaint(host), Steps()
    after.add(lambda: seen.step("rest"))
    after.add(lambda: seen.step("keys"), before_keys=True)
    qtbot.keyClick(host, Key.Key_F5)
    assert seen.ran == ["keys"]
    qtbot.keyClick(host, Key.Key_F5)
    assert seen.ran == ["keys"]


def test_a_list_that_never_comes_holds_nothing_up(
    qtbot: QtBot, host: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_paint, "AT_LATEST_MS", 20)
    after, seen = AfterPaint(host), Steps()
    after.add(lambda: seen.step("rest"))
    qtbot.waitUntil(lambda: seen.ran == ["rest"])


def test_a_step_that_fails_holds_nothing_up(qtbot: QtBot, host: QWidget) -> None:
    after, seen = AfterPaint(host), Steps()
    after.add(lambda: [][1])
    after.add(lambda: seen.step("rest"))
    with qtbot.captureExceptions() as failures:
        after.begin()
        qtbot.waitUntil(lambda: seen.ran == ["rest"])
    assert [kind for kind, _error, _trace in failures] == [IndexError]


def test_a_step_that_comes_after_all_others_runs_too(qtbot: QtBot, host: QWidget) -> None:
    after, seen = AfterPaint(host), Steps()
    after.begin()
    qtbot.wait(80)
    after.add(lambda: seen.step("late"))
    qtbot.waitUntil(lambda: seen.ran == ["late"])


def test_the_keys_that_are_made_late_are_all_there(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.after_paint.is_done)
    keys = {key.toString() for action in window.actions() for key in action.shortcuts()}
    assert {QKeySequence("Ctrl+K").toString(), QKeySequence("Ctrl+N").toString()} <= keys
