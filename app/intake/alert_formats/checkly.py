"""Checkly webhooks with the variables of its template: a check that fails or is well again.

Source: checklyhq.com/docs, alerting/webhooks (CHECK_NAME, ALERT_TYPE and so on).
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    labels,
    tags,
    when,
)


def _plain(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    return {str(key).lower(): value for key, value in document.items()}


def _recognise(document: Any) -> bool:
    plain = _plain(document)
    return "alert_type" in plain and ("check_id" in plain or "check_name" in plain)


def _read(document: Any, name: str) -> list[Alert]:
    plain = _plain(document)
    kind = first(plain.get("alert_type")).upper()
    check = first(plain.get("check_name"), name)
    return [
        Alert(
            "checkly",
            first(plain.get("check_id")) or digest(check),
            AlertState.RESOLVED if "RECOVER" in kind else AlertState.FIRING,
            f"Check {check} fails" if check else first(plain.get("alert_title")),
            "warning" if "DEGRADED" in kind or "SSL" in kind else "critical",
            first(plain.get("alert_title"), plain.get("check_error_message")),
            labels(
                {key: plain.get(key) for key in ("check_type", "run_location", "response_time")},
                tags(plain.get("tags")),
                check=check,
            ),
            when(plain.get("started_at")),
            url=first(plain.get("result_link"), plain.get("check_result_link")),
        )
    ]


CHECKLY = AlertFormat("checkly", "Checkly", _recognise, _read)
