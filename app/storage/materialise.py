"""Turns journal rows into heads and rows: the one path for local edits, imports and remote changes.

What is shown of a field is picked by `domain.merge` from its heads, so that the same set of rows
gives the same state in whatever order it came (invariant I6). A row may come before the `create` of
what it belongs to: it waits in the journal and among the heads, and is applied with the `create`.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain.journal_entry import decoded
from app.storage import (
    catalogue_rows,
    child_rows,
    contested,
    head_rows,
    incident_rows,
    issued_reports,
    late_rows,
    merge_cycles,
    not_understood,
    numbers,
    redactions,
    station_rows,
)
from app.storage.contested import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import apsw

    from app.domain.journal_entry import Change, Version
    from app.storage.head_rows import Heads
    from app.storage.record_clocks import Derived

    Derive = Callable[[bytes, int, dict[str, Any]], Derived]
    """Works out what stands beside the fields of a new incident: (id, at ms, packed value)."""
    Clock = Callable[[Mapping[str, Any]], Iterable[tuple[str, Any]]]
    """Works out the clock columns of an incident from what they follow from (`clocks.facts`)."""

INCIDENT = "incident"
__all__ = ["INCIDENT", "apply", "candidates"]


def apply(
    connection: apsw.Connection,
    changes: Sequence[Change],
    values: Sequence[Any] | None = None,
    *,
    derive: Derive | None = None,
    clock: Clock | None = None,
    latest: Mapping[tuple[bytes, str], Version] | None = None,
    before: Mapping[bytes, Heads] | None = None,
    late: bool = True,
    replay: bool = False,
) -> None:
    """Apply rows that were just added to the journal, a station's in their order.

    Args:
        connection: the thread's, inside its transaction.
        changes: the rows, in their order.
        values: their decoded values, where they are at hand.
        derive: works out periods and clocks of new incidents; without it only the periods are
            written, and the clocks are to be refreshed afterwards.
        clock: works out the clocks of incidents that change; without it they are to be refreshed
            afterwards.
        latest: the newest version of each field, where the rows name all versions that were
            current, so that they take their place; without it that is worked out.
        before: the heads that entities had before these rows, as far as they were read.
        late: whether rows may come in another order than they were written in. An edit that is
            made here knows that they do not.
        replay: whether the whole journal is read anew, so that a row which another one names may
            stand in the journal and still be to come: clocks that were off put the later one first.
            The caller then tidies up `superseded` with `head_rows.forget_known`.
    """
    touched: set[bytes] = set()
    if late or any(change.op == redactions.REDACT for change in changes):
        changes, touched = redactions.applied(connection, changes)
        values = None if touched else values
    if late:
        changes = not_understood.held_back(connection, changes)
    if values is None:
        values = [None if c.value is None else decoded(c.value) for c in changes]
    if latest is None:
        contested_keys = head_rows.move_on(connection, changes, replay=replay)
    else:
        contested_keys = head_rows.replace(connection, changes, latest, before or {})
    pairs = list(zip(changes, values, strict=True))
    here: Counter[bytes] = Counter()
    if late:  # the heads are moved on already, so kinds may be done one after another
        pairs.sort(key=_stage)
        here.update(c.root for c in changes if c.kind in late_rows.KNOWN_KINDS)
    for (kind, op), run in groupby(pairs, key=_kind_of_work):
        batch = list(run)
        if kind == INCIDENT and op == "create":
            if late:
                late_rows.insert(connection, batch, derive=derive, clock=clock, here=here)
            elif not incident_rows.insert(connection, batch, derive=derive):
                late_rows.insert(connection, batch, derive=derive, clock=clock)
        elif kind == INCIDENT:
            incident_rows.update(connection, _shown(connection, batch, contested_keys), clock)
        elif kind in child_rows.KINDS:
            child_rows.apply(connection, _shown(connection, batch, contested_keys), late=late)
        elif kind in catalogue_rows.KINDS and late:
            catalogue_rows.settle(connection, batch)
        elif kind in catalogue_rows.KINDS:
            catalogue_rows.apply(connection, _shown(connection, batch, contested_keys))
        elif kind == "number_block":
            numbers.apply(connection, batch)
        elif kind == station_rows.KIND:
            station_rows.apply(connection, batch)
        elif kind == issued_reports.KIND:
            issued_reports.apply(connection, batch)
    for entity in {entity for entity, _ in contested_keys}:
        incident_rows.mark_conflict(connection, entity)
    redactions.refresh(connection, touched, derive=derive)
    merge_cycles.settle(connection, changes)
    # An incident that is made here and now was deleted by nobody.
    roots = {c.root for c in changes if late or c.op != "create" or c.root != c.entity}
    if before:
        deleted = {c.root for c in changes if c.field == contested.DELETED}
        roots = {
            root
            for root in roots
            if root in deleted or contested.DELETED in before.get(root, (contested.DELETED,))
        }
    late_rows.settle_deletions(connection, roots)


def _kind_of_work(pair: tuple[Change, Any]) -> tuple[str, str]:
    change = pair[0]
    return change.kind, "create" if change.op == "create" else "set"


def _stage(pair: tuple[Change, Any]) -> int:
    kind, op = _kind_of_work(pair)
    if kind == INCIDENT:
        return 0 if op == "create" else 2
    return 3 if kind in child_rows.KINDS else 1


def _shown(
    connection: apsw.Connection,
    batch: list[tuple[Change, Any]],
    contested_keys: set[tuple[bytes, str]],
) -> list[tuple[Change, Any]]:
    """Replace what a row says by what is shown where versions compete."""
    if not contested_keys:
        return batch
    result = []
    for change, value in batch:
        if (change.entity, change.field) not in contested_keys:
            result.append((change, value))
            continue
        told = contested.current(connection, change.entity, change.field)
        if told is not None:
            result.append((change._replace(op=told.op), told.value))
    return result
