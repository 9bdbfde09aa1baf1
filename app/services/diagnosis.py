"""The hub doctor: tests this computer and the shared folder, in plain words (sync.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.storage import sharing
from app.storage.database import MINIMUM_SQLITE
from app.sync import doctor

if TYPE_CHECKING:
    from app.services.desk import Desk


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
        checks += doctor.share(Path(where).expanduser(), unique, desk.store.now_ms())
    return {"ok": all(one.ok for one in checks), "checks": [one._asdict() for one in checks]}
