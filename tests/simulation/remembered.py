"""Remembers what pure functions have answered, so that thousands of schedules fit into minutes.

Reading a file, building one and checking a signature depend on their arguments alone; in a schedule
every station does it with the same bytes. Nothing of the protocol is left out.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from app.storage import scrub
from app.sync import segment, signing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.publication import Publication
    from app.storage.store import Store


@contextmanager
def remembered() -> Iterator[None]:
    """Remember within the block."""
    reading, building = segment.unpack, segment.pack
    signer, checking = signing.Signer, signing.is_signed

    @cache
    def read(name: str, station: bytes, content: bytes) -> Publication | segment.SegmentError:
        try:
            return reading(name, station, content)
        except segment.SegmentError as error:
            return error

    def unpack(name: str, station: bytes, content: bytes) -> Publication:
        found = read(name, station, content)
        if isinstance(found, segment.SegmentError):
            raise segment.SegmentError(str(found))
        return found

    built: dict[Any, tuple[str, bytes]] = {}

    def pack(piece: Publication) -> tuple[str, bytes]:
        key = (*piece[:3], tuple(sorted(piece.redacted.items())), *piece[4:])
        if key not in built:
            built[key] = building(piece)
        return built[key]

    checked: dict[Any, bool] = {}

    def is_signed(piece: Publication) -> bool:
        key = (piece.station, piece.last, piece.hash, piece.key, piece.signature)
        if key not in checked:
            checked[key] = checking(piece)
        return checked[key]

    with (
        patch.object(segment, "unpack", unpack),
        patch.object(segment, "pack", pack),
        patch.object(signing, "Signer", cache(signer)),
        patch.object(signing, "is_signed", is_signed),
        patch.object(scrub, "scrub", _quickly),
    ):
        yield


def _quickly(store: Store) -> bool:
    """Leave the bytes as they are: test_redacting looks at them, where the file is written anew."""
    del store
    return True
