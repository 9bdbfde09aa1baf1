"""Any other JSON: the fields that a team pointed at, else the names that most tools use.

The mapping is `field = path` with a path like `data.alert.name` or `items.0.title`; the fields are
title, text, severity, state, id, url, started, ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    state,
    table,
    text,
    when,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("title", "text", "severity", "state", "id", "url", "started", "ended")
_GUESSES = {
    "title": ("title", "subject", "name", "alertname", "alert_name", "event_name", "summary",
              "message", "msg", "text", "description"),
    "text": ("text", "message", "description", "details", "body", "msg", "summary"),
    "severity": ("severity", "priority", "level", "criticality"),
    "state": ("state", "status", "alert_state", "event_state", "action"),
    "id": ("alert_uid", "fingerprint", "dedup_key", "alert_id", "incident_key", "uid", "id"),
    "url": ("url", "link", "link_to_upstream_details", "permalink"),
    "started": ("started_at", "startsAt", "created_at", "timestamp", "time", "date"),
    "ended": ("ended_at", "endsAt", "resolved_at"),
}  # fmt: skip


def read_mapped(document: Any, mapping: Mapping[str, str], *, source: str = "generic") -> Alert:
    """Return the alert of a document by a mapping; fields that it does not name are guessed."""

    def value(field: str) -> str:
        if field in mapping:
            return text(within(document, *mapping[field].split(".")))
        return first(*(table(document).get(name) for name in _GUESSES[field]))

    title = value("title")
    body = value("text")
    return Alert(
        source,
        value("id") or digest(title, table(document).get("host"), table(document).get("sender")),
        state(value("state")),
        title.splitlines()[0] if title else "",
        value("severity"),
        body if body != title else "",
        labels(document),
        when(value("started")),
        when(value("ended")),
        value("url"),
    )


def _recognise(document: Any) -> bool:
    return isinstance(document, dict) and bool(
        first(*(document.get(name) for name in _GUESSES["title"]))
    )


def _read(document: Any, name: str) -> list[Alert]:
    del name
    return [read_mapped(document, {})]


GENERIC = AlertFormat("generic", "Other JSON", _recognise, _read)
