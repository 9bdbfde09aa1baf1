"""The words of a letter that tells of a closed incident, and of a reply to the requester."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.instants import zone_named

if TYPE_CHECKING:
    from app.domain.incident_record import Incident

REFERENCE = "Reference"
"""Stands before the number and token by which an answer finds its incident."""


def letter_subject(incident: Incident) -> str:
    """Return the subject: the number in brackets first, by which an answer finds its incident."""
    return f"[{incident.number}] Closed: {incident.title}"


def reply_subject(incident: Incident) -> str:
    """Return the subject of a reply to the requester."""
    return f"Re: [{incident.number}] {incident.title}"


def reply_body(incident: Incident, text: str, author: str, *, token: str) -> str:
    """Return the plain text of a reply; its last line proves that an answer belongs to it."""
    lines = [text.strip(), "", author, "", f"{REFERENCE}: {incident.number} {token}"]
    return "\n".join(lines) + "\n"


def letter_body(incident: Incident, author: str, *, token: str, ask: bool, zone: str) -> str:
    """Return the plain text of a letter; with `ask` it asks how satisfied the reader is."""
    lines = [f"{incident.number} is closed: {incident.title}", ""]
    if incident.resolution.strip():
        lines += ["What was done", _bounded(incident.resolution), ""]
    if incident.workaround.strip():
        lines += ["Workaround", _bounded(incident.workaround), ""]
    if incident.closed_at is not None:
        at = incident.closed_at.astimezone(zone_named(zone))
        lines.append(f"Closed on {at.day} {at:%B %Y} at {at:%H:%M} ({zone}).")
    lines += ["The whole record is in the attached report.", ""]
    if ask:
        lines += [
            "How satisfied are you with how this was handled? Answer this mail with one number:",
            "5 very satisfied, 4 satisfied, 3 neither, 2 not satisfied, 1 not at all.",
            "",
        ]
    lines += [author, "", f"{REFERENCE}: {incident.number} {token}"]
    return "\n".join(lines) + "\n"


def _bounded(text: str) -> str:
    kept = text.strip()
    return kept if len(kept) <= 4_000 else f"{kept[:4_000]}\u2026 (the rest is in the report)"
