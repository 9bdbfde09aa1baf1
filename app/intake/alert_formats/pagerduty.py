"""PagerDuty webhooks, versions 1 to 3: what happened to one of its incidents.

Source: developer.pagerduty.com, webhooks. Version 1 has `type`, 2 `event`, both in `messages`;
3 has one `event` with `event_type` and `data`.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    rows,
    table,
    text,
    when,
    within,
)


def _recognise(document: Any) -> bool:
    return any(
        isinstance(kind, str) and kind.startswith("incident.") for kind, _, _ in _events(document)
    )


def _events(document: Any) -> list[tuple[Any, dict[str, Any], Any]]:
    """Return (type, incident, when) of each message."""
    found = []
    for one in rows(table(document).get("messages")):
        incident = within(one, "data", "incident") or one.get("incident")
        found.append((one.get("type") or one.get("event"), table(incident), one.get("created_on")))
    event = table(table(document).get("event"))
    if event:
        incident = table(event.get("data"))
        incident = table(incident.get("incident")) or incident
        found.append((event.get("event_type"), incident, event.get("occurred_at")))
    return found


def _read(document: Any, name: str) -> list[Alert]:
    return [_one(text(kind), incident, at) for kind, incident, at in _events(document)]


def _one(kind: str, incident: dict[str, Any], at: Any) -> Alert:
    service = first(within(incident, "service", "name"), within(incident, "service", "summary"))
    said = first(
        incident.get("title"),
        within(incident, "trigger_summary_data", "subject"),
        within(incident, "trigger_summary_data", "description"),
        incident.get("summary"),
        incident.get("description"),
    )
    number = first(incident.get("incident_number"), incident.get("number"))
    well = (
        kind.rpartition(".")[2] in ("resolve", "resolved") or incident.get("status") == "resolved"
    )
    return Alert(
        "pagerduty",
        first(incident.get("id"), number) or digest(said, service),
        AlertState.RESOLVED if well else AlertState.FIRING,
        said or f"PagerDuty incident {number} of {service}",
        first(within(incident, "priority", "summary"), incident.get("urgency")),
        "",
        labels(service=service, number=number, event=kind),
        when(first(incident.get("created_on"), incident.get("created_at"), at)),
        when(at) if well else None,
        first(incident.get("html_url")),
    )


PAGERDUTY = AlertFormat("pagerduty", "PagerDuty", _recognise, _read)
