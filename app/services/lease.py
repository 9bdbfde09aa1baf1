"""Lets exactly one station of a team do what must not be done twice: fetch mail, take alerts.

The lease is a fact of the journal. Its holder renews it while it works and gives it up when it
ends; when it falls silent another station takes over after `TERM_S`. A claim counts only when the
hub has it, so that a holder whom the team cannot see stops by itself before another one begins.
Two stations that claim in parallel both go by the first claim that still holds; what both have done
until then has to be harmless twice (a mail is known by its Message-ID, an alert by its fingerprint,
a report by its id). On a profile that shares with nobody every lease is held, nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.storage import journal, lease_rows, sharing

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.storage.lease_rows import Claim

MAIL, ALERTS, REPORTS = "mail", "alerts", "reports"
TERM_S = 900
"""A claim holds so long: a holder that has been silent for this time is replaced."""
RENEW_S = 600
"""Renewed when so much of the term is over: a row every ten minutes, from one station."""
_SEEN = "lease.seen:"


class Holder(NamedTuple):
    """Who has a lease, and until when (ms)."""

    station: bytes
    until: int
    here: bool


def held(desk: Desk, what: str) -> bool:
    """Tell whether this station may do `what` now; claims or renews the lease where it is due.

    Ask before each piece of work. False after a first claim, until the team can see it.

    Raises:
        StoreError: the profile cannot be written.
    """
    store = desk.store
    if not sharing.is_shared(store):
        return True
    now, own = store.now_ms(), store.station
    claim = _holding(desk, what, now)
    if claim is not None and claim.station != own:
        return False
    if claim is None or claim.until - now <= (TERM_S - RENEW_S) * 1_000:
        with store.writing():
            fresh = _holding(desk, what, now)  # another process may have been faster
            if fresh == claim:
                with journal.write(store, b"", "Take a lease") as action:
                    lease_rows.put(action, what, now + TERM_S * 1_000)
        claim = _holding(desk, what, now)
    return claim is not None and claim.station == own and _is_seen(desk, claim, now)


def release(desk: Desk, what: str) -> None:
    """Give a lease up, so that another station need not wait for its end.

    Raises:
        StoreError: the profile cannot be written; the lease ends by itself.
    """
    store = desk.store
    with store.writing():
        claim = _holding(desk, what, store.now_ms())
        if claim is not None and claim.station == store.station and sharing.is_shared(store):
            with journal.write(store, b"", "Give a lease up") as action:
                lease_rows.put(action, what, 0)


def holder(desk: Desk, what: str) -> Holder | None:
    """Return who has a lease now, as far as this station knows; None when nobody has it."""
    store = desk.store
    claim = _holding(desk, what, store.now_ms())
    if claim is None:
        return None
    return Holder(claim.station, claim.until, claim.station == store.station)


def _holding(desk: Desk, what: str, now: int) -> Claim | None:
    """Return the first claim that holds: the same one on every station that knows the same."""
    known = lease_rows.claims(desk.connection, what)
    return next((one for one in known if now < min(one.until, _ends_here(desk, one, now))), None)


def _ends_here(desk: Desk, claim: Claim, now: int) -> int:
    """Return when another's claim ends by this clock, whatever its own said.

    A station whose clock is a day ahead and that is gone does not keep the lease for a day.
    """
    store = desk.store
    if claim.until - now <= TERM_S * 1_000 or store.read_only:
        return claim.until
    key, version = f"{_SEEN}{claim.station.hex()}", f"{claim.sseq}"
    seen, _, at = str(store.local(key, "")).partition("@")
    if seen != version:
        with store.writing():
            store.set_local(key, f"{version}@{now}")
        at = str(now)
    return int(at) + TERM_S * 1_000


def _is_seen(desk: Desk, claim: Claim, now: int) -> bool:
    """Tell whether the hub has a claim of this station that still holds."""
    pushed = int(desk.store.local(sharing.PUSHED, 0))
    one: Claim | None = claim
    while one is not None and now < one.until:
        if one.sseq <= pushed:
            return True
        one = lease_rows.before(desk.connection, one)
    return False
