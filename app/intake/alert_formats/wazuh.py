"""Wazuh integrations: a rule that an agent's log has met; Wazuh tells no recovery.

Source: documentation.wazuh.com, integrator and rules classification (levels 0 to 16).
"""

from __future__ import annotations

import re
from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    table,
    text,
    when,
)

_RULE = re.compile(r"^Rule ID (\d+)$", re.MULTILINE)
_AGENT = re.compile(r"^Agent ID (\d+)$", re.MULTILINE)
_LEVEL = re.compile(r"^Level (\d+)$", re.MULTILINE)


def _recognise(document: Any) -> bool:
    if has(document, "rule", "agent"):
        return has(document["rule"], "level")
    return has(document, "message", "description") and bool(
        _RULE.search(text(document["description"]))
    )


def _severity(level: str) -> str:
    if not level.isdecimal():
        return ""
    number = int(level[:3])
    return ("info", "warning", "high", "critical")[(number >= 7) + (number >= 12) + (number >= 15)]


def _found(pattern: re.Pattern[str], said: str) -> str:
    match = pattern.search(said)
    return match.group(1) if match else ""


def _read(document: Any, name: str) -> list[Alert]:
    rule, agent = table(document.get("rule")), table(document.get("agent"))
    said = first(document.get("full_log"), document.get("description"))
    number = first(rule.get("id")) or _found(_RULE, said)
    host = first(agent.get("id")) or _found(_AGENT, said)
    level = first(rule.get("level")) or _found(_LEVEL, said)
    title = first(rule.get("description"), document.get("message"), name)
    groups = rule.get("groups")
    return [
        Alert(
            "wazuh",
            digest(number or title, host),
            AlertState.FIRING,
            title,
            first(document.get("severity")) or _severity(level),
            said,
            labels(
                rule=number,
                level=level,
                agent=first(agent.get("name"), host),
                host=agent.get("name"),
                groups=", ".join(map(text, groups)) if isinstance(groups, list) else "",
            ),
            when(first(document.get("timestamp"), document.get("created_at"))),
        )
    ]


WAZUH = AlertFormat("wazuh", "Wazuh", _recognise, _read)
