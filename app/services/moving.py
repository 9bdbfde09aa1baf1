"""Moves a team from one hub to another, folder or server, without losing anything (ux.md 7).

Whoever moves publishes at the new place all that this profile holds: everybody's signed entries as
they stand, the files, and who may hand out which numbers. Then the journal says where the team has
gone, also at the old place, which stays as it is. The others follow with the same function; what
they wrote meanwhile comes along with them.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubAwayError, HubError, HubFullError, InvalidInputError, WrongHubError
from app.services import sharing
from app.services.exchanging import is_server, kept, member_of, open_hub, site_of
from app.storage import exchange_rows, numbers, team_moves
from app.storage import sharing as memberships
from app.sync import engine
from app.sync.hub import Holdings, Team

if TYPE_CHECKING:
    from app.domain.standing import TeamMove
    from app.services.desk import Desk
    from app.storage.sharing import Membership
    from app.sync.engine import Exchanged
    from app.sync.hub import Hub
    from app.sync.site import Site


def pending(desk: Desk) -> TeamMove | None:
    """Return where the team has moved to while this station still meets at the place before."""
    member = memberships.membership(desk.store)
    move = None if member is None else team_moves.last(desk.connection, member.team)
    return None if member is None or move is None or move.epoch == member.epoch else move


def move(desk: Desk, place: str, *, kind: str = "folder") -> dict[str, Any]:
    """Move the team to a folder or a server, or follow it there; return what it came to.

    The document is that of `sharing.status`, with `entries` (how many stand at the new place) and
    `old_place_told` (whether those who still meet there will hear of it).

    Raises:
        InvalidInputError: this profile shares with nobody, or already there.
        WrongHubError: another team is at the new place.
        HubError: the new place is away, full or refuses; the team stays where it was.
    """
    before = member_of(desk)
    where = kept(place)
    if where == before.place:
        raise InvalidInputError(f"This profile shares through {where} already.", field="hub")
    with contextlib.closing(open_hub(place)) as hub:
        found = hub.team()
        if found is not None and found.id != before.team:
            raise WrongHubError(
                f"{hub.place} belongs to another team. Nothing was moved; choose an empty folder "
                "or database."
            )
        told_before = _last_exchange(desk)
        sent = int(desk.store.local(memberships.PUSHED, 0))
        if found is None:
            kind = "postgresql" if is_server(place) else kind
            epoch = os.urandom(16)
            found = hub.found(Team(before.team, epoch, kind, before.founder, before.approve))
        after = before._replace(place=where, epoch=found.epoch, kind=found.kind)
        moves = team_moves.last(desk.connection, before.team)
        first = moves is None or moves.epoch != found.epoch
        entries = _publish(desk, hub, before, after, first=first)
        if first:
            with desk.write("Move the team") as action:
                team_moves.note(action, before.team, where, found.epoch)
            told_before = told_before and _tell(desk, before, after, sent)
            site = site_of(desk, hub)
            _take_distant_block(site)
            engine.exchange(site)  # being away now is no harm: the next one goes there too
            engine.publish_all(site)
    return sharing.status(desk) | {"entries": entries, "old_place_told": told_before}


def _last_exchange(desk: Desk) -> bool:
    """Exchange once more at the old place; False when it is away: then others bring their own."""
    try:
        return sharing.sync(desk)[1].state in {engine.IN_SYNC, engine.WAITING}
    except HubError:
        return False


def _publish(desk: Desk, hub: Hub, before: Membership, after: Membership, *, first: bool) -> int:
    """Publish everything at the new place and meet there; go back to the old when that fails."""
    store = desk.store
    pushed = int(store.local(memberships.PUSHED, 0))
    team_moves.switch(store, after, 0)
    try:
        site = site_of(desk, hub)
        if first:
            _claim_for_all(desk, hub)
        engine.claim_own_blocks(site)
        _put_files(desk, hub)
        _require(hub, engine.exchange(site))
        engine.publish_all(site)
        return _check_complete(desk, hub)
    except BaseException:
        team_moves.switch(store, before, pushed)
        raise


def _require(hub: Hub, done: Exchanged) -> None:
    """Refuse an exchange that has not ended well: the team must not be left between two places."""
    if done.state == engine.OFFLINE:
        raise HubAwayError(f"{hub.place} cannot be reached. The team stays where it was.")
    if done.state == engine.HUB_FULL:
        raise HubFullError(f"{hub.place} is full. The team stays where it was.")


def _claim_for_all(desk: Desk, hub: Hub) -> None:
    """Claim for each station the blocks of numbers that it has, so that nobody else gets them."""
    for first, station in team_moves.blocks(desk.connection):
        hub.claim_block(first, station)


def _take_distant_block(site: Site) -> None:
    """Claim a block at a distance: those who still meet at the old place may claim on there.

    Done when that was told already: who knew of the distant block would claim on behind it.
    """
    if site.member.kind in engine.WITHOUT_CLAIMS:
        return
    claimed = [first + numbers.BLOCK - 1 for first in site.hub.blocks()]
    highest = max([numbers.highest(site.store.connection), *claimed])
    first = highest // numbers.BLOCK * numbers.BLOCK + 1 + engine.MARGIN_BLOCKS * numbers.BLOCK
    while not site.hub.claim_block(first, site.store.station):
        first += numbers.BLOCK
    numbers.lease_claimed(site.store, first)


def _put_files(desk: Desk, hub: Hub) -> None:
    for sha256, path in team_moves.files(desk.connection, desk.profile.attachments):
        if not hub.has_blob(sha256):
            hub.put_blob(sha256, path)


def _check_complete(desk: Desk, hub: Hub) -> int:
    """Count what stands at the new place; refuse it when entries of this profile are missing.

    Entries of others that nobody here has the signature of are published by their own stations.
    """
    held = hub.holdings()
    own = desk.store.station
    last = exchange_rows.vector(desk.connection).get(own, (0, b""))[0]
    published = int(desk.store.local(memberships.PUSHED, 0))
    if held.get(own, Holdings(())).last < min(last, published):
        raise HubError(f"{hub.place} does not hold what was written there. Run the test of it.")
    return sum(one.last for one in held.values())


def _tell(desk: Desk, before: Membership, after: Membership, sent: int) -> bool:
    """Publish at the old place too where the team is now; `sent` is how far that holds our rows."""
    pushed = int(desk.store.local(memberships.PUSHED, 0))
    team_moves.switch(desk.store, before, sent)
    try:
        with contextlib.closing(open_hub(before.place)) as hub:
            told = engine.exchange(site_of(desk, hub)).state in {engine.IN_SYNC, engine.WAITING}
    except HubError:
        told = False
    finally:
        team_moves.switch(desk.store, after, pushed)
    return told
