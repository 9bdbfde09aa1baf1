"""Derive what a closure report prints from an incident.

An empty fact is left out, never "N/A"; an instant is told in the zone that the report names; and
nothing is read from the clock, so an incident always gives the same record (closure-report.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import CauseClass, Status
from app.domain.lifecycle import CODE_FIELDS
from app.reports import wording
from app.reports.record_parts import (
    ChainEntry,
    Check,
    ClosureRecord,
    Detail,
    EvidenceFile,
    EvidencePicture,
    FollowUpRow,
    LogExcerpt,
    ResponseBar,
    SignOff,
    StripFact,
)
from app.reports.timeline_rows import timeline_rows

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import ClockState, Incident

__all__ = ["ChainEntry", "ClosureRecord", "LogExcerpt", "closure_record"]


def closure_record(
    incident: Incident,
    *,
    organisation: str,
    record_json: bytes,
    zone: str = "",
    paper: str = "a4",
    chain: ChainEntry | None = None,
    excerpt: LogExcerpt | None = None,
    lead: str = "",
    approver: str = "",
    author: str = "",
    signed: str = "",
    signature_field: str = "",
    pictures: tuple[EvidencePicture, ...] = (),
    classification: str = "Internal",
    codes: ClosureCodes = DEFAULT_CODES,
    articles: tuple[str, ...] = (),
) -> ClosureRecord:
    """Make the record of a report; it is "Interim" while the incident is not closed.

    Args:
        incident: the incident, whole.
        organisation: the name in the running head.
        record_json: the canonical JSON of the incident, attached and digested.
        zone: IANA name of the zone in which instants are told; the incident's own without one.
        paper: "a4" or "letter".
        chain: where the audit chain holds the incident's own last change.
        excerpt: lines of a log that prove something.
        lead: one or two sentences below the title; made from the facts without one.
        approver: who approves; the incident manager without one.
        author: who the file's properties name; the assignee without one.
        signed: name and time of a digital signature, printed as page text.
        signature_field: name of an empty field that the signature fills; none without one.
        pictures: pictures among the files, to be printed.
        classification: the word at the start of the footer.
        codes: how the team words its closure codes.
        articles: the knowledge articles that were used, by code and name.

    Raises:
        InvalidInputError: there is no such zone.
    """
    where = wording.zone_of(zone or incident.zone or "UTC")
    interim = incident.status is not Status.CLOSED or incident.closed_at is None
    start = incident.reported_at or incident.registered_at
    end = incident.restored_at or incident.resolved_at
    dated_at = _last_instant(incident) if interim else incident.closed_at or start
    assignee = incident.assignee.name if incident.assignee else ""
    left, right = _details(incident, where, start, end, codes, articles)
    return ClosureRecord(
        organisation=organisation,
        number=incident.number,
        title=incident.title,
        dated_at=dated_at,
        dated=wording.moment(dated_at, where),
        record_json=record_json,
        zone=where.key,
        author=author or assignee,
        lead=lead or _lead(incident, where, start, end),
        interim=interim,
        classification=classification,
        paper=paper,
        strip=_strip(incident, start, end, dated_at, codes),
        bar=_bar(incident, where, start, end),
        summary=_texts(incident.description, _labelled("Detected", incident.detection)),
        details_left=left,
        details_right=right,
        impact=_texts(incident.business_effect, _told(incident, where)),
        root_cause=_root_cause(incident),
        resolution=_texts(
            incident.resolution,
            _labelled("Workaround", incident.workaround),
            _verified(incident, where),
        ),
        timeline=timeline_rows(incident, start, where, codes),
        follow_ups=tuple(
            FollowUpRow(
                follow_up.action,
                follow_up.owner,
                wording.day(follow_up.due_at, where) if follow_up.due_at else "",
                "Done" if follow_up.done else "Open",
            )
            for follow_up in incident.follow_ups
        ),
        excerpt=excerpt,
        files=tuple(
            EvidenceFile(
                file.name,
                wording.file_kind(file.name, file.media_type),
                wording.size(file.size),
                file.sha256,
            )
            for file in incident.attachments
        ),
        checks=tuple(
            # The note of a step that is left says what the dialog asks for, not what was done.
            Check(
                f"{state.item}: {state.note}" if state.done and state.note else state.item,
                state.done,
            )
            for state in incident.checklist
        ),
        sign_offs=(
            SignOff("Prepared by", assignee),
            SignOff(
                "Approved by",
                approver or (incident.incident_manager.name if incident.incident_manager else ""),
            ),
            SignOff("Confirmed by requester", _confirmer(incident)),
        ),
        chain=chain,
        signed=signed,
        signature_field=signature_field,
        pictures=pictures,
    )


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text.strip()}" if text.strip() else ""


def _confirmer(incident: Incident) -> str:
    return incident.verified_by or (incident.requester.name if incident.requester else "")


def _last_instant(incident: Incident) -> datetime:
    """Return the last instant that the record holds: what an interim report is dated by."""
    recorded = [entry.recorded_at for entry in incident.timeline]
    known = (incident.restored_at, incident.resolved_at, incident.cancelled_at)
    return max([incident.registered_at, *recorded, *(at for at in known if at is not None)])


def _seconds(start: datetime, end: datetime | None) -> int | None:
    """Return the seconds between two instants; a clock that ran backwards counts as 0."""
    return None if end is None else max(int((end - start).total_seconds()), 0)


def _skewed(start: datetime, end: datetime | None) -> bool:
    return end is not None and end < start


def _lead(incident: Incident, zone: ZoneInfo, start: datetime, end: datetime | None) -> str:
    began = f"Reported on {wording.long_day(start, zone)} at {wording.clock(start, zone)}"
    if end is None and incident.closed_at is not None:
        return f"{began}, closed on {wording.moment(incident.closed_at, zone)}."
    if end is None:
        state = wording.STATUS_WORDS[incident.status].lower()
        return f"{began}; not restored yet, the incident is {state}."
    same_day = wording.day(start, zone) == wording.day(end, zone)
    when = "" if same_day else f"on {wording.long_day(end, zone)} "
    took = wording.duration(_seconds(start, end) or 0)
    sentence = f"{began}, restored {when}at {wording.clock(end, zone)} after {took}."
    target = incident.resolution_clock
    if target is None or target.met is None or target.remaining_s is None:
        return sentence
    result = "met" if target.met else "missed"
    return f"{sentence} The SLA target was {result}: {wording.margin(target.remaining_s)}."


def _strip(
    incident: Incident,
    start: datetime,
    end: datetime | None,
    dated_at: datetime,
    codes: ClosureCodes,
) -> tuple[StripFact, ...]:
    facts = [_status_fact(incident, codes)]
    name = wording.PRIORITY_WORDS.get(incident.priority, "")
    words = (
        wording.IMPACT_WORDS.get(incident.impact, ""),
        wording.URGENCY_WORDS.get(incident.urgency, ""),
    )
    note = ", ".join(word for word in words if word)
    facts.append(StripFact("Priority", f"{incident.priority} {name}".strip(), note))
    target = incident.resolution_clock
    target_s = target.target_s if target else None
    aim = "" if target_s is None else f"target {wording.duration(target_s)}"
    took = _seconds(start, end)
    if took is None and incident.closed_at is not None:
        facts.append(StripFact("Service restored in", "Not recorded", aim))
    elif took is None:
        open_for = wording.duration(_seconds(start, dated_at) or 0)
        facts.append(StripFact("Service restored in", "Not yet", f"open for {open_for}"))
    else:
        note = "clock skew" if _skewed(start, end) else aim
        facts.append(StripFact("Service restored in", wording.duration(took), note))
    facts.append(_sla_fact(target))
    if incident.people_affected is not None:
        where = incident.location.name if incident.location else ""
        facts.append(StripFact("People affected", f"{incident.people_affected:,}", where))
    return tuple(facts)


def _status_fact(incident: Incident, codes: ClosureCodes) -> StripFact:
    note = ""
    if incident.status in {Status.RESOLVED, Status.CLOSED} and incident.outcome:
        note = codes.note("outcome", incident.outcome)
    elif incident.status is Status.PENDING and incident.pending_reason:
        note = wording.PENDING_WORDS[incident.pending_reason]
    elif incident.status is Status.CANCELLED and incident.cancel_reason:
        note = wording.code_words(incident.cancel_reason)
    return StripFact("Status", wording.STATUS_WORDS[incident.status], note)


def _sla_fact(target: ClockState | None) -> StripFact:
    if target is None or target.target_s is None:
        return StripFact("SLA", "No target")
    left = "" if target.remaining_s is None else wording.margin(target.remaining_s)
    if target.met is not None:
        return StripFact("SLA", "Met" if target.met else "Missed", left, target.met)
    if target.breached:
        return StripFact("SLA", "Missed", left, met=False)
    return StripFact("SLA", "Paused" if target.paused else "Running", left)


def _bar(
    incident: Incident, zone: ZoneInfo, start: datetime, end: datetime | None
) -> ResponseBar | None:
    target = incident.resolution_clock
    due = target.due_at if target else None
    restored_s = _seconds(start, end)
    target_s = _seconds(start, due)
    if not restored_s and not target_s:
        return None
    acknowledged_s = _seconds(start, incident.acknowledged_at)
    if acknowledged_s is not None and restored_s is not None:
        acknowledged_s = min(acknowledged_s, restored_s)
    repair = None if restored_s is None else restored_s - (acknowledged_s or 0)
    met = None if target is None else False if target.breached else target.met

    def shown(word: str, at: datetime | None) -> str:
        if at is None:
            return ""
        same_day = wording.day(at, zone) == wording.day(start, zone)
        time = wording.clock(at, zone) if same_day else wording.moment(at, zone)
        return f"{word} {time}"

    reported = shown("Reported", start)
    acknowledged = (
        "" if acknowledged_s is None else f"Acknowledged after {wording.duration(acknowledged_s)}"
    )
    restored = shown("Restored", end)
    aim = shown("SLA target", due)
    facts = [reported, acknowledged, restored, aim]
    return ResponseBar(
        reported=reported,
        description="Response bar. " + "; ".join(fact for fact in facts if fact) + ".",
        restored_s=restored_s,
        restored=restored,
        duration="" if repair is None else f"Diagnosis and repair  {wording.duration(repair)}",
        acknowledged_s=acknowledged_s,
        acknowledged=acknowledged,
        target_s=target_s,
        target=aim,
        met=met,
    )


def _details(
    incident: Incident,
    zone: ZoneInfo,
    start: datetime,
    end: datetime | None,
    codes: ClosureCodes,
    articles: tuple[str, ...],
) -> tuple[tuple[Detail, ...], tuple[Detail, ...]]:
    """Return what and where at the left, who and when at the right; both about as long."""
    related = ", ".join(
        dict.fromkeys(
            number
            for number in (
                incident.problem,
                incident.merged_into,
                *incident.duplicates,
                *incident.related,
            )
            if number
        )
    )
    category = incident.category.name if incident.category else ""
    left = _facts(
        ("Reported by", incident.requester),
        ("Channel", wording.CHANNEL_WORDS[incident.channel]),
        ("Service", incident.service),
        ("Category", " \u203a ".join(part.strip() for part in category.split("/"))),
        ("Equipment", incident.ci),
        ("Location", incident.location),
        ("Closure codes", _codes(incident, codes)),
        ("Related records", related),
        ("Articles used", "; ".join(articles)),
        ("Other number", incident.external_id),
    )
    verified = ""
    if incident.verified_by:
        verified = incident.verified_by
        if incident.verified_at:
            verified += f", {wording.day(incident.verified_at, zone)}"
    right = _facts(
        ("Owner", incident.assignee),
        ("Resolver group", incident.team),
        ("Reported", wording.moment(start, zone)),
        ("Restored", wording.moment(end, zone) if end else ""),
        ("Closed", wording.moment(incident.closed_at, zone) if incident.closed_at else ""),
        ("Confirmed by", verified),
        ("Times in", wording.zone_words(start, zone)),
        ("Time spent", wording.duration(incident.time_spent_s) if incident.time_spent_s else ""),
    )
    while len(left) > len(right) + 1:
        right.append(left.pop())
    while len(right) > len(left) + 1:
        left.append(right.pop())
    return tuple(left), tuple(right)


def _facts(*pairs: tuple[str, object]) -> list[Detail]:
    return [Detail(label, str(value)) for label, value in pairs if value and str(value).strip()]


def _codes(incident: Incident, codes: ClosureCodes) -> str:
    given = ((kind, getattr(incident, kind)) for kind in CODE_FIELDS)
    words = ", ".join(codes.plain(kind, code) for kind, code in given if code)
    return words[:1].upper() + words[1:]


def _told(incident: Incident, zone: ZoneInfo) -> str:
    told = "; ".join(
        f"{one.who}, {wording.moment(one.at, zone)}" + (f", {one.how}" if one.how else "")
        for one in incident.told
    )
    return f"Stakeholders told: {told}." if told else ""


def _root_cause(incident: Incident) -> tuple[str, ...]:
    cause = incident.root_cause
    if not cause.strip() and incident.cause_class == CauseClass.UNDETERMINED:
        cause = "The cause is undetermined."
    return _texts(cause, _labelled("Contributing", incident.contributing_factors))


def _verified(incident: Incident, zone: ZoneInfo) -> str:
    if not incident.verified_by or not incident.verified_how:
        return ""
    when = f", {wording.moment(incident.verified_at, zone)}" if incident.verified_at else ""
    return f"Confirmed by {incident.verified_by}{when}: {incident.verified_how.strip()}"
