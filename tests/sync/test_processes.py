"""Real processes on real files, killed at random: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


class Person:
    """Somebody at a workstation: the program as a process for each thing done."""

    def __init__(self, folder: Path, name: str) -> None:
        self._words = [sys.executable, "-m", "app", "--json", "--profile", str(folder / name)]

    def does(self, *words: str) -> Any:
        done = subprocess.run(
            [*self._words, *words], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return json.loads(done.stdout)

    def is_killed_in(self, seconds: float, *words: str) -> None:
        running = subprocess.Popen(
            [*self._words, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        running.kill()
        running.wait()


@pytest.mark.slow
def test_exchanges_killed_at_any_time_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(11)
    people = [Person(tmp_path, name) for name in ("ana", "jon")]
    hub = str(tmp_path / "hub")
    people[0].does("share", "create", hub)
    people[1].does("share", "join", hub)
    acknowledged: set[str] = set()
    for turn in range(12):
        one = people[turn % 2]
        title = f"Incident {turn}"
        one.does("log", title)
        acknowledged.add(title)
        one.is_killed_in(0.2 + chance.random() * 0.8, "sync")

    for one in (*people, *people):
        one.does("sync")
    lists = [one.does("list") for one in people]
    for found in lists:
        assert {incident["title"] for incident in found["incidents"]} == acknowledged
        numbers = [incident["number"] for incident in found["incidents"]]
        assert len(set(numbers)) == len(acknowledged)
    told = [
        sorted(
            (one["number"], one["id"], one["title"], one["status"]) for one in found["incidents"]
        )
        for found in lists
    ]
    assert told[0] == told[1]
    for one in people:
        assert one.does("check")["ok"]
        assert one.does("share", "status")["health"] == []
