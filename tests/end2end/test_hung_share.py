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
WAITED_S = 3.0
"""Far below what is left of the hang, far above what a busy machine does to a thread."""


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


def test_the_window_works_while_its_share_hangs(
    start: Callable[[str, str], Program], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hanging_share(tmp_path) as share:
        profile = tmp_path / "ana"
        line(profile, "log", "printer jams")
        line(profile, "share", "create", str(share.place / "team"))
        ana = start("ana", "Ana Ruiz")
        ana.wait_for("sharing", state="in_sync")
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
            assert line(profile, "list")["total"] == 2, "the command line works beside it"
            turn = 0
            while time.monotonic() - began < HANGS_S:
                turn += 1
                ana.key("ctrl+l")
                ana.type(f"logged while it hangs {turn}")
                ana.key("Return")
                ana.wait_for("changed")
            hung = blocks(ana)
        ana.wait_for("sharing", state="in_sync", waiting=0)
        longest = max((one["ms"] for one in hung), default=0)
        worked = max((one["worked_ms"] for one in hung), default=0)
        with capsys.disabled():
            print(  # noqa: T201
                f"\n  share hung {HANGS_S:.0f} s, {turn + 1} incidents logged by keys: "
                f"{len(hung)} stretches over 50 ms, longest {longest} ms "
                f"(of which this thread worked at most {worked} ms)"
            )
        assert longest < WAITED_S * 1000, hung
        jon = tmp_path / "jon"
        line(jon, "share", "join", str(share.place / "team"))
        assert line(jon, "list")["total"] == turn + 2
        ana.end()
