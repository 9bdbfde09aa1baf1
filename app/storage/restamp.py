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
    import apsw

    from app.storage.store import Store

_TRIGGER = "change_is_append_only"


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
        rows = _taken_out(connection, old, keep)
        stamped = _stamped(connection, rows, old, new, keep)
        journal.insert_changes(connection, stamped)
        _move_vectors(connection, old, new, keep, stamped)
        connection.execute(
            "UPDATE action SET station = ?, first = first - ?, last = last - ? "
            "WHERE station = ? AND first > ?",
            (new, keep, keep, old, keep),
        )
        connection.execute(
            "UPDATE action SET last = ? WHERE station = ? AND last > ?", (keep, old, keep)
        )
        store.set_local("station", new)
        for table in ("number_claim", "station", "station_approval"):
            connection.execute(f"DELETE FROM {table}")
        rebuild.rebuild(store)
        numbers.give_up_all(store)
    return len(rows)


def _taken_out(connection: apsw.Connection, station: bytes, keep: int) -> list[Change]:
    """Take the rows after `keep` out of the journal: the one place where it gives any back."""
    found: list[Any] = connection.execute(
        "SELECT * FROM change WHERE station = ? AND sseq > ? ORDER BY sseq", (station, keep)
    ).fetchall()
    trigger: str = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE name = ?", (_TRIGGER,)
    ).get
    connection.execute(f"DROP TRIGGER {_TRIGGER}")
    connection.execute("DELETE FROM change WHERE station = ? AND sseq > ?", (station, keep))
    connection.execute(trigger)
    return [Change._make(row) for row in found]


def _stamped(
    connection: apsw.Connection, rows: list[Change], old: bytes, new: bytes, keep: int
) -> list[Change]:
    previous, stamped = GENESIS, []
    for row in rows:
        change = _pointing(row, old, new, keep)._replace(
            station=new,
            sseq=row.sseq - keep,
            tx_first=row.tx_first - keep,
            prevs=_renamed(row.prevs, old, new, keep),
            undo_of=_renamed(row.undo_of, old, new, keep),
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
        previous = chain_hash(previous, change, digest)
        stamped.append(change._replace(hash=previous))
    connection.execute("DELETE FROM redaction WHERE station = ? AND sseq > ?", (old, keep))
    return stamped


def _pointing(row: Change, old: bytes, new: bytes, keep: int) -> Change:
    """Return a `redact` row that names what it blanks by its new id."""
    if row.op != redactions.REDACT or row.value is None:
        return row
    told = json.loads(row.value)
    if told.get("station") != old.hex() or int(told.get("sseq", 0)) <= keep:
        return row
    return row._replace(
        value=canonical({**told, "station": new.hex(), "sseq": told["sseq"] - keep})
    )


def _renamed(packed: bytes, old: bytes, new: bytes, keep: int) -> bytes:
    return pack_versions(
        [
            Version(new, sseq - keep) if station == old and sseq > keep else Version(station, sseq)
            for station, sseq in unpack_versions(packed)
        ]
    )


def _move_vectors(
    connection: apsw.Connection, old: bytes, new: bytes, keep: int, stamped: list[Change]
) -> None:
    connection.execute("DELETE FROM vv WHERE station = ?", (old,))
    if keep:
        last = exchange_rows.hash_at(connection, old, keep)
        connection.execute("INSERT INTO vv VALUES (?,?,?)", (old, keep, last))
    if stamped:
        connection.execute(
            "INSERT INTO vv VALUES (?,?,?)", (new, stamped[-1].sseq, stamped[-1].hash)
        )
    connection.execute("DELETE FROM segment_seen WHERE station = ? AND last > ?", (old, keep))
