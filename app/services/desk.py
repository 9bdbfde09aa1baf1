"""What every use case works with: one profile's store, the clock, and the person who acts.

A `Desk` belongs to one thread, because its connection does; `on_this_thread` gives another thread
its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.incident import EntityId, Named
from app.storage import catalogue
from app.storage.store import Store
from app.system.clock import Clock, from_ms

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from app.storage.journal import Action
    from app.storage.store import Connection
    from app.storage.team_rules import TeamRules
    from app.system.paths import Profile

PERSON_KEY = "person"


@dataclass(slots=True)
class Desk:
    """A profile opened for one person on one thread."""

    profile: Profile
    store: Store
    clock: Clock
    person: Named

    @property
    def connection(self) -> Connection:
        """Return the connection of the calling thread."""
        return self.store.connection

    @property
    def rules(self) -> TeamRules:
        """Return the team's matrix, calendars, targets and lists as they are now."""
        return self.store.rules()

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return from_ms(self.store.now_ms())

    def write(
        self, title: str, *, action_id: EntityId | None = None, undo_of: bytes = b""
    ) -> AbstractContextManager[Action]:
        """Open an action of this person; see `storage.journal.write`."""
        from app.storage import journal  # a window starts without writing

        return journal.write(
            self.store, self.person.id, title, action_id=action_id, undo_of=undo_of
        )

    def acting_as(self, name: str) -> Desk:
        """Return the same desk for another person, who is made when nobody has the name."""
        return Desk(self.profile, self.store, self.clock, person_named(self.store, name))

    def close(self) -> None:
        """Close the calling thread's connection."""
        self.store.close_thread()


def open_desk(
    profile: Profile, clock: Clock, *, person: str = "", zone: str = "UTC", login: str = ""
) -> Desk:
    """Open a profile, making it with the default configuration at first use.

    Args:
        profile: where the database and its files are.
        clock: where instants come from.
        person: who acts; else the profile's person, else `login`, the name of the account.
        zone: the workstation's IANA zone.
        login: the account's name, taken when the profile has no person yet.

    Raises:
        StoreError: the database cannot be used.
    """
    profile.create()
    store = Store(profile.database, clock, zone)
    _seed(store)
    if person:
        return Desk(profile, store, clock, person_named(store, person))
    known = store.local(PERSON_KEY)
    if known is not None:
        named = catalogue.named(store.connection, bytes(known))
        if named is not None:
            return Desk(profile, store, clock, named)
    named = person_named(store, login or "Desk")
    with store.database.atomic("IMMEDIATE"):
        store.set_local(PERSON_KEY, named.id)
    return Desk(profile, store, clock, named)


def set_own_person(desk: Desk, name: str) -> Desk:
    """Say who works at this workstation from now on, and return the desk for that person."""
    named = person_named(desk.store, name)
    with desk.store.known_errors(), desk.store.database.atomic("IMMEDIATE"):
        desk.store.set_local(PERSON_KEY, named.id)
    return Desk(desk.profile, desk.store, desk.clock, named)


def person_named(store: Store, name: str) -> Named:
    """Return the person of this name, making one when nobody has it."""
    found = catalogue.find(store.connection, "person", name)
    if found is None:
        from app.storage import journal

        with journal.write(store, b"", f"Add {name}") as action:
            uid = catalogue.ensure(action, "person", name)
        return Named(uid, name)
    return Named(found.id, found.name)


def _seed(store: Store) -> None:
    """Write the stated defaults into an empty profile, as ordinary data that can be edited."""
    from app.services import configuration  # a profile that is in use does without it

    if store.local("seeded") is None:
        configuration.seed(store)
        with store.database.atomic("IMMEDIATE"):
            store.set_local("seeded", 1)
