"""The thread that fetches mail while the team's lease is held here, and says how that goes.

It has a desk of its own, and each mailbox has a lease of its own. A mail that cannot be fetched now
waits on its server: the pause of that mailbox grows, and the reason stands among the health notes
until fetching works again.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import KnownError, StoreError
from app.services import health, lease, mail_fetching, mail_twins, mailbox_settings
from app.storage import station_rows
from app.system.faults import MachineError
from app.system.waking_thread import WakingThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.mailbox import Mailbox
    from app.services.desk import Desk
    from app.services.mail_intake import Taken

_log = logging.getLogger(__name__)
OFF, ELSEWHERE, FETCHED, FAILED = "off", "elsewhere", "fetched", "failed"
POLL_S = 60.0
LOOK_S = 15.0
"""So often a station that does not fetch looks whether it is its turn."""
LONGEST_S = 600.0
AT_ONCE = 20
"""Mails that are fetched before the lease is asked for again."""


class Collected(NamedTuple):
    """How fetching from a mailbox stands: the state, a sentence about it, what was just taken."""

    state: str
    text: str = ""
    taken: tuple[Taken, ...] = ()
    mailbox: str = ""
    """The name of the mailbox; "" when none is fetched from."""


def collect(desk: Desk, box: Mailbox) -> Collected:
    """Fetch once from a mailbox if this station is the one to do it.

    Raises:
        StoreError: the profile cannot be written.
    """
    problem, what = mailbox_settings.problem_key(box), mailbox_settings.lease_of(box)
    if other := _elsewhere(desk, what):
        health.note_problem(desk, problem, "")
        return Collected(ELSEWHERE, other, mailbox=box.shown)
    server = None
    try:
        server = mailbox_settings.server_of(box)
        if not lease.held(desk, what):
            health.note_problem(desk, problem, "")
            return Collected(ELSEWHERE, _elsewhere(desk, what), mailbox=box.shown)
        mail_twins.join_twins(mail_fetching.as_mailbox(desk))
        taken = mail_fetching.fetch(desk, server, box, most=AT_ONCE)
    except (KnownError, MachineError) as error:
        if isinstance(error, StoreError):
            raise
        health.note_problem(desk, problem, error.message)
        if server is None:  # another station may have the password
            lease.release(desk, what)
        return Collected(FAILED, error.message, mailbox=box.shown)
    health.note_problem(desk, problem, "")
    return Collected(FETCHED, f"{server.user} at {server.host}", tuple(taken), box.shown)


def give_up(desk: Desk, box: Mailbox) -> None:
    """Let another station fetch from a mailbox; what was wrong with it here is forgotten.

    Raises:
        StoreError: the profile cannot be written; the lease ends by itself.
    """
    health.note_problem(desk, mailbox_settings.problem_key(box), "")
    lease.release(desk, mailbox_settings.lease_of(box))


def _elsewhere(desk: Desk, what: str) -> str:
    """Say who fetches, "" while this station's own claim is on its way."""
    found = lease.holder(desk, what)
    if found is None or found.here:
        return ""
    name = station_rows.name_of(desk.connection, found.station)
    return name or f"workstation {station_rows.code_of(found.station)}"


class _Round:
    """When each mailbox is due, and how long it rests after a failure. Seconds of `monotonic`."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._pause_s: dict[str, float] = {}

    def is_due(self, box: Mailbox) -> bool:
        """Tell whether it is to be looked at now."""
        return self._due.get(box.key, 0.0) <= monotonic()

    def done(self, box: Mailbox, result: Collected) -> None:
        """Note how a try went; a pause that follows a failure grows up to `LONGEST_S`."""
        rest_s = LOOK_S if result.state == ELSEWHERE else POLL_S
        if result.state == FAILED:
            rest_s = min(self._pause_s.get(box.key, POLL_S) * 2, LONGEST_S)
            self._pause_s[box.key] = rest_s
        else:
            self._pause_s.pop(box.key, None)
        if len(result.taken) >= AT_ONCE:
            rest_s = 0.0
        self._due[box.key] = monotonic() + rest_s

    def hurry(self) -> None:
        """Let every mailbox be due now."""
        self._due.clear()

    def rest_s(self, boxes: Sequence[Mailbox]) -> float:
        """Return how long nothing is due."""
        due = (self._due.get(one.key, 0.0) for one in boxes)
        return max(0.0, min(due, default=monotonic() + LOOK_S) - monotonic())


class Collector(WakingThread):
    """One thread for one profile, with all its mailboxes.

    Args:
        open_desk: opens a desk for the thread.
        told: told how each try went, on the thread.
        always: mailboxes, by their names, that are fetched from whether or not this computer is
            switched on for it (`intake serve`).
    """

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        told: Callable[[Collected], None],
        *,
        always: Sequence[str] = (),
    ) -> None:
        self._open_desk, self._told, self._always = open_desk, told, tuple(always)
        super().__init__("mailbox")
        self._round = _Round()
        self._boxes: list[Mailbox] = []

    def _run(self) -> None:
        desk = self._open_desk()
        if not self._always:  # what the last run held, and what was wrong in it
            self._boxes = mailbox_settings.every(desk)
        try:
            while not self._stopped.is_set():
                self._wanted.clear()
                if self._wanted.wait(self._try(desk)):
                    self._round.hurry()
            for box in self._boxes:
                lease.release(desk, mailbox_settings.lease_of(box))
        except KnownError as error:  # the lease ends by itself
            _log.info("The lease could not be given up: %s", error.message)
        finally:
            desk.close()

    def _try(self, desk: Desk) -> float:
        """Try each mailbox that is due; return the seconds until the next one is."""
        try:
            self._look(desk)
            for box in self._boxes:
                if self._round.is_due(box) and not self._stopped.is_set():
                    done = self._collect(desk, box)
                    self._round.done(box, done)
                    self._told(done)
        except KnownError as error:  # the store is busy or gone; the window says so itself
            _log.info("No mail can be taken in now: %s", error.message)
            return LOOK_S
        return self._round.rest_s(self._boxes)

    def _look(self, desk: Desk) -> None:
        """Read which mailboxes there are; give those up that are not wanted any more."""
        if self._always:
            wanted = mailbox_settings.find(desk, self._always)
        else:
            wanted = mailbox_settings.wanted(desk)
        for box in self._boxes:
            if box not in wanted:
                give_up(desk, box)
        if not wanted and (self._boxes or not self._always):
            self._told(Collected(OFF))
        self._boxes = wanted

    def _collect(self, desk: Desk, box: Mailbox) -> Collected:
        try:
            return collect(desk, box)
        except KnownError:
            raise
        except Exception:
            # A bug with one mail must not end fetching for the day; it stays unseen there.
            _log.exception("a mail could not be taken in")
            text = "The program has a bug in fetching mail. The mails stay there."
            return Collected(FAILED, text, mailbox=box.shown)
