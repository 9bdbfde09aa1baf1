"""Two real windows on one folder, worked side by side for a quarter of an hour while things break.

Run by hand: `pytest -m marathon tests/end2end/test_marathon.py`. INCIDENT_DESK_MARATHON_S says for
how long, INCIDENT_DESK_MARATHON_SEED repeats what was chosen. Whatever breaks, what a window has
acknowledged is on both stations in the end, each once, and both are equal.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.storage.store import Store
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.simulation.invariants import (
    i2_all_stations_are_equal,
    i5_vectors_are_contiguous_and_chains_verify,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Program

pytestmark = [pytest.mark.marathon, pytest.mark.real_window, pytest.mark.timeout(0)]

LASTS_S = float(os.environ.get("INCIDENT_DESK_MARATHON_S", "900"))
SEED = int(os.environ.get("INCIDENT_DESK_MARATHON_SEED", "20261128"))
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
PATIENCE_S = 90.0


class Person:
    """Somebody at a window, and what the window has acknowledged to them."""

    def __init__(self, start: Callable[..., Program], folder: Path, name: str) -> None:
        self._start, self.name, self.profile = start, name, folder / name
        self.titles: dict[str, str] = {}
        self.notes: set[tuple[str, str]] = set()
        self.program: Any = None
        self.clock = ""

    def sits_down(self, clock: str = "") -> None:
        """Start the window, with a wrong clock if one is given ("+2d")."""
        more = {}
        self.clock = clock
        if clock:
            more = {
                "LD_PRELOAD": str(FAKETIME),
                "FAKETIME": clock,
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        self.program = self._start(self.name, self.name.capitalize(), PATIENCE_S, **more)

    def line(self, *words: str) -> Any:
        """Use the command line on the same profile."""
        done = subprocess.run(
            [sys.executable, "-m", "app", "--profile", str(self.profile), "--as", self.name,
             "--json", *words],
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), (words, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def to_front(self) -> None:
        self.program.seen.clear()
        self.program.xdotool("windowactivate", "--sync", self.program.window())

    def logs(self, title: str) -> None:
        self.to_front()
        self.program.key("ctrl+l", "ctrl+a")
        self.program.type(title)
        self.program.key("Return")
        while title not in self.titles:
            # An earlier edit, of this window or of the team, may be told of only now. The number
            # that was told may be another one's by now: a restored profile gives it out twice.
            self.program.wait_for("changed")
            known = {
                one["title"]: one["number"]
                for one in self.line("list", "--limit", "9999")["incidents"]
            }
            if title in known:
                self.titles[title] = known[title]

    def notes_something(self, number: str, text: str) -> None:
        self.line("note", number, text)
        self.notes.add((number, text))

    def types_and_dies(self, text: str) -> None:
        """Die while typing: what was not acknowledged may be lost, nothing else."""
        self.to_front()
        self.program.key("ctrl+l", "ctrl+a")
        self.program.type(text)
        self.program.key("Return")
        self.dies()

    def dies(self) -> None:
        self.program.process.kill()
        self.program.process.wait(30)

    def is_in_step(self) -> None:
        self.program.xdotool("windowactivate", "--sync", self.program.window())
        self.program.key("F5")
        self.program.wait_for("sharing", state="in_sync", waiting=0)


class Marathon:
    """What is done, what breaks, and when."""

    def __init__(self, start: Callable[..., Program], folder: Path) -> None:
        self.chance = random.Random(SEED)
        self.folder, self.hub, self.away = folder, folder / "hub", folder / "hub-away"
        self.people = [Person(start, folder, name) for name in ("ana", "jon")]
        self.did: Counter[str] = Counter()
        self.turn = 0
        self.round: list[Callable[[], None]] = []

    def begins(self) -> None:
        ana, jon = self.people
        ana.line("log", "the first")
        ana.titles["the first"] = "INC-000001"
        ana.line("share", "create", str(self.hub))
        jon.line("share", "join", str(self.hub))
        for one in self.people:
            one.sits_down()

    # --- work

    def works(self) -> None:
        """Let both do a few things, in turn."""
        for _ in range(self.chance.randrange(3, 7)):
            self.turn += 1
            one = self.people[self.turn % 2]
            known = sorted({number for each in self.people for number in each.titles.values()})
            what = self.chance.choice(["logs", "logs", "assigns", "notes", "sets"])
            if what == "logs":
                one.logs(f"incident {self.turn} of {one.name}")
            elif what == "assigns":
                one.to_front()
                one.program.key("F6", "i")
            elif what == "notes":
                if self.has(one, number := self.chance.choice(known)):
                    one.notes_something(number, f"note {self.turn}")
            elif self.has(one, number := self.chance.choice(known)):
                value = self.chance.randrange(1, 4)
                one.line("set", number, f"impact={value}")
            self.did[what] += 1

    def has(self, one: Person, number: str) -> bool:
        found = {incident["number"] for incident in one.line("list")["incidents"]}
        return number in found

    # --- what breaks

    def kills(self) -> None:
        one = self.chance.choice(self.people)
        if self.chance.random() < 0.5:
            one.types_and_dies(f"unsure {self.turn} of {one.name}")
        else:
            one.dies()
        one.sits_down(one.clock)

    def cuts_the_share(self) -> None:
        self.hub.rename(self.away)
        self.works()
        self.away.rename(self.hub)

    def restores_the_share(self) -> None:
        """Put a copy of the folder in its place that is older than what was done last."""
        old = self.folder / "hub-old"
        self.calms_down()  # a share cannot be copied while somebody writes to it
        shutil.copytree(self.hub, old, ignore=shutil.ignore_patterns("*.tmp"))
        self.works()
        self.hub.rename(self.away)
        old.rename(self.hub)
        shutil.rmtree(self.away)

    def restores_a_profile(self) -> None:
        """Put an old copy of a profile in its place, after all of it has reached the other one."""
        one = self.chance.choice(self.people)
        old = self.folder / f"{one.name}-old"
        one.program.end()
        shutil.copytree(one.profile, old, ignore=shutil.ignore_patterns("window.*"))
        one.sits_down(one.clock)
        self.works()
        self.calms_down()
        one.program.end()
        one.line("sync")
        shutil.rmtree(one.profile)
        old.rename(one.profile)
        one.sits_down(one.clock)

    def sets_a_clock_wrong(self) -> None:
        if not FAKETIME.exists():
            self.did["no faketime"] += 1
            return
        one = self.chance.choice(self.people)
        one.program.end()
        one.sits_down("" if one.clock else self.chance.choice(["+2d", "-1d", "+20m"]))

    def calms_down(self) -> None:
        for one in (*self.people, *self.people):
            one.is_in_step()

    def breaks(self) -> None:
        """Break each thing once in a round, in an order of chance."""
        if not self.round:
            self.round = [
                self.kills, self.kills, self.cuts_the_share, self.restores_the_share,
                self.restores_a_profile, self.sets_a_clock_wrong, self.calms_down,
            ]  # fmt: skip
            self.chance.shuffle(self.round)
        what = self.round.pop()
        what()
        self.did[what.__name__] += 1


def test_two_windows_side_by_side_end_equal_and_complete(
    start: Callable[..., Program], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marathon = Marathon(start, tmp_path)
    marathon.begins()
    began = time.monotonic()
    while time.monotonic() - began < LASTS_S:
        marathon.works()
        marathon.breaks()
    lasted = time.monotonic() - began
    ana, jon = marathon.people
    blocked = []
    for one in marathon.people:
        one.program.end()
        one.sits_down()
    marathon.calms_down()
    for one in marathon.people:
        blocked += [seen["ms"] for seen in one.program.seen if seen["event"] == "blocked"]
        one.program.end()
    for one in (ana, jon, ana, jon, ana, jon):
        one.line("sync")
    for one in marathon.people:
        checked = one.line("check")
        bad = [check for check in checked["checks"] if not check["ok"]]
        assert checked["ok"], (one.name, bad, dict(marathon.did))
    told = {one.name: one.line("share", "status") for one in marathon.people}

    stores = [
        Store(Profile(one.profile).database, SystemClock()) for one in marathon.people
    ]  # a desk would note who opens it
    connections = [store.connection for store in stores]
    assert i2_all_stations_are_equal(connections) == ""
    for connection in connections:
        assert i5_vectors_are_contiguous_and_chains_verify(connection) == ""
    for connection in connections:
        found: Any = connection.execute("SELECT title, number FROM incident").fetchall()
        titles = Counter(title for title, _ in found)
        wanted = {**ana.titles, **jon.titles}
        missing = sorted(set(wanted) - set(titles))
        assert not missing, ("an acknowledged incident is missing", missing)
        assert all(titles[title] == 1 for title in wanted), "an incident is there twice"
        assert len({number for _, number in found}) == len(found), "a number was given twice"
        written: Any = connection.execute("SELECT value FROM change WHERE kind = 'note'")
        texts = {json.loads(value).get("text") for (value,) in written if value}
        assert {text for one in marathon.people for _, text in one.notes} <= texts
        rows: Any = connection.execute("SELECT count(*) FROM change").get
    with capsys.disabled():
        print(  # noqa: T201
            f"\n  {lasted:.0f} s, seed {SEED}: {len(wanted)} incidents acknowledged, {len(found)} "
            f"there, {rows} journal rows, equal; {dict(marathon.did)}; at the end "
            f"{[len(one['stations']) for one in told.values()]} stations known, health notes "
            f"{Counter(note['kind'] for one in told.values() for note in one['health'])}, "
            f"blocks over 50 ms in the last calm: {len(blocked)}"
        )
    for store in stores:
        store.close_thread()
