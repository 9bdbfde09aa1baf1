"""Checks the journal: every hash chain, every vector, and that what is shown follows from it.

The invariants of sync.md that one workstation can check stand here as functions with their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.journal_entry import (
    GENESIS,
    Change,
    chain_hash,
    unpack_versions,
    value_digest,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import apsw


class BadEntry(NamedTuple):
    """The first journal row that does not hold, and why."""

    station: str
    sseq: int
    reason: str


class ChainReport(NamedTuple):
    """What `verify_chains` found: rows read, the last hash of each station, the first bad row."""

    entries: int
    heads: dict[str, str]
    first_bad: BadEntry | None


def verify_chains(
    connection: apsw.Connection, only: Collection[bytes] | None = None
) -> ChainReport:
    """Recompute every hash of every station, or of these `only`, from its first row (I5)."""
    entries = 0
    heads: dict[str, str] = {}
    stations: Any = connection.execute("SELECT DISTINCT station FROM change").fetchall()
    for (station,) in stations:
        if only is not None and station not in only:
            continue
        previous, expected = GENESIS, 1
        rows: Any = connection.execute(
            "SELECT * FROM change WHERE station = ? ORDER BY sseq", (station,)
        )
        for row in rows:
            change = Change._make(row)
            entries += 1
            reason = _reason(connection, change, previous, expected)
            if reason:
                bad = BadEntry(station.hex(), change.sseq, reason)
                return ChainReport(entries, heads, bad)
            previous, expected = change.hash, expected + 1
        known: Any = connection.execute(
            "SELECT sseq, hash FROM vv WHERE station = ?", (station,)
        ).get
        if known != (expected - 1, previous):
            bad = BadEntry(
                station.hex(), expected - 1, "rows at the end of the journal are missing"
            )
            return ChainReport(entries, heads, bad)
        heads[station.hex()] = previous.hex()
    return ChainReport(entries, heads, None)


def _reason(connection: apsw.Connection, change: Change, previous: bytes, expected: int) -> str:
    if change.sseq != expected:
        return f"entry {expected} is missing"
    if change.value is None or change.salt is None:
        digest: Any = connection.execute(
            "SELECT digest FROM redaction WHERE station = ? AND sseq = ?", change.version
        ).get
        if digest is None:
            return "its value is missing and was not redacted"
    else:
        digest = value_digest(change.salt, change.value)
    if chain_hash(previous, change, digest) != change.hash:
        return "it was altered: its hash does not follow from its content"
    return ""


def i4_no_change_is_silently_lost(connection: apsw.Connection) -> list[tuple[bytes, int]]:
    """Return the rows that are neither a head nor named by a later row (invariant I4)."""
    named = set()
    rows: Any = connection.execute("SELECT prevs FROM change WHERE prevs != x''")
    for (prevs,) in rows:
        named.update(unpack_versions(prevs))
    lost = []
    rows = connection.execute(
        "SELECT c.station, c.sseq FROM change c WHERE c.op != 'lease' AND NOT EXISTS "
        "(SELECT 1 FROM not_understood n WHERE n.station = c.station AND n.sseq = c.sseq) "
        "AND NOT EXISTS "
        "(SELECT 1 FROM head h WHERE h.entity = c.entity AND h.station = c.station "
        "AND h.sseq = c.sseq)"
    )
    for station, sseq in rows:
        if (station, sseq) not in named:
            lost.append((station, sseq))
    return lost


def i5_vectors_are_contiguous(connection: apsw.Connection) -> bool:
    """Tell whether each station's rows run from 1 to its vector without a gap (invariant I5)."""
    rows: list[Any] = connection.execute(
        "SELECT v.sseq, (SELECT count(*) FROM change c WHERE c.station = v.station), "
        "(SELECT max(sseq) FROM change c WHERE c.station = v.station) FROM vv v"
    ).fetchall()
    return all(known == count == newest for known, count, newest in rows)


def i9_groups_are_whole(connection: apsw.Connection) -> list[tuple[bytes, int]]:
    """Return the transaction groups of which rows are missing (invariant I9)."""
    rows: list[Any] = connection.execute(
        "SELECT station, tx_first FROM change GROUP BY station, tx_first "
        "HAVING count(*) != max(tx_n) OR min(sseq) != tx_first"
    ).fetchall()
    return [(station, first) for station, first in rows]


def entries(connection: apsw.Connection) -> Iterator[dict[str, Any]]:
    """Yield every journal row, station by station in order, so that others can check the chain.

    Ids and hashes are hexadecimal. `digest` stands for salt and value in the chain; a redacted row
    has only the digest.
    """
    rows: Any = connection.execute(
        "SELECT c.*, r.digest FROM change c LEFT JOIN redaction r USING (station, sseq) "
        "ORDER BY c.station, c.sseq"
    )
    for *columns, redacted in rows:
        change = Change._make(columns)
        digest = redacted
        if change.value is not None and change.salt is not None:
            digest = value_digest(change.salt, change.value)
        told = change._asdict() | {"digest": digest}
        yield {key: _hexed(value) for key, value in told.items()}


def _hexed(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def snapshot(connection: apsw.Connection) -> dict[str, list[Any]]:
    """Return everything that is derived from the journal, for comparison (invariant I3)."""
    state: dict[str, list[Any]] = {}
    for table in [
        "head",
        "incident_detail",
        "incident_tag",
        "incident_link",
        "custom_value",
        "checklist_tick",
        "number_alias",
        "import_key",
        "attachment",
        "mail_message",
        "outage",
        "catalogue_item",
        "catalogue_alias",
        "number_block",
        "issued_report",
        "vv",
    ]:
        state[table] = sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
    info: Any = connection.execute("PRAGMA table_info(incident)")
    columns = [row[1] for row in info]
    shared = ", ".join(name for name in columns if name != "unread")
    state["incident"] = connection.execute(f"SELECT {shared} FROM incident ORDER BY id").fetchall()
    return state


def own_last_entry(connection: apsw.Connection, root: bytes) -> Change | None:
    """Return the newest journal row of an incident: what its report prints as its chain entry."""
    row: Any = connection.execute(
        "SELECT * FROM change WHERE root = ? ORDER BY hlc DESC, station DESC, sseq DESC LIMIT 1",
        (root,),
    ).get
    return None if row is None else Change._make(row)
