"""Settles which incident keeps a number that was handed out twice (sync.md, numbers).

A copied profile that writes before it is noticed can do that. Both incidents are kept: that of the
smaller station keeps the number, the other gets a new one that is derived, so that every station
comes to the same without asking, and the old one finds both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.folding import fold
from app.storage import search_queue
from app.storage.station_rows import code_of

if TYPE_CHECKING:
    import apsw


def is_taken(connection: apsw.Connection, number: str) -> bool:
    """Tell whether an incident has this number, or another one had to give it up."""
    found: Any = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM incident WHERE number = ?1) "
        "OR EXISTS (SELECT 1 FROM number_claim WHERE number = ?1)",
        (number,),
    ).get
    return bool(found)


def stand_in(number: str, uid: bytes) -> str:
    """Return a number under which an incident may be inserted until it is settled."""
    return f"{number}~{uid.hex()}"


def settle(connection: apsw.Connection, number: str, uid: bytes, station: bytes, at: int) -> None:
    """Give a number to one of its claimants, now that one more has come."""
    connection.execute(
        "INSERT OR IGNORE INTO number_claim SELECT ?1, c.station, i.uid FROM incident i "
        "JOIN head h ON h.entity = i.uid AND h.field = '*' JOIN change c ON "
        "c.station = h.station AND c.sseq = h.sseq WHERE i.number = ?1 "
        "ORDER BY c.hlc, c.station LIMIT 1",
        (number,),
    )
    connection.execute("INSERT OR IGNORE INTO number_claim VALUES (?,?,?)", (number, station, uid))
    claims: list[Any] = connection.execute(
        "SELECT i.id, n.station, n.uid FROM number_claim n JOIN incident i ON i.uid = n.uid "
        "WHERE n.number = ? ORDER BY n.station, n.uid",
        (number,),
    ).fetchall()
    connection.executemany(
        "UPDATE incident SET number = ? WHERE id = ?",
        [(stand_in(number, claimant), rowid) for rowid, _, claimant in claims],
    )
    given: set[str] = set()
    for rowid, of, _ in claims:
        mine = number if not given else f"{number}-{code_of(of)}"
        if mine in given:
            mine = f"{mine}-{len(given)}"
        given.add(mine)
        connection.execute("UPDATE incident SET number = ? WHERE id = ?", (mine, rowid))
        alias = (fold(number), rowid)
        if mine == number:
            connection.execute("DELETE FROM number_alias WHERE folded = ? AND incident = ?", alias)
        else:
            connection.execute("INSERT OR IGNORE INTO number_alias VALUES (?,?)", alias)
            text = (
                f"{number} was handed out twice, by a copied profile. Both incidents are kept: one "
                f"of them is {mine} from now on, and {number} finds both."
            )
            connection.execute(
                "INSERT OR IGNORE INTO health VALUES ('number',?,?,?)", (of, text, at)
            )
    search_queue.put(connection, [rowid for rowid, _, _ in claims])
