"""The rows of a folder hub: which segments its names tell of, read, and written once (sync.md)."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from app.sync import segment
from app.sync.folder_redaction import RedactingFolder
from app.sync.hub import Fetched, Holdings, HubFault, Span
from app.sync.segment import SegmentError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from app.domain.publication import Publication
    from app.sync.hub_files import Entry

ID = re.compile(r"[0-9a-f]{32}")
"""How a station is named in a path."""


class SegmentFolder(RedactingFolder):
    """The part of a folder hub that holds the rows of all journals."""

    _known: dict[str, Publication]
    """Segments that were read last, by path."""
    _listing: list[tuple[bytes, str, Span, str]] | None
    """What `holdings` saw last: listing folders is what a share is slow at."""

    if TYPE_CHECKING:

        def _put_once(self, folder: str, name: str, content: bytes) -> bool: ...

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

    def fetch(self, station: bytes, after: int, rows: int, known: bytes | None = None) -> Fetched:
        """Return the fewest files that lead on from a row; damaged ones are passed over."""
        pieces: list[Publication] = []
        faults: list[HubFault] = []
        bad: set[str] = set()
        reached, forked = after, False
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
                    piece = self._unpacked(folder, name, station)
                except FileNotFoundError:
                    bad.add(f"{folder}/{name}")
                except SegmentError as error:
                    bad.add(f"{folder}/{name}")
                    span = next(s for _, f, s, n in held if (f, n) == (folder, name))
                    faults.append(HubFault(station, f"{folder}/{name}", str(error), span))
                else:
                    if known is not None and piece.hash_before(reached + 1) != known:
                        bad.add(f"{folder}/{name}")
                        forked = True
                        continue
                    pieces.append(piece)
                    reached, known = last, piece.hash
        return Fetched(tuple(pieces), tuple(faults), forked)

    def stories(self, station: bytes) -> list[Publication]:
        """Return what all files of a station that can be read say, whatever it is."""
        found: list[Publication] = []
        with self._said():
            for _, folder, _, name in list(self._segments(station)):
                with contextlib.suppress(SegmentError, FileNotFoundError):
                    found.append(self._unpacked(folder, name, station))
        return found

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

    def withdraw(self, own: Collection[bytes], piece: Publication) -> None:
        """Remove a segment from the folders of one profile's ids."""
        name, _ = segment.pack(piece)
        repaired = f"repair/{piece.station.hex()}"
        folders = [f"st/{id_.hex()}/{part}" for id_ in own for part in ("seg", "pack", repaired)]
        with self._said():
            for _, folder, _, held in list(self._segments(piece.station)):
                if held == name and folder in folders:
                    with contextlib.suppress(FileNotFoundError):
                        self._files.remove(f"{folder}/{name}")
        self._listing = None

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
        return sorted(e.name for e in self._listed(above) if e.is_folder and ID.fullmatch(e.name))

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
