"""Google Cloud Monitoring webhooks: one incident, open or closed.

Source: cloud.google.com, monitoring/support/notification-options, schema 1.2.
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
    table,
    text,
    when,
    within,
)


def _recognise(document: Any) -> bool:
    return has(document, "incident") and has(document["incident"], "incident_id", "state")


def _read(document: Any, name: str) -> list[Alert]:
    one = table(document["incident"])
    rule = first(one.get("policy_name"), one.get("condition_name"), name)
    where = first(one.get("resource_name"), one.get("resource_id"))
    return [
        Alert(
            "google_cloud",
            first(one.get("incident_id")) or digest(rule, where),
            state(one.get("state")),
            f"{rule} on {where}" if where else rule,
            first(one.get("severity")),
            "\n".join(
                part
                for part in (
                    text(one.get("summary")),
                    text(within(one, "documentation", "content")),
                )
                if part
            ),
            labels(
                within(one, "resource", "labels"),
                one.get("policy_user_labels"),
                condition=one.get("condition_name"),
            ),
            when(one.get("started_at")),
            when(one.get("ended_at")),
            first(one.get("url")),
        )
    ]


GOOGLE_CLOUD = AlertFormat("google_cloud", "Google Cloud Monitoring", _recognise, _read)
