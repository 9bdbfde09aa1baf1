"""The first minute: tests a place before there is a profile, and begins to share through it.

`examine` needs no profile, so that nothing is made on this computer before somebody has chosen.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from app.domain.errors import KnownError
from app.services import exchanging, sharing
from app.sync import doctor
from app.system.faults import MachineError

if TYPE_CHECKING:
    from app.services.desk import Desk

_BLOCKING = frozenset({"folder", "exclusive create", "rename", "read back", "server", "team"})
"""Tests without which nothing can be shared; a wrong clock or little space is a warning."""


class Examined(NamedTuple):
    """What was found at a place: whether it can be used, every test, and whether a team is there.

    A test is name, ok and detail, as `diagnosis.examine` tells them.
    """

    usable: bool
    checks: tuple[dict[str, Any], ...]
    has_team: bool


def examine(place: str, *, unique: str, now_ms: int) -> Examined:
    """Test a folder for writing, locks and the clock, or a server for letting us in.

    `unique` is a word that no other process uses.
    """
    server = exchanging.is_server(place)
    checks = []
    if not server:
        checks = doctor.share(Path(place).expanduser(), unique, now_ms)
    has_team = False
    if all(one.ok for one in checks if one.name in _BLOCKING):
        name = "server" if server else "team"
        try:
            with contextlib.closing(exchanging.open_hub(place)) as hub:
                has_team = hub.team() is not None
                where = hub.place
        except (KnownError, MachineError) as error:
            checks.append(doctor.Check(name, False, error.message))
        else:
            found = "A team is there; you join it." if has_team else "You begin a team there."
            said = f"{where} lets you in. {found}" if server else found
            checks.append(doctor.Check(name, True, said))
    usable = all(one.ok for one in checks if one.name in _BLOCKING)
    return Examined(usable, tuple(one._asdict() for one in checks), has_team)


def begin(desk: Desk, place: str) -> dict[str, Any]:
    """Join the team at a place, or found one where there is none.

    Raises:
        KnownError: the place cannot be used; the profile works on without it.
    """
    if sharing.place(desk):  # an attempt before this one came half-way
        sharing.leave(desk)
    with contextlib.closing(exchanging.open_hub(place)) as hub:
        has_team = hub.team() is not None
    return sharing.join(desk, place) if has_team else sharing.create(desk, place)


def server_address(host: str, database: str, user: str, password: str = "") -> str:
    """Return the address of a server from the fields of a form; "" while one is missing.

    A port may follow the host after a colon.
    """
    name, colon, port = host.strip().rpartition(":")
    if not colon or not port.isdecimal():
        name, port = host.strip(), ""
    if not (name and database.strip() and user.strip()):
        return ""
    near = f"{quote(name, safe='.-[]:')}{':' if port else ''}{port}"
    place = f"postgresql://{quote(user.strip(), safe='')}@{near}/{quote(database.strip(), safe='')}"
    return exchanging.with_password(place, password)
