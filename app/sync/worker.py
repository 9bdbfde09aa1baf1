"""The thread that exchanges with the hub while the program is open; no Qt, no screen.

It has a session of its own (a connection, the hub) and is only ever told two things: there is work
(`wake`), and stop. A hub that is away is tried again after a growing pause, which `wake` cuts
short; nobody else waits for it (sync.md: nothing on the screen waits for a share or a server).
"""

from __future__ import annotations

import logging
import random
import threading
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)

POLL_S = 5.0
"""How often a hub is looked at that tells of no news itself."""
LONGEST_S = 60.0
"""The longest pause between two tries of a hub that is away."""
STOP_S = 2.0
"""How long the end of the program waits for an exchange in hand; what is cut off is repeated."""


class Session(Protocol):
    """What the thread works with; every method is called on the thread but `interrupt`."""

    def exchange(self) -> Any:
        """Do one exchange and return what is to be told of it.

        Raises:
            KnownError: it needs a person, or the hub is away.
        """

    def is_away(self, outcome: Any) -> bool:
        """Tell whether an outcome means that the hub could not be reached."""

    def wait(self, timeout_s: float) -> None:
        """Block until there may be news, `interrupt` is called, or the time is up."""

    def interrupt(self) -> None:
        """Make `wait` return at once; may be called from any thread."""

    def close(self) -> None:
        """Let go of hub and connection."""


class Worker:
    """Exchanges again and again; `tell` is called on its thread with each outcome or error."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        tell: Callable[[Any], object],
        *,
        poll_s: float = POLL_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._open, self._tell = open_session, tell
        self._poll_s, self._longest_s = poll_s, longest_s
        self._session: Session | None = None
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin; the first exchange is done at once."""
        self._thread.start()

    def wake(self) -> None:
        """Exchange now, or once more after the exchange that runs."""
        self._woken.set()
        session = self._session
        if session is not None:
            session.interrupt()

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """End the thread; return whether it ended in time.

        A share that hangs may keep it longer: the thread then dies with the process, and whatever
        it had not finished is done again next time.
        """
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._session = self._open()
        except KnownError as error:
            self._tell(error)
            return
        try:
            self._work(self._session)
        except Exception as error:  # a bug of ours: told as such, and the window goes on
            _log.exception("the exchange stopped")
            self._tell(error)
        finally:
            self._session.close()

    def _work(self, session: Session) -> None:
        away = 0
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                outcome = session.exchange()
                away = away + 1 if session.is_away(outcome) else 0
            except KnownError as error:
                outcome = error
                away += 1
            if self._stopping.is_set():
                return
            self._tell(outcome)
            if not self._woken.is_set():
                session.wait(self._pause(away))

    def _pause(self, away: int) -> float:
        """Return how long to wait: the usual time, or longer and longer while the hub is away."""
        if not away:
            return self._poll_s
        longer = min(self._poll_s * 2.0 ** min(away, 16), max(self._longest_s, self._poll_s))
        return longer * random.uniform(0.8, 1.0)
