"""Settles two stories that stand under the numbers of one station (sync.md, invariant I8).

A profile and the hub that are both put back in time lead to that: no trace is left of what the
profile had sent before, so it writes again under the same numbers, and both stories carry its
signature. One of them keeps the numbers, the same on every station: the one whose hash is smaller
where they part, or the one that a server holds. Whoever has the other one writes its rows again
under its own id, so that nobody's work is lost (`app.storage.adoption`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.journal_entry import GENESIS
from app.storage import adoption, exchange_rows, remote, sharing
from app.sync.pull import after_piece, refusal
from app.sync.push import become_new, pieces, publish_span
from app.sync.repair import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.publication import Publication
    from app.storage.store import Store
    from app.sync.hub import StationNote
    from app.sync.site import Site

LEFT = "share.given_up"
"""The stations of which this profile has published pieces that it has to take back."""
LOOK_AGAIN_MS = 30_000
"""So long what was looked at is left alone: others need an exchange of their own to follow."""
REST_MS = 10 * 60 * 1000
"""The longest pause where there is nothing to do: a station that is gone says the same for ever."""


class Parting(NamedTuple):
    """A piece that says another thing than what is known here, from the row after `keep` on."""

    keep: int
    theirs: bytes
    ours: bytes
    piece: Publication


def settle(site: Site, notes: Mapping[bytes, StationNote]) -> int:
    """Settle what notes of stations and passed over pieces tell of; return how much was done.

    Raises:
        HubError: the hub is away, full or refuses; what was settled until then stays.
    """
    count, now = 0, site.store.now_ms()
    left = _left_behind(site)
    for station in sorted(doubted(site.store, notes) | site.forked | left):
        until, pause = site.looked.get(station, (0, LOOK_AGAIN_MS))
        if now < until <= now + REST_MS:
            continue
        stories = site.hub.stories(station)
        done = 0
        while parting := _giving_way(site, station, stories):
            left |= {station}
            site.put(LEFT, b"".join(sorted(left)))
            done += 1 + _follow(site, station, parting)
        done += _show(site, station, stories)
        _say_again(site, station, notes.get(station))
        if _is_sent(site):
            _withdraw(site, station, stories)
            left -= {station}
        pause = LOOK_AGAIN_MS if done else min(2 * pause, REST_MS)
        site.looked[station] = now + pause, pause
        count += done
    if left != _left_behind(site):
        site.put(LEFT, b"".join(sorted(left)))
    site.forked.clear()
    return count


def _left_behind(site: Site) -> set[bytes]:
    """Return the stations of which pieces may be on the hub that this profile has given up."""
    packed = bytes(site.store.local(LEFT, b""))
    return {packed[at : at + 16] for at in range(0, len(packed), 16)}


def _is_sent(site: Site) -> bool:
    """Tell whether all that this profile has written, or written again, is on the hub."""
    last, _ = exchange_rows.vector(site.store.connection).get(site.store.station, (0, GENESIS))
    return int(site.store.local(sharing.PUSHED, 0)) == last


def _withdraw(site: Site, station: bytes, stories: Sequence[Publication]) -> None:
    """Take back what this profile has published of stories that gave way."""
    own = sharing.own_stations(site.store) | {site.store.station}
    for piece in stories:
        if contradicts(site.store, piece):
            site.hub.withdraw(own, piece)


def contradicts(store: Store, piece: Publication) -> bool:
    """Tell whether a piece says another thing than what is known here of its station."""
    told = {change.sseq: change.hash for change in piece.changes}
    if piece.first > 1:
        told[piece.first - 1] = piece.previous
    return any(
        exchange_rows.hash_at(store.connection, piece.station, sseq) not in (None, hash_)
        for sseq, hash_ in told.items()
    )


def _say_again(site: Site, station: bytes, note: StationNote | None) -> None:
    """Say of a former id of this profile what stands now under it."""
    last, hash_ = exchange_rows.vector(site.store.connection).get(station, (0, GENESIS))
    former = station != site.store.station and sharing.secret_of(site.store, station) is not None
    if former and note is not None and note.hash != hash_:
        seen = {**note.seen, station: last}
        seen_hash = {of: known for of, known in note.seen_hash.items() if of != station}
        site.hub.write_note(
            station, note._replace(last=last, hash=hash_, seen=seen, seen_hash=seen_hash)
        )


def doubted(store: Store, notes: Mapping[bytes, StationNote]) -> set[bytes]:
    """Return the stations of which somebody knows another hash than stands here."""
    found = set()
    for reader, note in notes.items():
        told = {of: (note.seen.get(of, 0), hash_) for of, hash_ in note.seen_hash.items()}
        for of, (sseq, hash_) in (told | {reader: (note.last, note.hash)}).items():
            known = exchange_rows.hash_at(store.connection, of, sseq)
            if known is not None and not known.startswith(hash_):
                found.add(of)
    return found


def _giving_way(site: Site, station: bytes, stories: Sequence[Publication]) -> Parting | None:
    """Return the piece that the story known here gives way to; None when it keeps its numbers.

    Of all stories the one wins that is the smallest, hash by hash from the first row on: an order
    in which any number of them are compared alike, whatever is known of the others.
    """
    wins = [
        one
        for one in _partings(site, station, stories)
        if (site.hub.keeps_one_story or one.theirs < one.ours) and refusal(site, one.piece) == ""
    ]
    return min(wins, default=None, key=lambda one: (one.keep, one.theirs, -one.piece.last))


def _partings(site: Site, station: bytes, stories: Sequence[Publication]) -> Iterator[Parting]:
    """Yield the pieces that begin on what is known here and go on in another way."""
    connection = site.store.connection
    for piece in stories:
        before = GENESIS
        if piece.first > 1:
            before = exchange_rows.hash_at(connection, station, piece.first - 1) or b""
        if piece.previous != before:
            continue
        for change in piece.changes:
            known = exchange_rows.hash_at(connection, station, change.sseq)
            if known is None:
                break
            if known != change.hash:
                yield Parting(change.tx_first - 1, change.hash, known, piece)
                break


def _follow(site: Site, station: bytes, parting: Parting) -> int:
    """Take over the other story, and write again what stood here in its place."""
    if station == site.store.station:
        count = become_new(site, parting.keep)
        text = (
            "This profile was put back in time together with the shared folder. It goes on as a "
            f"new station; entries under numbers that others know already are kept there ({count})."
        )
        site.say("forked", text, site.store.station)
    else:
        count = adoption.adopt(site.store, station, parting.keep)
        text = (
            f"{site.name_of(station)} was put back in time together with the shared folder and "
            "wrote again under numbers that were used before. Both stories are kept: entries that "
            f"gave way go on under this workstation ({count})."
        )
        site.say("forked", text, station)
    site.changes.append(remote.apply(site.store, parting.piece))
    after_piece(site, parting.piece)
    return count


def _show(site: Site, station: bytes, stories: Sequence[Publication]) -> int:
    """Publish what the hub lacks of the story known here, for others to follow; return the pieces.

    Nothing where it can hold one story only.
    """
    if site.hub.keeps_one_story:
        return 0
    held = {(change.sseq, change.hash) for piece in stories for change in piece.changes}
    if sharing.secret_of(site.store, station) is not None:
        return _show_own(site, station, held)
    count = 0
    for one in exchange_rows.seen(site.store.connection, station):
        hash_ = exchange_rows.hash_at(site.store.connection, station, one.last)
        piece = verbatim(site, station, one)
        if piece is not None and (one.last, hash_) not in held:
            site.hub.mend(site.store.station, piece)
            count += 1
    return count


def _show_own(site: Site, station: bytes, held: set[tuple[int, bytes]]) -> int:
    """Publish rows that this profile can sign, in the pieces in which the hub lacks any."""
    last = exchange_rows.vector(site.store.connection).get(station, (0, GENESIS))[0]
    if station == site.store.station:
        last = int(site.store.local(sharing.PUSHED, 0))
    return sum(
        publish_span(site, station, piece.first, piece.last)
        for piece in pieces(site.store, station, 1, last)
        if any((change.sseq, change.hash) not in held for change in piece.changes)
    )
