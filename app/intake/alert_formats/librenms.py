"""LibreNMS API transport: the template's fields of one rule on one device.

Source: docs.librenms.org, alerting; state 0 is recovered, 2 acknowledged, others are trouble.
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


def _recognise(document: Any) -> bool:
    return has(document, "hostname", "rule_id") or has(document, "sysName", "device_id")


def _read(document: Any, name: str) -> list[Alert]:
    rule = first(document.get("name"), name)
    host = first(document.get("display"), document.get("hostname"), document.get("sysName"))
    own = digest(
        first(document.get("device_id"), document.get("hostname")),
        first(document.get("rule_id"), rule),
    )
    return [
        Alert(
            "librenms",
            own,
            state(document.get("state")),
            f"{rule} on {host}" if rule else first(document.get("title")),
            first(document.get("severity")),
            first(document.get("msg"), document.get("title")),
            labels(
                {key: document.get(key) for key in ("hostname", "sysName", "ip", "os", "location")},
                host=host,
                rule=rule,
            ),
            when(document.get("timestamp")),
        )
    ]


LIBRENMS = AlertFormat("librenms", "LibreNMS", _recognise, _read)
