"""Let the window's thread go first: a worker pauses between two records while that one is busy.

Python's lock goes back and forth between threads that want it, so a window that lays and paints a
list beside an import takes twice as long, and a key waits for it. Work that goes record by record
therefore asks `give_way` between two of them; where no window is, that costs nothing.
"""

from __future__ import annotations

import threading
import time
from typing import Final

LONGEST_S: Final = 0.05
"""How long a worker waits at most for one stretch: a dialog may stand open within it."""


class _Foremost:
    """The stretches in which one thread goes before all others; they may lie within each other."""

    __slots__ = ("_began", "_depth", "_free", "thread")

    def __init__(self) -> None:
        self._depth = 0
        self._began = 0.0
        self._free = threading.Event()
        self.thread = 0

    def __enter__(self) -> None:
        if not self._depth:
            self._free.clear()
            self._began = time.monotonic()
            self.thread = threading.get_ident()
        self._depth += 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        if not self._depth:
            self.thread = 0
            self._free.set()

    def wait(self) -> None:
        left = self._began + LONGEST_S - time.monotonic()
        if left > 0:
            self._free.wait(left)


foremost: Final = _Foremost()
"""`with foremost:` around what a person waits for; for the window's thread only."""


def give_way() -> None:
    """Pause while the window's thread does something that a person waits for."""
    busy = foremost.thread
    if busy and busy != threading.get_ident():
        foremost.wait()
