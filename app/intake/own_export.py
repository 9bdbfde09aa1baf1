"""Reads what only our own JSON tells of an incident beside its fields: what became of the work.

People told, follow-up actions, outages, checklist ticks and articles that are used, as the journal
holds them (instants in milliseconds); an entry that cannot be read refuses its row.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.intake.field_values import text_of
from app.intake.import_record import RowError

if TYPE_CHECKING:
    from app.intake.instants import InstantReader

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LISTS = {
    "told": "told",
    "follow_ups": "follow_up",
    "outages": "outage",
    "checks": "check",
    "articles": "article",
}
_INSTANTS = frozenset({"at", "due_at", "from_at", "to_at"})
_FLAGS = frozenset({"done", "planned"})
_FIELDS = {
    "told": ("who", "how", "at"),
    "follow_up": ("action", "owner", "due_at", "done"),
    "outage": ("service", "from_at", "to_at", "planned"),
    "check": ("item", "done", "note"),
    "article": ("name",),
}
_NEEDED = {
    "told": "who",
    "follow_up": "action",
    "outage": "from_at",
    "check": "item",
    "article": "name",
}


def read_extras(values: dict[str, Any], reader: InstantReader) -> dict[str, Any]:
    """Return the lists by kind of entity; raise RowError for an entry that is none."""
    extras: dict[str, Any] = {}
    for name, kind in _LISTS.items():
        entries = values.get(name)
        if isinstance(entries, list) and entries:
            extras[kind] = [_entry(kind, entry, reader) for entry in entries]
    return extras


def _entry(kind: str, entry: Any, reader: InstantReader) -> dict[str, Any]:
    if not isinstance(entry, dict) or entry.get(_NEEDED[kind]) in (None, ""):
        raise RowError(f"An entry of its list of {kind.replace('_', ' ')}s cannot be read.")
    told: dict[str, Any] = {}
    for field in _FIELDS[kind]:
        value = entry.get(field)
        if field in _INSTANTS:
            moment = reader.read(value)
            told[field] = None if moment is None else _milliseconds(moment)
        elif field in _FLAGS:
            told[field] = bool(value)
        else:
            told[field] = text_of(value)
    return told


def _milliseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
