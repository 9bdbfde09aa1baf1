"""Keeps the work of a station whose numbers turned out to belong to other rows (sync.md, I8).

A profile and the hub that are both put back in time lead to two stories under the same numbers:
each is signed, neither may be lost, and one number has one row for ever. Whoever holds the story
that gives way writes its rows again under its own id, with their authors, times and readings.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import GENESIS, Change, Version, canonical
from app.domain.publication import groups
from app.storage import exchange_rows, lease_rows, restamp

if TYPE_CHECKING:
    import apsw

    from app.storage.store import Store


def adopt(store: Store, station: bytes, keep: int) -> int:
    """Write the rows of another station after `keep` again as own ones; return how many they are.

    Groups that somebody has written again already, under whatever id, are not written twice.
    """
    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        connection, own = store.connection, store.station
        asks = restamp.asks_of(connection, station, keep)
        rows = restamp.taken_out(connection, station, keep)
        moved, fresh = _places(connection, own, rows)
        _, previous = exchange_rows.vector(connection).get(own, (0, GENESIS))
        adopted = [_neutral(row) for row in fresh]
        stamped = restamp.stamped_again(connection, adopted, moved, previous)
        restamp.append(connection, stamped)
        connection.execute("DELETE FROM redaction WHERE station = ? AND sseq > ?", (station, keep))
        for group in groups(stamped):
            connection.execute(
                "UPDATE action SET station = ?, first = ?, last = ? WHERE id = ?",
                (own, group[0].sseq, group[-1].sseq, group[0].action),
            )
        restamp.rebuild_all(store)
        restamp.ask_again(store, asks, moved)
    return len(rows)


def _places(
    connection: apsw.Connection, own: bytes, rows: list[Change]
) -> tuple[dict[Version, Version], list[Change]]:
    """Return where each row is to be found from now on, and the rows that are to be written."""
    last = exchange_rows.vector(connection).get(own, (0, GENESIS))[0]
    twins = _twins(connection, rows)
    moved: dict[Version, Version] = {}
    fresh: list[Change] = []
    for group in groups(rows):
        known = [twins.get((row.hlc, row.action, row.entity)) for row in group]
        for row, twin in zip(group, known, strict=True):
            if twin is None or None in known:
                last += 1
                moved[row.version] = Version(own, last)
                fresh.append(row)
            else:
                moved[row.version] = twin
    return moved, fresh


def _twins(
    connection: apsw.Connection, rows: list[Change]
) -> dict[tuple[int, bytes, bytes], Version]:
    """Return rows that say the same as some of these: a clock reading is used once by one person.

    A row that was stamped again keeps its reading, its action and its item.
    """
    if not rows:
        return {}
    wanted = {(row.hlc, row.action, row.entity) for row in rows}
    found: Any = connection.execute(
        "SELECT station, sseq, hlc, action, entity FROM change WHERE hlc BETWEEN ? AND ?",
        (min(row.hlc for row in rows), max(row.hlc for row in rows)),
    )
    return {
        (hlc, action, entity): Version(station, sseq)
        for station, sseq, hlc, action, entity in found
        if (hlc, action, entity) in wanted
    }


def _neutral(row: Change) -> Change:
    """Return a row that gives its new station nothing that was the old one's.

    A block of numbers stays with the station that claimed it; a piece of work that one station
    does for the team is claimed by nobody.
    """
    if row.op != "lease" or row.value is None:
        return row
    told = json.loads(row.value)
    if row.kind == lease_rows.KIND:
        return row._replace(value=canonical({**told, "until": 0}))
    return row._replace(value=canonical({"for": row.station.hex(), **told}))
