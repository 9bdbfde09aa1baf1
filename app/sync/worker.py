"""The sync thread: exchanges again and again, with a connection of its own, and never hurries.

`wake` asks for an exchange now: after a local edit, and on F5. While the hub is away the thread
tries ever more seldom; nobody waits for it (house.md, one edit).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import KnownError
from app.sync.engine import OFFLINE
from app.system.waking_thread import WakingThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.sync.engine import Exchanged

_log = logging.getLogger(__name__)

POLL_S = 5.0
"""A hub is looked at so often when nobody wakes the thread."""
LONGEST_S = 300.0
"""The longest pause between two tries while the hub is away."""


class Exchanging(Protocol):
    """What the thread works with; made, used and closed on the thread, but for `interrupt`."""

    def exchange(self) -> Exchanged | None:
        """Do one exchange; None when this profile shares with nobody."""

    def wait(self, timeout_s: float) -> None:
        """Block until there may be news, `interrupt` is called, or the time is up."""

    def interrupt(self) -> None:
        """Make `wait` return at once; called from any thread."""

    def close(self) -> None:
        """Let go of the connections."""


class Worker(WakingThread):
    """One thread for one profile.

    Args:
        start: opens what the thread works with, on the thread.
        told: told of each exchange, or of the error that ended one, on the thread; a window hands
            it on to its own thread.
    """

    def __init__(
        self,
        start: Callable[[], Exchanging],
        told: Callable[[Exchanged | KnownError], None],
        *,
        poll_s: float = POLL_S,
    ) -> None:
        super().__init__("sync", patience_s=5.0)
        self._open_work = start
        self._told = told
        self._poll_s = poll_s
        self._pause_s = poll_s
        self._work: Exchanging | None = None

    def wake(self) -> None:
        """Ask for an exchange now; any thread."""
        super().wake()
        if self._work is not None:
            self._work.interrupt()

    def _run(self) -> None:
        work = self._work = self._open_work()
        try:
            while not self._stopped.is_set():
                self._wanted.clear()
                self._exchange(work)
                if not (self._wanted.is_set() or self._stopped.is_set()):
                    work.wait(self._pause_s)
        finally:
            self._work = None
            work.close()

    def _exchange(self, work: Exchanging) -> None:
        try:
            done = work.exchange()
        except KnownError as error:
            self._longer()
            self._told(error)
            return
        except Exception:
            # A bug of one exchange must not end sharing for the day; the next try is told of too.
            _log.exception("an exchange failed")
            self._longer()
            return
        if done is None:
            self._pause_s = self._poll_s
            return
        if done.state == OFFLINE:
            self._longer()
        else:
            self._pause_s = self._poll_s
        self._told(done)

    def _longer(self) -> None:
        self._pause_s = min(self._pause_s * 2, max(LONGEST_S, self._poll_s))
