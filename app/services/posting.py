"""The thread that empties the outbox: sends what is due, sleeps until the next letter is.

It has a desk of its own, never hurries anybody, and tells of each change; a window hands that on to
its own thread.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import KnownError
from app.domain.letter import LetterState
from app.services import outgoing, sending
from app.system.waking_thread import WakingThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.storage.outbox import KeptLetter

_log = logging.getLogger(__name__)
LONGEST_S = 300.0
"""The longest sleep: another process may have put a letter in."""
AGAIN_S = 30.0
"""So long a store that cannot be used is left alone."""


class Posted(NamedTuple):
    """How the outbox stands, and the letter that was just tried."""

    waiting: tuple[KeptLetter, ...]
    """Letters that leave by themselves."""
    troubled: tuple[KeptLetter, ...]
    """Letters that need a person."""
    drafts: tuple[KeptLetter, ...] = ()
    """Letters that wait to be opened in the mail program."""
    tried: KeptLetter | None = None
    at_ms: int = 0
    """When this was so."""


def standing(desk: Desk, tried: KeptLetter | None = None) -> Posted:
    """Return how the outbox stands."""
    known = outgoing.letters(desk)
    leaving = {LetterState.WAITING, LetterState.SENDING, LetterState.HANDING_OVER}
    needing = {LetterState.HELD, LetterState.REFUSED, LetterState.UNSURE}
    held = [one for one in known if one.state in needing]
    return Posted(
        tuple(one for one in known if one.state in leaving),
        tuple(one for one in held if one.problem != outgoing.FOR_MAIL_PROGRAM),
        tuple(one for one in held if one.problem == outgoing.FOR_MAIL_PROGRAM),
        tried,
        desk.store.now_ms(),
    )


class Postman(WakingThread):
    """One thread for one profile.

    Args:
        open_desk: opens a desk for the thread.
        told: told how the outbox stands, on the thread.
    """

    def __init__(self, open_desk: Callable[[], Desk], told: Callable[[Posted], None]) -> None:
        self._open_desk, self._told = open_desk, told
        super().__init__("post")

    def _run(self) -> None:
        desk = self._open_desk()
        known: Posted | None = None
        taken_up = False
        try:
            while not self._stopped.is_set():
                self._wanted.clear()
                pause_s = 0.0
                try:
                    if not taken_up:
                        sending.recover(desk)
                        taken_up = True
                    now = standing(desk, self._send(desk))
                    if now.tried is None:
                        due_s = outgoing.due_in_s(desk)
                        pause_s = LONGEST_S if due_s is None else min(due_s, LONGEST_S)
                except KnownError as error:  # the store is busy or gone; the window says so itself
                    _log.info("The outbox cannot be read now: %s", error.message)
                    pause_s = AGAIN_S
                else:
                    if known is None or now[:4] != known[:4]:
                        self._told(now)
                    known = now
                if pause_s:
                    self._wanted.wait(pause_s)
        finally:
            desk.close()

    def _send(self, desk: Desk) -> KeptLetter | None:
        try:
            return sending.send_next(desk)
        except KnownError:
            raise
        except Exception:
            # A bug with one letter must not keep the others; it is held, with what happened.
            _log.exception("a letter could not be sent")
            return None
