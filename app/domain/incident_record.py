"""The record of an incident as screens and reports read it, and its parts; plain values.

Apart from the codes, because the first list of a window does without these classes. Instants are
aware UTC datetimes with the suffix `_at`; durations are seconds with the suffix `_s`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.incident import (
    CancelReason,
    Channel,
    EntityId,
    EntryKind,
    Named,
    PendingReason,
    Status,
)

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that an entry changed, old and new as shown to people ("" for nothing)."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to an incident, never changed afterwards."""

    id: EntityId
    at: datetime
    recorded_at: datetime
    author: str
    station: str
    kind: EntryKind
    text: str
    changes: tuple[FieldChange, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """Evidence: a file in the content-addressed store, named by its SHA-256 (64 hex digits)."""

    id: EntityId
    name: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ClockState:
    """One SLA clock at an instant (domain.md, SLA clocks). Without a target `target_s` is None."""

    target_s: int | None
    due_at: datetime | None
    warn_at: datetime | None
    counted_s: int
    paused_s: int
    paused: bool
    stopped_at: datetime | None
    met: bool | None
    breached: bool
    remaining_s: int | None
    retroactive: bool = False
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistState:
    """One item of the closure checklist of this incident."""

    item: str
    required: bool
    done: bool
    automatic: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A stakeholder who was told: who, when and how."""

    who: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up action with its owner and due day."""

    id: EntityId
    action: str
    owner: str
    due_at: datetime | None
    done: bool


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """A stretch of time in one status; `left_at` is None while it lasts."""

    status: Status
    reason: PendingReason | None
    entered_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, whole, as screens, reports and the command line read it."""

    id: EntityId
    number: str
    title: str
    status: Status
    priority: str
    impact: int
    urgency: int
    registered_at: datetime
    description: str = ""
    pending_reason: PendingReason | None = None
    follow_up_at: datetime | None = None
    severity: int | None = None
    priority_override_reason: str = ""
    category: Named | None = None
    service: Named | None = None
    ci: Named | None = None
    location: Named | None = None
    channel: Channel = Channel.PHONE
    requester: Named | None = None
    assignee: Named | None = None
    team: Named | None = None
    tags: tuple[str, ...] = ()
    watchers: tuple[Named, ...] = ()
    major: bool = False
    major_declared_at: datetime | None = None
    incident_manager: Named | None = None
    major_reason: str = ""
    stood_down_at: datetime | None = None
    stand_down_reason: str = ""
    communications_lead: Named | None = None
    technical_lead: Named | None = None
    scribe: Named | None = None
    update_every_s: int | None = None
    next_update_at: datetime | None = None
    occurred_at: datetime | None = None
    detected_at: datetime | None = None
    reported_at: datetime | None = None
    acknowledged_at: datetime | None = None
    first_assigned_at: datetime | None = None
    first_response_at: datetime | None = None
    escalated_at: datetime | None = None
    workaround_applied_at: datetime | None = None
    restored_at: datetime | None = None
    first_resolved_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    review_due_at: datetime | None = None
    review_done_at: datetime | None = None
    survey_sent_at: datetime | None = None
    survey_answered_at: datetime | None = None
    reopen_count: int = 0
    reassignment_count: int = 0
    outage: bool = False
    outcome: str | None = None
    fix_type: str | None = None
    cause_class: str | None = None
    cancel_reason: CancelReason | None = None
    detection: str = ""
    root_cause: str = ""
    contributing_factors: str = ""
    five_whys: str = ""
    went_well: str = ""
    went_badly: str = ""
    business_effect: str = ""
    people_affected: int | None = None
    workaround: str = ""
    resolution: str = ""
    verified_by: str = ""
    verified_at: datetime | None = None
    verified_how: str = ""
    external_id: str = ""
    time_spent_s: int = 0
    satisfaction: int | None = None
    zone: str = "UTC"
    custom: dict[str, Any] = field(default_factory=dict)
    response: ClockState | None = None
    resolution_clock: ClockState | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    checklist: tuple[ChecklistState, ...] = ()
    told: tuple[Told, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    periods: tuple[StatusPeriod, ...] = ()
    problem: str = ""
    merged_into: str = ""
    duplicates: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    deleted: bool = False


INSTANTS = (
    *("occurred_at", "detected_at", "reported_at", "registered_at", "acknowledged_at"),
    *("first_assigned_at", "first_response_at", "escalated_at", "major_declared_at"),
    *("workaround_applied_at", "restored_at", "first_resolved_at", "resolved_at", "verified_at"),
    *("closed_at", "cancelled_at", "review_due_at", "review_done_at", "survey_sent_at"),
    *("survey_answered_at", "stood_down_at"),
)
"""The instants that an incident keeps, in the order of its life (domain.md); `periods` has those
of each status."""


@dataclass(slots=True)
class IncidentDraft:
    """What a person typed so far for a new incident; names are plain text until it is logged.

    Only `title` is required. Names that nobody has are made on logging when `make_unknown` is set.
    """

    title: str = ""
    description: str = ""
    requester: str = ""
    assignee: str = ""
    team: str = ""
    category: str = ""
    service: str = ""
    ci: str = ""
    location: str = ""
    channel: Channel = Channel.PHONE
    impact: int = 3
    urgency: int = 3
    severity: int | None = None
    priority: str = ""
    priority_override_reason: str = ""
    status: Status | None = None
    tags: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    detected_at: datetime | None = None
    reported_at: datetime | None = None
    follow_up_at: datetime | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    make_unknown: bool = True
