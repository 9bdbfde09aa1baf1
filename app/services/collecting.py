"""The thread that fetches mail while the team's lease is held here, and says how that goes.

It has a desk of its own. A mail that cannot be fetched now waits on its server: the pause grows,
and the reason stands among the health notes until fetching works again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import KnownError, StoreError
from app.services import health, lease, mail_fetching, mail_twins, mailbox_settings
from app.storage import station_rows
from app.system.faults import MachineError
from app.system.waking_thread import WakingThread

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """How fetching stands: the state, a sentence about it, and what has just been taken."""

    state: str
    text: str = ""
    taken: tuple[Taken, ...] = ()


def collect(desk: Desk, *, always: bool = False) -> Collected:
    """Fetch once if this station is the one to do it; `always`: though it is not switched on.

    Raises:
        StoreError: the profile cannot be written.
    """
    if not (always or mailbox_settings.is_wanted(desk)):
        health.note_problem(desk, health.MAIL_PROBLEM, "")
        lease.release(desk, lease.MAIL)
        return Collected(OFF)
    if not lease.held(desk, lease.MAIL):
        health.note_problem(desk, health.MAIL_PROBLEM, "")
        return Collected(ELSEWHERE, _elsewhere(desk))
    try:
        mail_twins.join_twins(mail_fetching.as_mailbox(desk))
        server = mailbox_settings.mailbox_of(desk)
        taken = mail_fetching.fetch(desk, server, most=AT_ONCE)
    except (KnownError, MachineError) as error:
        if isinstance(error, StoreError):
            raise
        health.note_problem(desk, health.MAIL_PROBLEM, error.message)
        return Collected(FAILED, error.message)
    health.note_problem(desk, health.MAIL_PROBLEM, "")
    return Collected(FETCHED, f"{server.user} at {server.host}", tuple(taken))


def _elsewhere(desk: Desk) -> str:
    """Say who fetches, "" while this station's own claim is on its way."""
    found = lease.holder(desk, lease.MAIL)
    if found is None or found.here:
        return ""
    name = station_rows.name_of(desk.connection, found.station)
    return name or f"workstation {station_rows.code_of(found.station)}"


class Collector(WakingThread):
    """One thread for one profile.

    Args:
        open_desk: opens a desk for the thread.
        told: told how each try went, on the thread.
        always: fetch whether or not this computer is switched on for it (`intake serve`).
    """

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        told: Callable[[Collected], None],
        *,
        always: bool = False,
    ) -> None:
        self._open_desk, self._told, self._always = open_desk, told, always
        super().__init__("mailbox")
        self._pause_s = POLL_S

    def _run(self) -> None:
        desk = self._open_desk()
        try:
            while not self._stopped.is_set():
                self._wanted.clear()
                self._wanted.wait(self._try(desk))
            lease.release(desk, lease.MAIL)
        except KnownError as error:  # the lease ends by itself
            _log.info("The lease could not be given up: %s", error.message)
        finally:
            desk.close()

    def _try(self, desk: Desk) -> float:
        """Try once; return the seconds until the next try."""
        try:
            done = collect(desk, always=self._always)
        except KnownError as error:  # the store is busy or gone; the window says so itself
            _log.info("No mail can be taken in now: %s", error.message)
            return LOOK_S
        except Exception:
            # A bug with one mail must not end fetching for the day; it stays unseen there.
            _log.exception("a mail could not be taken in")
            done = Collected(
                FAILED, "The program has a bug in fetching mail. The mails stay there."
            )
        self._told(done)
        if done.state == FAILED:
            self._pause_s = min(self._pause_s * 2, LONGEST_S)
            return self._pause_s
        self._pause_s = POLL_S
        if done.state != FETCHED:
            return LOOK_S
        return 0.0 if len(done.taken) >= AT_ONCE else POLL_S
