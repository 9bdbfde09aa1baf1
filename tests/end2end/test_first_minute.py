"""A newcomer on a new computer: two Enters, a sentence, Enter; within a minute (ux.md 7 and 12)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from app.services import browsing
from app.services.desk import open_desk
from app.system import account
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.end2end.conftest import ROOT, Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real_window
SENTENCE = "printer on floor 2 prints blank pages"
LIMIT_S = 60.0


@pytest.fixture
def newcomer(display: str, tmp_path: Path) -> Iterator[Program]:
    """Start the program on a profile that was never used, with nobody named."""
    environment = {
        **os.environ,
        "DISPLAY": display,
        "INCIDENT_DESK_EVENTS": "1",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "0",
    }
    profile = tmp_path / "profile"
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--profile", str(profile)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    running = Program(process, environment, profile)
    reader = threading.Thread(target=running.read, daemon=True)
    reader.start()
    yield running
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
    reader.join(10)
    assert process.stdout is not None
    process.stdout.close()


def to_front(program: Program) -> None:
    """Bring the window to the front, as a window manager of a desktop does by itself."""
    found = program.xdotool("search", "--sync", "--onlyvisible", "--name", "^Incident Desk$")
    program.xdotool("windowactivate", "--sync", found.split()[-1])


def test_two_enters_and_a_sentence(newcomer: Program, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    newcomer.wait_for("welcome_shown", page="store")
    to_front(newcomer)
    newcomer.key("Return")
    newcomer.wait_for("welcome_shown", page="name")
    newcomer.key("Return")
    newcomer.wait_for("list_shown")
    to_front(newcomer)
    newcomer.type(SENTENCE)
    newcomer.key("Return")
    newcomer.wait_for("changed", kinds=["incident"])
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\nfirst minute: {took:.1f} s, limit {LIMIT_S:.0f} s\n")
    desk = open_desk(Profile(newcomer.profile), SystemClock(), login="somebody else")
    (row,) = browsing.rows(desk, browsing.ids_in(desk, ""))
    assert row.title == SENTENCE
    assert desk.person.name == account.full_name()
    assert took <= LIMIT_S, f"the first minute took {took:.1f} s"


def test_who_leaves_at_the_first_question_leaves_nothing_behind(newcomer: Program) -> None:
    newcomer.wait_for("welcome_shown", page="store")
    to_front(newcomer)
    newcomer.key("alt+F4")
    assert newcomer.process.wait(20) == 0
    assert not newcomer.profile.exists()
