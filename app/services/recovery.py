"""Brings a shared profile back whose database is damaged: from the hub, and from what is readable.

The damaged file is moved aside and never written to (sync.md, faults).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.services.desk import open_desk
from app.services.exchanging import open_hub, site_of
from app.storage import exchange_rows, remote, salvage, sharing
from app.storage.remote import RefusedPieceError
from app.sync import engine, upkeep

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.storage.salvage import Salvaged
    from app.system.clock import Clock
    from app.system.paths import Profile

_LEFT_BEHIND = frozenset({"station", "hlc", "catalogue_version", sharing.PUSHED, sharing.SENDING})


def recover(profile: Profile, clock: Clock, *, zone: str = "UTC") -> dict[str, Any]:
    """Start a damaged profile again from its hub, with its own unsent changes.

    Raises:
        InvalidInputError: the database is sound, or it never shared.
        StoreError: not even which hub it shared through can be read.
        HubError: the hub is away; the damaged file is still in its place.
    """
    if salvage.is_sound(profile.database):
        raise InvalidInputError("The database is sound, so there is nothing to repair.")
    found = salvage.read(profile.database)
    place = found.local.get("share.place")
    if place is None:
        raise InvalidInputError(
            "This profile shared with nobody, so nobody has a copy of its work. Restore a backup."
        )
    open_hub(str(place)).holdings()  # before anything is moved
    kept = _moved_aside(profile, clock.now_ms())
    desk = open_desk(profile, clock, zone=zone)
    _take_local(desk, found)
    hub = open_hub(str(place))
    site = site_of(desk, hub)
    upkeep.start_from_snapshot(site, profile.directory)
    engine.exchange(site)
    recovered, lost = _own_rows(desk, found)
    text = f"Repaired, {recovered} recovered, {lost} lost"
    site.say("repaired", text)
    engine.exchange(site)
    hub.close()
    desk.close()
    return {"ok": lost == 0, "recovered": recovered, "lost": lost, "text": text, "kept": kept}


def _moved_aside(profile: Profile, now_ms: int) -> str:
    name = f"damaged-{now_ms}"
    for suffix in ("", "-wal", "-shm"):
        file = profile.database.with_name(profile.database.name + suffix)
        if file.exists():
            file.replace(profile.backups / f"{name}.sqlite{suffix}")
    return str(profile.backups / f"{name}.sqlite")


def _take_local(desk: Desk, found: Salvaged) -> None:
    """Take over what belongs to the workstation; its station gets a new id."""
    with desk.store.writing():
        for key, value in found.local.items():
            if key not in _LEFT_BEHIND:
                desk.store.set_local(key, value)


def _own_rows(desk: Desk, found: Salvaged) -> tuple[int, int]:
    """Take own rows that the hub never had; return how many actions and how many rows are gone."""
    store, piece = desk.store, found.piece
    known = exchange_rows.vector(store.connection)
    station = bytes(found.local.get("station", b""))
    last = known.get(station, (0, b""))[0]
    recovered = 0
    if piece is not None and piece.last > last:
        try:
            remote.apply(store, piece)
            recovered = len({c.tx_first for c in piece.changes if c.sseq > last})
        except RefusedPieceError:  # the hub tells another story: a copy of this profile wrote it
            recovered = 0
        with store.writing():
            store.connection.execute("DELETE FROM segment_seen WHERE signature = x''")
    reached = exchange_rows.vector(store.connection).get(station, (0, b""))[0]
    return recovered, max(found.wrote - reached, 0)
