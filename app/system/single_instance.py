"""One window for each profile: a second one is refused or raises the first (cli.md).

The operating system's lock goes away with the process that holds it, however it dies, so there is
never a stale lock to clear. The command line does not take it: it may work beside the window.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from app.system.faults import MachineError
from app.system.paths import open_private

if TYPE_CHECKING:
    from io import BufferedRandom
    from pathlib import Path

_PID_AT = 1
"""Byte 0 is what is locked: Windows forbids others to read a locked byte."""


class WindowLock:
    """The right of one process to show the window of a profile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedRandom | None = None

    def acquire(self) -> bool:
        """Take the lock; False when another window holds it.

        Raises:
            MachineError: if the lock file cannot be made.
        """
        if self._file is not None:
            return True
        try:
            descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
        except OSError as refusal:
            raise MachineError(
                f"The file {self._path} cannot be made ({refusal.strerror}): check that the data "
                "folder can be written.",
                code="profile",
            ) from refusal
        file = os.fdopen(descriptor, "r+b")
        if not _lock(file.fileno()):
            file.close()
            return False
        file.truncate(0)
        file.write(b"#" + str(os.getpid()).encode("ascii"))
        file.flush()
        self._file = file
        return True

    def holder(self) -> int | None:
        """Return the process id that last took the lock, if it can be read."""
        with suppress(OSError, ValueError), self._path.open("rb") as file:
            file.seek(_PID_AT)
            return int(file.read(20))
        return None

    def release(self) -> None:
        """Give the lock back; closing the process does the same."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
