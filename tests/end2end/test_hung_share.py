"""A share that hangs for half a minute under an open window: work goes on, and it is said."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.shares import hanging_share

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Program

pytestmark = [pytest.mark.real_window, pytest.mark.real_share, pytest.mark.timeout(300)]

HANGS_S = 30.0
ANSWERS_S = 15.0
"""So long the same is done while the share answers, to know what the machine itself does."""
BLOCK_MS = 50
"""The longest that the window may wait for anything while its share hangs (issue 3, bars)."""


def line(profile: Path, *words: str) -> Any:
    """Run a command on a profile and return its document."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(profile), "--json", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def blocks(program: Program) -> list[dict[str, Any]]:
    """Return the stretches without an answer that the program told of, and forget what it told."""
    found = [one for one in program.seen if one["event"] == "blocked"]
    program.seen.clear()
    return found


def _slept_ms(one: dict[str, Any]) -> int:
    """Return for how long of a stretch the thread neither worked nor waited for its turn to."""
    return int(one["ms"] - one["worked_ms"] - one["queued_ms"])


def logs_for(program: Program, seconds: float, title: str) -> int:
    """Log incidents by keys for so long; return how many."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        count += 1
        program.key("ctrl+l")
        program.type(f"{title} {count}")
        program.key("Return")
        program.wait_for("changed")
    return count


def test_the_window_works_while_its_share_hangs(
    start: Callable[[str, str], Program], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hanging_share(tmp_path) as share:
        profile = tmp_path / "ana"
        line(profile, "log", "printer jams")
        line(profile, "share", "create", str(share.place / "team"))
        ana = start("ana", "Ana Ruiz")
        ana.wait_for("sharing", state="in_sync")
        ana.seen.clear()
        logged = logs_for(ana, ANSWERS_S, "while it answers")
        usual = max(map(_slept_ms, blocks(ana)), default=0)
        ana.wait_for("sharing", state="in_sync", waiting=0)
        began = time.monotonic()
        with share.hanging():
            ana.seen.clear()
            ana.key("ctrl+l")
            ana.type("disk full")
            ana.key("Return")
            ana.wait_for("changed")
            told = ana.wait_for("sharing", state="silent")
            while not told["waiting"]:
                told = ana.wait_for("sharing", state="silent")
            waits = {1: "1 change"}.get(told["waiting"], f"{told['waiting']} changes")
            assert told["line"] == f"The shared place does not answer, {waits} waiting"
            assert line(profile, "list")["total"] == logged + 2, "the command line works beside it"
            logged += 2 + logs_for(ana, HANGS_S - (time.monotonic() - began), "while it hangs")
            hung = blocks(ana)
        ana.wait_for("sharing", state="in_sync", waiting=0)
        slept = max(map(_slept_ms, hung), default=0)
        with capsys.disabled():
            print(  # noqa: T201
                f"\n  share hung {HANGS_S:.0f} s, {logged} incidents logged by keys: {len(hung)} "
                f"stretches over 50 ms, the longest {max((one['ms'] for one in hung), default=0)} "
                f"ms, of which it slept at most {slept} ms; {usual} ms while the share answered"
            )
        assert slept <= max(BLOCK_MS, 2 * usual), hung
        jon = tmp_path / "jon"
        line(jon, "share", "join", str(share.place / "team"))
        assert line(jon, "list")["total"] == logged
        ana.end()
