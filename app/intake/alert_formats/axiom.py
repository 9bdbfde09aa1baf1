"""Axiom monitors: an event that was opened or closed."""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    state,
    table,
    text,
    when,
)


def _recognise(document: Any) -> bool:
    return has(document, "action", "event") and has(document["event"], "monitorID")


def _read(document: Any, name: str) -> list[Alert]:
    event = table(document["event"])
    title = first(event.get("title"), event.get("description"), name, "Monitor")
    for word in ("Triggered: ", "Resolved: "):
        title = title.removeprefix(word)
    return [
        Alert(
            "axiom",
            digest(event.get("monitorID"), event.get("groupKeys"), event.get("groupValues")),
            state(document.get("action")),
            title,
            first(event.get("severity")),
            "\n".join(part for key in ("description", "body") if (part := text(event.get(key)))),
            labels(event.get("matchedEvent"), value=event.get("value")),
            when(first(event.get("timestamp"), event.get("queryEndTime"))),
        )
    ]


AXIOM = AlertFormat("axiom", "Axiom", _recognise, _read)
