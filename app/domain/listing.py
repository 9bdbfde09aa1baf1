"""What a list of incidents is made of: the query, its groups and the plain rows that are painted.

Rows are tuples of plain values (speed.md: `data()` is asked thousands of times a frame); instants
in them are milliseconds since 1970 in UTC, 0 for none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    OwnValue = str | int | float | bool | date
    """What one of the team's own fields holds."""


class Group(NamedTuple):
    """One band of the list: its key, how many rows it holds, and the label for people."""

    key: str
    label: str
    count: int  # type: ignore[assignment]  # the plain word; tuple.count is not needed


class ListRow(NamedTuple):
    """One incident as a list shows it."""

    id: bytes
    number: str
    title: str
    priority: str
    status: str
    pending_reason: str
    registered_ms: int
    updated_ms: int
    due_ms: int
    """When the resolution clock falls due; 0 while paused, stopped or without a target."""
    paused: bool
    stopped: bool
    breached: bool
    assignee: str
    team: str
    requester: str
    category: str
    service: str
    ci: str
    location: str
    impact: int
    urgency: int
    severity: int
    channel: str
    tags: str
    major: bool
    unread: bool
    conflict: bool
    custom: tuple[tuple[str, OwnValue], ...] = ()
    """The team's own fields that the query asked for, by name; those without a value are absent."""


class ListQuery(NamedTuple):
    """What a view asks for: a line of the filter language, and how to group and sort.

    `group` is "sla", "status", "priority", "assignee", "team", "category" or "" (one flat list).
    `sort` names a column ("sla", "registered", "updated", "priority", "number", "title", "status",
    "assignee"), with "-" before it for descending. `custom` names the team's own fields to read
    into the rows; without any, nothing more is read.
    """

    text: str = ""
    group: str = "sla"
    sort: str = "sla"
    custom: tuple[str, ...] = ()


SLA_GROUPS = ("breached", "due_1h", "due_today", "later", "no_target", "paused", "finished")
"""Groups of the queue in the order of work (ux.md: the list is the order of work)."""
