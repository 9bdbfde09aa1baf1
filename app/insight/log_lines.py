"""The lines of a log at hand by number: kept as packed text in blocks, about once its size.

One thread adds blocks with `grow`; any thread may read lines that are there.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.insight.log_text import LogText

MOST: Final = 512 << 20
"""Bytes that are kept; a log with more is shown up to there."""
_BLOCKS: Final = 8
"""Blocks that stay unpacked into lines."""


class LogLines:
    """Grows by blocks until the log has ended."""

    def __init__(self, text: LogText) -> None:
        self.text = text
        self.count = 0
        self.whole = True
        """Whether all of the log is kept."""
        self._batches = text.batches()
        self._blocks: list[bytes] = []
        self._firsts: list[int] = []
        self._size = 0
        self._ended = False
        self._block: Callable[[int], list[str]] = lru_cache(_BLOCKS)(self._unpacked)

    def grow(self, seconds: float) -> bool:
        """Read on for about so long; tell whether more is left.

        Raises:
            InvalidInputError: the log is damaged, or unpacks to too much.
        """
        until = monotonic() + seconds
        while not self._ended:
            batch = next(self._batches, None)
            if batch is None:
                self._ended = True
                break
            if not batch:
                continue
            packed = "\n".join(batch).encode("utf-8", "surrogatepass")
            self._blocks.append(packed)
            self._firsts.append(self.count)
            self.count += len(batch)
            self._size += len(packed)
            if self._size > MOST:
                self._ended, self.whole = True, False
            if monotonic() >= until:
                break
        return not self._ended

    def line(self, number: int) -> str:
        """Return a line by its number from 0; raises IndexError for one that is not there."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        at = bisect_right(self._firsts, number) - 1
        return self._block(at)[number - self._firsts[at]]

    def batches(self) -> Iterator[list[str]]:
        """Yield the lines that are there, block by block."""
        for at in range(len(self._blocks)):
            yield self._unpacked(at)

    def holding(self, text: str) -> list[int]:
        """Return the numbers of the lines that hold a text, whatever the case."""
        wanted = text.casefold()
        found: list[int] = []
        if not wanted:
            return found
        for first, batch in zip(self._firsts, self.batches(), strict=False):
            if wanted in "\n".join(batch).casefold():
                found += [first + n for n, one in enumerate(batch) if wanted in one.casefold()]
        return found

    def _unpacked(self, at: int) -> list[str]:
        return self._blocks[at].decode("utf-8", "surrogatepass").split("\n")
