"""Which team this profile shares with, and the keys it signs with: kept here only, never sent.

A profile has a secret key for each station id that it writes or wrote under. The ids of the team
are compared with the hub's, so that work never goes to the wrong folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from app.storage.store import Store

_PREFIX = "share."
_SECRET = "share.secret:"
PUSHED = "share.pushed"
"""How far the own journal is known to have been on the hub."""
SENDING = "share.sending"
"""How far it may be there: noted before a piece is sent, so that a kill leaves no doubt whose it
is."""
MARGIN = "share.margin"
"""Set while the next block of numbers must keep a distance: claims may have been lost."""
SNAPSHOT_ROWS = "share.snapshot_rows"
"""How long the journal was when a replica was last put on the hub."""
UNPROVEN = "share.unproven"
"""Set while the tables of a replica that was joined from have yet to be compared."""
STATE, STATE_AT = "share.state", "share.state_at"
"""How the last exchange ended, and when (ms)."""


class Membership(NamedTuple):
    """The hub of this profile: where it is, whose, and who administers it."""

    place: str
    team: bytes
    epoch: bytes
    kind: str
    founder: bytes
    approve: bool


def membership(store: Store) -> Membership | None:
    """Return the hub of this profile; None when it shares with nobody."""
    known = store.locals(_PREFIX)
    if "team" not in known:
        return None
    return Membership(
        str(known["place"]),
        bytes(known["team"]),
        bytes(known["epoch"]),
        str(known["kind"]),
        bytes(known["founder"]),
        bool(known["approve"]),
    )


def is_shared(store: Store) -> bool:
    """Tell whether this profile shares."""
    return store.local("share.team") is not None


def join(store: Store, one: Membership) -> None:
    """Note the hub; inside a transaction."""
    for name, value in one._asdict().items():
        store.set_local(_PREFIX + name, int(value) if isinstance(value, bool) else value)


def leave(store: Store) -> None:
    """Forget the hub, inside a transaction; rows, keys and what was seen stay."""
    kept = _SECRET
    store.connection.execute(
        "DELETE FROM local WHERE substr(key, 1, ?) = ? AND substr(key, 1, ?) != ?",
        (len(_PREFIX), _PREFIX, len(kept), kept),
    )


def secret_of(store: Store, station: bytes) -> bytes | None:
    """Return the secret key of a station id of this profile."""
    found: Any = store.local(_SECRET + station.hex())
    return None if found is None else bytes(found)


def put_secret(store: Store, station: bytes, secret: bytes) -> None:
    """Keep the secret key of a station id of this profile, inside a transaction."""
    store.set_local(_SECRET + station.hex(), secret)


def own_stations(store: Store) -> set[bytes]:
    """Return the station ids that this profile has a key for: its own and its former ones."""
    return {bytes.fromhex(name) for name in store.locals(_SECRET)}


def put(store: Store, key: str, value: Any) -> None:
    """Write one fact of the exchange in a transaction of its own."""
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        store.set_local(key, value)
