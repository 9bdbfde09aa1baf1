"""The incident as plain values: its codes, its fields and the record that screens and reports read.

Words, codes and instants are those of domain.md; names of fields are those of cli.md. Instants are
aware UTC datetimes with the suffix `_at`; durations are seconds with the suffix `_s`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType

if TYPE_CHECKING:
    from datetime import datetime

EntityId = NewType("EntityId", bytes)
"""The 16 bytes of a UUIDv7; written as 32 hexadecimal digits in JSON."""


class Status(StrEnum):
    """Where an incident stands (domain.md, statuses and transitions)."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Tell whether work is still owed: neither resolved, closed nor cancelled."""
        return self not in FINISHED


FINISHED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})


class PendingReason(StrEnum):
    """Whom or what a pending incident waits for."""

    CALLER = "caller"
    VENDOR = "vendor"
    CHANGE = "change"
    PROBLEM = "problem"
    SCHEDULED = "scheduled"


class Channel(StrEnum):
    """How the incident reached the desk."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    WALK_IN = "walk_in"
    PORTAL = "portal"
    MONITORING = "monitoring"
    IMPORT = "import"
    IVR = "ivr"
    DIRECT = "direct"


class Outcome(StrEnum):
    """How the incident ended: the first closure code."""

    FIXED = "fixed"
    WORKAROUND = "workaround"
    NO_FAULT_FOUND = "no_fault_found"
    CANNOT_REPRODUCE = "cannot_reproduce"
    RESOLVED_BY_CALLER = "resolved_by_caller"
    DUPLICATE = "duplicate"
    NOT_AN_INCIDENT = "not_an_incident"


class FixType(StrEnum):
    """What was done: the second closure code."""

    ASSISTANCE = "assistance"
    BUG_FIX = "bug_fix"
    HARDWARE_REPAIR = "hardware_repair"
    SOFTWARE_PATCH = "software_patch"
    SYSTEM_UPDATE = "system_update"
    CONFIGURATION_CHANGE = "configuration_change"
    TRAINING = "training"
    OTHER = "other"


class CauseClass(StrEnum):
    """What kind of thing was the cause: the third closure code; undetermined is an answer too."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    CONFIGURATION = "configuration"
    CAPACITY = "capacity"
    NETWORK = "network"
    POWER = "power"
    HUMAN = "human"
    THIRD_PARTY = "third_party"
    SECURITY = "security"
    UNDETERMINED = "undetermined"


class CancelReason(StrEnum):
    """Why an incident was cancelled."""

    DUPLICATE = "duplicate"
    UNNECESSARY = "unnecessary"
    NOT_AN_INCIDENT = "not_an_incident"


class EntryKind(StrEnum):
    """What a timeline entry tells; the filter by kind groups them (ux.md 2.4)."""

    CREATED = "created"
    IMPORTED = "imported"
    NOTE = "note"
    REPLY = "reply"
    CHANGE = "change"
    STATUS = "status"
    FILE = "file"
    LINK = "link"
    MERGE = "merge"
    TOLD = "told"
    CHECK = "check"
    TIME = "time"
    UNDO = "undo"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to another entity: its id and the name to show."""

    id: EntityId
    name: str

    def __str__(self) -> str:
        return self.name


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
    reopen_count: int = 0
    reassignment_count: int = 0
    outage: bool = False
    outcome: Outcome | None = None
    fix_type: FixType | None = None
    cause_class: CauseClass | None = None
    cancel_reason: CancelReason | None = None
    detection: str = ""
    root_cause: str = ""
    contributing_factors: str = ""
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
