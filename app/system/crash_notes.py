"""Which crash files nobody has been told of yet: each is told at one start, then never again.

A fault below Python cannot write a file of its own. It leaves its stacks in `fatal.txt`, which a
program that ends in order removes: one that is there at a start is made into a crash file.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from app.system.crash import FATAL_NAME, new_crash_file
from app.system.paths import open_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

TOLD_NAME = "told.txt"
"""The names of the crash files that were told, one a line."""
_FATAL = re.compile(r"Fatal Python error|Windows fatal exception: (?!code )")
"""Windows also records faults by number that a library took care of itself: those end nothing."""
MOST_BYTES = 200_000
"""So much of a file is shown; a crash file is far smaller."""


def take_fault(folder: Path, *, now: datetime, logs: Path | None = None) -> Path | None:
    """Make a crash file of what an earlier run left when it was stopped; None when it was not.

    To be called before `watch_fatal`. The versions are those of this start. Never raises.
    """
    fatal = folder / FATAL_NAME
    with suppress(Exception):
        if not fatal.is_file():
            return None
        stacks = _beginning(fatal)
        path = None
        if _FATAL.search(stacks):
            from app.system.crash_text import fault_text  # hardly ever needed

            path = new_crash_file(folder, now, fault_text(stacks, now, {}, logs))
        fatal.unlink()
        return path
    return None


def untold(folder: Path) -> list[Path]:
    """Return the crash files that nobody was told of, the newest first."""
    told = _told(folder)
    try:
        found = [path for path in folder.glob("crash-*.txt") if path.name not in told]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    except OSError:
        return []


def mark_told(folder: Path, paths: Sequence[Path]) -> None:
    """Note that these were told; names of files that are gone are forgotten."""
    names = _told(folder) | {path.name for path in paths}
    kept = sorted(name for name in names if (folder / name).is_file())
    beside = folder / f"{TOLD_NAME}.new"
    with suppress(OSError):
        with open(beside, "w", encoding="utf-8", opener=open_private) as file:
            file.write("".join(f"{name}\n" for name in kept))
        os.replace(beside, folder / TOLD_NAME)  # noqa: PTH105 (one step, as everywhere)


def forget(paths: Sequence[Path]) -> bool:
    """Remove crash files; False when one cannot be removed."""
    gone = True
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            gone = False
    return gone


def text_of(paths: Sequence[Path]) -> str:
    """Return what the files say, one after the other; one that cannot be read is left out."""
    texts = []
    for path in paths:
        with suppress(OSError):
            texts.append(_beginning(path))
    return "\n\n".join(texts)


def _beginning(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_BYTES).decode("utf-8", "replace")


def _told(folder: Path) -> set[str]:
    try:
        return set(_beginning(folder / TOLD_NAME).splitlines())
    except OSError:
        return set()
