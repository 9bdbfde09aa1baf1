"""How a folder loses what was redacted: files that still hold it are written again without it.

A blanked row keeps its digest, so the chain and its owner's signature stay good: whoever has read
the `redact` row can do it. Each station sees to the files in its own folder at once; to those of
others only when their owners have not come by for a while (sync.md, redact).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.domain.publication import without
from app.sync.segment import SegmentError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from app.domain.publication import Publication
    from app.sync.hub import Erasure, Span
    from app.sync.hub_files import Entry, HubFiles

    Wanted = Mapping[int, frozenset[bytes]]


class RedactingFolder:
    """The part of a folder hub that blanks rows and removes files."""

    _files: HubFiles
    _blanked: set[str]
    """Files that were read and hold nothing that is to go."""
    _tidy_for = 0
    """How many rows were asked for when unfinished files were last removed."""

    if TYPE_CHECKING:
        _said: Callable[[], contextlib.AbstractContextManager[None]]
        _listing: list[tuple[bytes, str, Span, str]] | None

        def _segments(
            self, station: bytes | None = None
        ) -> Iterator[tuple[bytes, str, Span, str]]: ...

        def _unpacked(self, folder: str, name: str, station: bytes) -> Publication: ...

        def _write_segment(self, folder: str, piece: Publication) -> tuple[str, bool]: ...

        def _listed(self, folder: str) -> list[Entry]: ...

    def redact(
        self, by: bytes, own: Collection[bytes], asked: Mapping[bytes, Mapping[int, Erasure]]
    ) -> int:
        """Write files again that hold values which are asked away; return how many they were."""
        owners = {station.hex() for station in own}
        count = 0
        with self._said():
            self._listing = None
            for station, folder, span, name in list(self._segments()):
                mine = folder.split("/")[1] in owners
                wanted = {
                    sseq: erasure.roots
                    for sseq, erasure in asked.get(station, {}).items()
                    if span.first <= sseq <= span.last and (mine or erasure.late)
                }
                path = f"{folder}/{name}"
                if not wanted or path in self._blanked:
                    continue
                place = folder if mine else f"st/{by.hex()}/repair/{station.hex()}"
                if self._is_written_without(station, folder, name, wanted, place):
                    count += 1
                else:
                    self._blanked.add(path)
            known = sum(len(rows) for rows in asked.values())
            if count or known != self._tidy_for:
                self._tidy(owners)
                self._tidy_for = known
        self._listing = None
        return count

    def _tidy(self, owners: Collection[str]) -> None:
        for owner in owners:
            folders = [f"st/{owner}/seg", f"st/{owner}/pack"]
            above = f"st/{owner}/repair"
            folders += [f"{above}/{e.name}" for e in self._listed(above) if e.is_folder]
            for folder in folders:
                self._remove_unfinished(folder)

    def _is_written_without(
        self, station: bytes, folder: str, name: str, wanted: Wanted, place: str
    ) -> bool:
        """Replace a file by one without these values; False: it holds none of them."""
        try:
            piece = self._unpacked(folder, name, station)
        except FileNotFoundError:
            return False
        except SegmentError:  # it cannot be used, and may hold anything: its rows are sent again
            piece = None
        if piece is not None:
            clean = without(
                piece, [c.sseq for c in piece.changes if c.root in wanted.get(c.sseq, ())]
            )
            if clean is piece:
                return False
            self._write_segment(place, clean)
        with contextlib.suppress(FileNotFoundError):
            self._files.remove(f"{folder}/{name}")
        return True

    def drop_blob(self, sha256: str) -> bool:
        """Remove an attached file; tell whether it was there."""
        folder = f"blob/{sha256[:2]}"
        with self._said():
            if not any(entry.name == sha256 for entry in self._listed(folder)):
                return False
            with contextlib.suppress(FileNotFoundError):
                self._files.remove(f"{folder}/{sha256}")
            self._remove_unfinished(folder)
        return True

    def _remove_unfinished(self, folder: str) -> None:
        """Remove what killed processes have left half written; one that still writes, goes on."""
        for entry in self._listed(folder):
            if entry.is_file and entry.name.endswith(".tmp"):
                with contextlib.suppress(FileNotFoundError):
                    self._files.remove(f"{folder}/{entry.name}")
