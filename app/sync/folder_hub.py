"""A shared folder as a hub: immutable files, each written once by one station (sync.md).

Everything is derived from names; a file is believed when its content matches its name. Two files a
station (`head.json`, `presence`) are hints that are written over. Nothing needs a lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import threading
from typing import TYPE_CHECKING

from app.domain.errors import (
    HubAwayError,
    HubError,
    HubFullError,
    HubNewerError,
    HubRefusedError,
    WrongHubError,
)
from app.sync import folder_notes
from app.sync.folder_segments import ID, SegmentFolder
from app.sync.hub import FORMAT, Presence, Snapshot, StationNote, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.sync.hub_files import HubFiles

_BLOCK = re.compile(r"[1-9][0-9]{0,14}")
_SNAPSHOT = re.compile(r"([1-9][0-9]{0,19})-([0-9a-f]{32})-([0-9a-f]{16})\.sqlite")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL, _REFUSED = frozenset({28, 122, 27}), frozenset({1, 13, 30})


class FolderHub(SegmentFolder):
    """A hub in a folder. `unique` gives a word that no other process uses for its `.tmp` files."""

    keeps_one_story = False

    def __init__(self, files: HubFiles, place: str, unique: str) -> None:
        self._files = files
        self.place = place
        self._temporary = (f"{unique}-{n}.tmp" for n in itertools.count())
        self._news = threading.Event()
        self._known = {}
        self._blanked = set()
        self._listing = None

    # --- whose it is

    def team(self) -> Team | None:
        """Return whose hub it is; None when the folder is there and empty of ours."""
        with self._said():
            try:
                content = self._files.read("team.json")
            except FileNotFoundError:
                entries = self._files.entries("")
                if any(e.is_folder and e.name == "st" for e in entries):
                    # Its label alone was lost: never a reason to begin anew over the work in it.
                    raise HubError(
                        f"{self.place} has lost its file team.json. Bring it back from a backup of "
                        "the folder, or publish again with share rebuild.",
                        code="hub_label_lost",
                    ) from None
                return None
        team = folder_notes.read_team(content)
        if team is None:
            raise WrongHubError(
                f"{self.place} is not a folder of Incident Desk: its team.json cannot be read. "
                "Choose the folder that your team shares."
            )
        if team.format > FORMAT:
            raise HubNewerError(
                f"{self.place} was made by a newer Incident Desk. Update to sync; "
                "your work is kept here until then."
            )
        return team

    def found(self, team: Team) -> Team:
        """Make the folder the hub of a team; return the team that it now belongs to."""
        content = folder_notes.write_team(team)
        with self._said():
            try:
                self._files.create("team.json", content)
            except FileExistsError:
                known = folder_notes.read_team(self._files.read("team.json"))
                if known is not None and known.id != team.id:
                    return known
                self._put_over("", "team.json", content)
        return self.team() or team

    # --- notes, numbers, presence

    def note(self, station: bytes) -> StationNote | None:
        """Return what stands in a station's `head.json`."""
        with self._said(), contextlib.suppress(FileNotFoundError):
            return folder_notes.read_note(self._files.read(f"st/{station.hex()}/head.json"))
        return None

    def write_note(self, station: bytes, note: StationNote) -> None:
        """Write `head.json` over."""
        with self._said():
            folder = f"st/{station.hex()}"
            self._put_over(folder, "head.json", folder_notes.write_note(note))

    def blocks(self) -> Mapping[int, bytes]:
        """Return the claims by their names; whose they are is not read."""
        with self._said():
            return {int(e.name): b"" for e in self._listed("num") if _BLOCK.fullmatch(e.name)}

    def claim_block(self, first: int, station: bytes) -> bool:
        """Claim a block by exclusive create, believed once it is read back.

        Some ways to reach a share (SMB through FUSE) let two computers make one file.
        """
        mine = station.hex().encode()
        with self._said():
            self._files.make_folder("num")
            with contextlib.suppress(FileExistsError):
                self._files.create(f"num/{first}", mine)
            with contextlib.suppress(FileNotFoundError):
                return self._files.read(f"num/{first}") == mine
        return False

    def presence(self) -> Mapping[bytes, Presence]:
        """Return who was here."""
        found = {}
        with self._said():
            for entry in self._listed("presence"):
                if entry.is_file and ID.fullmatch(entry.name):
                    with contextlib.suppress(FileNotFoundError):
                        told = folder_notes.read_presence(
                            self._files.read(f"presence/{entry.name}")
                        )
                        if told is not None:
                            found[bytes.fromhex(entry.name)] = told
        return found

    def say_present(self, station: bytes, presence: Presence) -> None:
        """Write the station's presence over."""
        with self._said():
            self._put_over("presence", station.hex(), folder_notes.write_presence(presence))

    # --- blobs and snapshots

    def has_blob(self, sha256: str) -> bool:
        """Tell whether a file of this digest is there."""
        with self._said():
            return any(e.name == sha256 for e in self._listed(f"blob/{sha256[:2]}"))

    def put_blob(self, sha256: str, source: Path) -> None:
        """Write an attached file under its digest."""
        if not self.has_blob(sha256):
            self._upload(f"blob/{sha256[:2]}", sha256, source)

    def get_blob(self, sha256: str, target: Path) -> bool:
        """Copy an attached file and compare it with its digest."""
        if not _SHA256.fullmatch(sha256):
            return False
        return self._download(f"blob/{sha256[:2]}/{sha256}", target, sha256)

    def snapshots(self) -> Sequence[Snapshot]:
        """Return the replicas, newest first."""
        with self._said():
            names = [_SNAPSHOT.fullmatch(e.name) for e in self._listed("snap") if e.is_file]
        found = [Snapshot(int(m[1]), bytes.fromhex(m[2]), m[0]) for m in names if m]
        return sorted(found, reverse=True)

    def put_snapshot(self, hlc: int, station: bytes, source: Path) -> Snapshot:
        """Write a replica."""
        name = f"{hlc}-{station.hex()}-{_digest(source)[:16]}.sqlite"
        self._upload("snap", name, source)
        return Snapshot(hlc, station, name)

    def get_snapshot(self, snapshot: Snapshot, target: Path) -> bool:
        """Copy a replica and compare it with its name."""
        told = _SNAPSHOT.fullmatch(snapshot.name)
        return told is not None and self._download(f"snap/{snapshot.name}", target, told[3])

    def drop_snapshot(self, snapshot: Snapshot) -> None:
        """Remove a replica."""
        if _SNAPSHOT.fullmatch(snapshot.name):
            with self._said(), contextlib.suppress(FileNotFoundError):
                self._files.remove(f"snap/{snapshot.name}")

    # --- waiting

    def wait(self, timeout_s: float) -> bool:
        """Wait; a folder tells of no news, so it is to be looked at again afterwards."""
        self._news.wait(timeout_s)
        self._news.clear()
        return True

    def interrupt(self) -> None:
        """Make `wait` return at once."""
        self._news.set()

    def close(self) -> None:
        """Forget what was read."""
        self._known.clear()

    # --- writing

    def _put_once(self, folder: str, name: str, content: bytes) -> bool:
        """Write an immutable file: `.tmp`, durable, rename, read back. A good one stays (False)."""
        path = f"{folder}/{name}"
        with contextlib.suppress(FileNotFoundError):
            if self._files.read(path) == content:
                return False
        self._files.make_folder(folder)
        self._written(folder, lambda temporary: self._files.create(temporary, content), path)
        if self._files.read(path) != content:
            raise HubAwayError(f"{self.place} did not keep what was written; it is sent again.")
        return True

    def _put_over(self, folder: str, name: str, content: bytes) -> None:
        if folder:
            self._files.make_folder(folder)
        path = f"{folder}/{name}" if folder else name
        self._written(folder, lambda temporary: self._files.create(temporary, content), path)

    def _upload(self, folder: str, name: str, source: Path) -> None:
        with self._said():
            self._files.make_folder(folder)
            path = f"{folder}/{name}"
            self._written(folder, lambda temporary: self._files.upload(source, temporary), path)

    def _written(self, folder: str, write: Callable[[str], None], path: str) -> None:
        temporary = f"{folder}/{next(self._temporary)}" if folder else next(self._temporary)
        try:
            write(temporary)
            self._files.rename(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                self._files.remove(temporary)
            raise

    def _download(self, path: str, target: Path, digest: str) -> bool:
        with self._said():
            try:
                self._files.download(path, target)
            except FileNotFoundError:
                self._files.entries("")
                return False
        if _digest(target).startswith(digest):
            return True
        target.unlink(missing_ok=True)
        return False

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what the system says into what people can do about it."""
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise HubFullError(
                    f"There is no space left in {self.place}. Your work is kept here and is sent "
                    "when there is space again."
                ) from error
            if error.errno in _REFUSED:
                raise HubRefusedError(
                    f"{self.place} may not be read or written by you. Ask for the right to, "
                    "your work is kept here until then."
                ) from error
            raise HubAwayError(f"{self.place} cannot be reached ({error.strerror}).") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
