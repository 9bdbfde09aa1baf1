"""Reads what a log file gets: whole lines, each once, over rotation, truncation and restarts.

Where it is in the file is a `Position` that the caller keeps together with what the lines did. A
file that was there at the first look is read from its end on. When it is renamed away, what it
still has is read first, and then those that took its place meanwhile, also after a restart as long
as they lie beside and are not packed. Used on one thread.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_HEAD = 256
_AT_ONCE = 256 * 1024
_MOST_SIBLINGS = 1_000
_TURN = re.compile(r"[.\-_]?\d[\d.\-_T:]*")
"""What a rotation puts to a name: a number or a day."""
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Position(NamedTuple):
    """How far a file was read: which file it was (its node and first bytes), and to which byte."""

    device: int = 0
    node: int = 0
    offset: int = 0
    head_size: int = 0
    head: str = ""


class Read(NamedTuple):
    """Lines without their ends, and the position after them."""

    lines: list[bytes]
    position: Position


class LogFollower:
    """Follows one path; `position` is None when it was never looked at."""

    def __init__(self, path: Path, position: Position | None) -> None:
        self._path = path
        self._position = position

    @property
    def position(self) -> Position | None:
        """Return the position that was accepted last; None before the first look."""
        return self._position

    def read(self) -> Read:
        """Return the next lines, none when there are no whole ones; call again while there are.

        Raises:
            OSError: the file is there and cannot be read.
        """
        here = self._position
        while here is not None and here.node and (old := self._renamed(here)) is not None:
            with old.open("rb") as opened:
                found = _next(opened, here, ended=True)
            if found.lines:
                return found
            here = self._after(old)
        try:
            with self._path.open("rb") as opened:
                if here is None:
                    return Read([], _end(opened))
                facts = os.fstat(opened.fileno())
                if (facts.st_dev, facts.st_ino) != here[:2] or not _same(opened, here):
                    here = Position(facts.st_dev, facts.st_ino)
                return _next(opened, here, ended=False)
        except FileNotFoundError:
            return Read([], here or Position())

    def accept(self, position: Position) -> None:
        """Go on from a position: its lines are on the disk."""
        self._position = position

    def _after(self, old: Path) -> Position:
        """Return the start of the file that was the log after one that was renamed.

        That is the one written to next of those that a rotation left beside, or what is there now.
        """
        ended_ns = old.stat().st_mtime_ns
        later = []
        for one in self._path.parent.glob(f"{self._path.stem}*"):
            if not self._is_rotated(one.name):
                continue
            with suppress(OSError):
                facts = one.stat()
                if facts.st_mtime_ns > ended_ns and one != old:
                    later.append((facts.st_mtime_ns, facts.st_dev, facts.st_ino))
        return Position(*min(later)[1:]) if later else Position()

    def _is_rotated(self, name: str) -> bool:
        """Tell a name that a rotation gives: app.log.1, app.log-20260309, app-1.log, app.1.log."""
        whole, stem, suffix = self._path.name, self._path.stem, self._path.suffix
        if name.startswith(whole):
            return bool(_TURN.fullmatch(name.removeprefix(whole)))
        return bool(_TURN.fullmatch(name.removeprefix(stem).removesuffix(suffix)))

    def _renamed(self, here: Position) -> Path | None:
        """Return where the file is now that was read from; None while it is at its path."""
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            pass
        else:
            if (facts.st_dev, facts.st_ino) == here[:2]:
                return None
        beside = sorted(self._path.parent.glob(f"{self._path.stem}*"))[:_MOST_SIBLINGS]
        for one in beside:
            try:
                facts = one.stat()
                if (facts.st_dev, facts.st_ino) != here[:2]:
                    continue
                with one.open("rb") as opened:
                    return one if _same(opened, here) else None
            except OSError:
                continue
        return None


def _same(opened: BinaryIO, here: Position) -> bool:
    """Tell whether a file is still the one that was read, and was not cut short."""
    if os.fstat(opened.fileno()).st_size < here.offset:
        return False
    opened.seek(0)
    return sha256(opened.read(here.head_size)).hexdigest() == here.head or not here.head_size


def _end(opened: BinaryIO) -> Position:
    """Return the position after the last whole line."""
    facts = os.fstat(opened.fileno())
    start = max(0, facts.st_size - _AT_ONCE) // 2 * 2
    opened.seek(start)
    data = opened.read(facts.st_size - start)
    _, used = _split(data, _encoding(opened))
    return _at(opened, Position(facts.st_dev, facts.st_ino), start + used)


def _next(opened: BinaryIO, here: Position, *, ended: bool) -> Read:
    encoding = _encoding(opened)
    opened.seek(here.offset)
    data = opened.read(_AT_ONCE)
    lines, used = _split(data, encoding)
    if not lines and data and (ended or len(data) == _AT_ONCE):
        lines, used = [_plain(data, encoding)], len(data)  # no end will come, or none in sight
    return Read(lines, _at(opened, here, here.offset + used))


def _at(opened: BinaryIO, here: Position, offset: int) -> Position:
    opened.seek(0)
    head = opened.read(min(_HEAD, offset))
    return Position(here.device, here.node, offset, len(head), sha256(head).hexdigest())


def _encoding(opened: BinaryIO) -> str:
    opened.seek(0)
    return _WIDE.get(opened.read(2), "")


def _split(data: bytes, encoding: str) -> tuple[list[bytes], int]:
    """Return the whole lines of some bytes, and how many bytes they are."""
    if not encoding:
        used = data.rfind(b"\n") + 1
        return [line.removesuffix(b"\r") for line in data[:used].split(b"\n")[:-1]], used
    text = data[: len(data) // 2 * 2].decode(encoding, "surrogatepass")
    whole = text[: text.rfind("\n") + 1]
    lines = [_said(line) for line in whole.split("\n")[:-1]]
    return lines, len(whole.encode(encoding, "surrogatepass"))


def _plain(data: bytes, encoding: str) -> bytes:
    return _said(data.decode(encoding, "replace")) if encoding else data


def _said(line: str) -> bytes:
    return line.strip("\ufeff\r").encode("utf-8", "replace")
