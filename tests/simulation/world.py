"""Plays one schedule: stations that edit, exchange and break as a seed says, then come to rest."""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from app.domain.errors import KnownError
from app.domain.journal_entry import GENESIS, Change
from app.domain.publication import Publication, groups
from app.storage import not_understood, sharing
from app.storage import store as store_module
from app.storage.database import Database
from app.storage.store import Store
from app.storage.turns import Turns
from app.sync import segment, signing
from app.sync.folder_hub import FolderHub
from app.sync.hub import Team

from . import invariants
from .remembered import remembered
from .share import Share
from .station import NOWHERE, Clock, Station

if TYPE_CHECKING:
    from collections.abc import Iterator

START_MS = 1_773_046_800_000
STEPS = 28
ROUNDS = 12
"""Exchanges of each station after which everything must have come to rest."""

_IMAGE: list[bytes] = []


def empty_image() -> bytes:
    """Return the content of a new database, made once: migrating takes longer than a schedule."""
    if not _IMAGE:
        store = Store(Path(":memory:"), Clock([START_MS]))
        with store.database.atomic("IMMEDIATE"):
            store.connection.execute("DELETE FROM local WHERE key = 'station'")
        _IMAGE.append(store.connection.serialize("main"))
        store.close_thread()
    return _IMAGE[0]


def ready_database(path: Path, *, read_only: bool = False) -> Database:
    """Open a database in memory that is migrated already."""
    database = Database(path, read_only=read_only)
    database.turns = Turns()  # one thread runs them all
    database.connection().deserialize("main", empty_image())
    return database


@contextmanager
def seeded(chance: random.Random) -> Iterator[None]:
    """Have ids, salts and keys come from the seed, so that it replays byte for byte."""
    empty_image()
    with (
        patch.object(os, "urandom", chance.randbytes),
        patch.object(signing, "new_secret", lambda: chance.randbytes(32)),
        patch.object(store_module, "open_database", ready_database),
    ):
        yield


class World:
    """A team with its share. `story` tells what happened, for the one who replays a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.now = [START_MS]
        self.share = Share()
        self.stations: list[Station] = []
        self.lost: list[Station] = []
        self.story: list[str] = []
        self.seen: dict[tuple[bytes, int], bytes] = {}
        self.causes: set[str] = {"merged"}
        self.images: list[tuple[Station, bytes]] = []

    def play(self) -> None:
        """Play the schedule and check every invariant; the seed stands in each message."""
        with seeded(self.chance), remembered(), self._mixed():
            self._begin()
            for _ in range(STEPS):
                self.now[0] += self.chance.randrange(1, 120_000)
                self._step()
            self._rest()
            self._check()

    @contextmanager
    def _mixed(self) -> Iterator[None]:
        """Have some stations run an older program, which does not know all that others write."""
        knows = not_understood.is_understood

        def is_understood(change: Change) -> bool:
            new = change.kind == "note" or change.field in {"outcome", "tag:vpn"}
            return knows(change) and not (new and Station.running_old)

        with patch.object(not_understood, "is_understood", is_understood):
            yield

    def _begin(self) -> None:
        for index in range(self.chance.choice([2, 2, 3])):
            self._open(f"s{index}", self._fresh())
        if self.chance.random() < 0.3:
            self.chance.choice(self.stations).is_old = True
        founder = self.stations[0].store.station
        team = Team(self.chance.randbytes(16), self.chance.randbytes(16), "folder", founder)
        FolderHub(self.stations[0].view, "the share", "founder").found(team)
        for station in self.stations:
            station.begin(team)
        self.share.keep()

    def _fresh(self) -> bytes:
        return Store(Path(":memory:"), Clock(self.now)).connection.serialize("main")

    def _open(self, name: str, image: bytes) -> Station:
        station = Station(name, self.share, self.chance, self.now, image)
        self.stations.append(station)
        return station

    # --- steps

    def _step(self) -> None:
        kinds = (
            ["edit"] * 10 + ["exchange"] * 8 + ["kill"] * 3 + ["away", "full", "stale"]
            + ["damage", "lose", "rollback", "clone", "restore", "skew", "keep", "litter"]
            + ["destroy", "upgrade"]
        )  # fmt: skip
        if self.seed % 4 == 0:  # profiles and the share are put back in time, again and again
            kinds += ["keep", "restore", "rollback"] * 3
        kind = self.chance.choice(kinds)
        station = self.chance.choice(self.stations)
        told = getattr(self, f"_{kind}")(station)
        self.story.append(f"{kind} {station.name} {told or ''}")

    def _edit(self, station: Station) -> str:
        return station.edit()

    def _exchange(self, station: Station) -> str:
        try:
            return str(station.exchange_whole()[:4])
        except KnownError as error:
            return error.code

    def _kill(self, station: Station) -> str:
        station.view.fuse = self.chance.randrange(1, 45)
        return str(station.exchange())

    def _away(self, station: Station) -> None:
        station.view.away = True
        assert station.exchange_whole().state == "offline", self.told("away is a state")
        station.view.away = False

    def _full(self, station: Station) -> None:
        station.view.full = True
        station.exchange_whole()
        station.view.full = False

    def _stale(self, station: Station) -> None:
        if "copied" in self.causes:  # two copies that do not see each other's files are as one
            return
        station.view.is_stale = True
        station.exchange_whole()
        station.view.is_stale = False

    def _damage(self, _: Station) -> str:
        paths = self.share.paths("/seg", "/repair")
        if not paths:
            return ""
        self.causes |= {"damaged", "restored"}
        path = self.chance.choice(paths)
        content = self.share.get(path)
        cut = self.chance.choice([b"", content[: len(content) // 2], b"garbage" * 9])
        self.share.put(path, cut)
        return path

    def _lose(self, _: Station) -> str:
        paths = self.share.paths("/seg", "/repair", "num", "presence") + [
            path for path in self.share.paths("st/") if path.endswith("head.json")
        ]
        if not paths:
            return ""
        self.causes |= {"restored", "number"}
        path = self.chance.choice(paths)
        self.share.drop(path)
        return path

    def _rollback(self, _: Station) -> str:
        """Bring the share back to an earlier state.

        Together with a copied or restored profile that gives one number to two rows.
        """
        self.causes |= {"restored", "number"}
        which = self.chance.randrange(len(self.share.before))
        copy = self.share.before[which]
        self.share.folders = {folder: dict(files) for folder, files in copy.items()}
        self.share._counted = 0
        return str(which)

    def _keep(self, station: Station) -> None:
        self.share.keep()
        self.images.append((station, station.image()))

    def _clone(self, station: Station) -> str:
        if len(self.stations) >= 4:
            return "no"
        self.causes |= {"copied", "number"}
        clone = self._open(f"c{len(self.stations)}", station.image())
        clone.is_old = station.is_old
        clone.acknowledged = dict(station.acknowledged)
        return clone.name

    def _restore(self, station: Station) -> str:
        images = [image for of, image in self.images if of is station]
        if not images:
            return ""
        # What was not sent since the copy is gone with the disk: nobody can bring it back.
        self.causes |= {"copied", "number"}
        station.load(images[-1])
        self._starts(station)
        known = station.store.connection.execute("SELECT DISTINCT action FROM change").fetchall()
        kept = {action for (action,) in known}
        station.acknowledged = {a: w for a, w in station.acknowledged.items() if a in kept}
        uids = {uid for (uid,) in station.store.connection.execute("SELECT uid FROM incident")}
        station.numbers = {u: n for u, n in station.numbers.items() if u in uids}
        return ""

    def _starts(self, station: Station) -> int:
        """Do what a program does first that knows more than the one before it."""
        return 0 if station.is_old else not_understood.take(station.store)

    def _skew(self, station: Station) -> None:
        self.causes.add("clock")
        day = 86_400_000
        station.clock.skew_ms = self.chance.choice([0, -day, day, 90_000, -90_000])

    def _destroy(self, station: Station) -> str:
        """Lose a workstation for good: what it sent lives on in the others."""
        if len(self.stations) < 3:
            return "no"
        self.stations.remove(station)
        self.lost.append(station)
        return ""

    def _upgrade(self, station: Station) -> str:
        if not station.is_old:
            return "no"
        station.is_old = False
        return str(not_understood.take(station.store))

    def _litter(self, station: Station) -> None:
        own = station.store.station.hex()
        for folder in ("", f"st/{own}/seg"):
            if folder in self.share.folders:
                self.share.folders[folder] |= {"._x": b"", "1-2 (conflicted copy).sqlite": b"x"}

    # --- the end

    def _rest(self) -> None:
        """Let all exchange until nothing moves; the world heals first."""
        for station in self.stations:
            self._upgrade(station)
            station.view.away = station.view.full = station.view.is_stale = False
        quiet = 0
        for _ in range(ROUNDS):
            self.now[0] += 60_000
            moved = 0
            for station in self.stations:
                done = station.exchange_whole()
                moved += done.pushed + done.pulled + done.repaired
            self.story.append(f"rest {moved}")
            # What one says in a round that moves nothing may move another one in the next.
            quiet = 0 if moved else quiet + 1
            if quiet == 2:
                return

    def told(self, text: str) -> str:
        """Return a message with the seed and the story."""
        return f"seed {self.seed}: {text}\n" + "\n".join(self.story[-60:])

    def _check(self) -> None:
        connections = [station.store.connection for station in self.stations]
        found = [
            ("I2", invariants.i2_all_stations_are_equal(connections)),
            ("I8", invariants.i8_one_hash_for_ever(connections, self._published())),
            ("I10", invariants.i10_nothing_held_is_lost(self._readable(), connections)),
        ]
        for station in self.stations:
            here = station.store.connection
            found += [
                ("I1", invariants.i1_acknowledged_changes_are_kept(here, station.acknowledged)),
                ("I4", invariants.i4_no_change_is_silently_lost(here)),
                ("I5", invariants.i5_vectors_are_contiguous_and_chains_verify(here)),
                ("I7", invariants.i7_numbers_never_change(here, station.numbers)),
                ("I9", invariants.i9_groups_are_whole(here)),
                ("I11", invariants.i11_no_attachment_without_its_file(here, NOWHERE, ())),
                ("seen", invariants.no_incident_is_hidden_by_a_colleague(here)),
                ("redacted", invariants.redacted_values_are_gone(here, self.files, self._own())),
                ("I12", invariants.i12_each_fault_has_its_message(self._explained(), here)),
            ]
        if "forked" not in self._explained():
            found.append(("names", invariants.names_are_of_rows_that_are_known(connections[0])))
        if self.seed % 5 == 0:
            found.append(("I6", self._any_order(connections[0])))
            found.append(("I3", invariants.i3_rebuilding_gives_the_same(self.stations[0].store)))
        wrong = [f"{name}: {text}" for name, text in found if text]
        assert not wrong, self.told("; ".join(wrong))

    def _explained(self) -> set[str]:
        """Return the kinds of notes that people may find."""
        both = {"copied", "restored"} <= self.causes
        return self.causes | ({"forked"} if both else set())

    def _own(self) -> set[bytes]:
        """Return the ids under which the stations that are left have written."""
        return {uid for one in self.stations for uid in sharing.own_stations(one.store)}

    def _published(self) -> dict[tuple[bytes, int], bytes]:
        """Return the hash of every row that whole files of the share hold.

        Where a profile and the share were put back in time, a station that is gone may have left
        another story: it stays in that station's folder, and nobody follows it.
        """
        rows: dict[tuple[bytes, int], bytes] = {}
        self.files: dict[str, Publication] = {}
        self.stories: dict[bytes, bytes] = {}
        here = self.stations[0].store.connection
        living = {f"st/{uid.hex()}/" for uid in self._own()}
        for path in self.share.paths("/seg", "/pack", "/repair"):
            folder, _, name = path.rpartition("/")
            if segment.name_of(name) is None:
                continue
            of = folder.split("/")[3 if "/repair" in folder else 1]
            try:
                piece = segment.unpack(name, bytes.fromhex(of), self.share.get(path))
            except segment.SegmentError:
                continue
            self.stories |= {change.hash: change.action for change in piece.changes}
            if _is_another(here, piece):
                mine = any(path.startswith(folder) for folder in living)
                assert "forked" in self._explained(), self.told(f"I8: {path} is another story")
                assert not mine, self.told(f"I8: {path} still tells another story")
                continue
            self.files[path] = piece
            for change in piece.changes:
                version = (change.station, change.sseq)
                same = rows.setdefault(version, change.hash) == change.hash
                assert same, self.told(f"I8: {path} tells another story")
        return rows

    def _readable(self) -> list[bytes]:
        """Return the hashes of rows that can be read from the share without a gap."""
        rows = self._published()
        return [
            hash_
            for (station, sseq), hash_ in rows.items()
            if all((station, before) in rows for before in range(1, sseq))
        ]

    def _any_order(self, connection) -> str:  # type: ignore[no-untyped-def]
        fresh = Store(Path(":memory:"), Clock(self.now))
        pieces: dict[bytes, list[Publication]] = {}
        for (station,) in connection.execute("SELECT station FROM vv").fetchall():
            previous, pieces[station] = GENESIS, []
            for group in groups(invariants.rows_of(connection, station)):
                pieces[station].append(Publication(station, previous, group, {}, b"", b""))
                previous = group[-1].hash
        return invariants.i6_any_order_gives_the_same(connection, fresh, pieces, self.chance)


def _is_another(connection, piece: Publication) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether a piece says another thing of a row than what is known of it."""
    known = dict(
        connection.execute("SELECT sseq, hash FROM change WHERE station = ?", (piece.station,))
    )
    known[0] = GENESIS
    before = known.get(piece.first - 1, piece.previous) != piece.previous
    return before or any(known.get(c.sseq, c.hash) != c.hash for c in piece.changes)
