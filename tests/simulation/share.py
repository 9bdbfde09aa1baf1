"""A shared folder in memory that fails in the ways that real ones do, as a seed says."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.sync.hub_files import Entry

if TYPE_CHECKING:
    import random
    from pathlib import Path


class KilledError(BaseException):
    """The process ends here; no clean-up of its own runs that touches the share."""


@dataclass
class Share:
    """What all stations see: folders with files. `before` are copies to roll back to."""

    folders: dict[str, dict[str, bytes]] = field(default_factory=lambda: {"": {}})
    before: list[dict[str, dict[str, bytes]]] = field(default_factory=list)
    _counted: int = 0
    _below: dict[str, list[str]] = field(default_factory=dict)

    def copy(self) -> dict[str, dict[str, bytes]]:
        """Return everything as it is now."""
        return {folder: dict(files) for folder, files in self.folders.items()}

    def keep(self) -> None:
        """Remember this state for a later rollback."""
        self.before.append(self.copy())

    def paths(self, *parts: str) -> list[str]:
        """Return the paths of files whose folder holds one of the words."""
        return sorted(
            f"{folder}/{name}"
            for folder, files in self.folders.items()
            if any(part in folder for part in parts)
            for name in files
        )

    def below(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        if len(self.folders) != self._counted:
            self._counted = len(self.folders)
            self._below = {}
            for name in sorted(self.folders):
                above, _, last = name.rpartition("/")
                if last:
                    self._below.setdefault(above, []).append(last)
        return self._below.get(folder, [])

    def get(self, path: str) -> bytes:
        folder, _, name = path.rpartition("/")
        return self.folders[folder][name]

    def put(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        self.folders[folder][name] = content

    def drop(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.folders[folder].pop(name, None)


class View:
    """The share as one station reaches it: `HubFiles` with faults.

    `fuse` counts down with each call; at zero the process is killed, the call done in part.
    """

    def __init__(self, share: Share, chance: random.Random) -> None:
        self._share = share
        self._chance = chance
        self.fuse = -1
        self.away = False
        self.full = False
        self.stale: dict[str, list[Entry]] = {}
        self.is_stale = False
        self.calls = 0

    def _call(self) -> bool:
        """Count a call; True: it is the last one of this process."""
        self.calls += 1
        if self.away:
            raise OSError(errno.EHOSTDOWN, "host is down")
        self.fuse -= 1
        return self.fuse == 0

    def _folder(self, folder: str) -> dict[str, bytes]:
        try:
            return self._share.folders[folder]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "no such folder", folder) from None

    def entries(self, folder: str) -> list[Entry]:
        if self._call():
            raise KilledError
        if self.is_stale and folder in self.stale:
            return self.stale[folder]
        found = [Entry(name, is_file=True, is_folder=False) for name in self._folder(folder)]
        below = self._share.below(folder)
        found += [Entry(name, is_file=False, is_folder=True) for name in below]
        if self._chance.random() < 0.5:
            found.reverse()
        self.stale[folder] = found
        return found

    def make_folder(self, folder: str) -> None:
        if self._call():
            raise KilledError
        self._share.folders.setdefault(folder, {})
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            self._share.folders.setdefault(folder, {})

    def read(self, path: str) -> bytes:
        if self._call():
            raise KilledError
        folder, _, name = path.rpartition("/")
        try:
            return self._folder(folder)[name]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "no such file", path) from None

    def create(self, path: str, content: bytes) -> None:
        killed = self._call()
        folder, _, name = path.rpartition("/")
        files = self._folder(folder)
        if name in files:
            raise FileExistsError(errno.EEXIST, "exists", path)
        if killed:  # torn: any part of it may be there
            files[name] = content[: self._chance.randrange(len(content) + 1)]
            raise KilledError
        if self.full:
            files[name] = content[: len(content) // 2]
            raise OSError(errno.ENOSPC, "no space left")
        files[name] = content

    def upload(self, source: Path, path: str) -> None:
        self.create(path, source.read_bytes())

    def download(self, path: str, target: Path) -> None:
        target.write_bytes(self.read(path))

    def rename(self, old: str, new: str) -> None:
        if self._call():
            if self._chance.random() < 0.5:
                self._moved(old, new)
            raise KilledError
        self._moved(old, new)

    def _moved(self, old: str, new: str) -> None:
        folder, _, name = old.rpartition("/")
        try:
            content = self._folder(folder).pop(name)
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "no such file", old) from None
        self._share.put(new, content)

    def remove(self, path: str) -> None:
        if self._call():
            raise KilledError
        folder, _, name = path.rpartition("/")
        if self._folder(folder).pop(name, None) is None:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
