"""The thread that takes users' report files out of a folder while the window is open.

Of several computers one does, by the team's lease. A file is moved to `done` only after its
incident is on the disk; what is no report is left to whom it concerns.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import KnownError
from app.intake.drop_folder import DropFolder
from app.intake.report_file import looks_like_report
from app.services import configuration, health, lease, report_intake
from app.system.waking_thread import WakingThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.alert_intake import Taken
    from app.services.desk import Desk

_log = logging.getLogger(__name__)
OFF, ELSEWHERE, READ, FAILED = "off", "elsewhere", "read", "failed"
LOOK_S = 5.0
"""A file is taken when it has not changed from one look to the next."""


class Looked(NamedTuple):
    """How a look into the folder went: the state, a sentence about it, what was taken."""

    state: str
    text: str = ""
    taken: tuple[Taken, ...] = ()


def folder_of(desk: Desk) -> Path | None:
    """Return the folder that this window reads; None for none, or when the listener reads it."""
    named = str(configuration.get_setting(desk, "reports.folder")).strip()
    if not named or desk.profile.is_sample:
        return None
    drop = str(configuration.get_setting(desk, "listener.drop")).strip()
    listened = bool(configuration.get_setting(desk, "listener.on")) and bool(drop)
    return None if listened and Path(drop) == Path(named) else Path(named)


def look(desk: Desk, folder: DropFolder) -> Looked:
    """Take the reports that are ready, if it is this station's turn.

    Raises:
        StoreError: the profile cannot be written; the files stay where they are.
    """
    if not folder.folder.is_dir():
        said = f"The folder of users' reports {folder.folder} cannot be read. Check its name and "
        said += "that this computer may read it."
        health.note_problem(desk, health.REPORTS_PROBLEM, said)
        return Looked(FAILED, said)
    health.note_problem(desk, health.REPORTS_PROBLEM, "")
    reports = [(path, body) for path, body in folder.ready() if looks_like_report(body)]
    if reports and not lease.held(desk, lease.REPORTS):
        return Looked(ELSEWHERE)
    taken = []
    for path, body in reports:
        one = report_intake.take_report(desk, body, origin=path.name)
        with suppress(OSError):  # it comes again, and is known by its id
            folder.put_away(path, taken=one.action != "quarantined")
        taken.append(one)
    return Looked(READ, str(folder.folder), tuple(taken))


class ReportCollector(WakingThread):
    """One thread for one profile.

    Args:
        open_desk: opens a desk for the thread.
        told: told on the thread how a look went that took something or went otherwise than before.
    """

    def __init__(self, open_desk: Callable[[], Desk], told: Callable[[Looked], None]) -> None:
        self._open_desk, self._told = open_desk, told
        super().__init__("reports")
        self._last: tuple[str, str] | None = None

    def _run(self) -> None:
        desk = self._open_desk()
        folder: DropFolder | None = None
        try:
            while not self._stopped.is_set():
                self._wanted.clear()
                folder = self._try(desk, folder)
                self._wanted.wait(LOOK_S)
            with suppress(KnownError):  # the lease ends by itself
                lease.release(desk, lease.REPORTS)
        finally:
            desk.close()

    def _try(self, desk: Desk, folder: DropFolder | None) -> DropFolder | None:
        """Look once; return the folder with what is known of its files."""
        try:
            path = folder_of(desk)
            if path is None:
                if self._last is None or self._last[0] != OFF:  # the store is written to once
                    health.note_problem(desk, health.REPORTS_PROBLEM, "")
                    lease.release(desk, lease.REPORTS)
                self._tell(Looked(OFF))
                return None
            if folder is None or folder.folder != path:
                folder = DropFolder(path)
            self._tell(look(desk, folder))
        except KnownError as error:  # the store is busy or gone; the window says so itself
            _log.info("No report can be taken in now: %s", error.message)
        except Exception:  # a bug with one report must not end the others
            _log.exception("a report could not be taken in")
        return folder

    def _tell(self, looked: Looked) -> None:
        if looked.taken or self._last != looked[:2]:
            self._last = (looked.state, looked.text)
            self._told(looked)
