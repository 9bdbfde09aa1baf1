"""Word the timeline of an incident for a report: one row for each thing that happened.

Ticks of the checklist, booked time, earlier reports and what was undone are not told here; they are
in the attached record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import EntryKind, Status
from app.domain.timeline import BROUGHT_BACK, TAKEN_OFF, undone_parts
from app.reports import field_words, shipped_words, wording
from app.reports.language import Message
from app.reports.record_parts import TimelineRow

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import FieldChange, Incident, TimelineEntry
    from app.reports.language import Language

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
    EntryKind.REPLY: Message("Answered: {text}"),
    EntryKind.FILE: Message("File added: {text}"),
    EntryKind.LINK: Message("Linked: {text}"),
    EntryKind.MERGE: Message("Merged: {text}"),
    EntryKind.TOLD: Message("Told: {text}"),
    EntryKind.UPDATE: Message("Status update: {text}"),
    EntryKind.UNDO: Message("Undone: {text}"),
    EntryKind.REDACTED: Message("Redacted: {text}"),
}


_UNDONE = {TAKEN_OFF: Message("deleted", "undone"), BROUGHT_BACK: Message("restored", "undone")}


def timeline_rows(
    incident: Incident,
    words: Language,
    start: datetime,
    zone: ZoneInfo,
    codes: ClosureCodes = DEFAULT_CODES,
) -> tuple[TimelineRow, ...]:
    """Return the rows, oldest first; `start` is the report, from which elapsed time counts."""
    told: list[tuple[datetime, str, str, bool]] = []
    worded = _Wording(incident, words, codes, zone)
    for entry in incident.timeline:
        event = worded.event(entry)
        if event:
            told.append((entry.at, event, entry.author, _is_key(entry)))
    told += _recorded_instants(incident, words, start, [(at, event) for at, event, _, _ in told])
    told.sort(key=lambda row: row[0])
    return tuple(
        TimelineRow(
            day=words.text(
                "{day}  ·  times in {zone}",
                day=wording.weekday(words, at, zone),
                zone=wording.zone_words(at, zone),
            ),
            time=wording.clock(at, zone),
            elapsed=wording.elapsed(words, start, at),
            event=event,
            by=author,
            key=key,
        )
        for at, event, author, key in told
    )


def _recorded_instants(
    incident: Incident, words: Language, start: datetime, told: list[tuple[datetime, str]]
) -> list[tuple[datetime, str, str, bool]]:
    """Add the instants that are facts of the record but no entries: reported, restored, ..."""
    known = (
        (incident.occurred_at, words.text("Occurred"), False),
        (incident.detected_at, words.text("Detected"), False),
        (start if incident.reported_at else None, words.text("Reported"), True),
        (incident.major_declared_at, words.text("Declared a major incident"), True),
        (incident.workaround_applied_at, words.text("Workaround applied"), False),
        (incident.restored_at, words.text("Service restored"), True),
        (incident.stood_down_at, words.text("Stood down"), False),
        (incident.review_done_at, words.text("Post-incident review held"), False),
    )
    return [
        (at, event, "", key)
        for at, event, key in known
        if at is not None
        and not any(abs((at - other).total_seconds()) < _SAME_MOMENT_S for other, _ in told)
    ]


def _statuses(entry: TimelineEntry) -> list[Status]:
    """Return the statuses that an entry went through; one action may resolve and close."""
    found = (
        field_words.known_status(change.new) for change in entry.changes if change.field == "status"
    )
    path = [status for status in found if status is not None]
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


class _Wording:
    """Words the entries of one incident."""

    def __init__(
        self, incident: Incident, words: Language, codes: ClosureCodes, zone: ZoneInfo
    ) -> None:
        self._incident, self._words, self._codes, self._zone = incident, words, codes, zone

    def event(self, entry: TimelineEntry) -> str:
        """Word one entry; "" for one that is not told."""
        words = self._words
        if entry.undone or entry.kind in _SILENT:
            return ""
        text = entry.text.strip()
        title = self._incident.title
        if entry.kind is EntryKind.CREATED:
            if self._incident.reported_at not in {None, entry.at}:
                return words.text("Registered: {title}", title=title)
            return words.text("Reported: {title}", title=title)
        if entry.kind is EntryKind.IMPORTED:
            return words.text("Imported: {title}", title=title)
        if entry.kind is EntryKind.STATUS:
            return self._status_event(entry, text)
        if entry.kind is EntryKind.UNDO:
            text = self._undone(text)
        told = "; ".join(filter(None, (text, *self._confirmation(entry), *self._changes(entry))))
        prefix = _PREFIXES.get(entry.kind)
        if prefix is None:
            return told
        return words.of(prefix, text=told) if told else words.of(prefix, text="").rstrip(": ")

    def _undone(self, text: str) -> str:
        """Word what an entry of undoing says by the word that it ends in."""
        thing, word = undone_parts(text)
        if not word:
            return text
        told = self._words.of(_UNDONE[word])
        return f"{thing}: {told}" if thing else told

    def _status_event(self, entry: TimelineEntry, text: str) -> str:
        words, incident = self._words, self._incident
        status = _status_after(entry)
        if status is None:
            shown = "; ".join(self._changes(entry))
            shown = shown or words.text("Status changed")
        elif _is_reopening(entry):
            shown = words.text("Reopened")
        else:
            shown = wording.status(words, status)
        if status is Status.RESOLVED and text and text == incident.resolution.strip():
            # The resolution stands in its own section; the row names its outcome.
            text = ""
            if incident.outcome:
                text = shipped_words.code(words, self._codes, "outcome", incident.outcome)
        people = [
            self._change(change) for change in entry.changes if change.field in {"assignee", "team"}
        ]
        later = [wording.status(words, one) for one in _statuses(entry)[1:]]
        first = f"{shown}: {text}" if text else shown
        return "; ".join([first, *people, *self._confirmation(entry), *later])

    def _confirmation(self, entry: TimelineEntry) -> list[str]:
        """Word who confirmed the resolution and how as one fact; nothing without either."""
        given = {change.field: change.new for change in entry.changes if change.new}
        who, how = given.get("verified_by", ""), given.get("verified_how", "")
        if who and how:
            return [self._words.text("Confirmed by {person} ({how})", person=who, how=how)]
        return [self._words.text("Confirmed by {person}", person=who or how)] if who or how else []

    def _changes(self, entry: TimelineEntry) -> list[str]:
        told = _CONFIRMATION if self._confirmation(entry) else frozenset()
        return [self._change(change) for change in entry.changes if change.field not in told]

    def _change(self, change: FieldChange) -> str:
        words = self._words
        label = field_words.label(words, change.field)
        if change.field in _LONG_FIELDS:
            if change.old:
                return words.text("{field} changed", field=label)
            return words.text("{field} recorded", field=label)
        if change.field == "major":
            if _yes(change.new):
                return words.text("Declared a major incident")
            return words.text("No longer a major incident")
        if change.field == "stand_down_reason" and change.new:
            return words.text("Stood down: {reason}", reason=change.new)
        old, new = (
            field_words.value(words, self._codes, self._zone, change.field, given)
            for given in (change.old, change.new)
        )
        if old and new:
            return f"{label}: {old} → {new}"
        if new:
            return f"{label}: {new}"
        return words.text("{field} removed: {value}", field=label, value=old)


def _yes(value: str) -> bool:
    return value.strip().lower() not in {"", "0", "no", "false"}
