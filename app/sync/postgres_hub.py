"""A PostgreSQL database as a hub: the rows of all journals, added to and never changed (sync.md).

A push takes the advisory lock of its station, copies into a temporary table and inserts from there;
a pull reads by station and sequence, never by an order of the server's own, which late commits
break. NOTIFY only wakes: whoever waits looks again by itself after a while.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from app.domain.errors import HubAwayError, HubError, HubNewerError
from app.domain.journal_entry import Change
from app.domain.publication import Publication
from app.storage.team_server_files import ServerFiles
from app.storage.team_server_schema import CHANNEL, COLUMNS, SCHEMA, STATEMENTS
from app.sync import folder_notes
from app.sync.hub import (
    FORMAT,
    MOST_ROWS,
    Erasure,
    Fetched,
    Holdings,
    Presence,
    Snapshot,
    Span,
    StationNote,
    Team,
)
from app.sync.server_news import ServerNews

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from app.storage.team_server import TeamServer

LATEST_BLOCKS = 1_000
PIECES_AT_ONCE = 64

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_OF_CHANGE = ", ".join(f'c."{name}"' for name in COLUMNS)
_KINDS = list(COLUMNS.values())
_SNAPSHOT = re.compile(r"([1-9][0-9]{0,19})-([0-9a-f]{32})-([0-9a-f]{16})\.sqlite")
_BLOB, _REPLICA = "blob", "snapshot"


class PostgresHub:
    """A hub in a database. `server` may lose its connection: each call makes it again."""

    keeps_one_story = True

    def __init__(self, server: TeamServer) -> None:
        self._server = server
        self.place = server.address.place
        self._files = ServerFiles(server)
        self._news = ServerNews(server)

    # --- whose it is

    def team(self) -> Team | None:
        """Return whose hub it is; None when nothing of ours is in the database."""
        with self._server.transaction() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.team",))
            if not _one(cursor)[0]:
                return None
            cursor.execute("SELECT id, epoch, kind, founder, approve, format FROM team")
            row = cursor.fetchone()
        if row is None:
            return None
        team = Team(*row)
        if team.format > FORMAT:
            raise HubNewerError(
                f"{self.place} was made by a newer Incident Desk. Update to sync; "
                "your work is kept here until then."
            )
        return team

    def found(self, team: Team) -> Team:
        """Make the tables when they are missing; return the team that the database belongs to."""
        known = self.team()
        if known is not None and known.id != team.id:
            return known
        with self._server.transaction() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_word(b"found"),))
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.team",))
            if not _one(cursor)[0]:
                for statement in STATEMENTS:
                    cursor.execute(statement)
            cursor.execute(
                f"INSERT INTO {SCHEMA}.team (id, epoch, kind, founder, approve, format) "
                "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (one) DO UPDATE SET "
                "epoch = excluded.epoch, approve = excluded.approve, format = excluded.format "
                "WHERE team.id = excluded.id",
                team,
            )
        return self.team() or team

    # --- rows

    def holdings(self) -> Mapping[bytes, Holdings]:
        """Return the rows held of each station."""
        spans: dict[bytes, list[Span]] = {}
        with self._server.transaction() as cursor:
            cursor.execute("SELECT station, first, last FROM piece ORDER BY station, first, last")
            for station, first, last in cursor:
                known = spans.setdefault(station, [])
                if known and first <= known[-1].last + 1:
                    known[-1] = Span(known[-1].first, max(known[-1].last, last))
                else:
                    known.append(Span(first, last))
        return {station: Holdings(tuple(held)) for station, held in spans.items()}

    def hash_at(self, station: bytes, sseq: int) -> bytes | None:
        """Return the hash of a row."""
        with self._server.transaction() as cursor:
            cursor.execute(
                "SELECT hash FROM change WHERE station = %s AND sseq = %s", (station, sseq)
            )
            row = cursor.fetchone()
        return None if row is None else bytes(row[0])

    def fetch(self, station: bytes, after: int, rows: int, known: bytes | None = None) -> Fetched:
        """Return the fewest pieces that lead on from a row, read in one statement."""
        with self._server.transaction() as cursor:
            chosen = self._chosen(cursor, station, after, rows)
            if not chosen:
                return Fetched((), ())
            cursor.execute(
                f"SELECT p.number, {_OF_CHANGE} FROM "
                "unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS p(first, last, number) "
                "CROSS JOIN LATERAL (SELECT * FROM change WHERE station = %s AND sseq BETWEEN "
                "p.first AND p.last) AS c ORDER BY p.number, c.sseq",
                ([one[0] for one in chosen], [one[1] for one in chosen], station),
            )
            changes: list[list[Change]] = [[] for _ in chosen]
            for number, *values in cursor:
                changes[number - 1].append(Change._make(values))
            cursor.execute(
                "SELECT sseq, digest FROM redaction WHERE station = %s AND sseq > %s",
                (station, after),
            )
            blanked = dict(cursor.fetchall())
        pieces = []
        for (_, _, previous, key, signature), held in zip(chosen, changes, strict=True):
            mine = {c.sseq: bytes(blanked[c.sseq]) for c in held if c.sseq in blanked}
            pieces.append(Publication(station, previous, tuple(held), mine, key, signature))
        if known is not None and pieces and pieces[0].hash_before(after + 1) != known:
            return Fetched((), (), forked=True)
        return Fetched(tuple(pieces), ())

    def stories(self, station: bytes) -> Sequence[Publication]:
        """Return all pieces of a station: a table holds one row under a number."""
        pieces: list[Publication] = []
        while True:
            reached = pieces[-1].last if pieces else 0
            more = self.fetch(station, reached, MOST_ROWS).pieces
            if not more:
                return pieces
            pieces += more

    def _chosen(
        self, cursor: Any, station: bytes, after: int, rows: int
    ) -> list[tuple[int, int, bytes, bytes, bytes]]:
        """Return (first, last, previous, key, signature) of the fewest pieces that lead on."""
        cursor.execute(
            "SELECT first, last, previous, key, signature FROM piece WHERE station = %s AND "
            "last > %s ORDER BY last LIMIT %s",
            (station, after, PIECES_AT_ONCE),
        )
        held = cursor.fetchall()
        chosen, reached = [], after
        while reached - after < rows:
            fitting = [one for one in held if one[0] <= reached + 1 <= one[1]]
            if not fitting:
                break
            best = max(fitting, key=lambda one: one[1])
            chosen.append(best)
            reached = best[1]
        return chosen

    def publish(self, piece: Publication) -> bool:
        """Add a piece of the station's own and tell the others; False when it was held already."""
        return self._add(piece, None)

    def replace(self, piece: Publication) -> None:
        """Do nothing: rows in a table need no packing."""

    def mend(self, by: bytes, piece: Publication) -> None:
        """Add rows of another station that were lost."""
        self._add(piece, by)

    def withdraw(self, own: Collection[bytes], piece: Publication) -> None:
        """Do nothing: a table holds one row under a number."""

    def _add(self, piece: Publication, by: bytes | None) -> bool:
        with self._server.transaction() as cursor:
            team = self._team_id(cursor)
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", (_word(team), _word(piece.station))
            )
            cursor.execute(
                "SELECT sseq, hash FROM change WHERE station = %s AND sseq BETWEEN %s AND %s",
                (piece.station, piece.first - 1, piece.last),
            )
            held = dict(cursor.fetchall())
            before = held.pop(piece.first - 1, piece.previous)
            for change in piece.changes:
                if before != piece.previous or held.get(change.sseq, change.hash) != change.hash:
                    raise HubError(
                        f"{self.place} holds another entry {change.sseq} of this station: the "
                        "profile was copied or restored.",
                        code="station_copied",
                    )
            if len(held) < len(piece.changes):
                self._copy_in(cursor, [c for c in piece.changes if c.sseq not in held])
            cursor.execute(
                "INSERT INTO piece VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (piece.station, piece.first, piece.last, piece.previous, piece.key,
                 piece.signature, by),
            )  # fmt: skip
            for sseq, digest in piece.redacted.items():
                if held.get(sseq) is None:  # rows that are held are blanked by `redact`
                    cursor.execute("SELECT redact(%s, %s, %s)", (piece.station, sseq, digest))
            cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, piece.station.hex()))
        return len(held) < len(piece.changes)

    def _team_id(self, cursor: Any) -> bytes:
        cursor.execute("SELECT id FROM team")
        return bytes(_one(cursor)[0])

    def _copy_in(self, cursor: Any, changes: Sequence[Change]) -> None:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS arriving (LIKE change) ON COMMIT DELETE ROWS"
        )
        with cursor.copy(f"COPY arriving ({_NAMES}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_KINDS)
            for change in changes:
                copy.write_row(change)
        cursor.execute("INSERT INTO change SELECT * FROM arriving ON CONFLICT DO NOTHING")

    # --- notes, numbers, presence

    def note(self, station: bytes) -> StationNote | None:
        """Return what a station last said of itself."""
        with self._server.transaction() as cursor:
            cursor.execute(
                "SELECT last, hash, seen, app_version, instance, at_ms FROM note "
                "WHERE station = %s",
                (station,),
            )
            row = cursor.fetchone()
        if row is None:
            return None
        last, hash_, seen, version, instance, at_ms = row
        known = {bytes.fromhex(of): int(up_to) for of, up_to in json.loads(seen).items()}
        return StationNote(last, hash_, known, version, instance, at_ms)

    def write_note(self, station: bytes, note: StationNote) -> None:
        """Say it, in place of what was said before."""
        seen = json.dumps({of.hex(): last for of, last in note.seen.items()}, sort_keys=True)
        with self._server.transaction() as cursor:
            cursor.execute(
                "INSERT INTO note VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (station) DO "
                "UPDATE SET last = excluded.last, hash = excluded.hash, seen = excluded.seen, "
                "app_version = excluded.app_version, instance = excluded.instance, "
                "at_ms = excluded.at_ms",
                (station, note.last, note.hash, seen, note.app_version, note.instance, note.at_ms),
            )

    def blocks(self) -> Mapping[int, bytes]:
        """Return the latest claims and whose they are."""
        with self._server.transaction() as cursor:
            cursor.execute(
                "SELECT first, station FROM number_block ORDER BY first DESC LIMIT %s",
                (LATEST_BLOCKS,),
            )
            return dict(cursor.fetchall())

    def claim_block(self, first: int, station: bytes) -> bool:
        """Claim a block: its first number is a key."""
        with self._server.transaction() as cursor:
            cursor.execute(
                "INSERT INTO number_block VALUES (%s, %s) ON CONFLICT DO NOTHING", (first, station)
            )
            cursor.execute("SELECT station FROM number_block WHERE first = %s", (first,))
            return bytes(_one(cursor)[0]) == station

    def presence(self) -> Mapping[bytes, Presence]:
        """Return who was here."""
        with self._server.transaction() as cursor:
            cursor.execute("SELECT station, told FROM presence")
            found = {station: folder_notes.read_presence(told.encode()) for station, told in cursor}
        return {station: presence for station, presence in found.items() if presence is not None}

    def say_present(self, station: bytes, presence: Presence) -> None:
        """Say that a station is here."""
        with self._server.transaction() as cursor:
            cursor.execute(
                "INSERT INTO presence VALUES (%s, %s) ON CONFLICT (station) DO UPDATE SET "
                "told = excluded.told",
                (station, folder_notes.write_presence(presence).decode("ascii")),
            )

    # --- blobs and snapshots

    def has_blob(self, sha256: str) -> bool:
        """Tell whether a file of this digest is there."""
        return self._files.has(_BLOB, sha256)

    def put_blob(self, sha256: str, source: Path) -> None:
        """Keep an attached file under its digest."""
        self._files.put(_BLOB, sha256, source)

    def get_blob(self, sha256: str, target: Path) -> bool:
        """Write an attached file and compare it with its digest."""
        return self._files.get(_BLOB, sha256, target, sha256)

    def redact(
        self, by: bytes, own: Collection[bytes], asked: Mapping[bytes, Mapping[int, Erasure]]
    ) -> int:
        """Blank rows through the one function that may; it asks for the `redact` rows first."""
        del by, own  # the server itself looks who asks for what
        wanted = [
            (station, sseq, root)
            for station, rows in asked.items()
            for sseq, erasure in rows.items()
            for root in erasure.roots
        ]
        with self._server.transaction() as cursor:
            cursor.execute(
                "SELECT c.station, c.sseq FROM unnest(%s::bytea[], %s::bigint[], %s::bytea[]) "
                "AS a(station, sseq, root) JOIN change c USING (station, sseq, root) "
                "WHERE c.value IS NOT NULL",
                tuple(list(column) for column in zip(*wanted, strict=True)) or ([], [], []),
            )
            held = cursor.fetchall()
            for station, sseq in held:
                cursor.execute("SELECT redact(%s, %s, '')", (station, sseq))
        return len(held)

    def drop_blob(self, sha256: str) -> bool:
        """Remove an attached file."""
        if not self.has_blob(sha256):
            return False
        self._files.drop(_BLOB, sha256)
        return True

    def snapshots(self) -> Sequence[Snapshot]:
        """Return the replicas, newest first."""
        names = [_SNAPSHOT.fullmatch(name) for name in self._files.names(_REPLICA)]
        found = [Snapshot(int(m[1]), bytes.fromhex(m[2]), m[0]) for m in names if m]
        return sorted(found, reverse=True)

    def put_snapshot(self, hlc: int, station: bytes, source: Path) -> Snapshot:
        """Keep a replica."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"{hlc}-{station.hex()}-{digest[:16]}.sqlite"
        self._files.put(_REPLICA, name, source)
        return Snapshot(hlc, station, name)

    def get_snapshot(self, snapshot: Snapshot, target: Path) -> bool:
        """Write a replica and compare it with its name."""
        told = _SNAPSHOT.fullmatch(snapshot.name)
        return told is not None and self._files.get(_REPLICA, snapshot.name, target, told[3])

    def drop_snapshot(self, snapshot: Snapshot) -> None:
        """Remove a replica."""
        self._files.drop(_REPLICA, snapshot.name)

    # --- waiting

    def wait(self, timeout_s: float) -> bool:
        """Wait until somebody else has published, `interrupt` is called or the time is up."""
        return self._news.wait(timeout_s)

    def interrupt(self) -> None:
        """Make `wait` return at once."""
        self._news.interrupt()

    def close(self) -> None:
        """Let go of the connections."""
        self._news.close()
        self._server.close()


def _one(cursor: Any) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise HubAwayError("The server gave no answer where it has to give one.")
    return row


def _word(text: bytes) -> int:
    """Return 32 bits, signed, for the key of an advisory lock."""
    return int.from_bytes(hashlib.sha256(text).digest()[:4], signed=True)
