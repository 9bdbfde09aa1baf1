"""Turns a record of another tool into what the journal holds, or says why it cannot be taken.

Everything that may be refused is refused here, before anything is written; what is written later
(`app.services.importing`) cannot fail record by record.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.catalogue import checked_name
from app.domain.closure_code import as_code
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.incident import Channel, Status
from app.domain.lifecycle import CODE_FIELDS
from app.services.values import KIND_WORDS, clean_text, journal_value
from app.storage.fields import FIELDS, REFERENCE_KINDS
from app.system.clock import to_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.closure_code import ClosureCodes
    from app.domain.custom_field import CustomField
    from app.domain.priority import PriorityMatrix
    from app.intake.import_record import ImportedAttachment, ImportedEvent, ImportedIncident

KEPT_PRIORITY = "Priority of the imported record."
"""The reason of an override where the other tool's matrix is not ours."""

_APART = frozenset({"custom", "tags", "watchers", "related", "merged_into", "problem"})


class Prepared(NamedTuple):
    """A record ready to be written: values as in the journal, names still as text."""

    line: int
    key: str
    fingerprint: str
    value: dict[str, Any]
    names: dict[str, str]
    watchers: tuple[str, ...]
    problem: str
    related: tuple[str, ...]
    merged_into: str
    attachments: tuple[ImportedAttachment, ...]
    own_id: str
    own_number: str
    extras: dict[str, Any]
    """What only our own exports have: people told, follow-ups, time, ticks, outages."""


def prepare(
    record: ImportedIncident,
    matrix: PriorityMatrix,
    zone: str,
    own_fields: Mapping[str, CustomField] = MappingProxyType({}),
    codes: ClosureCodes | None = None,
) -> Prepared:
    """Make a record ready; `own_fields` are the team's by their folded name, `codes` its codes.

    Raises:
        InvalidInputError: a text or name cannot be stored.
    """
    if codes is not None:
        _take_codes(record, codes)
    fields = record.fields
    value: dict[str, Any] = {}
    names: dict[str, str] = {}
    for field, told in fields.items():
        if field in REFERENCE_KINDS:
            names[field] = _name(REFERENCE_KINDS[field], told)
        elif field in FIELDS and told is not None and told != "":
            value[field] = journal_value(told)
    value["title"] = clean_text(str(fields.get("title", ""))).strip() or "(no title)"
    value.setdefault("status", str(Status.NEW))
    value.setdefault("channel", str(Channel.IMPORT))
    value.setdefault("zone", zone)
    _settle_priority(value, matrix)
    _set_apart(value, record, own_fields)
    external = clean_text(record.external_id)
    if external and external != record.own_number:
        value["external_id"] = external
    return Prepared(
        line=record.line,
        key=record.own_id or external or f"={record.fingerprint}",
        fingerprint=record.fingerprint,
        value=value,
        names=names,
        watchers=tuple(_name("person", name) for name in fields.get("watchers", ())),
        problem=_name("problem", fields["problem"]) if fields.get("problem") else "",
        related=tuple(map(str, fields.get("related", ()))),
        merged_into=str(fields.get("merged_into", "")),
        attachments=record.attachments,
        own_id=record.own_id,
        own_number=record.own_number,
        extras=_extras(record),
    )


def _take_codes(record: ImportedIncident, codes: ClosureCodes) -> None:
    """Take over closure codes that the team has added; our own exports keep any code as it is."""
    apart: dict[str, Any] = record.fields.get("custom") or {}
    for kind in CODE_FIELDS:
        told = apart.get(kind)
        if not isinstance(told, str) or record.fields.get(kind):
            continue
        code = codes.find(kind, told) or (as_code(told) if record.own_id else "")
        if code:
            record.fields[kind] = code
            del apart[kind]


def _set_apart(
    value: dict[str, Any], record: ImportedIncident, own_fields: Mapping[str, CustomField]
) -> None:
    """Add what has no column of its own: tags, custom fields and the history."""
    fields = record.fields
    if fields.get("tags"):
        tags = (clean_text(tag).strip() for tag in fields["tags"])
        value["tags"] = sorted({fold(tag): tag for tag in tags if fold(tag)}.values())
    if fields.get("custom"):
        value["custom"] = dict(
            _own_field(clean_text(name), told, own_fields)
            for name, told in fields["custom"].items()
            if told is not None
        )
    if record.history:
        value["history"] = [event_value(event) for event in record.history]


def _extras(record: ImportedIncident) -> dict[str, Any]:
    """Return what becomes entities of their own; time spent is one entry of all of it."""
    spent = record.fields.get("time_spent_s")
    if not spent:
        return record.extras
    return {**record.extras, "time_entry": [{"seconds": spent, "text": ""}]}


def event_value(event: ImportedEvent) -> list[Any]:
    """Return an event as the journal holds it: [at ms, author, kind, text, [[field, old, new]]]."""
    changes = [[c.field, clean_text(c.old), clean_text(c.new)] for c in event.changes]
    kind = str(event.kind)
    return [to_ms(event.at), clean_text(event.author), kind, clean_text(event.text), changes]


@lru_cache(maxsize=1 << 15)
def _name(kind: str, text: str) -> str:
    word = KIND_WORDS.get(kind, kind).capitalize()
    return checked_name(word, clean_text(str(text)))


def _own_field(name: str, told: Any, own_fields: Mapping[str, CustomField]) -> tuple[str, Any]:
    """Return a field by the team's name with a value of its type; one that does not fit is text."""
    known = own_fields.get(fold(name))
    if known is None:
        return name, _custom(told)
    with suppress(InvalidInputError):
        return known.name, journal_value(known.read(told))
    return known.name, _custom(told)


def _custom(told: Any) -> Any:
    """Return a custom value as a text or number; nested values become their JSON text."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, (int, float, str)):
        return journal_value(told)
    if isinstance(told, (list, tuple, dict)):
        return clean_text(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str))
    return clean_text(str(journal_value(told)))


def _settle_priority(value: dict[str, Any], matrix: PriorityMatrix) -> None:
    """Complete impact, urgency and priority; where the record disagrees, its priority is kept."""
    priority = value.get("priority")
    if priority and "impact" not in value and "urgency" not in value:
        with suppress(InvalidInputError):
            value["impact"], value["urgency"] = matrix.default_cell(priority)
    impact = value.setdefault("impact", 3)
    urgency = value.setdefault("urgency", 3)
    computed = matrix.priority_of(impact, urgency)
    if not priority:
        value["priority"] = computed
    elif priority != computed:
        value.setdefault("priority_override_reason", KEPT_PRIORITY)
