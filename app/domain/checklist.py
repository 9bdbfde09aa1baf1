"""Checklists for closing: which steps an incident needs, and which the program can see are done.

An item may name a fact. A fact that the program sees ticks the item by itself; a person may tick
the others by hand. Resolution note and codes are never ticked by hand: either they are there or not
(ux.md 2.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name, described
from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import EntryKind
from app.domain.incident_record import ChecklistState
from app.domain.lifecycle import CODE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import Incident


class Fact(StrEnum):
    """What the program can see by itself in the record of an incident."""

    RESOLUTION_WRITTEN = "resolution_written"
    CODES_GIVEN = "codes_given"
    TIME_LOGGED = "time_logged"
    SIMILAR_LINKED = "similar_linked"
    REQUESTER_CONFIRMED = "requester_confirmed"
    STAKEHOLDERS_TOLD = "stakeholders_told"
    KNOWLEDGE_SAVED = "knowledge_saved"
    REPORT_MADE = "report_made"
    SERVICE_RESTORED = "service_restored"
    PROBLEM_CONSIDERED = "problem_considered"
    EVIDENCE_ATTACHED = "evidence_attached"
    ROOT_CAUSE_WRITTEN = "root_cause_written"


NEVER_BY_HAND = frozenset({Fact.RESOLUTION_WRITTEN, Fact.CODES_GIVEN})


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One step: its text, whether closing needs it, and the fact that ticks it."""

    text: str
    required: bool = False
    fact: Fact | None = None

    @property
    def by_hand(self) -> bool:
        """Tell whether a person may tick it."""
        return self.fact not in NEVER_BY_HAND

    def to_data(self) -> dict[str, Any]:
        """Return text, required and fact ("" for none)."""
        return {"text": self.text, "required": self.required, "fact": self.fact or ""}


@dataclass(frozen=True, slots=True)
class Checklist(CatalogueItem):
    """A named list of steps before closing."""

    kind: ClassVar[str] = "checklist"
    label: ClassVar[str] = "Checklist"

    items: tuple[ChecklistItem, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the items."""
        return {"items": [item.to_data() for item in self.items]}

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a checklist; an item may be just its text."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        given = data.get("items", [])
        if not isinstance(given, (list, tuple)):
            raise read.refuse("items", f"must be a list of steps, not {described(given)}.")
        items = tuple(_item(name, number, one) for number, one in enumerate(given, 1))
        texts = [item.text for item in items]
        for text in texts:
            if texts.count(text) > 1:
                raise read.refuse("items", f'has "{text}" twice. Remove one or reword it.')
        return cls(name=name, items=items)

    def with_items_of(self, other: Checklist) -> Checklist:
        """Return this list with the steps of another added, required where either says so."""
        merged = {item.text: item for item in self.items}
        for item in other.items:
            known = merged.get(item.text)
            if known is None or (item.required and not known.required):
                merged[item.text] = item
        return Checklist(name=self.name, items=tuple(merged.values()))


def _item(checklist: str, number: int, given: object) -> ChecklistItem:
    label = f'Checklist "{checklist}", item {number}'
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        raise DataReader(label, "", {}).refuse("text", f"is missing: {described(given)} was given.")
    read = DataReader(label, "", given)
    for key in given:
        if key not in {"text", "required", "fact"}:
            raise read.refuse(key, "is not known. Items have text, required and fact.")
    text = read.required_text("text")
    fact = read.word("fact", [fact.value for fact in Fact]) if read.text("fact") else ""
    return ChecklistItem(
        text=text, required=read.flag("required"), fact=Fact(fact) if fact else None
    )


def seen_fact(incident: Incident, fact: Fact, codes: ClosureCodes = DEFAULT_CODES) -> str:
    """Return in a few words how the record shows the fact, or "" when it does not."""
    match fact:
        case Fact.RESOLUTION_WRITTEN:
            return "Written" if incident.resolution.strip() else ""
        case Fact.CODES_GIVEN:
            return _codes(incident, codes)
        case Fact.TIME_LOGGED:
            return _hours(incident.time_spent_s) if incident.time_spent_s > 0 else ""
        case Fact.SIMILAR_LINKED:
            return ", ".join((*incident.related, *incident.duplicates))
        case Fact.REQUESTER_CONFIRMED:
            return " · ".join(filter(None, (incident.verified_by, incident.verified_how)))
        case Fact.STAKEHOLDERS_TOLD:
            return ", ".join(dict.fromkeys(told.who for told in incident.told))
        case Fact.REPORT_MADE:
            return "Made" if _has_entry(incident, EntryKind.REPORT) else ""
        case Fact.SERVICE_RESTORED:
            return "Recorded" if incident.restored_at else ""
        case Fact.PROBLEM_CONSIDERED:
            return incident.problem
        case Fact.EVIDENCE_ATTACHED:
            return ", ".join(file.name for file in incident.attachments[:3])
        case Fact.ROOT_CAUSE_WRITTEN:
            return "Written" if incident.root_cause.strip() else ""
        case Fact.KNOWLEDGE_SAVED:
            return ""


def _codes(incident: Incident, codes: ClosureCodes) -> str:
    """Return the closure codes as the team words them, "" while one of them is missing."""
    given = {kind: getattr(incident, kind) for kind in CODE_FIELDS}
    if not all(given.values()):
        return ""
    words = " · ".join(codes.plain(kind, code) for kind, code in given.items())
    return words[:1].upper() + words[1:]


def _has_entry(incident: Incident, kind: EntryKind) -> bool:
    return any(entry.kind is kind and not entry.undone for entry in incident.timeline)


def _hours(seconds: int) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{max(minutes, 1)} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def checklist_state(
    incident: Incident,
    checklist: Checklist,
    ticked: Mapping[str, str],
    elsewhere: Mapping[Fact, str] | None = None,
    codes: ClosureCodes = DEFAULT_CODES,
) -> tuple[ChecklistState, ...]:
    """Tell of each step whether it is done, and how that is known.

    `ticked` holds what was ticked by hand, by the item's text: who did it and when, in words.
    `elsewhere` holds, in words, facts that the incident's record does not (an article saved);
    `codes` is how the team words its closure codes.
    """
    outside = elsewhere or {}
    states = []
    for item in checklist.items:
        seen = ""
        if item.fact is not None:
            seen = seen_fact(incident, item.fact, codes) or outside.get(item.fact, "")
        by_hand = ticked.get(item.text) if item.by_hand else None
        done = bool(seen) or by_hand is not None
        states.append(
            ChecklistState(
                item=item.text,
                required=item.required,
                done=done,
                automatic=bool(seen),
                note=seen or (by_hand or "" if done else _missing(incident, item)),
            )
        )
    return tuple(states)


def _missing(incident: Incident, item: ChecklistItem) -> str:
    if not item.required:
        return "Optional"
    if item.fact is Fact.REQUESTER_CONFIRMED and incident.requester is not None:
        return f"Required: ask {incident.requester.name}"
    return "Required"
