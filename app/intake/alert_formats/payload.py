"""How the formats take texts, instants and states out of a payload, whatever stands there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from app.intake.alert import Alert, AlertState

_MOST_TEXT = 20_000
_MOST_LABELS = 200
_WELL = frozenset(
    (
        *("resolved", "resolve", "recovered", "recovery", "ok", "up", "closed", "close", "clear"),
        *("cleared", "normal", "green", "good", "0", "deactivated", "completed", "success"),
        *("incident_closed", "manually_resolved", "auto_resolved", "stopped"),
    )
)
_EMPTY = frozenset(("", "null", "none", "n/a"))
_NO_MACRO = re.compile(r"^(?:\$[A-Z0-9_]+|\{[A-Z0-9_.$]+\})$")
"""A macro that the tool did not fill in, like $DURATION or {EVENT.ID}."""
_FRACTION = re.compile(r"(\.\d{6})\d+")
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT)$")
_OFFSET_WORD = re.compile(r"(\s[+-]\d{4})\s+[A-Z]{3,4}$")
_DOTTED_OFFSET = re.compile(r"([+-]\d\d)\.(\d\d)$")


class Reader(Protocol):
    """Makes alerts of a document."""

    def __call__(self, document: Any, name: str) -> list[Alert]:
        """Return the alerts; `name` is what the sender calls the payload, "" for nothing."""
        ...


class Recognise(Protocol):
    """Tells whether a document is of the tool."""

    def __call__(self, document: Any) -> bool:
        """Return True for a document of the tool."""
        ...


class AlertFormat(NamedTuple):
    """What one tool posts."""

    name: str
    label: str
    recognise: Recognise
    read: Reader


def has(document: Any, *names: str) -> bool:
    """Tell whether a document is an object with all of these keys."""
    return isinstance(document, dict) and all(name in document for name in names)


def within(document: Any, *path: str) -> Any:
    """Return what stands at a path, None where there is nothing."""
    for name in path:
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def table(value: Any) -> dict[str, Any]:
    """Return an object, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return a value as one text, "" for nothing, for "null" and for a macro left unfilled."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return ""
    found = value.strip()[:_MOST_TEXT]
    return "" if found.lower() in _EMPTY or _NO_MACRO.match(found) else found


def first(*values: Any) -> str:
    """Return the first value that says something."""
    return next((found for value in values if (found := text(value))), "")


def labels(*tables: Any, **named: Any) -> dict[str, str]:
    """Return the texts of tables and of named values as one; what is empty is left out."""
    found: dict[str, str] = {}
    for one in tables:
        if isinstance(one, dict):
            for key, value in one.items():
                if word := text(value):
                    found[str(key)[:200]] = word[:1000]
    for key, value in named.items():
        if word := text(value):
            found[key] = word[:1000]
    return dict(list(found.items())[:_MOST_LABELS])


def tags(value: Any) -> dict[str, str]:
    """Return tags (a list or one text with commas, each `name:value` or a bare word) as labels."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    found = {}
    for part in parts:
        if isinstance(part, dict):
            key, word = first(part.get("tag"), part.get("key"), part.get("name")), part.get("value")
        else:
            key, _, word = text(part).partition(":")
        if key:
            found[key.strip()] = text(word).strip() or "yes"
    return found


def state(*words: Any) -> AlertState:
    """Return what the first word that says something means; trouble unless it means well."""
    word = first(*words).lower().replace(" ", "_").rsplit(".", 1)[-1]
    return AlertState.RESOLVED if word in _WELL else AlertState.FIRING


def digest(*parts: Any) -> str:
    """Return a short fingerprint of what identifies an alert."""
    whole = "\x1f".join(text(part) if not isinstance(part, dict) else _flat(part) for part in parts)
    return sha256(whole.encode("utf-8", "replace")).hexdigest()[:20]


def _flat(labelled: dict[str, Any]) -> str:
    return "\x1e".join(f"{key}={text(value)}" for key, value in sorted(labelled.items()))


def when(value: Any) -> datetime | None:
    """Return an instant from ISO 8601, a tool's own spelling or seconds since 1970, or None.

    The year 1 is how Go says "not yet"; what names no zone is taken as UTC.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(float(value))
    written = text(value)
    if not written:
        return None
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", written):
        return _from_epoch(float(written))
    written = _FRACTION.sub(r"\1", written)
    written = _DOTTED_OFFSET.sub(r"\1:\2", _OFFSET_WORD.sub(r"\1", written))
    written = _ZONE_WORD.sub("", written)
    for form in ("", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S.%f %z",
                 "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S"):  # fmt: skip
        try:
            found = datetime.strptime(written, form) if form else datetime.fromisoformat(written)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            return None if found.year < 1971 else found.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _from_epoch(seconds: float) -> datetime | None:
    if seconds > 1e11:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
