"""SignalFx detectors: an incident of a detector, and how it stands.

Source: docs.splunk.com/observability, webhook integration.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    first,
    has,
    labels,
    state,
    table,
    when,
)


def _recognise(document: Any) -> bool:
    return has(document, "incidentId") and any(
        key in document for key in ("statusExtended", "detectorUrl", "detector", "detectorId")
    )


def _read(document: Any, name: str) -> list[Alert]:
    inputs = table(document.get("inputs"))
    rule = first(document.get("rule"), inputs.get("rule"))
    detector = first(document.get("detector"))
    return [
        Alert(
            "signalfx",
            first(document.get("incidentId")),
            state(document.get("statusExtended"), document.get("status")),
            first(
                document.get("messageTitle"),
                f"{rule} ({detector})" if rule and detector else rule,
                document.get("description"),
                document.get("originatingMetric"),
                name,
            ),
            first(document.get("severity")),
            first(document.get("messageBody"), document.get("description")),
            labels(
                document.get("dimensions"),
                rule=rule,
                detector=detector,
                metric=document.get("originatingMetric"),
            ),
            when(document.get("timestamp")),
            url=first(document.get("detectorUrl")),
        )
    ]


SIGNALFX = AlertFormat("signalfx", "Splunk Observability (SignalFx)", _recognise, _read)
