"""Sharing with a team: create or join a hub, exchange, say how it stands, leave (sync.md).

Only `create`, `join`, `rebuild`, `sync` and `doctor` talk to the hub; all else reads the profile.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from base64 import b32encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubError, InvalidInputError, NotFoundError, WrongHubError
from app.domain.standing import Standing
from app.services.exchanging import is_server, kept, member_of, open_hub, site_of
from app.storage import exchange_rows, sharing, station_rows
from app.storage.sharing import Membership
from app.sync import admission, engine, upkeep
from app.sync.hub import Team
from app.sync.site import enrol

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.sync.engine import Exchanged
    from app.sync.hub import Hub


STATES = frozenset({"offline", "hub_full", "not_shared", "waiting_for_approval", "in_sync"})
"""States for which `sentence` has words; any other is the code of what stopped an exchange."""
KINDS = ("folder", "cloud", "usb")
"""A share of the network; a folder that a cloud carries about; a stick."""


def create(
    desk: Desk, place: str, *, kind: str = "folder", approve: bool = False
) -> dict[str, Any]:
    """Found a team in a folder and publish this profile's work there.

    Raises:
        WrongHubError: there is a team already.
        HubError: the folder cannot be used.
    """
    _refuse_shared(desk)
    if kind not in KINDS:
        raise InvalidInputError(
            f'There is no kind of hub "{kind}". Kinds: {", ".join(KINDS)}.', field="kind"
        )
    root = Path(place).expanduser()
    if not is_server(place) and root.parent.is_dir() and not root.exists():
        root.mkdir()
    with contextlib.closing(open_hub(place)) as hub:
        if hub.team() is not None:
            raise WrongHubError(
                f"There is a team in {hub.place} already. Use share join {hub.place}."
            )
        own = desk.store.station
        kind = "postgresql" if is_server(place) else kind
        team = Team(os.urandom(16), os.urandom(16), kind, own, approve)
        where = kept(place)  # refused before anything is made there
        if hub.found(team).id != team.id:
            raise WrongHubError(f"Somebody founded a team in {hub.place} just now. Use share join.")
        return _begin(desk, hub, where, team)


def join(desk: Desk, place: str) -> dict[str, Any]:
    """Join the team of a folder: take over its work and add this profile's.

    Raises:
        NotFoundError: there is no team.
        HubError: the folder cannot be used.
    """
    _refuse_shared(desk)
    with contextlib.closing(open_hub(place)) as hub:
        team = hub.team()
        if team is None:
            raise NotFoundError(
                f"There is no team in {hub.place} yet. Check the folder, or begin one with share "
                "create."
            )
        return _begin(desk, hub, kept(place), team, joining=True)


def _begin(
    desk: Desk, hub: Hub, where: str, team: Team, *, joining: bool = False
) -> dict[str, Any]:
    member = Membership(where, team.id, team.epoch, team.kind, team.founder, team.approve)
    store = desk.store
    with store.writing():
        sharing.join(store, member)
        store.set_local("share.name", f"{desk.person.name} on {platform.node() or 'a computer'}")
    site = site_of(desk, hub)
    if joining:
        upkeep.start_from_snapshot(site, desk.profile.directory)
    enrol(site, str(store.local("share.name")))
    engine.claim_own_blocks(site)
    done = engine.exchange(site)
    return {
        "team": team.id.hex(),
        "station": store.station.hex(),
        "code": code_of(store.station, _own_key(desk)),
        **_told(desk, done.pushed, done.pulled),
    }


def leave(desk: Desk) -> dict[str, Any]:
    """Stop sharing; everything stays here, and what was published stays with the team."""
    member = member_of(desk)
    with desk.store.writing():
        sharing.leave(desk.store)
    return {"team": member.team.hex(), "station": desk.store.station.hex(), "left": True}


def sync(desk: Desk) -> tuple[dict[str, Any], Exchanged]:
    """Do one exchange and return what it came to.

    Raises:
        InvalidInputError: this profile shares with nobody.
        HubError: a person has to look; being away is a state, not an error.
    """
    with contextlib.closing(open_hub(member_of(desk).place)) as hub:
        done = engine.exchange(site_of(desk, hub))
        return _told(desk, done.pushed, done.pulled), done


def status(desk: Desk) -> dict[str, Any]:
    """Return how sharing stands, from this profile alone."""
    if sharing.membership(desk.store) is None:
        return _told(desk, 0, 0) | {"state": "not_shared"}
    return _told(desk, 0, 0)


def standing(desk: Desk) -> Standing:
    """Return how sharing stands, from this profile alone."""
    told = status(desk)
    shared = told["state"] != "not_shared"
    return Standing(
        shared,
        told["state"],
        told["waiting"],
        told["conflicts"],
        sentence(told),
        len(told["health"]),
    )


def silent(desk: Desk) -> Standing:
    """Return how sharing stands while the hub owes an answer, from this profile alone."""
    told = status(desk) | {"state": "silent"}
    words = sentence(told)
    return standing(desk)._replace(state="silent", sentence=words)


def place(desk: Desk) -> str:
    """Return the folder or server that this profile shares through; "" for none."""
    member = sharing.membership(desk.store)
    return "" if member is None else member.place


def rebuild(desk: Desk, place: str) -> dict[str, Any]:
    """Publish everything again at a hub that was wiped, under a new epoch.

    Raises:
        WrongHubError: another team is there.
    """
    member = member_of(desk)
    root = Path(place).expanduser()
    if not is_server(place) and root.parent.is_dir() and not root.exists():
        root.mkdir()
    with contextlib.closing(open_hub(place)) as hub:
        try:
            known = hub.team()
        except WrongHubError:
            raise
        except HubError:  # its label alone is lost
            known = None
        if known is not None and known.id != member.team:
            raise WrongHubError(f"{hub.place} belongs to another team. Nothing was sent.")
        team = Team(member.team, os.urandom(16), member.kind, member.founder, member.approve)
        hub.found(team)
        store = desk.store
        with store.writing():
            sharing.join(store, member._replace(place=kept(place), epoch=team.epoch))
            store.set_local(sharing.PUSHED, 0)
            store.set_local(sharing.MARGIN, 1)
        site = site_of(desk, hub)
        engine.claim_own_blocks(site)
        done = engine.exchange(site)
        mended = engine.publish_all(site)
        return _told(desk, done.pushed + mended, done.pulled)


def approve(desk: Desk, code: str) -> tuple[dict[str, Any], ChangeSet]:
    """Admit the waiting station of a code; only the founder's station can.

    Raises:
        InvalidInputError: this station may not, or no waiting station has the code.
    """
    from app.domain.changes import ChangeSet

    member = member_of(desk)
    if desk.store.station not in admission.administrators(desk.store, member.founder):
        raise InvalidInputError(
            "Only the station that founded the team can admit another one. Enter the code there.",
            code="not_administrator",
        )
    with contextlib.closing(open_hub(member.place)) as hub:
        wanted = code.strip().upper().replace("-", "")
        waiting = engine.waiting(site_of(desk, hub))
        for station, key in waiting.items():
            if code_of(station, key).replace("-", "") == wanted:
                uid: EntityId = station  # type: ignore[assignment]
                with desk.write("Admit a station") as action:
                    value = {"key": key.hex()}
                    action.set(station_rows.KIND, uid, station_rows.APPROVED, value)
                changes = ChangeSet(action.id, "Admit a station", {station_rows.KIND: (uid,)})
                return {"station": station.hex(), "code": code_of(station, key)}, changes
        raise InvalidInputError(
            f'No waiting station has the code "{code}". The new station shows it after share join.',
            field="code",
        )


def code_of(station: bytes, key: bytes) -> str:
    """Return the code by which people compare a station's key."""
    text = b32encode(hashlib.sha256(station + key).digest()[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def _told(desk: Desk, pushed: int, pulled: int) -> dict[str, Any]:
    """Return the document of cli.md for sync and share status."""
    store, connection = desk.store, desk.connection
    conflicts: Any = connection.execute(
        "SELECT count(*) FROM incident WHERE conflict = 1 AND deleted = 0"
    ).get
    member = sharing.membership(store)
    founder = member.founder if member else b""
    known = station_rows.stations(connection, founder)
    vector = exchange_rows.vector(connection)
    return {
        "pushed": pushed,
        "pulled": pulled,
        "conflicts": conflicts,
        "waiting": _waiting(desk),
        "state": str(store.local(sharing.STATE, "not_synced")),
        "stations": [
            {
                "station": one.id.hex(),
                "name": one.name,
                "code": code_of(one.id, one.key),
                "number_code": station_rows.code_of(one.id),
                "own": one.id == store.station,
                "approved": _is_admitted(desk, member, one),
                "entries": vector.get(one.id, (0, b""))[0],
            }
            for one in sorted(known.values())
        ],
        "health": [
            {
                "kind": note.kind,
                "text": note.text,
                "at": instant(note.at),
                "station": note.station.hex() if any(note.station) else None,
            }
            for note in exchange_rows.notes(connection)
        ],
        "quarantine": [
            {
                "station": one.station.hex(),
                "place": one.place,
                "reason": one.reason,
                "at": instant(one.at),
            }
            for one in exchange_rows.quarantined(connection)
        ],
    }


def _is_admitted(desk: Desk, member: Membership | None, one: station_rows.Station) -> bool:
    if one.approved or member is None or not member.approve:
        return True
    return admission.admitted_key(desk.store, member.founder, one.id) == one.key


def instant(at_ms: int) -> str:
    """Return milliseconds since 1970 as the ISO text of this document."""
    from app.system.clock import from_ms

    return from_ms(at_ms).isoformat()


def _waiting(desk: Desk) -> int:
    """Return how many own actions have not been sent."""
    if not sharing.is_shared(desk.store):
        return 0
    pushed = int(desk.store.local(sharing.PUSHED, 0))
    return exchange_rows.own_since(desk.connection, desk.store.station, pushed)


def sentence(told: dict[str, Any]) -> str:
    """Word how sharing stands in the one line that people read."""
    count = told["waiting"]
    waits = f"{count} change{'' if count == 1 else 's'} waiting"
    if told["state"] == "offline":
        return f"Offline, {waits}"
    if told["state"] == "silent":
        return f"The shared place does not answer, {waits}"
    if told["state"] == "hub_full":
        return f"The shared folder is full, {waits}"
    if told["state"] == "not_shared":
        return "This profile shares with nobody."
    if told["state"] == "waiting_for_approval":
        return "Waiting to be admitted"
    return f"{told['pushed']} sent, {told['pulled']} received, {waits}"


def _own_key(desk: Desk) -> bytes:
    return station_rows.enrolled_key(desk.connection, desk.store.station) or b""


def _refuse_shared(desk: Desk) -> None:
    member = sharing.membership(desk.store)
    if member is not None:
        raise InvalidInputError(
            f"This profile shares through {member.place} already. Use share leave first.",
            code="shared",
        )
