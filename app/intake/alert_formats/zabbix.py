"""Zabbix media types: the macros of an event, and the generic body with `alert_uid`.

Zabbix has no body of its own: its webhooks send the macros that the media type names, mostly
like {EVENT.ID} -> event_id. The trigger and the host stay the same for repeats.
"""

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
    when,
)

_MARKS = ("trigger_id", "triggerid", "event_value", "event_id", "eventid", "event_nseverity")


def _plain(document: Any) -> dict[str, Any]:
    return {
        str(key).lower().replace(".", "_").strip("{}"): value for key, value in document.items()
    }


def _recognise(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    if has(document, "alert_uid", "title"):
        return True
    plain = _plain(document)
    return any(mark in plain for mark in _MARKS) and any(
        mark in plain for mark in ("host", "host_name", "hostname", "trigger_name", "event_name")
    )


def _read(document: Any, name: str) -> list[Alert]:
    plain = _plain(document)
    host = first(plain.get("host_name"), plain.get("host"), plain.get("hostname"))
    title = first(
        *(plain.get(key) for key in ("event_name", "trigger_name", "title", "subject", "name")),
        plain.get("message"),
        name,
    )
    trigger = first(plain.get("trigger_id"), plain.get("triggerid"))
    own = first(
        plain.get("alert_uid"),
        f"{trigger}:{host}" if trigger else "",
        plain.get("event_id"),
        plain.get("eventid"),
    )
    return [
        Alert(
            "zabbix",
            own or digest(host, title),
            state(
                *(plain.get(key) for key in ("event_recovery_status", "event_value", "state")),
                *(plain.get(key) for key in ("trigger_status", "event_status", "status")),
            ),
            title.splitlines()[0] if title else "",
            first(*(plain.get(key) for key in ("event_severity", "trigger_severity", "severity"))),
            first(plain.get("message"), plain.get("alert_message"), plain.get("event_opdata")),
            labels(
                {key: plain[key] for key in plain if key not in ("message", "image_url")}, host=host
            ),
            when(first(plain.get("event_timestamp"), plain.get("started_at"))),
            url=first(
                plain.get("link_to_upstream_details"), plain.get("url"), plain.get("trigger_url")
            ),
        )
    ]


ZABBIX = AlertFormat("zabbix", "Zabbix", _recognise, _read)
