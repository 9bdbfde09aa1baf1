"""The words that other tools use for statuses, priorities, channels and codes, read as ours.

One table for all mappings, so that "On Hold" means the same wherever it comes from; a mapping adds
its own numbers on top.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from app.domain.incident import (
    CancelReason,
    CauseClass,
    Channel,
    FixType,
    Outcome,
    PendingReason,
    Status,
)

Code = TypeVar("Code", bound=StrEnum)
StatusWord = tuple[Status, PendingReason | None]

_SIGNS = re.compile(r"[^a-z0-9]+")

_STATUS: dict[str, StatusWord] = {
    **dict.fromkeys(
        (
            "new",
            "open",
            "opened",
            "registered",
            "logged",
            "to_do",
            "todo",
            "backlog",
            "submitted",
            "unassigned",
            "waiting_for_support",
        ),
        (Status.NEW, None),
    ),
    **dict.fromkeys(
        ("assigned", "dispatched", "processing_assigned", "acknowledged"), (Status.ASSIGNED, None)
    ),
    **dict.fromkeys(
        (
            "in_progress",
            "active",
            "work_in_progress",
            "wip",
            "processing",
            "started",
            "doing",
            "reopened",
            "re_opened",
            "under_investigation",
            "investigating",
            "processing_planned",
            "escalated",
            "customer_replied",
            "user_replied",
        ),
        (Status.IN_PROGRESS, None),
    ),
    **dict.fromkeys(
        (
            "pending",
            "on_hold",
            "hold",
            "waiting",
            "stalled",
            "awaiting_user_info",
            "awaiting_evidence",
            "awaiting_caller",
            "awaiting_customer",
            "awaiting_info",
            "waiting_for_customer",
            "waiting_on_customer",
            "waiting_for_user",
            "waiting_on_user",
            "awaiting_user",
            "pending_customer",
            "pending_user",
            "pending_caller",
            "awaiting_your_reply",
            "awaiting_reply",
            "awaiting_user_information",
        ),
        (Status.PENDING, PendingReason.CALLER),
    ),
    **dict.fromkeys(
        (
            "awaiting_vendor",
            "waiting_on_third_party",
            "waiting_on_vendor",
            "waiting_for_vendor",
            "pending_vendor",
            "waiting_for_third_party",
            "awaiting_third_party",
        ),
        (Status.PENDING, PendingReason.VENDOR),
    ),
    **dict.fromkeys(
        ("awaiting_problem", "pending_problem"), (Status.PENDING, PendingReason.PROBLEM)
    ),
    **dict.fromkeys(
        ("awaiting_change", "pending_change", "pending_release", "waiting_for_change"),
        (Status.PENDING, PendingReason.CHANGE),
    ),
    **dict.fromkeys(
        ("pending_reminder", "scheduled", "deferred", "postponed", "pending_scheduled"),
        (Status.PENDING, PendingReason.SCHEDULED),
    ),
    **dict.fromkeys(
        (
            "resolved",
            "solved",
            "fixed",
            "completed",
            "done",
            "pending_close",
            "pending_auto_close",
            "pending_auto",
        ),
        (Status.RESOLVED, None),
    ),
    **dict.fromkeys(
        (
            "closed",
            "closed_successful",
            "closed_complete",
            "closed_unsuccessful",
            "closed_skipped",
            "finished",
        ),
        (Status.CLOSED, None),
    ),
    **dict.fromkeys(
        (
            "cancelled",
            "canceled",
            "rejected",
            "deleted",
            "merged",
            "removed",
            "duplicate",
            "closed_duplicate",
            "won_t_do",
            "wont_fix",
            "not_planned",
        ),
        (Status.CANCELLED, None),
    ),
}

_LEVELS = {"critical": 1, "urgent": 1, "highest": 1, "blocker": 1, "emergency": 1, "very_high": 1,
           "high": 2, "major": 2, "moderate": 3, "medium": 3, "normal": 3, "average": 3,
           "standard": 3, "low": 4, "minor": 4, "lowest": 4, "trivial": 4, "very_low": 4,
           "planning": 4, "none": 4}  # fmt: skip
_THREE = {"high": 1, "extensive_widespread": 1, "critical": 1, "urgent": 1, "highest": 1,
          "company": 1, "enterprise": 1, "medium": 2, "moderate": 2, "normal": 2,
          "significant_large": 2, "department": 2, "moderate_limited": 3, "low": 3, "minor": 3,
          "minor_localized": 3, "user": 3, "individual": 3, "lowest": 3}  # fmt: skip
_CHANNELS = {
    **dict.fromkeys(("phone", "telephone", "call", "voice"), Channel.PHONE),
    **dict.fromkeys(("ivr",), Channel.IVR),
    **dict.fromkeys(("direct", "direct_opening"), Channel.DIRECT),
    **dict.fromkeys(("email", "e_mail", "mail"), Channel.EMAIL),
    **dict.fromkeys(
        ("chat", "virtual_agent", "slack", "ms_teams", "teams", "microsoft_teams"), Channel.CHAT
    ),
    **dict.fromkeys(("walk_in", "walkin", "walk_up", "in_person", "desk"), Channel.WALK_IN),
    **dict.fromkeys(
        ("portal", "self_service", "web", "web_form", "helpdesk", "feedback_widget", "form",
         "customer_portal"),
        Channel.PORTAL,
    ),
    **dict.fromkeys(
        ("monitoring", "event", "alert", "alerts",
         "aws_cloudwatch", "pagerduty", "nagios", "zabbix",
         "event_management", "system"),
        Channel.MONITORING,
    ),
    **dict.fromkeys(("import", "imported", "api", "other"), Channel.IMPORT),
}  # fmt: skip
_YES = frozenset({"true", "yes", "y", "1", "on", "t", "x", "ja", "oui", "si", "wahr"})
_NO = frozenset({"false", "no", "n", "0", "off", "f", "", "nein", "non", "falsch"})


def word(value: object) -> str:
    """Return a word in lower snake_case, as codes are compared."""
    return _SIGNS.sub("_", str(value).strip().lower()).strip("_")


def read_status(value: object) -> StatusWord | None:
    """Return status and pending reason; None for a word that nobody knows.

    "pending:vendor" names both at once (mapping files).
    """
    text = str(value).strip()
    name, colon, reason = text.partition(":")
    if colon and word(name) == "pending" and word(reason) in list(PendingReason):
        return Status.PENDING, PendingReason(word(reason))
    return _STATUS.get(word(text))


def read_priority(value: object) -> str | None:
    """Return "P1" to "P4": by a leading digit (5 counts as 4), else by the word."""
    text = word(value)
    if text.endswith("_0") and text[:-2].isdigit():
        text = text[:-2]
    digits = text[1:] if text.startswith("p") and text[1:2].isdigit() else text
    if digits[:1].isdigit() and not digits[1:2].isdigit():
        return f"P{min(int(digits[0]), 4)}" if digits[0] in "12345" else None
    level = _LEVELS.get(text)
    return f"P{level}" if level else None


def read_level(value: object) -> int | None:
    """Return impact, urgency or severity 1 to 3: by a leading digit, else by the word."""
    text = word(value)
    if text[:1] in ("1", "2", "3") and not text[1:2].isdigit():
        return int(text[0])
    return _THREE.get(text)


def read_channel(value: object) -> Channel | None:
    """Return the channel, None for an unknown word."""
    return _CHANNELS.get(word(value))


def read_flag(value: object) -> bool | None:
    """Return yes or no, None for another word."""
    text = str(value).strip().lower()
    return True if text in _YES else False if text in _NO else None


def _read_code(kind: type[Code], value: object) -> Code | None:
    try:
        return kind(word(value))
    except ValueError:
        return None


def read_outcome(value: object) -> Outcome | None:
    """Return the outcome, None for an unknown word."""
    return _read_code(Outcome, value)


def read_fix_type(value: object) -> FixType | None:
    """Return the fix type, None for an unknown word."""
    return _read_code(FixType, value)


def read_cause_class(value: object) -> CauseClass | None:
    """Return the cause class, None for an unknown word."""
    return _read_code(CauseClass, value)


def read_cancel_reason(value: object) -> CancelReason | None:
    """Return the reason of cancelling, None for an unknown word."""
    return _read_code(CancelReason, value)


def read_pending_reason(value: object) -> PendingReason | None:
    """Return the pending reason, None for an unknown word."""
    return _read_code(PendingReason, value)
