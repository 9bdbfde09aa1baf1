"""Removes words or a file from an incident for good, on every station and on the hub (sync.md).

What was pasted by mistake, or has to go by law. Who did it, when and why is recorded; that it was
there is not hidden. It cannot be undone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.journal_entry import Change
from app.services.values import clean_text
from app.storage import incident_reader, outbox, redactions, scrub

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.incident import EntityId
    from app.services.desk import Desk

INSTEAD = "[redacted]"
"""What is read where words were."""
SHORTEST = 3
"""Fewer signs would tear holes into words everywhere."""
_LEFT = frozenset({
    "number", "external_id", "aliases", "status", "pending_reason", "priority", "channel", "kind",
    "outcome", "fix_type", "cause_class", "zone", "sha256", "media_type", "station", "sseq",
    "related", "watchers", "imported", "type", "message_id",
})  # fmt: skip
"""Keys and fields that hold codes, numbers and references, never what people typed freely."""


class Place(NamedTuple):
    """A row of the journal that says the words, and what it says without them."""

    change: Change
    instead: Any


def places(desk: Desk, uid: EntityId, words: str) -> list[Place]:
    """Return the entries of an incident in which words stand, in all versions of its texts."""
    rows: list[Any] = desk.connection.execute(
        "SELECT * FROM said WHERE root = ? AND value IS NOT NULL ORDER BY hlc, station, sseq",
        (uid,),
    ).fetchall()
    found = []
    for change in map(Change._make, rows):
        if change.field in _LEFT or change.kind in redactions.NEVER:
            continue
        value = json.loads(change.value or "null")
        cleaned = _without(value, words)
        if cleaned != value:
            found.append(Place(change, cleaned))
    return found


def redact(desk: Desk, uid: EntityId, words: str, reason: str) -> ChangeSet:
    """Remove words from every entry and every earlier version of an incident, for good.

    Raises:
        InvalidInputError: no words or no reason are given, or the words are part of a tag.
        NotFoundError: the words stand nowhere in the incident.
        StoreError: nothing was written.
    """
    why = _reason(reason)
    if len(words.strip()) < SHORTEST:
        raise InvalidInputError(
            f"Give the words to remove, at least {SHORTEST} signs.", field="words"
        )
    number = incident_reader.read(desk.connection, uid, story=False).number
    found = places(desk, uid, words)
    _refuse_tags(desk, uid, words)
    if not found:
        raise NotFoundError(f"These words stand nowhere in {number}. Nothing was changed.")
    with desk.write("Redact") as action:
        thing = action.new_id()
        for change, instead in found:
            _ask(action, thing, change, {"instead": instead, "why": why})
        action.connection.execute(
            "DELETE FROM draft WHERE instr(data, ?) OR instr(data, ?)",
            (words, json.dumps(words)[1:-1]),
        )
        outbox.forget(action.connection, uid)
    for letter in (desk.profile.directory / outbox.DRAFTS).glob("*.eml"):
        letter.unlink(missing_ok=True)  # what a mail program has opened is its own copy
    scrub.scrub(desk.store)
    return ChangeSet(None, "Redact", {"incident": (uid,)}, (number,))


def redact_file(desk: Desk, uid: EntityId, attachment: EntityId, reason: str) -> ChangeSet:
    """Remove an attached file for good, from every incident that has the same file.

    Raises:
        InvalidInputError: no reason is given.
        NotFoundError: the incident has no such file.
        StoreError: nothing was written.
    """
    why = _reason(reason)
    connection = desk.connection
    sha256: Any = connection.execute(
        "SELECT a.sha256 FROM attachment a JOIN incident i ON i.id = a.incident "
        "WHERE a.uid = ? AND i.uid = ? AND a.sha256 != ''",
        (attachment, uid),
    ).get
    if sha256 is None:
        raise NotFoundError("This incident has no such file.")
    held: list[Any] = connection.execute(
        "SELECT a.uid, i.uid, i.number FROM attachment a JOIN incident i ON i.id = a.incident "
        "WHERE a.sha256 = ?",
        (sha256,),
    ).fetchall()
    with desk.write("Redact file") as action:
        thing = action.new_id()
        for one, _, _ in held:
            for change in _creates(desk, one):
                said = json.loads(change.value or "{}")
                gone = {"name": INSTEAD, "size": 0, "sha256": "", "media_type": ""}
                kept = {
                    key: said[key] for key in ("added_by", "quiet", "message_id") if key in said
                }
                facts = {"instead": gone | kept, "sha256": sha256, "why": why}
                _ask(action, thing, change, facts)
    scrub.erase_files(desk.store, desk.profile.attachments)
    scrub.scrub(desk.store)
    roots = tuple(dict.fromkeys(root for _, root, _ in held))
    numbers = tuple(dict.fromkeys(number for _, _, number in held))
    return ChangeSet(None, "Redact file", {"incident": roots}, numbers)


def _creates(desk: Desk, entity: bytes) -> Iterable[Change]:
    rows: list[Any] = desk.connection.execute(
        "SELECT c.* FROM head h CROSS JOIN said c ON c.station = h.station AND c.sseq = h.sseq "
        "WHERE h.entity = ? AND h.field = '*'",
        (entity,),
    ).fetchall()
    return map(Change._make, rows)


def _ask(action: Any, thing: EntityId, change: Change, facts: dict[str, Any]) -> None:
    told = {"station": change.station.hex(), "sseq": change.sseq, **facts}
    field = f"{change.station.hex()}:{change.sseq}"
    action.set(redactions.KIND, thing, field, told, root=change.root, op=redactions.REDACT)


def _reason(reason: str) -> str:
    why = clean_text(reason).strip()
    if not why:
        raise InvalidInputError(
            "Say why it has to go: who reads the record later will ask.", field="reason"
        )
    return why


def _refuse_tags(desk: Desk, uid: EntityId, words: str) -> None:
    tagged: Any = desk.connection.execute(
        "SELECT field FROM change WHERE root = ? AND instr(field, ?) AND field LIKE 'tag:%'",
        (uid, words),
    ).get
    if tagged is not None:
        raise InvalidInputError(
            "These words are a tag, and the name of a tag cannot be blanked. Nothing was changed.",
            field="words",
        )


def _without(value: Any, words: str) -> Any:
    if isinstance(value, str):
        return value.replace(words, INSTEAD)
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    if isinstance(value, dict):
        return {k: v if k in _LEFT else _without(v, words) for k, v in value.items()}
    return value
