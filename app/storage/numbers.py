"""Incident numbers: leased in blocks of 25, never changed, never shared (sync.md, numbers).

The `lease` row is written in the transaction that first shows a number of the block. On one
workstation blocks follow each other; a hub hands them out by exclusive create.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntityId

if TYPE_CHECKING:
    import apsw

    from app.domain.journal_entry import Change
    from app.storage.journal import Action

BLOCK = 25
PREFIX = "INC-"
DIGITS = 6
GIVEN_UP = "given_up"
"""The field by which a station says that it hands out no more of a block."""


def number_text(number: int) -> str:
    """Write a number as people read it: INC-001042."""
    return f"{PREFIX}{number:0{DIGITS}d}"


def number_value(text: str) -> int | None:
    """Read a number back, with or without its prefix and zeros; None when it is not one."""
    digits = text.strip().upper().removeprefix(PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def block_id(first: int) -> EntityId:
    """Return the entity id of a block: the same on every station."""
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
        connection.execute(
            "INSERT INTO number_block VALUES (?,?,?,?) ON CONFLICT (first, station) DO UPDATE "
            "SET next = max(next, excluded.next)",
            (first, last, unused, change.station),
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
