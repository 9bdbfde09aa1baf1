"""Coralogix webhooks: an alert that was triggered or resolved, with fields by key."""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    rows,
    state,
    text,
    when,
)


def _recognise(document: Any) -> bool:
    return has(document, "alert_id", "alert_action") or has(document, "uuid", "alert_url", "name")


def _read(document: Any, name: str) -> list[Alert]:
    fields = {text(one.get("key")): one.get("value") for one in rows(document.get("fields"))}
    filled = {
        key: value for key, value in fields.items() if key and not text(value).startswith("*insert")
    }
    return [
        Alert(
            "coralogix",
            digest(
                first(document.get("alert_id"), document.get("name")),
                fields.get("Group-by Value1"),
                fields.get("Group-by Value2"),
            ),
            state(document.get("alert_action")),
            first(document.get("name"), document.get("description"), name),
            first(fields.get("severityLowercase"), fields.get("severity"), fields.get("priority")),
            "\n".join(
                part
                for part in (text(document.get("description")), text(fields.get("text")))
                if part
            ),
            labels(filled),
            when(fields.get("timestamp")),
            url=first(document.get("alert_url")),
        )
    ]


CORALOGIX = AlertFormat("coralogix", "Coralogix", _recognise, _read)
