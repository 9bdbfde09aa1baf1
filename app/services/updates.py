"""Looks at the team's version file, once a day at most, and remembers what is to be told of it.

Off until the team says where the file is. The file itself is read by `read` alone, which knows no
desk: a share or a server may be slow, and no lane of the store waits for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import app
from app.domain import version_note
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.notification import Notice, NotificationKind
from app.domain.version_note import VersionNote, is_newer
from app.services import configuration, sharing
from app.services.exchanging import is_server
from app.system.clock import to_ms

if TYPE_CHECKING:
    from app.services.desk import Desk

EVERY_MS: Final = 24 * 3_600_000
CHECKED, FOUND, TOLD = "updates.checked", "updates.found", "updates.told"
"""Local facts: when the file was looked at, what stood there, and the versions that were told."""
_KEPT_TOLD: Final = 20


class Source(NamedTuple):
    """Where the version file is: a folder, or an address."""

    folder: str = ""
    address: str = ""


def source(desk: Desk) -> Source | None:
    """Return where the team keeps its version file; None when it wants no notices.

    Raises:
        NotFoundError: the place that was chosen is not there.
    """
    chosen = configuration.get_setting(desk, "updates.source")
    if chosen == "folder":
        place = sharing.place(desk)
        if not place or is_server(place):
            raise NotFoundError(
                "This profile shares through no folder that could hold a version file: choose an "
                "address for it instead."
            )
        return Source(folder=place)
    if chosen == "address":
        address = str(configuration.get_setting(desk, "updates.address"))
        if not address:
            raise NotFoundError(
                "The version file has no address yet: write one that begins with https://."
            )
        return Source(address=address)
    return None


def due(desk: Desk) -> Source | None:
    """Return where to look now; None when that was done in the last 24 hours, or is not wanted.

    The look counts from here on, however it ends: a place that hangs is tried once a day too.

    Raises:
        NotFoundError: the place that was chosen is not there.
    """
    if configuration.get_setting(desk, "updates.source") == "off":
        return None
    now_ms = to_ms(desk.now())
    if 0 <= now_ms - int(desk.store.local(CHECKED, -EVERY_MS)) < EVERY_MS:
        return None
    with desk.store.writing():
        desk.store.set_local(CHECKED, now_ms)
    return source(desk)


def read(where: Source, *, plain_on_loopback: bool = False) -> VersionNote:
    """Read the version file; it may take twenty seconds, or as long as a share hangs.

    Raises:
        MachineError: it cannot be fetched.
        InvalidInputError: what is there is no version file.
    """
    from app.system import version_file  # it brings the network, which no start waits for

    most = version_note.MAX_BYTES
    if where.folder:
        return version_note.parse(version_file.from_folder(Path(where.folder).expanduser(), most))
    content = version_file.from_address(where.address, most, plain_on_loopback=plain_on_loopback)
    return version_note.parse(content)


def take(desk: Desk, note: VersionNote) -> bool:
    """Keep what the file says if it is to be told; tell whether it is."""
    if not is_newer(note.version, app.__version__) or note.version in _told(desk):
        return False
    with desk.store.writing():
        desk.store.set_local(FOUND, json.dumps(note.to_data()))
    return True


def untold(desk: Desk, now_ms: int) -> list[Notice]:
    """Return the version that is to be told, if there is one and this program is older still."""
    kept = desk.store.local(FOUND)
    if not kept:
        return []
    try:
        note = VersionNote.from_data(json.loads(kept))
    except (ValueError, InvalidInputError):  # of another version of the program
        return []
    if not is_newer(note.version, app.__version__) or note.version in _told(desk):
        return []
    return [
        Notice(
            NotificationKind.NEW_VERSION,
            now_ms,
            number=note.version,
            text=note.words,
            address=note.address,
        )
    ]


def mark_told(desk: Desk, version: str) -> None:
    """Note, in the caller's transaction, that a version was told: never again."""
    told = [*_told(desk), version][-_KEPT_TOLD:]
    desk.store.set_local(TOLD, json.dumps(told))
    desk.store.set_local(FOUND, "")


def sentence(note: VersionNote) -> str:
    """Say what stands in the version file, for somebody who tries it out."""
    own = app.__version__
    if is_newer(note.version, own):
        return f"The version file says {note.version}; this is {own}, so people will be told."
    if is_newer(own, note.version):
        return f"The version file says {note.version}, older than this {own}: nothing to tell."
    return f"The version file says {note.version}, which this program is: nothing to tell."


def _told(desk: Desk) -> list[str]:
    kept: Any = desk.store.local(TOLD)
    try:
        found = json.loads(kept) if kept else []
    except ValueError:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []
