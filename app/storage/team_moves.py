"""Where a team has moved its hub to: a fact of the journal, so that every station hears of it.

An older program keeps and forwards the row without knowing what it means (sync.md, conflicts).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntityId
from app.domain.standing import TeamMove
from app.storage import attachments, sharing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import apsw

    from app.storage.journal import Action
    from app.storage.sharing import Membership
    from app.storage.store import Store

KIND, FIELD = "team_place", "place"


def note(action: Action, team: bytes, place: str, epoch: bytes) -> None:
    """Say in the journal where the team meets from now on."""
    value = {"place": place, "epoch": epoch.hex()}
    action.set(KIND, EntityId(team), FIELD, value, prevs=b"")


def last(connection: apsw.Connection, team: bytes) -> TeamMove | None:
    """Return the last move of a team, None when it never moved."""
    row: Any = connection.execute(
        "SELECT c.value, coalesce(p.name, ''), c.at FROM change c "
        "LEFT JOIN catalogue_item p ON p.uid = c.author "
        "WHERE c.root = ? AND c.kind = ? AND c.value IS NOT NULL "
        "ORDER BY c.hlc DESC, c.station DESC LIMIT 1",
        (team, KIND),
    ).fetchone()
    try:
        told = json.loads(row[0])
        return TeamMove(str(told["place"]), bytes.fromhex(told["epoch"]), row[1], row[2])
    except (TypeError, ValueError, KeyError):
        return None


def switch(store: Store, member: Membership, pushed: int) -> None:
    """Exchange through another hub from now on; `pushed` is how far it is known to hold our rows.

    A replica is put there again, and the repairs that were planned for the other are forgotten.
    """
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        sharing.join(store, member)
        store.set_local(sharing.PUSHED, pushed)
        store.set_local(sharing.SENDING, pushed)
        store.set_local(sharing.SNAPSHOT_ROWS, 0)
        store.set_local("share.repairs", "{}")


def blocks(connection: apsw.Connection) -> list[tuple[int, bytes]]:
    """Return every block of numbers that is known here, with its station."""
    rows: Any = connection.execute("SELECT first, station FROM number_block ORDER BY first")
    return list(rows)


def files(connection: apsw.Connection, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each attached file that is here: its digest and where it is."""
    rows: Any = connection.execute("SELECT DISTINCT sha256 FROM attachment").fetchall()
    for (sha256,) in rows:
        if attachments.is_digest(sha256):
            path = attachments.path_of(folder, sha256)
            if path.exists():
                yield sha256, path
