"""The rows of `head` and `superseded`: which versions of each field are current (sync.md, heads).

Rows of other stations come in batches. Most batches name only versions that are here: then the
heads of what they touch are read once, moved on in memory, and what differs is written in the order
of the table. A batch that names a version which is still to come is moved on row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import VERSION_BYTES, unpack_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import apsw

    from app.domain.journal_entry import Change, Version

    Heads = dict[str, list[tuple[bytes, int]]]
    """The current versions of each field of one entity."""
    Key = tuple[bytes, str]
    Row = tuple[bytes, str, bytes, int]

PACKED = "*"
"""The field under which a packed `create` row stands among the heads."""


def of(connection: apsw.Connection, entity: bytes) -> Heads:
    """Return the current versions of each field of an entity."""
    heads: Heads = {}
    for field, station, sseq in connection.execute(
        "SELECT field, station, sseq FROM head WHERE entity = ?", (entity,)
    ):
        heads.setdefault(field, []).append((station, sseq))
    return heads


def replace(
    connection: apsw.Connection,
    changes: Sequence[Change],
    latest: Mapping[Key, Version],
    before: Mapping[bytes, Heads],
) -> set[Key]:
    """Make the newest versions the only ones of their fields; return those competed for before."""
    keys = {
        (c.entity, c.field)
        for c in changes
        if c.op != "create" and c.field in before.get(c.entity, (c.field,))
    }
    if keys:
        connection.executemany("DELETE FROM head WHERE entity = ? AND field = ?", keys)
    _insert(connection, [(*key, *version) for key, version in latest.items()])
    return {(c.entity, c.field) for c in changes if len(c.prevs) > VERSION_BYTES}


def move_on(
    connection: apsw.Connection, changes: Sequence[Change], *, replay: bool = False
) -> set[Key]:
    """Move the heads on; return the fields that versions compete for, or did until now.

    Args:
        connection: the thread's, inside its transaction.
        changes: the rows, in their order.
        replay: whether a row that another one names may stand in the journal and still be to come;
            then the caller tidies up with `forget_known`.
    """
    contested = _move_together(connection, changes)
    if contested is None:
        contested = _move_one_by_one(connection, changes, replay=replay)
    return contested


def forget_known(connection: apsw.Connection) -> None:
    """Forget versions that were named before they came, where all of the journal has come."""
    connection.execute(
        "DELETE FROM superseded WHERE EXISTS (SELECT 1 FROM change c "
        "WHERE c.station = superseded.station AND c.sseq = superseded.sseq) AND NOT EXISTS "
        "(SELECT 1 FROM not_understood n WHERE n.station = superseded.station "
        "AND n.sseq = superseded.sseq)"
    )


def _move_together(connection: apsw.Connection, changes: Sequence[Change]) -> set[Key] | None:
    """Move the heads on in memory first; None, and nothing written, when a version is missing."""
    waiting: Any = connection.execute("SELECT EXISTS (SELECT 1 FROM superseded)").get
    if waiting:
        return None
    known: dict[bytes, Heads] = {}
    made: dict[bytes, tuple[bytes, int]] = {}
    fresh: dict[Row, None] = {}
    gone: list[Row] = []
    contested: set[Key] = set()
    for change in changes:
        entity, field, version = change.entity, change.field, (change.station, change.sseq)
        if change.op == "create":
            if entity in known or entity in made:
                return None  # made twice, or after what was said of it
            made[entity] = version
            fresh[entity, field, *version] = None
            continue
        heads = known.get(entity)
        if heads is None:
            heads = known[entity] = of(connection, entity)
            if entity in made:
                heads.setdefault(PACKED, []).append(made[entity])
        own = heads.setdefault(field, [])
        named = change.prevs
        for at in range(0, len(named), VERSION_BYTES):
            previous = (named[at : at + 16], int.from_bytes(named[at + 16 : at + VERSION_BYTES]))
            if previous in own:
                own.remove(previous)
                row = (entity, field, *previous)
                if row in fresh:
                    del fresh[row]
                else:
                    gone.append(row)
            elif previous not in heads.get(PACKED, ()):
                return None
        own.append(version)
        fresh[entity, field, *version] = None
        if len(own) > 1 or len(named) > VERSION_BYTES:  # the last one may settle a conflict
            contested.add((entity, field))
    if gone:
        connection.executemany(_DELETE, sorted(gone))
    _insert(connection, sorted(fresh))
    return contested


_DELETE = "DELETE FROM head WHERE entity = ? AND field = ? AND station = ? AND sseq = ?"


def _move_one_by_one(
    connection: apsw.Connection, changes: Sequence[Change], *, replay: bool
) -> set[Key]:
    contested: set[Key] = set()
    fresh: list[Row] = []
    waited: list[Row] = []
    for change in changes:
        key = (change.entity, change.field)
        if change.op == "create":
            fresh.append((*key, change.station, change.sseq))
            continue
        if fresh:
            _insert(connection, fresh)
            fresh = []
        named = unpack_versions(change.prevs)
        waited += [(*key, *prev) for prev in named if _supersede(connection, key, prev)]
        late = connection.execute(
            "DELETE FROM superseded WHERE entity=? AND field=? AND station=? AND sseq=? "
            "RETURNING 1",
            (*key, change.station, change.sseq),
        ).get
        if late is None:
            _insert(connection, [(*key, change.station, change.sseq)])
        count = connection.execute(
            "SELECT count(*) FROM head WHERE entity = ? AND field = ?", key
        ).get
        if count > 1 or late is not None or len(named) > 1:
            contested.add(key)
    _insert(connection, fresh)
    if not replay:
        _forget_known(connection, waited)
        _forget_arrived(connection, changes)
    connection.executemany(
        "DELETE FROM superseded WHERE entity = ? AND station = ? AND sseq = ?",
        [(c.entity, c.station, c.sseq) for c in changes if c.op == "create"],
    )
    return contested


def _insert(connection: apsw.Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.executemany("INSERT OR IGNORE INTO head VALUES (?,?,?,?)", rows)


def _supersede(connection: apsw.Connection, key: Key, previous: Version) -> bool:
    """Take a version from the heads; remember one that is not there, and tell so."""
    connection.execute(_DELETE, (*key, *previous))
    if connection.changes() or _is_packed(connection, key[0], previous):
        return False
    connection.execute("INSERT OR IGNORE INTO superseded VALUES (?,?,?,?)", (*key, *previous))
    return True


def _is_packed(connection: apsw.Connection, entity: bytes, version: Version) -> bool:
    found = connection.execute(
        "SELECT 1 FROM head WHERE entity=? AND field='*' AND station=? AND sseq=?",
        (entity, *version),
    ).get
    return found is not None


def _forget_known(connection: apsw.Connection, waited: Iterable[Row]) -> None:
    """Keep of the versions that were named only those whose rows are still to come."""
    connection.executemany(
        "DELETE FROM superseded WHERE entity=?1 AND field=?2 AND station=?3 AND sseq=?4 "
        "AND EXISTS (SELECT 1 FROM change WHERE station=?3 AND sseq=?4) "
        "AND NOT EXISTS (SELECT 1 FROM not_understood WHERE station=?3 AND sseq=?4)",
        waited,
    )


def _forget_arrived(connection: apsw.Connection, changes: Sequence[Change]) -> None:
    """Forget that versions were named before they came, of whatever item that was said.

    A number that was used twice (`app.storage.adoption`) may be named for the row that gave way.
    """
    spans: dict[bytes, tuple[int, int]] = {}
    for change in changes:
        first, last = spans.get(change.station, (change.sseq, change.sseq))
        spans[change.station] = min(first, change.sseq), max(last, change.sseq)
    connection.executemany(
        "DELETE FROM superseded WHERE station = ? AND sseq BETWEEN ? AND ? AND NOT EXISTS "
        "(SELECT 1 FROM not_understood n WHERE n.station = superseded.station "
        "AND n.sseq = superseded.sseq)",
        [(station, *span) for station, span in spans.items()],
    )
