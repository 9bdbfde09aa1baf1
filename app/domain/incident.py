"""The codes of an incident and what names it, as plain values; its record is `incident_record`.

Words, codes and instants are those of domain.md; names of fields are those of cli.md. Instants are
aware UTC datetimes with the suffix `_at`; durations are seconds with the suffix `_s`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

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
    UPDATE = "update"
    CHECK = "check"
    TIME = "time"
    UNDO = "undo"
    REPORT = "report"
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to another entity: its id and the name to show."""

    id: EntityId
    name: str

    def __str__(self) -> str:
        return self.name
