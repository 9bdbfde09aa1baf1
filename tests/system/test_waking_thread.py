"""A thread that rests is woken, and ends at once when it is asked to."""

from __future__ import annotations

import threading

from app.system.waking_thread import WakingThread


class Counting(WakingThread):
    def __init__(self) -> None:
        super().__init__("counting", patience_s=5.0)
        self.rounds, self.held = 0, threading.Event()
        self.looked = threading.Semaphore(0)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wanted.clear()
            self.rounds += 1
            self.looked.release()
            self._wanted.wait(60)
        self.held.wait(5)


def test_it_works_at_once_and_again_when_woken_and_ends_when_asked() -> None:
    one = Counting()
    one.start()
    assert one.looked.acquire(timeout=5)
    one.wake()
    assert one.looked.acquire(timeout=5)
    assert not one.stop(0.05), "it is held"
    one.held.set()
    assert one.stop()
    assert one.rounds == 2


def test_one_that_never_began_is_stopped() -> None:
    assert Counting().stop()
