"""Lets the threads of this process write to one file in the order in which they asked.

SQLite lets whoever tries at the right moment in, and whoever waits tries ever more seldom: beside a
pull, which writes one batch after the other, an edit waited for two seconds. Other processes still
meet in SQLite's own lock.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATELY_S = 2.0
"""So long after somebody had to wait, the next one is expected."""


class Turns:
    """Hands the right to write on, first come, first served; a thread may take it again inside."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()
        self._inside = threading.local()
        self._waited_at = -LATELY_S
        self._writers: set[int] = set()

    @contextlib.contextmanager
    def turn(self, patience_s: float) -> Iterator[None]:
        """Wait for the turn; go on without it when that takes longer than the patience."""
        depth = getattr(self._inside, "depth", 0)
        mine = depth == 0 and self._take(patience_s)
        self._inside.depth = depth + 1
        try:
            yield
        finally:
            self._inside.depth = depth
            if mine:
                self._hand_on()

    def is_wanted(self) -> bool:
        """Tell whether somebody waits, or had to a moment ago: be brief then."""
        return bool(self._waiting) or time.monotonic() - self._waited_at < LATELY_S

    def is_shared(self) -> bool:
        """Tell whether more than one thread of this process writes: a window is open."""
        return len(self._writers) > 1

    def _take(self, patience_s: float) -> bool:
        with self._guard:
            self._writers.add(threading.get_ident())
            if not self._taken:
                self._taken = True
                return True
            ready = threading.Event()
            self._waiting.append(ready)
        came = ready.wait(patience_s)
        with self._guard:
            self._waited_at = time.monotonic()
            if not came and not ready.is_set():
                self._waiting.remove(ready)
                return False
        return True

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_guard = threading.Lock()
_of_files: WeakValueDictionary[Path, Turns] = WeakValueDictionary()


def turns_of(path: Path) -> Turns:
    """Return the turns of a file, the same for all who have it open in this process."""
    with _guard:
        return _of_files.setdefault(path.absolute(), Turns())
