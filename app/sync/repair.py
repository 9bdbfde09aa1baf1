"""Publishes again what the hub has lost, and what is damaged there (sync.md, repair).

Whoever holds the rows can do it: they carry their owner's signature. Each station waits a random
while first, so that not all of them do it at once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import GENESIS, Change
from app.domain.publication import Publication
from app.storage import exchange_rows, sharing
from app.sync.hub import Holdings
from app.sync.push import gaps, publish_span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.storage.exchange_rows import Seen
    from app.sync.hub import StationNote
    from app.sync.site import Site

DELAY_MS = 30_000
"""At most so long a station leaves a loss to others."""

_DUE = "share.repairs"


def repair(
    site: Site,
    holdings: Mapping[bytes, Holdings],
    notes: Mapping[bytes, StationNote],
    *,
    delay_ms: int = DELAY_MS,
) -> int:
    """Publish lost and damaged pieces of others and of this station; return how many.

    Without a delay everything is published at once.

    Raises:
        HubError: the hub is away, full or refuses.
    """
    own = site.store.station
    vector = exchange_rows.vector(site.store.connection)
    wanted: list[tuple[bytes, Seen]] = []
    mended = 0
    for station, (last, _) in sorted(vector.items()):
        held = holdings.get(station, Holdings(()))
        damaged = _damaged(site, station, held, last, notes)
        if sharing.secret_of(site.store, station) is not None:  # its own, or a former id's
            mended += sum(publish_span(site, station, first, end) for first, end in damaged)
            continue
        spans = gaps(held, last) + damaged
        if not spans:
            continue
        wanted += [
            (station, one)
            for one in exchange_rows.seen(site.store.connection, station)
            if any(one.first <= end and first <= one.last for first, end in spans)
        ]
    for station, one in _due(site, wanted, delay_ms):
        piece = verbatim(site, station, one)
        if piece is not None:
            site.hub.mend(own, piece)
            mended += 1
    return mended


def _damaged(
    site: Site,
    station: bytes,
    held: Holdings,
    last: int,
    notes: Mapping[bytes, StationNote],
) -> list[tuple[int, int]]:
    """Return what others cannot read although it seems to be there: they stay behind at it."""
    behind = [
        note.seen.get(station, 0)
        for reader, note in notes.items()
        if reader not in (station, site.store.station)
        and note.seen.get(station, 0) < min(held.newest, last)
    ]
    found: list[tuple[int, int]] = []
    for after in sorted(set(behind)):
        found += [
            (fault.rows.first, min(fault.rows.last, last))
            for fault in site.hub.fetch(station, after, 1).faults
            if fault.rows is not None
        ]
    return found


def _due(site: Site, wanted: list[tuple[bytes, Seen]], delay_ms: int) -> list[tuple[bytes, Seen]]:
    """Return what has waited for its random while; note when the rest will have."""
    now = site.store.now_ms()
    noted: dict[str, int] = json.loads(site.store.local(_DUE, "{}"))
    dues: dict[str, int] = {}
    ready = []
    for station, one in wanted:
        key = f"{station.hex()}:{one.last}"
        due = noted.get(key)
        if due is None or due > now + delay_ms:  # the second: the clock was put back since
            due = now + site.chance.randrange(delay_ms + 1)
        if due <= now:
            ready.append((station, one))
        else:
            dues[key] = due
    if dues != noted:
        site.put(_DUE, json.dumps(dues))
    return ready


def verbatim(site: Site, station: bytes, one: Seen) -> Publication | None:
    """Return a piece as its owner published it, from the rows that are here."""
    connection = site.store.connection
    rows: list[Any] = connection.execute(
        "SELECT * FROM change WHERE station = ? AND sseq BETWEEN ? AND ? ORDER BY sseq",
        (station, one.first, one.last),
    ).fetchall()
    if len(rows) != one.last - one.first + 1:
        return None
    changes = tuple(Change._make(row) for row in rows)
    before = GENESIS
    if one.first > 1:
        before = exchange_rows.hash_at(connection, station, one.first - 1) or GENESIS
    redacted: dict[int, bytes] = dict(
        connection.execute(
            "SELECT sseq, digest FROM redaction WHERE station = ? AND sseq BETWEEN ? AND ?",
            (station, one.first, one.last),
        )
    )
    return Publication(station, before, changes, redacted, one.key, one.signature)
