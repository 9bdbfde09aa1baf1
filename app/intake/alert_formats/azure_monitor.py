"""The common alert schema of Azure Monitor: what is essential stands in one place.

Source: learn.microsoft.com, azure-monitor/alerts/alerts-common-schema.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    state,
    table,
    text,
    when,
    within,
)


def _recognise(document: Any) -> bool:
    return text(table(document).get("schemaId")) == "azureMonitorCommonAlertSchema" or isinstance(
        within(document, "data", "essentials"), dict
    )


def _read(document: Any, name: str) -> list[Alert]:
    told = table(within(document, "data", "essentials"))
    targets = told.get("configurationItems") or told.get("alertTargetIDs")
    targets = [text(one) for one in targets] if isinstance(targets, list) else []
    rule = first(told.get("alertRule"), name)
    context = table(within(document, "data", "alertContext"))
    return [
        Alert(
            "azure_monitor",
            digest(first(told.get("alertRuleID"), rule), ",".join(targets).lower()),
            state(told.get("monitorCondition")),
            f"{rule} on {targets[0].rpartition('/')[2]}" if targets else rule,
            first(told.get("severity")),
            first(told.get("description")),
            labels(
                {key: told.get(key) for key in ("signalType", "monitoringService", "alertId")},
                context.get("properties"),
                within(document, "data", "customProperties"),
                target=targets[0] if targets else "",
            ),
            when(told.get("firedDateTime")),
            when(told.get("resolvedDateTime")),
            first(told.get("investigationLink")),
        )
    ]


AZURE_MONITOR = AlertFormat("azure_monitor", "Azure Monitor", _recognise, _read)
