"""One exchange with the hub: push, pull, files, repair, numbers, and what people are told of it.

Push and pull are independent: a full hub stops the one and not the other, and a hub that goes away
in the middle leaves whole batches on both sides. Everything can be done again at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import HubAwayError, HubFullError, KnownError
from app.storage import exchange_rows, numbers, sharing, station_rows
from app.sync import admission, forks, presence, redacting, repair, signing, upkeep
from app.sync.hub import Holdings, StationNote
from app.sync.pull import fetch_files, pull
from app.sync.push import notice_copy, push
from app.sync.site import Site, enrol, own_name, same_team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import ChangeSet
    from app.domain.standing import Present

REFILL_AT = 12
"""A new block of numbers is fetched when so many are left (sync.md, numbers)."""
WITHOUT_CLAIMS = frozenset({"cloud", "usb"})
"""Kinds of hub in which an exclusive create proves nothing."""
MARGIN_BLOCKS = 40
"""So many blocks are left free where claims may have been lost with a wiped or restored hub."""

IN_SYNC, OFFLINE, HUB_FULL, WAITING = "in_sync", "offline", "hub_full", "waiting_for_approval"


class Exchanged(NamedTuple):
    """What one exchange came to: actions sent and taken, how it ended, and who else is here."""

    pushed: int
    pulled: int
    repaired: int
    state: str
    changes: tuple[ChangeSet, ...]
    present: tuple[Present, ...] = ()


def exchange(site: Site) -> Exchanged:
    """Do one exchange.

    Raises:
        WrongHubError, HubNewerError, HubRefusedError, HubError: it needs a person.
        StoreError: the local database cannot be written.
    """
    site.changes.clear()
    done = {"pushed": 0, "pulled": 0, "repaired": 0}
    state = IN_SYNC
    try:
        state = _exchange(site, done)
    except HubAwayError:
        state = OFFLINE
    except KnownError as error:
        _note_state(site, error.code)
        raise
    _note_state(site, state)
    present = () if state == OFFLINE else site.here.present
    return Exchanged(**done, state=state, changes=tuple(site.changes), present=present)


def _exchange(site: Site, done: dict[str, int]) -> str:
    team = same_team(site)
    site.member = site.member._replace(founder=team.founder, approve=team.approve)
    enrol(site, own_name(site))
    before = int(site.store.local(sharing.PUSHED, 0))
    holdings = site.hub.holdings()
    notes = _notes(site, holdings)
    own = site.store.station
    notice_copy(site, holdings, notes)
    before = before if site.store.station == own else 0
    full = False
    try:
        if site.store.station not in notes:
            _say_here(site)  # a copy of this profile is then known before both have published
        refill_numbers(site)
        done["pushed"] = push(site, holdings, before)
    except HubFullError:
        full = True
    done["pulled"] = pull(site, holdings)
    fetch_files(site)
    try:
        done["repaired"] = forks.settle(site, notes)
        done["repaired"] += repair.repair(site, holdings, notes)
        redacting.redact(site)
        _say_here(site)
        upkeep.pack(site, holdings)
        if site.folder is not None:
            upkeep.snapshot(site, site.folder)
            upkeep.prove_rows(site, site.folder)
    except HubFullError:
        full = True
    if full:
        return HUB_FULL
    return WAITING if site.store.station in site.waiting else IN_SYNC


def _notes(site: Site, holdings: Mapping[bytes, Holdings]) -> dict[bytes, StationNote]:
    found = {station: site.hub.note(station) for station in [*holdings, site.store.station]}
    return {station: note for station, note in found.items() if note is not None}


def refill_numbers(site: Site) -> None:
    """Claim a block of numbers when few are left, and write its lease before any is shown."""
    store = site.store
    if site.member.kind in WITHOUT_CLAIMS:
        _allocate(site)
        return
    if numbers.left(store) >= REFILL_AT:
        return
    claimed = site.hub.blocks()
    highest = max([numbers.highest(store.connection), *(f + numbers.BLOCK - 1 for f in claimed)])
    first = highest // numbers.BLOCK * numbers.BLOCK + 1
    if store.local(sharing.MARGIN):
        first += MARGIN_BLOCKS * numbers.BLOCK
    while not site.hub.claim_block(first, store.station):
        first += numbers.BLOCK
    numbers.lease_claimed(store, first)
    if store.local(sharing.MARGIN):
        site.put(sharing.MARGIN, 0)


def _allocate(site: Site) -> None:
    """Give numbers to every station by rows of the founder's journal.

    A folder that a cloud or a stick carries about is there more than once, so that two stations
    could both claim a block in it.
    """
    store = site.store
    if store.station != site.member.founder:
        return
    if numbers.left(store) < REFILL_AT:
        numbers.allocate(store, store.station)
    for station in station_rows.stations(store.connection, site.member.founder):
        if station != store.station and numbers.left_of(store.connection, station) < REFILL_AT:
            numbers.allocate(store, station)


def claim_own_blocks(site: Site) -> None:
    """Claim the blocks that this profile took before it shared; give up what others have."""
    store = site.store
    if site.member.kind in WITHOUT_CLAIMS:
        if store.station != site.member.founder:
            numbers.give_up_all(store)
        return
    lost = [
        first
        for first, left in numbers.own_blocks(store)
        if not site.hub.claim_block(first, store.station) and left
    ]
    if lost:
        numbers.give_up(store, lost)


def _say_here(site: Site) -> None:
    store, station = site.store, site.store.station
    vector = exchange_rows.vector(store.connection)
    last, hash_ = vector.get(station, (0, b""))
    now = store.now_ms()
    seen = {of: sseq for of, (sseq, _) in vector.items()}
    hashes = {of: hash_[:8] for of, (_, hash_) in vector.items()}
    note = StationNote(last, hash_, seen, site.app_version, site.instance, now, hashes)
    known = site.hub.note(station)
    if known is None or known._replace(at_ms=now) not in (note, note._replace(seen_hash={})):
        site.hub.write_note(station, note)
    presence.meet(site, own_name(site))


def _note_state(site: Site, state: str) -> None:
    store = site.store
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        store.set_local(sharing.STATE, state)
        store.set_local(sharing.STATE_AT, store.now_ms())


def publish_all(site: Site) -> int:
    """Publish at once what the hub lacks of every station: after it was wiped."""
    return repair.repair(site, site.hub.holdings(), {}, delay_ms=0)


def waiting(site: Site) -> dict[bytes, bytes]:
    """Return the stations that are not admitted yet, with the keys they sign with."""
    found: dict[bytes, bytes] = {}
    for station, held in site.hub.holdings().items():
        if station == site.member.founder or not held.newest:
            continue
        for piece in site.hub.fetch(station, 0, 1).pieces:
            admitted = admission.admitted_key(site.store, site.member.founder, station)
            if admitted != piece.key and signing.is_signed(piece):
                found[station] = piece.key
    return found
