"""Incident numbers: leased in blocks of 25, never changed, never shared (sync.md, numbers).

The `lease` row is written in the transaction that first shows a number of the block. On one
workstation blocks follow each other; a hub hands them out by exclusive create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.incident import EntityId
from app.storage import sharing
from app.storage.station_rows import code_of

if TYPE_CHECKING:
    import apsw

    from app.domain.journal_entry import Change
    from app.storage.journal import Action
    from app.storage.store import Store

BLOCK = 25
PREFIX = "INC-"
DIGITS = 6
OFFLINE_DIGITS = 4
_OFFLINE = "offline_number"
GIVEN_UP = "given_up"
"""The field by which a station says that it hands out no more of a block."""


def number_text(number: int) -> str:
    """Write a number as people read it: INC-001042."""
    return f"{PREFIX}{number:0{DIGITS}d}"


def number_value(text: str) -> int | None:
    """Read a number back, with or without its prefix and zeros; None when it is not one."""
    digits = text.strip().upper().removeprefix(PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def block_of(value: int) -> EntityId:
    """Return the entity id of the block that a number is of."""
    return block_id((value - 1) // BLOCK * BLOCK + 1)


def block_id(first: int) -> EntityId:
    """Return the entity id of a block: the same on every station."""
    import hashlib  # a list is read without it

    return EntityId(hashlib.sha256(f"number_block:{first}".encode()).digest()[:16])


def take(action: Action) -> str:
    """Take the next number inside the action's transaction."""
    return take_many(action, 1)[0]


def take_many(action: Action, count: int) -> list[str]:
    """Take the next numbers inside the action's transaction, leasing blocks as they run out."""
    connection = action.connection
    taken: list[str] = []
    while len(taken) < count:
        row: Any = connection.execute(
            "SELECT first, next, last FROM number_block WHERE station = ? AND next <= last "
            "ORDER BY first LIMIT 1",
            (action.store.station,),
        ).get
        if row is None and sharing.is_shared(action.store):
            taken.append(_offline(action))
            continue
        if row is None:
            newest = connection.execute("SELECT coalesce(max(last), 0) FROM number_block").get
            first = number = newest + 1
            last = newest + BLOCK
            _lease(action, first)
        else:
            first, number, last = row
        end = min(last + 1, number + count - len(taken))
        taken += map(number_text, range(number, end))
        connection.execute(
            "UPDATE number_block SET next = ? WHERE first = ? AND station = ?",
            (end, first, action.store.station),
        )
    return taken


def _offline(action: Action) -> str:
    """Return a number that needs no hub: it carries the station's code and stays for ever."""
    store, code = action.store, code_of(action.store.station)
    start = f"{PREFIX}{code}-"
    used: Any = store.connection.execute(
        "SELECT max(CAST(substr(number, ?) AS INTEGER)) FROM incident WHERE number GLOB ?",
        (len(start) + 1, f"{start}[0-9]*"),
    ).get
    number = max(int(store.local(_OFFLINE, 0)), used or 0) + 1
    store.set_local(_OFFLINE, number)
    return f"{start}{number:0{OFFLINE_DIGITS}d}"


def left(store: Store) -> int:
    """Return how many numbers of leased blocks this station may still hand out."""
    found: Any = store.connection.execute(
        "SELECT coalesce(sum(last - next + 1), 0) FROM number_block WHERE station = ?",
        (store.station,),
    ).get
    return int(found)


def own_blocks(store: Store) -> list[tuple[int, int]]:
    """Return (first number, how many are left) of each block of this station."""
    rows: Any = store.connection.execute(
        "SELECT first, last - next + 1 FROM number_block WHERE station = ? ORDER BY first",
        (store.station,),
    ).fetchall()
    return list(rows)


def highest(connection: apsw.Connection) -> int:
    """Return the highest number that any block known here reaches."""
    found: Any = connection.execute("SELECT coalesce(max(last), 0) FROM number_block").get
    return int(found)


def lease_claimed(store: Store, first: int) -> None:
    """Write the lease of a block that the hub has given to this station."""
    from app.storage import journal  # which itself takes numbers

    with journal.write(store, b"", "Take numbers") as action:
        _lease(action, first)


def allocate(store: Store, station: bytes) -> None:
    """Give another station the next block, where a hub cannot hand out blocks by itself."""
    from app.storage import journal

    first = highest(store.connection) // BLOCK * BLOCK + 1
    with journal.write(store, b"", "Give numbers") as action:
        value = {"first": first, "last": first + BLOCK - 1, "for": station.hex()}
        action.set("number_block", block_id(first), "lease", value, op="lease", prevs=b"")


def left_of(connection: apsw.Connection, station: bytes) -> int:
    """Return how many numbers another station has left, as far as its incidents are known."""
    rows: list[Any] = connection.execute(
        "SELECT first, last FROM number_block WHERE station = ? AND next <= last", (station,)
    ).fetchall()
    total = 0
    for first, last in rows:
        used: Any = connection.execute(
            "SELECT max(number) FROM incident WHERE number BETWEEN ? AND ?",
            (number_text(first), number_text(last)),
        ).get
        total += last - (number_value(used) or first - 1 if used else first - 1)
    return total


def give_up(store: Store, blocks: list[int]) -> None:
    """Say that blocks are used no further: somebody else hands them out, or may."""
    from app.storage import journal

    with journal.write(store, b"", "Give numbers up") as action:
        for first in blocks:
            value = {"first": first, "last": first + BLOCK - 1}
            action.set("number_block", block_id(first), GIVEN_UP, value, op="lease", prevs=b"")


def give_up_all(store: Store) -> None:
    """Give up whatever is left of this station's blocks."""
    give_up(store, [first for first, count in own_blocks(store) if count])


def keep(action: Action, text: str, used: set[str]) -> str:
    """Return the number that an incident had in another profile if it is free here, else "".

    A number once shown never changes; but one that another station may hand out, or that stands
    for another incident (`used`: in this very action), is not taken.
    """
    connection, station = action.connection, action.store.station
    value = number_value(text)
    if not value or number_text(value) != text or text in used:
        return ""
    taken = connection.execute("SELECT 1 FROM incident WHERE number = ?", (text,)).get
    shared = connection.execute("SELECT 1 FROM vv WHERE station != ?", (station,)).get
    if taken is not None or shared is not None:
        return ""
    owner = connection.execute(
        "SELECT station FROM number_block WHERE ? BETWEEN first AND last", (value,)
    ).get
    first = (value - 1) // BLOCK * BLOCK + 1
    if owner is None:
        _lease(action, first)
    elif owner != station:
        return ""
    connection.execute(
        "UPDATE number_block SET next = max(next, ?) WHERE ? BETWEEN first AND last "
        "AND station = ?",
        (value + 1, value, station),
    )
    return text


def _lease(action: Action, first: int) -> None:
    value = {"first": first, "last": first + BLOCK - 1}
    action.set("number_block", block_id(first), "lease", value, op="lease", prevs=b"")
    action.connection.execute(
        "INSERT OR IGNORE INTO number_block VALUES (?,?,?,?)",
        (first, first + BLOCK - 1, first, action.store.station),
    )


def apply(connection: apsw.Connection, batch: list[tuple[Change, Any]]) -> None:
    """Note which station may hand out which numbers, from rows of the journal."""
    for change, value in batch:
        first, last = int(value["first"]), int(value["last"])
        unused = last + 1 if change.field == GIVEN_UP else first
        owner = bytes.fromhex(value["for"]) if "for" in value else change.station
        connection.execute(
            "INSERT INTO number_block VALUES (?,?,?,?) ON CONFLICT (first, station) DO UPDATE "
            "SET next = max(next, excluded.next)",
            (first, last, unused, owner),
        )


def rebuild(connection: apsw.Connection) -> None:
    """Set the next number of each own block from the numbers that incidents carry."""
    highest: dict[int, int] = {}
    for (number,) in connection.execute("SELECT number FROM incident"):
        value = number_value(number)
        if value is not None:
            first = (value - 1) // BLOCK * BLOCK + 1
            highest[first] = max(highest.get(first, 0), value)
    connection.executemany(
        "UPDATE number_block SET next = max(next, ? + 1) WHERE first = ? AND station = "
        "(SELECT value FROM local WHERE key = 'station')",
        [(value, first) for first, value in highest.items()],
    )
