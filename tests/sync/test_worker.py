"""The thread exchanges at once, when woken and again after a while, and ends when told to."""

from __future__ import annotations

import threading
import time
from queue import Queue
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubAwayError, WrongHubError
from app.sync.worker import Worker

if TYPE_CHECKING:
    import pytest


class Script:
    """A session that answers by a script and counts what it is asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.pauses: list[float] = []
        self.news = threading.Event()
        self.done: Queue[Any] = Queue()
        self.closed_by = ""
        self.hold: threading.Event | None = None

    def exchange(self) -> Any:
        if self.hold is not None:
            self.hold.wait(30)
        answer = self.answers.pop(0) if self.answers else "in_sync"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def is_away(self, outcome: Any) -> bool:
        return bool(outcome == "offline")

    def wait(self, timeout_s: float) -> None:
        self.pauses.append(timeout_s)
        self.news.wait(min(timeout_s, 20))
        self.news.clear()

    def interrupt(self) -> None:
        self.news.set()

    def close(self) -> None:
        self.closed_by = threading.current_thread().name


def worker_of(script: Script, **more: float) -> Worker:
    return Worker(lambda: script, script.done.put, **more)


def test_it_exchanges_at_once_and_when_woken() -> None:
    script = Script("first", "second")
    worker = worker_of(script, poll_s=60)
    worker.start()
    assert script.done.get(timeout=10) == "first"
    worker.wake()
    assert script.done.get(timeout=10) == "second"
    assert worker.stop(10)
    assert script.closed_by == "sync"
    assert script.done.empty()


def test_it_looks_again_after_a_while() -> None:
    script = Script(1, 2, 3)
    worker = worker_of(script, poll_s=0.01)
    worker.start()
    assert [script.done.get(timeout=10) for _ in range(3)] == [1, 2, 3]
    assert worker.stop(10)


def test_a_hub_that_is_away_is_tried_less_and_less_often_until_somebody_wakes_it() -> None:
    script = Script("offline", HubAwayError("away"), "offline", "in_sync")
    worker = worker_of(script, poll_s=0.02, longest_s=0.1)
    worker.start()
    told = [script.done.get(timeout=10) for _ in range(4)]
    assert [str(one) for one in told] == ["offline", "away", "offline", "in_sync"]
    assert worker.stop(10)
    first, second, third = script.pauses[:3]
    assert 0.8 * 0.04 <= first <= 0.04
    assert 0.8 * 0.08 <= second <= 0.08
    assert 0.8 * 0.1 <= third <= 0.1
    assert script.pauses[3] == 0.02


def test_an_error_that_needs_a_person_is_told_and_tried_again_later() -> None:
    script = Script(WrongHubError("another team"), "in_sync")
    worker = worker_of(script, poll_s=0.01)
    worker.start()
    assert isinstance(script.done.get(timeout=10), WrongHubError)
    assert script.done.get(timeout=10) == "in_sync"
    assert worker.stop(10)


def test_being_woken_in_the_middle_of_an_exchange_is_not_forgotten() -> None:
    script = Script("one", "two")
    script.hold = threading.Event()
    worker = worker_of(script, poll_s=60)
    worker.start()
    time.sleep(0.05)
    worker.wake()
    script.hold.set()
    assert [script.done.get(timeout=10) for _ in range(2)] == ["one", "two"]
    assert worker.stop(10)


def test_a_share_that_hangs_does_not_hold_up_the_end() -> None:
    script = Script()
    script.hold = threading.Event()
    worker = worker_of(script)
    worker.start()
    begun = time.monotonic()
    assert not worker.stop(0.1)
    assert time.monotonic() - begun < 5
    script.hold.set()
    assert worker.stop(10)


def test_a_bug_is_told_and_ends_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    script = Script(ZeroDivisionError("ours"))
    worker = worker_of(script)
    with caplog.at_level("CRITICAL", "app.sync.worker"):
        worker.start()
        assert isinstance(script.done.get(timeout=10), ZeroDivisionError)
        assert worker.stop(10)
    assert script.closed_by == "sync"
