"""The hub doctor: tests this computer and the shared folder, in plain words (sync.md)."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubError
from app.services import exchanging
from app.storage import sharing
from app.storage.database import MINIMUM_SQLITE
from app.sync import doctor, hub_age

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.storage.sharing import Membership


def _server(place: str) -> doctor.Check:
    hub = exchanging.open_hub(place)
    try:
        team = hub.team()
    except HubError as error:
        return doctor.Check("server", False, error.message)
    finally:
        hub.close()
    found = "a team is there" if team is not None else "no team is there yet"
    return doctor.Check("server", True, f"{hub.place} lets you in; {found}.")


def _history(desk: Desk, member: Membership) -> list[doctor.Check]:
    """Compare the place that is shared through with what is known of it; [] where no team is."""
    with contextlib.closing(exchanging.open_hub(member.place)) as hub:
        try:
            team = hub.team()
            if team is None or team.id != member.team:
                return []
            return [hub_age.age(desk.store, hub)]
        except HubError as error:
            return [doctor.Check("history", False, error.message)]


def examine(desk: Desk, place: str = "", *, unique: str) -> dict[str, Any]:
    """Test this computer, and the folder at `place` or the one that is shared through.

    `unique` is a word that no other process uses.
    """
    version: str = desk.connection.execute("SELECT sqlite_version()").get
    minimum = ".".join(str(part) for part in MINIMUM_SQLITE)
    checks = doctor.computer(desk.profile.directory, version, minimum)
    member = sharing.membership(desk.store)
    where = place or (member.place if member is not None else "")
    if where:
        if exchanging.is_server(where):
            checks.append(_server(where))
        else:
            checks += doctor.share(Path(where).expanduser(), unique, desk.store.now_ms())
        if member is not None and where == member.place:
            checks += _history(desk, member)
    return {"ok": all(one.ok for one in checks), "checks": [one._asdict() for one in checks]}
