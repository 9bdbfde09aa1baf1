"""The words of codes that a report prints: statuses, channels, reasons, kinds of files, fields."""

from __future__ import annotations

from typing import Final

from app.domain.incident import Channel, PendingReason, Status
from app.reports.language import Message

STATUS_WORDS: Final = {
    Status.NEW: Message("New", "status"),
    Status.ASSIGNED: Message("Assigned", "status"),
    Status.IN_PROGRESS: Message("In progress", "status"),
    Status.PENDING: Message("Pending", "status"),
    Status.RESOLVED: Message("Resolved", "status"),
    Status.CLOSED: Message("Closed", "status"),
    Status.CANCELLED: Message("Cancelled", "status"),
}
STATUS_IN_SENTENCE: Final = {
    Status.NEW: Message("new", "the incident is"),
    Status.ASSIGNED: Message("assigned", "the incident is"),
    Status.IN_PROGRESS: Message("in progress", "the incident is"),
    Status.PENDING: Message("pending", "the incident is"),
    Status.RESOLVED: Message("resolved", "the incident is"),
    Status.CLOSED: Message("closed", "the incident is"),
    Status.CANCELLED: Message("cancelled", "the incident is"),
}
STATE_WORDS: Final = {
    "open": Message("open", "state at the end of a period"),
    "resolved": Message("resolved", "state at the end of a period"),
    "cancelled": Message("cancelled", "state at the end of a period"),
}
CHANNEL_WORDS: Final = {
    Channel.PHONE: Message("Telephone"),
    Channel.EMAIL: Message("E-mail"),
    Channel.CHAT: Message("Chat"),
    Channel.WALK_IN: Message("Walk-in"),
    Channel.PORTAL: Message("Portal"),
    Channel.MONITORING: Message("Monitoring"),
    Channel.IMPORT: Message("Import"),
    Channel.IVR: Message("Voice menu"),
    Channel.DIRECT: Message("Direct contact"),
}
WAITING_WORDS: Final = {
    PendingReason.CALLER: Message("waiting for the caller"),
    PendingReason.VENDOR: Message("waiting for the vendor"),
    PendingReason.CHANGE: Message("waiting for a change"),
    PendingReason.PROBLEM: Message("waiting for a problem"),
    PendingReason.SCHEDULED: Message("waiting for a set time"),
}
PENDING_WORDS: Final = {
    "caller": Message("caller", "pending reason"),
    "vendor": Message("vendor", "pending reason"),
    "change": Message("change", "pending reason"),
    "problem": Message("problem", "pending reason"),
    "scheduled": Message("scheduled", "pending reason"),
}
CANCEL_WORDS: Final = {
    "duplicate": Message("duplicate"),
    "unnecessary": Message("unnecessary"),
    "not_an_incident": Message("not an incident"),
}
PRIORITY_WORDS: Final = {
    "P1": Message("Critical", "priority"),
    "P2": Message("High", "priority"),
    "P3": Message("Moderate", "priority"),
    "P4": Message("Low", "priority"),
}
IMPACT_WORDS: Final = {
    1: Message("wide impact"),
    2: Message("medium impact"),
    3: Message("small impact"),
}
URGENCY_WORDS: Final = {
    1: Message("urgent"),
    2: Message("medium urgency"),
    3: Message("can wait"),
}
_TEXT, _TABLE, _ARCHIVE = Message("Text"), Message("Table (CSV)"), Message("Archive")
_EMAIL, _PDF, _JSON = Message("E-mail"), Message("PDF document"), Message("JSON data")
_CERTIFICATE, _CAPTURE = Message("Certificate"), Message("Network capture")
FILE_KINDS: Final = {
    "text/plain": _TEXT,
    "text/csv": _TABLE,
    "text/html": Message("Web page"),
    "application/pdf": _PDF,
    "application/json": _JSON,
    "application/zip": _ARCHIVE,
    "message/rfc822": _EMAIL,
}
FILE_KINDS_BY_ENDING: Final = {
    "log": Message("Log"),
    "evtx": Message("Event log"),
    "pem": _CERTIFICATE,
    "crt": _CERTIFICATE,
    "cer": _CERTIFICATE,
    "pcap": _CAPTURE,
    "pcapng": _CAPTURE,
    "csv": _TABLE,
    "xlsx": Message("Spreadsheet"),
    "docx": Message("Document"),
    "eml": _EMAIL,
    "msg": _EMAIL,
    "zip": _ARCHIVE,
    "gz": _ARCHIVE,
    "json": _JSON,
    "txt": _TEXT,
    "pdf": _PDF,
}
