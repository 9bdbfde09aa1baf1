"""Opsgenie webhooks: an action on an alert.

Source: support.atlassian.com, Opsgenie webhook integration.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    first,
    has,
    labels,
    table,
    tags,
    text,
    when,
)

_WELL = ("close", "delete", "resolve")


def _recognise(document: Any) -> bool:
    return has(document, "action", "alert") and has(document["alert"], "alertId")


def _read(document: Any, name: str) -> list[Alert]:
    one = table(document["alert"])
    well = text(document["action"]).lower() in _WELL
    return [
        Alert(
            "opsgenie",
            first(one.get("alias"), one.get("alertId")),
            AlertState.RESOLVED if well else AlertState.FIRING,
            first(one.get("message"), one.get("description"), name),
            first(one.get("priority")),
            first(one.get("description"), one.get("note")),
            labels(one.get("details"), tags(one.get("tags")), entity=one.get("entity")),
            when(one.get("createdAt")),
            url=first(one.get("url")),
        )
    ]


OPSGENIE = AlertFormat("opsgenie", "Opsgenie", _recognise, _read)
