"""Takes rows that another station has published into the local journal (sync.md, pull).

What a piece says is verified by the engine before; here it is compared with what is known, and
applied in short transactions that never split a group, so that an edit never waits long.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.domain import hybrid_clock
from app.domain.changes import ChangeSet
from app.domain.errors import KnownError
from app.domain.incident import EntityId
from app.domain.journal_entry import GENESIS
from app.domain.publication import groups
from app.storage import (
    clocks,
    contested,
    exchange_rows,
    journal,
    materialise,
    record_clocks,
    redactions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.domain.journal_entry import Change
    from app.domain.publication import Publication
    from app.storage.record_clocks import Derived
    from app.storage.store import Connection, Store

BATCH_ROWS = 500
"""At most so many rows in one transaction; a group larger than this stays whole."""
LIGHT_ROWS, BRIEF_ROWS = 64, 8
"""The same beside a window, and while somebody edits in it: an edit waits for one transaction."""


class RefusedPieceError(KnownError):
    """A piece does not continue what is known of its station, or cannot be understood."""

    code = "piece_refused"


def batches(
    changes: Sequence[Change], most_rows: Callable[[], int] = lambda: BATCH_ROWS
) -> Iterator[list[Change]]:
    """Yield rows in whole groups, about as many at a time as `most_rows` says then."""
    batch: list[Change] = []
    for group in groups(changes):
        if batch and len(batch) + len(group) > most_rows():
            yield batch
            batch = []
        batch += group
    if batch:
        yield batch


def apply(store: Store, piece: Publication) -> ChangeSet:
    """Take the rows of a verified piece that are not here yet; return what they touched.

    Raises:
        RefusedPieceError: the piece tells another story than what is known of the station; the
            batch in which that shows is not taken.
        StoreError: the store cannot be written; whole batches before it stay.
    """
    touched: dict[str, dict[EntityId, None]] = {}
    for batch in batches(piece.changes, partial(_most_rows, store)):
        with store.known_errors(), store.database.atomic("IMMEDIATE"):
            fresh = _fresh(store, piece, batch)
            if not fresh:
                continue
            try:
                _take(store, piece, fresh)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise RefusedPieceError(
                    f"entry {fresh[0].sseq} or one after it cannot be understood ({error})"
                ) from error
        for change in fresh:
            kind = "incident" if change.root != change.entity else change.kind
            touched.setdefault(kind, {})[EntityId(change.root)] = None
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        exchange_rows.note_seen(store.connection, piece)
    return ChangeSet(None, "", {kind: tuple(ids) for kind, ids in touched.items()})


def _most_rows(store: Store) -> int:
    turns = store.database.turns
    if turns.is_wanted():
        return BRIEF_ROWS
    return LIGHT_ROWS if turns.is_shared() else BATCH_ROWS


def _fresh(store: Store, piece: Publication, batch: list[Change]) -> list[Change]:
    """Return the rows of a batch after those that are known, once the chain was compared."""
    connection = store.connection
    known: Any = connection.execute(
        "SELECT sseq, hash FROM vv WHERE station = ?", (piece.station,)
    ).get
    last, hash_ = known if known is not None else (0, GENESIS)
    before = piece.previous if batch[0].sseq == piece.first else None
    for change in batch:
        if change.sseq > last:
            break
        if exchange_rows.hash_at(connection, piece.station, change.sseq) != change.hash:
            raise RefusedPieceError(
                f"entry {change.sseq} is not the one that is known under this number"
            )
    fresh = [change for change in batch if change.sseq > last]
    if not fresh:
        return []
    if fresh[0].sseq != last + 1:
        raise RefusedPieceError(f"entry {last + 1} is missing before it")
    if before is not None and fresh[0].sseq == piece.first and before != hash_:
        raise RefusedPieceError(f"entry {fresh[0].sseq} does not follow on what is known")
    return fresh


def _moved(connection: Connection, fresh: Sequence[Change]) -> set[bytes]:
    """Return the incidents whose clocks these rows move; a new one's are worked out already."""
    moved: set[bytes] = set()
    for change in fresh:
        if change.op == redactions.REDACT:  # what came blanked may be an incident only now
            moved.add(change.root)
        if change.kind != materialise.INCIDENT:
            continue
        fields = {change.field}
        if change.op == "create":  # what was known of it before it came
            fields = set(contested.fields_of(connection, change.entity))
        if fields & clocks.RELEVANT:
            moved.add(change.entity)
    return moved


def _take(store: Store, piece: Publication, fresh: list[Change]) -> None:
    connection = store.connection
    now_ms = store.now_ms()
    journal.insert_changes(connection, fresh)
    connection.executemany(
        "INSERT OR IGNORE INTO redaction VALUES (?,?,?)",
        [(c.station, c.sseq, piece.redacted[c.sseq]) for c in fresh if c.sseq in piece.redacted],
    )

    rules = store.rules()

    def derive(_: bytes, at: int, value: dict[str, Any]) -> Derived:
        return record_clocks.derive(rules, value, at, now_ms)[0]

    rules_moved = any(c.kind in journal.CLOCK_KINDS for c in fresh)
    clock = None if rules_moved else partial(clocks.moved, rules, now_ms)
    materialise.apply(connection, fresh, derive=derive, clock=clock)
    roots = {c.root for c in fresh}
    if rules_moved:
        clocks.follow_rules(store, rules, _moved(connection, fresh), now_ms)
    connection.executemany(
        "UPDATE incident SET unread = 1 WHERE uid = ?", [(root,) for root in roots]
    )
    connection.execute(
        "INSERT INTO vv VALUES (?,?,?) ON CONFLICT (station) DO UPDATE SET sseq = excluded.sseq, "
        "hash = excluded.hash",
        (piece.station, fresh[-1].sseq, fresh[-1].hash),
    )
    newest = max(c.hlc for c in fresh)
    own = int(store.local(journal.SEEN_CLOCK, 0))
    store.set_local(journal.SEEN_CLOCK, hybrid_clock.observe(own, newest, now_ms))
