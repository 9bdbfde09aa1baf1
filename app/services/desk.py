"""What every use case works with: one profile's store, the clock, and the person who acts.

A `Desk` belongs to one thread, because its connection does; `on_this_thread` gives another thread
its own.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.catalogue import coded
from app.domain.errors import StoreError
from app.domain.incident import EntityId, Named
from app.domain.people import READER_ROLES
from app.domain.settings import value_of
from app.storage import catalogue
from app.storage.database import read_only_sentence
from app.storage.store import Store
from app.system.clock import Clock, from_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from app.storage.journal import Action
    from app.storage.store import Connection
    from app.storage.team_rules import TeamRules
    from app.system.paths import Profile

PERSON_KEY = "person"
PERSONAL_PREFIX = "setting:"
"""Stands before the key of a person's setting among what belongs to this workstation."""
_ZONE, _NOBODY = "me.zone", "Desk"
_SEEDED = 2
"""Which defaults a profile has: 1 came before the closure codes became data."""


@dataclass(slots=True)
class Desk:
    """A profile opened for one person on one thread.

    `login` names the account and `computer_zone` the computer's zone; `run_zone` is a zone for this
    run only. `own` is the workstation's person as it was last read.
    """

    profile: Profile
    store: Store
    clock: Clock
    person: Named
    login: str = ""
    computer_zone: str = "UTC"
    run_zone: str = ""
    own: bytes = b""

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

    @property
    def read_only(self) -> str:
        """Return why this person may look here and not write, in a sentence; "" when they may."""
        if self.store.read_only:
            return read_only_sentence(self.store.path)
        item = catalogue.by_id(self.connection, self.person.id)
        role = str(item.data.get("role") or "") if item is not None else ""
        if not role or coded(role) not in READER_ROLES:
            return ""
        return (
            f'{self.person.name} has the role "{role}", which looks and does not write. Nothing '
            "was written; ask an administrator for another role."
        )

    @contextlib.contextmanager
    def write(
        self, title: str, *, action_id: EntityId | None = None, undo_of: bytes = b""
    ) -> Iterator[Action]:
        """Open an action of this person; see `storage.journal.write`.

        Raises:
            StoreError: this person may only look, or the file cannot be written.
        """
        from app.storage import journal  # a window starts without writing

        author = self.person.id
        with journal.write(
            self.store, author, title, action_id=action_id, undo_of=undo_of
        ) as action:
            if why := self.read_only:
                raise StoreError(why, code="read_only")
            yield action

    def acting_as(self, name: str) -> Desk:
        """Return the same desk for another person, who is made when nobody has the name."""
        return replace(self, person=person_named(self.store, name))

    def interrupter(self) -> Callable[[], None]:
        """Return what stops a statement of the calling thread; any thread may call it.

        The statement raises, and changes nothing; where none runs, nothing happens.
        """
        return self.connection.interrupt

    def close(self) -> None:
        """Close the calling thread's connection."""
        self.store.close_thread()


def open_desk(
    profile: Profile,
    clock: Clock,
    *,
    person: str = "",
    zone: str = "UTC",
    login: str = "",
    run_zone: str = "",
) -> Desk:
    """Open a profile, making it with the default configuration at first use.

    Args:
        profile: where the database and its files are.
        clock: where instants come from.
        person: who acts in this run; else the profile's person, else `login`.
        zone: the workstation's IANA zone, in which a person lives who chose no other.
        login: the account's name, taken when the profile has no person yet.
        run_zone: an IANA zone for this run only, before the person's own.

    Raises:
        StoreError: the database cannot be used. One that cannot be written is opened to look at.
    """
    read_only = profile.is_read_only
    if not read_only:
        profile.create()
    store = Store(profile.database, clock, zone, read_only=read_only)
    if not read_only:
        _seed(store)
    desk = Desk(profile, store, clock, Named(EntityId(b""), ""), login, zone, run_zone)
    if person:
        known = store.local(PERSON_KEY)
        desk.own = b"" if known is None else bytes(known)
        desk.person = person_named(store, person)
    follow_own_choices(desk)
    if not desk.person.id and not read_only:
        set_own_person(desk, login or _NOBODY)
    return desk


def set_own_person(desk: Desk, name: str) -> None:
    """Say who works at this workstation from now on; "" is the name of the account."""
    named = person_named(desk.store, name or desk.login or _NOBODY)
    with desk.store.writing():
        desk.store.set_local(PERSON_KEY, named.id)
    desk.own, desk.person = named.id, named


def follow_own_choices(desk: Desk) -> None:
    """Take over who works here and in which zone, as far as another thread has changed it."""
    known = desk.store.local(PERSON_KEY)
    if known is not None and bytes(known) != desk.own:
        named = catalogue.named(desk.connection, bytes(known))
        if named is not None:
            desk.own, desk.person = bytes(known), named
    stored = desk.store.local(PERSONAL_PREFIX + _ZONE)
    chosen = "" if stored is None else str(value_of({_ZONE: json.loads(stored)}, _ZONE))
    desk.store.zone = desk.run_zone or chosen or desk.computer_zone


def person_named(store: Store, name: str) -> Named:
    """Return the person of this name, making one when nobody has it."""
    found = catalogue.find(store.connection, "person", name)
    if found is None and store.read_only:
        return Named(EntityId(b""), name)
    if found is None:
        from app.storage import journal

        with journal.write(store, b"", f"Add {name}") as action:
            uid = catalogue.ensure(action, "person", name)
        return Named(uid, name)
    return Named(found.id, found.name)


def _seed(store: Store) -> None:
    """Write the stated defaults into an empty profile, as ordinary data that can be edited."""
    seeded = store.local("seeded")
    if seeded == _SEEDED:
        return
    from app.services import configuration  # a profile that is in use does without it

    if seeded is None:
        configuration.seed(store)
    else:
        configuration.seed_codes(store)
    with store.writing():
        store.set_local("seeded", _SEEDED)
