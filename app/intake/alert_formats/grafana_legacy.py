"""Grafana's alerting before version 9: one rule with its state.

Source: Grafana 8 documentation, legacy webhook notifier; `ok` with the same ruleId recovers.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    first,
    has,
    labels,
    rows,
    state,
    text,
)


def _recognise(document: Any) -> bool:
    return has(document, "ruleId", "state") or has(document, "ruleName", "state")


def _read(document: Any, name: str) -> list[Alert]:
    values = ", ".join(
        f"{text(one.get('metric'))} = {text(one.get('value'))}"
        for one in rows(document.get("evalMatches"))
    )
    title = first(document.get("ruleName"), document.get("title"), name, "Alert")
    return [
        Alert(
            "grafana",
            "rule-" + first(document.get("ruleId"), title),
            state(document.get("state")),
            title,
            "",
            "\n".join(part for part in (text(document.get("message")), values) if part),
            labels(document.get("tags"), rule=title),
            url=first(document.get("ruleUrl")),
        )
    ]


GRAFANA_LEGACY = AlertFormat("grafana_legacy", "Grafana (legacy)", _recognise, _read)
