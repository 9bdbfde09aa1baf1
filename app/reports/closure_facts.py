"""What stands at the head of a closure report: lead, strip at a glance, response bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.incident import Status
from app.reports import shipped_words, wording
from app.reports.code_words import (
    CANCEL_WORDS,
    IMPACT_WORDS,
    URGENCY_WORDS,
    WAITING_WORDS,
)
from app.reports.record_parts import ResponseBar, StripFact

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import ClockState, Incident
    from app.reports.language import Language


class Course(NamedTuple):
    """From when to when an incident lasted; `end` is None while the service is away."""

    start: datetime
    end: datetime | None
    dated_at: datetime
    """When it was closed, else the last instant that the record holds."""

    @property
    def took_s(self) -> int | None:
        """Return the seconds from report to restoration."""
        return _seconds(self.start, self.end)


def course_of(incident: Incident) -> Course:
    """Return from when to when an incident lasted."""
    start = incident.reported_at or incident.registered_at
    end = incident.restored_at or incident.resolved_at
    if incident.status is Status.CLOSED and incident.closed_at is not None:
        return Course(start, end, incident.closed_at)
    return Course(start, end, _last_instant(incident))


def _last_instant(incident: Incident) -> datetime:
    """Return the last instant that the record holds: what an interim report is dated by."""
    recorded = [entry.recorded_at for entry in incident.timeline]
    known = (incident.restored_at, incident.resolved_at, incident.cancelled_at)
    return max([incident.registered_at, *recorded, *(at for at in known if at is not None)])


def _seconds(start: datetime, end: datetime | None) -> int | None:
    """Return the seconds between two instants; a clock that ran backwards counts as 0."""
    return None if end is None else max(int((end - start).total_seconds()), 0)


def lead(incident: Incident, words: Language, zone: ZoneInfo, course: Course) -> str:
    """Tell in a sentence or two when it began, when it ended and whether in time."""
    start, end = course.start, course.end
    told = {"day": wording.long_day(words, start, zone), "time": wording.clock(start, zone)}
    if end is None and incident.closed_at is not None:
        closed = wording.moment(words, incident.closed_at, zone)
        return words.text("Reported on {day} at {time}, closed on {closed}.", **told, closed=closed)
    if end is None:
        state = wording.status_in_sentence(words, incident.status)
        return words.text(
            "Reported on {day} at {time}; not restored yet, the incident is {status}.",
            **told,
            status=state,
        )
    told |= {
        "end": wording.clock(end, zone),
        "amount": wording.unbroken(wording.duration(words, course.took_s or 0)),
    }
    if wording.day(words, start, zone) == wording.day(words, end, zone):
        sentence = words.text(
            "Reported on {day} at {time}, restored at {end} after {amount}.", **told
        )
    else:
        sentence = words.text(
            "Reported on {day} at {time}, restored on {end_day} at {end} after {amount}.",
            **told,
            end_day=wording.long_day(words, end, zone),
        )
    target = incident.resolution_clock
    if target is None or target.met is None or target.remaining_s is None:
        return sentence
    left = wording.unbroken(wording.margin(words, target.remaining_s))
    if target.met:
        return f"{sentence} {words.text('The SLA target was met: {margin}.', margin=left)}"
    return f"{sentence} {words.text('The SLA target was missed: {margin}.', margin=left)}"


def strip(
    incident: Incident, words: Language, course: Course, codes: ClosureCodes
) -> tuple[StripFact, ...]:
    """Return the facts at a glance."""
    facts = [
        _status_fact(incident, words, codes),
        _priority_fact(incident, words),
        _restored_fact(incident, words, course),
        _sla_fact(words, incident.resolution_clock),
    ]
    if incident.people_affected is not None:
        where = incident.location.name if incident.location else ""
        affected = words.number(incident.people_affected)
        facts.append(StripFact(words.text("People affected"), affected, where))
    return tuple(facts)


def _status_fact(incident: Incident, words: Language, codes: ClosureCodes) -> StripFact:
    note = ""
    if incident.status in {Status.RESOLVED, Status.CLOSED} and incident.outcome:
        note = shipped_words.note(words, codes, "outcome", incident.outcome)
    elif incident.status is Status.PENDING and incident.pending_reason:
        note = words.coded(WAITING_WORDS, incident.pending_reason)
    elif incident.status is Status.CANCELLED and incident.cancel_reason:
        note = words.coded(CANCEL_WORDS, incident.cancel_reason)
    return StripFact(words.text("Status"), wording.status(words, incident.status), note)


def _priority_fact(incident: Incident, words: Language) -> StripFact:
    known = (IMPACT_WORDS.get(incident.impact), URGENCY_WORDS.get(incident.urgency))
    note = ", ".join(words.of(message) for message in known if message)
    return StripFact(words.text("Priority"), wording.priority(words, incident.priority), note)


def _restored_fact(incident: Incident, words: Language, course: Course) -> StripFact:
    label = words.text("Service restored in")
    target_s = incident.resolution_clock.target_s if incident.resolution_clock else None
    aim = ""
    if target_s is not None:
        aim = words.text("target {amount}", amount=wording.duration(words, target_s))
    took = course.took_s
    if took is not None:
        skewed = course.end is not None and course.end < course.start
        note = words.text("clock skew") if skewed else aim
        return StripFact(label, wording.duration(words, took), note)
    if incident.closed_at is not None:
        return StripFact(label, words.text("Not recorded"), aim)
    open_s = _seconds(course.start, course.dated_at) or 0
    note = words.text("open for {amount}", amount=wording.duration(words, open_s))
    return StripFact(label, words.text("Not yet"), note)


def _sla_fact(words: Language, target: ClockState | None) -> StripFact:
    label = words.text("SLA")
    if target is None or target.target_s is None:
        return StripFact(label, words.text("No target"))
    left = "" if target.remaining_s is None else wording.margin(words, target.remaining_s)
    met = False if target.met is None and target.breached else target.met
    if met is not None:
        return StripFact(label, words.text("Met") if met else words.text("Missed"), left, met)
    return StripFact(label, words.text("Paused") if target.paused else words.text("Running"), left)


def response_bar(
    incident: Incident, words: Language, zone: ZoneInfo, course: Course
) -> ResponseBar | None:
    """Return the bar from report to restoration; None when there is nothing to draw."""
    start, end = course.start, course.end
    target = incident.resolution_clock
    due = target.due_at if target else None
    restored_s = course.took_s
    target_s = _seconds(start, due)
    if not restored_s and not target_s:
        return None
    acknowledged_s = _seconds(start, incident.acknowledged_at)
    if acknowledged_s is not None and restored_s is not None:
        acknowledged_s = min(acknowledged_s, restored_s)
    repair = None if restored_s is None else restored_s - (acknowledged_s or 0)
    met = None if target is None else False if target.breached else target.met

    def shown(at: datetime) -> str:
        same_day = wording.day(words, at, zone) == wording.day(words, start, zone)
        return wording.clock(at, zone) if same_day else wording.moment(words, at, zone)

    reported = words.text("Reported {time}", time=shown(start))
    acknowledged = restored = aim = parted = ""
    if acknowledged_s is not None:
        amount = wording.duration(words, acknowledged_s)
        acknowledged = words.text("Acknowledged after {amount}", amount=amount)
    if end is not None:
        restored = words.text("Restored {time}", time=shown(end))
    if due is not None:
        aim = words.text("SLA target {time}", time=shown(due))
    if repair is not None:
        amount = wording.duration(words, repair)
        parted = words.text("Diagnosis and repair  {amount}", amount=amount)
    facts = "; ".join(fact for fact in (reported, acknowledged, restored, aim) if fact)
    return ResponseBar(
        reported=reported,
        description=words.text("Response bar. {facts}.", facts=facts),
        restored_s=restored_s,
        restored=restored,
        duration=parted,
        acknowledged_s=acknowledged_s,
        acknowledged=acknowledged,
        target_s=target_s,
        target=aim,
        met=met,
    )
