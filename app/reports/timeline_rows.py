"""Word the timeline of an incident for a report: one row for each thing that happened.

Ticks of the checklist, booked time, earlier reports and what was undone are not told here; they are
in the attached record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import EntryKind, Status
from app.domain.lifecycle import CODE_FIELDS
from app.reports import wording
from app.reports.record_parts import TimelineRow

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import FieldChange, Incident, TimelineEntry

_SILENT = frozenset({EntryKind.CHECK, EntryKind.TIME, EntryKind.REPORT})
_KEY_STATUSES = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
_ON_THE_WAY = frozenset({Status.ASSIGNED, Status.IN_PROGRESS})
_LONG_FIELDS = frozenset(
    {
        "description",
        "root_cause",
        "contributing_factors",
        "business_effect",
        "resolution",
        "workaround",
        "detection",
        "five_whys",
        "went_well",
        "went_badly",
    }
)
_CONFIRMATION = frozenset({"verified_by", "verified_at", "verified_how"})
_SAME_MOMENT_S = 60
_PREFIXES = {
    EntryKind.REPLY: "Answered",
    EntryKind.FILE: "File added",
    EntryKind.LINK: "Linked",
    EntryKind.MERGE: "Merged",
    EntryKind.TOLD: "Told",
    EntryKind.UPDATE: "Status update",
    EntryKind.UNDO: "Undone",
    EntryKind.REDACTED: "Redacted",
}


def timeline_rows(
    incident: Incident, start: datetime, zone: ZoneInfo, codes: ClosureCodes = DEFAULT_CODES
) -> tuple[TimelineRow, ...]:
    """Return the rows, oldest first; `start` is the report, from which elapsed time counts."""
    told: list[tuple[datetime, str, str, bool]] = []
    for entry in incident.timeline:
        event = _event(entry, incident, codes)
        if event:
            told.append((entry.at, event, entry.author, _is_key(entry)))
    told += _recorded_instants(incident, start, [(at, event) for at, event, _, _ in told])
    told.sort(key=lambda row: row[0])
    return tuple(
        TimelineRow(
            day=f"{wording.weekday(at, zone)}  ·  times in {wording.zone_words(at, zone)}",
            time=wording.clock(at, zone),
            elapsed=wording.elapsed(start, at),
            event=event,
            by=author,
            key=key,
        )
        for at, event, author, key in told
    )


def _recorded_instants(
    incident: Incident, start: datetime, told: list[tuple[datetime, str]]
) -> list[tuple[datetime, str, str, bool]]:
    """Add the instants that are facts of the record but no entries: reported, restored, ..."""
    known = (
        (incident.occurred_at, "Occurred", False),
        (incident.detected_at, "Detected", False),
        (start if incident.reported_at else None, "Reported", True),
        (incident.major_declared_at, "Declared a major incident", True),
        (incident.workaround_applied_at, "Workaround applied", False),
        (incident.restored_at, "Service restored", True),
        (incident.stood_down_at, "Stood down", False),
        (incident.review_done_at, "Post-incident review held", False),
    )
    return [
        (at, event, "", key)
        for at, event, key in known
        if at is not None
        and not any(abs((at - other).total_seconds()) < _SAME_MOMENT_S for other, _ in told)
    ]


def _statuses(entry: TimelineEntry) -> list[Status]:
    """Return the statuses that an entry went through; one action may resolve and close."""
    known = {status.value: status for status in Status}
    names = (
        change.new.strip().lower().replace(" ", "_")
        for change in entry.changes
        if change.field == "status"
    )
    path = [known[name] for name in names if name in known]
    # On the way to a resolution the work is begun by itself: no event of its own.
    while len(path) > 1 and path[0] in _ON_THE_WAY and path[1] is Status.RESOLVED:
        del path[0]
    return path


def _status_after(entry: TimelineEntry) -> Status | None:
    return next(iter(_statuses(entry)), None)


def _is_key(entry: TimelineEntry) -> bool:
    if entry.kind in {EntryKind.CREATED, EntryKind.IMPORTED}:
        return True
    if not _KEY_STATUSES.isdisjoint(_statuses(entry)) or _is_reopening(entry):
        return True
    return any(change.field in {"major", "stand_down_reason"} for change in entry.changes)


def _is_reopening(entry: TimelineEntry) -> bool:
    return _status_after(entry) is Status.IN_PROGRESS and any(
        change.field == "status" and change.old.strip().lower() in {"resolved", "closed"}
        for change in entry.changes
    )


def _event(entry: TimelineEntry, incident: Incident, codes: ClosureCodes) -> str:
    """Word one entry; "" for one that is not told."""
    if entry.undone or entry.kind in _SILENT:
        return ""
    text = entry.text.strip()
    if entry.kind is EntryKind.CREATED:
        word = "Registered" if incident.reported_at not in {None, entry.at} else "Reported"
        return f"{word}: {incident.title}"
    if entry.kind is EntryKind.IMPORTED:
        return f"Imported: {incident.title}"
    if entry.kind is EntryKind.STATUS:
        return _status_event(entry, incident, text, codes)
    changes = "; ".join([*_confirmation(entry), *_changes(entry, codes)])
    prefix = _PREFIXES.get(entry.kind, "")
    words = "; ".join(part for part in (text, changes) if part)
    return f"{prefix}: {words}" if prefix and words else words or prefix


def _status_event(entry: TimelineEntry, incident: Incident, text: str, codes: ClosureCodes) -> str:
    status = _status_after(entry)
    if status is None:
        shown = "; ".join(_changes(entry, codes)) or "Status changed"
    elif _is_reopening(entry):
        shown = "Reopened"
    else:
        shown = wording.STATUS_WORDS[status]
    if status is Status.RESOLVED and text and text == incident.resolution.strip():
        # The resolution stands in its own section; the row names its outcome.
        text = codes.plain("outcome", incident.outcome) if incident.outcome else ""
    people = [
        _change(change, codes) for change in entry.changes if change.field in {"assignee", "team"}
    ]
    later = [wording.STATUS_WORDS[one] for one in _statuses(entry)[1:]]
    told = [f"{shown}: {text}" if text else shown, *people, *_confirmation(entry), *later]
    return "; ".join(told)


def _confirmation(entry: TimelineEntry) -> list[str]:
    """Word who confirmed the resolution and how as one fact; nothing when the entry has none."""
    given = {change.field: change.new for change in entry.changes if change.new}
    who, how = given.get("verified_by", ""), given.get("verified_how", "")
    if not who and not how:
        return []
    return [f"Confirmed by {who} ({how})" if who and how else f"Confirmed by {who}{how}"]


def _changes(entry: TimelineEntry, codes: ClosureCodes) -> list[str]:
    told = _CONFIRMATION if _confirmation(entry) else frozenset()
    return [_change(change, codes) for change in entry.changes if change.field not in told]


def _change(change: FieldChange, codes: ClosureCodes) -> str:
    label = wording.code_words(change.field.rpartition(".")[2].partition(":")[0]).capitalize()
    if change.field in _LONG_FIELDS:
        return f"{label} {'changed' if change.old else 'recorded'}"
    if change.field == "major":
        return "Declared a major incident" if _yes(change.new) else "No longer a major incident"
    if change.field == "stand_down_reason" and change.new:
        return f"Stood down: {change.new}"
    old, new = change.old, change.new
    if change.field in CODE_FIELDS:
        old, new = (codes.plain(change.field, code) if code else "" for code in (old, new))
    if old and new:
        return f"{label}: {old} → {new}"
    return f"{label}: {new}" if new else f"{label} removed: {old}"


def _yes(value: str) -> bool:
    return value.strip().lower() not in {"", "0", "no", "false"}
