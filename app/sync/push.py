"""Publishes the own journal: what to send is derived from what the hub holds (sync.md, push)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import GENESIS, Change
from app.storage import attachments, exchange_rows, restamp, sharing
from app.sync import admission, segment, signing
from app.sync.hub import Holdings
from app.sync.site import enrol, own_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.domain.publication import Publication
    from app.storage.store import Store
    from app.sync.hub import StationNote
    from app.sync.site import Site

WINDOW = 20_000
"""So many rows are read at a time, so that a first publication needs little memory."""


def push(site: Site, holdings: Mapping[bytes, Holdings], before: int) -> int:
    """Publish each row of this profile that the hub lacks; return how many actions were sent.

    `before` is how far the journal was known to be there when `holdings` were looked at: another
    process of this profile may have sent more since, which is no loss.

    Raises:
        HubError: the hub is away, full or refuses; what was published until then stays.
    """
    store, own = site.store, site.store.station
    sent = again = 0
    for station in [*_former(site, holdings), own]:
        for piece in _missing(store, station, holdings.get(station, Holdings(()))):
            if piece.last <= before and site.hub.hash_at(station, piece.last) == piece.hash:
                continue  # another process of this profile sent it while the hub was looked at
            _put_files(site, piece)
            whole = sealed(site, piece)
            if station == own:
                site.put(sharing.SENDING, piece.last)
            fresh = site.hub.publish(whole)
            with store.known_errors(), store.database.atomic("IMMEDIATE"):
                exchange_rows.note_seen(store.connection, whole)
                if station == own and piece.last > int(store.local(sharing.PUSHED, 0)):
                    store.set_local(sharing.PUSHED, piece.last)
            count = len({c.tx_first for c in piece.changes})
            sent += count
            again += count if fresh and station == own and piece.last <= before else 0
    if again:
        site.put(sharing.MARGIN, 1)
        site.say("restored", f"The shared folder was restored; published {again} again")
    last = exchange_rows.vector(store.connection).get(own, (0, GENESIS))[0]
    if last > int(store.local(sharing.PUSHED, 0)):
        site.put(sharing.PUSHED, last)
    return sent


def _missing(store: Store, station: bytes, held: Holdings) -> Iterator[Publication]:
    """Yield what is to be published; what was before is cut as it was then (a retry)."""
    last = exchange_rows.vector(store.connection).get(station, (0, GENESIS))[0]
    before = exchange_rows.seen(store.connection, station)
    for first, end in gaps(held, last):
        reached = first
        for one in before:
            if reached <= one.first and one.last <= end:
                yield from pieces(store, station, reached, one.first - 1)
                yield from pieces(store, station, one.first, one.last)
                reached = one.last + 1
        yield from pieces(store, station, reached, end)


def _former(site: Site, holdings: Mapping[bytes, Holdings]) -> list[bytes]:
    """Return the ids under which this profile wrote before, and which only it can publish.

    A profile that was restored before it ever shared writes under a new id; what it wrote under
    the old one is here and nowhere else, so it gets a key as well.
    """
    store, found = site.store, []
    for station in exchange_rows.vector(store.connection):
        if station == store.station:
            continue
        known = sharing.secret_of(store, station) is not None
        if not known and station not in holdings and _is_unsigned(store, station):
            with store.known_errors(), store.database.atomic("IMMEDIATE"):
                sharing.put_secret(store, station, signing.new_secret())
            admission.vouch(store, station)
            known = True
        if known:
            found.append(station)
    return found


def _is_unsigned(store: Store, station: bytes) -> bool:
    connection = store.connection
    pinned = exchange_rows.pinned_key(connection, station)
    return pinned is None and not exchange_rows.seen(connection, station)


def notice_copy(
    site: Site, holdings: Mapping[bytes, Holdings], notes: Mapping[bytes, StationNote]
) -> None:
    """Go on as a new station when others know of this one what this profile did not write."""
    held = holdings.get(site.store.station, Holdings(()))
    if _was_copied(site, held, notes):
        count = become_new(site, _common(site, site.store.station, held))
        site.say(
            "copied",
            "This profile was restored or copied. It goes on as a new station, and "
            f"{count} entries that had not been sent are kept under it.",
            site.store.station,
        )


def publish_span(site: Site, station: bytes, first: int, last: int) -> int:
    """Publish own rows again, as they were cut before, over a damaged file; return the pieces."""
    count = 0
    for piece in pieces(site.store, station, first, last):
        site.hub.publish(sealed(site, piece))
        count += 1
    return count


def gaps(held: Holdings, last: int) -> list[tuple[int, int]]:
    """Return the spans of rows 1 to `last` that are not held."""
    found, reached = [], 0
    for span in sorted(held.spans):
        if span.first > reached + 1:
            found.append((reached + 1, min(span.first - 1, last)))
        reached = max(reached, span.last)
    if reached < last:
        found.append((reached + 1, last))
    return [(first, end) for first, end in found if first <= end]


def _was_copied(site: Site, held: Holdings, notes: Mapping[bytes, StationNote]) -> bool:
    """Tell whether the hub or a colleague has of this station what this profile did not write."""
    store, station = site.store, site.store.station
    known = exchange_rows.vector(store.connection).get(station, (0, GENESIS))
    newest = held.newest
    if newest > known[0]:
        return True
    if newest and newest != site.checked:
        theirs = site.hub.hash_at(station, newest) or _mended_hash(site, station, newest)
        sent = max(int(store.local(key, 0)) for key in (sharing.PUSHED, sharing.SENDING))
        unread = theirs is None and newest > sent
        if unread or theirs not in (
            None,
            exchange_rows.hash_at(store.connection, station, newest),
        ):
            # Also where it cannot be read and is not known to be ours: a new id is always safe.
            return True
        site.checked = newest
    if any(note.seen.get(station, 0) > known[0] for note in notes.values()):
        return True
    note = notes.get(station)
    if note is None:
        return False
    return note.last > known[0] or note.instance not in ("", site.instance)


def _mended_hash(site: Site, station: bytes, sseq: int) -> bytes | None:
    """Return the hash of an own row in a piece that a colleague published again."""
    for piece in site.hub.fetch(station, sseq - 1, 1).pieces:
        for change in piece.changes:
            if change.sseq == sseq:
                return change.hash
    return None


def become_new(site: Site, keep: int) -> int:
    """Go on as a new station with the rows after `keep`; return how many they are."""
    store = site.store
    former = store.station
    last = exchange_rows.vector(store.connection).get(former, (0, GENESIS))[0]
    count = restamp.become_new_station(store, min(keep, last))
    site.put(sharing.PUSHED, 0)
    site.put(sharing.SENDING, 0)
    site.checked = -1
    enrol(site, own_name(site))
    admission.vouch(store, former)
    return count


def _common(site: Site, station: bytes, held: Holdings) -> int:
    """Return up to which row this profile and the others tell the same, as far as is known.

    What this profile has sent stays as it is, for others may have it: where that is another story
    than theirs, it is settled as for everybody (`app.sync.forks`).
    """
    sent = common = int(site.store.local(sharing.PUSHED, 0))
    if held.newest:
        for piece in site.hub.fetch(station, 0, held.newest).pieces:
            for change in piece.changes:
                here = exchange_rows.hash_at(site.store.connection, station, change.sseq)
                if here != change.hash:
                    return max(sent, change.sseq - 1)
                common = max(common, change.sseq)
    return common


def pieces(store: Store, station: bytes, first: int, end: int) -> Iterator[Publication]:
    """Yield the rows of a span as unsigned pieces, groups whole."""
    connection = store.connection
    while first <= end:
        rows: list[Any] = connection.execute(
            "SELECT * FROM change WHERE station = ? AND sseq BETWEEN ? AND ? ORDER BY sseq",
            (station, first, max(min(end, first + WINDOW), _group_end(store, station, first))),
        ).fetchall()
        changes = [Change._make(row) for row in rows]
        while changes and changes[-1].sseq != changes[-1].tx_first + changes[-1].tx_n - 1:
            del changes[-1]
        if not changes:
            return
        yield from piece_up(store, station, changes)
        first = changes[-1].sseq + 1


def _group_end(store: Store, station: bytes, first: int) -> int:
    end: Any = store.connection.execute(
        "SELECT tx_first + tx_n - 1 FROM change WHERE station = ? AND sseq = ?", (station, first)
    ).get
    return int(end or first)


def piece_up(store: Store, station: bytes, changes: list[Change]) -> Iterator[Publication]:
    """Cut rows that stand here into pieces, with the hash before them and redacted digests."""
    first, last = changes[0].sseq, changes[-1].sseq
    before = exchange_rows.hash_at(store.connection, station, first - 1) if first > 1 else GENESIS
    redacted: dict[int, bytes] = dict(
        store.connection.execute(
            "SELECT sseq, digest FROM redaction WHERE station = ? AND sseq BETWEEN ? AND ?",
            (station, first, last),
        )
    )
    yield from segment.cut(station, before or GENESIS, changes, redacted)


def sealed(site: Site, piece: Publication) -> Publication:
    """Return a piece of this profile's with the signature of its station."""
    secret = sharing.secret_of(site.store, piece.station)
    if secret is None:
        enrol(site, own_name(site))
        secret = sharing.secret_of(site.store, piece.station) or b""
    return signing.Signer(secret).signed(piece)


def _put_files(site: Site, piece: Publication) -> None:
    """Hold each attached file before the row that names it (invariant I11)."""
    for change in piece.changes:
        if change.kind == "attachment" and change.op == "create" and change.value is not None:
            sha256 = str(json.loads(change.value).get("sha256", ""))
            if not attachments.is_digest(sha256):
                continue
            source = attachments.path_of(site.files, sha256)
            if source.exists() and not site.hub.has_blob(sha256):
                site.hub.put_blob(sha256, source)
