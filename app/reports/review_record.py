"""Makes the record of a post-incident review: what the incident's own record says, nothing else.

Five whys, what went well and what went badly are what the room of the incident keeps; else fields
of the team's own ("Why 1" to "Why 5", "What went well", "What went badly"). What the clocks prove
is told beside them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.folding import fold
from app.domain.incident import EntryKind
from app.reports import wording
from app.reports.closure_record import closure_record
from app.reports.language import Message, language_of
from app.reports.record_parts import Detail, ReviewNotes, SignOff

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.incident_record import ClockState, Incident
    from app.reports.language import Language
    from app.reports.record_parts import ClosureRecord

_WHYS = tuple((f"why {n}", f"{n} why", f"why{n}") for n in range(1, 6))
_WELL = ("what went well", "went well")
_BADLY = ("what went badly", "went badly", "what went wrong", "went wrong")
_TARGETS = (
    (
        "response",
        Message("From the record: the response target was met"),
        Message("From the record: the response target was missed"),
    ),
    (
        "resolution_clock",
        Message("From the record: the resolution target was met"),
        Message("From the record: the resolution target was missed"),
    ),
)
"""The clocks of an incident, with what is said of one that was kept and of one that was not."""
_OFTEN = 3
"""Changes of hands from which they are told as something that went badly."""


def review_record(incident: Incident, **options: Any) -> ClosureRecord:
    """Make the record of a review; `options` are those of `closure_record`.

    It is interim while the incident is not closed.

    Raises:
        InvalidInputError: there is no such zone.
    """
    base = closure_record(incident, **options)
    words = language_of(base.language)
    zone = wording.zone_of(base.zone)
    own = {_folded(name): _text(value) for name, value in incident.custom.items()}
    well, badly = _proven(incident, words, zone)
    left, right = _instants(incident, words, zone), _answers(incident, words, zone)
    while len(left) > len(right) + 1:
        right.append(left.pop())
    while len(right) > len(left) + 1:
        left.append(right.pop())
    manager = incident.incident_manager.name if incident.incident_manager else ""
    return replace(
        base,
        root_cause=(incident.root_cause,) if incident.root_cause.strip() else (),
        details_left=tuple(left),
        details_right=tuple(right),
        sign_offs=(
            SignOff(words.text("Prepared by"), base.author),
            SignOff(words.text("Incident manager"), manager),
        ),
        review=ReviewNotes(
            contributing=_lines(incident.contributing_factors),
            whys=_whys(incident, own),
            went_well=(*_lines(incident.went_well or _first(own, _WELL)), *well),
            went_badly=(*_lines(incident.went_badly or _first(own, _BADLY)), *badly),
        ),
    )


def _folded(name: str) -> str:
    return " ".join(fold(name).replace("_", " ").replace("-", " ").rstrip("?:").split())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def _whys(incident: Incident, own: dict[str, str]) -> tuple[str, ...]:
    """Return the five answers, "" for one that is missing; what is below the fifth joins it."""
    lines = _lines(incident.five_whys)
    if not lines:
        return tuple(_first(own, names) for names in _WHYS)
    five = [*lines[:5], *[""] * (5 - len(lines))]
    return (*five[:4], " ".join((five[4], *lines[5:])))


def _first(own: dict[str, str], names: tuple[str, ...]) -> str:
    return next((own[name] for name in names if own.get(name)), "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip(" \t-*•") for line in text.splitlines() if line.strip(" \t-*•"))


def _instants(incident: Incident, words: Language, zone: ZoneInfo) -> list[Detail]:
    known: tuple[tuple[str, datetime | None], ...] = (
        (words.text("Occurred"), incident.occurred_at),
        (words.text("Detected"), incident.detected_at),
        (words.text("Reported"), incident.reported_at or incident.registered_at),
        (words.text("Acknowledged"), incident.acknowledged_at),
        (words.text("Declared major"), incident.major_declared_at),
        (words.text("Stood down"), incident.stood_down_at),
        (words.text("Workaround"), incident.workaround_applied_at),
        (words.text("Restored"), incident.restored_at),
        (words.text("Resolved"), incident.resolved_at),
        (words.text("Closed"), incident.closed_at),
    )
    return [Detail(name, wording.moment(words, at, zone)) for name, at in known if at is not None]


def _answers(incident: Incident, words: Language, zone: ZoneInfo) -> list[Detail]:
    manager = incident.incident_manager.name if incident.incident_manager else ""
    start = incident.reported_at or incident.registered_at

    def after(at: datetime | None) -> str:
        return "" if at is None else wording.duration(words, (at - start).total_seconds())

    affected = "" if incident.people_affected is None else words.number(incident.people_affected)
    facts = (
        (words.text("Incident manager"), manager),
        *_roles(incident, words),
        (words.text("Why it was major"), incident.major_reason),
        (words.text("Status updates"), _updates(incident)),
        (words.text("People told"), ", ".join(dict.fromkeys(one.who for one in incident.told))),
        (words.text("Service"), incident.service.name if incident.service else ""),
        (words.text("Team"), incident.team.name if incident.team else ""),
        (words.text("Acknowledged in"), after(incident.acknowledged_at)),
        (words.text("Restored in"), after(incident.restored_at)),
        (words.text("Resolved in"), after(incident.resolved_at)),
        (words.text("People affected"), affected),
        (words.text("Problem"), incident.problem),
        (words.text("Related records"), ", ".join(incident.related)),
        (
            words.text("Review due"),
            wording.day(words, incident.review_due_at, zone) if incident.review_due_at else "",
        ),
        (
            words.text("Review done"),
            wording.day(words, incident.review_done_at, zone) if incident.review_done_at else "",
        ),
        (words.text("Times in"), wording.zone_words(start, zone)),
    )
    return [Detail(label, value) for label, value in facts if value]


def _roles(incident: Incident, words: Language) -> list[tuple[str, str]]:
    people = (
        (words.text("Communications"), incident.communications_lead),
        (words.text("Technical lead"), incident.technical_lead),
        (words.text("Scribe"), incident.scribe),
    )
    return [(role, who.name) for role, who in people if who is not None]


def _updates(incident: Incident) -> str:
    """Count the status updates."""
    kept = [one for one in incident.timeline if one.kind is EntryKind.UPDATE and not one.undone]
    return str(len(kept)) if kept else ""


def _proven(
    incident: Incident, words: Language, zone: ZoneInfo
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the record itself proves to have gone well, and badly."""
    well: list[str] = []
    badly: list[str] = []
    for clock, kept, failed in _TARGETS:
        state: ClockState | None = getattr(incident, clock)
        verdict = _met(state)
        if verdict is not None and state is not None:
            sentence = words.of(kept if verdict else failed)
            if state.remaining_s is not None:
                sentence = f"{sentence}, {wording.margin(words, state.remaining_s)}"
            (well if verdict else badly).append(f"{sentence}.")
    start = incident.reported_at or incident.registered_at
    if incident.detected_at is not None and incident.detected_at < start:
        ahead = wording.duration(words, (start - incident.detected_at).total_seconds())
        well.append(
            words.text(
                "From the record: it was detected {amount} before it was reported.", amount=ahead
            )
        )
    applied, restored = incident.workaround_applied_at, incident.restored_at
    if applied is not None and (restored is None or applied < restored):
        at = wording.moment(words, applied, zone)
        well.append(
            words.text("From the record: a workaround was in place at {moment}.", moment=at)
        )
    if incident.reopen_count:
        badly.append(
            words.counted(
                "From the record: it was reopened once.",
                "From the record: it was reopened {n} times.",
                incident.reopen_count,
            )
        )
    if incident.reassignment_count >= _OFTEN:
        badly.append(
            words.counted(
                "From the record: it changed hands once.",
                "From the record: it changed hands {n} times.",
                incident.reassignment_count,
            )
        )
    return tuple(well), tuple(badly)


def _met(clock: ClockState | None) -> bool | None:
    if clock is None or clock.target_s is None:
        return None
    return False if clock.breached else clock.met
