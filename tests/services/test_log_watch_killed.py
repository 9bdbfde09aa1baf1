"""kill -9 while a real process follows a log: every line is taken, none twice, over rotation."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.services.desk import Desk, open_desk
from app.storage import alert_rows, audit
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL; its kill is the same call"
)
LINES, KILLS, PATIENCE_S = 900, 6, 60.0


class Writer(threading.Thread):
    """Another program that writes its log all the time, sometimes half a line, and rotates it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._chance = random.Random(20260309)
        self.ended = False

    def run(self) -> None:
        for number in range(LINES):
            line = f"<2>1 - h p{number} - - - failed {number}\n".encode()
            half = self._chance.randrange(len(line))
            if number in (LINES // 3, 2 * LINES // 3):
                self._path.rename(self._path.with_name(f"app.log.{number}"))
            with self._path.open("ab", buffering=0) as opened:
                opened.write(line[:half])
                if self._chance.random() < 0.2:
                    time.sleep(0.01)
                opened.write(line[half:])
            time.sleep(0.004)
        self.ended = True


@contextmanager
def following(profile: Path, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Follow a log with `intake serve`; it is killed at the end, whatever it is doing."""
    words = ["-m", "app", "--profile", str(profile), "intake", "serve", "--log", str(log)]
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        assert '"listening"' in process.stdout.readline()
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        drain.join(60)
        process.stdout.close()


def missing(desk: Desk) -> list[int]:
    """Return the numbers of the lines that no alert tells of."""
    told = desk.connection.execute("SELECT title FROM alert").fetchall()
    seen = {int(str(title).partition(" ")[0][1:]) for (title,) in told if str(title)[0] == "p"}
    return sorted(set(range(LINES)) - seen)


def wait_for(desk: Desk, least: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while alert_rows.total(desk.connection) < least:
        assert time.monotonic() < deadline, f"missing of {least}: {missing(desk)}"
        time.sleep(0.002)


def test_a_log_that_is_followed_by_killed_processes_loses_no_line_and_doubles_none(
    tmp_path: Path,
) -> None:
    profile, log = Profile(tmp_path / "profile"), tmp_path / "app.log"
    desk = open_desk(profile, SystemClock(), person="Ana Ruiz")
    writer = Writer(log)
    kills_in_the_middle = 0
    begun = False
    for number in range(KILLS):
        with following(profile.directory, log):
            if not begun:
                writer.start()
                begun = True
            before = alert_rows.total(desk.connection)
            wait_for(desk, min(before + 1 + 13 * number, LINES))
        kills_in_the_middle += not writer.ended
    with following(profile.directory, log):
        writer.join(PATIENCE_S)
        wait_for(desk, LINES)
        time.sleep(1.0)  # what came twice would be counted by now

    rows = desk.connection.execute(
        "SELECT title, times FROM alert WHERE key <> ? ORDER BY title", (alert_rows.STORM_KEY,)
    ).fetchall()
    assert len(rows) == LINES
    assert {times for _, times in rows} == {1}
    assert kills_in_the_middle >= 2
    assert audit.verify_chains(desk.connection).first_bad is None
