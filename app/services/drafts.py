"""Keeps what a person types before it is an incident, a note or a closing.

A window saves at every pause of half a second (ux.md, New Incident), so that a killed process
loses at most that. Drafts stay on this workstation: they are in no journal and are never shared.
The window's kinds are `new_incident`, `note` (key: the incident), `quick_log` and `closing`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import NotFoundError
from app.storage import drafts as rows
from app.system.clock import from_ms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody was typing: where it belongs, the fields, and when it was kept."""

    key: str
    kind: str
    data: dict[str, Any]
    saved_at: datetime


def save(desk: Desk, key: str, kind: str, data: Mapping[str, Any]) -> None:
    """Keep a draft over its last state; `data` holds plain JSON values.

    Raises:
        StoreError: it could not be written; what was kept before is still there.
    """
    rows.save(desk.store, rows.KeptDraft(key, kind, json.dumps(dict(data)), desk.store.now_ms()))


def all(desk: Desk, kind: str = "") -> list[Draft]:
    """Return the drafts that are kept, newest first; of one kind when it is given."""
    return [_draft(row) for row in rows.kept(desk.store, kind)]


def find(desk: Desk, key: str) -> Draft | None:
    """Return the draft of a key, None when nothing is kept."""
    found = rows.kept(desk.store, key=key)
    return _draft(found[0]) if found else None


def discard(desk: Desk, key: str) -> None:
    """Throw a draft away; `restore` brings it back for a week. No draft is no mistake."""
    rows.discard(desk.store, key)


def restore(desk: Desk, key: str) -> Draft:
    """Bring a discarded draft back, as it was.

    Raises:
        NotFoundError: it was not discarded within the last week.
    """
    if rows.restore(desk.store, key):
        found = find(desk, key)
        if found is not None:
            return found
    raise NotFoundError(
        "That draft is not kept any more: a discarded draft can be brought back for a week.",
        code="no_draft",
    )


def _draft(row: rows.KeptDraft) -> Draft:
    return Draft(row.key, row.kind, json.loads(row.data), from_ms(row.saved_at))
