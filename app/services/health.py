"""What people are to know of sharing: how it stands when something is wrong, and what happened.

Every line of the fault table (sync.md) that says something ends up here, with its instant. It is
read from this profile alone: no share and no server is asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import HubError
from app.services import sharing
from app.storage import exchange_rows
from app.storage import sharing as share

if TYPE_CHECKING:
    from app.domain.errors import KnownError
    from app.services.desk import Desk

WELL = frozenset({"in_sync", "not_shared", "not_synced"})
"""States in which nothing is wrong."""
PAST = frozenset(
    {"forged", "copied", "forked", "restored", "epoch", "clock", "number", "snapshot", "repaired"}
)
"""Kinds of notes that somebody has read and is done with; others go when their cause does."""
STOPPED = "The last exchange was stopped. Synchronise now to hear why."
"""What is said of an error of an earlier run, whose sentence is not kept."""


MAIL_PROBLEM = "mail.problem"
"""Under it stands why this workstation cannot fetch mail, after the instant; gone when it can.

Behind a colon goes the key of a further mailbox.
"""

ALERTS_PROBLEM = "alerts.problem"
"""Under it stands why this workstation cannot listen for alerts, in the same form."""

REPORTS_PROBLEM = "reports.problem"
"""Under it stands why this workstation cannot read users' reports, in the same form."""
_PROBLEMS = (
    ("listener", ALERTS_PROBLEM),
    ("mailbox", MAIL_PROBLEM),
    ("reports", REPORTS_PROBLEM),
)


class HealthNote(NamedTuple):
    """One thing to know: its kind, the sentence, since when, and the station it is about if any."""

    kind: str
    text: str
    at: datetime
    station: str | None = None


def notes(desk: Desk, error: KnownError | None = None) -> list[HealthNote]:
    """Return what is to be known, what is wrong now first, then the newest.

    `error` is what ended the last exchange, if anything did; its sentence says more than the state.
    """
    told = sharing.status(desk)
    found = [
        HealthNote(one["kind"], one["text"], datetime.fromisoformat(one["at"]), one["station"])
        for one in reversed(told["health"])
    ]
    for kind, key in _PROBLEMS:
        for problem in filter(None, desk.store.locals(key).values()):
            at, _, sentence = str(problem).partition(" ")
            found.insert(0, HealthNote(kind, sentence, datetime.fromisoformat(at)))
    state = told["state"] if error is None else error.code
    if state in WELL:
        return found
    at_ms = int(desk.store.local(share.STATE_AT, desk.store.now_ms()))
    text = sharing.sentence(told) if error is None else error.message
    if error is None and state not in sharing.STATES:
        text = STOPPED
    return [HealthNote(state, text, datetime.fromisoformat(sharing.instant(at_ms))), *found]


def note_problem(desk: Desk, key: str, problem: str) -> None:
    """Keep under a key why something does not work here and since when, or "" that it does."""
    known = str(desk.store.local(key, "")).partition(" ")[2]
    if known != problem:
        at = desk.now().isoformat(timespec="seconds")
        with desk.store.writing():
            desk.store.set_local(key, f"{at} {problem}" if problem else "")


def dismiss(desk: Desk, note: HealthNote) -> bool:
    """Forget a note that was read; False for one that goes only with its cause."""
    if note.kind not in PAST:
        return False
    with desk.store.known_errors(), desk.store.database.atomic("IMMEDIATE"):
        return exchange_rows.forget(desk.connection, note.kind, note.text)


def publish_again(desk: Desk) -> dict[str, object]:
    """Publish everything again where the profile shares: the place was wiped.

    Raises:
        WrongHubError: another team is there.
        HubError: the hub is away or refuses.
    """
    place = sharing.place(desk)
    if not place:
        raise HubError("This profile shares with nobody, so there is nowhere to publish.")
    return sharing.rebuild(desk, place)
