"""How a report words instants, durations, sizes and codes: the same on every machine.

Names of days and months are the report's own, never the system's locale. Durations are seconds;
instants are aware and told in the zone that the report names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, PendingReason, Status

if TYPE_CHECKING:
    from datetime import datetime

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
STATUS_WORDS = {status: status.value.replace("_", " ").capitalize() for status in Status}
CHANNEL_WORDS = {
    Channel.PHONE: "Telephone",
    Channel.EMAIL: "E-mail",
    Channel.CHAT: "Chat",
    Channel.WALK_IN: "Walk-in",
    Channel.PORTAL: "Portal",
    Channel.MONITORING: "Monitoring",
    Channel.IMPORT: "Import",
}
PENDING_WORDS = {
    PendingReason.CALLER: "waiting for the caller",
    PendingReason.VENDOR: "waiting for the vendor",
    PendingReason.CHANGE: "waiting for a change",
    PendingReason.PROBLEM: "waiting for a problem",
    PendingReason.SCHEDULED: "waiting for a set time",
}
PRIORITY_WORDS = {"P1": "Critical", "P2": "High", "P3": "Moderate", "P4": "Low"}
IMPACT_WORDS = {1: "wide impact", 2: "medium impact", 3: "small impact"}
URGENCY_WORDS = {1: "urgent", 2: "medium urgency", 3: "can wait"}
_KINDS = {
    "text/plain": "Text",
    "text/csv": "Table (CSV)",
    "text/html": "Web page",
    "application/pdf": "PDF document",
    "application/json": "JSON data",
    "application/zip": "Archive",
    "message/rfc822": "E-mail",
}
_KINDS_BY_ENDING = {
    "log": "Log",
    "evtx": "Event log",
    "pem": "Certificate",
    "crt": "Certificate",
    "cer": "Certificate",
    "pcap": "Network capture",
    "pcapng": "Network capture",
    "csv": "Table (CSV)",
    "xlsx": "Spreadsheet",
    "docx": "Document",
    "eml": "E-mail",
    "msg": "E-mail",
    "zip": "Archive",
    "gz": "Archive",
    "json": "JSON data",
    "txt": "Text",
    "pdf": "PDF document",
}


def code_words(code: str) -> str:
    """Return a code such as `no_fault_found` as words: "no fault found"."""
    return code.replace("_", " ")


def duration(seconds: float) -> str:
    """Return a duration: "7 min", "2 h 47 min", "32 h 18 min"; minutes are cut, not rounded."""
    minutes = max(int(seconds), 0) // 60
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def margin(seconds: int) -> str:
    """Return how far from the target it ended: "73 min in hand", "3 h 05 min over"."""
    minutes = abs(seconds) // 60
    amount = f"{minutes} min" if minutes < 100 else duration(abs(seconds))
    return f"{amount} {'over' if seconds < 0 else 'in hand'}"


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of a name. Raises InvalidInputError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInputError(
            f"There is no time zone {name!r}; use a name such as Europe/London.", field="zone"
        ) from error


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return "14 Oct 2026"."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return "08:12"."""
    local = at.astimezone(zone)
    return f"{local.hour:02}:{local.minute:02}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return "14 Oct 2026, 08:12"."""
    return f"{day(at, zone)}, {clock(at, zone)}"


def long_day(at: datetime, zone: ZoneInfo) -> str:
    """Return "14 October 2026"."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def weekday(at: datetime, zone: ZoneInfo) -> str:
    """Return "Wednesday 14 October 2026"."""
    return f"{_DAYS[at.astimezone(zone).weekday()]} {long_day(at, zone)}"


def offset(at: datetime, zone: ZoneInfo) -> str:
    """Return the difference from UTC that holds at an instant: "UTC+01:00", or "UTC"."""
    difference = at.astimezone(zone).utcoffset()
    minutes = int(difference.total_seconds()) // 60 if difference else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours:02}:{rest:02}"


def zone_words(at: datetime, zone: ZoneInfo) -> str:
    """Name a zone with its offset: "Europe/London, UTC+01:00"; plain "UTC" for UTC itself."""
    shown = offset(at, zone)
    return shown if zone.key in {shown, f"Etc/{shown}"} else f"{zone.key}, {shown}"


def elapsed(start: datetime, at: datetime) -> str:
    """Return the time since the report: "0 min", "+1 h 20 min"; before it "−5 min"."""
    seconds = (at - start).total_seconds()
    if abs(seconds) < 60:
        return "0 min"
    return f"{'+' if seconds > 0 else '−'}{duration(abs(seconds))}"


def size(count: int) -> str:
    """Return a size in decimal units: "212 KB"."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("KB", "MB", "GB"):
        amount /= 1000
        if amount < 999.5 or unit == "GB":
            break
    return f"{amount:.1f} {unit}" if amount < 9.95 and unit != "KB" else f"{amount:,.0f} {unit}"


def file_kind(name: str, media_type: str) -> str:
    """Name the kind of a file by its ending, else by its media type."""
    known = _KINDS_BY_ENDING.get(name.rpartition(".")[2].lower() if "." in name else "")
    if known:
        return known
    if media_type.startswith("image/"):
        return "Picture"
    return _KINDS.get(media_type, "File")
