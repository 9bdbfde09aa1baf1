"""One window per profile; a killed one leaves nothing in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.system.faults import MachineError
from app.system.single_instance import WindowLock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from app.system.single_instance import WindowLock
print(WindowLock(Path(sys.argv[1])).acquire(), flush=True)
"""
HOLD_ON = HOLD.replace("print(", "lock = ").replace(".acquire(), flush=True)", "") + (
    "print(lock.acquire(), flush=True)\nsys.stdin.read()\n"
)


def test_a_second_process_is_told_that_the_window_is_open(tmp_path: Path) -> None:
    lock = WindowLock(tmp_path / "window.lock")
    assert lock.acquire()
    asked = subprocess.run(
        [sys.executable, "-c", HOLD, str(tmp_path / "window.lock")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == "False"
    assert lock.holder() == os.getpid()
    lock.release()
    assert WindowLock(tmp_path / "window.lock").acquire()


def test_a_killed_window_leaves_no_stale_lock(tmp_path: Path) -> None:
    path = tmp_path / "window.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_ON, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        mine = WindowLock(path)
        assert not mine.acquire()
        holder.kill()
        holder.wait()
    assert mine.acquire()
    mine.release()


def test_a_place_that_cannot_hold_the_lock_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"window\.lock"):
        WindowLock(tmp_path / "absent" / "window.lock").acquire()
