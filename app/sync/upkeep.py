"""Keeps a hub quick to join and to list: replicas for new stations, packs of old segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import HubFullError, StoreError
from app.domain.publication import Publication
from app.storage import exchange_rows, proving, replica, sharing, station_rows
from app.sync import signing
from app.sync.push import pieces, sealed
from app.sync.site import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.sync.hub import Holdings
    from app.sync.site import Site

SNAPSHOT_FROM = 5_000
"""A team with fewer rows needs no replica: a new station reads the segments as fast."""
PACK_FROM = 64
"""So many own segments are merged into larger ones."""
KEPT = 2
"""So many of the own replicas are kept: somebody may be reading the older one."""


def snapshot(site: Site, folder: Path, *, least: int = SNAPSHOT_FROM) -> bool:
    """Publish a replica when none is there, or the journal has doubled since the last.

    Raises:
        HubError: the hub is away, full or refuses.
    """
    store = site.store
    last = exchange_rows.vector(store.connection).get(store.station, (0, b""))[0]
    if last != int(store.local(sharing.PUSHED, 0)):
        return False  # nobody could tell whose the rows at its end are
    count = replica.rows(store)
    if count < max(least, 2 * int(store.local(sharing.SNAPSHOT_ROWS, 0))):
        return False
    known = site.hub.snapshots()
    if known and not any(one.station == store.station for one in known):
        site.put(sharing.SNAPSHOT_ROWS, count)  # a colleague's is as good
        return False
    target = folder / ".snapshot.sqlite"
    target.unlink(missing_ok=True)
    try:
        hlc = replica.make(store, target)
        site.hub.put_snapshot(hlc, store.station, target)
    finally:
        target.unlink(missing_ok=True)
    site.put(sharing.SNAPSHOT_ROWS, count)
    for old in [one for one in site.hub.snapshots() if one.station == store.station][KEPT:]:
        site.hub.drop_snapshot(old)
    return True


def start_from_snapshot(site: Site, folder: Path) -> bool:
    """Take over the newest sound replica of the hub into a profile that has no incident yet.

    Raises:
        HubError: the hub is away or refuses.
    """
    if not replica.may_start_anew(site.store):
        return False
    target = folder / ".joining.sqlite"
    for one in site.hub.snapshots():
        target.unlink(missing_ok=True)
        try:
            if site.hub.get_snapshot(one, target):
                _refuse_unsigned(target)
                replica.take_over(site.store, target)
                site.put(sharing.UNPROVEN, 2)  # the exchange of the joining itself does not wait
                site.put(sharing.SNAPSHOT_ROWS, replica.rows(site.store))
                return True
        except StoreError as error:
            site.say("snapshot", f"A replica on the hub was not used: {error.message}", NOBODY)
        finally:
            for name in ("", "-wal", "-shm"):
                target.with_name(target.name + name).unlink(missing_ok=True)
    return False


def _refuse_unsigned(file: Path) -> None:
    """Refuse a replica in which a station's journal is not signed to its end."""
    for end in proving.ends(file):
        one = end.signed
        if one is not None and one.last == end.last and end.key in (None, one.key):
            told = Publication(end.station, b"", (), {}, one.key, one.signature)
            if signing.is_signed_at(told, end.last, end.hash):
                continue
        raise StoreError(
            f"the entries of {station_rows.code_of(end.station)} in it are not signed to their end",
            code="unsigned",
        )


def prove_rows(site: Site, folder: Path) -> bool:
    """Compare once what a replica brought with the journal; build it anew where it was forged.

    Raises:
        StoreError: there is no space for it; it is tried again at the next exchange.
    """
    store = site.store
    left = int(store.local(sharing.UNPROVEN, 0))
    if left != 1:
        if left:
            site.put(sharing.UNPROVEN, left - 1)
        return not left
    wrong = proving.wrong_tables(store, folder)
    if wrong:
        proving.build_anew(store)
        site.say(
            "forged",
            "The replica that this profile started from did not follow from the journal "
            f"({', '.join(wrong)}). Everything was built anew from the journal.",
        )
    site.put(sharing.UNPROVEN, 0)
    return not wrong


def pack(site: Site, holdings: Mapping[bytes, Holdings], *, least: int = PACK_FROM) -> int:
    """Merge own small segments into large ones; return how many there are then.

    Raises:
        HubError: the hub is away, full or refuses.
    """
    store, station = site.store, site.store.station
    held = holdings.get(station)
    if held is None or len(held.spans) < least or held.reach(0) != held.newest:
        return 0
    count = 0
    for piece in pieces(store, station, 1, held.newest):
        inside = [s for s in held.spans if piece.first <= s.first and s.last <= piece.last]
        if len(inside) > 1:
            whole = sealed(site, piece)
            try:
                site.hub.replace(whole)
            except HubFullError:
                return count
            with store.known_errors(), store.database.atomic("IMMEDIATE"):
                exchange_rows.note_seen(store.connection, whole)
            count += 1
    return count
