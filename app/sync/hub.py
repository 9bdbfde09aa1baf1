"""The hub as the engine sees it: a place that holds what each station has published.

A folder and a PostgreSQL server both fit: neither is asked for more than to keep signed pieces of
journals (`Publication`), to hand each number block out once, and to keep blobs and snapshots. All
that is said of order or completeness is derived by the engine from `holdings`, never from a counter
of the hub's own (sync.md, pull). Every call may block and fail; none is made inside a transaction
of the local store. One thread uses a hub, except for `interrupt`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from app.domain.publication import Publication

FORMAT = 1
"""Version of what stands on a hub; a hub of a later one is refused ("update to sync")."""

MOST_ROWS = 5_000
"""At most so many rows in one publication (sync.md, hub folder)."""
MOST_BYTES = 1 << 20
"""At most about so many bytes in one publication; a group larger than this stays whole."""


class Team(NamedTuple):
    """Which team a hub belongs to. The epoch changes when a hub was wiped and begun again.

    `kind` is "folder", "cloud", "usb" or "postgresql"; `approve` tells whether a station must be
    admitted by an administrator's station; `founder` is the first of those.
    """

    id: bytes
    epoch: bytes
    kind: str
    founder: bytes
    approve: bool = False
    format: int = FORMAT


class Span(NamedTuple):
    """Rows `first` to `last` of a station, published in one piece."""

    first: int
    last: int


class Holdings(NamedTuple):
    """What a hub says it holds of one station; nothing of it is verified yet."""

    spans: tuple[Span, ...]

    @property
    def last(self) -> int:
        """Return how far the rows reach from the first one without a gap."""
        return self.reach(0)

    @property
    def newest(self) -> int:
        """Return the highest sequence that is held, whatever is missing before it."""
        return max((span.last for span in self.spans), default=0)

    def reach(self, after: int) -> int:
        """Return how far the rows after `after` reach without a gap (`after` when not at all)."""
        for span in sorted(self.spans):
            if span.first > after + 1:
                break
            after = max(after, span.last)
        return after


class HubFault(NamedTuple):
    """Something on the hub that cannot be used: skipped, reported, and mended by a holder.

    `place` names it as people can find it (a file, a row); `rows` is the damaged span if known.
    """

    station: bytes
    place: str
    reason: str
    rows: Span | None


class Fetched(NamedTuple):
    """What `fetch` found: pieces in order, without a gap from the sequence asked for, and faults.

    The hub has checked what is its own affair (whole files, schema); chain and signature are
    checked by the engine. A piece may begin before the sequence that was asked for. `forked` tells
    that pieces were passed over because they do not follow on what is known.
    """

    pieces: tuple[Publication, ...]
    faults: tuple[HubFault, ...]
    forked: bool = False


class StationNote(NamedTuple):
    """What a station says of itself beside its rows: a hint, never relied on.

    `instance` tells copies of one profile apart; `seen` is its version vector, and `seen_hash`
    begins the chain hash that it knows at each place of it, where the hub can keep that.
    """

    last: int
    hash: bytes
    seen: Mapping[bytes, int]
    app_version: str
    instance: str
    at_ms: int
    seen_hash: Mapping[bytes, bytes] = MappingProxyType({})


class Erasure(NamedTuple):
    """That the value of a row is to go, if the row belongs to one of these items.

    `late` tells whether its owner has had time enough, so that anybody may do it.
    """

    late: bool
    roots: frozenset[bytes]


class Presence(NamedTuple):
    """When a station was last here, by its own clock, and under which name (cosmetic).

    `person` stands there while somebody has a window open, `viewing` is the incident in front of
    them, `writing` tells that they write a reply to it.
    """

    at_ms: int
    name: str
    person: str = ""
    viewing: bytes = b""
    writing: bool = False


class Snapshot(NamedTuple):
    """A whole replica on the hub: made at clock reading `hlc` by `station`; `name` fetches it."""

    hlc: int
    station: bytes
    name: str


class Hub(Protocol):
    """A place where stations meet.

    Every method may raise, besides what it says:
        HubAwayError: it cannot be reached now; try again later.
        HubFullError: there is no space for what was to be written.
        HubRefusedError: it is there and may not be read or written.
    """

    keeps_one_story: bool
    """Whether it cannot hold two rows under one number; what it holds is then what counts."""

    @property
    def place(self) -> str:
        """Return where it is, as people know it, without any password."""

    def team(self) -> Team | None:
        """Return whose hub it is; None when there is none at this place yet.

        Raises:
            HubNewerError: it was made by a newer program.
            WrongHubError: what is there is no hub of ours.
        """

    def found(self, team: Team) -> Team:
        """Make this place the hub of a team, or of a new epoch of it.

        Return the team that it now belongs to: another one when somebody was faster.
        """

    def holdings(self) -> Mapping[bytes, Holdings]:
        """Return what is held of each station, repairs counted in."""

    def hash_at(self, station: bytes, sseq: int) -> bytes | None:
        """Return the chain hash that a station's own publication has at a row; None: not held."""

    def fetch(self, station: bytes, after: int, rows: int, known: bytes | None = None) -> Fetched:
        """Return pieces that lead on from row `after`, at least `rows` rows when there are.

        Where `known` is given, the chain hash of row `after`, pieces that do not follow on it are
        passed over.
        """

    def stories(self, station: bytes) -> Sequence[Publication]:
        """Return all pieces of a station that can be read, also those that contradict others."""

    def publish(self, piece: Publication) -> bool:
        """Hold a piece of the publishing station's own; doing it again changes nothing.

        When this returns, the piece was written, made durable and read back; True when it was not
        held before.
        """

    def replace(self, piece: Publication) -> None:
        """Hold a piece in place of all own pieces that lie within its rows (packs, redaction)."""

    def mend(self, by: bytes, piece: Publication) -> None:
        """Hold, in the name of station `by`, a piece of another station that was lost."""

    def withdraw(self, own: Collection[bytes], piece: Publication) -> None:
        """Hold a piece no longer that the ids of one profile have published: its rows gave way."""

    def note(self, station: bytes) -> StationNote | None:
        """Return what a station last said of itself; None when nothing can be read."""

    def write_note(self, station: bytes, note: StationNote) -> None:
        """Say it, in place of what was said before."""

    def blocks(self) -> Mapping[int, bytes]:
        """Return which number blocks are claimed: the first number, and the station (b"": unread).

        The latest are enough: those that a new claim must avoid.
        """

    def claim_block(self, first: int, station: bytes) -> bool:
        """Claim the block that begins at a number; False when somebody has it already.

        A station that asks again for its own block gets True.
        """

    def has_blob(self, sha256: str) -> bool:
        """Tell whether an attached file is held."""

    def put_blob(self, sha256: str, source: Path) -> None:
        """Hold an attached file; doing it again changes nothing."""

    def get_blob(self, sha256: str, target: Path) -> bool:
        """Write an attached file to `target`, verified; False when it is not held whole."""

    def redact(
        self, by: bytes, own: Collection[bytes], asked: Mapping[bytes, Mapping[int, Erasure]]
    ) -> int:
        """Hold rows that are asked for no longer with their values; return the pieces changed.

        `by` is the station that does it and `own` are the ids of its profile.
        """

    def drop_blob(self, sha256: str) -> bool:
        """Hold an attached file no longer; tell whether it was held."""

    def snapshots(self) -> Sequence[Snapshot]:
        """Return the replicas that are held, newest first."""

    def put_snapshot(self, hlc: int, station: bytes, source: Path) -> Snapshot:
        """Hold a replica."""

    def get_snapshot(self, snapshot: Snapshot, target: Path) -> bool:
        """Write a replica to `target`, its whole content verified; False when it is damaged."""

    def drop_snapshot(self, snapshot: Snapshot) -> None:
        """Hold a replica no longer; nothing happens when it is gone."""

    def presence(self) -> Mapping[bytes, Presence]:
        """Return which stations were here and when."""

    def say_present(self, station: bytes, presence: Presence) -> None:
        """Say that a station is here."""

    def wait(self, timeout_s: float) -> bool:
        """Block until there may be news (True), `interrupt` is called, or the time is up."""

    def interrupt(self) -> None:
        """Make `wait` return at once; may be called from any thread."""

    def close(self) -> None:
        """Let go of connections."""
