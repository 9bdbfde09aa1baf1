"""What one exchange works with: a profile's store, a hub, and what the profile knows of both.

Used on one thread, the one whose connection the store gives out. Nothing here opens a transaction
while it talks to the hub.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import HubError, WrongHubError
from app.storage import exchange_rows, sharing, station_rows
from app.storage.exchange_rows import Note
from app.sync import signing
from app.sync.presence import Here

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from app.domain.changes import ChangeSet
    from app.storage.sharing import Membership
    from app.storage.store import Store
    from app.sync.hub import Hub, Team

NOBODY = bytes(16)
"""Whom a health note is about when it is about no station."""


@dataclass(slots=True)
class Site:
    """A profile at its hub.

    `instance` tells copies of a profile apart; `chance` spreads repairs over time; `folder` is a
    place of this profile for files that are being made or read. `checked` is the own row up to
    which the hub was compared, `arriving` the files that are not here yet, `forked` the stations of
    which pieces were passed over, `looked` until when all that is held of a station is not compared
    again, and how long that pause was (ms).
    """

    store: Store
    hub: Hub
    files: Path
    instance: str
    app_version: str
    chance: random.Random
    member: Membership
    folder: Path | None = None
    checked: int = -1
    arriving: set[str] | None = None
    here: Here = field(default_factory=Here)
    waiting: set[bytes] = field(default_factory=set)
    forked: set[bytes] = field(default_factory=set)
    looked: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    changes: list[ChangeSet] = field(default_factory=list)

    def say(self, kind: str, text: str, station: bytes = NOBODY) -> None:
        """Note a fault for people."""
        with self.store.known_errors(), self.store.database.atomic("IMMEDIATE"):
            note = Note(kind, station, text, self.store.now_ms())
            exchange_rows.say(self.store.connection, note)

    def put(self, key: str, value: object) -> None:
        """Write a local fact in a transaction of its own."""
        sharing.put(self.store, key, value)

    def name_of(self, station: bytes) -> str:
        """Return what people call a station."""
        known = station_rows.stations(self.store.connection, self.member.founder).get(station)
        code = station_rows.code_of(station)
        return f"{known.name} ({code})" if known is not None and known.name else code


def same_team(site: Site) -> Team:
    """Return the hub's team after comparing it with ours; a new epoch of ours is taken over.

    Raises:
        WrongHubError: the place belongs to another team.
        HubError: nothing is there any more: it was wiped, or it is not connected.
    """
    team, member = site.hub.team(), site.member
    if team is None:
        raise HubError(
            f"{site.hub.place} is empty: it was wiped, or it is not connected. Your work is kept "
            "here. If it was wiped, share rebuild publishes everything again.",
            code="hub_wiped",
        )
    if team.id != member.team:
        raise WrongHubError(
            f"{site.hub.place} belongs to another team. Nothing was sent; "
            "choose the folder that your team shares."
        )
    if team.epoch != member.epoch:
        site.member = member._replace(epoch=team.epoch)
        store = site.store
        with store.known_errors(), store.database.atomic("IMMEDIATE"):
            sharing.join(store, site.member)
            store.set_local(sharing.PUSHED, 0)
            store.set_local(sharing.MARGIN, 1)
        site.say("epoch", f"{site.hub.place} was begun again; everything is published again.")
    return team


def enrol(site: Site, name: str) -> bytes:
    """See to it that this station has a key and says so in its journal; return the public key."""
    from app.storage import journal

    store, station = site.store, site.store.station
    secret = sharing.secret_of(store, station)
    if secret is None:
        made = signing.new_secret()
        with store.known_errors(), store.database.atomic("IMMEDIATE"):
            secret = sharing.secret_of(store, station)  # another process may have been faster
            if secret is None:
                secret = made
                sharing.put_secret(store, station, secret)
    public = signing.Signer(secret).public
    if station_rows.enrolled_key(store.connection, station) != public:
        with journal.write(store, b"", "Join the team") as action:
            value = {"name": name, "key": public.hex()}
            action.set(station_rows.KIND, station, station_rows.SELF, value)  # type: ignore[arg-type]
    return public


def own_name(site: Site, fallback: str = "") -> str:
    """Return what this station is called, also when it has just got a new id."""
    return str(site.store.local("share.name", fallback))
