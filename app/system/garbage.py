"""When Python looks for garbage that counting references does not find: in bites, never for long.

Python itself looks through everything that is alive once in a while, on whatever thread happens to
be at work, and every other thread stands still meanwhile: 50 to 70 ms in the window's process. So
the window has the oldest generation left alone and calls `collect_bite` often. What lives on after
a bite is put aside (`gc.freeze`) and is looked at again only by `collect_all`, at a moment when
nobody waits for the window.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BITE: Final = 2
"""Collections of the middle generation after which there is something to look through.

Each stands for 7,000 objects that were made and not let go (Python's own thresholds).
"""
_NEVER: Final = 2**31 - 1


def begin_in_bites() -> None:
    """Look for garbage from now on, only in what is made from now on, and never in all of it."""
    _leave_oldest()
    gc.freeze()
    gc.enable()


def collect_bite() -> bool:
    """Look through what lived on since the last time, if that is anything; tell whether it was."""
    if gc.get_count()[2] < BITE:
        return False
    gc.collect()
    gc.freeze()
    return True


def collect_all() -> None:
    """Look through everything; all threads stand still meanwhile."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextmanager
def nothing_let_go() -> Iterator[None]:
    """Leave the oldest generation alone for the block, in which a large thing only grows.

    Else Python looks through all of it again and again, half a second each time at 500 reports.
    """
    before = gc.get_threshold()
    _leave_oldest()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _leave_oldest() -> None:
    gc.set_threshold(*gc.get_threshold()[:2], _NEVER)
