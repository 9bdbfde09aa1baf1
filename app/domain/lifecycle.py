"""Say which status may follow which, what must be given for it and which instants it stamps.

Source of the rules: domain.md, Statuses and transitions. Anything that the table does not list is
refused with the allowed moves named. Undoing (also of a cancellation) is a new fact of the journal
and not a move, so it is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import InvalidInputError, TransitionRefusedError
from app.domain.incident import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.incident import CancelReason, PendingReason
    from app.domain.incident_record import Incident

MOVES: Final[Mapping[Status, tuple[Status, ...]]] = {
    Status.NEW: (Status.ASSIGNED, Status.IN_PROGRESS, Status.CANCELLED),
    Status.ASSIGNED: (Status.IN_PROGRESS, Status.PENDING, Status.RESOLVED, Status.CANCELLED),
    Status.IN_PROGRESS: (Status.ASSIGNED, Status.PENDING, Status.RESOLVED, Status.CANCELLED),
    Status.PENDING: (Status.IN_PROGRESS, Status.RESOLVED, Status.CANCELLED),
    Status.RESOLVED: (Status.CLOSED, Status.IN_PROGRESS),
    Status.CLOSED: (Status.IN_PROGRESS,),
    Status.CANCELLED: (),
}
"""Every move there is (domain.md); a reopening is a move from resolved or closed to in progress."""

REOPEN_WINDOW: Final = timedelta(days=7)
"""How long after closing an incident may be reopened, by default: calendar days, elapsed time."""

STATUS_LABELS: Final = {status: status.value.replace("_", " ").title() for status in Status}

FACT_LABELS: Final = {
    "assignee": "an assignee or a team",
    "reason": "a reason",
    "pending_reason": "a reason (caller, vendor, change, problem or scheduled)",
    "follow_up_at": "a follow-up date",
    "outcome": "an outcome",
    "fix_type": "a fix type",
    "cause_class": "a cause class",
    "resolution": "resolution notes",
    "cancel_reason": "a reason (duplicate, unnecessary or not an incident)",
}
"""What a required fact is called in a sentence, by the field that holds it."""


KEPT_FACTS: Final[Mapping[Status, tuple[str, ...]]] = {
    Status.PENDING: ("follow_up_at",),
    Status.RESOLVED: ("outcome", "fix_type", "cause_class", "resolution"),
    Status.CLOSED: ("outcome", "fix_type", "cause_class", "resolution"),
}
"""What had to be given for a status and stays given while it lasts."""

CODE_FIELDS: Final = ("outcome", "fix_type", "cause_class")
"""The closure codes of an incident."""

_HOLDERS: Final = frozenset({"assignee", "team"})
NEEDED: Final = _HOLDERS.union(*KEPT_FACTS.values())
"""Fields that some status cannot do without."""

_HELD: Final = (Status.ASSIGNED, Status.IN_PROGRESS, Status.PENDING)
"""Somebody has the incident in these."""


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a move; what the incident already holds need not be given again.

    `reason` is the free text of a re-route or a reopening. `assignee` and `team` are the new ones
    of the same action, in any form: only whether there is one matters here.
    """

    reason: str = ""
    assignee: object | None = None
    team: object | None = None
    pending_reason: PendingReason | None = None
    follow_up_at: datetime | None = None
    outcome: str | None = None
    fix_type: str | None = None
    cause_class: str | None = None
    resolution: str = ""
    cancel_reason: CancelReason | None = None


NOTHING: Final = Given()


def allowed_moves(status: Status) -> tuple[Status, ...]:
    """List the statuses that may follow, in the order in which menus show them."""
    return MOVES[status]


def is_reopening(current: Status, target: Status) -> bool:
    """Tell whether the move takes a finished incident back to work."""
    return target is Status.IN_PROGRESS and current in (Status.RESOLVED, Status.CLOSED)


def may_reopen(closed_at: datetime | None, at: datetime, window: timedelta = REOPEN_WINDOW) -> bool:
    """Tell whether a closed incident is inside its reopen window (the last instant counts)."""
    return closed_at is None or at - closed_at <= window


def missing_facts(facts: Incident, target: Status, given: Given = NOTHING) -> tuple[str, ...]:
    """Name the fields that this move still needs, in the order in which a dialog asks for them."""
    current = facts.status
    if target in (Status.ASSIGNED, Status.IN_PROGRESS) and current is Status.NEW:
        someone = given.assignee or given.team or facts.assignee or facts.team
        return () if someone else ("assignee",)
    if (current is Status.IN_PROGRESS and target is Status.ASSIGNED) or is_reopening(
        current, target
    ):
        return () if given.reason.strip() else ("reason",)
    if target is Status.PENDING:
        needed: tuple[tuple[str, object], ...] = (
            ("pending_reason", given.pending_reason),
            ("follow_up_at", given.follow_up_at),
        )
    elif target is Status.RESOLVED:
        needed = (
            ("outcome", given.outcome or facts.outcome),
            ("fix_type", given.fix_type or facts.fix_type),
            ("cause_class", given.cause_class or facts.cause_class),
            ("resolution", given.resolution.strip() or facts.resolution.strip()),
        )
    elif target is Status.CANCELLED:
        needed = (("cancel_reason", given.cancel_reason),)
    else:
        needed = ()
    return tuple(name for name, value in needed if not value)


def check_move(current: Status, target: Status) -> None:
    """Refuse a move that the table does not list, in a sentence that names the allowed ones."""
    allowed = MOVES[current]
    if target in allowed:
        return
    if not allowed:
        ways = "nothing leads out of it but undoing the cancellation"
    else:
        ways = f"from here it can move to {_listed([STATUS_LABELS[to] for to in allowed], 'or')}"
    start = (
        f"The incident is {STATUS_LABELS[current]} already"
        if current is target
        else f"The incident is {STATUS_LABELS[current]} and cannot become {STATUS_LABELS[target]}"
    )
    raise TransitionRefusedError(f"{start}: {ways}.", field="status")


def check_transition(
    facts: Incident,
    target: Status,
    at: datetime,
    given: Given = NOTHING,
    *,
    reopen_window: timedelta = REOPEN_WINDOW,
) -> None:
    """Refuse a move that is not allowed, comes too late or lacks a fact.

    Raises TransitionRefusedError; its `field` is "status" or the first field that is missing.
    """
    check_move(facts.status, target)
    if facts.status is Status.CLOSED and not may_reopen(facts.closed_at, at, reopen_window):
        raise TransitionRefusedError(
            f"The incident was closed more than {_days(reopen_window)} ago and can no longer be "
            "reopened: log a new incident and link it to this one.",
            field="status",
        )
    missing = missing_facts(facts, target, given)
    if missing:
        what = _listed([FACT_LABELS[name] for name in missing], "and")
        verb = "reopen" if is_reopening(facts.status, target) else "move"
        where = "" if verb == "reopen" else f" to {STATUS_LABELS[target]}"
        raise TransitionRefusedError(
            f"To {verb} the incident{where}, give {what}.", field=missing[0]
        )


def transition(
    facts: Incident,
    target: Status,
    at: datetime,
    given: Given = NOTHING,
    *,
    reopen_window: timedelta = REOPEN_WINDOW,
) -> dict[str, Any]:
    """Return the fields of Incident that the move sets, by name; nothing else changes.

    A change of assignee or team is a field of its own: see `reassignment`. A reopening keeps the
    closure codes and notes (they are offered again) and takes back the verification.

    Raises TransitionRefusedError as `check_transition` does.
    """
    check_transition(facts, target, at, given, reopen_window=reopen_window)
    current = facts.status
    fields: dict[str, Any] = {"status": target}
    if current is Status.PENDING:
        fields |= {"pending_reason": None, "follow_up_at": None}
    # domain.md: the first move out of Assigned acknowledges. Starting work on a new one skips that
    # status, so it is the acknowledgement; a re-route or a cancellation of a new one is none.
    if facts.acknowledged_at is None and (
        current is Status.ASSIGNED or (current is Status.NEW and target is Status.IN_PROGRESS)
    ):
        fields["acknowledged_at"] = at
    if facts.first_assigned_at is None and (
        target is Status.ASSIGNED or (current is Status.NEW and target is Status.IN_PROGRESS)
    ):
        fields["first_assigned_at"] = at
    if target is Status.PENDING:
        fields |= {"pending_reason": given.pending_reason, "follow_up_at": given.follow_up_at}
    elif target is Status.RESOLVED:
        fields |= _resolved_fields(facts, at, given)
    elif target is Status.CLOSED:
        fields["closed_at"] = at
    elif target is Status.CANCELLED:
        fields |= {"cancelled_at": at, "cancel_reason": given.cancel_reason}
    elif is_reopening(current, target):
        fields |= _reopened_fields(facts)
    return fields


def reassignment(
    facts: Incident, assignee: object | None, team: object | None, at: datetime
) -> dict[str, Any]:
    """Return what a change of assignee or team sets beside them.

    It counts as one reassignment when a person or team that had the incident loses it; taking it
    from the team's queue does not (first-contact resolution, domain.md).
    """
    fields: dict[str, Any] = {}
    lost = (facts.assignee is not None and assignee != facts.assignee) or (
        facts.team is not None and team != facts.team
    )
    if lost:
        fields["reassignment_count"] = facts.reassignment_count + 1
    if facts.first_assigned_at is None and (assignee is not None or team is not None):
        fields["first_assigned_at"] = at
    return fields


def check_kept(facts: Incident, values: Mapping[str, Any]) -> None:
    """Refuse an edit that empties what the status of an incident needs (domain.md, transitions).

    What an import never brought may stay empty. Reads nothing of an incident but what is edited
    and its status. Raises InvalidInputError.
    """
    if not values.keys() & NEEDED:
        return
    lost = [
        name
        for name in KEPT_FACTS.get(facts.status, ())
        if not values.get(name, True) and getattr(facts, name)
    ]
    edits_holder = bool(values.keys() & _HOLDERS)
    if edits_holder and facts.status in _HELD and (facts.assignee or facts.team):
        someone = values.get("assignee", facts.assignee) or values.get("team", facts.team)
        lost += [] if someone else ["assignee"]
    if lost:
        what = _listed([FACT_LABELS[name] for name in lost], "and")
        raise InvalidInputError(
            f"{facts.number} needs {what} while it is {STATUS_LABELS[facts.status]}: change it "
            "instead of emptying it.",
            field=lost[0],
        )


def _resolved_fields(facts: Incident, at: datetime, given: Given) -> dict[str, Any]:
    """Return the codes as given and the instants that a resolution stamps."""
    fields: dict[str, Any] = {"resolved_at": at}
    if facts.first_resolved_at is None:
        fields["first_resolved_at"] = at
    if facts.restored_at is None:
        fields["restored_at"] = at
    for name in CODE_FIELDS:
        if getattr(given, name) is not None:
            fields[name] = getattr(given, name)
    if given.resolution.strip():
        fields["resolution"] = given.resolution
    outcome = given.outcome or facts.outcome
    if outcome == Outcome.WORKAROUND and facts.workaround_applied_at is None:
        fields["workaround_applied_at"] = at
    return fields


def _reopened_fields(facts: Incident) -> dict[str, Any]:
    """Return what a reopening takes back and counts."""
    fields: dict[str, Any] = {
        "reopen_count": facts.reopen_count + 1,
        "resolved_at": None,
        "closed_at": None,
        "verified_by": "",
        "verified_at": None,
        "verified_how": "",
    }
    # An instant of restoration that only came from resolving has turned out to be wrong; one that
    # somebody recorded earlier is a fact of its own and stays.
    if facts.restored_at is not None and facts.restored_at == facts.resolved_at:
        fields["restored_at"] = None
    return fields


def _listed(words: list[str], last: str) -> str:
    """Join words as a sentence does: "a, b or c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _days(window: timedelta) -> str:
    """Word the reopen window."""
    if window % timedelta(days=1):
        return f"{window / timedelta(hours=1):g} hours"
    return "1 day" if window.days == 1 else f"{window.days} days"
