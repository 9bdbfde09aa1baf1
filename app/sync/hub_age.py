"""Tells whether a hub is older than what this workstation has seen of it (hub doctor).

A hub that was restored from a backup, or that lost files, lacks rows that are known here. It is
only looked at: the exchange publishes them again (sync.md, repair).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.storage import exchange_rows, sharing, station_rows
from app.sync import forks
from app.sync.doctor import Check
from app.sync.hub import Holdings
from app.sync.push import gaps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.storage.store import Store
    from app.sync.hub import Hub

NAMED = 3
"""So many workstations are named; of further ones only the number is told."""


def age(store: Store, hub: Hub) -> Check:
    """Compare what a hub holds with what this workstation has sent and taken.

    Raises:
        HubError: the hub is away or refuses.
    """
    holdings = hub.holdings()
    notes = {station: hub.note(station) for station in holdings}
    known = {station: note for station, note in notes.items() if note is not None}
    doubted = {
        station
        for station in forks.doubted(store, known)
        if any(forks.contradicts(store, one) for one in hub.stories(station))
    }
    if doubted:
        return Check(
            "history",
            False,
            f"Two stories of {_named(store, sorted(doubted))} stand there under the same numbers: "
            "a profile and this place were put back in time together. Synchronise on every "
            "workstation, twice: both are kept, and this line goes, unless a workstation that is "
            "gone has left one of them there, which harms nothing.",
        )
    missing = _missing(store, holdings)
    if missing:
        return Check(
            "history",
            False,
            "It is older than what this workstation has seen of it: entries of "
            f"{_named(store, list(missing))} are missing there ({sum(missing.values())}). It was "
            "restored from a backup or has lost files. Synchronise here and open Incident Desk on "
            "the other workstations: each publishes again what it holds. Restore nothing by hand "
            "until then.",
        )
    return Check("history", True, "It holds all that this workstation has sent and taken.")


def _missing(store: Store, holdings: Mapping[bytes, Holdings]) -> dict[bytes, int]:
    """Return how many rows of each station the hub lacks that it has held."""
    found: dict[bytes, int] = {}
    for station, (last, _) in sorted(exchange_rows.vector(store.connection).items()):
        if station == store.station:
            last = int(store.local(sharing.PUSHED, 0))
        lost = gaps(holdings.get(station, Holdings(())), last)
        if lost:
            found[station] = sum(end - first + 1 for first, end in lost)
    return found


def _named(store: Store, stations: list[bytes]) -> str:
    """Return the names of workstations, as people know them."""
    names = [
        f"{station_rows.name_of(store.connection, one)} ({station_rows.code_of(one)})".strip()
        for one in stations[:NAMED]
    ]
    if len(stations) > NAMED:
        names.append(f"{len(stations) - NAMED} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
