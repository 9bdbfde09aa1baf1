"""Sees to it that what was redacted leaves the hub and this computer (sync.md, redact)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.domain import hybrid_clock
from app.storage import exchange_rows, redactions, scrub, sharing
from app.storage.exchange_rows import HELD_BACK_MS
from app.sync.hub import Erasure

if TYPE_CHECKING:
    from app.sync.site import Site

BLANKED = "blanked"
_DONE = "share.redacted"
"""How many redactions were known when replicas were last removed from the hub."""
_DROPPED = "share.dropped_snapshots"
"""Names of replicas that were removed: a restored folder must not bring them back."""


def redact(site: Site) -> int:
    """Take redacted values and files from the hub and from here; return the files rewritten.

    Raises:
        HubError: the hub is away, full or refuses; it is done at the next exchange.
        StoreError: this computer's disk is full or fails.
    """
    store = site.store
    asked = redactions.asked(store.connection)
    _tell_of_blanks(site)
    if not asked:
        return 0
    now = store.now_ms()
    wanted = {
        station: {
            sseq: Erasure(now - hybrid_clock.wall_ms(hlc) >= HELD_BACK_MS, roots)
            for sseq, (hlc, roots) in rows.items()
        }
        for station, rows in asked.items()
    }
    own = sharing.own_stations(store) | {store.station}
    count = site.hub.redact(store.station, own, wanted)
    gone = redactions.files(store.connection)
    for sha256 in gone:
        site.hub.drop_blob(sha256)
    if site.arriving is not None:
        site.arriving -= gone
    _drop_snapshots(site, sum(len(rows) for rows in asked.values()))
    scrub.erase_files(store, site.files)
    scrub.scrub(store)
    return count


def _tell_of_blanks(site: Site) -> None:
    """Tell of values that were blanked and that no entry asks away: a chain alone shows nothing."""
    store = site.store
    found = redactions.unasked(store.connection)
    known = {note.station for note in exchange_rows.notes(store.connection) if note.kind == BLANKED}
    for station in known - set(found):
        with store.known_errors(), store.database.atomic("IMMEDIATE"):
            exchange_rows.unsay(store.connection, BLANKED, station)
    for station in set(found) - known:
        site.say(
            BLANKED,
            f"{found[station]} values of {site.name_of(station)} were blanked in the shared folder "
            "and nobody has redacted them. Restore the folder from a backup and join again.",
            station,
        )


def _drop_snapshots(site: Site, known: int) -> None:
    """Remove replicas once that were made before a redaction was known here."""
    store = site.store
    dropped: list[str] = json.loads(store.local(_DROPPED, "[]"))
    fresh = int(store.local(_DONE, 0)) != known
    for one in site.hub.snapshots():
        if fresh or one.name in dropped:
            site.hub.drop_snapshot(one)
            if one.name not in dropped:
                dropped.append(one.name)
    if fresh:
        with store.known_errors(), store.database.atomic("IMMEDIATE"):
            store.set_local(_DONE, known)
            store.set_local(_DROPPED, json.dumps(dropped))
            store.set_local(sharing.SNAPSHOT_ROWS, 0)
