"""Takes files that other programs put into a folder, when they have stopped growing.

A file is moved away (to `done` or `quarantine` within the folder) only after what it says is on the
disk: a program that dies between the two takes it once more, which is a repeat and changes nothing.
Links and what is no plain file are left alone.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from app.intake.report_file import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DONE, QUARANTINE = "done", "quarantine"
_MOST_AT_ONCE = 64 << 20
"""Bytes that one look hands out at most; the rest waits for the next."""
_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", "~")


class DropFolder:
    """One folder that is looked at now and then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sizes: dict[str, tuple[int, int]] = {}

    def ready(self) -> Iterator[tuple[Path, bytes]]:
        """Give each file that is as it was at the last look, with what it holds."""
        seen: dict[str, tuple[int, int]] = {}
        given = 0
        try:
            paths = sorted(self.folder.iterdir())
        except OSError:
            return
        for path in paths:
            name = path.name
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            try:
                facts = path.lstat()
                if not stat.S_ISREG(facts.st_mode):
                    continue
                seen[name] = (facts.st_size, facts.st_mtime_ns)
                if self._sizes.get(name) != seen[name] or given > _MOST_AT_ONCE:
                    continue
                with path.open("rb") as opened:
                    body = opened.read(MOST_BYTES + 1)
            except OSError:
                continue
            given += len(body)
            yield path, body
        self._sizes = seen

    def put_away(self, path: Path, *, taken: bool) -> None:
        """Move a file that was taken, or could not be read, out of the way."""
        folder = self.folder / (DONE if taken else QUARANTINE)
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        path.replace(target)
