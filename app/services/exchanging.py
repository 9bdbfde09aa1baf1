"""Opens what an exchange works with: the hub at a place, and the sync thread of a profile."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import random
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from app import __version__
from app.domain.errors import InvalidInputError
from app.storage import sharing
from app.sync import engine
from app.sync.folder_hub import FolderHub
from app.sync.hub_files import RealFiles
from app.sync.presence import Here as Here
from app.sync.site import Site
from app.sync.worker import POLL_S, Worker
from app.system import secrets
from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.errors import KnownError
    from app.services.desk import Desk
    from app.storage.sharing import Membership
    from app.sync.engine import Exchanged
    from app.sync.hub import Hub

SERVER = ("postgresql://", "postgres://")
"""How the place of a server begins."""


def open_hub(place: str) -> Hub:
    """Return the hub at a place: a folder, or `postgresql://user@host/database`.

    The password of a server stands in the address while it is given, later in the system's key
    store; without one, libpq looks where it always does (its password file, its environment).

    Raises:
        InvalidInputError: the place is neither.
    """
    if not place.strip():
        raise InvalidInputError("Name the folder that your team shares.", field="hub")
    if is_server(place):
        from app.storage.team_server import Address, TeamServer  # few share through a server
        from app.sync.postgres_hub import PostgresHub

        address = Address(place)
        password = address.password
        if not password:
            with contextlib.suppress(MachineError):  # no key store: libpq's own ways are left
                password = secrets.get_secret(address.text) or ""
        return PostgresHub(TeamServer(address, password))
    root = Path(place).expanduser()
    return FolderHub(RealFiles(root), str(root), f"{os.getpid()}-{os.urandom(4).hex()}")


def is_server(place: str) -> bool:
    """Tell whether a place is the address of a server."""
    return place.strip().lower().startswith(SERVER)


def with_password(place: str, password: str) -> str:
    """Return the address of a server with a password that was typed beside it."""
    head, slashes, rest = place.partition("://")
    user, _, host = rest.rpartition("@")
    if not (password and slashes) or ":" in user:
        return place
    return f"{head}://{user}:{quote(password, safe='')}@{host}"


def kept(place: str) -> str:
    """Return a place as a profile keeps it; the password in it goes to the system's key store.

    Raises:
        MachineError: this computer has no key store; leave the password out and use libpq's
            password file.
    """
    if not is_server(place):
        return str(Path(place).expanduser().absolute())
    from app.storage.team_server import Address

    address = Address(place)
    if address.password:
        secrets.set_secret(address.text, address.password)
    return address.text


def member_of(desk: Desk) -> Membership:
    """Return the team of this profile; raises InvalidInputError for none."""
    member = sharing.membership(desk.store)
    if member is None:
        raise InvalidInputError(
            "This profile shares with nobody. Begin a team with share create, or join one with "
            "share join.",
            code="not_shared",
        )
    return member


class Exchanger:
    """What the sync thread works with: a desk of its own, and the hub that it shares through now.

    The hub is opened again when the profile has joined another one since.
    """

    def __init__(self, desk: Desk, here: Here | None = None) -> None:
        self._desk = desk
        self._here = here or Here()
        self._at: Site | None = None
        self._idle = threading.Event()

    def exchange(self) -> Exchanged | None:
        """Do one exchange; None when this profile shares with nobody."""
        member = sharing.membership(self._desk.store)
        if self._at is not None and (member is None or member.place != self._at.member.place):
            self._at.hub.close()
            self._at = None
        if member is None:
            return None
        if self._at is None:
            self._at = site_of(self._desk, open_hub(member.place))
            self._at.here = self._here
        self._at.member = member
        self._here.person = self._desk.person.name
        return engine.exchange(self._at)

    def wait(self, timeout_s: float) -> None:
        """Block until there may be news or `interrupt` is called."""
        if self._at is not None:
            self._at.hub.wait(timeout_s)
        else:
            self._idle.wait(timeout_s)
            self._idle.clear()

    def interrupt(self) -> None:
        """Make `wait` return at once; any thread."""
        self._idle.set()
        at = self._at
        if at is not None:
            at.hub.interrupt()

    def close(self) -> None:
        """Let go of the hub and the database."""
        if self._at is not None:
            self._at.hub.close()
        self._desk.close()


def worker(
    open_desk: Callable[[], Desk],
    told: Callable[[Exchanged | KnownError], None],
    *,
    poll_s: float = POLL_S,
    here: Here | None = None,
) -> Worker:
    """Return the sync thread of a profile, not started yet; `open_desk` is called on it.

    `here` is what the window says of itself to the team.
    """
    return Worker(lambda: Exchanger(open_desk(), here), told, poll_s=poll_s)


def site_of(desk: Desk, hub: Hub) -> Site:
    """Return what an exchange of this desk works with."""
    return Site(
        desk.store,
        hub,
        desk.profile.attachments,
        _instance(desk),
        __version__,
        random.Random(),
        member_of(desk),
        desk.profile.directory,
    )


def _instance(desk: Desk) -> str:
    """Return what tells this profile from a copy of it: the computer and the file."""
    told = f"{platform.node()}:{desk.profile.database.stat().st_ino}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
