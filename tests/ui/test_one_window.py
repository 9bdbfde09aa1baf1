"""One window a profile: the second start shows the first; a dead one keeps nobody out."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.faults import MachineError
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.importing.import_dialog import ImportDialog
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.one_window import Door, Seat, address, read_message

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

CLOCK = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
HOLDER = """
import sys, time
from pathlib import Path
from app.ui.one_window import Seat
seat = Seat(Path(sys.argv[1]))
print(seat.take(), flush=True)
time.sleep(60)
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    """Start a process that has the place and answers nobody."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    process.stdout.close()
    return process


def test_a_second_seat_is_refused_until_the_first_leaves(tmp_path: Path) -> None:
    first, second = Seat(tmp_path / "window.lock"), Seat(tmp_path / "window.lock")
    assert first.take()
    assert not second.take()
    first.leave()
    assert second.take()
    second.leave()


def test_a_window_that_does_not_answer_is_said_with_its_process(tmp_path: Path) -> None:
    lock = tmp_path / "window.lock"
    process = holder(lock)
    try:
        with pytest.raises(MachineError) as caught:
            Seat(lock).take_or_hand_over("", answer_s=0.3)
        assert caught.value.message == (
            "Incident Desk is open on this profile already and does not answer "
            f"(process {process.pid}). Close that window, or end its process, and start again."
        )
    finally:
        process.kill()
        process.wait()


def test_a_window_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    lock = tmp_path / "window.lock"
    process = holder(lock)
    process.kill()
    process.wait()
    assert lock.exists(), "the dead one left its file, else this proves nothing"
    seat = Seat(lock)
    assert seat.take()
    seat.leave()


def test_a_lock_of_a_number_that_another_process_has_now_keeps_nobody_out(tmp_path: Path) -> None:
    lock = tmp_path / "window.lock"
    process = holder(lock)
    content = lock.read_text().replace(str(process.pid), str(_other_process()), 1)
    process.kill()
    process.wait()
    lock.write_text(content)
    seat = Seat(lock)
    assert seat.take()
    seat.leave()


def _other_process() -> int:
    """Return the number of a living process of the same name."""
    import os

    return os.getpid()


def test_where_no_lock_can_be_made_the_window_opens(tmp_path: Path) -> None:
    assert Seat(tmp_path / "missing" / "window.lock").take()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, theme: Theme) -> MainWindow:
    desk = open_desk(Profile(tmp_path / "profile"), CLOCK, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams", "disk full"])
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_knock_brings_the_window_back_and_shows_the_incident(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    door = Door(window, tmp_path / "window.lock")
    assert door.open
    window.setWindowState(Qt.WindowState.WindowMinimized)
    with qtbot.waitSignal(window.raised):
        socket = QLocalSocket()
        socket.connectToServer(address(tmp_path / "window.lock"))
        assert socket.waitForConnected(2_000)
        socket.write(b'{"open": "INC-000002"}\n')
    qtbot.waitUntil(lambda: bytes(socket.readAll().data()) == b"shown\n")
    assert not window.isMinimized()
    assert window.pages.front.incident is not None
    assert window.pages.front.incident.number == "INC-000002"


def test_an_unknown_number_is_said(window: MainWindow, tmp_path: Path) -> None:
    Door(window, tmp_path / "window.lock").answer("INC-9999")
    assert window.toast.text.text() == "There is no incident INC-9999 here."


def test_a_package_of_incidents_is_looked_at_as_an_import(
    window: MainWindow, tmp_path: Path
) -> None:
    package = tmp_path / "Team.incidents"
    package.write_bytes(b"no package")
    Door(window, tmp_path / "window.lock").answer(str(package))
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.path.text() == str(package)
    dialog.close()


@pytest.mark.parametrize(
    "line", [b"", b"\xff\n", b"[]\n", b'{"open": 7}\n', b"{}\n", b"[" * 2_000 + b"\n"]
)
def test_what_is_no_message_is_none(line: bytes) -> None:
    assert read_message(line) is None


def test_a_stranger_who_says_nonsense_changes_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    Door(window, tmp_path / "window.lock")
    heard: list[str] = []
    window.raised.connect(heard.append)
    for line in (b"nonsense\n", b"x" * 10_000):
        socket = QLocalSocket()
        socket.connectToServer(address(tmp_path / "window.lock"))
        assert socket.waitForConnected(2_000)
        socket.write(line)
        qtbot.waitUntil(
            lambda s=socket: s.state() is QLocalSocket.LocalSocketState.UnconnectedState
        )
    assert heard == []


def test_the_address_of_a_long_path_is_a_name(tmp_path: Path) -> None:
    assert address(tmp_path / "window.lock") == str(tmp_path / "window.socket")
    long = tmp_path / ("x" * 120) / "window.lock"
    assert address(long).startswith("incident-desk-")
    assert address(long) != address(long.with_name("other.lock"))
