"""The invariants of sync.md that need more than one look at a journal: I1, I3, I7 and I8.

Each is a function with its name that returns what breaks it, so nothing means that it holds. I4, I5
and I9 stand beside the chains in `audit`; what takes several stations and a hub is tested there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import Version
from app.storage import audit, rebuild

if TYPE_CHECKING:
    from collections.abc import Iterable

    import apsw

    from app.storage.store import Store


def i1_acknowledged_changes_are_kept(
    connection: apsw.Connection, acknowledged: Iterable[Version]
) -> list[Version]:
    """Return the acknowledged versions that the journal does not hold (invariant I1)."""
    return [
        version
        for version in acknowledged
        if connection.execute("SELECT 1 FROM change WHERE station = ? AND sseq = ?", version).get
        is None
    ]


def i3_rebuild_gives_the_state(store: Store) -> list[str]:
    """Return the tables that a rebuild from the journal would change (invariant I3).

    Nothing stays changed: the rebuild is taken back.
    """
    shown = audit.snapshot(store.connection)
    rebuilt: dict[str, list[Any]] = {}
    try:
        with store.database.atomic("IMMEDIATE"):
            rebuild.rebuild(store)
            rebuilt = audit.snapshot(store.connection)
            raise _TakenBackError
    except _TakenBackError:
        pass
    return [table for table, rows in shown.items() if rebuilt[table] != rows]


def i7_numbers_are_unique_and_for_ever(connection: apsw.Connection) -> list[str]:
    """Return numbers that two incidents share, that changed, or leased twice (invariant I7).

    A number that a copied profile, or two that had not met, gave out twice is settled for good by
    `number_claims`: one incident keeps it, the other's is derived from it. That breaks nothing.
    """
    claims: Any = connection.execute("SELECT number, uid FROM number_claim")
    claimed: set[tuple[str, bytes]] = set(claims)
    bad: set[str] = set()
    owners: dict[str, bytes] = {}
    given: dict[bytes, str] = {}
    rows: Any = connection.execute(
        "SELECT entity, op, field, value FROM said WHERE kind = 'incident' "
        "AND value IS NOT NULL AND (op = 'create' OR field = 'number')"
    )
    for entity, op, _, value in rows:
        told = json.loads(value)
        number = told.get("number") if op == "create" else told
        if number is None:
            continue
        owner = owners.setdefault(number, entity)
        if owner != entity and not {(number, owner), (number, entity)} <= claimed:
            bad.add(number)
        if given.get(entity, number) != number:
            bad.add(number)
        given[entity] = number
    shown: Any = connection.execute("SELECT uid, number FROM incident")
    for uid, number in shown:
        first_given = given.get(uid, number)
        derived = (first_given, uid) in claimed and number.startswith(f"{first_given}-")
        if number != first_given and not derived:
            bad.add(number)
    leases: list[tuple[bytes, int, int]] = sorted(
        connection.execute("SELECT station, first, last FROM number_block")
    )
    bad.update(
        f"{first}-{last}"
        for (of, _, before), (station, first, last) in pairwise(leases)
        if of == station and first <= before
    )
    return sorted(bad)


def i8_versions_have_one_hash(*journals: apsw.Connection) -> list[Version]:
    """Return the versions that these journals tell with different hashes (invariant I8)."""
    hashes: dict[Version, set[bytes]] = defaultdict(set)
    for connection in journals:
        rows: Any = connection.execute("SELECT station, sseq, hash FROM change")
        for station, sseq, digest in rows:
            hashes[Version(station, sseq)].add(digest)
    return sorted(version for version, seen in hashes.items() if len(seen) > 1)


class _TakenBackError(Exception):
    """Ends a transaction of which nothing may stay."""
