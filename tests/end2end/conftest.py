"""A real screen: Xvfb with a window manager, keys by xdotool, facts by the program's JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool")
WAIT_S = 20.0


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a screen of 1440 x 900 with openbox on it; skip where a program is missing."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip("a real window needs " + ", ".join(missing))
    log = (tmp_path_factory.mktemp("screen") / "log.txt").open("wb")
    read_end, write_end = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=log,
        stderr=log,
    )
    os.close(write_end)
    with os.fdopen(read_end) as number:
        name = ":" + number.readline().strip()
    environment = {**os.environ, "DISPLAY": name}
    manager = subprocess.Popen(["openbox"], env=environment, stdout=log, stderr=log)
    yield name
    for process in (manager, screen):
        process.terminate()
        process.wait(10)
    log.close()


@dataclass
class Program:
    """The running program and the lines that it has printed."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    profile: Path
    wait_s: float = WAIT_S
    seen: list[dict[str, Any]] = field(default_factory=list)
    _lines: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    def read(self) -> None:
        """Collect the program's lines; runs in its own thread."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    self._lines.put(json.loads(line))

    def wait_for(self, event: str, **facts: object) -> dict[str, Any]:
        """Wait for an event with these facts and return it."""
        until = time.monotonic() + self.wait_s
        while True:
            left = until - time.monotonic()
            try:
                line = self._lines.get(timeout=max(left, 0.01))
            except queue.Empty:
                pytest.fail(f"no {event} {facts} in {self.wait_s} s; seen: {self.seen[-12:]}")
            self.seen.append(line)
            if line["event"] == event and facts.items() <= line.items():
                return line

    def xdotool(self, *words: str) -> str:
        """Run xdotool on the program's screen."""
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.stdout.strip()

    def to_front(self) -> None:
        """Bring the window to the front, as a desktop does with a new one by itself."""
        self.xdotool("windowactivate", "--sync", self.window())

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.xdotool("key", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        """Type a line."""
        self.xdotool("type", "--delay", "15", text)

    def window(self) -> str:
        """Return the number that the screen gives the main window, once it is shown."""
        found = self.xdotool(
            "search", "--sync", "--onlyvisible", "--all", "--pid", str(self.process.pid),
            "--name", "^Incident Desk$",
        )  # fmt: skip
        return found.split()[0]

    def end(self) -> None:
        """Ask it to end, and see to it that it does."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def launch(
    display: str, profile: Path, *words: str, wait_s: float = WAIT_S, **more: str
) -> Program:
    """Start the program on a profile; named words are for its environment."""
    environment = {
        **os.environ,
        "DISPLAY": display,
        "INCIDENT_DESK_EVENTS": "1",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "0",
        **more,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--profile", str(profile), *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    started = Program(process, environment, profile, wait_s)
    threading.Thread(target=started.read, daemon=True).start()
    return started


def run_program(
    display: str, profile: Path, person: str, *, wait_s: float = WAIT_S, **more: str
) -> Program:
    """Start the program on a profile, and wait until its list stands."""
    started = launch(display, profile, "--as", person, wait_s=wait_s, **more)
    started.wait_for("list_shown")
    started.to_front()
    return started


@contextlib.contextmanager
def running(display: str, profile: Path, *words: str) -> Iterator[Program]:
    """Start the program on a profile, and end it afterwards."""
    started = launch(display, profile, *words)
    try:
        yield started
    finally:
        started.end()


@pytest.fixture
def start(display: str, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Give what starts the program for a person on a profile, and ends it afterwards.

    More words are for its environment.
    """
    started: list[Program] = []

    def begin(name: str, person: str, wait_s: float = WAIT_S, **more: str) -> Program:
        started.append(run_program(display, tmp_path / name, person, wait_s=wait_s, **more))
        return started[-1]

    yield begin
    for one in started:
        one.end()


@pytest.fixture
def program(start: Callable[..., Program]) -> Program:
    """Give the program on a fresh profile."""
    return start("profile", "Ana Ruiz")
