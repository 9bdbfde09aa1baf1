"""Cells of a file read as the values of an incident's fields, by the kind of each field.

Unknown words never vanish: those that decide how an incident is worked (status, priority) refuse
the row, all others are kept as a custom field beside.
"""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.intake import code_words
from app.intake.import_record import CUSTOM, LIST_SIGNS, RowError
from app.intake.instants import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable

INSTANTS = (
    "follow_up_at", "major_declared_at", "occurred_at", "detected_at", "reported_at",
    "registered_at", "acknowledged_at", "first_assigned_at", "first_response_at", "escalated_at",
    "workaround_applied_at", "restored_at", "first_resolved_at", "resolved_at", "closed_at",
    "cancelled_at", "verified_at", "review_due_at", "review_done_at", "survey_sent_at",
    "survey_answered_at", "stood_down_at",
)  # fmt: skip
_TEXTS = (
    "title", "description", "priority_override_reason", "detection", "root_cause",
    "contributing_factors", "business_effect", "workaround", "resolution", "verified_by",
    "verified_how", "external_id", "zone", "number", "id", "major_reason", "stand_down_reason",
    "five_whys", "went_well", "went_badly",
)  # fmt: skip
_NAMES = (
    "category", "service", "ci", "location", "requester", "assignee", "team", "incident_manager",
    "communications_lead", "technical_lead", "scribe",
)  # fmt: skip
_COUNTS = (
    "reopen_count", "reassignment_count", "people_affected", "time_spent_s", "satisfaction",
)  # fmt: skip

KINDS: dict[str, str] = {
    **dict.fromkeys(INSTANTS, "instant"),
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_NAMES, "name"),
    **dict.fromkeys(_COUNTS, "count"),
    **dict.fromkeys(("impact", "urgency", "severity"), "level"),
    **dict.fromkeys(("major", "outage"), "flag"),
    **dict.fromkeys(("tags", "watchers"), "list"),
    "status": "status",
    "pending_reason": "code",
    "priority": "priority",
    "channel": "code",
    "outcome": "code",
    "fix_type": "code",
    "cause_class": "code",
    "cancel_reason": "code",
}
"""The kind of every field that an import can fill."""

_CODES: dict[str, Callable[[object], Any]] = {
    "pending_reason": code_words.read_pending_reason,
    "channel": code_words.read_channel,
    "outcome": code_words.read_outcome,
    "fix_type": code_words.read_fix_type,
    "cause_class": code_words.read_cause_class,
    "cancel_reason": code_words.read_cancel_reason,
}
_NAME_KEYS = (
    "display_value",
    "name",
    "title",
    "display_name",
    "displayName",
    "login",
    "email",
    "mail",
    "value",
)
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d)\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_LIST_SIGNS = re.compile(f"[{LIST_SIGNS}]")


def plain(value: Any) -> Any:
    """Return the name that stands for a nested object or list of a JSON export."""
    if isinstance(value, dict):
        for key in _NAME_KEYS:
            if value.get(key) not in (None, ""):
                return plain(value[key])
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    if isinstance(value, list):
        return ", ".join(str(plain(item)) for item in value)
    return value


def text_of(value: Any) -> str:
    """Return a cell as text, exactly; None is the empty text and a whole float loses its ".0"."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def html_to_text(markup: str) -> str:
    """Return the words of an HTML fragment, one line per block; other text as it is."""
    if "<" not in markup or ">" not in markup:
        return html.unescape(markup) if "&" in markup else markup
    shown = _TAGS.sub("", _BREAKS.sub("\n", _HIDDEN.sub("", markup)))
    lines = [" ".join(line.split()) for line in html.unescape(shown).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def store_value(fields: dict[str, Any], field: str, value: Any) -> None:
    """Read one cell into `fields`; raise RowError where the row cannot be understood.

    Instants are not read here: their order of day and month belongs to the column.
    """
    kind = KINDS.get(field, "")
    if field.startswith(CUSTOM):
        if value is not None and value != "":
            custom(fields)[field.removeprefix(CUSTOM)] = value
        return
    if kind in ("text", "name"):
        text = text_of(value)
        if kind == "name":
            text = " ".join(text.split())
        if text:
            fields[field] = text
        return
    if kind == "list":
        items = value if isinstance(value, list) else _items(text_of(value))
        names = tuple(dict.fromkeys(text_of(item).strip() for item in items))
        if any(names):
            fields[field] = tuple(name for name in names if name)
        return
    value = plain(value)
    if is_missing(value):
        return
    _store_code(fields, field, kind, value)


def _items(text: str) -> list[str]:
    """Cut a list of one cell; our exports write it as JSON where an item has such a sign."""
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            items = json.loads(text)
            if isinstance(items, list) and all(isinstance(item, str) for item in items):
                return items
    return _LIST_SIGNS.split(text)


def _store_code(fields: dict[str, Any], field: str, kind: str, value: Any) -> None:
    read: Any
    if kind == "status":
        status = code_words.read_status(value)
        if status is None:
            raise RowError(f"The status {str(value)!r} is not known; map it in a mapping file.")
        fields["status"], reason = status
        if reason is not None:
            fields.setdefault("pending_reason", reason)
        return
    if kind == "priority":
        read = code_words.read_priority(value)
        if read is None:
            raise RowError(f"The priority {str(value)!r} is not known; map it in a mapping file.")
    elif kind == "level":
        read = code_words.read_level(value)
    elif kind == "flag":
        read = code_words.read_flag(value)
    elif kind == "count":
        read = _count(value)
    else:
        read = _CODES[field](value)
    if read is None:
        custom(fields)[field] = value
    else:
        fields[field] = read


def _count(value: Any) -> int | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if 0 <= number < 1e12 else None


def custom(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the custom fields of `fields`, made on the first use."""
    found: dict[str, Any] = fields.setdefault("custom", {})
    return found
