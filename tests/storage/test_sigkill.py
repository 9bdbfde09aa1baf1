"""A process killed at any moment loses nothing that it had acknowledged (sync.md, I1 and I9)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.services import auditing, browsing, incidents
from app.services.desk import open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from app.services.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 6
MANY_ROUNDS = 30
WORK = """
import sys
from app.domain.incident_record import IncidentDraft
from app.services import incidents, logging_incidents
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
from pathlib import Path
desk = open_desk(Profile(Path(sys.argv[1])), SystemClock(), person="Ana Ruiz")
n = int(sys.argv[2])
while True:
    made = logging_incidents.log_many(
        desk, [IncidentDraft(title=f"one {n}"), IncidentDraft(title=f"other {n}")]
    )
    first, second = made.ids["incident"]
    incidents.edit(desk, [first, second], {"title": f"both {n}", "description": f"text {n}"})
    print(n, *made.numbers, flush=True)
    n += 1
"""

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL; its kill is the same call"
)


def i1_acknowledged_changes_survive(desk: Desk, told: list[list[str]]) -> list[str]:
    """Return what was acknowledged and is not there."""
    lost = []
    for n, *numbers in told:
        for number in numbers:
            found = browsing.incident(desk, number)
            if (found.title, found.description) != (f"both {n}", f"text {n}"):
                lost.append(f"{number}: {found.title}, {found.description}")
    return lost


def killed_after(folder: Path, seconds: float, begin: int) -> list[list[str]]:
    """Let a process write, kill it, and return the lines that it had acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(folder), str(begin)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        rest = process.stdout.read()
    whole = [line for line in (first + rest).split("\n")[:-1] if line]
    return [line.split() for line in whole]


def check(folder: Path, told: list[list[str]], fresh: list[list[str]]) -> None:
    desk = open_desk(Profile(folder), PinnedClock(datetime.now(UTC)), person="Ana Ruiz")
    assert fresh
    assert i1_acknowledged_changes_survive(desk, fresh) == []
    assert not audit.i9_groups_are_whole(desk.connection)
    found: dict[str, Any] = auditing.check(desk)
    assert found["ok"], found
    # The next start goes on where the killed one was.
    uid = browsing.find(desk, told[0][1])
    incidents.add_note(desk, [uid], "after the kill")
    assert browsing.incident(desk, uid).timeline[-1].text == "after the kill"
    desk.close()


def rounds(folder: Path, count: int) -> None:
    chance = random.Random(7)
    told: list[list[str]] = []
    for _ in range(count):
        fresh = killed_after(folder, chance.uniform(0.0, 0.2), len(told) * 1000)
        told += fresh
        check(folder, told, fresh)
    desk = open_desk(Profile(folder), PinnedClock(datetime.now(UTC)), person="Ana Ruiz")
    assert i1_acknowledged_changes_survive(desk, told) == []
    titles = desk.connection.execute("SELECT title FROM incident ORDER BY id").fetchall()
    auditing.rebuild(desk)
    assert desk.connection.execute("SELECT title FROM incident ORDER BY id").fetchall() == titles
    desk.close()


def test_a_killed_process_loses_nothing_that_it_had_acknowledged(tmp_path: Path) -> None:
    rounds(tmp_path / "profile", ROUNDS)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thirty_kills_lose_nothing(tmp_path: Path) -> None:
    rounds(tmp_path / "profile", MANY_ROUNDS)
