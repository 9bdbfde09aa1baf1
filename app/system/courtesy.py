"""Let the window's thread go first: a worker pauses between two records while that one is busy.

Python's lock goes back and forth between threads that want it, so a window that lays and paints a
list beside an import takes twice as long, and a key waits for it. Work that goes record by record
therefore asks `give_way` between two of them; where no window is, that costs nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

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


def courteously(things: Iterable[T]) -> Iterator[T]:
    """Hand things on one by one, giving way before each: the rows of an `executemany`, say."""
    for one in things:
        give_way()
        yield one


class _BetweenModules:
    """Gives way before each module that a worker loads; finds none itself."""

    @staticmethod
    def find_spec(_name: str, _path: object = None, _target: object = None) -> None:
        give_way()


def load_courteously() -> None:
    """Let workers give way between the modules that their first job of a kind loads."""
    if not any(isinstance(finder, _BetweenModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, _BetweenModules())
