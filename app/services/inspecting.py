"""Reads what the detail pane shows: the incident, how to reach its requester, incidents like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.incident import EntityId
from app.services import answering, browsing, choosing, recalling, values
from app.storage import attachments, catalogue, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.custom_field import CustomField
    from app.domain.incident_record import Attachment, Incident
    from app.domain.listing import ListRow
    from app.insight.answers import Answer
    from app.services.choosing import Contested
    from app.services.desk import Desk
    from app.storage.outbox import KeptLetter


class Similar(NamedTuple):
    """An incident like another one, why it is, and whether it may be the same or a known error."""

    row: ListRow
    reason: str
    kind: str


class Inspected(NamedTuple):
    """One incident as the detail pane shows it."""

    incident: Incident
    phone: str
    similar: tuple[Similar, ...]
    heads: dict[str, bytes]
    """The versions of the fields that were read, so that a concurrent edit is noticed."""
    file_limit_mb: int
    """The largest file that can be attached."""
    custom_fields: tuple[CustomField, ...] = ()
    """The team's own fields that incidents of this category have."""
    contested: tuple[Contested, ...] = ()
    """The fields of which two stations said different things."""
    answers: tuple[Answer, ...] = ()
    """What is written already about it: articles and known errors."""
    letters: Mapping[bytes, KeptLetter] = MappingProxyType({})
    """How replies that left this workstation by mail stand, by their entry in the timeline."""


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
    like = similar(desk, uid)
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
        tuple(answering.to_incident(desk, uid)),
        outbox.replies(desk.connection, uid),
    )


def similar(desk: Desk, uid: EntityId) -> tuple[Similar, ...]:
    """Return incidents like this one, the likest first, each with the reason."""
    likes = recalling.like_incident(desk, uid)
    rows = {row.id: row for row in browsing.rows(desk, [EntityId(one.facts.uid) for one in likes])}
    return tuple(
        Similar(rows[one.facts.uid], one.reason, one.kind) for one in likes if one.facts.uid in rows
    )


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
