"""Who is admitted to a team that asks for it, and who may admit others (sync.md, hub folder).

An administrator's station admits a key. A profile that was restored or copied goes on under a new
id with a new key: nobody has compared that one, but the profile still has the key of its former id
and vouches with it for the new one. So it is trusted as far as its former id was, and no further;
where it began the team, it goes on to admit others. A former id that had no key before is admitted
with the new one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.storage import exchange_rows, journal, sharing, station_rows
from app.sync import signing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.domain.publication import Publication
    from app.storage.store import Store

FORMER = "former:"
"""Before the id of a former station: the field by which a station tells of it."""


class Vouched(NamedTuple):
    """A station's word for its former id: that one's key, which has signed the new id and key."""

    former: bytes
    key: bytes
    proof: bytes


def vouch(store: Store, former: bytes) -> None:
    """Write down that a former id of this profile vouches for the new one, if it had a key."""
    secret, own = sharing.secret_of(store, former), store.station
    mine = sharing.secret_of(store, own)
    if secret is None or mine is None:
        return
    signer, public = signing.Signer(secret), signing.Signer(mine).public
    value = {
        "key": signer.public.hex(),
        "proof": signer.vouches(former, own, public).hex(),
    }
    with journal.write(store, b"", "Go on as a new station") as action:
        entity: Any = own
        action.set(station_rows.KIND, entity, FORMER + former.hex(), value)


def administrators(store: Store, founder: bytes) -> set[bytes]:
    """Return the stations that may admit others: the founder's, and what it goes on as."""
    found, more = {founder}, {founder}
    while more:
        more = {
            station
            for station in _known(store)
            if station not in found and _succeeds(store, station, found)
        }
        found |= more
    return found


def admitted_key(store: Store, founder: bytes, station: bytes) -> bytes | None:
    """Return the key with which a station's work is taken; None while it is not admitted."""
    return _admitted(store, founder, station, frozenset())


def presented_key(
    store: Store, founder: bytes, station: bytes, pieces: Iterable[Publication]
) -> bytes | None:
    """Return the key that a former id vouches for in pieces that are not taken yet."""
    for piece in pieces:
        for change in piece.changes:
            one = _read(change.field, change.value) if _is_own_word(change, station) else None
            if one is not None and _holds(store, founder, station, piece.key, one, frozenset()):
                return piece.key
    return None


def _admitted(
    store: Store, founder: bytes, station: bytes, asked: frozenset[bytes]
) -> bytes | None:
    if station in asked:
        return None
    connection, asked = store.connection, asked | {station}
    if station == founder:
        return _own_key(store, station)
    for administrator in sorted(administrators(store, founder)):
        key = station_rows.admitted_key(connection, administrator, station)
        if key is not None:
            return key
    key = _own_key(store, station)
    for word in _words_of(store, station):
        if key is not None and _holds(store, founder, station, key, word, asked):
            return key
    for later in _known(store):
        for word in _words_of(store, later):
            if word.former == station and _stands_for_former(store, founder, later, word, asked):
                return word.key
    return None


def _holds(
    store: Store,
    founder: bytes,
    station: bytes,
    key: bytes,
    one: Vouched,
    asked: frozenset[bytes],
) -> bool:
    """Tell whether a former id that is admitted itself has signed a new id and its key."""
    trusted = _admitted(store, founder, one.former, asked)
    return trusted == one.key and signing.is_vouched(one.key, one.proof, one.former, station, key)


def _stands_for_former(
    store: Store, founder: bytes, later: bytes, one: Vouched, asked: frozenset[bytes]
) -> bool:
    """Tell whether an admitted station has the key of an id that nobody knew before."""
    pinned = exchange_rows.pinned_key(store.connection, one.former)
    key = _admitted(store, founder, later, asked)
    return (
        pinned in (None, one.key)
        and key is not None
        and signing.is_vouched(one.key, one.proof, one.former, later, key)
    )


def _succeeds(store: Store, station: bytes, before: set[bytes]) -> bool:
    """Tell whether one of these ids, by the key it is known with, vouches for a station."""
    key = _own_key(store, station)
    return key is not None and any(
        one.former in before
        and one.key == _own_key(store, one.former)
        and signing.is_vouched(one.key, one.proof, one.former, station, key)
        for one in _words_of(store, station)
    )


def _own_key(store: Store, station: bytes) -> bytes | None:
    """Return the key that a station's work is signed with, as far as it is here."""
    pinned = exchange_rows.pinned_key(store.connection, station)
    return pinned or station_rows.enrolled_key(store.connection, station)


def _known(store: Store) -> list[bytes]:
    return sorted(exchange_rows.vector(store.connection))


def _is_own_word(change: Any, station: bytes) -> bool:
    named = change.kind == station_rows.KIND and change.field.startswith(FORMER)
    return bool(named and change.station == change.entity == station)


def _words_of(store: Store, station: bytes) -> Iterator[Vouched]:
    """Yield what a station says of its former ids."""
    rows: Any = store.connection.execute(
        "SELECT h.field, c.value FROM head h CROSS JOIN change c ON c.station = h.station "
        "AND c.sseq = h.sseq WHERE h.entity = ?1 AND h.field >= ?2 AND h.field < ?3 "
        "AND h.station = ?1 AND c.kind = ?4",
        (station, FORMER, FORMER[:-1] + ";", station_rows.KIND),
    ).fetchall()
    for field, value in rows:
        one = _read(field, value)
        if one is not None:
            yield one


def _read(field: str, value: str | None) -> Vouched | None:
    try:
        told = json.loads(value or "")
        former = bytes.fromhex(field.removeprefix(FORMER))
        return Vouched(former, bytes.fromhex(told["key"]), bytes.fromhex(told["proof"]))
    except (KeyError, TypeError, ValueError):  # it says nothing
        return None
