"""An incident as JSON, with exactly the names of cli.md ("An incident in JSON").

The command line, exports and reports all tell an incident by this one function. Instants are
ISO 8601 with offset; durations are seconds; references are names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.domain.incident import Named
    from app.domain.incident_record import Attachment, ClockState, Incident, TimelineEntry


def instant_json(at: datetime | None) -> str | None:
    """Return an instant in ISO 8601 with offset, to the millisecond where it has any."""
    if at is None:
        return None
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def incident_to_json(
    incident: Incident, *, conflicts: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return an incident as a JSON object; `conflicts` come from the store's heads."""
    return {
        "id": incident.id.hex(),
        "number": incident.number,
        "title": incident.title,
        "description": incident.description,
        "status": incident.status.value,
        "pending_reason": _code(incident.pending_reason),
        "follow_up_at": instant_json(incident.follow_up_at),
        "priority": incident.priority,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "severity": incident.severity,
        "priority_override_reason": incident.priority_override_reason,
        "category": _name(incident.category),
        "service": _name(incident.service),
        "ci": _name(incident.ci),
        "location": _name(incident.location),
        "channel": incident.channel.value,
        "requester": _name(incident.requester),
        "assignee": _name(incident.assignee),
        "team": _name(incident.team),
        "tags": list(incident.tags),
        "major": incident.major,
        "occurred_at": instant_json(incident.occurred_at),
        "detected_at": instant_json(incident.detected_at),
        "reported_at": instant_json(incident.reported_at),
        "registered_at": instant_json(incident.registered_at),
        "acknowledged_at": instant_json(incident.acknowledged_at),
        "first_response_at": instant_json(incident.first_response_at),
        "resolved_at": instant_json(incident.resolved_at),
        "closed_at": instant_json(incident.closed_at),
        "reopen_count": incident.reopen_count,
        "outcome": _code(incident.outcome),
        "fix_type": _code(incident.fix_type),
        "cause_class": _code(incident.cause_class),
        "root_cause": incident.root_cause,
        "workaround": incident.workaround,
        "resolution": incident.resolution,
        "verified_by": incident.verified_by,
        "response": _response(incident.response),
        "resolution_clock": _resolution(incident.resolution_clock),
        "timeline": [_entry(entry, incident.registered_at) for entry in incident.timeline],
        "attachments": [_attachment(file) for file in incident.attachments],
        "problem": incident.problem or None,
        "duplicates_of": incident.merged_into or None,
        "related": list(incident.related),
        "conflicts": [dict(conflict) for conflict in conflicts],
        "custom": dict(incident.custom),
        "external_id": incident.external_id,
        "time_spent_s": incident.time_spent_s,
        "satisfaction": incident.satisfaction,
    }


def _code(code: Any) -> str | None:
    return None if code is None else str(code)


def _name(named: Named | None) -> str | None:
    return None if named is None else named.name


def _response(clock: ClockState | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {
        "target_s": clock.target_s,
        "due_at": instant_json(clock.due_at),
        "stopped_at": instant_json(clock.stopped_at),
        "met": clock.met,
        "breached": clock.breached,
    }


def _resolution(clock: ClockState | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {
        "target_s": clock.target_s,
        "due_at": instant_json(clock.due_at),
        "paused_s": clock.paused_s,
        "counted_s": clock.counted_s,
        "stopped_at": instant_json(clock.stopped_at),
        "met": clock.met,
        "breached": clock.breached,
        "remaining_s": clock.remaining_s,
        "trace": list(clock.trace),
    }


def _entry(entry: TimelineEntry, start: datetime) -> dict[str, Any]:
    """Return a timeline entry; its offset is counted from the registration of the incident."""
    offset = (entry.at - start).total_seconds()
    return {
        "at": instant_json(entry.at),
        "author": entry.author,
        "station": entry.station,
        "kind": entry.kind.value,
        "text": entry.text,
        "changes": [
            {"field": change.field, "old": change.old, "new": change.new}
            for change in entry.changes
        ],
        "offset_s": int(offset) if offset.is_integer() else round(offset, 3),
    }


def _attachment(file: Attachment) -> dict[str, Any]:
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "added_at": instant_json(file.added_at),
        "added_by": file.added_by,
    }
