"""Graylog HTTP notifications of an event definition; Graylog tells no recovery.

Source: go2docs.graylog.org, HTTP notifications.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    rows,
    table,
    text,
    when,
)

_PRIORITIES = {1: "low", 2: "medium", 3: "high", 4: "critical"}


def _recognise(document: Any) -> bool:
    return has(document, "event_definition_id") or has(document, "event_definition_title")


def _read(document: Any, name: str) -> list[Alert]:
    event = table(document.get("event"))
    title = first(document.get("event_definition_title"), event.get("message"), name)
    level = event.get("priority")
    return [
        Alert(
            "graylog",
            digest(
                first(document.get("event_definition_id"), title),
                first(
                    event.get("key"),
                    ",".join(map(text, event.get("key_tuple") or []))
                    if isinstance(event.get("key_tuple"), list)
                    else "",
                ),
            ),
            AlertState.FIRING,
            title,
            _PRIORITIES.get(level, "") if isinstance(level, int) else text(level),
            "\n".join(
                part
                for part in (
                    text(document.get("event_definition_description")),
                    text(event.get("message")),
                    *(text(one.get("message")) for one in rows(document.get("backlog"))[:20]),
                )
                if part
            ),
            labels(
                event.get("fields"), event.get("group_by_fields"), source_host=event.get("source")
            ),
            when(event.get("timestamp")),
        )
    ]


GRAYLOG = AlertFormat("graylog", "Graylog", _recognise, _read)
