"""Gives a copied or restored profile a station id of its own (sync.md, push).

Two profiles that write as one station would say two things under one number. The one that notices
keeps what both have in common under the old id and writes the rest again as a new station; nothing
of it was published, so nobody has seen the old numbers of those rows.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from app.domain import identity
from app.domain.incident import EntityId
from app.domain.journal_entry import (
    GENESIS,
    Change,
    Version,
    canonical,
    chain_hash,
    pack_versions,
    unpack_versions,
    value_digest,
)
from app.storage import exchange_rows, journal, numbers, rebuild, redactions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

    from app.storage.store import Store

_TRIGGER = "change_is_append_only"

Asked = tuple[Version, Version]
"""A row whose value is asked away, and the row that asks it."""


def become_new_station(store: Store, keep: int) -> int:
    """Write the own rows after `keep` again under a new id; return how many they are.

    The remaining numbers of leased blocks are given up: the other copy may hand them out as well.
    """
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        connection = store.connection
        old = store.station
        new = identity.new_id(store.now_ms(), os.urandom(10))
        # The clock goes on from the old station's rows, under whatever id.
        reading: int = connection.execute(
            "SELECT coalesce(max(hlc), 0) FROM change WHERE station = ?", (old,)
        ).get
        seen = int(store.local(journal.SEEN_CLOCK, 0))
        store.set_local(journal.SEEN_CLOCK, max(seen, reading))
        asks = asks_of(connection, old, keep)
        rows = taken_out(connection, old, keep)
        moved = {row.version: Version(new, row.sseq - keep) for row in rows}
        stamped = stamped_again(connection, rows, moved, GENESIS)
        append(connection, stamped)
        connection.execute(
            "UPDATE action SET station = ?, first = first - ?, last = last - ? "
            "WHERE station = ? AND first > ?",
            (new, keep, keep, old, keep),
        )
        connection.execute(
            "UPDATE action SET last = ? WHERE station = ? AND last > ?", (keep, old, keep)
        )
        store.set_local("station", new)
        rebuild_all(store)
        ask_again(store, asks, moved)
        numbers.give_up_all(store)
    return len(rows)


def asks_of(connection: apsw.Connection, station: bytes, keep: int) -> list[Asked]:
    """Return what is asked away of the rows after `keep`, to be asked again of their new places."""
    rows: Any = connection.execute(
        "SELECT station, sseq, by_station, by_sseq FROM redact_asked WHERE station = ? "
        "AND sseq > ?",
        (station, keep),
    )
    return [(Version(of, sseq), Version(by, at)) for of, sseq, by, at in rows.fetchall()]


def ask_again(store: Store, asks: list[Asked], moved: Mapping[Version, Version]) -> None:
    """Ask of rows that were stamped again what rows that stay have asked of them before.

    What may still be read in place of a blanked value stands in the row that asked it away.
    """
    again = [(moved[of], by) for of, by in asks if of in moved and by not in moved]
    if not again:
        return
    with journal.write(store, b"", "Redact") as action:
        for target, by in again:
            row: Any = store.connection.execute(
                "SELECT value, root FROM said WHERE station = ? AND sseq = ?", by
            ).get
            named = {"station": target.station.hex(), "sseq": target.sseq}
            action.set(
                redactions.KIND,
                action.new_id(),
                f"{target.station.hex()}:{target.sseq}",
                json.loads(row[0]) | named,
                root=EntityId(row[1]),
                op=redactions.REDACT,
            )


def rebuild_all(store: Store) -> None:
    """Fill every table from a journal that rows were taken out of, inside the transaction."""
    for table in ("number_claim", "station", "station_approval"):
        store.connection.execute(f"DELETE FROM {table}")
    rebuild.rebuild(store)


def taken_out(connection: apsw.Connection, station: bytes, keep: int) -> list[Change]:
    """Take the rows after `keep` out of the journal: the one place where it gives any back.

    The vector and the signatures of the pieces that they were in go with them.
    """
    found: list[Any] = connection.execute(
        "SELECT * FROM change WHERE station = ? AND sseq > ? ORDER BY sseq", (station, keep)
    ).fetchall()
    trigger: str = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE name = ?", (_TRIGGER,)
    ).get
    connection.execute(f"DROP TRIGGER {_TRIGGER}")
    connection.execute("DELETE FROM change WHERE station = ? AND sseq > ?", (station, keep))
    connection.execute(trigger)
    connection.execute("DELETE FROM vv WHERE station = ?", (station,))
    if keep:
        last = exchange_rows.hash_at(connection, station, keep)
        connection.execute("INSERT INTO vv VALUES (?,?,?)", (station, keep, last))
    for table, column in (("segment_seen", "last"), ("not_understood", "sseq")):
        sql = f"DELETE FROM {table} WHERE station = ? AND {column} > ?"
        connection.execute(sql, (station, keep))
    return [Change._make(row) for row in found]


def stamped_again(
    connection: apsw.Connection,
    rows: list[Change],
    moved: Mapping[Version, Version],
    previous: bytes,
) -> list[Change]:
    """Return rows as they read under their new numbers, chained on the hash `previous`.

    `moved` gives the new place of each of them; it may know places of other rows as well.
    """
    stamped = []
    for row in rows:
        station, sseq = moved[row.version]
        change = _pointing(row, moved)._replace(
            station=station,
            sseq=sseq,
            tx_first=moved[Version(row.station, row.tx_first)].sseq,
            prevs=_renamed(row.prevs, moved),
            undo_of=_renamed(row.undo_of, moved),
        )
        if change.salt is None or change.value is None:
            digest: bytes = connection.execute(
                "SELECT digest FROM redaction WHERE station = ? AND sseq = ?", row.version
            ).get
            connection.execute(
                "INSERT OR IGNORE INTO redaction VALUES (?,?,?)", (*change.version, digest)
            )
        else:
            digest = value_digest(change.salt, change.value)
        connection.execute("DELETE FROM redaction WHERE station = ? AND sseq = ?", row.version)
        previous = chain_hash(previous, change, digest)
        stamped.append(change._replace(hash=previous))
    return stamped


def append(connection: apsw.Connection, stamped: list[Change]) -> None:
    """Put rows that were stamped again at the end of their station's journal."""
    journal.insert_changes(connection, stamped)
    if stamped:
        connection.execute(
            "INSERT INTO vv VALUES (?,?,?) ON CONFLICT (station) DO UPDATE SET "
            "sseq = excluded.sseq, hash = excluded.hash",
            (stamped[-1].station, stamped[-1].sseq, stamped[-1].hash),
        )


def _pointing(row: Change, moved: Mapping[Version, Version]) -> Change:
    """Return a `redact` row that names what it blanks by its new number."""
    if row.op != redactions.REDACT or row.value is None:
        return row
    try:
        told = json.loads(row.value)
        target = moved.get(Version(bytes.fromhex(told["station"]), int(told["sseq"])))
    except (KeyError, TypeError, ValueError):  # it blanks nothing
        return row
    if target is None:
        return row
    named = {**told, "station": target.station.hex(), "sseq": target.sseq}
    return row._replace(value=canonical(named))


def _renamed(packed: bytes, moved: Mapping[Version, Version]) -> bytes:
    return pack_versions([moved.get(version, version) for version in unpack_versions(packed)])
