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
from app.reports.record_parts import Detail, ReviewNotes, SignOff

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.incident_record import ClockState, Incident
    from app.reports.record_parts import ClosureRecord

_WHYS = tuple((f"why {n}", f"{n} why", f"why{n}") for n in range(1, 6))
_WELL = ("what went well", "went well")
_BADLY = ("what went badly", "went badly", "what went wrong", "went wrong")
_OFTEN = 3
"""Changes of hands from which they are told as something that went badly."""


def review_record(incident: Incident, **options: Any) -> ClosureRecord:
    """Make the record of a review; `options` are those of `closure_record`.

    It is interim while the incident is not closed.

    Raises:
        InvalidInputError: there is no such zone.
    """
    base = closure_record(incident, **options)
    zone = wording.zone_of(base.zone)
    own = {_folded(name): _text(value) for name, value in incident.custom.items()}
    well, badly = _proven(incident, zone)
    left, right = _instants(incident, zone), _answers(incident, zone)
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
        sign_offs=(SignOff("Prepared by", base.author), SignOff("Incident manager", manager)),
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


def _instants(incident: Incident, zone: ZoneInfo) -> list[Detail]:
    known: tuple[tuple[str, datetime | None], ...] = (
        ("Occurred", incident.occurred_at),
        ("Detected", incident.detected_at),
        ("Reported", incident.reported_at or incident.registered_at),
        ("Acknowledged", incident.acknowledged_at),
        ("Declared major", incident.major_declared_at),
        ("Stood down", incident.stood_down_at),
        ("Workaround", incident.workaround_applied_at),
        ("Restored", incident.restored_at),
        ("Resolved", incident.resolved_at),
        ("Closed", incident.closed_at),
    )
    return [Detail(name, wording.moment(at, zone)) for name, at in known if at is not None]


def _answers(incident: Incident, zone: ZoneInfo) -> list[Detail]:
    manager = incident.incident_manager.name if incident.incident_manager else ""
    start = incident.reported_at or incident.registered_at

    def after(at: datetime | None) -> str:
        return "" if at is None else wording.duration((at - start).total_seconds())

    affected = "" if incident.people_affected is None else f"{incident.people_affected:,}"
    facts = (
        ("Incident manager", manager),
        *_roles(incident),
        ("Why it was major", incident.major_reason),
        ("Status updates", _updates(incident)),
        ("People told", ", ".join(dict.fromkeys(one.who for one in incident.told))),
        ("Service", incident.service.name if incident.service else ""),
        ("Team", incident.team.name if incident.team else ""),
        ("Acknowledged in", after(incident.acknowledged_at)),
        ("Restored in", after(incident.restored_at)),
        ("Resolved in", after(incident.resolved_at)),
        ("People affected", affected),
        ("Problem", incident.problem),
        ("Related records", ", ".join(incident.related)),
        ("Review due", wording.day(incident.review_due_at, zone) if incident.review_due_at else ""),
        (
            "Review done",
            wording.day(incident.review_done_at, zone) if incident.review_done_at else "",
        ),
        ("Times in", zone.key),
    )
    return [Detail(label, value) for label, value in facts if value]


def _roles(incident: Incident) -> list[tuple[str, str]]:
    people = (
        ("Communications", incident.communications_lead),
        ("Technical lead", incident.technical_lead),
        ("Scribe", incident.scribe),
    )
    return [(role, who.name) for role, who in people if who is not None]


def _updates(incident: Incident) -> str:
    """Count the status updates."""
    kept = [one for one in incident.timeline if one.kind is EntryKind.UPDATE and not one.undone]
    return str(len(kept)) if kept else ""


def _proven(incident: Incident, zone: ZoneInfo) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the record itself proves to have gone well, and badly."""
    well: list[str] = []
    badly: list[str] = []
    for name, clock in (
        ("response", incident.response),
        ("resolution", incident.resolution_clock),
    ):
        verdict = _met(clock)
        if verdict is not None and clock is not None:
            left = "" if clock.remaining_s is None else f", {wording.margin(clock.remaining_s)}"
            (well if verdict else badly).append(
                f"From the record: the {name} target was {'met' if verdict else 'missed'}{left}."
            )
    start = incident.reported_at or incident.registered_at
    if incident.detected_at is not None and incident.detected_at < start:
        ahead = wording.duration((start - incident.detected_at).total_seconds())
        well.append(f"From the record: it was detected {ahead} before it was reported.")
    applied, restored = incident.workaround_applied_at, incident.restored_at
    if applied is not None and (restored is None or applied < restored):
        well.append(
            f"From the record: a workaround was in place at {wording.moment(applied, zone)}."
        )
    if incident.reopen_count:
        times = "once" if incident.reopen_count == 1 else f"{incident.reopen_count} times"
        badly.append(f"From the record: it was reopened {times}.")
    if incident.reassignment_count >= _OFTEN:
        badly.append(f"From the record: it changed hands {incident.reassignment_count} times.")
    return tuple(well), tuple(badly)


def _met(clock: ClockState | None) -> bool | None:
    if clock is None or clock.target_s is None:
        return None
    return False if clock.breached else clock.met
