"""Datadog webhooks with the usual template variables, and monitors as they are kept.

Source: docs.datadoghq.com, integrations/webhooks ($ALERT_TRANSITION, $AGGREG_KEY and so on).
"""

from __future__ import annotations

import re
from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    state,
    tags,
    text,
    when,
)

_MARKS = ("alert_transition", "monitor_id", "aggreg_key", "alert_scope", "alert_metric")
_STATE_WORD = re.compile(r"^(?:\[[^\]]*\]\s*)+")


def _recognise(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and any(mark in document for mark in _MARKS)
        and any(key in document for key in ("title", "event_title", "alert_title", "name"))
    )


def _read(document: Any, name: str) -> list[Alert]:
    whole = first(
        *(document.get(key) for key in ("title", "event_title", "alert_title", "name")), name
    )
    title = _STATE_WORD.sub("", whole) or whole
    scopes = document.get("scopes")
    scope = first(document.get("alert_scope"), document.get("scope"))
    if isinstance(scopes, list):
        scope = scope or ",".join(text(one) for one in scopes)
    own = first(document.get("aggreg_key")) or digest(
        first(document.get("monitor_id"), document.get("alert_id")), scope, title
    )
    begun = _STATE_WORD.match(whole)
    return [
        Alert(
            "datadog",
            own,
            state(
                *(document.get(key) for key in ("alert_transition", "transition", "alert_status")),
                begun.group().strip(" []").split(" ")[0] if begun else "",
            ),
            title,
            first(
                *(document.get(key) for key in ("priority", "alert_priority", "severity")),
                document.get("alert_type"),
            ),
            first(*(document.get(key) for key in ("body", "event_msg", "message", "description"))),
            labels(tags(document.get("tags")), scope=scope, host=document.get("hostname")),
            when(first(document.get("date"), document.get("last_updated"))),
            url=first(document.get("link"), document.get("url")),
        )
    ]


DATADOG = AlertFormat("datadog", "Datadog", _recognise, _read)
