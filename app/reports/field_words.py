"""How the timeline of a report names the fields that were changed, and words their codes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.domain.category import path_label
from app.domain.incident import Status
from app.domain.lifecycle import CODE_FIELDS
from app.reports import shipped_words, wording
from app.reports.code_words import CANCEL_WORDS, CHANNEL_WORDS, PENDING_WORDS, STATUS_WORDS
from app.reports.language import Message

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.reports.language import Language

_FIELD: Final = "field"
FIELD_WORDS: Final = {
    "title": Message("Title", _FIELD),
    "status": Message("Status", _FIELD),
    "pending_reason": Message("Pending reason", _FIELD),
    "priority": Message("Priority", _FIELD),
    "channel": Message("Channel", _FIELD),
    "external_id": Message("Other number", _FIELD),
    "outcome": Message("Outcome", _FIELD),
    "fix_type": Message("Fix type", _FIELD),
    "cause_class": Message("Cause class", _FIELD),
    "impact": Message("Impact", _FIELD),
    "urgency": Message("Urgency", _FIELD),
    "severity": Message("Severity", _FIELD),
    "satisfaction": Message("Satisfaction", _FIELD),
    "major": Message("Major", _FIELD),
    "outage": Message("Outage", _FIELD),
    "deleted": Message("Deleted", _FIELD),
    "requester": Message("Requester", _FIELD),
    "assignee": Message("Assignee", _FIELD),
    "team": Message("Team", _FIELD),
    "category": Message("Category", _FIELD),
    "service": Message("Service", _FIELD),
    "ci": Message("Equipment", _FIELD),
    "location": Message("Location", _FIELD),
    "merged_into": Message("Merged into", _FIELD),
    "problem_id": Message("Problem", _FIELD),
    "registered_at": Message("Registered at", _FIELD),
    "occurred_at": Message("Occurred at", _FIELD),
    "detected_at": Message("Detected at", _FIELD),
    "reported_at": Message("Reported at", _FIELD),
    "restored_at": Message("Restored at", _FIELD),
    "follow_up_at": Message("Follow up at", _FIELD),
    "description": Message("Description", _FIELD),
    "priority_override_reason": Message("Priority override reason", _FIELD),
    "cancel_reason": Message("Cancel reason", _FIELD),
    "detection": Message("Detection", _FIELD),
    "root_cause": Message("Root cause", _FIELD),
    "contributing_factors": Message("Contributing factors", _FIELD),
    "zone": Message("Zone", _FIELD),
    "business_effect": Message("Business effect", _FIELD),
    "workaround": Message("Workaround", _FIELD),
    "resolution": Message("Resolution", _FIELD),
    "verified_by": Message("Verified by", _FIELD),
    "verified_at": Message("Verified at", _FIELD),
    "verified_how": Message("Verified how", _FIELD),
    "people_affected": Message("People affected", _FIELD),
    "incident_manager": Message("Incident manager", _FIELD),
    "communications_lead": Message("Communications lead", _FIELD),
    "technical_lead": Message("Technical lead", _FIELD),
    "scribe": Message("Scribe", _FIELD),
    "review_due_at": Message("Review due at", _FIELD),
    "review_done_at": Message("Review done at", _FIELD),
    "major_reason": Message("Major reason", _FIELD),
    "stand_down_reason": Message("Stand down reason", _FIELD),
    "five_whys": Message("Five whys", _FIELD),
    "went_well": Message("Went well", _FIELD),
    "went_badly": Message("Went badly", _FIELD),
    "tag": Message("Tag", _FIELD),
    "watcher": Message("Watcher", _FIELD),
    "related": Message("Related", _FIELD),
    "article": Message("Article", _FIELD),
    "parent": Message("Parent", _FIELD),
    "check": Message("Check", _FIELD),
}
_CODES: Final = {
    "status": {code.value: message for code, message in STATUS_WORDS.items()},
    "channel": {code.value: message for code, message in CHANNEL_WORDS.items()},
    "pending_reason": PENDING_WORDS,
    "cancel_reason": CANCEL_WORDS,
    "check": {"done": Message("done", "step"), "open": Message("open", "step")},
}
_FLAGS: Final = {"yes": Message("yes"), "no": Message("no")}
_FLAG_FIELDS: Final = frozenset({"major", "outage", "deleted"})


def label(words: Language, field: str) -> str:
    """Name a field; one of the team's own ("custom.Branch") by its own name."""
    name = field.rpartition(".")[2].partition(":")[0]
    known = None if field.startswith("custom.") else FIELD_WORDS.get(name)
    if known is not None:
        return words.of(known)
    return name.replace("_", " ").capitalize()


def value(words: Language, codes: ClosureCodes, zone: ZoneInfo, field: str, given: str) -> str:
    """Return the value of a field as it is printed: a code in words, an instant in its zone."""
    if not given:
        return ""
    if field.endswith("_at"):
        return _moment(words, zone, given)
    if field == "category":
        return path_label(given)
    if field in CODE_FIELDS:
        return shipped_words.code(words, codes, field, given)
    table = _FLAGS if field in _FLAG_FIELDS else _CODES.get(field.partition(":")[0])
    return given if table is None else words.coded(table, _as_code(given))


def _moment(words: Language, zone: ZoneInfo, given: str) -> str:
    """Return an instant as the report tells them; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return given
    return wording.moment(words, at, zone) if at.tzinfo is not None else given


def _as_code(given: str) -> str:
    """Return a value as a code: the program of another desk may write "In Progress"."""
    return given.strip().lower().replace(" ", "_")


def known_status(given: str) -> Status | None:
    """Return the status that a value means, None for none of ours."""
    known = {code.value: code for code in Status}
    return known.get(_as_code(given))
