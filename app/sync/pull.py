"""Takes what other stations have published: per station, contiguous, verified (sync.md, pull)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain import hybrid_clock
from app.domain.journal_entry import GENESIS
from app.domain.publication import fault_of
from app.storage import attachments, exchange_rows, remote, station_rows
from app.storage.exchange_rows import HELD_BACK_MS, Quarantined
from app.storage.remote import RefusedPieceError
from app.sync import admission, signing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.publication import Publication
    from app.sync.hub import Holdings
    from app.sync.site import Site

ROWS_AT_ONCE = 20_000
"""About so many rows are fetched before they are taken."""


def pull(site: Site, holdings: Mapping[bytes, Holdings]) -> int:
    """Take each row that is not here yet; return how many actions came.

    Raises:
        HubError: the hub is away or refuses; what was taken until then stays.
    """
    site.waiting.clear()
    store, came = site.store, 0
    # The administrator's rows come first: they admit others.
    for station in sorted(holdings, key=lambda one: (one != site.member.founder, one)):
        if station == store.station:
            continue
        while True:
            last, hash_ = exchange_rows.vector(store.connection).get(station, (0, GENESIS))
            if holdings[station].newest <= last:
                break
            came += _pull_some(site, station, last, hash_)
            if exchange_rows.vector(store.connection).get(station, (0, b""))[0] == last:
                break
    _tell_of_damage(site)
    return came


def _pull_some(site: Site, station: bytes, last: int, hash_: bytes) -> int:
    """Take some pieces of one station, until one cannot be taken."""
    store = site.store
    fetched = site.hub.fetch(station, last, ROWS_AT_ONCE, hash_)
    if fetched.forked:
        site.forked.add(station)
    for fault in fetched.faults:
        first, end = (None, None) if fault.rows is None else fault.rows
        _quarantine(site, station, fault.place, fault.reason, first, end)
    came = 0
    for piece in fetched.pieces:
        reason = refusal(site, piece, fetched.pieces)
        if reason is None:
            site.waiting.add(station)
            break
        if reason:
            place = f"entries {piece.first} to {piece.last} of {station.hex()}"
            _quarantine(site, station, place, reason, piece.first, piece.last)
            break
        try:
            changes = remote.apply(store, piece)
        except RefusedPieceError as error:
            place = f"entries {piece.first} to {piece.last} of {station.hex()}"
            _quarantine(site, station, place, error.message, piece.first, piece.last)
            break
        came += len({c.tx_first for c in piece.changes if c.sseq > last})
        if changes.ids:
            site.changes.append(changes)
        after_piece(site, piece)
    return came


def refusal(site: Site, piece: Publication, beside: Sequence[Publication] = ()) -> str | None:
    """Return why a piece is not taken, "" when it is, None while its station waits.

    `beside` are the pieces that came with it: in one of them its former id may vouch for it.
    """
    reason = fault_of(piece)
    if reason:
        return reason
    if not signing.is_signed(piece):
        return "its signature does not hold"
    connection, station = site.store.connection, piece.station
    for change in piece.changes:
        names_itself = change.kind == station_rows.KIND and change.field == station_rows.SELF
        if names_itself and change.entity == station and piece.key.hex() not in str(change.value):
            return "it names another key than it is signed with"
    known = exchange_rows.pinned_key(connection, station)
    if known is not None and known != piece.key:
        return "it is signed with another key than before"
    if site.member.approve and station != site.member.founder:
        founder = site.member.founder
        admitted = admission.admitted_key(site.store, founder, station)
        if admitted is None:
            admitted = admission.presented_key(site.store, founder, station, beside)
        if admitted is None:
            return None
        if admitted != piece.key:
            return "it is signed with another key than the one that was admitted"
    return ""


def after_piece(site: Site, piece: Publication) -> None:
    """Note what follows from a piece that was taken: its key, files on their way, a wrong clock."""
    store = site.store
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        exchange_rows.pin_key(store.connection, piece.station, piece.key)
        exchange_rows.lift_quarantine(store.connection, piece.station, piece.last)
    for change in piece.changes:
        if change.kind == "attachment" and change.op == "create" and site.arriving is not None:
            sha256 = _sha256_of(site, change.entity)
            if attachments.is_digest(sha256):
                site.arriving.add(sha256)
    newest = max(c.hlc for c in piece.changes)
    ahead_ms = hybrid_clock.wall_ms(newest) - store.now_ms()
    if ahead_ms > hybrid_clock.MAX_AHEAD_MS:
        name = site.name_of(piece.station)
        site.say(
            "clock", f"The clock of station {name} is {ahead_ms // 60_000} min off", piece.station
        )


def _sha256_of(site: Site, uid: bytes) -> str:
    found: Any = site.store.connection.execute(
        "SELECT sha256 FROM attachment WHERE uid = ?", (uid,)
    ).get
    return found or ""


def fetch_files(site: Site) -> int:
    """Get attached files that are not here yet; return how many are still arriving."""
    if site.arriving is None:
        rows: Any = site.store.connection.execute("SELECT DISTINCT sha256 FROM attachment")
        site.arriving = {
            sha256
            for (sha256,) in rows.fetchall()
            if attachments.is_digest(sha256)
            and not attachments.path_of(site.files, sha256).exists()
        }
    for sha256 in sorted(site.arriving):
        final = attachments.path_of(site.files, sha256)
        if not final.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            part = final.with_name(f".{sha256}.part")
            if not site.hub.get_blob(sha256, part):
                part.unlink(missing_ok=True)
                continue
            part.replace(final)
        site.arriving.discard(sha256)
    return len(site.arriving)


def _quarantine(
    site: Site, station: bytes, place: str, reason: str, first: int | None, last: int | None
) -> None:
    store = site.store
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        one = Quarantined(station, place, reason, first, last, store.now_ms())
        exchange_rows.put_quarantine(store.connection, one)


def _tell_of_damage(site: Site) -> None:
    """Tell people of what has been damaged for ten minutes and nobody has mended."""
    now = site.store.now_ms()
    for one in exchange_rows.quarantined(site.store.connection):
        if now - one.at >= HELD_BACK_MS:
            name = site.name_of(one.station)
            site.say(
                "damaged",
                f"{one.place} in the shared folder cannot be used ({one.reason}). It is skipped; "
                f"the work of {name} is complete again as soon as a station that has it is here.",
                one.station,
            )
