"""Reads what the detail pane shows: the incident, how to reach its requester, incidents like it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.folding import fold
from app.domain.incident import EntityId
from app.services import browsing, choosing, values
from app.storage import attachments, catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.custom_field import CustomField
    from app.domain.incident_record import Attachment, Incident
    from app.domain.listing import ListRow
    from app.services.choosing import Contested
    from app.services.desk import Desk

_WORDS, _EACH, _SIMILAR = 6, 40, 5
_SHORT = 4
"""A word of fewer letters says too little about what an incident is like."""


class Inspected(NamedTuple):
    """One incident as the detail pane shows it."""

    incident: Incident
    phone: str
    similar: tuple[ListRow, ...]
    heads: dict[str, bytes]
    """The versions of the fields that were read, so that a concurrent edit is noticed."""
    file_limit_mb: int
    """The largest file that can be attached."""
    custom_fields: tuple[CustomField, ...] = ()
    """The team's own fields that incidents of this category have."""
    contested: tuple[Contested, ...] = ()
    """The fields of which two stations said different things."""


HEADED = (
    *("title", "category", "location", "team", "assignee", "requester", "impact", "urgency"),
    *("description", "root_cause", "workaround", "occurred_at", "detected_at", "people_affected"),
)


def inspect(desk: Desk, uid: EntityId) -> Inspected:
    """Read one incident with what stands around it.

    Raises:
        NotFoundError: nothing has that id.
    """
    found = browsing.incident(desk, uid)
    phone = ""
    if found.requester is not None:
        person = catalogue.by_id(desk.connection, found.requester.id)
        phone = str(person.data.get("phone") or "") if person is not None else ""
    like = similar(desk, found.title, leave_out=uid)
    category = found.category.name if found.category is not None else ""
    fields = tuple(values.custom_fields(desk.connection, category))
    headed = (*HEADED, *(f"custom.{field.name}" for field in fields))
    return Inspected(
        found,
        phone,
        like,
        browsing.heads(desk, uid, headed),
        int(desk.rules.setting("files.limit_mb")),
        fields,
        choosing.of_incident(desk, uid),
    )


def similar(desk: Desk, text: str, *, leave_out: EntityId | None = None) -> tuple[ListRow, ...]:
    """Return incidents that share the rarest words of `text`, the likest first."""
    words = dict.fromkeys(w for w in fold(text).split() if len(w) >= _SHORT)
    scores: Counter[int] = Counter()
    weight: dict[int, float] = {}
    for word in list(words)[:_WORDS]:
        phrase = f'"{word.strip(chr(34))}"'
        found = browsing.find_text(desk, phrase, limit=_EACH, count_all=False)
        for hit in found.hits:
            scores[hit.rowid] += 1
            weight[hit.rowid] = weight.get(hit.rowid, 0.0) + 1 / (1 + found.total)
    least = min(2, len(words))
    rowids = sorted(
        (rowid for rowid, shared in scores.items() if shared >= least),
        key=lambda rowid: (-scores[rowid], -weight[rowid], -rowid),
    )
    ids: list[EntityId] = []
    for rowid in rowids[: _SIMILAR + 1]:
        uid: Any = desk.connection.execute("SELECT uid FROM incident WHERE id = ?", (rowid,)).get
        if uid is not None and uid != leave_out:
            ids.append(EntityId(uid))
    rows = {row.id: row for row in browsing.rows(desk, ids)}
    return tuple(rows[uid] for uid in ids if uid in rows)[:_SIMILAR]


def found(desk: Desk, text: str, limit: int) -> list[ListRow]:
    """Return the rows of what a search finds, the best first."""
    ids: list[EntityId] = []
    for hit in browsing.find_text(desk, text, limit=limit, count_all=False).hits:
        uid: Any = desk.connection.execute(
            "SELECT uid FROM incident WHERE id = ?", (hit.rowid,)
        ).get
        if uid is not None:
            ids.append(EntityId(uid))
    rows = {row.id: row for row in browsing.rows(desk, ids)}
    return [rows[uid] for uid in ids if uid in rows]


def save_attachment(desk: Desk, attachment: Attachment, target: Path) -> Path:
    """Copy a file of an incident out, verified, under `target`; return where it is.

    Raises:
        NotFoundError: the file is missing on this computer.
        StoreError: its content no longer matches its digest.
    """
    content = attachments.read(desk.profile.attachments, attachment.sha256)
    target.write_bytes(content)
    return target
