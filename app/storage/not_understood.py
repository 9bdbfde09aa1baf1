"""Rows that a newer program wrote: kept and handed on now, applied after the upgrade (sync.md).

To this program they are as rows that have not come yet: nothing follows from them. The first start
of a program that knows more applies them, as if they had just come; whatever the order, the state
is that of a program that always knew them (invariant I6).
"""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import SCHEMA, Change
from app.storage import (
    catalogue_rows,
    child_rows,
    head_rows,
    import_keys,
    issued_reports,
    lease_rows,
    station_rows,
)
from app.storage.fields import FIELDS
from app.storage.store import MEANING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from app.storage.store import Store

OPS = frozenset(
    ["create", "set", "add", "remove", "delete", "restore", "merge", "resolve", "lease", "redact"]
)
KINDS = frozenset(
    {"incident", "number_block", "redaction"}
    | {station_rows.KIND, issued_reports.KIND, lease_rows.KIND}
    | child_rows.KINDS
    | catalogue_rows.KINDS
)
_PREFIXES = frozenset({"tag", "related", "watcher", "article", "parent", "alias", "check"})
_PACKED = frozenset(FIELDS) | {
    "number", "tags", "custom", "aliases", "related", "watchers", "history", import_keys.FIELD,
}  # fmt: skip


def vocabulary() -> str:
    """Return a short digest of all that this program understands: it changes with what is new."""
    words = (str(SCHEMA), *sorted(OPS), *sorted(KINDS), *sorted(_PREFIXES), *sorted(_PACKED))
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def is_understood(change: Change) -> bool:
    """Tell whether this program knows what a row says."""
    if change.schema > SCHEMA or change.op not in OPS or change.kind not in KINDS:
        return False
    if change.kind != "incident" or change.op in {"create", "redact"}:
        return True
    field = change.field
    return (
        field in FIELDS
        or field.partition(":")[0] in _PREFIXES
        or field.startswith("custom.")
        or field == import_keys.FIELD
    )


def held_back(connection: apsw.Connection, changes: Sequence[Change]) -> list[Change]:
    """Return the rows that can be applied; note the others for a later program."""
    known = [change for change in changes if is_understood(change)]
    if len(known) < len(changes):
        note(connection, [change for change in changes if not is_understood(change)])
    return known


def note_packed(connection: apsw.Connection, change: Change, value: dict[str, Any]) -> None:
    """Note a creation that says more than this program can show."""
    if not value.keys() <= _PACKED:
        note(connection, [change])


def note(connection: apsw.Connection, changes: Sequence[Change]) -> None:
    """Note rows for a later program."""
    connection.executemany(
        "INSERT OR IGNORE INTO not_understood VALUES (?,?)", [c.version for c in changes]
    )
    connection.execute(
        "INSERT INTO local VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (MEANING, vocabulary()),
    )


def roots(connection: apsw.Connection) -> set[bytes]:
    """Return the incidents and other items of which not every row is understood."""
    rows: Any = connection.execute(
        "SELECT DISTINCT c.root FROM not_understood n JOIN change c USING (station, sseq)"
    )
    return {root for (root,) in rows}


def take_up(store: Store) -> None:
    """Apply at the first start of a program that knows more what an older one has kept.

    Raises:
        StoreError: the database cannot be written; it is tried again at the next start.
    """
    if store.local(MEANING) != vocabulary():
        take(store)


def take(store: Store) -> int:
    """Apply the rows that are understood by now; return how many they were.

    Raises:
        StoreError: the database cannot be written; it is tried again at the next start.
    """
    from app.storage import clocks, materialise, redactions

    with store.known_errors(), store.database.atomic("IMMEDIATE"):
        connection = store.connection
        rows: list[Any] = connection.execute(
            "SELECT c.* FROM not_understood n JOIN said c USING (station, sseq) "
            "ORDER BY c.station, c.sseq"
        ).fetchall()
        found = [change for change in map(Change._make, rows) if is_understood(change)]
        connection.executemany(
            "DELETE FROM not_understood WHERE station = ? AND sseq = ?",
            [change.version for change in found],
        )
        store.set_local(MEANING, vocabulary())
        packed = [c for c in found if c.kind == "incident" and c.op == "create"]
        late = [c for c in found if c not in packed]
        for _, group in groupby(late, key=lambda change: (change.station, change.tx_first)):
            materialise.apply(connection, list(group), replay=True)
        head_rows.forget_known(connection)
        redactions.refresh(connection, {change.entity for change in packed})
        touched = {change.root for change in found}
        clocks.refresh(connection, store.rules(), touched, store.now_ms())
    return len(found)
