"""What people are notified of: which facts are worth it, each told once, and when it is shown.

Pure: rows, clocks and instants (ms) go in, notices come out. What was told already is an argument,
so that nothing is told twice, not even after a restart (ux.md 6, notifications).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.incident import EntryKind
from app.domain.instants import to_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import time

    from app.domain.incident_record import ClockState, Incident
    from app.domain.standing import Standing

EVERY_MS: Final = 30_000
"""At most one notification is shown in so long; what comes meanwhile goes together."""
SYNC_STOPPED_MS: Final = 15 * 60 * 1000
"""So long sharing may stand still before people are told."""
LONGEST_STEP_MS: Final = 60_000
"""Most of the time between two looks counts: a laptop that slept was not waiting for its share."""
_EXCERPT: Final = 160


class NotificationKind(StrEnum):
    """Why somebody is notified; each can be switched off (`notifications.kinds`)."""

    ASSIGNED = "assigned"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    REPLY = "reply"
    MAJOR = "major"
    UPDATE_LATE = "update_late"
    ACTION_OVERDUE = "action_overdue"
    SYNC_STOPPED = "sync_stopped"
    NEW_VERSION = "new_version"


URGENCY: Final = (
    NotificationKind.SLA_BREACH,
    NotificationKind.MAJOR,
    NotificationKind.UPDATE_LATE,
    NotificationKind.SYNC_STOPPED,
    NotificationKind.SLA_WARNING,
    NotificationKind.ACTION_OVERDUE,
    NotificationKind.ASSIGNED,
    NotificationKind.REPLY,
    NotificationKind.NEW_VERSION,
)
"""The order in which several are told together: what cannot wait comes first."""


class Notice(NamedTuple):
    """One thing to tell; `incident` is its id in hex, "" for none.

    `who` did it, `text` is the beginning of what was written (`by_caller`: by the requester);
    A new version stands in `number`, `address` is that of its page.
    `clock` and `due_ms` are of an SLA clock, `retroactive` when a new priority made the breach.
    """

    kind: NotificationKind
    at_ms: int
    incident: str = ""
    number: str = ""
    title: str = ""
    who: str = ""
    text: str = ""
    clock: str = ""
    due_ms: int = 0
    retroactive: bool = False
    by_caller: bool = False
    seen: bool = False
    address: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return what `from_data` reads again."""
        return self._asdict()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Notice:
        """Read a notice that was kept; raises ValueError or TypeError for one that is none."""
        return cls(**{**data, "kind": NotificationKind(data["kind"])})


class Subject(NamedTuple):
    """The incident that a row is about, as it stands now."""

    id: str
    number: str
    title: str
    is_open: bool
    assignee: str
    major: bool
    requester: str


class News(NamedTuple):
    """A row of the journal that somebody wrote, with the incident it belongs to."""

    kind: str
    op: str
    field: str
    value: Any
    author: str
    author_name: str
    at_ms: int
    subject: Subject


def of_news(news: News, me: str, begun_ms: int) -> tuple[Notice, ...]:
    """Return what a row is worth telling to the person whose id (hex) is `me`.

    What is older than `begun_ms`, the beginning of notifications here, is history. What was true
    for a moment only (assigned to me, then to somebody else) is told to nobody.
    """
    about = news.subject
    if news.author == me or news.at_ms < begun_ms:
        return ()
    value = news.value if isinstance(news.value, dict) else {}
    first = Notice(
        NotificationKind.ASSIGNED, news.at_ms, about.id, about.number, about.title, news.author_name
    )
    found = []
    created = news.kind == "incident" and news.op == "create"
    if created and (value.get("imported") or value.get("history")):
        return ()
    named = value if created else {news.field: news.value}
    if news.kind == "incident" and about.is_open:
        if about.assignee == me and named.get("assignee") == me:
            found.append(first)
        if about.major and named.get("major") is True:
            found.append(first._replace(kind=NotificationKind.MAJOR))
    elif news.kind == "note" and about.assignee == me and _is_written(value):
        words = " ".join(str(value.get("text", "")).split())
        text = words if len(words) <= _EXCERPT else words[: _EXCERPT - 1].rstrip() + "…"
        by_caller = news.author == about.requester
        found.append(first._replace(kind=NotificationKind.REPLY, text=text, by_caller=by_caller))
    return tuple(found)


def _is_written(note: Mapping[str, Any]) -> bool:
    """Tell a note that somebody wrote now from reasons of a move and from imported history."""
    return "author" not in note and note.get("kind", "note") in {EntryKind.NOTE, EntryKind.REPLY}


class Crossing(NamedTuple):
    """What of a clock has to be told, and the keys under which that is told for ever."""

    notice: Notice | None
    keys: frozenset[str]


def of_clock(
    incident: Incident,
    clock: str,
    state: ClockState,
    *,
    now_ms: int,
    begun_ms: int,
    told: AbstractSet[str],
) -> Crossing:
    """Tell a clock that was warned of or breached since notifications began, and was not told.

    A clock that is paused or stopped tells nothing. A change of the target is a new clock to tell
    of; a pause, an edit of the calendar or a reopening is not (domain.md, SLA clocks).
    """
    nothing = Crossing(None, frozenset())
    if state.target_s is None or state.due_at is None or state.paused or state.stopped_at:
        return nothing
    warning, breach = f"{clock}:{state.target_s}:warning", f"{clock}:{state.target_s}:breach"
    due_ms = to_ms(state.due_at)
    warn_ms = due_ms if state.warn_at is None else to_ms(state.warn_at)
    if state.breached or now_ms > due_ms:
        kind, at_ms, keys = NotificationKind.SLA_BREACH, due_ms, frozenset({warning, breach})
        known = breach in told
    elif now_ms >= warn_ms:
        kind, at_ms, keys = NotificationKind.SLA_WARNING, warn_ms, frozenset({warning})
        known = warning in told or breach in told
    else:
        return nothing
    at_ms = max(at_ms, _known_since_ms(incident))
    if known or at_ms < begun_ms:
        return nothing
    return Crossing(
        Notice(
            kind,
            at_ms,
            incident.id.hex(),
            incident.number,
            incident.title,
            clock=clock,
            due_ms=due_ms,
            retroactive=state.retroactive,
        ),
        keys,
    )


def _known_since_ms(incident: Incident) -> int:
    """Return since when this clock could be known of: logged late, or given another priority."""
    known = 0
    for entry in incident.timeline:
        if entry.kind is EntryKind.CREATED or any(c.field == "priority" for c in entry.changes):
            known = max(known, to_ms(entry.recorded_at))
    return known


class SyncWatch(NamedTuple):
    """For how long sharing has stood still while somebody looked, and whether that was told."""

    stopped_ms: int = 0
    looked_ms: int = 0
    told: bool = False


def watch_sync(
    before: SyncWatch, standing: Standing, last_ms: int, now_ms: int
) -> tuple[SyncWatch, Notice | None]:
    """Count on, and tell once when sharing has stopped for 15 minutes.

    `last_ms` is when an exchange last ended; one that hangs leaves the state as it was.
    """
    runs = standing.state == "in_sync" and now_ms - last_ms < 2 * LONGEST_STEP_MS
    if not standing.shared or runs or standing.state == "waiting_for_approval":
        return SyncWatch(0, now_ms), None
    step = min(max(now_ms - before.looked_ms, 0), LONGEST_STEP_MS) if before.looked_ms else 0
    after = before._replace(stopped_ms=before.stopped_ms + step, looked_ms=now_ms)
    if after.told or after.stopped_ms < SYNC_STOPPED_MS:
        return after, None
    words = "" if standing.state == "in_sync" else standing.sentence
    notice = Notice(NotificationKind.SYNC_STOPPED, now_ms, text=words)
    return after._replace(told=True), notice


@dataclass(slots=True)
class Pacing:
    """Holds notices back so that they come together, and seldom."""

    waiting: tuple[Notice, ...] = ()
    shown_ms: int | None = None

    def add(self, notices: Iterable[Notice]) -> None:
        """Take notices that are to be shown."""
        self.waiting = (*self.waiting, *notices)

    def drop(self) -> None:
        """Forget what waits: the list holds it, and somebody has read it there."""
        self.waiting = ()

    def take(self, now_ms: int, *, silent: bool) -> tuple[Notice, ...]:
        """Return all that is to be shown now as one, the most urgent first; () for not yet.

        While it is `silent` (paused, quiet hours) everything waits for the end of it.
        """
        early = self.shown_ms is not None and 0 <= now_ms - self.shown_ms < EVERY_MS
        if silent or early or not self.waiting:
            return ()
        found = sorted(self.waiting, key=lambda one: (URGENCY.index(one.kind), one.at_ms))
        self.waiting, self.shown_ms = (), now_ms
        return tuple(found)


def is_quiet(hours: str, local: time) -> bool:
    """Tell whether a time of day lies in quiet hours such as 22:00-06:00; "" is never quiet."""
    start, dash, end = hours.partition("-")
    if not dash:
        return False
    first, last = _minutes(start), _minutes(end)
    now = local.hour * 60 + local.minute
    return first <= now < last if first <= last else now >= first or now < last


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return int(hours) * 60 + int(minutes)
