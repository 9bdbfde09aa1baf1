"""The sync thread: at once when woken, ever more seldom while the hub is away."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from app.domain.errors import WrongHubError
from app.sync.engine import IN_SYNC, OFFLINE, Exchanged
from app.sync.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD, AWAY = Exchanged(0, 0, 0, IN_SYNC, ()), Exchanged(0, 0, 0, OFFLINE, ())


class Hub:
    """Answers exchanges from a list and notes how long it was waited."""

    def __init__(self, *answers: Exchanged | Exception | None) -> None:
        self.answers = list(answers)
        self.waited: list[float] = []
        self.threads: set[int] = set()
        self.closed = False
        self.more = threading.Event()

    def exchange(self) -> Exchanged | None:
        self.threads.add(threading.get_ident())
        answer = self.answers.pop(0) if self.answers else GOOD
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self, timeout_s: float) -> None:
        self.waited.append(timeout_s)
        self.more.wait(0.001 if self.answers else 30)
        self.more.clear()

    def interrupt(self) -> None:
        self.more.set()

    def close(self) -> None:
        self.closed = True
        self.threads.add(threading.get_ident())


def ran(hub: Hub, want: int, act: Callable[[Worker], None] = lambda _: None) -> list[object]:
    told: queue.Queue[object] = queue.Queue()
    worker = Worker(lambda: hub, told.put, poll_s=5.0)
    worker.start()
    found = [told.get(timeout=20)]
    act(worker)
    found += [told.get(timeout=20) for _ in range(want - 1)]
    assert worker.stop()
    assert hub.closed
    assert len(hub.threads) == 1
    assert threading.get_ident() not in hub.threads
    return found


def test_waking_brings_an_exchange_at_once() -> None:
    hub = Hub()
    assert ran(hub, 2, Worker.wake) == [GOOD, GOOD]
    assert hub.waited[0] == 5.0


def test_the_pause_grows_while_the_hub_is_away_and_shrinks_when_it_is_back() -> None:
    hub = Hub(AWAY, AWAY, AWAY, GOOD, AWAY)
    assert ran(hub, 5) == [AWAY, AWAY, AWAY, GOOD, AWAY]
    assert hub.waited[:5] == [10.0, 20.0, 40.0, 5.0, 10.0]


def test_the_longest_pause_is_five_minutes() -> None:
    hub = Hub(*[AWAY] * 9)
    ran(hub, 9)
    assert max(hub.waited) == 300.0


def test_an_error_that_needs_a_person_is_told_and_the_thread_goes_on() -> None:
    error = WrongHubError("another team")
    assert ran(Hub(error, GOOD), 2) == [error, GOOD]


def test_a_profile_that_shares_with_nobody_is_left_alone() -> None:
    hub = Hub(None, None, GOOD)
    assert ran(hub, 1) == [GOOD]


def test_a_bug_is_logged_and_does_not_end_sharing(caplog: object) -> None:
    assert ran(Hub(RuntimeError("bug"), GOOD), 1) == [GOOD]
