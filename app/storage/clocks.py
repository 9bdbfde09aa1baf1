"""The SLA clocks of incidents: told for one of them, and kept in columns for lists.

The columns are derived: from the rows, the journal's status periods and the team's rules. What a
finished incident's clock came to is a fact of the journal (`response_result`, `resolution_result`),
so that no later edit of a calendar or target rewrites it (domain.md, SLA clocks).
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.domain import sla
from app.domain.incident import PendingReason, Status
from app.domain.incident_record import ClockState, Incident, StatusPeriod
from app.domain.instants import from_ms_or_none, to_ms
from app.domain.journal_entry import canonical, decoded
from app.domain.priority import parse_priority
from app.domain.sla import EarlierTarget
from app.storage import record_clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    import apsw

    from app.storage.store import Store
    from app.storage.team_rules import TeamRules


def with_move(
    incident: Incident, target: Status, reason: PendingReason | None, at: datetime
) -> Incident:
    """Return the incident with the period that a move to `target` begins."""
    periods = list(incident.periods)
    if periods:
        periods[-1] = replace(periods[-1], left_at=at)
    periods.append(StatusPeriod(target, reason if target is Status.PENDING else None, at, None))
    return replace(incident, periods=tuple(periods))


def response(rules: TeamRules, incident: Incident, at: datetime, *, trace: bool) -> ClockState:
    """Return the response clock: it stops at the first acknowledgement or answer."""
    target = rules.target(incident.priority, "response")
    stops = [s for s in (incident.acknowledged_at, incident.first_response_at) if s is not None]
    return sla.response_clock(
        target.seconds,
        target.calendar,
        incident.registered_at,
        min(stops) if stops else None,
        at,
        cancelled_at=incident.cancelled_at,
        earlier=_earlier(rules, incident, "response"),
        warn_percent=rules.warn_percent,
        trace=trace,
        target_text=target.text,
    )


def resolution(rules: TeamRules, incident: Incident, at: datetime, *, trace: bool) -> ClockState:
    """Return the resolution clock as it stood at `at`."""
    target = rules.target(incident.priority, "resolution")
    finished = incident.status in {Status.RESOLVED, Status.CLOSED}
    told = any(p.status in {Status.RESOLVED, Status.CLOSED} for p in incident.periods)
    return sla.resolution_clock(
        target.seconds,
        target.calendar,
        incident.registered_at,
        incident.periods,
        at,
        stopped_at=incident.resolved_at if finished and not told else None,
        pausing=rules.pausing,
        earlier=_earlier(rules, incident, "resolution"),
        warn_percent=rules.warn_percent,
        trace=trace,
        target_text=target.text,
    )


def _earlier(rules: TeamRules, incident: Incident, clock: str) -> list[EarlierTarget]:
    """Return the targets before each change of priority, where the timeline was read along.

    They tell a breach that the passing of time made from one that a change of priority made.
    """
    found = []
    for entry in incident.timeline:
        for change in entry.changes:
            if change.field == "priority" and change.old:
                target = rules.target(parse_priority(change.old), clock)
                found.append(EarlierTarget(entry.at, target.seconds, target.calendar))
    return found


def results_of_move(
    rules: TeamRules, before: Incident, after: Incident, at: datetime
) -> dict[str, Any]:
    """Return the clock results that a move makes final, or takes back by reopening."""
    results: dict[str, Any] = {}
    open_response = before.acknowledged_at is None and before.first_response_at is None
    if open_response and (after.acknowledged_at is not None or after.cancelled_at is not None):
        results["response_result"] = _packed(rules, "response", after, at)
    if after.status in {Status.RESOLVED, Status.CANCELLED}:
        results["resolution_result"] = _packed(rules, "resolution", after, at)
    elif before.status in {Status.RESOLVED, Status.CLOSED} and after.status is Status.IN_PROGRESS:
        results["resolution_result"] = None
    return results


def response_result(rules: TeamRules, incident: Incident, answered_at: datetime) -> str:
    """Return the final response clock of an incident whose requester is first answered now."""
    answered = replace(incident, first_response_at=answered_at)
    return _packed(rules, "response", answered, answered_at)


def _packed(rules: TeamRules, clock: str, incident: Incident, at: datetime) -> str:
    state = (response if clock == "response" else resolution)(rules, incident, at, trace=True)
    calendar = rules.target(incident.priority, clock).calendar
    # Written only where it is true: results of before the flag was kept read the same.
    flag = {"retroactive": True} if state.retroactive else {}
    return canonical(
        {
            **flag,
            "target_s": state.target_s,
            "due_at": None if state.due_at is None else to_ms(state.due_at),
            "warn_at": None if state.warn_at is None else to_ms(state.warn_at),
            "counted_s": state.counted_s,
            "paused_s": state.paused_s,
            "stopped_at": None if state.stopped_at is None else to_ms(state.stopped_at),
            "met": state.met,
            "breached": state.breached,
            "calendar": calendar.name,
            "calendar_version": calendar.version,
            "trace": list(state.trace),
        }
    )


_DONE = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
"""Only in these a stored result counts: another station may have gone on with the incident."""


def unpacked(text: str | None) -> ClockState | None:
    """Read a stored result back; None when there is none."""
    if not text:
        return None
    facts = json.loads(text)
    target = facts["target_s"]
    return ClockState(
        target_s=target,
        due_at=from_ms_or_none(facts["due_at"]),
        warn_at=from_ms_or_none(facts["warn_at"]),
        counted_s=facts["counted_s"],
        paused_s=facts["paused_s"],
        paused=False,
        stopped_at=from_ms_or_none(facts["stopped_at"]),
        met=facts["met"],
        breached=facts["breached"],
        remaining_s=None if target is None else target - facts["counted_s"],
        retroactive=facts.get("retroactive", False),
        trace=tuple(facts["trace"]),
    )


def states(
    connection: apsw.Connection, rules: TeamRules, incident: Incident, at: datetime
) -> tuple[ClockState, ClockState]:
    """Return response and resolution clock of an incident with their traces."""
    row = connection.execute(
        "SELECT d.response_result, d.resolution_result FROM incident i "
        "JOIN incident_detail d ON d.id = i.id WHERE i.uid = ?",
        (incident.id,),
    ).get
    stored_response, stored_resolution = row if row is not None else (None, None)
    live_response = partial(response, rules, incident, at, trace=True)
    live_resolution = partial(resolution, rules, incident, at, trace=True)
    final = stored_resolution if incident.status in _DONE else None
    return (
        _explained(unpacked(stored_response), live_response),
        _explained(unpacked(final), live_resolution),
    )


def _explained(stored: ClockState | None, live: Callable[[], ClockState]) -> ClockState:
    """Return a stored result; one without a trace gets it where the rules still give the same."""
    if stored is None:
        return live()
    if stored.trace:
        return stored
    again = live()
    same = (again.target_s, again.due_at, again.counted_s) == (
        stored.target_s, stored.due_at, stored.counted_s
    )  # fmt: skip
    return replace(stored, trace=again.trace) if same else stored


RELEVANT = frozenset(
    [
        "status",
        "priority",
        "pending_reason",
        "registered_at",
        "acknowledged_at",
        "first_response_at",
        "resolved_at",
        "closed_at",
        "cancelled_at",
        "response_result",
        "resolution_result",
        "deleted",
    ]
)
"""A change of one of these fields moves a clock."""

_FACTS = (
    "status", "priority", "registered_at", "acknowledged_at", "first_response_at", "resolved_at",
    "cancelled_at", "response_result", "resolution_result",
)  # fmt: skip
_NAMES = ("id", "periods", *_FACTS)
_SELECT = f"""SELECT i.id, d.periods, {", ".join(_FACTS)} FROM incident i
    JOIN incident_detail d ON d.id = i.id WHERE """
_UPDATE = f"UPDATE incident SET {', '.join(f'{c} = ?' for c in record_clocks.COLUMNS)} WHERE id = ?"


def refresh(
    connection: apsw.Connection, rules: TeamRules, uids: Iterable[bytes], now_ms: int
) -> None:
    """Bring the clock columns of these incidents up to date."""
    rows = (connection.execute(_SELECT + "i.uid = ?", (uid,)).get for uid in uids)
    connection.executemany(
        _UPDATE, [_columns(rules, row, now_ms) for row in rows if row is not None]
    )


def follow_rules(store: Store, before: TeamRules, touched: Iterable[bytes], now_ms: int) -> None:
    """Bring clocks up to rows of the catalogue that were just written, and those of `touched`.

    Most such rows move no clock: a setting of another thing, or the defaults that each station
    names by itself. Only other targets, calendars or pauses than `before` move all open ones.
    """
    rules = store.rules()
    if not rules.time_alike(before):
        refresh_open(store.connection, rules, now_ms)
    refresh(store.connection, rules, touched, now_ms)


def refresh_open(connection: apsw.Connection, rules: TeamRules, now_ms: int) -> int:
    """Bring all open incidents up to date after calendars or targets were edited."""
    rows = connection.execute(_SELECT + "i.is_open = 1 AND i.deleted = 0").fetchall()
    connection.executemany(_UPDATE, [_columns(rules, row, now_ms) for row in rows])
    return len(rows)


def facts(connection: apsw.Connection, uid: bytes) -> dict[str, Any] | None:
    """Return what the clocks of an incident follow from, with its row id; None without a row."""
    row: Any = connection.execute(_SELECT + "i.uid = ?", (uid,)).get
    return None if row is None else dict(zip(_NAMES, row, strict=True))


def moved(rules: TeamRules, now_ms: int, known: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Return the clock columns that follow from `facts`, as an edit is about to leave them.

    It writes them in the same statement, which is the dearest one that it has.
    """
    rows = decoded(known["periods"])
    columns, _ = record_clocks.settle(rules, known, known["registered_at"], rows, now_ms)
    return zip(record_clocks.COLUMNS, columns, strict=True)


def _columns(rules: TeamRules, row: tuple[Any, ...], now_ms: int) -> tuple[Any, ...]:
    known = dict(zip(_NAMES, row, strict=True))
    return (*(told for _, told in moved(rules, now_ms, known)), known["id"])
