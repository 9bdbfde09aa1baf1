"""Shares of the tests' own: a folder behind FUSE that can be made to hang, and a small disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class HangingShare:
    """A folder that is served by a process.

    While that is stopped each call to the folder waits, as with a share whose server has gone.
    """

    def __init__(self, place: Path, server: subprocess.Popen[bytes]) -> None:
        self.place, self._server = place, server

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it hang."""
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def hanging_share(folder: Path) -> Iterator[HangingShare]:
    """Mount a folder through FUSE; skip where that cannot be had."""
    if sys.platform != "linux" or shutil.which("bindfs") is None or os.geteuid() != 0:
        pytest.skip("a share that hangs needs Linux, root and bindfs (Debian: bindfs, fuse3)")
    behind, place = folder / "behind", folder / "share"
    behind.mkdir()
    place.mkdir()
    server = subprocess.Popen(
        ["bindfs", "-f", str(behind), str(place)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        if place.is_mount():
            break
        if server.poll() is not None:
            pytest.skip("FUSE cannot be mounted here")
        time.sleep(0.05)
    try:
        yield HangingShare(place, server)
    finally:
        server.send_signal(signal.SIGCONT)
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)
        server.terminate()
        server.wait(20)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of a few MB; skip where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root on Linux")
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this process may not mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def fill(place: Path) -> Path:
    """Fill a disk to its last byte; return the file to remove again."""
    file = place / "filler"
    number = os.open(file, os.O_WRONLY | os.O_CREAT)
    for size in (65_536, 1):
        with contextlib.suppress(OSError):
            while True:
                os.write(number, bytes(size))
    os.close(number)
    return file
