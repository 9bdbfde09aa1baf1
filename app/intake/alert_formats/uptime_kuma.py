"""Uptime Kuma webhooks: a heartbeat of a monitor; 1 is up, 0 down, 2 pending, 3 maintenance."""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    table,
    tags,
    when,
)


def _recognise(document: Any) -> bool:
    return has(document, "heartbeat", "monitor", "msg")


def _read(document: Any, name: str) -> list[Alert]:
    beat, monitor = table(document["heartbeat"]), table(document["monitor"])
    title = first(monitor.get("name"), document.get("msg"))
    well = beat.get("status") in (1, 3, "1", "3")
    return [
        Alert(
            "uptime_kuma",
            first(monitor.get("id"), beat.get("monitorID")) or digest(title),
            AlertState.RESOLVED if well else AlertState.FIRING,
            title if not monitor else f"{title} is down",
            "critical" if beat.get("status") in (0, "0") else "",
            first(document.get("msg"), beat.get("msg")),
            labels(
                {key: monitor.get(key) for key in ("name", "type", "hostname", "port", "url")},
                tags(monitor.get("tags")),
            ),
            when(beat.get("time")),
            url=first(monitor.get("url")),
        )
    ]


UPTIME_KUMA = AlertFormat("uptime_kuma", "Uptime Kuma", _recognise, _read)
