"""The invariants of sync.md as functions with their names: each returns what is wrong, or ""."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.journal_entry import Change, unpack_versions
from app.storage import attachments, audit, rebuild, remote
from app.storage.not_understood import OPS

from .state import difference, state_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import apsw

    from app.domain.publication import Publication
    from app.storage.store import Store


def i1_acknowledged_changes_are_kept(connection: apsw.Connection, actions: Iterable[bytes]) -> str:
    known = {action for (action,) in connection.execute("SELECT DISTINCT action FROM change")}
    lost = [action.hex() for action in actions if action not in known]
    return f"lost actions: {lost[:3]}" if lost else ""


def i2_all_stations_are_equal(connections: Sequence[apsw.Connection]) -> str:
    first = state_of(connections[0])
    for other in connections[1:]:
        found = difference(first, state_of(other))
        if found:
            return found
    return ""


def i3_rebuilding_gives_the_same(store: Store) -> str:
    before = state_of(store.connection)
    rebuild.rebuild(store)
    return difference(before, state_of(store.connection))


def i4_no_change_is_silently_lost(connection: apsw.Connection) -> str:
    lost = [
        version
        for version in audit.i4_no_change_is_silently_lost(connection)
        if connection.execute("SELECT op FROM change WHERE station = ? AND sseq = ?", version).get
        in OPS
    ]
    return f"neither head nor named: {lost[:3]}" if lost else ""


def names_are_of_rows_that_are_known(connection: apsw.Connection) -> str:
    """Find rows that name one which is not there, or which is of another item."""
    rows = connection.execute("SELECT station, sseq, entity FROM change")
    items = {(station, sseq): entity for station, sseq, entity in rows}
    for prevs, entity in connection.execute("SELECT prevs, entity FROM change WHERE prevs != x''"):
        for station, sseq in unpack_versions(prevs):
            if items.get((station, sseq)) != entity:
                return f"{station.hex()} {sseq} is named for {entity.hex()}"
    return ""


def i5_vectors_are_contiguous_and_chains_verify(connection: apsw.Connection) -> str:
    report = audit.verify_chains(connection)
    if report.first_bad is not None:
        return str(report.first_bad)
    return "" if audit.i5_vectors_are_contiguous(connection) else "a vector has a gap"


def i6_any_order_gives_the_same(
    expected: apsw.Connection,
    fresh: Store,
    pieces: Mapping[bytes, Sequence[Publication]],
    chance: random.Random,
) -> str:
    waiting = {station: list(rows) for station, rows in pieces.items()}
    done: list[Publication] = []
    while any(waiting.values()):
        station = chance.choice(sorted(of for of, rows in waiting.items() if rows))
        piece = waiting[station].pop(0)
        done.append(piece)
        remote.apply(fresh, piece)
        remote.apply(fresh, chance.choice(done))
    return difference(state_of(expected), state_of(fresh.connection))


def i7_numbers_never_change(connection: apsw.Connection, given: Mapping[bytes, str]) -> str:
    """Compare numbers with those once shown; one that two copies gave out may move, with a note."""
    for uid, number in given.items():
        now = connection.execute("SELECT number FROM incident WHERE uid = ?", (uid,)).get
        if now == number:
            continue
        claims = connection.execute(
            "SELECT count(*) FROM number_claim WHERE number = ?", (number,)
        ).get
        told = connection.execute(
            "SELECT count(*) FROM health WHERE kind = 'number' AND text LIKE ?", (f"{number} %",)
        ).get
        if now is None or claims < 2 or not told or not now.startswith(f"{number}-"):
            return f"{number} became {now} ({claims} claims)"
    return ""


def i8_one_hash_for_ever(
    connections: Iterable[apsw.Connection], seen: dict[tuple[bytes, int], bytes]
) -> str:
    """Compare every row with what was once published under its number."""
    for connection in connections:
        for station, sseq, hash_ in connection.execute("SELECT station, sseq, hash FROM change"):
            if seen.setdefault((station, sseq), hash_) != hash_:
                return f"{station.hex()} {sseq} has two hashes"
    return ""


def i9_groups_are_whole(connection: apsw.Connection) -> str:
    torn = audit.i9_groups_are_whole(connection)
    return f"torn groups: {torn[:3]}" if torn else ""


def i10_nothing_held_is_lost(held: Iterable[bytes], connections: Sequence[apsw.Connection]) -> str:
    """Each row (by its hash) that was ever published is in some replica."""
    now = {h for c in connections for (h,) in c.execute("SELECT hash FROM change")}
    lost = [hash_.hex()[:12] for hash_ in held if hash_ not in now]
    return f"lost rows: {lost[:3]}" if lost else ""


def i11_no_attachment_without_its_file(
    connection: apsw.Connection, files: Path, arriving: Iterable[str]
) -> str:
    for (sha256,) in connection.execute("SELECT sha256 FROM attachment").fetchall():
        if not attachments.path_of(files, sha256).exists() and sha256 not in set(arriving):
            return f"{sha256[:12]} is neither here nor arriving"
    return ""


def i12_each_fault_has_its_message(kinds: set[str], connection: apsw.Connection) -> str:
    """Find notes that no fault of the schedule explains."""
    told = {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM health")}
    return f"told without a cause: {sorted(told - kinds)}" if told - kinds else ""


def redacted_values_are_gone(
    connection: apsw.Connection, files: Mapping[str, Publication], owners: Iterable[bytes]
) -> str:
    """Find values that a replica or a file in a living station's folder still holds."""
    asked = set(connection.execute("SELECT station, sseq, root FROM redact_asked"))
    for row in asked:
        value = connection.execute(
            "SELECT value FROM change WHERE station = ? AND sseq = ? AND root = ?", row
        ).get
        if value is not None:
            return f"{row} still says {value}"
    folders = {f"st/{owner.hex()}/" for owner in owners}
    for path, piece in files.items():
        for change in piece.changes:
            mine = any(path.startswith(folder) for folder in folders)
            if mine and (*change.version, change.root) in asked and change.value is not None:
                return f"{path} still says {change.value}"
    return ""


def no_incident_is_hidden_by_a_colleague(connection: apsw.Connection) -> str:
    """Find incidents that nobody sees: merged in a circle, or deleted while another went on."""
    merged = dict(
        connection.execute("SELECT uid, merged_into FROM incident WHERE merged_into IS NOT NULL")
    )
    for start in merged:
        seen, uid = {start}, merged[start]
        while uid in merged and uid not in seen:
            seen.add(uid)
            uid = merged[uid]
        if uid in seen:
            return f"{start.hex()} is merged in a circle"
    hidden = connection.execute(
        "SELECT i.number FROM incident i JOIN head h ON h.entity = i.uid AND h.field = 'deleted' "
        "JOIN change d ON d.station = h.station AND d.sseq = h.sseq AND d.value = 'true' "
        "WHERE i.deleted = 1 GROUP BY i.uid HAVING min((SELECT count(*) FROM change c "
        "WHERE c.root = i.uid AND c.station != d.station AND c.hlc > d.hlc "
        "AND c.field != 'deleted' AND (c.kind != 'incident' OR c.op != 'create'))) > 0"
    ).fetchall()
    return f"deleted under a colleague: {hidden[:3]}" if hidden else ""


def rows_of(connection: apsw.Connection, station: bytes) -> list[Change]:
    rows = connection.execute("SELECT * FROM change WHERE station = ? ORDER BY sseq", (station,))
    return [Change._make(row) for row in rows]
