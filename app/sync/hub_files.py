"""The few things that a hub asks of a file system, so that a test can make each one fail.

Paths are relative to the hub's folder, ASCII, with "/" between parts. Every error is an OSError, as
the system gives it; the folder hub turns it into a sentence.
"""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Entry(NamedTuple):
    """A name in a folder; a link or a device is neither file nor folder."""

    name: str
    is_file: bool
    is_folder: bool


class HubFiles(Protocol):
    """Calls that each happen, fail, or are cut short by a kill, on their own."""

    def entries(self, folder: str) -> list[Entry]:
        """List a folder; a folder that is not there raises FileNotFoundError."""

    def make_folder(self, folder: str) -> None:
        """Make a folder and its parents; one that is there stays."""

    def read(self, path: str) -> bytes:
        """Return the content of a plain file, never through a link."""

    def create(self, path: str, content: bytes) -> None:
        """Make a file that is not there yet, write it and make it durable (exclusive create)."""

    def upload(self, source: Path, path: str) -> None:
        """Like `create`, from a file of this computer."""

    def download(self, path: str, target: Path) -> None:
        """Copy a file to this computer."""

    def rename(self, old: str, new: str) -> None:
        """Give a file its final name, over what may be there."""

    def remove(self, path: str) -> None:
        """Remove a file."""


class RealFiles:
    """A folder of the operating system."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entries(self, folder: str) -> list[Entry]:
        """List a folder."""
        with os.scandir(self.root / folder) as found:
            return [
                Entry(e.name, e.is_file(follow_symlinks=False), e.is_dir(follow_symlinks=False))
                for e in found
            ]

    def make_folder(self, folder: str) -> None:
        """Make a folder below the root, which itself must be there: a share may be away."""
        place = self.root
        if not place.is_dir():
            raise FileNotFoundError(2, "no such folder", str(place))
        for part in folder.split("/"):
            place = place / part
            place.mkdir(exist_ok=True)

    def read(self, path: str) -> bytes:
        """Return the content of a plain file."""
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_NONBLOCK", 0)
        number = os.open(self.root / path, flags)
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise FileNotFoundError(2, "no plain file", path)
            return file.read()

    def create(self, path: str, content: bytes) -> None:
        """Make a file by exclusive create."""
        with (self.root / path).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def upload(self, source: Path, path: str) -> None:
        """Make a file by exclusive create from one of this computer."""
        with source.open("rb") as origin, (self.root / path).open("xb") as file:
            shutil.copyfileobj(origin, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())

    def download(self, path: str, target: Path) -> None:
        """Copy a file to this computer."""
        with (self.root / path).open("rb") as origin, target.open("wb") as file:
            shutil.copyfileobj(origin, file, 1 << 20)

    def rename(self, old: str, new: str) -> None:
        """Give a file its final name."""
        (self.root / old).replace(self.root / new)

    def remove(self, path: str) -> None:
        """Remove a file."""
        (self.root / path).unlink()
