"""A thread of its own for work that comes again: it rests until due or woken, and ends soon."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class WakingThread(ABC):
    """Work in the background; what `_run` does ends when `_stopped` is set.

    Args:
        name: how the thread is called in a crash report.
        patience_s: how long `stop` waits unless it is told otherwise.
    """

    def __init__(self, name: str, patience_s: float = 2.0) -> None:
        self._patience_s = patience_s
        self._wanted, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._thread.start()

    def wake(self) -> None:
        """Look now; any thread."""
        self._wanted.set()

    def stop(self, timeout_s: float | None = None) -> bool:
        """End after what is being done now; False when that takes longer."""
        self._stopped.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(self._patience_s if timeout_s is None else timeout_s)
        return not self._thread.is_alive()

    @abstractmethod
    def _run(self) -> None:
        """Work until `_stopped` is set; rest by waiting for `_wanted`."""
