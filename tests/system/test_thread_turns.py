"""A thread that has to wait for a processor is told from one that sleeps."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app.system.thread_turns import queued_s


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells how long a thread queued")
def test_a_thread_that_shares_its_processor_queues() -> None:
    """Both are bound to one processor, whatever else the machine does."""
    allowed = os.sched_getaffinity(0)
    one = {min(allowed)}
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.sched_setaffinity(busy.pid, one)
        os.sched_setaffinity(0, one)
        before, began = queued_s(), time.monotonic()
        while queued_s() - before < 0.05:
            assert time.monotonic() - began < 20
    finally:
        os.sched_setaffinity(0, allowed)
        busy.kill()
        busy.wait(10)


def test_nothing_is_told_where_the_system_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.get_native_id", lambda: -1)
    assert queued_s() == 0.0
