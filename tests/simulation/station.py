"""A workstation in memory: the real store and engine, with edits that a seed chooses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.storage import journal, sharing
from app.storage.sharing import Membership
from app.storage.store import Store
from app.sync import engine
from app.sync.folder_hub import FolderHub
from app.sync.site import Site, enrol

from .share import KilledError, Share, View

if TYPE_CHECKING:
    import random

    from app.sync.engine import Exchanged
    from app.sync.hub import Team

AUTHOR = bytes([9]) * 16
NOWHERE = Path("nowhere")
_TITLES = ("printer down", "disk full", "no mail", "slow")
_STATUSES = ("new", "assigned", "in_progress", "pending", "resolved", "closed")


class Clock:
    """The time of one station: what all share, and how far its own clock is off."""

    def __init__(self, world: list[int]) -> None:
        self._world = world
        self.skew_ms = 0

    def now_ms(self) -> int:
        return self._world[0] + self.skew_ms


class Station:
    """One profile. `acknowledged` are the actions that its person was told are done."""

    running_old = False
    """Whether what runs now is a program that does not know all that others write."""

    def __init__(
        self, name: str, share: Share, chance: random.Random, world: list[int], image: bytes
    ) -> None:
        self.name = name
        self.chance = chance
        self.share = share
        self.world = world
        self.clock = Clock(world)
        self.store = Store(Path(":memory:"), self.clock)
        self.acknowledged: dict[bytes, str] = {}
        self.numbers: dict[bytes, str] = {}
        self.view = View(share, chance)
        self.runs = 0
        self.is_old = False
        self.load(image)

    def load(self, image: bytes) -> None:
        """Take over the content of a database."""
        self.store.connection.deserialize("main", image)
        self.store._rules = None  # another database has other rules

    def image(self) -> bytes:
        """Return the content of the database."""
        return self.store.connection.serialize("main")

    def begin(self, team: Team) -> None:
        """Note the team, as `share create` and `share join` do."""
        member = Membership("share", team.id, team.epoch, team.kind, team.founder, team.approve)
        with self.store.database.atomic("IMMEDIATE"):
            sharing.join(self.store, member)
            self.store.set_local("share.name", self.name)
        enrol(self.site(), self.name)

    def site(self) -> Site:
        """Return what a process starts with: nothing is remembered but the database."""
        self.runs += 1
        hub = FolderHub(self.view, "the share", f"{self.name}{self.runs}")
        member = sharing.membership(self.store)
        assert member is not None
        return Site(self.store, hub, NOWHERE, self.name, "1", self.chance, member, arriving=set())

    def exchange(self) -> Exchanged | None:
        """Exchange once; None when the process was killed in it."""
        site = self.site()
        Station.running_old = self.is_old
        try:
            return engine.exchange(site)
        except KilledError:
            return None
        finally:
            self.view.fuse = -1
            Station.running_old = False

    def exchange_whole(self) -> Exchanged:
        done = self.exchange()
        assert done is not None
        return done

    # --- edits

    def edit(self) -> str:
        """Do something that a person does; return what."""
        incidents = [uid for (uid,) in self.store.connection.execute("SELECT uid FROM incident")]
        what = self.chance.choice(
            ["create", "set", "set", "status", "tag", "note", "person", "delete", "merge", "redact"]
        )
        if self.is_old and what in {"note", "tag"}:  # it does not know these
            what = "status"
        if what not in {"create", "person"} and not incidents:
            what = "create"
        action: journal.Action
        with journal.write(self.store, AUTHOR, what) as action:
            getattr(self, f"_{what}")(action, sorted(incidents))
        if action.edits:
            self.acknowledged[bytes(action.id)] = what
        return what

    def _create(self, action: journal.Action, incidents: list[bytes]) -> None:
        del incidents
        number = action.next_number()
        value: dict[str, Any] = {
            "number": number,
            "title": self.chance.choice(_TITLES),
            "status": "new",
            "priority": "P3",
            "registered_at": action.now_ms,
        }
        uid = action.create("incident", value)
        self.numbers[bytes(uid)] = number

    def _set(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid = self.chance.choice(incidents)
        for field in self.chance.sample(self._fields(), 2):
            value = f"{field} {self.chance.randrange(3)}"
            action.set("incident", uid, field, value)  # type: ignore[arg-type]

    def _fields(self) -> list[str]:
        return ["title", "priority", "description", *([] if self.is_old else ["outcome"])]

    def _status(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid = self.chance.choice(incidents)
        action.set("incident", uid, "status", self.chance.choice(_STATUSES))  # type: ignore[arg-type]
        action.set("incident", uid, "reopen_count", self.chance.randrange(3))  # type: ignore[arg-type]

    def _tag(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid, tag = self.chance.choice(incidents), self.chance.choice(["vpn", "hq"])
        present = self.chance.random() < 0.6
        action.member(uid, f"tag:{tag}", tag, present=present)  # type: ignore[arg-type]

    def _note(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid: Any = self.chance.choice(incidents)
        action.create("note", {"kind": "note", "text": "Looked"}, root=uid)
        action.create("time_entry", {"seconds": 60}, root=uid)

    def _person(self, action: journal.Action, incidents: list[bytes]) -> None:
        from app.storage import catalogue

        del incidents
        name = f"Person {self.chance.randrange(3)}"
        catalogue.put(action, "person", name, {"phone": str(self.chance.randrange(3))})

    def _delete(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid: Any = self.chance.choice(incidents)
        action.set("incident", uid, "deleted", self.chance.choice([True, None]))

    def _redact(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid: Any = self.chance.choice(incidents)
        rows = action.connection.execute(
            "SELECT station, sseq, kind, op, value FROM said WHERE root = ? AND value IS NOT NULL "
            "AND (op = 'create' OR field IN ('title', 'description', 'outcome')) "
            "AND kind IN ('incident', 'note') ORDER BY station, sseq",
            (uid,),
        ).fetchall()
        if not rows:
            return
        station, sseq, kind, op, value = self.chance.choice(rows)
        instead = json.loads(value)
        if op == "create":
            instead |= {"title" if kind == "incident" else "text": "[redacted]"}
        else:
            instead = "[redacted]"
        told = {"station": station.hex(), "sseq": sseq, "instead": instead}
        action.set("redaction", action.new_id(), "r", told, root=uid, op="redact")

    def _merge(self, action: journal.Action, incidents: list[bytes]) -> None:
        uid, other = self.chance.choice(incidents), self.chance.choice(incidents)
        value = other.hex() if uid != other else None
        action.set("incident", uid, "merged_into", value)  # type: ignore[arg-type]
