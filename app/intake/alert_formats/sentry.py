"""Sentry webhooks: of an integration (action and data) and of the older plugin.

Source: docs.sentry.io, integration-platform/webhooks.
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
    when,
    within,
)


def _recognise(document: Any) -> bool:
    if has(document, "action", "data"):
        return any(
            key in table(document["data"]) for key in ("issue", "event", "error", "metric_alert")
        )
    return has(document, "project", "event", "url")


def _read(document: Any, name: str) -> list[Alert]:
    data = table(document.get("data"))
    metric = table(data.get("metric_alert"))
    one = table(
        data.get("issue") or data.get("event") or data.get("error") or metric
        or document.get("event")
    )  # fmt: skip
    issue = first(one.get("issue_id"), one.get("groupID"), one.get("id"), document.get("id"))
    title = first(
        data.get("description_title"), one.get("title"),
        document.get("message"), document.get("culprit"), name,
    )  # fmt: skip
    project = first(
        within(one, "project", "slug"), document.get("project_slug"), document.get("project"),
        one.get("project"),
    )  # fmt: skip
    return [
        Alert(
            "sentry",
            issue or digest(project, title),
            state(document.get("action"), one.get("status")),
            title,
            first(one.get("level"), document.get("level")),
            first(data.get("description_text"), one.get("culprit"), document.get("culprit")),
            labels(project=project, rule=data.get("triggered_rule"), platform=one.get("platform")),
            when(first(one.get("firstSeen"), one.get("datetime"), one.get("date_started"))),
            url=first(
                one.get("web_url"), one.get("permalink"), one.get("issue_url"), data.get("web_url"),
                document.get("url"),
            ),
        )
    ]  # fmt: skip


SENTRY = AlertFormat("sentry", "Sentry", _recognise, _read)
