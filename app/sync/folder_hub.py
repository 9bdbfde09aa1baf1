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
from app.sync import folder_notes, segment
from app.sync.folder_redaction import RedactingFolder
from app.sync.hub import (
    FORMAT,
    Fetched,
    Holdings,
    HubFault,
    Presence,
    Snapshot,
    Span,
    StationNote,
    Team,
)
from app.sync.segment import SegmentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.domain.publication import Publication
    from app.sync.hub_files import Entry, HubFiles

_ID = re.compile(r"[0-9a-f]{32}")
_BLOCK = re.compile(r"[1-9][0-9]{0,14}")
_SNAPSHOT = re.compile(r"([1-9][0-9]{0,19})-([0-9a-f]{32})-([0-9a-f]{16})\.sqlite")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL, _REFUSED = frozenset({28, 122, 27}), frozenset({1, 13, 30})


class FolderHub(RedactingFolder):
    """A hub in a folder. `unique` gives a word that no other process uses for its `.tmp` files."""

    def __init__(self, files: HubFiles, place: str, unique: str) -> None:
        self._files = files
        self.place = place
        self._temporary = (f"{unique}-{n}.tmp" for n in itertools.count())
        self._news = threading.Event()
        self._known: dict[str, Publication] = {}
        self._blanked = set()
        self._listing: list[tuple[bytes, str, Span, str]] | None = None
        """What `holdings` saw last: listing folders is what a share is slow at."""

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

    # --- rows

    def holdings(self) -> Mapping[bytes, Holdings]:
        """Return what the names say is held."""
        self._listing = None
        with self._said():
            found: dict[bytes, list[Span]] = {}
            self._listing = list(self._segments())
            for station, _, span, _ in self._listing:
                found.setdefault(station, []).append(span)
        return {station: Holdings(tuple(sorted(set(spans)))) for station, spans in found.items()}

    def hash_at(self, station: bytes, sseq: int) -> bytes | None:
        """Return the hash of a row in a file of the station's own."""
        with self._said():
            for _, folder, span, name in self._segments(station):
                if span.first <= sseq <= span.last and "/repair/" not in folder:
                    with contextlib.suppress(SegmentError, FileNotFoundError):
                        piece = self._unpacked(folder, name, station)
                        return piece.changes[sseq - piece.first].hash
        return None

    def fetch(self, station: bytes, after: int, rows: int) -> Fetched:
        """Return the fewest files that lead on from a row; damaged ones are passed over."""
        pieces: list[Publication] = []
        faults: list[HubFault] = []
        bad: set[str] = set()
        reached = after
        with self._said():
            held = list(self._segments(station))
            while reached - after < rows:
                fitting = [
                    (span.last, folder, name)
                    for _, folder, span, name in held
                    if span.first <= reached + 1 <= span.last and f"{folder}/{name}" not in bad
                ]
                if not fitting:
                    break
                last, folder, name = max(fitting)
                try:
                    pieces.append(self._unpacked(folder, name, station))
                    reached = last
                except FileNotFoundError:
                    bad.add(f"{folder}/{name}")
                except SegmentError as error:
                    bad.add(f"{folder}/{name}")
                    span = next(s for _, f, s, n in held if (f, n) == (folder, name))
                    faults.append(HubFault(station, f"{folder}/{name}", str(error), span))
        return Fetched(tuple(pieces), tuple(faults))

    def publish(self, piece: Publication) -> bool:
        """Write a segment into the station's own folder; True when it was not there."""
        return self._write_segment(f"st/{piece.station.hex()}/seg", piece)[1]

    def replace(self, piece: Publication) -> None:
        """Write a pack and remove the station's own files within its rows."""
        own = f"st/{piece.station.hex()}/"
        kept, _ = self._write_segment(f"{own}pack", piece)
        with self._said():
            for _, folder, span, name in list(self._segments(piece.station)):
                inside = piece.first <= span.first and span.last <= piece.last
                if inside and folder in {f"{own}seg", f"{own}pack"} and f"{folder}/{name}" != kept:
                    with contextlib.suppress(FileNotFoundError):
                        self._files.remove(f"{folder}/{name}")
        self._listing = None

    def mend(self, by: bytes, piece: Publication) -> None:
        """Write another station's segment again, in the folder of the one who mends."""
        self._write_segment(f"st/{by.hex()}/repair/{piece.station.hex()}", piece)

    def _write_segment(self, folder: str, piece: Publication) -> tuple[str, bool]:
        name, content = segment.pack(piece)
        with self._said():
            fresh = self._put_once(folder, name, content)
        self._listing = None
        self._known[f"{folder}/{name}"] = piece
        return f"{folder}/{name}", fresh

    def _segments(self, station: bytes | None = None) -> Iterator[tuple[bytes, str, Span, str]]:
        """Yield (station, folder, span, name) of all files whose name is on the pattern."""
        if self._listing is not None:
            yield from (one for one in self._listing if station is None or one[0] == station)
            return
        for owner in self._folders("st"):
            folders = [(owner, f"st/{owner}/{part}") for part in ("seg", "pack")]
            folders += [
                (of, f"st/{owner}/repair/{of}") for of in self._folders(f"st/{owner}/repair")
            ]
            for of, folder in folders:
                if station is not None and of != station.hex():
                    continue
                for entry in self._listed(folder):
                    told = segment.name_of(entry.name) if entry.is_file else None
                    if told is not None:
                        yield bytes.fromhex(of), folder, told.span, entry.name

    def _folders(self, above: str) -> list[str]:
        return sorted(e.name for e in self._listed(above) if e.is_folder and _ID.fullmatch(e.name))

    def _listed(self, folder: str) -> list[Entry]:
        try:
            return sorted(self._files.entries(folder))
        except (FileNotFoundError, NotADirectoryError):
            self._files.entries("")  # the whole share away is another thing than a missing folder
            return []

    def _unpacked(self, folder: str, name: str, station: bytes) -> Publication:
        path = f"{folder}/{name}"
        if path not in self._known:
            self._known[path] = segment.unpack(name, station, self._files.read(path))
            while len(self._known) > 8:
                del self._known[next(iter(self._known))]
        return self._known[path]

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
        """Claim a block by exclusive create."""
        with self._said():
            self._files.make_folder("num")
            try:
                self._files.create(f"num/{first}", station.hex().encode())
            except FileExistsError:
                with contextlib.suppress(FileNotFoundError):
                    return self._files.read(f"num/{first}") == station.hex().encode()
                return False
        return True

    def presence(self) -> Mapping[bytes, Presence]:
        """Return who was here."""
        found = {}
        with self._said():
            for entry in self._listed("presence"):
                if entry.is_file and _ID.fullmatch(entry.name):
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
