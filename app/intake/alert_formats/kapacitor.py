"""Kapacitor's post handler: the level of one alert id.

Source: docs.influxdata.com/kapacitor, event handlers, post.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    first,
    has,
    labels,
    rows,
    state,
    when,
    within,
)


def _recognise(document: Any) -> bool:
    return has(document, "id", "level") and ("previousLevel" in document or "details" in document)


def _read(document: Any, name: str) -> list[Alert]:
    series = rows(within(document, "data", "series"))
    return [
        Alert(
            "kapacitor",
            first(document.get("id")),
            state(document.get("level")),
            first(document.get("message"), document.get("id"), name),
            first(document.get("level")),
            first(document.get("details")),
            labels(series[0].get("tags") if series else {}, task=document.get("id")),
            when(document.get("time")),
        )
    ]


KAPACITOR = AlertFormat("kapacitor", "Kapacitor", _recognise, _read)
