"""Checkmk notifications: the macros of its notification scripts as JSON."""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    state,
    text,
    when,
)


def _recognise(document: Any) -> bool:
    return (has(document, "host", "what") and "notification_type" in document) or has(
        document, "WHAT", "HOSTNAME", "NOTIFICATIONTYPE"
    )


def _read(document: Any, name: str) -> list[Alert]:
    plain = {str(key).lower(): value for key, value in document.items()}
    host = first(plain.get("host"), plain.get("hostname"))
    service = first(plain.get("service"), plain.get("servicedesc"))
    kind = first(plain.get("notification_type"), plain.get("notificationtype"))
    status = first(plain.get("status"), plain.get("servicestate"), plain.get("hoststate"))
    well = (
        kind.upper() in ("RECOVERY", "FLAPPINGSTOP", "DOWNTIMEEND")
        or state(status or "down") is AlertState.RESOLVED
    )
    return [
        Alert(
            "checkmk",
            digest(plain.get("site"), host, service),
            AlertState.RESOLVED if well else AlertState.FIRING,
            f"{host}: {service}" if service else first(plain.get("summary"), f"{host} is {status}"),
            first(plain.get("severity"), status),
            "\n".join(
                part
                for key in ("summary", "output", "long_output")
                if (part := text(plain.get(key)))
            ),
            labels(
                {key: plain.get(key) for key in ("site", "what", "address", "check_command")},
                host=host,
                service=service,
            ),
            when(plain.get("short_date_time")),
            url=first(plain.get("url")),
        )
    ]


CHECKMK = AlertFormat("checkmk", "Checkmk", _recognise, _read)
