"""A second start on a real screen: the first window comes to the front with what was asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Program

pytestmark = pytest.mark.real_window


def again(program: Program, *words: str) -> subprocess.CompletedProcess[str]:
    """Start the program a second time on the same profile, and wait until it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(program.profile), *words],
        env=program.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def in_front(program: Program) -> bool:
    """Tell whether the window of a program gets the keys, within five seconds."""
    wanted = program.window()
    for _ in range(50):
        if program.xdotool("getactivewindow") == wanted:
            return True
        time.sleep(0.1)
    return False


def test_a_second_start_brings_the_first_to_the_front_at_an_incident(
    start: Callable[[str, str], Program],
) -> None:
    ana = start("ana", "Ana Ruiz")
    for title in ("printer down", "disk full"):
        assert again(ana, "log", title).returncode == 0, "the command line works beside the window"
    ana.wait_for("list_shown", total=2)
    jon = start("jon", "Jon")
    assert in_front(jon), "another window lies above the first"

    second = again(ana, "INC-000002")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    ana.wait_for("raised", number="INC-000002")
    ana.wait_for("incident_shown", number="INC-000002")
    assert in_front(ana)
    assert ana.process.poll() is None

    ana.xdotool("windowminimize", "--sync", ana.window())
    assert again(ana, "incident-desk:INC-000001").returncode == 0
    ana.wait_for("incident_shown", number="INC-000001")
    assert in_front(ana)


def test_a_first_window_that_was_killed_does_not_block(
    start: Callable[[str, str], Program],
) -> None:
    first = start("ana", "Ana Ruiz")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait(10)
    assert (first.profile / "window.lock").exists()
    second = start("ana", "Ana Ruiz")
    assert again(second).returncode == 0
    second.wait_for("raised", number="")


def test_a_start_at_an_incident_shows_it(start: Callable[[str, str], Program]) -> None:
    first = start("ana", "Ana Ruiz")
    assert again(first, "log", "printer down").returncode == 0
    assert again(first, "log", "disk full").returncode == 0
    first.end()
    own = {**first.environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--profile", str(first.profile), "INC-000002"],
        env=own,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        shown = []
        for line in process.stdout:
            if '"incident_shown"' in line:
                shown.append(line)
            if "INC-000002" in line:
                break
        assert shown, "no incident was shown"
        assert "INC-000002" in shown[-1]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
