"""Derive what a closure report prints from an incident.

An empty fact is left out, never "N/A"; an instant is told in the zone that the report names; and
nothing is read from the clock, so an incident always gives the same record (closure-report.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.category import path_label
from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import CauseClass, Status
from app.domain.lifecycle import CODE_FIELDS
from app.reports import closure_facts, shipped_words, wording
from app.reports.closure_facts import course_of
from app.reports.code_words import CHANNEL_WORDS
from app.reports.language import language_of
from app.reports.record_parts import (
    ChainEntry,
    Check,
    ClosureRecord,
    Detail,
    EvidenceFile,
    EvidencePicture,
    FollowUpRow,
    LogExcerpt,
    SignOff,
)
from app.reports.timeline_rows import timeline_rows

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import ChecklistState, FollowUp, Incident
    from app.reports.closure_facts import Course
    from app.reports.language import Language

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
    language: str = "",
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
        language: code or tag of the language that it is printed in; English without one.

    Raises:
        InvalidInputError: there is no such zone or language.
    """
    words = language_of(language)
    where = wording.zone_of(zone or incident.zone or "UTC")
    course = course_of(incident)
    assignee = incident.assignee.name if incident.assignee else ""
    manager = incident.incident_manager.name if incident.incident_manager else ""
    left, right = _details(incident, words, where, course, codes, articles)
    return ClosureRecord(
        organisation=shipped_words.organisation(words, organisation),
        number=incident.number,
        title=incident.title,
        dated_at=course.dated_at,
        dated=wording.moment(words, course.dated_at, where),
        record_json=record_json,
        zone=where.key,
        author=author or assignee,
        lead=lead or closure_facts.lead(incident, words, where, course),
        interim=incident.status is not Status.CLOSED or incident.closed_at is None,
        classification=shipped_words.classification(words, classification),
        language=words.tag,
        paper=paper,
        strip=closure_facts.strip(incident, words, course, codes),
        bar=closure_facts.response_bar(incident, words, where, course),
        summary=_texts(incident.description, _detected(incident, words)),
        details_left=left,
        details_right=right,
        impact=_texts(incident.business_effect, _told(incident, words, where)),
        root_cause=_root_cause(incident, words),
        resolution=_texts(
            incident.resolution, _workaround(incident, words), _verified(incident, words, where)
        ),
        timeline=timeline_rows(incident, words, course.start, where, codes),
        follow_ups=tuple(_follow_up(words, where, one) for one in incident.follow_ups),
        excerpt=excerpt,
        files=tuple(
            EvidenceFile(
                file.name,
                wording.file_kind(words, file.name, file.media_type),
                wording.size(words, file.size),
                file.sha256,
            )
            for file in incident.attachments
        ),
        checks=tuple(_check(incident, words, state) for state in incident.checklist),
        sign_offs=(
            SignOff(words.text("Prepared by"), assignee),
            SignOff(words.text("Approved by"), approver or manager),
            SignOff(words.text("Confirmed by requester"), _confirmer(incident)),
        ),
        chain=chain,
        signed=signed,
        signature_field=signature_field,
        pictures=pictures,
    )


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())


def _detected(incident: Incident, words: Language) -> str:
    text = incident.detection.strip()
    return words.text("Detected: {text}", text=text) if text else ""


def _workaround(incident: Incident, words: Language) -> str:
    text = incident.workaround.strip()
    return words.text("Workaround: {text}", text=text) if text else ""


def _confirmer(incident: Incident) -> str:
    return incident.verified_by or (incident.requester.name if incident.requester else "")


def _follow_up(words: Language, zone: ZoneInfo, one: FollowUp) -> FollowUpRow:
    due = wording.day(words, one.due_at, zone) if one.due_at else ""
    state = words.text("Done") if one.done else words.text("Open")
    return FollowUpRow(one.action, one.owner, due, state)


def _check(incident: Incident, words: Language, state: ChecklistState) -> Check:
    """Word a step; the note of one that is left says what the dialog asks for."""
    item = shipped_words.step(words, state.item)
    if not state.done or not state.note:
        return Check(item, state.done)
    given = [getattr(incident, kind) for kind in CODE_FIELDS]
    if state.automatic and all(given) and state.note == shipped_words.ticked_by_codes(given):
        note = shipped_words.code_list(words, given)
    else:
        note = shipped_words.step(words, state.note)
    return Check(f"{item}: {note}", state.done)


def _details(
    incident: Incident,
    words: Language,
    zone: ZoneInfo,
    course: Course,
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
        (words.text("Reported by"), incident.requester),
        (words.text("Channel"), words.coded(CHANNEL_WORDS, incident.channel)),
        (words.text("Service"), incident.service),
        (words.text("Category"), path_label(category)),
        (words.text("Equipment"), incident.ci),
        (words.text("Location"), incident.location),
        (words.text("Closure codes"), _codes(incident, words, codes)),
        (words.text("Related records"), related),
        (words.text("Articles used"), "; ".join(articles)),
        (words.text("Other number"), incident.external_id),
    )
    verified = ""
    if incident.verified_by:
        verified = incident.verified_by
        if incident.verified_at:
            verified += f", {wording.day(words, incident.verified_at, zone)}"
    right = _facts(
        (words.text("Owner"), incident.assignee),
        (words.text("Resolver group"), incident.team),
        (words.text("Reported"), wording.moment(words, course.start, zone)),
        (words.text("Restored"), wording.moment(words, course.end, zone) if course.end else ""),
        (
            words.text("Closed"),
            wording.moment(words, incident.closed_at, zone) if incident.closed_at else "",
        ),
        (words.text("Confirmed by"), verified),
        (words.text("Times in"), wording.zone_words(course.start, zone)),
        (
            words.text("Time spent"),
            wording.duration(words, incident.time_spent_s) if incident.time_spent_s else "",
        ),
    )
    while len(left) > len(right) + 1:
        right.append(left.pop())
    while len(right) > len(left) + 1:
        left.append(right.pop())
    return tuple(left), tuple(right)


def _facts(*pairs: tuple[str, object]) -> list[Detail]:
    return [Detail(label, str(value)) for label, value in pairs if value and str(value).strip()]


def _codes(incident: Incident, words: Language, codes: ClosureCodes) -> str:
    given = ((kind, getattr(incident, kind)) for kind in CODE_FIELDS)
    told = ", ".join(shipped_words.code(words, codes, kind, code) for kind, code in given if code)
    return told[:1].upper() + told[1:]


def _told(incident: Incident, words: Language, zone: ZoneInfo) -> str:
    told = "; ".join(
        f"{one.who}, {wording.moment(words, one.at, zone)}" + (f", {one.how}" if one.how else "")
        for one in incident.told
    )
    return words.text("Stakeholders told: {people}.", people=told) if told else ""


def _root_cause(incident: Incident, words: Language) -> tuple[str, ...]:
    cause = incident.root_cause
    if not cause.strip() and incident.cause_class == CauseClass.UNDETERMINED:
        cause = words.text("The cause is undetermined.")
    factors = incident.contributing_factors.strip()
    return _texts(cause, words.text("Contributing: {text}", text=factors) if factors else "")


def _verified(incident: Incident, words: Language, zone: ZoneInfo) -> str:
    if not incident.verified_by or not incident.verified_how:
        return ""
    told = {"person": incident.verified_by, "how": incident.verified_how.strip()}
    if incident.verified_at is None:
        return words.text("Confirmed by {person}: {how}", **told)
    at = wording.moment(words, incident.verified_at, zone)
    return words.text("Confirmed by {person}, {moment}: {how}", **told, moment=at)
