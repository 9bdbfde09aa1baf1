"""Settles which incident keeps a number that was handed out twice (sync.md, numbers).

A copied profile that writes before it is noticed can do that, and so can two workstations that each
began alone. Both incidents are kept: that of the smaller station keeps the number, the other gets a
new one that is derived, so that every station comes to the same without asking, and the old one
finds both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.folding import fold
from app.storage import numbers, search_queue
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


def settle(connection: apsw.Connection, number: str, uid: bytes, at: int) -> None:
    """Give a number to one of its claimants, now that one more has come."""
    claims = _claims(connection, number, uid)
    connection.execute("DELETE FROM number_claim WHERE number = ?", (number,))
    if len(claims) > 1:
        connection.executemany(
            "INSERT INTO number_claim VALUES (?,?,?)",
            [(number, station, claimant) for station, claimant, _ in claims],
        )
    connection.executemany(
        "UPDATE incident SET number = ? WHERE id = ?",
        [(stand_in(number, claimant), rowid) for _, claimant, rowid in claims],
    )
    given: set[str] = set()
    for station, _, rowid in claims:
        mine = number if not given else f"{number}-{code_of(station)}"
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
                f"{number} was handed out twice, by {_by_whom(connection, number)}. Both incidents "
                f"are kept: one of them is {mine} from now on, and {number} finds both."
            )
            note = ("number", station, text, at)
            connection.execute("INSERT OR IGNORE INTO health VALUES (?,?,?,?)", note)
    search_queue.put(connection, [rowid for _, _, rowid in claims])


def _by_whom(connection: apsw.Connection, number: str) -> str:
    """Say how a number came to be handed out twice, as far as the journal tells.

    Workstations that had not met have each leased the block of the number; a copy never has: it
    found the block in its profile.
    """
    leases: Any = None
    value = numbers.number_value(number)
    if value is not None:
        leases = connection.execute(
            "SELECT count(DISTINCT station) FROM change WHERE root = ? AND field = 'lease' "
            "AND kind = 'number_block'",
            (numbers.block_of(value),),
        ).get
    if leases is not None and leases > 1:
        return "two workstations before they shared"
    return "a copied profile"


def _claims(connection: apsw.Connection, number: str, uid: bytes) -> list[tuple[bytes, bytes, int]]:
    """Return (station, incident, row) of all that have or had the number, in their order.

    An incident that was written down twice belongs to the station that did it first.
    """
    rows: list[Any] = connection.execute(
        "SELECT i.uid, i.id FROM incident i WHERE i.number = ?1 OR i.uid = ?2 "
        "OR i.uid IN (SELECT uid FROM number_claim WHERE number = ?1)",
        (number, uid),
    ).fetchall()
    claims = []
    for claimant, rowid in rows:
        station: bytes = connection.execute(
            "SELECT c.station FROM head h CROSS JOIN change c ON c.station = h.station AND "
            "c.sseq = h.sseq WHERE h.entity = ? AND h.field = '*' "
            "ORDER BY c.hlc, c.station LIMIT 1",
            (claimant,),
        ).get
        claims.append((station, claimant, rowid))
    return sorted(claims)
